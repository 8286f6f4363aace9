"""The plan of one quantised network: how every tensor is stored and how precisely every layer computes."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from workbench.foundation.errors import SettingsError
from workbench.graph.converts import HALF
from workbench.graph.deployed import CONVERT, Deployed, DeployedLayer
from workbench.quantize.encoding import Encoding, asymmetric
from workbench.quantize.groups import CUTTING, grouped_tensors, is_fused, unstored_tensors
from workbench.quantize.ranges import Ranges, narrowed
from workbench.quantize.schemes import QuantSettings

INT8, FLOAT16, FLOAT32 = "int8", "float16", "float32"
BELONGING = (CONVERT, "Reshape", "Transpose")
OWN = "own"  # the method of a plan whose constants the network has quantised itself


@dataclass(frozen=True)
class Plan:
    """`encodings` of stored tensors; `precision` of layers by their first output ("int8", "float16", "float32").

    Tensors in `unstored` stay in float32 inside a fused operator. Those in `grouped` vanish in the layer that takes
    them, which is compared in their place.
    """

    encodings: Mapping[str, Encoding]
    precision: Mapping[str, str]
    unstored: frozenset[str] = frozenset()
    grouped: frozenset[str] = frozenset()
    method: str = "channel"

    def of(self, layer: DeployedLayer) -> str:
        """The precision of a layer."""
        return self.precision[layer.outputs[0]]


def make_plan(graph: Deployed, ranges: Ranges, settings: QuantSettings) -> Plan:
    """The plan for w8a8 with some layers in float16, for fp16, or for a network left as it is."""
    if graph.is_quantized and graph.grids and settings.dtype != "fp32":
        from workbench.quantize.own import own_plan  # it builds on this module

        plan = own_plan(graph, settings.float_tensors)
        return replace(plan, encodings={**plan.encodings, **given_encodings(plan.encodings, settings)})
    if settings.dtype == "fp32" or graph.is_quantized:
        return Plan({}, {layer.outputs[0]: FLOAT32 for layer in graph.layers})
    if settings.dtype == "fp16":
        return Plan({}, {layer.outputs[0]: _float_precision(graph, layer) for layer in graph.layers})
    half = _float_layers(graph, settings.float_tensors)
    precision = {layer.outputs[0]: _precision(layer, ranges, half) for layer in graph.layers}
    final = narrowed(graph, ranges)
    encodings = {name: asymmetric(seen.low, seen.high, INT8) for name, seen in final.items()}
    quantized = frozenset(name for name, given in precision.items() if given == INT8)
    unstored = unstored_tensors(graph, quantized)
    grouped = grouped_tensors(graph, quantized, final)
    encodings |= given_encodings(encodings, settings)
    return Plan(encodings, precision, unstored, grouped, settings.method)


def given_encodings(encodings: Mapping[str, Encoding], settings: QuantSettings) -> dict[str, Encoding]:
    """The encodings of tensors whose range the user gave; other tensors keep theirs. Source: semantics §8."""
    for name, low, high in settings.ranges:
        if name not in encodings:
            raise SettingsError(f"{name} is not quantised, so it has no range.", "Take the name from the layer table.")
        if not low < high:
            raise SettingsError(f"The range of {name} is {low:g} to {high:g}.", "Its lowest value must come first.")
    return {name: asymmetric(low, high, encodings[name].dtype) for name, low, high in settings.ranges}


def _float_precision(graph: Deployed, layer: DeployedLayer) -> str:
    return FLOAT16 if all(graph.is_float(name) for name in layer.outputs if name) else FLOAT32


def _float_layers(graph: Deployed, tensors: tuple[str, ...]) -> set[str]:
    """The layers that are kept in float16, by first output: those that give `tensors`, with what is fused to them."""
    givers = {name: _giver(graph, name) for name in tensors}
    unknown = [name for name, giver in givers.items() if giver is None]
    if unknown:
        raise SettingsError(
            f"No layer gives {', '.join(unknown)}, which shall stay in float16.", "Take the names from the layer table."
        )
    found: set[str] = set()
    for layer in givers.values():
        while layer is not None:
            found.add(layer.outputs[0])
            layer = _part_before(graph, layer)
    return found


def _giver(graph: Deployed, name: str) -> DeployedLayer | None:
    """The layer that gives a tensor, or that stands for the one of the user's network that gave it."""
    if name in graph.producers:
        return graph.producers[name]
    return next((layer for layer in reversed(graph.layers) if name in _stands_for(graph, layer)), None)


def _stands_for(graph: Deployed, layer: DeployedLayer) -> tuple[str, ...]:
    return (*layer.absorbed, *(graph.golden_of.get(name, "") for name in layer.outputs))


def _part_before(graph: Deployed, layer: DeployedLayer) -> DeployedLayer | None:
    """The layer before this one, where the two are one for the user: fused, or a Reshape behind what it belongs to."""
    before = graph.producers.get(layer.inputs[0]) if layer.inputs else None
    if before is None or graph.sole_consumer(layer.inputs[0]) is not layer:
        return None
    belongs = layer.op in BELONGING and not set(before.origins).isdisjoint(layer.origins)
    return before if belongs or is_fused(graph, before, layer) or layer.op in CUTTING else None


def _precision(layer: DeployedLayer, ranges: Ranges, half: set[str]) -> str:
    if not all(name in ranges for name in layer.outputs if name):
        return FLOAT32
    if HALF in layer.attributes:
        return FLOAT16
    if layer.op == CONVERT:
        return INT8
    return FLOAT16 if layer.outputs[0] in half else INT8

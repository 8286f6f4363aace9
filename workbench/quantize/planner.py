"""How a plan is chosen: from the ranges of tensors and the settings, or from the network's own quantization."""

from collections.abc import Mapping
from dataclasses import replace

from workbench.foundation.errors import SettingsError
from workbench.graph.converts import HALF
from workbench.graph.deployed import ATTENTION, CONVERT, Deployed, DeployedLayer
from workbench.quantize.encoding import Encoding, asymmetric, fixed_point
from workbench.quantize.groups import CUTTING, is_fused
from workbench.quantize.own import own_plan
from workbench.quantize.plan import Plan, factor_encodings, fused, wide_encodings
from workbench.quantize.ranges import Range, Ranges, narrowed
from workbench.quantize.schemes import FLOAT16, FLOAT32, INT16, QuantSettings

BELONGING = (CONVERT, "Reshape", "Transpose")
FIXED_POINT_LIMIT = 2.0**14  # of toolkit 2.5.0, which refuses larger ranges


def make_plan(graph: Deployed, ranges: Ranges, settings: QuantSettings) -> Plan:
    """The plan for a data type with single layers in float16 or int16, or for a network left as it is."""
    if graph.is_quantized and graph.grids and settings.dtype != "fp32":
        plan = own_plan(graph, settings.float_tensors)
        return replace(plan, encodings={**plan.encodings, **given_encodings(plan.encodings, settings)})
    if settings.dtype == "fp32" or graph.is_quantized:
        return Plan({}, {layer.outputs[0]: FLOAT32 for layer in graph.layers}, dtype="fp32")
    if not settings.type.calibrates:
        precision = {layer.outputs[0]: _float_precision(graph, layer) for layer in graph.layers}
        return Plan({}, precision, *fused(graph, precision, {}), settings.method, settings.dtype)
    return _integer_plan(graph, ranges, settings)


def _integer_plan(graph: Deployed, ranges: Ranges, settings: QuantSettings) -> Plan:
    exceptions = dict.fromkeys(_chosen(graph, settings.int16_tensors, INT16), INT16)
    exceptions |= dict.fromkeys(_chosen(graph, settings.float_tensors, FLOAT16), FLOAT16)
    kind = settings.type.activations
    precision = {layer.outputs[0]: _precision(layer, ranges, exceptions, kind) for layer in graph.layers}
    final = narrowed(graph, ranges)
    if settings.type.encode is not asymmetric:  # about zero before layers are grouped
        final = {name: seen.about_zero() for name, seen in final.items()}
    encodings = {name: encoding_of(name, seen, settings) for name, seen in final.items()}
    unstored, grouped = fused(graph, precision, final)
    return Plan(
        encodings | given_encodings(encodings, settings),
        precision,
        unstored,
        grouped,
        settings.method,
        settings.dtype,
        {} if kind == INT16 else wide_encodings(graph, precision, final),
        factor_encodings(graph, final, settings.dtype),
    )


def encoding_of(name: str, seen: Range, settings: QuantSettings) -> Encoding:
    """What a range is stored in."""
    if settings.type.encode is fixed_point and max(-seen.low, seen.high) >= FIXED_POINT_LIMIT:
        raise SettingsError(
            f"The range of {name}, {seen.low:g} to {seen.high:g}, is too large for {settings.dtype}.",
            f"It holds less than {FIXED_POINT_LIMIT:g}: scale the network down, or choose another data type.",
        )
    return settings.type.encode(seen.low, seen.high, settings.type.activations)


def given_encodings(encodings: Mapping[str, Encoding], settings: QuantSettings) -> dict[str, Encoding]:
    """The encodings of tensors whose range the user gave; other tensors keep theirs. Source: semantics §8."""
    for name, low, high in settings.ranges:
        if name not in encodings:
            raise SettingsError(f"{name} is not quantised, so it has no range.", "Take the name from the layer table.")
        if not low < high:
            raise SettingsError(f"The range of {name} is {low:g} to {high:g}.", "Its lowest value must come first.")
    return {name: settings.type.encode(low, high, encodings[name].dtype) for name, low, high in settings.ranges}


def part_before(graph: Deployed, layer: DeployedLayer) -> DeployedLayer | None:
    """The layer before this one, where the two are one for the user: fused, or a Reshape behind what it belongs to."""
    before = graph.producers.get(layer.inputs[0]) if layer.inputs else None
    if before is None or graph.sole_consumer(layer.inputs[0]) is not layer:
        return None
    if layer.op == ATTENTION:
        return before if before.op == ATTENTION else None
    belongs = layer.op in BELONGING and not set(before.origins).isdisjoint(layer.origins)
    return before if belongs or is_fused(graph, before, layer) or layer.op in CUTTING else None


def _float_precision(graph: Deployed, layer: DeployedLayer) -> str:
    return FLOAT16 if all(graph.is_float(name) for name in layer.outputs if name) else FLOAT32


def _chosen(graph: Deployed, tensors: tuple[str, ...], precision: str) -> set[str]:
    """The layers kept in a precision, by first output: those that give `tensors`, with what is fused to them."""
    givers = {name: _giver(graph, name) for name in tensors}
    unknown = [name for name, giver in givers.items() if giver is None]
    if unknown:
        raise SettingsError(
            f"No layer gives {', '.join(unknown)}, which shall stay in {precision}.",
            "Take the names from the layer table.",
        )
    found: set[str] = set()
    for layer in givers.values():
        while layer is not None:
            found.add(layer.outputs[0])
            layer = part_before(graph, layer)
    return found


def _giver(graph: Deployed, name: str) -> DeployedLayer | None:
    """The layer that gives a tensor, or that stands for the one of the user's network that gave it."""
    if name in graph.producers:
        return graph.producers[name]
    return next((layer for layer in reversed(graph.layers) if name in _stands_for(graph, layer)), None)


def _stands_for(graph: Deployed, layer: DeployedLayer) -> tuple[str, ...]:
    return (*layer.absorbed, *(graph.golden_of.get(name, "") for name in layer.outputs))


def _precision(layer: DeployedLayer, ranges: Ranges, exceptions: Mapping[str, str], kind: str) -> str:
    if not all(name in ranges for name in layer.outputs if name):
        return FLOAT32
    if HALF in layer.attributes:
        return FLOAT16
    if layer.op == CONVERT:
        return kind
    return exceptions.get(layer.outputs[0], kind)

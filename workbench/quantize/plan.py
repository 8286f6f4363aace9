"""The plan of one quantised network: how every tensor is stored and how precisely every layer computes."""

from collections.abc import Mapping
from dataclasses import dataclass

from workbench.foundation.errors import SettingsError
from workbench.graph.deployed import CONVERT, SWISH, Deployed, DeployedLayer
from workbench.quantize.encoding import Encoding, asymmetric
from workbench.quantize.ranges import Range, Ranges, narrowed
from workbench.quantize.schemes import QuantSettings

INT8, FLOAT16, FLOAT32 = "int8", "float16", "float32"
DENSE_ACTIVATIONS = frozenset(
    ("Relu", "Clip", "LeakyRelu", "PRelu", "Sigmoid", "Tanh", "Elu", "Selu", "Softplus", "HardSwish", SWISH)
)
CUTTING = frozenset(("Relu", "Clip", "HardSwish", "Sigmoid"))  # what they cut off of a range never matters
RESHAPES = frozenset(("Reshape", "Flatten", "Squeeze", "Unsqueeze", "Transpose"))
TINY = 1e-12
DEPTHWISE_ACTIVATIONS = frozenset(("Relu", "Clip", "PRelu", "Elu"))


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
    if settings.dtype == "fp32" or graph.is_quantized:
        return Plan({}, {layer.outputs[0]: FLOAT32 for layer in graph.layers})
    if settings.dtype == "fp16":
        return Plan({}, {layer.outputs[0]: _float_precision(graph, layer) for layer in graph.layers})
    half = _float_layers(graph, settings.float_tensors)
    precision = {layer.outputs[0]: _precision(graph, layer, ranges, half) for layer in graph.layers}
    final = narrowed(graph, ranges)
    encodings = {name: asymmetric(seen.low, seen.high, INT8) for name, seen in final.items()}
    unstored = frozenset(_unstored(graph, precision))
    cut = {name for name in ranges if _is_cut(ranges[name], final[name])}
    return Plan(encodings, precision, unstored, _grouped(graph, precision, unstored, cut), settings.method)


def _float_precision(graph: Deployed, layer: DeployedLayer) -> str:
    return FLOAT16 if all(graph.is_float(name) for name in layer.outputs if name) else FLOAT32


def _float_layers(graph: Deployed, tensors: tuple[str, ...]) -> set[str]:
    """The user's layers that are kept in float16: those that give `tensors`, with what is fused to them."""
    unknown = [name for name in tensors if name not in graph.producers]
    if unknown:
        raise SettingsError(
            f"No layer gives {', '.join(unknown)}, which shall stay in float16.", "Take the names from the layer table."
        )
    found: set[str] = set()
    for name in tensors:
        layer: DeployedLayer | None = graph.producers[name]
        while layer is not None:
            found.update(layer.origins)
            before = graph.producers.get(layer.inputs[0]) if layer.inputs else None
            alone = before is not None and graph.sole_consumer(layer.inputs[0]) is layer
            is_one = before is not None and (is_fused(graph, before, layer) or layer.op in CUTTING)
            layer = before if alone and is_one else None
    return found


def _precision(graph: Deployed, layer: DeployedLayer, ranges: Ranges, half: set[str]) -> str:
    if not all(name in ranges for name in layer.outputs if name):
        return FLOAT32
    if layer.op == CONVERT:
        return INT8
    if half.intersection(layer.origins) or _is_last_softmax(graph, layer):
        return FLOAT16
    return INT8


def _is_last_softmax(graph: Deployed, layer: DeployedLayer) -> bool:
    """A Softmax that only gives outputs is computed in float16. Source: quantization semantics §5.1."""
    if layer.op != "Softmax":
        return False
    takers = graph.consumers.get(layer.outputs[0], ())
    return not takers or all(taker.op == CONVERT for taker in takers)


def _unstored(graph: Deployed, precision: Mapping[str, str]) -> list[str]:
    """Tensors that no NPU operator stores, because the next layer is fused to theirs. Source: semantics §5.2."""
    found: list[str] = []
    sums: set[str] = set()
    for layer in graph.layers:
        name = layer.outputs[0]
        taker = graph.sole_consumer(name)
        if taker is None or precision[name] != INT8 or precision[taker.outputs[0]] != INT8:
            continue
        if taker.op == "Add" and layer.op == "Conv" and taker.outputs[0] not in sums and _is_dynamic(graph, taker):
            sums.add(taker.outputs[0])
            found.append(name)
        elif is_fused(graph, layer, taker):
            found.append(name)
    return found


def _grouped(graph: Deployed, precision: Mapping[str, str], unstored: frozenset[str], cut: set[str]) -> frozenset[str]:
    """Tensors without a row of their own: fused into an activation, or cut to the range that it lets through.

    The toolkit leaves the rows of the latter blank: what was cut off is no error. Source: semantics §7.
    """
    found: set[str] = set()
    for layer in reversed(graph.layers):
        name = layer.outputs[0]
        taker = graph.sole_consumer(name)
        if taker is None or precision[name] != INT8 or precision[taker.outputs[0]] != INT8:
            continue
        lets_less_through = taker.op in CUTTING or (taker.op in RESHAPES and taker.outputs[0] in found)
        is_cut = name in cut and lets_less_through and layer.op != CONVERT
        if is_cut or (name in unstored and taker.op != "Add"):
            found.add(name)
    return frozenset(found)


def _is_cut(seen: Range, kept: Range) -> bool:
    return kept.low > min(seen.low, 0.0) + TINY or kept.high < max(seen.high, 0.0) - TINY


def is_fused(graph: Deployed, layer: DeployedLayer, activation: DeployedLayer) -> bool:
    """Whether the NPU computes an activation in the operator of the layer before it."""
    if layer.op == "Conv":
        return activation.op in (DEPTHWISE_ACTIVATIONS if _is_depthwise(graph, layer) else DENSE_ACTIVATIONS)
    return layer.op in ("Add", "Mul", "BatchNormalization") and activation.op == "Relu"


def _is_depthwise(graph: Deployed, conv: DeployedLayer) -> bool:
    """Whether each output channel reads one input channel; other grouped ones become dense on the NPU (§6)."""
    weight = graph.constants.get(conv.inputs[1])
    return conv.attributes.get("group", 1) > 1 and (weight is None or weight.shape[1] == 1)


def _is_dynamic(graph: Deployed, layer: DeployedLayer) -> bool:
    return not any(name in graph.constants for name in layer.inputs)

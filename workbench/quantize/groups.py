"""Fused operators: which tensors the NPU never stores, and which have no row of their own.

Source: quantization semantics §5.2, §7.
"""

from collections.abc import Set

from workbench.graph.deployed import CONVERT, SWISH, Deployed, DeployedLayer
from workbench.quantize.ranges import Range

DENSE_ACTIVATIONS = frozenset(
    ("Relu", "Clip", "LeakyRelu", "PRelu", "Sigmoid", "Tanh", "Elu", "Selu", "Softplus", "HardSwish", SWISH)
)
CUTTING = frozenset(("Relu", "Clip", "HardSwish", "Sigmoid"))  # what they cut off of a range never matters
RESHAPES = frozenset(("Reshape", "Flatten", "Squeeze", "Unsqueeze", "Transpose"))
TINY = 1e-12
DEPTHWISE_ACTIVATIONS = frozenset(("Relu", "Clip", "PRelu", "Elu"))


def unstored_tensors(graph: Deployed, quantized: Set[str]) -> frozenset[str]:
    """Tensors that no NPU operator stores, because the next layer is fused to theirs. Source: semantics §5.2.

    `quantized` are the first outputs of the layers that compute in integers.
    """
    found: list[str] = []
    sums: set[str] = set()
    for layer in graph.layers:
        name = layer.outputs[0]
        taker = graph.sole_consumer(name)
        if taker is None or not {name, taker.outputs[0]} <= quantized:
            continue
        if taker.op == "Add" and layer.op == "Conv" and taker.outputs[0] not in sums and _is_dynamic(graph, taker):
            sums.add(taker.outputs[0])
            found.append(name)
        elif is_fused(graph, layer, taker):
            found.append(name)
    return frozenset(found)


def grouped_tensors(graph: Deployed, quantized: Set[str], unstored: Set[str], cut: Set[str]) -> frozenset[str]:
    """Tensors without a row of their own: fused into an activation, or cut to the range that it lets through.

    The toolkit leaves the rows of the latter blank: what was cut off is no error. Source: semantics §7.
    """
    found: set[str] = set()
    for layer in reversed(graph.layers):
        name = layer.outputs[0]
        taker = graph.sole_consumer(name)
        if taker is None or not {name, taker.outputs[0]} <= quantized:
            continue
        lets_less_through = taker.op in CUTTING or (taker.op in RESHAPES and taker.outputs[0] in found)
        loses = name in cut and lets_less_through and layer.op != CONVERT
        if loses or (name in unstored and taker.op != "Add"):
            found.add(name)
    return frozenset(found)


def is_cut(seen: Range, kept: Range) -> bool:
    """Whether a rule took something off a calibrated range."""
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

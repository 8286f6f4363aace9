"""Fused operators: which tensors the NPU never stores, and which have no row of their own.

Source: quantization semantics §5.2, §7.
"""

from collections.abc import Set

from workbench.graph.deployed import GELU, SWISH, Deployed, DeployedLayer
from workbench.graph.rules.attention import INSIDE
from workbench.quantize.ranges import KNEE, SATURATION, Ranges

DENSE_ACTIVATIONS = frozenset(
    ("Relu", "Clip", "LeakyRelu", "PRelu", "Sigmoid", "Tanh", "Elu", "Selu", "Softplus", "HardSwish", SWISH, GELU)
)
CUTTING = frozenset(("Relu", "Clip", "HardSwish", "Sigmoid"))  # what they cut off of a range never matters
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
        if taker.op == "Add" and _is_dense(graph, layer) and taker.outputs[0] not in sums:
            sums.add(taker.outputs[0])
            found.append(name)
        elif is_fused(graph, layer, taker):
            found.append(name)
    return frozenset(found)


def inside_tensors(graph: Deployed) -> frozenset[str]:
    """What an attention rounds inside its operator, and gives to nobody."""
    return frozenset(name for layer in graph.layers if INSIDE in layer.attributes for name in layer.outputs)


def grouped_tensors(graph: Deployed, quantized: Set[str], ranges: Ranges) -> frozenset[str]:
    """Tensors without a row of their own: a layer behind them only cuts off what their range has lost already.

    The toolkit leaves their rows blank: what was cut off is no error. Source: semantics §7, and 650 rows before
    activations (tests/benchmarks/fidelity).
    """
    found: set[str] = set()
    for layer in graph.layers:
        if layer.outputs[0] not in quantized:
            continue
        for name in layer.outputs:
            takers = [taker for taker in graph.consumers.get(name, ()) if taker.outputs[0] in quantized]
            if name in ranges and any(_is_spent(graph, taker, name, ranges) for taker in takers):
                found.add(name)
    return frozenset(found)


def _is_spent(graph: Deployed, layer: DeployedLayer, taken: str, ranges: Ranges) -> bool:
    """Whether the range of a tensor is no more than what an activation behind it lets through."""
    kept, given = ranges[taken], ranges.get(layer.outputs[0])
    if given is None:
        return False
    if layer.op in ("Relu", "Clip"):
        return kept.with_zero() == given.with_zero()
    if graph.sole_consumer(taken) is not layer:
        return False
    if layer.op == "Sigmoid":
        return kept.low == -SATURATION or kept.high == SATURATION
    return layer.op == "HardSwish" and kept.low == -KNEE and kept.high == given.high


def is_fused(graph: Deployed, layer: DeployedLayer, activation: DeployedLayer) -> bool:
    """Whether the NPU computes an activation in the operator of the layer before it."""
    if layer.op == "Conv":
        return activation.op in (DEPTHWISE_ACTIVATIONS if _is_depthwise(graph, layer) else DENSE_ACTIVATIONS)
    return layer.op in ("Add", "Mul", "BatchNormalization") and activation.op == "Relu"


def _is_depthwise(graph: Deployed, conv: DeployedLayer) -> bool:
    """Whether each output channel reads one input channel; other grouped ones become dense on the NPU (§6)."""
    weight = graph.constants.get(conv.inputs[1])
    return conv.attributes.get("group", 1) > 1 and (weight is None or weight.shape[1] == 1)


def _is_dense(graph: Deployed, layer: DeployedLayer) -> bool:
    return layer.op == "Conv" and not _is_depthwise(graph, layer)

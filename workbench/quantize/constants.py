"""Weights, biases and other constants as a quantised layer uses them: quantised and read back to float32.

Source: quantization semantics §3 (integers), §4 (float16).
"""

import numpy as np

from workbench.graph.deployed import ATTENTION, NORM, PRODUCT, Deployed, DeployedLayer
from workbench.quantize.encoding import Encoding, asymmetric
from workbench.quantize.own import own_constants
from workbench.quantize.plan import OWN, Plan
from workbench.quantize.schemes import FLOAT16, INT16, INTEGERS

CONVOLUTIONS = ("Conv", "ConvTranspose")
WEIGHTED = (*CONVOLUTIONS, "MatMul", "Gemm")
HALF_CONSTANTS = ("Add", "Mul", "Sub", "Div", PRODUCT)  # not Pow: its exponent stays what it is
BOUNDS = frozenset(("Max", "Min", "Where"))
COMPARISONS = frozenset(("Greater", "GreaterOrEqual", "Less", "LessOrEqual", "Equal"))
INT32_LIMIT = 2**31 - 1


def constants_of(graph: Deployed, layer: DeployedLayer, plan: Plan) -> dict[int, np.ndarray]:
    """The values of a layer's constant float inputs by position; those that stay as they are, are left out."""
    if plan.method == OWN and plan.of(layer) != FLOAT16:
        return own_constants(graph, layer, plan)
    found: dict[int, np.ndarray] = {}
    for position, name in enumerate(layer.inputs):
        value = graph.constants.get(name)
        if value is None or value.dtype != np.float32 or value.size == 0:
            continue
        used = value
        if plan.of(layer) == FLOAT16:
            used = _half(layer, position, value, plan)
        elif plan.is_integer(layer) or _compares_integers(layer, plan):
            used = _integer(layer, position, value, plan)
        if used is not value:
            found[position] = used
    bias = _bias(graph, layer, plan)
    return found if bias is None else {**found, 2: bias}


def weight_encoding(layer: DeployedLayer, weight: np.ndarray, plan: Plan) -> Encoding:
    """One scale for each output channel, or one for all."""
    is_wide = plan.is_wide(plan.of(layer))
    encode, kind = (asymmetric, INT16) if is_wide else (plan.type.encode, plan.type.weights)
    axis = output_axis(layer, weight)
    if plan.method == "layer" or weight.ndim < 2:
        found = encode(weight.min(), weight.max(), kind)
    else:
        others = tuple(i for i in range(weight.ndim) if i != axis)
        found = encode(weight.min(others), weight.max(others), kind, axis)
    factors = plan.weight_factors.get(layer.outputs[0])
    return found if factors is None or is_wide else found.scaled(factors)


def output_axis(layer: DeployedLayer, weight: np.ndarray) -> int:
    """The axis of a weight that numbers the output channels."""
    if layer.op == "MatMul":
        return weight.ndim - 1
    if layer.op == "ConvTranspose":
        return 0 if layer.attributes.get("group", 1) == len(weight) else 1  # depthwise: one output channel each
    return 1 if layer.op == "Gemm" and not layer.attributes.get("transB", 0) else 0


def _half(layer: DeployedLayer, position: int, value: np.ndarray, plan: Plan) -> np.ndarray:
    if position == 1 and _has_integer_weight(layer, plan):
        return _grouped(layer, value, plan)
    is_weight = (layer.op in WEIGHTED and position == 1) or (layer.op in (NORM, ATTENTION) and value.ndim > 0)
    if layer.op in HALF_CONSTANTS or is_weight:
        with np.errstate(over="ignore"):  # an overflow to infinity is what the NPU would see
            return value.astype(np.float16).astype(np.float32)
    return value


def _has_integer_weight(layer: DeployedLayer, plan: Plan) -> bool:
    """Whether a layer computes in float16 with a weight in integers: a dense one, in w4a16 and w8a16."""
    is_dense = layer.op in WEIGHTED and layer.op != "ConvTranspose" and layer.attributes.get("group", 1) == 1
    return is_dense and plan.type.is_quantized and not plan.type.calibrates


def _grouped(layer: DeployedLayer, weight: np.ndarray, plan: Plan) -> np.ndarray:
    """A weight, quantised; in groups of input channels each has its own scales. Source: quantization semantics §3.

    Scales of a group are [group][output channel] in the toolkit's table, the last group may be smaller.
    """
    if not plan.method.startswith("group"):
        encoding = weight_encoding(layer, weight, plan)
        return encoding.dequantize(encoding.quantize(weight))
    outputs = np.moveaxis(weight, output_axis(layer, weight), 0)
    channels, size = outputs.shape[1], int(plan.method.removeprefix("group"))
    starts = np.arange(0, channels, size)
    others = tuple(range(2, outputs.ndim))
    low, high = (end.reduceat(outputs, starts, axis=1) for end in (np.minimum, np.maximum))
    low, high = low.min(others), high.max(others)  # [output channel, group]
    encoding = plan.type.encode(low.reshape(-1), high.reshape(-1), plan.type.weights)
    scale = np.asarray(encoding.scale, np.float32).reshape(low.shape)[:, np.arange(channels) // size]
    scale = scale.reshape(*scale.shape, *(1 for _ in others))
    steps = np.clip(np.rint(outputs / scale), *encoding.limits).astype(np.float32)
    return np.ascontiguousarray(np.moveaxis(steps * scale, 0, output_axis(layer, weight)))


def _integer(layer: DeployedLayer, position: int, value: np.ndarray, plan: Plan) -> np.ndarray:
    if layer.op in WEIGHTED and position == 1:
        encoding = plan.encodings.get(layer.inputs[1]) or weight_encoding(layer, value, plan)
        return encoding.dequantize(encoding.quantize(value))
    if layer.op in ("Add", "Sub"):
        return _symmetric_int32(value)
    if layer.op in ("Mul", "Div"):
        return _encoded(value, plan, plan.type.factors or plan.type.activations)
    is_stored = layer.op in BOUNDS | COMPARISONS | {PRODUCT} or (layer.op in (NORM, ATTENTION) and value.ndim > 0)
    return _encoded(value, plan, plan.type.activations) if is_stored else value


def _compares_integers(layer: DeployedLayer, plan: Plan) -> bool:
    """Whether a layer that gives no float compares tensors that are stored in integers."""
    return layer.op in COMPARISONS and any(name in plan.encodings for name in layer.inputs)


def _bias(graph: Deployed, layer: DeployedLayer, plan: Plan) -> np.ndarray | None:
    """The bias on the grid input scale x weight scale; None where a layer has none or does not compute in integers.

    In int16 among int8 it stays in float. Source: quantization semantics §8.
    """
    precision = plan.of(layer)
    if layer.op not in CONVOLUTIONS or precision not in INTEGERS or plan.is_wide(precision) or len(layer.inputs) < 3:
        return None
    taken = plan.encodings.get(layer.inputs[0])
    weight, bias = graph.constants.get(layer.inputs[1]), graph.constants.get(layer.inputs[2])
    if taken is None or weight is None or bias is None:
        return None
    encoding = plan.encodings.get(layer.inputs[1]) or weight_encoding(layer, weight, plan)
    return bias_on_grid(bias, taken.scale[0], encoding)


def bias_on_grid(bias: np.ndarray, taken: float, weight: Encoding) -> np.ndarray:
    """A bias on the grid of the scale of what is taken x that of the weight."""
    scales = np.asarray(weight.scale)
    if scales.size not in (1, bias.size):  # a grouped ConvTranspose: its groups share the scales
        scales = np.tile(scales, bias.size // scales.size)
    scale = _held(taken * scales, bias).astype(np.float32)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        on_grid = np.rint(bias / scale) * scale
    return np.where(np.isfinite(on_grid), on_grid, bias)  # a dead channel's grid is finer than float32


def _held(scale: np.ndarray, bias: np.ndarray) -> np.ndarray:
    """The scales, doubled so often that int32 holds the largest step of the bias. Measured with toolkit 2.5.0."""
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        most = np.nanmax(np.abs(bias / scale), initial=0.0) / INT32_LIMIT
    is_held = most <= 1.0 or not np.isfinite(most)
    return scale if is_held else scale * 2.0 ** np.ceil(np.log2(most))


def _symmetric_int32(value: np.ndarray) -> np.ndarray:
    reach = float(np.abs(value).max())
    scale = np.float32(reach / INT32_LIMIT) if reach else np.float32(1 / INT32_LIMIT)
    return value if scale == 0 else (np.rint(value / scale) * scale).astype(np.float32)


def _encoded(value: np.ndarray, plan: Plan, kind: str) -> np.ndarray:
    encoding = plan.type.encode(value.min(), value.max(), kind)
    return encoding.dequantize(encoding.quantize(value))

"""Weights, biases and other constants as a quantised layer uses them: quantised and read back to float32.

Source: quantization semantics §3 (w8a8), §4 (float16).
"""

import numpy as np

from workbench.graph.deployed import Deployed, DeployedLayer
from workbench.quantize.encoding import Encoding, asymmetric
from workbench.quantize.own import own_constants
from workbench.quantize.plan import FLOAT16, INT8, OWN, Plan

CONVOLUTIONS = ("Conv", "ConvTranspose")
HALF_CONSTANTS = ("Add", "Mul", "Sub", "Div", "Pow")
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
            used = _half(layer, position, value)
        elif plan.of(layer) == INT8 or _compares_integers(layer, plan):
            used = _integer(layer, position, value, plan)
        if used is not value:
            found[position] = used
    bias = _bias(graph, layer, plan)
    return found if bias is None else {**found, 2: bias}


def weight_encoding(layer: DeployedLayer, weight: np.ndarray, method: str) -> Encoding:
    """Asymmetric int8, one scale per output channel or one for all."""
    axis = _output_axis(layer, weight)
    if method == "layer" or weight.ndim < 2:
        return asymmetric(weight.min(), weight.max(), INT8)
    others = tuple(i for i in range(weight.ndim) if i != axis)
    return asymmetric(weight.min(others), weight.max(others), INT8, axis)


def _output_axis(layer: DeployedLayer, weight: np.ndarray) -> int:
    if layer.op == "MatMul":
        return weight.ndim - 1
    if layer.op == "ConvTranspose":
        return 0 if layer.attributes.get("group", 1) == len(weight) else 1  # depthwise: one output channel each
    return 1 if layer.op == "Gemm" and not layer.attributes.get("transB", 0) else 0


def _half(layer: DeployedLayer, position: int, value: np.ndarray) -> np.ndarray:
    if layer.op in HALF_CONSTANTS or (layer.op in (*CONVOLUTIONS, "MatMul", "Gemm") and position == 1):
        with np.errstate(over="ignore"):  # an overflow to infinity is what the NPU would see
            return value.astype(np.float16).astype(np.float32)
    return value


def _integer(layer: DeployedLayer, position: int, value: np.ndarray, plan: Plan) -> np.ndarray:
    if layer.op in (*CONVOLUTIONS, "MatMul", "Gemm") and position == 1:
        encoding = plan.encodings.get(layer.inputs[1]) or weight_encoding(layer, value, plan.method)
        return encoding.dequantize(encoding.quantize(value))
    if layer.op in ("Add", "Sub"):
        return _symmetric_int32(value)
    if layer.op in ("Mul", "Div"):
        return _asymmetric(value, "int16")
    return _asymmetric(value, INT8) if layer.op in BOUNDS | COMPARISONS else value


def _compares_integers(layer: DeployedLayer, plan: Plan) -> bool:
    """Whether a layer that gives no float compares tensors that are stored in int8."""
    return layer.op in COMPARISONS and any(name in plan.encodings for name in layer.inputs)


def _bias(graph: Deployed, layer: DeployedLayer, plan: Plan) -> np.ndarray | None:
    """The bias on the grid input scale x weight scale; None where a layer has none or does not compute in int8."""
    if layer.op not in CONVOLUTIONS or plan.of(layer) != INT8 or len(layer.inputs) < 3:
        return None
    taken = plan.encodings.get(layer.inputs[0])
    weight, bias = graph.constants.get(layer.inputs[1]), graph.constants.get(layer.inputs[2])
    if taken is None or weight is None or bias is None:
        return None
    encoding = plan.encodings.get(layer.inputs[1]) or weight_encoding(layer, weight, plan.method)
    scales = np.asarray(encoding.scale)
    if scales.size not in (1, bias.size):  # a grouped ConvTranspose: its groups share the scales
        scales = np.tile(scales, bias.size // scales.size)
    scale = (taken.scale[0] * scales).astype(np.float32)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        on_grid = np.rint(bias / scale) * scale
    return np.where(np.isfinite(on_grid), on_grid, bias)  # a dead channel's grid is finer than float32


def _symmetric_int32(value: np.ndarray) -> np.ndarray:
    reach = float(np.abs(value).max())
    scale = np.float32(reach / INT32_LIMIT) if reach else np.float32(1 / INT32_LIMIT)
    return value if scale == 0 else (np.rint(value / scale) * scale).astype(np.float32)


def _asymmetric(value: np.ndarray, dtype: str) -> np.ndarray:
    encoding = asymmetric(value.min(), value.max(), dtype)
    return encoding.dequantize(encoding.quantize(value))

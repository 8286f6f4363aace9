"""Layers that the NPU computes as convolutions: pooling over everything, and matrices.

Source: quantization semantics §6.
"""

from dataclasses import replace

import numpy as np

from workbench.graph.deployed import DeployedLayer, make_layer
from workbench.graph.draft import Draft


def pool_to_conv(draft: Draft, layer: DeployedLayer) -> bool:
    """GlobalAveragePool over at most 7x7 -> a depthwise Conv with weights 1/(h·w), as the toolkit does."""
    shape = draft.shape(layer.inputs[0]) if layer.op == "GlobalAveragePool" else None
    if shape is None or len(shape) != 4 or max(shape[2:]) > 7 or not draft.is_float(layer.inputs[0]):
        return False
    name = layer.outputs[0]
    area = np.float32(1 / (shape[2] * shape[3]))
    weight = draft.constant(f"{name}_weight", np.full((shape[1], 1, *shape[2:]), area, np.float32))
    bias = draft.constant(f"{name}_bias", np.zeros(shape[1], np.float32))
    inputs = (layer.inputs[0], weight, bias)
    conv = make_layer("Conv", inputs, layer.outputs, group=shape[1], kernel_shape=shape[2:], strides=shape[2:])
    draft.replace([layer], [conv])
    return True


def gemm_to_conv(draft: Draft, layer: DeployedLayer) -> bool:
    """Gemm and MatMul with constant weights on a matrix -> a 1x1 Conv `…_mm` and a Reshape back."""
    parts = _matrix_of(draft, layer)
    if parts is None:
        return False
    weight, bias = parts
    name = layer.outputs[0]
    rows = draft.shape(name) or (1, 1)
    middle = draft.tensor(f"{name}_mm", (*rows, 1, 1), golden=name)
    shapes = ("columns", (rows[0], weight.shape[1], 1, 1)), ("rows", rows)
    columns, back = (draft.constant(f"{name}_{end}", np.asarray(shape, np.int64)) for end, shape in shapes)
    inputs = (
        layer.inputs[0],
        draft.constant(f"{name}_weight", weight.reshape(*weight.shape, 1, 1)),
        draft.constant(f"{name}_bias", bias),
    )
    conv = make_layer("Conv", inputs, (middle,), kernel_shape=[1, 1])
    conv = replace(conv, attributes={**conv.attributes, "reshape_input": columns})
    draft.replace([layer], [conv, make_layer("Reshape", (middle, back), layer.outputs)])
    return True


def _matrix_of(draft: Draft, layer: DeployedLayer) -> tuple[np.ndarray, np.ndarray] | None:
    """The weights as [out, in] and the bias of a dense layer; None where it is no such layer."""
    if layer.op not in ("Gemm", "MatMul") or layer.inputs[1] not in draft.constants:
        return None
    taken, given = draft.shape(layer.inputs[0]), draft.shape(layer.outputs[0])
    weight = draft.constants[layer.inputs[1]]
    attributes = layer.attributes
    if taken is None or given is None or len(taken) != 2 or weight.ndim != 2 or weight.dtype != np.float32:
        return None
    if attributes.get("transA", 0) or attributes.get("alpha", 1.0) != 1.0 or attributes.get("beta", 1.0) != 1.0:
        return None
    weight = weight if attributes.get("transB", 0) else np.ascontiguousarray(weight.T)
    bias = _dense_bias(draft, layer, len(weight))
    return None if bias is None else (weight, bias)


def _dense_bias(draft: Draft, layer: DeployedLayer, size: int) -> np.ndarray | None:
    if len(layer.inputs) < 3 or not layer.inputs[2]:
        return np.zeros(size, np.float32)
    bias = draft.value(layer.inputs[2])
    if bias is None or bias.size not in (1, size) or bias.shape[:-1].count(1) != max(bias.ndim - 1, 0):
        return None
    return np.ascontiguousarray(np.broadcast_to(bias.reshape(-1), (size,)))

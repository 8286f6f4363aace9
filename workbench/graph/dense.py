"""Layers that the NPU computes as convolutions: pooling over everything, and matrices.

Source: quantization semantics §6.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from onnx import helper

from workbench.graph.deployed import Deployed, DeployedLayer, free_name
from workbench.graph.graph import Tensor


def pool_to_conv(graph: Deployed) -> Deployed:
    """GlobalAveragePool over at most 7x7 -> a depthwise Conv with weights 1/(h·w), as the toolkit does."""
    constants = dict(graph.constants)
    layers = []
    for layer in graph.layers:
        shape = graph.tensors[layer.inputs[0]].static_shape if layer.op == "GlobalAveragePool" else None
        if shape is None or len(shape) != 4 or max(shape[2:]) > 7 or not graph.is_float(layer.inputs[0]):
            layers.append(layer)
            continue
        weight, bias = (free_name(graph, f"{layer.outputs[0]}_{end}") for end in ("weight", "bias"))
        constants[weight] = np.full((shape[1], 1, *shape[2:]), 1 / (shape[2] * shape[3]), np.float32)
        constants[bias] = np.zeros(shape[1], np.float32)
        inputs = (layer.inputs[0], weight, bias)
        attributes: dict[str, Any] = {"group": shape[1], "kernel_shape": shape[2:], "strides": shape[2:]}
        proto = helper.make_node("Conv", inputs, layer.outputs, **attributes)
        layers.append(replace(layer, op="Conv", inputs=inputs, attributes=attributes, proto=proto))
    return replace(graph, layers=tuple(layers), constants=constants)


def gemm_to_conv(graph: Deployed) -> Deployed:
    """Gemm and MatMul with constant weights on a matrix -> a 1x1 Conv `…_mm` and a Reshape back."""
    constants, tensors, golden = dict(graph.constants), dict(graph.tensors), dict(graph.golden_of)
    layers: list[DeployedLayer] = []
    for layer in graph.layers:
        parts = _matrix_of(graph, layer)
        if parts is None:
            layers.append(layer)
            continue
        weight, bias = parts
        name = layer.outputs[0]
        rows = tensors[name].static_shape or (1, 1)
        middle, *names = (free_name(graph, f"{name}_{end}") for end in ("mm", "weight", "bias", "columns", "rows"))
        columns = np.asarray([rows[0], weight.shape[1], 1, 1], np.int64)
        values = (weight.reshape(*weight.shape, 1, 1), bias, columns, np.asarray(rows, np.int64))
        constants.update(zip(names, values, strict=True))
        tensors[middle] = Tensor(middle, (*rows, 1, 1), "float32")
        golden[middle] = name
        layers.extend(_dense(layer, middle, names))
    return replace(graph, layers=tuple(layers), constants=constants, tensors=tensors, golden_of=golden)


def _dense(layer: DeployedLayer, middle: str, names: Sequence[str]) -> Iterator[DeployedLayer]:
    weight, bias, columns, rows = names
    inputs = (layer.inputs[0], weight, bias)
    proto = helper.make_node("Conv", inputs, [middle], kernel_shape=[1, 1])
    yield DeployedLayer("Conv", inputs, (middle,), layer.origins, (), {"reshape_input": columns}, proto)
    back = helper.make_node("Reshape", [middle, rows], layer.outputs)
    yield DeployedLayer("Reshape", tuple(back.input), layer.outputs, layer.origins, (), {}, back)


def _matrix_of(graph: Deployed, layer: DeployedLayer) -> tuple[np.ndarray, np.ndarray] | None:
    """The weights as [out, in] and the bias of a dense layer; None where it is no such layer."""
    if layer.op not in ("Gemm", "MatMul") or layer.inputs[1] not in graph.constants:
        return None
    taken, given = (graph.tensors.get(name) for name in (layer.inputs[0], layer.outputs[0]))
    weight = graph.constants[layer.inputs[1]]
    attributes = layer.attributes
    if taken is None or given is None or weight.ndim != 2 or weight.dtype != np.float32:
        return None
    if taken.static_shape is None or given.static_shape is None or len(taken.static_shape) != 2:
        return None
    if attributes.get("transA", 0) or attributes.get("alpha", 1.0) != 1.0 or attributes.get("beta", 1.0) != 1.0:
        return None
    weight = weight if attributes.get("transB", 0) else np.ascontiguousarray(weight.T)
    bias = _dense_bias(graph, layer, len(weight))
    return None if bias is None else (weight, bias)


def _dense_bias(graph: Deployed, layer: DeployedLayer, size: int) -> np.ndarray | None:
    if len(layer.inputs) < 3 or not layer.inputs[2]:
        return np.zeros(size, np.float32)
    bias = graph.constants.get(layer.inputs[2])
    if bias is None or bias.size not in (1, size) or bias.shape[:-1].count(1) != max(bias.ndim - 1, 0):
        return None
    return np.ascontiguousarray(np.broadcast_to(bias.reshape(-1), (size,)))

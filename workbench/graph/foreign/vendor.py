"""The toolkit's own graph, `NAME.model`: ONNX with operators of its own, what the NPU computes of a network.

Source: rknn_facts §0 and §4.1. The values of the constants, and `NAME.data` beside it, are never opened.
"""

from pathlib import Path
from typing import Any

import onnx
from onnx import helper

from workbench.graph.foreign.sketch import Sketch
from workbench.graph.graph import Layer, Tensor
from workbench.graph.normalise import initializer_names, normalise
from workbench.graph.onnx_file import load
from workbench.graph.shapes import tensor_of


def read(files: tuple[Path, ...]) -> Sketch:
    """The layers with the toolkit's names, and the shapes that the file tells."""
    path = files[0]
    proto, _ = load(path)
    told = (tensor_of(info) for info in (*proto.graph.value_info, *proto.graph.output))
    tensors = {tensor.name: tensor for tensor in (*map(tensor_of, proto.graph.input), *told)}
    return _sketch(normalise(proto, path.name).graph, tensors)


def _sketch(graph: onnx.GraphProto, tensors: dict[str, Tensor]) -> Sketch:
    constants = initializer_names(graph)
    layers = tuple(_layer(node, constants) for node in graph.node)
    inputs = tuple(tensor_of(info) for info in graph.input)
    return Sketch(layers, inputs, tuple(info.name for info in graph.output), tensors)


def _layer(node: onnx.NodeProto, constants: set[str]) -> Layer:
    taken = tuple(name for name in node.input if name not in constants)
    attributes = {item.name: _plain(item) for item in node.attribute}
    return Layer(node.name, node.op_type, taken, tuple(node.output), "rknn", attributes)


def _plain(attribute: onnx.AttributeProto) -> Any:
    value = helper.get_attribute_value(attribute)
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, onnx.TensorProto):
        return onnx.numpy_helper.to_array(value)
    return value

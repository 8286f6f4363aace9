"""What a reader of foreign networks finds in the files, and the `Model` that it becomes."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import helper

from workbench.foundation.errors import ModelError
from workbench.graph.graph import Graph, Layer, Model, Tensor
from workbench.graph.grids import Grid
from workbench.graph.shapes import DTYPES

OPSET = 17
CODES = {name: code for code, name in DTYPES.items()}


@dataclass(frozen=True)
class Sketch:
    """Layers in execution order; `inputs` may have open dimensions.

    `tensors` is what the file says of others, and of the inputs with the sizes for which it says this.
    `grids` are those of the tensors that the network stores as integers. Constants are left out.
    """

    layers: tuple[Layer, ...]
    inputs: tuple[Tensor, ...]
    outputs: tuple[str, ...]
    tensors: Mapping[str, Tensor] = field(default_factory=dict)
    grids: Mapping[str, Grid] = field(default_factory=dict)


def checked(sketch: Sketch, file: str) -> Sketch:
    """The sketch, if there is something to run in it."""
    for what, items in (("layers", sketch.layers), ("outputs", sketch.outputs), ("inputs", sketch.inputs)):
        if not items:
            raise ModelError(f"{file} has no {what}, so there is nothing to run.", "Give another network.")
    return sketch


def model_of(
    framework: str, path: Path, files: tuple[Path, ...], sketch: Sketch, shapes: Mapping[str, tuple[int, ...]]
) -> Model:
    """The network; `shapes` are those of its inputs and of what else is known by now."""
    inputs = tuple(replace(item, shape=shapes[item.name]) for item in sketch.inputs)
    given = [name for layer in sketch.layers for name in layer.outputs if name]
    known = {name: _known(name, sketch.tensors.get(name), shapes) for name in given}
    tensors = {**{item.name: item for item in inputs}, **known}
    outputs = tuple(tensors[name] for name in sketch.outputs if name in tensors)
    graph = Graph(sketch.layers, inputs, outputs, tensors, frozenset())
    return Model(path, _proto(framework, graph), graph, digest_of(files, inputs), framework, files, sketch.grids)


def _known(name: str, found: Tensor | None, shapes: Mapping[str, tuple[int, ...]]) -> Tensor:
    tensor = found or Tensor(name, None, "float32")
    return replace(tensor, shape=shapes.get(name, tensor.shape))


def digest_of(files: tuple[Path, ...], inputs: tuple[Tensor, ...]) -> str:
    """The hash of a network's files and of the shapes that its inputs were given."""
    found = hashlib.sha256()
    for file in files:
        with file.open("rb") as stream:
            found.update(hashlib.file_digest(stream, "sha256").digest())
    found.update(repr(sorted((item.name, item.static_shape) for item in inputs)).encode())
    return found.hexdigest()


def _proto(framework: str, graph: Graph) -> onnx.ModelProto:
    """The graph as a file of ONNX that can be looked at; its operators are the framework's, so nothing runs it."""
    nodes = [
        helper.make_node(
            layer.op, layer.inputs, layer.outputs, layer.name, domain=framework, **_attributes(layer.attributes)
        )
        for layer in graph.layers
    ]
    proto = helper.make_graph(nodes, framework, list(map(_info, graph.inputs)), list(map(_info, graph.outputs)))
    return helper.make_model(proto, opset_imports=[helper.make_opsetid("", OPSET), helper.make_opsetid(framework, 1)])


def _info(tensor: Tensor) -> onnx.ValueInfoProto:
    return helper.make_tensor_value_info(tensor.name, CODES.get(tensor.dtype, 1), tensor.shape)


def _attributes(attributes: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in attributes.items() if not isinstance(value, np.ndarray) and value != []}

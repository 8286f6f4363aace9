"""Reads networks: ONNX files of any opset, brought into the one form that the program works with; and foreign ones."""

import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import onnx

from workbench.foundation.errors import ModelError
from workbench.foundation.files import settled_stamps, stamp_of
from workbench.graph import shapes as dims
from workbench.graph.foreign.kinds import ONNX, framework_of
from workbench.graph.foreign.read import foreign_inputs, read_foreign
from workbench.graph.graph import Graph, Layer, Model, Tensor
from workbench.graph.inference import infer
from workbench.graph.large_constants import taken_out
from workbench.graph.normalise import captured, initializer_names, normalise
from workbench.graph.onnx_file import load, load_external_data, sha256
from workbench.graph.running import check_runs
from workbench.graph.shapes import DTYPES, DynamicShapeError

if TYPE_CHECKING:
    from hashlib import _Hash

__all__ = ["DynamicShapeError", "check_runs", "guess_shapes", "read_inputs", "read_model"]


def read_model(
    path: Path,
    shapes: Mapping[str, tuple[int, ...]] | None = None,
    known: Model | None = None,
    weights: Path | None = None,
) -> Model:
    """The network in `path` with the dimensions of its inputs fixed by `shapes`.

    An open first dimension becomes 1; any other without an entry in `shapes` is a `DynamicShapeError`. `known`, the
    same file as it was read before with these `shapes`, is given back where its content is still the same. `weights`
    is the second file of a network of Caffe or Darknet, where it is not found beside the first.
    """
    if framework_of(path) != ONNX:
        return read_foreign(path, weights, shapes or {}, known)
    if known is not None and known.stamps and all(stamp_of(file) == seen for file, seen in known.stamps.items()):
        return known
    start = time.time_ns()
    proto, data = load(path)
    digest = sha256(data)
    del data
    files = load_external_data(proto, path.parent, digest)
    if known is not None and _finished(digest.copy(), known.graph.inputs) == known.digest:
        return known
    proto, large = taken_out(normalise(proto, path.name))
    inputs = [dims.tensor_of(info) for info in proto.graph.input]
    fixed = dims.fix_shapes(path.name, inputs, shapes or {})
    for info in proto.graph.input:
        dims.set_shape(info, fixed[info.name])
    tensors = infer(proto)
    _settle_outputs(proto.graph, tensors, dims.symbol_values(path.name, inputs, fixed))
    graph = _graph(proto.graph, tensors)
    dims.refuse_huge(path.name, graph.tensors.values())
    stamps = settled_stamps((path, *files), start)
    return Model(path, proto, graph, _finished(digest, graph.inputs), large=large, stamps=stamps)


def read_inputs(path: Path, weights: Path | None = None) -> tuple[Tensor, ...]:
    """The inputs that a user feeds, with their symbolic dimensions; external data is not touched."""
    if framework_of(path) != ONNX:
        return foreign_inputs(path, weights)
    proto, _ = load(path)
    constants = initializer_names(proto.graph)
    inputs = tuple(dims.tensor_of(info) for info in proto.graph.input if info.name not in constants)
    if not inputs:
        raise ModelError(f"{path.name} has no inputs, so there is nothing to run.", "Give another network.")
    return inputs


def guess_shapes(inputs: Sequence[Tensor]) -> dict[str, tuple[int, ...]]:
    """A sensible shape for every input of `inputs` that leaves a dimension open."""
    return dims.guess_shapes(inputs)


def _finished(digest: "_Hash", inputs: Sequence[Tensor]) -> str:
    """The hash of a file's content and of the shapes that its inputs were given."""
    digest.update(repr(sorted((item.name, item.static_shape) for item in inputs)).encode())
    return digest.hexdigest()


def _settle_outputs(graph: onnx.GraphProto, known: Mapping[str, Tensor], symbols: Mapping[str, int]) -> None:
    """Give the outputs the inferred shapes; a stored one must not contradict them."""
    for info in graph.output:
        stored, inferred = dims.tensor_of(info), known.get(info.name)
        if info.type.WhichOneof("value") not in (None, "tensor_type"):
            continue
        if inferred is not None and inferred.shape is not None:
            dims.set_shape(info, inferred.shape)
        else:
            dims.set_shape(info, dims.substitute(stored.shape, symbols))
        if inferred is not None and inferred.dtype:
            info.type.tensor_type.elem_type = _CODES[inferred.dtype]


_CODES = {name: code for code, name in DTYPES.items()}


def _graph(graph: onnx.GraphProto, known: Mapping[str, Tensor]) -> Graph:
    inputs = tuple(dims.tensor_of(info) for info in graph.input)
    outputs = tuple(dims.tensor_of(info) for info in graph.output)
    constants = [Tensor(item.name, tuple(item.dims), DTYPES.get(item.data_type, "")) for item in graph.initializer]
    constants += [
        Tensor(item.values.name, tuple(item.dims), DTYPES.get(item.values.data_type, ""))
        for item in graph.sparse_initializer
    ]
    tensors = {item.name: item for item in (*inputs, *constants)}
    layers = tuple(_layer(node) for node in graph.node)
    for name in (name for layer in layers for name in layer.outputs if name):
        tensors[name] = known.get(name) or Tensor(name, None)
    tensors.update({item.name: item for item in outputs if item.name not in tensors or item.shape is not None})
    return Graph(layers, inputs, outputs, tensors, frozenset(item.name for item in constants))


def _layer(node: onnx.NodeProto) -> Layer:
    """The node as a layer; what its subgraphs take from outside counts as inputs, after its own."""
    attributes = {item.name: _attribute(item) for item in node.attribute}
    inputs = (*node.input, *captured(node)) if node.attribute else tuple(node.input)
    return Layer(node.name, node.op_type, inputs, tuple(node.output), node.domain, attributes)


def _attribute(attribute: onnx.AttributeProto) -> Any:
    """The value in plain types: text for strings, an array for a tensor, a few words for a subgraph."""
    if attribute.type == onnx.AttributeProto.GRAPH:
        return f"graph of {len(attribute.g.node)} operators"
    if attribute.type == onnx.AttributeProto.GRAPHS:
        return [f"graph of {len(graph.node)} operators" for graph in attribute.graphs]
    if attribute.type == onnx.AttributeProto.TENSOR:
        return onnx.numpy_helper.to_array(attribute.t)
    if attribute.type == onnx.AttributeProto.STRING:
        return attribute.s.decode("utf-8", "replace")
    if attribute.type == onnx.AttributeProto.STRINGS:
        return [text.decode("utf-8", "replace") for text in attribute.strings]
    return onnx.helper.get_attribute_value(attribute)

"""Integer constants of an ONNX network as lists of numbers instead of raw bytes.

rknn-toolkit2 2.5.0 changes the paddings of a Pad in place when it joins it with a Conv; numpy's view of raw bytes may
not be written to, so that fails ("assignment destination is read-only"). Values that were stored as a list may.
"""

from collections.abc import Iterator
from pathlib import Path

import onnx
from onnx import numpy_helper

from workbench.sources.toolkit.repairs.networks import loaded, saved
from workbench.sources.toolkit.repairs.patched import Patched, read, unified

KINDS = (onnx.TensorProto.INT64, onnx.TensorProto.INT32)


def listed(path: Path, weights: Path | None) -> tuple[Patched, ...]:
    """The network with its integers stored anew; their values stay the same."""
    network = loaded(path)
    before, after = [], []
    for tensor in _integers(network.graph):
        before.append(_shown(tensor, "raw bytes"))
        _list(tensor)
        after.append(_shown(tensor, "a list of numbers"))
    if not after:
        return (Patched(path, read(path), ""),)
    return (Patched(path, saved(network, path), unified(path.name, before, after)),)


def _integers(graph: onnx.GraphProto) -> Iterator[onnx.TensorProto]:
    """Integer tensors in raw bytes: initializers, values of Constant nodes, also inside subgraphs."""
    yield from filter(_is_raw, graph.initializer)
    for attribute in (attribute for node in graph.node for attribute in node.attribute):
        if attribute.HasField("t") and _is_raw(attribute.t):
            yield attribute.t
        for inside in (attribute.g, *attribute.graphs):
            yield from _integers(inside)


def _is_raw(tensor: onnx.TensorProto) -> bool:
    return tensor.data_type in KINDS and bool(tensor.raw_data)


def _list(tensor: onnx.TensorProto) -> None:
    values = numpy_helper.to_array(tensor).ravel().tolist()
    tensor.ClearField("raw_data")
    field = tensor.int64_data if tensor.data_type == onnx.TensorProto.INT64 else tensor.int32_data
    field.extend(values)


def _shown(tensor: onnx.TensorProto, how: str) -> str:
    kind = onnx.TensorProto.DataType.Name(tensor.data_type).lower()
    return f"{tensor.name or 'value'}: {kind}{list(tensor.dims)}, {how}"

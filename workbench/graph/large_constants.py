"""Large constants: one array each, outside the message that describes a network; sessions borrow them.

A message copies what is put into it, and ONNX Runtime copies what it finds in one. Of a network of 2 GB there is only
room for few such copies, so a message says of a large constant that its values are in another file. No such file is
ever read: a session is given the array itself.
"""

import math
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import onnx

from workbench.foundation.resources import resource
from workbench.graph.onnx_file import size_in_bytes

if TYPE_CHECKING:
    import onnxruntime

LARGE = 2**20  # bytes
KINDS = frozenset((onnx.TensorProto.FLOAT, onnx.TensorProto.INT8, onnx.TensorProto.UINT8))
ELSEWHERE = "session.model_external_initializers_file_folder_path"
Arrays = Mapping[str, np.ndarray]


def taken_out(proto: onnx.ModelProto) -> tuple[onnx.ModelProto, dict[str, np.ndarray]]:
    """The network with its large constants described only, and their arrays; `proto` must not be used afterwards."""
    arrays: dict[str, np.ndarray] = {}
    items: list[onnx.TensorProto] = []
    for item in proto.graph.initializer:
        array = _large(item)
        if array is not None:
            arrays[item.name] = array
        items.append(item if array is None else _description(item.name, item.data_type, item.dims))
    if not arrays:
        return proto, {}
    del proto.graph.initializer[:]
    light = onnx.ModelProto()  # a message never gives memory back: what is needed of it moves to another one
    light.CopyFrom(proto)
    light.graph.initializer.extend(items)
    return light, arrays


def _large(item: onnx.TensorProto) -> np.ndarray | None:
    """A large constant's values; None for a small one, and for one that has not what it declares: runs say so."""
    if item.data_type not in KINDS or (size_in_bytes(item) or 0) < LARGE:
        return None
    try:
        array: np.ndarray = onnx.numpy_helper.to_array(item)
    except ValueError:
        return None
    return array


def described(name: str, array: np.ndarray) -> onnx.TensorProto:
    """A constant of a message; of a large one its type and shape only."""
    array = np.asarray(array)
    if array.nbytes < LARGE or array.dtype == object:
        return onnx.numpy_helper.from_array(array, name)
    kind = onnx.helper.np_dtype_to_tensor_dtype(array.dtype)
    return _description(name, kind, array.shape) if kind in KINDS else onnx.numpy_helper.from_array(array, name)


def is_elsewhere(item: onnx.TensorProto) -> bool:
    """Whether a constant's values are not in the message."""
    return bool(item.data_location == onnx.TensorProto.EXTERNAL)


def values_of(item: onnx.TensorProto, arrays: Arrays) -> np.ndarray:
    """The values of a constant, in the message or, if it is large, in `arrays`."""
    return arrays[item.name] if is_elsewhere(item) else onnx.numpy_helper.to_array(item)


def filled(item: onnx.TensorProto, arrays: Arrays) -> onnx.TensorProto:
    """The constant with its values in the message."""
    return onnx.numpy_helper.from_array(arrays[item.name], item.name) if is_elsewhere(item) else item


def whole(proto: onnx.ModelProto, arrays: Arrays) -> onnx.ModelProto:
    """A copy of a network with all values in the message, as a file holds it."""
    found = onnx.ModelProto()
    found.CopyFrom(proto)
    for item in found.graph.initializer:
        if is_elsewhere(item):
            item.CopyFrom(filled(item, arrays))
    return found


def nbytes(item: onnx.TensorProto) -> int:
    """How much memory the values of a constant take."""
    return size_in_bytes(item) or math.prod(item.dims)


def open_with(proto: onnx.ModelProto, options: "onnxruntime.SessionOptions", arrays: Arrays) -> Any:
    """A session that is not optimised and borrows the constants which `proto` only describes."""
    import onnxruntime

    lent = [item.name for item in proto.graph.initializer if is_elsewhere(item)]
    values = [onnxruntime.OrtValue.ortvalue_from_numpy(np.ascontiguousarray(arrays[name])) for name in lent]
    for name, value in zip(lent, values, strict=True):
        options.add_initializer(name, value)
    if lent:
        options.add_session_config_entry(ELSEWHERE, str(_place().parent))
    session = onnxruntime.InferenceSession(proto.SerializeToString(), options, providers=["CPUExecutionProvider"])
    session.lent = values  # they live as long as the session
    return session


def _description(name: str, kind: int, shape: Any) -> onnx.TensorProto:
    item = onnx.TensorProto(name=name, data_type=kind, dims=shape, data_location=onnx.TensorProto.EXTERNAL)
    item.external_data.add(key="location", value=_place().name)
    return item


@cache
def _place() -> Path:
    """A file that is always there: ONNX Runtime looks whether it is, and reads it not."""
    return resource("demo", "demo.onnx").resolve()

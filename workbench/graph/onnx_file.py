"""ONNX files on disk: what is no ONNX file is named, external data comes from the model's folder only."""

import hashlib
import math
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import onnx
from google.protobuf.message import DecodeError  # type: ignore[import-untyped]

from workbench.foundation.errors import ModelError

if TYPE_CHECKING:
    from hashlib import _Hash

LIMIT = 2**31 - 1  # a protobuf message cannot be larger
ONLY_ONNX = "Give a network of ONNX, TFLite, TensorFlow (.pb), Caffe, Darknet or TorchScript, with its own suffix."

# (offset, first bytes, what it is, what to do)
FOREIGN: tuple[tuple[int, bytes, str, str], ...] = (
    (4, b"TFL3", "a TensorFlow Lite network", ONLY_ONNX),
    (4, b"ORTM", "a network in ONNX Runtime's own .ort format", "Open the .onnx file that it was made from."),
    (0, b"PK\x03\x04", "a zip archive (PyTorch .pt/.pth files are such archives)", "Export the network to ONNX first."),
    (0, b"\x89HDF", "an HDF5 file (Keras .h5 files are such files)", ONLY_ONNX),
    (0, b"RKNN", "an RKNN network, already converted for the board", "Open the ONNX network that it was made from."),
    (0, b"CYPTRKNN", "an encrypted RKNN network", "Open the ONNX network that it was made from."),
    (0, b"version https://git-lfs", "a Git LFS pointer, not the network itself", "Fetch the file with `git lfs pull`."),
    (0, b"\x1f\x8b", "a gzip archive", "Unpack it and open the .onnx file in it."),
    (0, b"7z\xbc\xaf", "a 7z archive", "Unpack it and open the .onnx file in it."),
    (0, b"\x93NUMPY", "a NumPy array", ONLY_ONNX),
    (0, b"\x89PNG", "a PNG picture", ONLY_ONNX),
    (0, b"\xff\xd8\xff", "a JPEG picture", ONLY_ONNX),
    (0, b"\x80\x02", "a Python pickle (old PyTorch files are such files)", "Export the network to ONNX first."),
    (0, b"\x80\x03", "a Python pickle", "Export the network to ONNX first."),
    (0, b"\x80\x04", "a Python pickle", "Export the network to ONNX first."),
    (0, b"\x80\x05", "a Python pickle", "Export the network to ONNX first."),
)
TEXTS: tuple[tuple[bytes, str, str], ...] = (
    (b"<!doctype", "a web page", "Download the file itself, not the page that shows it."),
    (b"<html", "a web page", "Download the file itself, not the page that shows it."),
    (b"<?xml", "an XML file", ONLY_ONNX),
    (b"{", "a JSON file", ONLY_ONNX),
)


def load(path: Path) -> tuple[onnx.ModelProto, bytes]:
    """The network in `path`, external data not loaded, and the file's bytes."""
    data = read_bytes(path)
    proto = onnx.ModelProto()
    try:
        proto.ParseFromString(data)
    except (DecodeError, RuntimeError) as error:
        raise _damaged(path) from error
    if not proto.HasField("graph") or not (proto.graph.node or proto.ir_version):
        raise ModelError(f"{path} holds no network.", "It may be another kind of file or was not written completely.")
    return proto, data


def read_bytes(path: Path) -> bytes:
    """The bytes of `path`; a folder, a huge, empty, unreadable or foreign file is a `ModelError`."""
    try:
        if path.is_dir():
            raise ModelError(f"{path} is a folder, not a network.", "Give the .onnx file itself.")
        if path.exists() and not path.is_file():
            raise ModelError(f"{path} is not a regular file.", "Give the .onnx file itself.")
        if path.stat().st_size > LIMIT:
            raise ModelError(f"{path} is larger than 2 GB, more than an ONNX file can hold.", _SMALLER)
        data = path.read_bytes()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise ModelError(f"Cannot open {path}: {reason}.", "Check the path and its permissions.") from error
    if not data:
        raise ModelError(f"{path} is empty.", "Download or export the network again.")
    _refuse_foreign(path, data[:64])
    return data


def load_external_data(proto: onnx.ModelProto, folder: Path, digest: "_Hash") -> set[Path]:
    """Load the tensors that `proto` keeps in files of `folder`, and add their bytes to `digest`; gives the files."""
    total, files = 0, set[Path]()
    for tensor in _tensors(proto):
        if tensor.data_location != onnx.TensorProto.EXTERNAL:
            continue
        file, raw = _external_bytes(tensor, folder, LIMIT - total)
        files.add(file)
        total += len(raw)
        digest.update(raw)
        tensor.raw_data = raw
        del tensor.external_data[:]
        tensor.ClearField("data_location")
    return files


def data_files(path: Path) -> tuple[Path, ...]:
    """The files, in the network's folder, in which it keeps tensors."""
    proto, _ = load(path)
    stored = (tensor for tensor in _tensors(proto) if tensor.data_location == onnx.TensorProto.EXTERNAL)
    places = {
        entry.value: tensor.name for tensor in stored for entry in tensor.external_data if entry.key == "location"
    }
    return tuple(_external_file(name, location, path.parent) for location, name in places.items())


def sha256(data: bytes) -> "_Hash":
    """A hash that has taken `data`."""
    return hashlib.sha256(data)


def size_in_bytes(tensor: onnx.TensorProto) -> int | None:
    """How many bytes the elements of `tensor` take in raw form; None for strings and unknown types."""
    bits = _BITS.get(tensor.data_type)
    return None if bits is None else (math.prod(tensor.dims) * bits + 7) // 8


_SMALLER = "Split it, or keep only the part of the network that you want to compare."
_BITS = {
    1: 32, 2: 8, 3: 8, 4: 16, 5: 16, 6: 32, 7: 64, 9: 8, 10: 16, 11: 64, 12: 32, 13: 64, 14: 64, 15: 128, 16: 16,
    17: 8, 18: 8, 19: 8, 20: 8, 21: 4, 22: 4, 23: 4, 24: 8, 25: 2, 26: 2,
}  # fmt: skip


def _refuse_foreign(path: Path, start: bytes) -> None:
    text = start.lstrip().lower()
    kinds = [(what, hint) for offset, magic, what, hint in FOREIGN if start[offset:].startswith(magic)]
    kinds += [(what, hint) for magic, what, hint in TEXTS if text.startswith(magic)]
    if kinds:
        what, hint = kinds[0]
        raise ModelError(f"{path} is {what}.", hint)


def _damaged(path: Path) -> ModelError:
    if path.suffix.lower() == ".onnx":
        return ModelError(
            f"{path} is damaged or incomplete: it cannot be read as ONNX.", "Download or export it again."
        )
    return ModelError(f"{path} is not an ONNX network.", ONLY_ONNX)


def _tensors(proto: onnx.ModelProto) -> Iterator[onnx.TensorProto]:
    """Every tensor that may keep its data in another file."""
    yield from _graph_tensors(proto.graph)
    for function in proto.functions:
        yield from _node_tensors(function.node)


def _graph_tensors(graph: onnx.GraphProto) -> Iterator[onnx.TensorProto]:
    yield from graph.initializer
    for sparse in graph.sparse_initializer:
        yield from (sparse.values, sparse.indices)
    yield from _node_tensors(graph.node)


def _node_tensors(nodes: Sequence[onnx.NodeProto]) -> Iterator[onnx.TensorProto]:
    for node in nodes:
        for attribute in node.attribute:
            if attribute.HasField("t"):
                yield attribute.t
            yield from attribute.tensors
            for graph in [attribute.g] if attribute.HasField("g") else attribute.graphs:
                yield from _graph_tensors(graph)


def _external_bytes(tensor: onnx.TensorProto, folder: Path, limit: int) -> tuple[Path, bytes]:
    """The file of an external tensor and its raw data, checked against the size that its type and shape ask for."""
    entries = {entry.key: entry.value for entry in tensor.external_data}
    file = _external_file(tensor.name, entries.get("location", ""), folder)
    try:
        available = file.stat().st_size
        offset = int(entries.get("offset", 0))
        length = int(entries.get("length", 0)) or size_in_bytes(tensor) or available - offset
        if length > limit:
            raise ModelError(f"With its external data the network in {folder} is larger than 2 GB.", _SMALLER)
        if offset < 0 or length < 0 or length != (size_in_bytes(tensor) or length):
            raise ModelError(f"The entry of tensor '{tensor.name}' for {file} does not fit its shape.", _AGAIN)
        if offset + length > available:
            raise ModelError(f"{file} is too short: tensor '{tensor.name}' needs {offset + length} bytes.", _AGAIN)
        with file.open("rb") as stream:
            stream.seek(offset)
            return file, stream.read(length)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise ModelError(f"Cannot read {file}, which holds tensor '{tensor.name}': {reason}.", _BESIDE) from error


_AGAIN = "Copy or export the network and its data files again."
_BESIDE = "Put the data files beside the .onnx file."


def _external_file(tensor: str, location: str, folder: Path) -> Path:
    """The data file; a path that leaves the model's folder is refused, for a network must not read other files."""
    try:
        root = folder.resolve()
        file = (root / location.replace("\\", "/")).resolve()
    except (OSError, ValueError, RuntimeError) as error:
        raise ModelError(f"Tensor '{tensor}' names the unusable data file {location!r}.", _BESIDE) from error
    if not location or file == root or root not in file.parents:
        raise ModelError(f"Tensor '{tensor}' keeps its data in {location!r}, outside the model's folder.", _BESIDE)
    if not file.is_file():
        raise ModelError(f"The data file {file} of tensor '{tensor}' is missing.", _BESIDE)
    return file

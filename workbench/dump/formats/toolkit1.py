"""Dumps of rknn-toolkit 1.x, whose names tell layer, layout and shape. Source: rknn_facts §2.4 and §3.1.

convolution_at_input0.1_1_1_out0_nhwc_1_400_640_64.tensor    Conv__stem_stem.0_conv_Conv_57_out0_nhwc_1_224_224_8.npy
"""

import math
import re
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from workbench.dump.formats.dumps import Found, Item, unreadable
from workbench.dump.formats.files import read_npy, read_txt
from workbench.foundation.errors import DumpError

PORT = re.compile(r"_out(\d{1,3})_(nhwc|nchw)((?:_\d+)+)$")
SUFFIX = re.compile(r"\.(?:tensor|npy|txt)$")
AT = re.compile(r"([a-z][a-z0-9_]*?)_at_(.+?)(?:_\d+){1,2}$")  # of old importers: operator, tensor, one or two numbers
BY_OPERATOR = re.compile(r"([A-Z][A-Za-z0-9]*)_(.+)_\d+$")  # of the ONNX importer: operator, node, number
NUMBERED = re.compile(r"([a-z]+)_\d+$")  # convolution_55
KNOWN = """Abs Add ArgMax AveragePool BatchNormalization Cast Ceil Clip Concat Conv ConvTranspose DepthToSpace Div Elu
Erf Exp Expand Flatten Floor GRU Gather Gelu Gemm GlobalAveragePool GlobalMaxPool HardSigmoid HardSwish Identity
InstanceNormalization LRN LSTM LayerNormalization LeakyRelu Log LogSoftmax LpNormalization MatMul Max MaxPool Min Mish
Mul Neg PRelu Pad Pow ReduceMax ReduceMean ReduceMin ReduceSum Relu Reshape Resize Shape Sigmoid Slice Softmax Softplus
SpaceToDepth Split Sqrt Squeeze Sub Tanh Tile Transpose Unsqueeze Upsample Where"""
OPERATORS = frozenset(KNOWN.split())
ATTACHED = "attach_"  # before the name of an output
FOLDERS = {
    "golden": ("fp32",),
    "simulator": ("entire_qnt", "qnt"),
    "simulator_single": ("individual_qnt",),
    "runtime": ("qnt_npu_dump",),
}
"""The folders of an analysis by what they hold; `qnt` is that of versions 1.3 and 1.4."""
ORDER = "order.txt"
LARGEST_ORDER = 1 << 25


@dataclass(frozen=True, slots=True)
class Toolkit1Name:
    """The parts of a name; `layer` is the toolkit's own name, `tensor` what it has of the network's, "" where unknown.

    `port` is None and `shape` empty for a layer's name without them.
    """

    layer: str
    op: str = ""
    tensor: str = ""
    port: int | None = None
    layout: str = ""
    shape: tuple[int, ...] = ()

    @property
    def network_shape(self) -> tuple[int, ...]:
        """In the network's order, NCHW."""
        if self.layout == "nhwc" and len(self.shape) == 4:
            batch, height, width, channels = self.shape
            return batch, channels, height, width
        return self.shape


def parse_name(name: str) -> Toolkit1Name:
    """The parts of a file's or a layer's name; all that is not understood stays in `layer`."""
    stem = SUFFIX.sub("", name.strip())
    found = PORT.search(stem)
    layer = stem[: found.start()] if found else stem
    op, tensor = _parts(layer.removeprefix(ATTACHED))
    if found is None:
        return Toolkit1Name(layer, op, tensor)
    shape = tuple(int(side) for side in found[3].split("_") if side)
    return Toolkit1Name(layer, op, tensor, int(found[1]), found[2], shape)


def has_port(name: str) -> bool:
    """Whether a name is that of a dumped tensor."""
    return PORT.search(SUFFIX.sub("", name.strip())) is not None


def find_toolkit1(folder: Path, which: str) -> Found | None:
    """The tensors of a folder of this toolkit's, or of the one that is `which` inside; None where there are none."""
    for name in FOLDERS.get(which, ()):
        if (folder / name).is_dir():
            return _found(folder / name)
    kinds = [name for names in FOLDERS.values() for name in names if (folder / name).is_dir()]
    if kinds and _dumped(folder / kinds[0]):
        raise DumpError(f"{folder} has dumps of {', '.join(kinds)}.", f"Give one of them, such as {folder / kinds[0]}.")
    return _found(folder)


def _found(folder: Path) -> Found | None:
    """In the order of `order.txt` where there is one; what a layer gives besides its first tensor keeps its number."""
    files = _dumped(folder)
    rank = _order(folder)
    files.sort(key=lambda file: (rank.get(parse_name(file.name).layer, len(rank)), file.name))
    found = Found(f"dump of toolkit 1, {folder.name}", {})
    for file in files:
        name = parse_name(file.name)
        tensor = name.tensor if "_at_" in name.layer else name.layer
        tensor = f"{tensor}:out{name.port}" if name.port else tensor
        key = file.stem if tensor in found.items else tensor
        shape = name.network_shape
        found.items.setdefault(key, Item(file, partial(_read, file), name.op, shape=shape))
    return found if found.items else None


def _dumped(folder: Path) -> list[Path]:
    return [file for file in folder.iterdir() if SUFFIX.search(file.name) and has_port(file.name)]


def _order(folder: Path) -> dict[str, int]:
    """The place of each layer; any word of the file that is a layer's name counts."""
    path = folder / ORDER
    if not path.is_file() or path.stat().st_size > LARGEST_ORDER:
        return {}
    words = path.read_text(encoding="utf-8", errors="replace").replace(",", " ").split()
    return {parse_name(word.strip("'\"")).layer: place for place, word in reversed(list(enumerate(words)))}


def _read(path: Path) -> np.ndarray:
    """The values in the network's order: the toolkit's are N, H, W, C."""
    values = read_npy(path) if path.suffix == ".npy" else read_txt(path)
    name = parse_name(path.name)
    if values.size != math.prod(name.shape):
        size = "×".join(map(str, name.shape))
        raise unreadable(path, f"it holds {values.size} values, and its name says {size}")
    if name.layout == "nhwc" and len(name.shape) == 4:
        return np.ascontiguousarray(values.reshape(name.shape).transpose(0, 3, 1, 2))
    return values.reshape(name.shape)


def _parts(layer: str) -> tuple[str, str]:
    """The operator and the network's name; ("", "") where the layer's name does not say them apart."""
    if found := AT.fullmatch(layer):
        return found[1], found[2]
    found = BY_OPERATOR.fullmatch(layer)
    if found and found[1] in OPERATORS:
        return found[1], found[2]
    found = NUMBERED.fullmatch(layer)
    return (found[1], "") if found else ("", "")

"""Small networks of other frameworks that tests write, byte by byte, with fixed random weights."""

import struct
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

import flatbuffers
import numpy as np

Value = int | str | bytes

PROTOTXT = """name: "tiny"
layer { name: "data" type: "Input" top: "data" input_param { shape { dim: 1 dim: 3 dim: 16 dim: 16 } } }
layer { name: "conv1" type: "Convolution" bottom: "data" top: "conv1" # 3x3
  convolution_param { num_output: 8 kernel_size: 3 pad: 1 } }
layer { name: "bn1" type: "BatchNorm" bottom: "conv1" top: "conv1" batch_norm_param { use_global_stats: true } }
layer { name: "relu1" type: "ReLU" bottom: "conv1" top: "conv1" }
layer { name: "conv2" type: "Convolution" bottom: "conv1" top: "side"
  convolution_param { num_output: 8 kernel_size: 1 } }
layer { name: "sum" type: "Eltwise" bottom: "conv1" bottom: "side" top: "sum" }
layer { name: "fc" type: "InnerProduct" bottom: "sum" top: "fc" inner_product_param { num_output: 10 } }
layer { name: "prob" type: "Softmax" bottom: "fc" top: "prob" }
"""
OLD_PROTOTXT = """name: "net"
input: "data"
input_dim: 1
input_dim: 3
input_dim: 8
input_dim: 8
layer { name: "relu" type: "ReLU" bottom: "data" top: "relu" }
"""
"""With an input as the toolkit does not take it, and our repair mends it."""
CFG = """[net]
width=32
height=32
channels=3

[convolutional]
batch_normalize=1
filters=8
size=3
stride=1
pad=1
activation=leaky

[maxpool]
size=2
stride=2

[convolutional]
filters=8
size=1
stride=1
activation=linear

[shortcut]
from=-2
activation=linear

[upsample]
stride=2

[route]
layers=-1,0

[convolutional]
filters=18
size=1
stride=1
activation=linear

[yolo]
mask=0,1,2
anchors=10,14, 23,27, 37,58
classes=1
num=3
"""
TORCH = """import sys, torch
class Net(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.conv, self.norm, self.dense = torch.nn.Conv2d(3, 8, 3), torch.nn.BatchNorm2d(8), torch.nn.Linear(8, 4)
    def forward(self, x):
        x = torch.relu_(self.norm(self.conv(x)))
        left, right = torch.chunk(x, 2, 1)
        x = torch.cat([left + right, left], 1)
        return torch.softmax(self.dense(x.mean((2, 3))), 1)
torch.manual_seed(0)
net = Net().eval()
torch.jit.trace(net, torch.rand(1, 3, 8, 8)).save(sys.argv[1])
torch.save(net.state_dict(), sys.argv[1] + "h")
"""


def random(*shape: int, seed: int = 0) -> np.ndarray:
    return (np.random.default_rng([seed, *shape]).standard_normal(shape) * 0.3).astype(np.float32)


def field(number: int, value: Value) -> bytes:
    """A field of a protocol buffer."""
    if isinstance(value, int):
        return _varint(number << 3) + _varint(value)
    data = value.encode() if isinstance(value, str) else value
    return _varint(number << 3 | 2) + _varint(len(data)) + data


def caffe(folder: Path) -> tuple[Path, dict[str, np.ndarray]]:
    """The prototxt, its caffemodel beside it, and the weights."""
    weights = {"conv1": random(8, 3, 3, 3), "conv2": random(8, 8, 1, 1), "fc": random(10, 8 * 256)}
    blobs = {name: [weight, random(len(weight), seed=1)] for name, weight in weights.items()}
    blobs["bn1"] = [random(8, seed=2), 1 + np.abs(random(8, seed=3)), np.ones(1, np.float32)]
    kinds = {"conv1": "Convolution", "conv2": "Convolution", "fc": "InnerProduct", "bn1": "BatchNorm"}
    layers = [
        field(100, field(1, name) + field(2, kinds[name]) + b"".join(field(7, _blob(blob)) for blob in blobs[name]))
        for name in blobs
    ]
    path = folder / "tiny.prototxt"
    path.write_text(PROTOTXT)
    path.with_suffix(".caffemodel").write_bytes(field(1, "tiny") + b"".join(layers))
    return path, {name: blob[0] for name, blob in blobs.items()}


def darknet(folder: Path) -> Path:
    """The cfg, its weights beside it."""
    parts = [np.zeros(0, np.float32)]
    for given, taken, size, norm in ((8, 3, 3, True), (8, 8, 1, False), (18, 16, 1, False)):
        parts.append(random(given, seed=4))
        parts += [1 + np.abs(random(given, seed=5)), random(given, seed=6), 1 + np.abs(random(given, seed=7))] * norm
        parts.append(random(given, taken, size, size).ravel())
    path = folder / "tiny.cfg"
    path.write_text(CFG)
    path.with_suffix(".weights").write_bytes(struct.pack("<iiiq", 0, 2, 5, 0) + np.concatenate(parts).tobytes())
    return path


def tensorflow(folder: Path) -> tuple[Path, np.ndarray, np.ndarray]:
    """A frozen graph of Conv2D (1x1), BiasAdd, Relu and MaxPool, and its weights."""
    weight, bias = random(1, 1, 3, 4), random(4, seed=1)
    one = field(1, field(3, b"\1\1\1\1"))
    two = field(1, field(3, b"\1\2\2\1"))
    layout = {"T": field(6, 1), "padding": field(2, "VALID"), "data_format": field(2, "NHWC")}
    nodes = [
        _node("x", "Placeholder", (), {"dtype": field(6, 1), "shape": field(7, _open_shape(-1, 6, 6, 3))}),
        _node("weight", "Const", (), {"dtype": field(6, 1), "value": field(8, _tensor(weight))}),
        _node("values", "Const", (), {"dtype": field(6, 1), "value": field(8, _tensor(bias))}),
        _node("conv", "Conv2D", ("x", "weight", "^values"), {**layout, "strides": one}),
        _node("bias", "BiasAdd", ("conv", "values"), {"T": field(6, 1), "data_format": field(2, "NHWC")}),
        _node("relu", "Relu", ("bias",), {"T": field(6, 1)}),
        _node("pool", "MaxPool", ("relu",), {**layout, "strides": two, "ksize": two}),
    ]
    path = folder / "tiny.pb"
    path.write_bytes(b"".join(field(1, node) for node in nodes))
    return path, weight, bias


def tflite(folder: Path, dtype: str = "float32") -> tuple[Path, np.ndarray, np.ndarray]:
    """A FULLY_CONNECTED layer with a bias and a Softmax behind it; tensors of integers have a scale."""
    weight, bias = random(4, 6), random(4, seed=1) + 1
    builder = flatbuffers.Builder()
    quantized = None if dtype == "float32" else _quantization(builder, 0.5, -3)
    kind = {"float32": 0, "int8": 9}[dtype]
    buffers = [b"", weight.tobytes(), bias.tobytes()]
    tensors = [
        _tflite_tensor(builder, "x", (1, 6), kind, 0, quantized),
        _tflite_tensor(builder, "w", (4, 6), 0, 1),
        _tflite_tensor(builder, "b", (4,), 0, 2),
        _tflite_tensor(builder, "dense", (1, 4), kind, 0, quantized),
        _tflite_tensor(builder, "prob", (1, 4), kind, 0, quantized),
    ]
    dense = _operator(builder, 0, (0, 1, 2), (3,), 8, _table(builder, {0: ("int8", 0)}))
    softmax = _operator(builder, 1, (3,), (4,), 9, _table(builder, {0: ("float32", 1.0)}))
    graph = _table(
        builder,
        {0: _tables(builder, tensors), 1: _numbers(builder, (0,)), 2: _numbers(builder, (4,)),
         3: _tables(builder, [dense, softmax])},
    )  # fmt: skip
    codes = [_table(builder, {0: ("int8", number), 3: ("int32", number)}) for number in (9, 25)]
    stored = [_table(builder, {0: builder.CreateByteVector(data)} if data else {}) for data in buffers]
    places = {1: _tables(builder, codes), 2: _tables(builder, [graph]), 4: _tables(builder, stored)}
    model = _table(builder, {0: ("int32", 3), **places})
    builder.Finish(model, file_identifier=b"TFL3")
    path = folder / "tiny.tflite"
    path.write_bytes(bytes(builder.Output()))
    return path, weight, bias


def torchscript(folder: Path, python: Path) -> Path:
    """A traced network, and beside it tiny.pth with its weights alone."""
    path = folder / "tiny.pt"
    subprocess.run([python, "-c", TORCH, path], check=True, capture_output=True)
    return path


def _varint(number: int) -> bytes:
    number &= (1 << 64) - 1
    found = b""
    while number > 127:
        found, number = found + bytes([number & 127 | 128]), number >> 7
    return found + bytes([number])


def _blob(array: np.ndarray) -> bytes:
    return field(5, array.astype("<f4").tobytes()) + field(7, field(1, b"".join(map(_varint, array.shape))))


def _open_shape(*sizes: int) -> bytes:
    return b"".join(field(2, field(1, size)) for size in sizes)


def _tensor(array: np.ndarray) -> bytes:
    return field(1, 1) + field(2, _open_shape(*array.shape)) + field(4, array.tobytes())


def _node(name: str, op: str, inputs: Sequence[str], attributes: Mapping[str, bytes]) -> bytes:
    taken = b"".join(field(3, item) for item in inputs)
    stated = b"".join(field(5, field(1, key) + field(2, value)) for key, value in attributes.items())
    return field(1, name) + field(2, op) + taken + stated


def _table(builder: flatbuffers.Builder, values: Mapping[int, int | tuple[str, float]]) -> int:
    """A table of offsets and of scalars with their type."""
    builder.StartObject(max(values, default=0) + 1)
    for slot, value in values.items():
        if isinstance(value, tuple):
            prepend = {"int8": builder.PrependInt8, "int32": builder.PrependInt32, "float32": builder.PrependFloat32}
            prepend[value[0]](value[1])
            builder.Slot(slot)
        else:
            builder.PrependUOffsetTRelativeSlot(slot, value, 0)
    return int(builder.EndObject())


def _tables(builder: flatbuffers.Builder, places: Sequence[int]) -> int:
    builder.StartVector(4, len(places), 4)
    for place in reversed(places):
        builder.PrependUOffsetTRelative(place)
    return int(builder.EndVector())


def _numbers(builder: flatbuffers.Builder, numbers: Sequence[float], dtype: str = "<i4") -> int:
    return int(builder.CreateNumpyVector(np.asarray(numbers, dtype)))


def _tflite_tensor(
    builder: flatbuffers.Builder, name: str, shape: tuple[int, ...], kind: int, buffer: int, grid: int | None = None
) -> int:
    places = {0: _numbers(builder, shape), 3: builder.CreateString(name), **({} if grid is None else {4: grid})}
    return _table(builder, {**places, 1: ("int8", kind), 2: ("int32", buffer)})


def _quantization(builder: flatbuffers.Builder, scale: float, zero_point: int) -> int:
    places = {2: _numbers(builder, (scale,), "<f4"), 3: _numbers(builder, (zero_point,), "<i8")}
    return _table(builder, places)


def _operator(
    builder: flatbuffers.Builder, code: int, inputs: Sequence[int], outputs: Sequence[int], kind: int, options: int
) -> int:
    places = {1: _numbers(builder, inputs), 2: _numbers(builder, outputs), 4: options}
    return _table(builder, {**places, 0: ("int32", code), 3: ("int8", kind)})

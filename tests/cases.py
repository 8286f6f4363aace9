"""Every network of the test material with inputs that it was trained for, as a session."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from workbench.preprocess.dataset import Sample
from workbench.preprocess.preprocess import Preprocess
from workbench.project.session import Session
from workbench.quantize.schemes import QuantSettings

# float networks that cases.json has not, and quantised ones: (file, the case whose inputs they take, what differs)
BYTES = {"mean": [128], "std": [1]}  # int8 inputs: the picture minus 128
RELATIVES: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("ultraface_slim_320_simplified.onnx", "ultraface_slim", {}),
    ("quantized/ultraface_slim_320_qdq_u8s8_pc.onnx", "ultraface_slim", {}),
    ("quantized/fastestdet_352_qdq_s8s8_pc.onnx", "fastestdet", {}),
    ("tinycnn_cifar10/model_int8.onnx", "tinycnn_cifar10", {}),
    ("quantized/pretrainedResnet_cifar10_int8_qdq.onnx", "resnet8_cifar10", {"name": "input_1_int8", **BYTES}),
    ("quantized/vww_96_int8_qdq.onnx", "vww_96", {"name": "input_1_int8", **BYTES}),
    ("quantized/mobilenet_v1_0.25_128_quant_qdq.onnx", "vww_96", {"name": "input", "std": [1], "size": 128}),
    (
        "quantized/mobilenet_v1_0.25_128_quant_dequantized_f32.onnx",
        "vww_96",
        {"name": "input", "std": [1], "size": 128},
    ),
    (
        "mobilenetv2-12-int8.onnx",
        "resnet18_cifar10",
        {"name": "input", "mean": [123.675, 116.28, 103.53], "std": [58.395, 57.12, 57.375], "size": 224},
    ),
)


@dataclass(frozen=True)
class Case:
    """One network and its inputs; `samples` are made on demand because some are computed."""

    file: str
    inputs: tuple[dict[str, Any], ...]
    images: tuple[str, ...] = ()
    is_float: bool = True
    arrays: str = ""
    shapes: dict[str, tuple[int, ...]] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return self.file.removesuffix(".onnx")


def cases(shared: Path) -> Iterator[Case]:
    """All networks under `models/`."""
    listed = {item["name"]: item for item in json.loads((shared / "models" / "cases.json").read_text())}
    for item in listed.values():
        yield _case(item, item["file"], item["inputs"])
    for file, relative, changes in RELATIVES:
        own = {key: value for key, value in changes.items() if key != "size"}
        inputs = [{**listed[relative]["inputs"][0], **own}]
        if "size" in changes:
            inputs[0]["shape"] = [changes["size"] if size in (32, 96) else size for size in inputs[0]["shape"]]
        yield _case(listed[relative], file, inputs)
    for file in ("mnist_tiny_factorio/model.onnx", "mnist_tiny_factorio/model_quantized.onnx"):
        yield Case(file, ({"name": "input"},), arrays="digits", is_float="quantized" not in file)
    shapes = {"input": (1, 576), "state": (2, 1, 128)}
    inputs = tuple({"name": name} for name in (*shapes, "sr"))
    yield Case("silero_vad_16k_op15.onnx", inputs, arrays="speech", shapes=shapes)


def session(shared: Path, case: Case, scratch: Path, calibration: int = 8, dtype: str = "w8a8") -> Session:
    """A session that analyses the first input; `scratch` takes the arrays that have to be computed."""
    samples = tuple(_samples(shared, case, scratch, calibration))
    known = [item for item in case.inputs if "layout" in item]
    preprocess = {item["name"]: _preprocess(item) for item in known}
    shapes = {item["name"]: tuple(item["shape"]) for item in known} or case.shapes
    return Session(
        model=shared / "models" / case.file,
        shapes=shapes,
        preprocess=preprocess or {item["name"]: Preprocess() for item in case.inputs},
        samples=samples[:1],
        dataset=samples,
        quant=QuantSettings(dtype=dtype),
    )


def _case(item: dict[str, Any], file: str, inputs: list[dict[str, Any]]) -> Case:
    images = tuple(each.get("images") or item["images"] for each in item["inputs"])
    integers = ("int8", "qdq")
    return Case(file, tuple(inputs), images, is_float=not any(word in file for word in integers))


def _preprocess(item: dict[str, Any]) -> Preprocess:
    return Preprocess(
        mean=tuple(item["mean"]),
        std=tuple(item["std"]),
        order=item["order"],
        layout=item["layout"],
        resize=item.get("resize", "stretch"),
    )


def _samples(shared: Path, case: Case, scratch: Path, count: int) -> Iterator[Sample]:
    if case.arrays:
        make = {"digits": _digits, "speech": _speech}[case.arrays]
        for number, arrays in zip(range(count), make(shared), strict=False):
            names = {name: f"{case.arrays}{number}-{name}" for name in arrays}
            yield Sample(tuple(_saved(scratch, names[name], value) for name, value in arrays.items()))
        return
    files = [sorted((shared / "images").glob(pattern))[:count] for pattern in case.images]
    for sample in zip(*files, strict=True):
        yield Sample(sample)


def _digits(shared: Path) -> Iterator[dict[str, np.ndarray]]:
    """MNIST digits, pooled to 5x5."""
    for path in sorted((shared / "images" / "mnist_digits").glob("sample*.png")):
        picture = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)
        pooled = cv2.resize(picture, (5, 5), interpolation=cv2.INTER_AREA)
        yield {"input": (pooled.reshape(1, 25) / 255).astype(np.float32)}


def _speech(shared: Path) -> Iterator[dict[str, np.ndarray]]:
    """Frames of 512 samples with 64 of context: a hummed vowel, since the test material has no speech."""
    seconds = np.arange(576) / 16000
    for pitch in range(100, 260, 20):
        harmonics = sum(np.sin(2 * np.pi * pitch * number * seconds) / number for number in range(1, 12))
        frame = (0.2 * harmonics).astype(np.float32).reshape(1, 576)
        yield {"input": frame, "state": np.zeros((2, 1, 128), np.float32), "sr": np.asarray(16000)}


def _saved(folder: Path, name: str, value: np.ndarray) -> Path:
    path = folder / f"{name}.npy"
    np.save(path, value)
    return path

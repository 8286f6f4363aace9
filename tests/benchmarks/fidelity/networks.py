"""What is run on both sides: networks of the test material and single operators, with the same inputs for both."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import onnx

from tests import cases
from tests.benchmarks.fidelity.operators import NETWORKS
from workbench.graph.read import read_model
from workbench.preprocess import images
from workbench.preprocess.dataset import Sample, feeds
from workbench.preprocess.preprocess import Preprocess
from workbench.project.session import Session
from workbench.quantize.schemes import QuantSettings

SAMPLES = 4
TARGETS = {"w4a16": "rk3576", "w8a16": "rk3562"}  # chips that have the type; the others run on rk3588


@dataclass(frozen=True)
class Settings:
    """How both sides quantise."""

    dtype: str = "w8a8"
    method: str = "channel"
    algorithm: str = "normal"

    @cached_property
    def name(self) -> str:
        """One word for folders and titles."""
        return self.dtype if self.is_float else f"{self.dtype}-{self.method}-{self.algorithm}"

    @property
    def is_float(self) -> bool:
        """Whether the toolkit runs without quantization."""
        return self.dtype == "fp16"

    @property
    def quant(self) -> QuantSettings:
        """Ours."""
        return QuantSettings(self.dtype, self.method, self.algorithm, TARGETS.get(self.dtype, "rk3588"))

    @property
    def config(self) -> dict[str, Any]:
        """The toolkit's."""
        own = {"quantized_dtype": self.dtype, "quantized_algorithm": self.algorithm, "quantized_method": self.method}
        return {"target_platform": TARGETS.get(self.dtype, "rk3588"), **({} if self.is_float else own)}


@dataclass(frozen=True)
class Trial:
    """A network with inputs; `config` and `load` are what the toolkit's calls need to read the same inputs."""

    name: str
    session: Session
    config: Mapping[str, Any] = field(default_factory=dict)
    load: Mapping[str, Any] = field(default_factory=dict)
    is_operator: bool = False

    def quantized(self, settings: Settings) -> Session:
        """Our session with these settings."""
        return replace(self.session, quant=settings.quant)

    def request(self, settings: Settings, folder: Path) -> dict[str, Any]:
        """What `vendor_worker` is asked to do in `folder`."""
        lines = [" ".join(map(str, sample.files)) for sample in self.session.dataset]
        (folder / "dataset.txt").write_text("\n".join(lines) + "\n")
        return {
            "folder": str(folder),
            "model": str(self.session.model),
            "config": {**self.config, **settings.config},
            "load": dict(self.load),
            "inputs": [str(file) for file in self.session.samples[0].files],
            "quantize": not settings.is_float,
            "parameters": not settings.is_float,
            "limit": 60 if self.is_operator else 900,
        }


def listed(shared: Path) -> tuple[str, ...]:
    """The names of the networks in the test material."""
    return tuple(item["name"] for item in _items(shared))


def network(shared: Path, name: str, scratch: Path) -> Trial:
    """A network of the test material, with pictures where the toolkit can read them as we do."""
    item = next(item for item in _items(shared) if item["name"] == name)
    case = next(case for case in cases.cases(shared) if case.file == item["file"])
    session = cases.session(shared, case, scratch, SAMPLES)
    load = _load(item, session.model)
    if any(given["layout"] == "nhwc" for given in item["inputs"]):
        return Trial(name, _with_arrays(session, scratch), load=load)
    if any(given.get("resize", "stretch") != "stretch" for given in item["inputs"]):
        session = _with_sized_pictures(session, scratch)
    return Trial(name, session, _config(item["inputs"]), load)


def operator(name: str, scratch: Path) -> Trial:
    """A network of one operator, fed with normal values."""
    path = scratch / f"{name}.onnx"
    model = NETWORKS[name]()
    onnx.save(model, path)
    random = np.random.default_rng(1)
    samples = []
    for number in range(SAMPLES):
        files = [scratch / f"{given.name}-{number}.npy" for given in model.graph.input]
        for file, given in zip(files, model.graph.input, strict=True):
            shape = [size.dim_value for size in given.type.tensor_type.shape.dim]
            np.save(file, random.standard_normal(shape).astype(np.float32))
        samples.append(Sample(tuple(files)))
    return Trial(name, _session(path, samples, [given.name for given in model.graph.input]), is_operator=True)


def _session(model: Path, samples: Sequence[Sample], inputs: Sequence[str]) -> Session:
    preprocess = {name: Preprocess() for name in inputs}
    return Session(model, preprocess=preprocess, samples=tuple(samples[:1]), dataset=tuple(samples))


def _items(shared: Path) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = json.loads((shared / "models" / "cases.json").read_text())
    return items


def _config(inputs: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    return {
        "mean_values": [given["mean"] for given in inputs],
        "std_values": [given["std"] for given in inputs],
        "quant_img_RGB2BGR": [given["order"] == "bgr" for given in inputs],
    }


def _load(item: Mapping[str, Any], model: Path) -> dict[str, Any]:
    """Shapes for a network that leaves some open: the toolkit refuses it without."""
    graph = onnx.load(model, load_external_data=False).graph
    sizes = {given.name: [size.dim_value for size in given.type.tensor_type.shape.dim] for given in graph.input}
    if all(size > 0 for given in item["inputs"] for size in sizes[given["name"]]):
        return {}
    return {
        "inputs": [given["name"] for given in item["inputs"]],
        "input_size_list": [given["shape"] for given in item["inputs"]],
    }


def _with_arrays(session: Session, scratch: Path) -> Session:
    """Feeds instead of pictures: the toolkit takes pictures for NCHW inputs only."""
    inputs = read_model(session.model, session.shapes).graph.inputs
    samples = []
    for number, sample in enumerate(session.dataset):
        arrays = feeds(sample, inputs, session.preprocess)
        files = tuple(scratch / f"feed{number}-{position}.npy" for position in range(len(arrays)))
        for file, array in zip(files, arrays.values(), strict=True):
            np.save(file, array)
        samples.append(Sample(files))
    fed = _session(session.model, samples, [given.name for given in inputs])
    return replace(fed, shapes=session.shapes)


def _with_sized_pictures(session: Session, scratch: Path) -> Session:
    """Pictures of the network's size: the toolkit only stretches."""
    ((name, settings),) = session.preprocess.items()
    height, width = session.shapes[name][2:]
    samples = []
    for number, sample in enumerate(session.dataset):
        source, file = sample.files[0], scratch / f"picture{number}.png"
        cv2.imwrite(str(file), images.resize(images.read(source), height, width, settings.resize, source))
        samples.append(Sample((file,)))
    return replace(
        session,
        samples=tuple(samples[:1]),
        dataset=tuple(samples),
        preprocess={name: replace(settings, resize="stretch")},
    )

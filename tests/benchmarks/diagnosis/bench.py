"""A network of the test material with all that a fault needs: its inputs, its float values, chances that repeat."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from zlib import crc32

import numpy as np
import onnx
import onnxruntime
from onnx import helper

from tests import cases
from workbench.graph.graph import Tensor
from workbench.graph.read import read_model
from workbench.preprocess.dataset import Sample, feeds
from workbench.preprocess.preprocess import Preprocess
from workbench.project.session import Session

Feeds = Mapping[str, np.ndarray]


@dataclass(frozen=True)
class Bench:
    """`session` is as it should be; `scratch` takes the files of a fault; `attempt` counts draws of one fault."""

    name: str
    session: Session
    scratch: Path
    kind: str = ""
    attempt: int = 0
    seed: int = 0

    @cached_property
    def random(self) -> np.random.Generator:
        """The same chances each time, others for each network, fault and attempt."""
        return np.random.default_rng([self.seed, crc32(self.name.encode()), crc32(self.kind.encode()), self.attempt])

    @cached_property
    def inputs(self) -> tuple[Tensor, ...]:
        return read_model(self.session.model, self.session.shapes).graph.inputs

    @property
    def input(self) -> str:
        """The name of the only input."""
        return self.inputs[0].name

    @property
    def preprocess(self) -> Preprocess:
        """Of the only input, as it should be."""
        return self.session.preprocess[self.input]

    @property
    def sample(self) -> Sample:
        """What is analysed."""
        return self.session.samples[0]

    def fed(self, sample: Sample | None = None, preprocess: Preprocess | None = None) -> dict[str, np.ndarray]:
        """The feeds of a sample, as they should be or with another preprocessing."""
        settings = {self.input: preprocess} if preprocess is not None else self.session.preprocess
        return feeds(sample or self.sample, self.inputs, settings)

    @cached_property
    def proto(self) -> onnx.ModelProto:
        """A copy to be changed."""
        return onnx.load(self.session.model)

    def saved(self, model: onnx.ModelProto) -> Path:
        """A changed network as a file."""
        path = self.scratch / f"{self.session.model.stem}-{self.kind}-{self.attempt}.onnx"
        onnx.save(model, path)
        return path


def listed(shared: Path) -> tuple[str, ...]:
    """The names of the networks in the test material."""
    return tuple(item["name"] for item in json.loads((shared / "models" / "cases.json").read_text()))


def bench(shared: Path, name: str, scratch: Path, kind: str, attempt: int = 0, seed: int = 0) -> Bench:
    """A network for one fault; its first picture is analysed, eight calibrate."""
    item = next(item for item in json.loads((shared / "models" / "cases.json").read_text()) if item["name"] == name)
    case = next(case for case in cases.cases(shared) if case.file == item["file"])
    return Bench(name, cases.session(shared, case, scratch), scratch, kind, attempt, seed)


def float_values(model: onnx.ModelProto, given: Feeds, names: Collection[str] | None = None) -> dict[str, np.ndarray]:
    """What plain ONNX Runtime computes: the tensors that are named, or all floats in order."""
    exposed = onnx.ModelProto()
    exposed.CopyFrom(model)
    wanted = list(names) if names is not None else [name for node in model.graph.node for name in node.output if name]
    del exposed.graph.output[:]
    exposed.graph.output.extend(helper.make_empty_tensor_value_info(name) for name in wanted)
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    options.log_severity_level = 4
    session = onnxruntime.InferenceSession(exposed.SerializeToString(), options, providers=["CPUExecutionProvider"])
    found = dict(zip(wanted, session.run(wanted, dict(given)), strict=True))
    return {name: array for name, array in found.items() if names is not None or array.dtype == np.float32}

"""Golden values of networks that are not ONNX: how far are OpenCV, LiteRT and torch from the toolkit's own?

    RKNN_TOOLKIT_PYTHON=… python -m tests.benchmarks.bench_foreign_golden [NAME…]

A line a network: what computes our reference (LiteRT where it is installed), tensors that both have under one name, how
many of them are equal but for the rounding of float32 (relative error below 1e-5), the relative error ‖a − b‖/‖a‖ of
the output and the worst of all with its tensor. The toolkit folds layers before it computes: a tensor that has the name
of one of ours may hold other values there.
"""

import argparse
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from tests import cases, foreign
from tests.benchmarks.bench_vendor_table import SHARED, every_case
from workbench.compare.compare import LayerError
from workbench.foundation.errors import WorkbenchError
from workbench.foundation.interpreters import TOOLKIT
from workbench.foundation.steps import drain
from workbench.graph.read import read_inputs, read_model
from workbench.preprocess.dataset import Sample
from workbench.preprocess.preprocess import Preprocess
from workbench.project.comparison.comparing import compare_sides
from workbench.project.comparison.sides import Side
from workbench.project.pipeline import analyze
from workbench.project.references import reference_name
from workbench.project.session import Session

ENTIRE = "simulator.entire"
ROUNDING = 1e-5
SHAPES = {"tiny.pt": {"x.1": (1, 3, 8, 8)}, "tiny.pb": {"x:0": (1, 6, 6, 3)}}
MAKE: tuple[Callable[[Path], object], ...] = (
    foreign.caffe,
    lambda folder: suited(foreign.darknet(folder)),
    foreign.tensorflow,
    foreign.tflite,
    lambda folder: foreign.torchscript(folder, Path(os.environ[TOOLKIT])),
)


@dataclass(frozen=True)
class Line:
    """What a network gave."""

    name: str
    reference: str
    errors: dict[str, float]
    output: float

    def __str__(self) -> str:
        equal = sum(error < ROUNDING for error in self.errors.values())
        worst = max(self.errors, key=lambda name: self.errors[name], default="")
        numbers = f"{len(self.errors):7} {equal:6} {self.output:9.2g} {self.errors.get(worst, 0.0):9.2g}"
        return f"{self.name:44} {self.reference:15} {numbers}  {worst}"


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench_foreign_golden", description=__doc__)
    parser.add_argument("names", nargs="*")
    options = parser.parse_args()
    print(f"{'network':44} {'reference':15} {'tensors':>7} {'equal':>6} {'output':>9} {'worst':>9}")
    with tempfile.TemporaryDirectory() as scratch:
        for session in sessions(Path(scratch)):
            if not options.names or any(name in session.model.name for name in options.names):
                print(_line(session, Path(scratch)), flush=True)
    return 0


def sessions(folder: Path) -> Iterator[Session]:
    """A small network of each framework, then those of TensorFlow Lite of the test material that are float."""
    for make in MAKE:
        make(folder)
    for path in (folder / f"tiny.{end}" for end in ("prototxt", "cfg", "pb", "tflite", "pt")):
        yield small_session(path)
    if SHARED.is_dir():
        for case in every_case(SHARED):
            if case.file.endswith("float.tflite"):
                yield cases.session(SHARED, case, folder, 2)


def suited(path: Path) -> Path:
    """The toolkit takes no convolutional section without `pad`, and for layer 0 of a route the network's input."""
    text = path.read_text().replace("size=1\nstride=1\n", "size=1\nstride=1\npad=0\n")
    path.write_text(text.replace("layers=-1,0", "layers=-1,-5"))
    return path


def small_session(path: Path) -> Session:
    shapes = SHAPES.get(path.name, {})
    (item,) = read_inputs(path)
    feed = path.with_suffix(path.suffix + ".npy")
    np.save(feed, np.abs(foreign.random(*(item.static_shape or shapes[item.name]))))
    samples = (Sample((feed,)),)
    return Session(path, shapes, {item.name: Preprocess()}, samples, samples)


def _line(session: Session, folder: Path) -> Line | str:
    model = read_model(session.model, session.shapes)
    out = folder / f"session-{session.model.name}"
    try:
        drain(analyze(replace(session, simulator="toolkit"), out))
        results = drain(compare_sides((Side(out, "golden"), Side(out, "reference"))))
    except WorkbenchError as error:
        return f"{session.model.name:44} {error.message[:150]}"
    inputs = {item.name for item in model.graph.inputs}
    errors = {row.tensor: relative(row) for row in results.rows if ENTIRE in row.errors and row.tensor not in inputs}
    ends = [errors[item.name] for item in model.graph.outputs if item.name in errors]
    return Line(session.model.name, reference_name(model), errors, max(ends, default=float("nan")))


def relative(row: LayerError) -> float:
    return row.errors[ENTIRE].worst["relative"]


if __name__ == "__main__":
    sys.exit(main())

"""The vendor's toolkit in the window, on networks of the test material and on one of Caffe, Darknet and TorchScript.

    RKNN_TOOLKIT_PYTHON=… python -m tests.benchmarks.bench_vendor_window [NAME…] [--pictures FOLDER]

Every network is opened, run and looked at in a real window, offscreen unless QT_QPA_PLATFORM says otherwise. One line a
network: rows of the table, cells of the whole run that the toolkit printed, those that the table writes with the same
digits, boxes of the graph and how many of them have a colour, the longest time in which the window did not answer.
"""

import argparse
import math
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtWidgets import QApplication

from tests import cases, foreign
from tests.benchmarks.bench_vendor_table import ENTIRE, SHARED, every_case, pairs
from tests.networks import mobilenet
from workbench.graph.read import read_inputs
from workbench.preprocess.dataset import Sample
from workbench.sources.toolkit.descriptions import usual_toolkit
from workbench.ui import app as program
from workbench.ui.main_window import MainWindow
from workbench.ui.models.table.layers import LayersModel

SINGLE = "simulator.single"
FRAMEWORKS = ("caffe", "darknet", "torchscript")
METRICS = {"cos": "cos_toolkit", "euc": "euc"}
"""What the toolkit prints, and how we call it."""
TORCH_SHAPE = (1, 3, 8, 8)
CALIBRATION = 4
LIMIT = 900.0  # seconds for one network
Wait = Callable[[Callable[[], object]], None]


@dataclass(frozen=True)
class Wish:
    """A network and what a user sets before the run."""

    name: str
    path: Path
    shapes: Mapping[str, tuple[int, ...]]
    settings: Mapping[str, Any]


@dataclass(frozen=True)
class Seen:
    """What the window shows of a network that the toolkit has analysed; `problem` where it refused."""

    rows: int = 0
    printed: int = 0
    equal: int = 0
    boxes: int = 0
    coloured: int = 0
    selected: str = ""
    problem: str = ""


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench_vendor_window", description=__doc__)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--pictures", type=Path)
    options = parser.parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    app = QApplication(["bench_vendor_window"])
    print(
        f"{'network':48} {'rows':>5} {'printed':>8} {'equal':>6} {'boxes':>6} {'coloured':>9} {'seconds':>8} {'gap':>6}"
    )
    with tempfile.TemporaryDirectory() as scratch:
        os.environ["RKNN_WORKBENCH_SETTINGS"] = str(Path(scratch) / "settings")
        seen = [_line(app, wish, Path(scratch), options.pictures) for wish in _wishes(Path(scratch), options.names)]
    good = [item for item in seen if not item.problem]
    printed, equal = sum(item.printed for item in good), sum(item.equal for item in good)
    print(f"{len(good)} of {len(seen)} networks; {equal} of {printed} cells as printed ({equal / max(printed, 1):.2%})")
    return 0


def generated(framework: str, folder: Path, python: Path) -> Wish:
    """A small network of another framework, with arrays to run it on."""
    folder.mkdir(parents=True, exist_ok=True)
    path = _made(framework, folder, python)
    (item,) = read_inputs(path)
    shape = item.static_shape or TORCH_SHAPE
    files = [folder / f"feed{number}.npy" for number in range(CALIBRATION)]
    for number, file in enumerate(files):
        np.save(file, np.random.default_rng(number).normal(size=shape).astype(np.float32))
    samples = tuple(Sample((file,)) for file in files)
    shapes = {} if item.static_shape else {item.name: shape}
    return Wish(framework, path, shapes, {"samples": samples[:1], "dataset": samples})


def of_case(shared: Path, case: cases.Case, scratch: Path) -> Wish:
    """A network of the test material with the inputs that it was trained for."""
    session = cases.session(shared, case, scratch, CALIBRATION)
    settings = {name: getattr(session, name) for name in ("preprocess", "samples", "dataset")}
    return Wish(case.name, session.model, session.shapes, settings)


def run_in(window: MainWindow, wish: Wish, wait: Wait) -> Seen:
    """Open a network, let the toolkit simulate it, and read what the window shows: as a user does."""
    workspace = window.workspace
    window.opener.open_model(wish.path, wish.shapes)
    wait(lambda: workspace.session is not None and workspace.session.model == wish.path and not window.opener.is_busy)
    workspace.change(simulator="toolkit", **wish.settings)
    told = len(window.messages.entries)
    window.actions_.run.trigger()
    wait(lambda: not window.runner.is_running)
    errors = [entry.text for entry in window.messages.entries[told:] if entry.severity == "error"]
    if errors:
        return Seen(problem=" ".join(errors))
    wait(lambda: window.graph.canvas.scenery is not None)
    wait(lambda: bool(workspace.selected) and window.panes.summary is not None)
    return _seen(window)


def _seen(window: MainWindow) -> Seen:
    scenery = window.graph.canvas.scenery
    assert scenery is not None
    classes, without = scenery.classes, len(scenery.colours) - 1
    printed, equal = _digits(window)
    return Seen(
        window.table.model.rowCount(), printed, equal, len(classes), int(np.sum(classes != without)),
        window.workspace.selected,
    )  # fmt: skip


def _digits(window: MainWindow) -> tuple[int, int]:
    """How many numbers the toolkit printed, and how many of them the table writes."""
    results, model = window.workspace.own_results, window.table.model
    assert results is not None
    usual = model.chosen_columns
    model.set_columns([f"{column}:{metric}" for column in (ENTIRE, SINGLE) for metric in METRICS.values()])
    written = _written(model)
    model.set_columns(usual)
    found = [
        _is_same(written.get((row.tensor, f"{column}:{METRICS[metric]}"), ""), text)
        for row, report in pairs(results, results.dumps["simulator"][0])
        for column, texts in report.texts.items()
        for metric, text in texts.items()
    ]
    return len(found), sum(found)


def _written(model: LayersModel) -> dict[tuple[str, str], str]:
    """The texts of the cells with numbers, by tensor and column."""
    found = {}
    for at in range(model.rowCount()):
        row = model.row_at(at)
        for number, column in enumerate(model.columns):
            if row is not None and column.kind == "value":
                found[row.tensor, column.key] = str(model.index(at, number).data())
    return found


def _is_same(shown: str, printed: str) -> bool:
    """Whether a cell says what the toolkit printed; its words for no numbers are no numbers there, either."""
    try:
        value = float(shown)
    except ValueError:
        return not printed[-1].isdigit()
    return printed[-1].isdigit() and math.isclose(value, float(printed), rel_tol=5.1e-5, abs_tol=5.1e-6)


def _wishes(scratch: Path, names: Sequence[str]) -> Iterator[Wish]:
    for case in every_case(SHARED):
        if not names or case.name in names:
            yield of_case(SHARED, case, scratch)
    for framework in FRAMEWORKS:
        if not names or framework in names:
            yield generated(framework, scratch / framework, usual_toolkit().python)


def _made(framework: str, folder: Path, python: Path) -> Path:
    match framework:
        case "caffe":
            return foreign.caffe(folder)[0]
        case "torchscript":
            return foreign.torchscript(folder, python)
        case "darknet":
            path = foreign.darknet(folder)
            path.write_text(path.read_text().replace("size=1\nstride=1\n", "size=1\nstride=1\npad=0\n"))
            return path  # the toolkit takes no convolutional section that leaves `pad` to its default
    return mobilenet(folder / "mobilenet.onnx", 64)


def _line(app: QApplication, wish: Wish, scratch: Path, pictures: Path | None) -> Seen:
    window = program.start(app, scratch / "sessions")
    wait, gaps = _waiting(app)
    begun = time.monotonic()
    try:
        seen = run_in(window, wish, wait)
        seconds = time.monotonic() - begun
        numbers = f"{seen.rows:5} {seen.printed:8} {seen.equal:6} {seen.boxes:6} {seen.coloured:9}"
        told = seen.problem or f"{numbers} {seconds:8.1f} {max(gaps):6.2f}"
        if pictures is not None:
            window.grab().save(str(pictures / f"{wish.name.replace('/', '_')}.png"))
    except TimeoutError:
        seen = Seen(problem=f"nothing within {LIMIT:.0f} seconds")
        told = seen.problem
    print(f"{wish.name:48} {told}", flush=True)
    window.close()
    return seen


def _waiting(app: QApplication) -> tuple[Wait, list[float]]:
    """Lets the window live until something has happened; notes how long each of its turns took."""
    gaps = [0.0]

    def wait(is_done: Callable[[], object]) -> None:
        end = time.monotonic() + LIMIT
        while not is_done():
            begun = time.monotonic()
            app.processEvents()
            gaps.append(time.monotonic() - begun)
            if begun > end:
                raise TimeoutError
            time.sleep(0.005)

    return wait, gaps


if __name__ == "__main__":
    sys.exit(main())

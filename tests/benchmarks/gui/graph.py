"""The graph view on large networks: layout, first paint, moving, colouring, folding, memory.

    python -m tests.benchmarks.gui.graph [--all]

`--all` prints every figure on its own, with the scale at which it was taken. The networks are made here: residual
blocks, branches and attention in turn, in scopes as exporters name them. Painting is measured as what the GUI thread
computes, so that other programs on a busy machine do not count; folding, in which the worker process has its part, by
the clock, in the best of some rounds. Moving paints what comes into sight, zooming everything.
"""

import argparse
import gc
import os
import random
import resource
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import numpy.ma  # the program has it loaded when a network is open
from PySide6.QtCore import QEvent, QEventLoop, QObject, QPointF
from PySide6.QtWidgets import QApplication

from tests.benchmarks.gui import Figure
from workbench.compare.compare import LayerError, summarise
from workbench.graph.graph import Graph, Layer, Model, Tensor
from workbench.project.results import Results
from workbench.project.session import Session
from workbench.ui import theme
from workbench.ui.jobs import JobPool
from workbench.ui.models.graph.drawing import Sketch, draw, sketch
from workbench.ui.models.graph.folding import Folding, show
from workbench.ui.models.graph.geometry import Geometry
from workbench.ui.models.network_rows import network_rows
from workbench.ui.views.graph.view import GraphView
from workbench.ui.workspace import Workspace

LARGE, SMALL = 20_000, 1_000
SIZE = (1280, 800)
SCALES = (1.5, 1.0, 0.6, 0.35, 0.14, 0.1, 0.03, 0.005)
MOVES, FOLDS, ROUNDS = 20, 6, 4
COLOURS = tuple(
    (column, metric) for metric in ("euc", "max_abs", "cos") for column in ("simulator.single", "simulator.entire")
)
PATIENCE = 60.0
PAGE_MB = os.sysconf("SC_PAGE_SIZE") / 1e6
Times = dict[str, list[float]]


class Stage(QObject):
    """A graph view in a window of its own, and when it last painted."""

    def __init__(self) -> None:
        super().__init__()
        self.workspace, self.jobs = Workspace(), JobPool()
        self.view = GraphView(self.workspace, self.jobs)
        self.view.resize(*SIZE)
        self.view.show()
        self.painted, self.seen = 0.0, object()
        self._ticking = self.startTimer(5)
        self.canvas.installEventFilter(self)
        self.until(lambda: self.painted > 0)

    @property
    def canvas(self):  # noqa: ANN201 - whatever the view draws on
        """Where the network is drawn."""
        return self.view.canvas

    @property
    def loader(self):  # noqa: ANN201
        """What folds the network."""
        return self.view.pane.loader

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            watched.removeEventFilter(self)
            QApplication.sendEvent(watched, event)
            watched.installEventFilter(self)
            self.painted, self.seen = time.perf_counter(), self.canvas.scenery
            return True
        return False

    def until(self, is_so: Callable[[], bool]) -> None:
        """Let events pass until something is so."""
        end, wait = time.perf_counter() + PATIENCE, QEventLoop.ProcessEventsFlag.WaitForMoreEvents
        while not is_so():
            QApplication.processEvents(wait)  # the ticking ends it
            if time.perf_counter() > end:
                raise TimeoutError("the graph view does not answer")

    def rest(self, seconds: float = 0.15) -> None:
        """Let events pass for a while."""
        end = time.perf_counter() + seconds
        self.until(lambda: time.perf_counter() > end)

    def time(self, do: Callable[[], object]) -> float:
        """Milliseconds from a wish to the picture of another scenery."""
        before, start = self.canvas.scenery, time.perf_counter()
        do()
        self.until(lambda: self.seen is not None and self.seen is self.canvas.scenery and self.seen is not before)
        return 1e3 * (self.painted - start)

    def open(self, graph: Graph) -> float:
        """Milliseconds from a parsed network to its first picture."""
        model = Model(Path("made.onnx"), None, graph, str(id(graph)))  # type: ignore[arg-type]
        session, rows = Session(model.path), network_rows(model)  # both come from the process that parses
        return self.time(lambda: self.workspace.set_session(session, Path(str(id(graph))), model, rows))


def measure() -> list[Figure]:
    """The figures that have a limit."""
    app = QApplication.instance() or QApplication(["bench"])
    assert isinstance(app, QApplication)
    theme.apply(app, "light")
    stage = Stage()
    stage.open(made_graph(100))  # the worker process is there, as it is after parsing
    small = min(stage.open(made_graph(SMALL)) for _ in range(3))
    large = made_graph(LARGE)
    stage.open(made_graph(100))
    gc.collect()
    before = resident()
    opened = stage.open(large)
    stage.time(partial(stage.workspace.set_results, made_results(stage.workspace)))
    stage.rest(1.0)
    figures = [
        (f"a network of {SMALL} nodes is shown after it was parsed", small / 1e3, 0.3, "s"),
        (f"a network of {LARGE} nodes is shown after it was parsed", opened / 1e3, 2.0, "s"),
        *_start(stage),
        *_unfolded(stage, before),
    ]
    stage.jobs.shutdown()
    stage.view.deleteLater()
    return figures


def _start(stage: Stage) -> list[Figure]:
    """As a large network opens: folded to some hundred boxes."""
    boxes = len(stage.view.diagram.boxes)
    return [
        (f"folded to {boxes} boxes: pan, p95", best(stage, pans), 16.0, "ms"),
        (f"folded to {boxes} boxes: zoom, p95", best(stage, zooms), 16.0, "ms"),
        (f"folded to {boxes} boxes: fold and unfold, worst", max(folds(stage)), 100.0, "ms"),
    ]


def _unfolded(stage: Stage, before: float) -> list[Figure]:
    """Every layer a box."""
    stage.time(stage.loader.unfold_all)
    stage.rest(1.0)
    boxes = len(stage.view.diagram.boxes)
    colours = np.min([recolours(stage) for _ in range(ROUNDS)], axis=0)
    figures: list[Figure] = [
        (f"{boxes} boxes: layout in the worker process", layout_seconds(stage), 1.5, "s"),
        (f"{boxes} boxes: pan, p95", best(stage, pans), 16.0, "ms"),
        (f"{boxes} boxes: zoom, p95", best(stage, zooms), 16.0, "ms"),
        (f"{boxes} boxes: recolour, worst", float(max(colours)), 20.0, "ms"),
        (f"{boxes} boxes: fold and unfold, worst", max(folds(stage)), 100.0, "ms"),
    ]
    gc.collect()
    return [*figures, (f"{boxes} boxes: memory of the view", resident() - before, 150.0, "MB")]


def pans(stage: Stage) -> Times:
    """Milliseconds of moving and painting, by scale."""
    x0, y0, x1, y1 = stage.canvas.scenery.geometry.bounds
    found: Times = {}
    for scale in SCALES:
        stage.canvas.look_at((x0 + x1) / 2, (y0 + y1) / 2, scale)
        stage.canvas.repaint()
        distance = QPointF(0, -60 / stage.canvas.scale)
        found[f"pan at {scale}"] = [painted(stage, lambda d=distance: stage.canvas._move_by(d)) for _ in range(MOVES)]
    return found


def zooms(stage: Stage) -> Times:
    """Milliseconds of zooming and painting, from near to the whole network and back."""
    x0, y0, x1, y1 = stage.canvas.scenery.geometry.bounds
    stage.canvas.look_at((x0 + x1) / 2, (y0 + y1) / 2, 2.0)
    steps = [0.8] * 2 * MOVES + [1.25] * 2 * MOVES
    return {"zoom": [painted(stage, lambda f=factor: stage.canvas.zoom(f)) for factor in steps]}


def painted(stage: Stage, change: Callable[[], object]) -> float:
    """Milliseconds that the GUI thread computes for a change and the whole picture after it."""
    start = time.thread_time()
    change()
    stage.canvas.repaint()
    return 1e3 * (time.thread_time() - start)


def recolours(stage: Stage) -> list[float]:
    """Milliseconds of colouring by another value, and of the picture after it; every value for the first time."""
    stage.time(partial(stage.workspace.set_results, replace(stage.workspace.results)))
    answers: list[None] = []
    stage.jobs.ask("bench", lambda: None, answers.append)
    stage.until(lambda: bool(answers))  # what may be wanted next has been looked up
    stage.rest()
    stage.canvas.fit()
    return [painted(stage, partial(stage.workspace.set_colouring, *choice)) for choice in COLOURS]


def folds(stage: Stage) -> list[float]:
    """Milliseconds from unfolding and folding a scope to the picture, here and there in the network."""
    scopes, loader, found = stage.loader.network.scopes, stage.loader, list[float]()
    inner = np.flatnonzero((scopes.parents >= 0) & (scopes.sizes > 5))
    for scope in inner[:: max(1, len(inner) // FOLDS)][:FOLDS].tolist():
        own, *around = (scopes.names[number] for number in scopes.chain(scope))
        loader.fold(loader.folding.with_scopes(around, [own]))
        stage.rest(0.5)
        stage.canvas.reveal(stage.view.diagram.index_of[loader.network.box_of(scope).tensor])
        opens, closes = [], []
        for _ in range(ROUNDS):
            opens.append(stage.time(partial(loader.fold, loader.folding.with_scopes([own]))))
            stage.rest()
            closes.append(stage.time(partial(loader.close, scope)))
            stage.rest()
        found += [min(opens), min(closes)]
    return found


def layout_seconds(stage: Stage) -> float:
    """Seconds that the worker process takes for the layout of everything; nothing of it is remembered."""
    network, answers = stage.loader.network, list[float]()
    everything = sketch(network, show(network, Folding(frozenset(network.scopes.names))))
    stage.jobs.ask_process("bench", _layout_seconds, (everything,), answers.append)
    stage.until(lambda: bool(answers))
    return answers[0]


def _layout_seconds(everything: Sketch) -> float:
    from workbench.graph import layout

    layout._blocks.clear()
    start = time.perf_counter()
    made: Geometry = draw(everything)
    assert len(made.left) == len(everything.widths)
    return time.perf_counter() - start


def best(stage: Stage, times: Callable[[Stage], Times]) -> float:
    """The worst of the 95th percentiles, each in the best of the rounds."""
    rounds = [times(stage) for _ in range(ROUNDS)]
    return max(min(float(np.percentile(one[what], 95)) for one in rounds) for what in rounds[0])


def resident() -> float:
    """MB of memory that the process holds now."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * PAGE_MB


def made_graph(count: int) -> Graph:
    """Residual blocks, branches with a Concat, and attention in turn, the same every time."""
    chance, layers, tensors = random.Random(1), list[Layer](), dict[str, Tensor]()
    block = ""

    def add(op: str, *inputs: str) -> str:
        name = f"{block}/{op}_{len(layers)}"
        layers.append(Layer(name, op, inputs, (f"{name}_output_0",)))
        tensors[layers[-1].outputs[0]] = Tensor(layers[-1].outputs[0], (1, 64, 56, 56))
        return layers[-1].outputs[0]

    last = "x"
    while len(layers) < count:
        kind, number = chance.random(), len(layers)
        block = f"/stage{number // 400}/block{number // 25}/part{number}"
        if kind < 0.5:
            last = add("Add", add("Conv", add("Relu", add("Conv", last))), last)
        elif kind < 0.8:
            last = add("Concat", *(add("Relu", add("Conv", last)) for _ in range(4)))
        else:
            query, key, value = (add("MatMul", last) for _ in range(3))
            last = add("Add", add("MatMul", add("Softmax", add("MatMul", query, key)), value), last)
    ends = (Tensor("x", (1, 3, 224, 224)),), (tensors[last],)
    return Graph(tuple(layers), *ends, {**tensors, "x": ends[0][0]}, frozenset())


def made_results(workspace: Workspace) -> Results:
    """A row with values for every layer."""
    chance, rows = random.Random(2), list[LayerError]()
    for row in network_rows(workspace.model):
        errors = {}
        for column in ("simulator.entire", "simulator.single"):
            error = chance.random() ** 4
            errors[column] = summarise([{"cos": 1 - error, "euc": 100 * error, "max_abs": 3 * error}])
        rows.append(replace(row, errors=errors))
    layers = {row.tensor: (row.tensor.removesuffix("_output_0"),) for row in rows}
    return Results(tuple(rows), layers_of=layers)


def main() -> None:
    """Print the figures; with --all every single one."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--all", action="store_true")
    options = parser.parse_args()
    for what, value, limit, unit in measure():
        print(f"{what:70} {value:9.2f} of {limit:g} {unit}")
    if options.all:
        _print_all()
    print(f"peak {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3:.0f} MB", file=sys.stderr)


def _print_all() -> None:
    stage = Stage()
    stage.open(made_graph(LARGE))
    stage.time(partial(stage.workspace.set_results, made_results(stage.workspace)))
    stage.rest(1.0)
    stage.time(stage.loader.unfold_all)
    for what, values in {**pans(stage), **zooms(stage)}.items():
        print(
            f"{what:20} median {np.median(values):7.1f}  p95 {np.percentile(values, 95):7.1f}  max {max(values):7.1f}"
        )
    print("fold", [round(value) for value in folds(stage)], "recolour", [round(value) for value in recolours(stage)])
    stage.jobs.shutdown()


if __name__ == "__main__":
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from tests.benchmarks.gui import graph  # the worker process finds functions by the module's own name

    graph.main()

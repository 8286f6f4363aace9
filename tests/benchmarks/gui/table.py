"""The layer table with very many rows: sorting, filtering, folding, painting.

    python -m tests.benchmarks.gui.table

The rows are made here: residual blocks in scopes as exporters name them, with errors in two columns. What is measured
is what a key or a click costs until the view is painted again.
"""

import statistics
import sys
import time
from collections.abc import Callable, Iterator
from itertools import cycle, pairwise
from pathlib import Path

import numpy as np
from PySide6.QtCore import QEventLoop
from PySide6.QtWidgets import QApplication

from tests.benchmarks.gui import Figure
from workbench.compare.compare import LayerError, summarise
from workbench.project.results import Results
from workbench.project.session import Session
from workbench.ui import theme
from workbench.ui.jobs import JobPool
from workbench.ui.models.table.columns import Column
from workbench.ui.views.table.layer_table import LayerTable
from workbench.ui.workspace import Workspace

ROWS, LIMIT, PAINT = 100_000, 50.0, 50.0
SIZE = (640, 900)
PATIENCE, TRIES = 60.0, 5
OPERATORS = ("Conv", "Relu", "Add", "exSwish", "MatMul")
COS, EUC = Column("value", "simulator.entire", "cos"), Column("value", "simulator.single", "euc")
FILTERS = ("cos<0.95", "op:conv|add", "block_77", "-relu cos<0.99", "name:7|8", "shape:1x8", "jump>3 single.euc>10")


def made_results(count: int) -> Results:
    """Rows with errors that grow and jump, the same every time."""
    generator = np.random.default_rng(0)
    errors = 10 ** generator.uniform(-5, -0.5, (2, count))
    return Results(rows=tuple(_row(at, *errors[:, at]) for at in range(count)), dumps={"golden": (Path("golden.h5"),)})


def measure() -> list[Figure]:
    """The figures that have a limit, in ms."""
    app = QApplication.instance() or QApplication(["bench"])
    assert isinstance(app, QApplication)
    theme.apply(app, "light")
    stage = Stage(app)
    stage.show(made_results(ROWS))
    figures = [*stage.sorting(), *stage.filtering(), *stage.folding(), stage.painting(), stage.stepping()]
    stage.close()
    return figures


class Stage:
    """A layer table in a window of its own."""

    def __init__(self, app: QApplication) -> None:
        self._app = app
        self._workspace, self._jobs = Workspace(), JobPool()
        self._workspace.set_session(Session(Path("made.onnx")), Path("made"), None)
        self._table = LayerTable(self._workspace, self._jobs)
        self._table.resize(*SIZE)
        self._table.show()

    def show(self, results: Results) -> None:
        """Show results, and wait until everything that is looked up in the background is there."""
        self._workspace.set_inputs_of({row.tensor: (before.tensor,) for before, row in pairwise(results.rows)})
        self._workspace.set_results(results)
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until and self._table.model.values._scopes is None:
            self._app.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 10)
        self._settle()

    def sorting(self) -> Iterator[Figure]:
        """By numbers and by names, and back to the network's order."""
        for item, what in (
            (COS, "cos"),
            (EUC, "euc"),
            (Column("tensor"), "name"),
            (Column("op"), "operator"),
            (None, ""),
        ):
            title = f"{ROWS} rows are sorted by {what}" if what else f"{ROWS} rows are in the network's order again"
            yield self._figure(title, lambda item=item: self._table.view.sort_by(item))

    def filtering(self) -> Iterator[Figure]:
        """Terms as a user types them, each on all rows."""
        for text in FILTERS:
            yield self._figure(f"{ROWS} rows are filtered by {text}", lambda text=text: self._filter(text))

    def folding(self) -> Iterator[Figure]:
        """Headings of scopes."""
        group, model = self._table.actions_.group, self._table.model
        group.trigger()  # the scopes are found once
        states = cycle((True, False))
        yield self._figure(f"{ROWS} rows are put under headings, or taken from there", group.trigger)
        group.setChecked(True)
        yield self._figure("all scopes are folded, or unfolded", lambda: model.fold_all(next(states)))
        model.fold_all(False)
        path = next(heading.path for at in range(9) if (heading := model.heading_at(at)) is not None)
        yield self._figure("a scope is folded, or unfolded", lambda: model.fold(path, next(states)))
        group.setChecked(False)

    def painting(self) -> Figure:
        """Everything that is visible."""
        viewport = self._table.view.viewport()
        return self._figure("the visible rows are painted", viewport.repaint, PAINT)

    def stepping(self) -> Figure:
        """A layer chosen elsewhere is shown."""
        names = iter(f"/stage_{at % 7}/block_{at // 40}/conv_{at}/Conv_output_0" for at in range(5_000, ROWS, 9_001))
        return self._figure("a layer chosen elsewhere is shown", lambda: self._workspace.select(next(names)))

    def close(self) -> None:
        """End what runs in the background."""
        self._jobs.shutdown()
        self._table.deleteLater()

    def _filter(self, text: str) -> None:
        self._table.filter_edit.setText(text)

    def _figure(self, title: str, act: Callable[[], object], limit: float = LIMIT) -> Figure:
        """The median of some tries, each from the table as it is without filter."""
        found = []
        for _ in range(TRIES):
            self._filter("")
            self._settle()
            start = time.perf_counter()
            act()
            found.append(1e3 * (time.perf_counter() - start))
            self._settle()
        self._filter("")
        return title, statistics.median(found), limit, "ms"

    def _settle(self) -> None:
        for _ in range(3):
            self._app.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 5)


def _row(at: int, entire: float, single: float) -> LayerError:
    op = OPERATORS[at % len(OPERATORS)]
    tensor = f"/stage_{at % 7}/block_{at // 40}/conv_{at}/Conv_output_0"
    errors = {
        "simulator.entire": summarise([{"cos": 1 - entire, "one_minus_cos": entire, "euc": 100 * entire}]),
        "simulator.single": summarise([{"cos": 1 - single, "one_minus_cos": single, "euc": 100 * single}]),
    }
    group = (f"/stage_{at % 7}/block_{at // 40}/inner_{at}",) if op == "Relu" else ()
    return LayerError(at, op, tensor, tensor, group, (1, 8 << at % 5, 16, 16), None, errors, "name", "")


if __name__ == "__main__":
    for what, value, limit, unit in measure():
        print(f"{what:70} {value:8.2f} {unit}  limit {limit:g}", file=sys.stdout)

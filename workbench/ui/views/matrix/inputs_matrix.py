"""Which input breaks which layer: a column an input, the worst first."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QCoreApplication, Signal

from workbench.compare.compare import LayerError
from workbench.compare.metrics import METRICS
from workbench.ui.jobs import JobPool
from workbench.ui.models.graph.model import short_name
from workbench.ui.models.matrix.matrix import Head, Matrix, of_inputs, with_lines
from workbench.ui.numbers import value_text
from workbench.ui.reading import inputs_of_dumps
from workbench.ui.views.matrix.page import MatrixPage
from workbench.ui.views.matrix.view import MatrixView
from workbench.ui.widgets import button
from workbench.ui.workspace import Workspace

KEY = "matrix.inputs"
LONGEST_NAME = 20


class InputsMatrix(MatrixPage):
    """A cell opens its layer with its input; `add_wanted` is the wish for more inputs."""

    add_wanted = Signal()

    def __init__(self, workspace: Workspace, jobs: JobPool) -> None:
        super().__init__(workspace, MatrixView(jobs, QCoreApplication.translate("InputsMatrix", "Layers by inputs")))
        self._jobs = jobs
        self._dumps: tuple[Path, ...] = ()
        self._inputs: tuple[Head, ...] = ()
        self.view.table.worst_columns_first = True
        self.add_button = button(self.tr("Add inputs…"), "image", self.add_wanted.emit)
        self.invitations.addWidget(self.add_button)
        self.invitations.addStretch(1)
        self.view.opened.connect(self._open)
        self.view.clicked.connect(self.view.open)
        workspace.results_changed.connect(self.mark_stale)
        workspace.colouring_changed.connect(self.mark_stale)

    def refresh(self) -> None:
        results = self.workspace.results
        dumps = results.dumps.get("golden", ()) if results else ()
        if len(dumps) < 2:
            self._lead(len(dumps))
        elif results is not None and results.inputs:
            self._take(dumps, results.inputs)
        elif dumps != self._dumps:
            if not self._inputs:
                self.wait(self.tr("Reading…"))
            self._jobs.ask_process(KEY, inputs_of_dumps, (dumps,), lambda found: self._take(dumps, found))
        else:
            self._show()

    def _lead(self, count: int) -> None:
        text = self.tr("Which input breaks which layer: add several pictures or arrays and run.")
        if count:
            text = self.tr("One input was analysed. Add more and run: then this shows which input breaks which layer.")
        self.invite(text)

    def _take(self, dumps: tuple[Path, ...], files: tuple[str, ...]) -> None:
        self._dumps = dumps
        self._inputs = tuple(_head(number, file) for number, file in enumerate(files, 1))
        self._show()

    def _show(self) -> None:
        rows, inputs = self.workspace.rows, self._inputs
        column, metric = self.workspace.column, self.workspace.error_metric
        self._jobs.ask(KEY, lambda: _made(rows, inputs, column, metric), self._show_matrix)

    def _show_matrix(self, matrix: Matrix) -> None:
        if not matrix.there.any():
            self.invite(self.tr("These results do not tell {0} of every input. Run again.").format(matrix.metric))
            return
        self.view.show_matrix(matrix)
        first = self.view.table.head(0)
        text = self.tr("layers: {0}   inputs: {1}   worst: {2}  {3}")
        self.told.set_text(text.format(len(matrix.rows), len(matrix.heads), first.title, "  ".join(first.lines)))
        self.view.show_sample(self.workspace.sample)
        self.show_full()

    def _on_selection_changed(self) -> None:
        self.view.show_sample(self.workspace.sample)
        super()._on_selection_changed()

    def _open(self, tensor: str, number: int) -> None:
        self.workspace.set_sample(number)
        self.workspace.select(tensor)


def _head(number: int, file: str) -> Head:
    path = Path(file) if file else None
    return Head(f"{number}  {path.name}" if path else str(number), (), file, path)


def _made(rows: Sequence[LayerError], inputs: Sequence[Head], column: str, metric: str) -> Matrix:
    matrix = of_inputs(rows, inputs, column, metric)
    return with_lines(matrix, {at: _worst(matrix, at) for at in range(len(matrix.heads))})


def _worst(matrix: Matrix, column: int) -> tuple[str, ...]:
    """The worst value of an input, and the layer that has it."""
    at = matrix.worst_row(column)
    if at is None:
        return ()
    value = value_text(matrix.metric, float(matrix.values[at, column]))
    unit = METRICS[matrix.metric].unit
    return (f"{value} {unit}".strip(), short_name(matrix.rows[at].tensor, LONGEST_NAME))

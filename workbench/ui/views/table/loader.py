"""Looks up in the reading thread what the layer table needs soon: which rows lead to which, where errors jump."""

from collections.abc import Callable, Iterator, Sequence

from PySide6.QtCore import QObject

from workbench.project.session import Session
from workbench.ui.jobs import JobPool
from workbench.ui.models.table.columns import FIRST, MORE, Column, metrics_of
from workbench.ui.models.table.completions import completions
from workbench.ui.models.table.layer_order import sorted_by
from workbench.ui.models.table.layer_values import LayerValues
from workbench.ui.models.table.layers import LayersModel
from workbench.ui.models.table.row_inputs import rows_before
from workbench.ui.workspace import Workspace

KINDS = (*FIRST, "value", *MORE)
OF_JUMPS = ("tensor", "jump")
"""Where it shows which rows each row takes from."""


class TableLoader(QObject):
    """Follows the workspace's results; `take_terms` gets what the filter may propose."""

    def __init__(
        self, workspace: Workspace, jobs: JobPool, model: LayersModel, take_terms: Callable[[list[str]], None]
    ) -> None:
        super().__init__(model)
        self._workspace, self._jobs, self._model, self._take_terms = workspace, jobs, model, take_terms
        self._waiting: Iterator[Callable[[], list[str] | None]] = iter(())
        self._due: set[str] = set()
        """The kinds of columns whose cells are shown again when all is known."""
        workspace.results_changed.connect(self.load)
        workspace.inputs_found.connect(lambda: self._look_up(OF_JUMPS))
        for signal in (workspace.colouring_changed, model.columns_changed):
            signal.connect(lambda: self._look_up())
        self.load()

    def load(self) -> None:
        """Find which rows each row takes from; of a network that has not run there are no errors to compare."""
        network, results = self._workspace.model, self._workspace.results
        self._look_up()
        if network is None or results is None:
            return
        graph, rows, layers_of = network.graph, results.rows, results.layers_of
        self._jobs.ask("rows before", lambda: rows_before(graph, rows, layers_of), self._workspace.set_inputs_of)

    def _look_up(self, kinds: Sequence[str] = KINDS) -> None:
        self._due.update(kinds)
        values, columns, source = self._model.values, self._model.columns, self._workspace.column
        self._waiting = _pieces(values, columns, self._model.session)
        self._jobs.ask("table columns", lambda: _numbers(values, columns, source), lambda _: self._show(values))

    def _show(self, values: LayerValues) -> None:
        """Bars and jumps of errors are known; all that is looked up after them is for sorting and filtering."""
        if values is self._model.values:
            due, self._due = self._due, set()
            self._model.show_again(due)
            self._go_on(values)

    def _go_on(self, values: LayerValues) -> None:
        """One piece after another: whoever else asks the reading thread waits for one of them only."""
        piece = next(self._waiting, None)
        if piece is not None and values is self._model.values:
            self._jobs.ask("table columns", piece, lambda terms: self._on_looked_up(values, terms))

    def _on_looked_up(self, values: LayerValues, terms: list[str] | None) -> None:
        if values is self._model.values:
            if terms is not None:
                self._take_terms(terms)
            self._go_on(values)


def _numbers(values: LayerValues, columns: Sequence[Column], source: str) -> None:
    """What the cells show besides their texts."""
    for column in columns:
        if column.kind == "value":
            values.numbers(column.metric, column.column)
    values.jumps(source)


def _pieces(
    values: LayerValues, columns: Sequence[Column], session: Session | None
) -> Iterator[Callable[[], list[str] | None]]:
    """What sorting and filtering ask for; a piece may give the terms that a filter may propose."""

    def texts(name: str) -> Callable[[], None]:
        return lambda: _forgotten(values.texts(name))

    def order(column: Column) -> Callable[[], None]:
        return lambda: _forgotten(sorted_by(values, session, column, worst_first=True))

    yield texts("text")
    yield lambda: _terms(values)
    for name in ("op", "name", "shape"):
        yield texts(name)
    for column in columns:
        yield order(column)
    yield lambda: _forgotten(values.scopes())


def _forgotten(found: object) -> None:
    """What is looked up stays with the values."""


def _terms(values: LayerValues) -> list[str]:
    operators = {name for row in values.rows for name in values.known.operators_of(row.tensor)}
    metrics = set().union(*metrics_of(values.rows).values())
    return completions(values.rows, operators, metrics)

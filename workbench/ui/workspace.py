"""What the window is looking at: one session, its network and results, one selection, one colouring."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtCore import QObject, Signal

from workbench.compare.compare import LayerError
from workbench.compare.grades import Grade, grade
from workbench.compare.metrics import METRICS, NUMBERS, TIME
from workbench.graph.graph import Model
from workbench.project.comparison.sides import LETTERS
from workbench.project.results import SOURCES, Results
from workbench.project.session import Session
from workbench.ui.access import Access
from workbench.ui.models.network_rows import network_rows
from workbench.ui.spared import Spared

ENTIRE = ("simulator.entire", "runtime.entire")


class Workspace(QObject):
    """Shared by all views. A view changes it through its methods and listens to its signals; nothing else is shared."""

    session_changed = Signal()
    results_changed = Signal()
    selection_changed = Signal()
    colouring_changed = Signal()
    import_wanted = Signal(str)
    """A view's wish to import the dumps of a source ("golden", "simulator" or "runtime")."""
    inputs_found = Signal()
    """It became known which rows each row takes from."""
    run_wanted = Signal()
    """A view's wish that what it changed is computed at once."""
    edited = Signal(object, object)
    """The session before and after a user changed its settings; what undo puts back is no edit."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.session: Session | None = None
        self.spared, self.access = Spared(self), Access(self)
        self.folder: Path | None = None
        self.model: Model | None = None
        self.results: Results | None = None
        self.own_results: Results | None = None
        self.selected, self.sample = "", 0
        self.column, self.metric = "simulator.entire", "cos"
        self.inputs_of: Mapping[str, tuple[str, ...]] = {}
        self._network_rows: tuple[LayerError, ...] = ()
        self._rows: dict[str, LayerError] = {}
        self._layers_of: dict[str, tuple[str, ...]] = {}
        self._ops: dict[str, str] = {}
        self._order: list[str] = []
        """The tensors of all rows, the worst first, once somebody has walked them."""

    @property
    def rows(self) -> tuple[LayerError, ...]:
        """The rows of the last run; before any run the network's own layers, without values."""
        return tuple(self._rows.values())

    def set_session(
        self, session: Session | None, folder: Path | None, model: Model | None, rows: Sequence[LayerError] = ()
    ) -> None:
        """Show another session, or the same one after a setting changed; another network forgets the results."""
        self.take_session(session, folder, model, rows)
        self.session_changed.emit()

    def take_session(
        self, session: Session | None, folder: Path | None, model: Model | None, rows: Sequence[LayerError] = ()
    ) -> None:
        """The same without `session_changed`, for who emits it in another turn of the event loop.

        `rows` are those of the network before any run, from who made them already: for large networks that takes long.
        """
        is_another = folder != self.folder or model is not self.model
        if model is not self.model:
            self._network_rows = tuple(rows)
        self.session, self.folder, self.model = session, folder, model
        if is_another:
            self.select("")
            self.inputs_of = {}
            self.spared.show({})
            self.set_results(None)

    def take_over(self, other: "Workspace") -> None:
        """Look at what another one looks at."""
        self.sample = other.sample
        self.set_session(other.session, other.folder, other.model)
        self.set_results(other.own_results)
        self.show_comparison(other.results if other.is_comparing else None)
        self.set_colouring(other.column, other.metric)
        self.select(other.selected)

    def change(self, **changes: Any) -> None:
        """Replace fields of the session: a user changed settings; where it is only looked at all stays as it is."""
        if not self.access.asked():
            self.session_changed.emit()  # views show again what holds
        elif (before := self.session) is not None:
            self.put_back(changes)
            self.edited.emit(before, self.session)

    def put_back(self, fields: Mapping[str, Any]) -> None:
        """Replace fields of the session without an edit: what undo and redo do."""
        if self.session is not None:
            self.set_session(replace(self.session, **fields), self.folder, self.model)

    @property
    def is_comparing(self) -> bool:
        """Whether another comparison is shown than that of the session's own run."""
        return self.results is not self.own_results

    @property
    def has_only_numbers(self) -> bool:
        """Whether what is shown is a report without any dump."""
        return self.results is not None and not self.results.dumps

    @property
    def session_sample(self) -> int | None:
        """The number in the session of the input that is looked at; None where it is none of the session's."""
        if not self.is_comparing:
            return self.sample
        files = self.results.inputs if self.results else ()
        known = [str(sample.files[0]) for sample in self.session.samples] if self.session else []
        file = files[self.sample] if self.sample < len(files) else ""
        return known.index(file) if file in known else None

    def set_results(self, results: Results | None) -> None:
        """Show what a run of the session left, or None."""
        self.own_results = results
        self._show_results(results)

    def show_comparison(self, results: Results | None) -> None:
        """Show another comparison in all views; None goes back to the session's own results, which stay as they are."""
        if results is not None or self.is_comparing:
            self._show_results(self.own_results if results is None else results)

    def _show_results(self, results: Results | None) -> None:
        is_new, self.results = self.results is None, results
        rows = self._rows_without_results() if results is None else results.rows
        self._rows, self._order = {row.tensor: row for row in rows}, []
        self._layers_of = self._find_layers()
        self._ops = {layer.name: layer.op for layer in self.model.graph.layers} if self.model else {}
        samples = len(results.dumps.get("golden", ())) if results else 0
        self.sample = min(self.sample, max(0, samples - 1))
        self._choose_column(is_new)
        self.results_changed.emit()
        if self.selected and self.selected not in self._rows:
            self.select("")

    def _rows_without_results(self) -> tuple[LayerError, ...]:
        self._network_rows = self._network_rows or network_rows(self.model)
        return self._network_rows

    def set_inputs_of(self, inputs_of: Mapping[str, tuple[str, ...]]) -> None:
        """Which rows each row takes from, by their tensors; whoever looked it up tells it."""
        self.inputs_of = inputs_of
        self.inputs_found.emit()

    def select(self, tensor: str) -> None:
        """Choose a row by its tensor everywhere; "" chooses none."""
        if tensor != self.selected:
            self.selected = tensor
            self.selection_changed.emit()

    def set_sample(self, sample: int) -> None:
        """Look at another of the analysed inputs."""
        if sample != self.sample:
            self.sample = sample
            self.selection_changed.emit()

    def look_at_worst_input(self) -> None:
        """Look at the input that is worst in the selected row, by what colours."""
        row = self.row(self.selected)
        worst = self.worst_input(row) if row else None
        if worst is not None:
            self.set_sample(worst)

    def worst_input(self, row: LayerError) -> int | None:
        """The number of the input that is worst in a row, by what colours; None where there is only one."""
        errors = row.errors.get(self.column)
        return None if errors is None or errors.samples < 2 else errors.worst_sample.get(self.metric)

    def set_colouring(self, column: str, metric: str) -> None:
        """Colour by another metric of another column."""
        if (column, metric) != (self.column, self.metric):
            self.column, self.metric, self._order = column, metric, []
            self.colouring_changed.emit()

    def source_title(self, source: str) -> str:
        """What "golden", "simulator" or "runtime" stands for: its name, or a side of another comparison, "B two"."""
        return f"{LETTERS[SOURCES.index(source)]} {self.sides[source]}" if source in self.sides else source

    @property
    def is_timed(self) -> bool:
        """Whether the board's time of a row is known."""
        return any(row.time_us is not None for row in self._rows.values())

    @property
    def numbers(self) -> tuple[str, ...]:
        """What can colour: metrics, and the board's time where it is known."""
        return (*METRICS, TIME.key) if self.is_timed else tuple(METRICS)

    @property
    def error_metric(self) -> str:
        """The metric that colours; where that is the board's time the usual one."""
        return self.metric if self.metric in METRICS else next(iter(METRICS))

    @property
    def sides(self) -> Mapping[str, str]:
        """The titles of the sides of another comparison, by the source as which each stands; {} for the own results."""
        return self.results.sides if self.results else {}

    def row(self, tensor: str) -> LayerError | None:
        """The row of the table whose tensor this is."""
        return self._rows.get(tensor)

    def row_before(self, tensor: str) -> LayerError | None:
        """The row as it was before a what-if changed it."""
        before = self.results.before if self.results else None
        return before.rows.get(tensor) if before else None

    def layers_of(self, tensor: str) -> tuple[str, ...]:
        """The layers of the user's network that a row stands for."""
        return self._layers_of.get(tensor, ())

    def operators_of(self, tensor: str) -> tuple[str, ...]:
        """The operators of the layers of the user's network that a row stands for."""
        return tuple(self._ops[name] for name in self.layers_of(tensor) if name in self._ops)

    def value(self, row: LayerError, column: str = "", metric: str = "") -> float | None:
        """The mean over the inputs of one metric, or the board's time; by default the one that colours."""
        if (metric or self.metric) == TIME.key:
            return row.time_us
        errors = row.errors.get(column or self.column)
        return None if errors is None else errors.mean.get(metric or self.metric)

    def worst(self) -> LayerError | None:
        """The row that is worst by the metric that colours."""
        return next(iter(self.worst_first()), None)

    def worst_first(self, rows: Iterable[LayerError] | None = None) -> list[LayerError]:
        """The rows that have a value, all of them or some, the worst first; equals keep their order."""
        chosen = self._rows.values() if rows is None else rows
        valued = [(value, row) for row in chosen if (value := self.value(row)) is not None]
        sign = -1.0 if NUMBERS[self.metric].higher_is_worse else 1.0
        keys = sign * np.array([value for value, _ in valued], float)
        keys[np.isnan(keys)] = -np.inf  # as bad as it gets
        return [valued[at][1] for at in np.argsort(keys, kind="stable").tolist()]

    def worse(self) -> None:
        """Select the next worse row."""
        self._step(-1)

    def better(self) -> None:
        """Select the next better row."""
        self._step(1)

    def _step(self, by: int) -> None:
        order = self._order = self._order or [row.tensor for row in self.worst_first()]
        if order:
            at = order.index(self.selected) + by if self.selected in order else 0
            self.select(order[max(0, min(len(order) - 1, at))])

    def _choose_column(self, is_new: bool) -> None:
        """Keep to a column that has values: a comparison with a board only has no simulator column.

        A report that `is_new` begins with what it says of the worse one.
        """
        filled = dict.fromkeys(chain.from_iterable(row.errors for row in self._rows.values()))
        metric = self.metric if self.is_timed else self.error_metric
        column = self.column if self.column in filled or not filled else next(iter(filled))
        self.set_colouring(self._worse_column(filled, column) if is_new and self._is_report else column, metric)

    @property
    def _is_report(self) -> bool:
        """Whether a report is shown: numbers of a simulator that the session itself has not."""
        session = self.session
        is_without = session is not None and session.simulator == "none" and "simulator" not in session.imports
        return is_without and not self.is_comparing and self.results is not None

    def _worse_column(self, filled: Iterable[str], otherwise: str) -> str:
        """Of simulator and board the one whose worst row has the worse grade; the simulator where both are alike."""
        columns = [column for column in ENTIRE if column in filled]
        metric = self.error_metric

        def worst(column: str) -> Grade:
            values = (self.value(row, column, metric) for row in self._rows.values())
            return max((grade(metric, column, value) for value in values if value is not None), default=Grade.GOOD)

        return max(columns, key=worst, default=otherwise)

    def _find_layers(self) -> dict[str, tuple[str, ...]]:
        if self.results is not None:
            return {tensor: names for tensor, names in self.results.layers_of.items() if tensor in self._rows}
        producers = self.model.graph.producers if self.model else {}
        return {tensor: (producers[tensor].name,) for tensor in self._rows}

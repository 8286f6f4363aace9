"""What the window is looking at: one session, its network and results, one selection, one colouring."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from workbench.compare.compare import LayerError
from workbench.compare.metrics import METRICS
from workbench.graph.graph import Model
from workbench.project.results import Results
from workbench.project.session import Session


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
        self.folder: Path | None = None
        self.model: Model | None = None
        self.results: Results | None = None
        self.selected = ""
        self.sample = 0
        self.column = "simulator.entire"
        self.metric = "cos"
        self.inputs_of: Mapping[str, tuple[str, ...]] = {}
        self._rows: dict[str, LayerError] = {}
        self._layers_of: dict[str, tuple[str, ...]] = {}
        self._ops: dict[str, str] = {}

    @property
    def rows(self) -> tuple[LayerError, ...]:
        """The rows of the last run; before any run the network's own layers, without values."""
        return tuple(self._rows.values())

    def set_session(self, session: Session | None, folder: Path | None, model: Model | None) -> None:
        """Show another session, or the same one after a setting changed; another network forgets the results."""
        is_another = folder != self.folder or model is not self.model
        self.session, self.folder, self.model = session, folder, model
        if is_another:
            self.select("")
            self.inputs_of = {}
            self.set_results(None)
        self.session_changed.emit()

    def take_over(self, other: "Workspace") -> None:
        """Look at what another one looks at."""
        self.set_colouring(other.column, other.metric)
        self.sample = other.sample
        self.set_session(other.session, other.folder, other.model)
        self.set_results(other.results)
        self.select(other.selected)

    def change(self, **changes: Any) -> None:
        """Replace fields of the session: a user changed settings."""
        before = self.session
        if before is not None:
            self.put_back(changes)
            self.edited.emit(before, self.session)

    def put_back(self, fields: Mapping[str, Any]) -> None:
        """Replace fields of the session without an edit: what undo and redo do."""
        if self.session is not None:
            self.set_session(replace(self.session, **fields), self.folder, self.model)

    def set_results(self, results: Results | None) -> None:
        """Show what a run left, or None."""
        self.results = results
        rows = network_rows(self.model) if results is None else results.rows
        self._rows = {row.tensor: row for row in rows}
        self._layers_of = self._find_layers()
        self._ops = {layer.name: layer.op for layer in self.model.graph.layers} if self.model else {}
        samples = len(results.dumps.get("golden", ())) if results else 0
        self.sample = min(self.sample, max(0, samples - 1))
        self._choose_column()
        self.results_changed.emit()
        if self.selected and self.selected not in self._rows:
            self.select("")

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

    def set_colouring(self, column: str, metric: str) -> None:
        """Colour by another metric of another column."""
        if (column, metric) != (self.column, self.metric):
            self.column, self.metric = column, metric
            self.colouring_changed.emit()

    def source_title(self, source: str) -> str:
        """What "golden", "simulator" or "runtime" stands for: its name, or a side of another comparison."""
        return self.results.sides.get(source, source) if self.results else source

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
        """The mean over the inputs of one metric; by default the one that colours."""
        errors = row.errors.get(column or self.column)
        return None if errors is None else errors.mean.get(metric or self.metric)

    def worst(self) -> LayerError | None:
        """The row that is worst by the metric that colours."""
        order = self.worst_first()
        return order[0] if order else None

    def worst_first(self) -> list[LayerError]:
        """All rows that have a value, the worst first; equals keep the network's order."""
        valued = [(value, row) for row in self._rows.values() if (value := self.value(row)) is not None]
        sign = -1.0 if METRICS[self.metric].higher_is_worse else 1.0
        # NaN is as bad as it gets: it has no place in an order of numbers.
        return [row for _, row in sorted(valued, key=lambda pair: (pair[0] == pair[0], sign * pair[0]))]

    def worse(self) -> None:
        """Select the next worse row."""
        self._step(-1)

    def better(self) -> None:
        """Select the next better row."""
        self._step(1)

    def _step(self, by: int) -> None:
        order = [row.tensor for row in self.worst_first()]
        if not order:
            return
        if self.selected not in order:
            self.select(order[0])
            return
        self.select(order[max(0, min(len(order) - 1, order.index(self.selected) + by))])

    def _choose_column(self) -> None:
        """Keep to a column that has values: a comparison with a board only has no simulator column."""
        filled = [column for row in self._rows.values() for column in row.errors]
        if filled and self.column not in filled:
            self.set_colouring(filled[0], self.metric)

    def _find_layers(self) -> dict[str, tuple[str, ...]]:
        if self.results is not None:
            return {tensor: names for tensor, names in self.results.layers_of.items() if tensor in self._rows}
        producers = self.model.graph.producers if self.model else {}
        return {tensor: (producers[tensor].name,) for tensor in self._rows}


def network_rows(model: Model | None) -> tuple[LayerError, ...]:
    """The layers of a network that has not been run: rows without values."""
    if model is None:
        return ()
    outputs = [(layer, name) for layer in model.graph.layers for name in layer.outputs if name]
    return tuple(
        LayerError(
            index=index, op=layer.op, tensor=name, golden=name, group=(), shape=_shape(model, name), encoding=None,
            errors={}, matched_by="", note="",
        )
        for index, (layer, name) in enumerate(outputs)
    )  # fmt: skip


def _shape(model: Model, name: str) -> tuple[int, ...]:
    tensor = model.graph.tensors.get(name)
    return (tensor.static_shape if tensor else None) or ()

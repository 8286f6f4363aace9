"""The layer table as Qt asks for it; sorting and filtering are index arrays (Qt's proxy is 400 times slower)."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from workbench.compare.compare import COLUMNS, LayerError, severity
from workbench.compare.metrics import METRICS
from workbench.ui.models import layer_tips as tips
from workbench.ui.models.changes import direction
from workbench.ui.models.filter import COMPARISONS, Condition, Filter
from workbench.ui.numbers import value_text
from workbench.ui.workspace import Workspace

Index = QModelIndex | QPersistentModelIndex
ROW_ROLE = Qt.ItemDataRole.UserRole
SEVERITY_ROLE = Qt.ItemDataRole.UserRole + 1
CHANGE_ROLE = Qt.ItemDataRole.UserRole + 2
"""Of a value that a what-if changed: the old value's text and "better" or "worse"; else None."""
USUAL_METRICS = ("cos", "euc")


@dataclass(frozen=True)
class Column:
    """`kind` is "index", "op", "tensor", "value" or "note"; a value is a metric of a column of the comparison."""

    kind: str
    column: str = ""
    metric: str = ""


class LayersModel(QAbstractTableModel):
    """Rows of the workspace, filtered and sorted. `worst_of_inputs` shows the worst input instead of the mean."""

    columns_changed = Signal()

    def __init__(self, workspace: Workspace, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._rows: tuple[LayerError, ...] = ()
        self._order = np.arange(0)
        self._values: dict[tuple[str, str], tuple[np.ndarray, np.ndarray]] = {}
        self._changed: dict[Column, bool] = {}
        self._filter = Filter()
        self._sorting: tuple[Column, bool] | None = None
        self.columns: tuple[Column, ...] = ()
        self.worst_of_inputs = False
        workspace.results_changed.connect(self.refresh)
        workspace.colouring_changed.connect(self._on_colouring_changed)
        self.refresh()

    def refresh(self) -> None:
        """Take the rows of the workspace anew; where only their numbers are others, the view stays where it is."""
        before = self._rows
        self._rows = self._workspace.rows
        if [row.tensor for row in before] == [row.tensor for row in self._rows]:
            columns = tuple(self._find_columns())
            if columns == self.columns:
                self._values.clear()
                self._changed.clear()
                self._rearrange()
                self.columns_changed.emit()
                return
        self._rows = before
        self.beginResetModel()
        self._rows = self._workspace.rows
        self._values.clear()
        self._changed.clear()
        self.columns = tuple(self._find_columns())
        self._arrange()
        self.endResetModel()
        self.columns_changed.emit()

    def set_filter(self, chosen: Filter) -> None:
        """Show only what satisfies all conditions."""
        self._filter = chosen
        self._rearrange()

    def set_worst_of_inputs(self, worst: bool) -> None:
        """Show each value's worst input, or the mean of all."""
        self.worst_of_inputs = worst
        self._values.clear()
        self._changed.clear()
        self._rearrange()

    def sort_by(self, column: Column | None, *, worst_first: bool = True) -> None:
        """Order by a column, the worst (or the first) on top; None is the network's order."""
        self._sorting = None if column is None else (column, worst_first)
        self._rearrange()

    @property
    def sorting(self) -> tuple[Column, bool] | None:
        """The column that orders, and whether the worst is on top."""
        return self._sorting

    @property
    def total(self) -> int:
        """How many rows there are without the filter."""
        return len(self._rows)

    def row_at(self, position: int) -> LayerError:
        """The row that is shown at a position."""
        return self._rows[int(self._order[position])]

    def position(self, tensor: str) -> int | None:
        """Where a tensor's row is shown; None where the filter hides it."""
        found = np.flatnonzero([self._rows[at].tensor == tensor for at in self._order])
        return int(found[0]) if found.size else None

    def change(self, row: LayerError, column: Column) -> tuple[str, str] | None:
        """The old value's text and "better" or "worse", where a what-if changed the value that is shown."""
        old = self._workspace.row_before(row.tensor) if column.kind == "value" else None
        was = self._value(old, column.column, column.metric) if old is not None else None
        now = self._value(row, column.column, column.metric) if was is not None else None
        if was is None or now is None:
            return None
        turned = direction(column.metric, was, now)
        return (value_text(column.metric, was), turned) if turned else None

    def has_changes(self, column: Column) -> bool:
        """Whether a what-if changed a value of a column."""
        if column not in self._changed:
            before = self._workspace.results.before if self._workspace.results else None
            rows = [row for row in self._rows if before is not None and row.tensor in before.rows]
            self._changed[column] = any(self.change(row, column) for row in rows)
        return self._changed[column]

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else int(self._order.size)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        row, column = self.row_at(index.row()), self.columns[index.column()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self._text(row, column)
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._value_tip(row, column) if column.kind == "value" else self._row_tip(row)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if column.kind in ("index", "value") else Qt.AlignmentFlag.AlignLeft
            return int(side | Qt.AlignmentFlag.AlignVCenter)
        if role == ROW_ROLE:
            return row
        if role == SEVERITY_ROLE:
            return self._severity(row, column)
        if role == CHANGE_ROLE:
            return self.change(row, column)
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal or section >= len(self.columns):
            return None
        column = self.columns[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return self._title(column)
        if role == Qt.ItemDataRole.ToolTipRole:
            return "" if column.kind != "value" else tips.of_column(column.column, column.metric)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if column.kind in ("index", "value") else Qt.AlignmentFlag.AlignLeft
            return int(side | Qt.AlignmentFlag.AlignBottom)
        return None

    def _find_columns(self) -> Iterator[Column]:
        filled = {column for row in self._rows for column in row.errors}
        yield Column("index")
        yield Column("op")
        yield Column("tensor")
        metrics = (
            [*USUAL_METRICS] if self._workspace.metric in USUAL_METRICS else [self._workspace.metric, *USUAL_METRICS]
        )
        for column in COLUMNS:
            if column in filled:
                yield from (Column("value", column, metric) for metric in metrics)
        if any(row.note for row in self._rows):
            yield Column("note")

    def _on_colouring_changed(self) -> None:
        columns = tuple(self._find_columns())
        if columns != self.columns:
            self.refresh()
        else:
            self._rearrange()

    def _rearrange(self) -> None:
        """Order anew without losing the view's place: a layout change, no reset."""
        self.layoutAboutToBeChanged.emit()
        before, order = self.persistentIndexList(), self._order
        self._arrange()
        place = {int(at): position for position, at in enumerate(self._order)}
        after = [self._moved(index, place.get(int(order[index.row()]))) for index in before]
        self.changePersistentIndexList(before, after)
        self.layoutChanged.emit()

    def _moved(self, index: QModelIndex, position: int | None) -> QModelIndex:
        return QModelIndex() if position is None else self.index(position, index.column())

    def _arrange(self) -> None:
        shown = np.ones(len(self._rows), bool)
        for condition in self._filter.conditions:
            shown &= self._holds(condition) ^ condition.negated
        order = np.flatnonzero(shown)
        if self._sorting is not None:
            order = order[np.argsort(self._sort_keys(*self._sorting)[order], kind="stable")]
        self._order = order

    def _holds(self, condition: Condition) -> np.ndarray:
        if condition.field in METRICS:
            numbers, there = self._numbers(condition.column or self._workspace.column, condition.field)
            with np.errstate(invalid="ignore"):
                return there & COMPARISONS[condition.sign](numbers, condition.number)
        return np.fromiter((self._is_meant(row, condition) for row in self._rows), bool, len(self._rows))

    def _is_meant(self, row: LayerError, condition: Condition) -> bool:
        """Whether a row has the words; an operator is meant by its beginning, whichever of a fused layer's it is."""
        operators = [row.op.lower(), *(op.lower() for op in self._workspace.operators_of(row.tensor))]
        if condition.field == "op":
            return any(op.startswith(condition.text) for op in operators)
        names = [name.lower() for name in (row.tensor, row.golden, *row.group)]
        searched = names if condition.field == "name" else [*operators, *names]
        return any(condition.text in text for text in searched)

    def _value_tip(self, row: LayerError, column: Column) -> str:
        text, change = tips.of_value(row, column.column, column.metric), self.change(row, column)
        return text if change is None else f"{text}\n{tips.of_change(*change)}"

    def _row_tip(self, row: LayerError) -> str:
        return tips.of_row(row, self._workspace.operators_of(row.tensor))

    def _sort_keys(self, column: Column, worst_first: bool) -> np.ndarray:
        """Numbers whose ascending order is the wanted one; rows without a value come last both ways."""
        if column.kind != "value":
            texts = [self._text(row, column).lower() for row in self._rows]
            keys = np.unique(texts, return_inverse=True)[1].astype(float) if texts else np.zeros(0)
            if column.kind == "index":
                keys = np.arange(len(self._rows), dtype=float)
            return keys if worst_first else -keys
        numbers, there = self._numbers(column.column, column.metric)
        badness = numbers if METRICS[column.metric].higher_is_worse else -numbers
        badness = np.where(np.isnan(badness), np.finfo(float).max, badness)
        return np.where(there, -badness if worst_first else badness, np.inf)

    def _numbers(self, column: str, metric: str) -> tuple[np.ndarray, np.ndarray]:
        """All rows' values of a metric, and which rows have one."""
        if (column, metric) not in self._values:
            found = [self._value(row, column, metric) for row in self._rows]
            there = np.array([value is not None for value in found], bool)
            self._values[column, metric] = (
                np.array([np.nan if value is None else value for value in found], float),
                there,
            )
        return self._values[column, metric]

    def _value(self, row: LayerError, column: str, metric: str) -> float | None:
        errors = row.errors.get(column)
        if errors is None:
            return None
        return (errors.worst if self.worst_of_inputs else errors.mean).get(metric)

    def _severity(self, row: LayerError, column: Column) -> str:
        value = self._value(row, column.column, column.metric) if column.kind == "value" else None
        return "" if value is None else severity(column.metric, column.column, value)

    def _text(self, row: LayerError, column: Column) -> str:
        if column.kind == "index":
            return str(row.index)
        if column.kind == "op":
            return row.op
        if column.kind == "tensor":
            return row.tensor
        if column.kind == "note":
            return row.note
        value = self._value(row, column.column, column.metric)
        return "◌" if value is None else value_text(column.metric, value)

    def _title(self, column: Column) -> str:
        titles = {"index": "#", "op": self.tr("op"), "tensor": self.tr("tensor"), "note": self.tr("note")}
        if column.kind != "value":
            return titles[column.kind]
        return f"{self._part(column.column)}\n{self._metric_title(column.metric)}"

    def _part(self, column: str) -> str:
        parts = {
            "simulator.entire": self.tr("entire"), "simulator.single": self.tr("single"),
            "runtime.entire": self.tr("runtime"), "runtime.single_sim": self.tr("single sim"),
        }  # fmt: skip
        return parts.get(column, column)

    def _metric_title(self, metric: str) -> str:
        unit = METRICS[metric].unit
        short = {"one_minus_cos": "1−cos", "sqnr_db": "SQNR", "max_abs": "max abs", "mean_abs": "mean abs"}.get(
            metric, metric
        )
        return f"{short} [{unit}]" if unit and unit != short else short

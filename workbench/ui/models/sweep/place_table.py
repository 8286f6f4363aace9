"""The places of a sweep: their settings, how good each is, and what it took. A table model, the best first."""

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, Qt
from PySide6.QtGui import QBrush

from workbench.compare.grades import Grade
from workbench.ui import theme
from workbench.ui.models.qt_index import NOWHERE, Index
from workbench.ui.models.spoken import spoken
from workbench.ui.models.sweep.places import (
    NUMBERS,
    axis_title,
    badness,
    grade_of,
    number,
    number_text,
    number_tip,
    number_title,
    told,
    value_title,
)
from workbench.ui.tips import plain_tip

if TYPE_CHECKING:
    from workbench.project.sweeps.file import Place, Sweep

NAME = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
NUMBER = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class PlaceTable(QAbstractTableModel):
    """Columns: the axes, the numbers, and what there is to say. `only` are the names of those that are shown."""

    def __init__(self) -> None:
        super().__init__()
        self.axes: tuple[str, ...] = ()
        self._values: dict[str, Sequence[str]] = {}
        self._places: tuple[Place, ...] = ()
        self._only: frozenset[str] | None = None
        self._rows: list[Place] = []
        self._sorted = (-1, Qt.SortOrder.AscendingOrder)

    def show_sweep(self, sweep: "Sweep | None") -> None:
        """Show other places; those of the same axes stay in their order of columns."""
        self.beginResetModel()
        self._values = dict(sweep.axes) if sweep is not None else {}
        axes = tuple(self._values)
        if axes != self.axes:
            self.axes, self._sorted, self._only = axes, (-1, Qt.SortOrder.AscendingOrder), None
        self._places = sweep.places if sweep is not None else ()
        self._put_in_order()
        self.endResetModel()

    def show_only(self, names: Collection[str] | None) -> None:
        """Show these places; None shows all."""
        self.beginResetModel()
        self._only = None if names is None else frozenset(names)
        self._put_in_order()
        self.endResetModel()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """By a column; numbers begin with the best, and places without any come last. -1 is by the cosine."""
        self.beginResetModel()
        self._sorted = (column, order)
        self._put_in_order()
        self.endResetModel()

    @property
    def first_number(self) -> int:
        """The column of the first number."""
        return len(self.axes)

    def place(self, row: int) -> "Place":
        """That of a row."""
        return self._rows[row]

    def row_of(self, name: str) -> int:
        """The row of a place; -1 where it is not shown."""
        return next((row for row, place in enumerate(self._rows) if place.name == name), -1)

    def rowCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.axes) + len(NUMBERS) + 1

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        key = self._number(section)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return NUMBER if key else NAME
        if role == Qt.ItemDataRole.ToolTipRole:
            return number_tip(key) if key else ""
        if role == Qt.ItemDataRole.DisplayRole:
            if section < len(self.axes):
                return axis_title(self.axes[section])
            return number_title(key) if key else self.tr("State")
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        place, key = self._rows[index.row()], self._number(index.column())
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(place, index.column(), key)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return NUMBER if key else NAME
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(spoken(told(place)))
        if role == Qt.ItemDataRole.ForegroundRole:
            return self._brush(place, key)
        return None

    def _number(self, column: int) -> str:
        at = column - len(self.axes)
        return NUMBERS[at] if 0 <= at < len(NUMBERS) else ""

    def _text(self, place: "Place", column: int, key: str) -> str:
        if column < len(self.axes):
            return value_title(self.axes[column], place.at[self.axes[column]])
        if key == "cos":
            found = grade_of(place)
            return f"{found.symbol} {number_text(place, key)}" if found != Grade.NONE else ""
        if key:
            return number_text(place, key)
        if place.problem:
            return f"✖ {spoken(place.problem)}"
        return "" if place.outputs else self.tr("not computed yet")

    def _brush(self, place: "Place", key: str) -> QBrush | None:
        if key == "cos":
            return QBrush(theme.active().bands[grade_of(place)].colour)
        if place.problem:
            return QBrush(theme.active().bad)
        return None if place.outputs else QBrush(theme.active().muted)

    def _put_in_order(self) -> None:
        column, order = self._sorted
        shown = [place for place in self._places if self._only is None or place.name in self._only]
        key = self._number(column) or "cos"
        shown.sort(key=lambda place: badness(place, key))
        is_up = order == Qt.SortOrder.AscendingOrder
        if self._number(column) and not is_up:
            there = [place for place in shown if number(place, key) is not None]
            shown = [*reversed(there), *shown[len(there) :]]
        elif 0 <= column < len(self.axes):
            axis = self.axes[column]
            values = [*self._values[axis], ""]
            shown.sort(key=lambda place: values.index(place.at[axis]), reverse=not is_up)
        self._rows = shown

"""Layers with some numbers each, in the order of the network until a column is sorted by. What table models share."""

import math
from collections.abc import Sequence
from typing import Any, Generic, Protocol, TypeVar

from PySide6.QtCore import QAbstractTableModel, Qt

from workbench.ui.models.qt_index import NOWHERE, Index

LAYER = 0
"""The column of names."""
NAME = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
NUMBER = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class OfLayer(Protocol):
    """What a row is made of."""

    @property
    def tensor(self) -> str:
        """What the layer writes."""
        ...


Row = TypeVar("Row", bound=OfLayer)


class LayerFigures(QAbstractTableModel, Generic[Row]):
    """`numbers` is the first column of figures, `by` is sorted by at first, the largest value first."""

    def __init__(self, *, numbers: int, by: int) -> None:
        super().__init__()
        self._numbers = numbers
        self._rows: Sequence[Row] = ()
        self._order: list[int] = []
        self.sorted_by = (by, Qt.SortOrder.DescendingOrder)
        """The column and whether the largest comes first."""

    def titles(self) -> tuple[str, ...]:
        """Of the columns."""
        raise NotImplementedError

    def tips(self) -> tuple[str, ...]:
        """Of the titles."""
        raise NotImplementedError

    def value(self, one: Row, column: int) -> float | None:
        """What a column is sorted by; None, where there is no number, comes last."""
        raise NotImplementedError

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """By a column; by the layers' own means in the order of the network."""
        self.sorted_by = (column, order)
        self._show_rows(self._rows)

    def row(self, at: int) -> Row:
        """What is shown there."""
        return self._rows[self._order[at]]

    def tensor(self, at: int) -> str:
        """The tensor of a row."""
        return self.row(at).tensor

    def place(self, tensor: str) -> int:
        """The row of a tensor; -1 where it has none."""
        return next((at for at, number in enumerate(self._order) if self._rows[number].tensor == tensor), -1)

    def rowCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._order)

    def columnCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.titles())

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self._alignment(section)
        if role == Qt.ItemDataRole.DisplayRole:
            return self.titles()[section]
        return self.tips()[section] if role == Qt.ItemDataRole.ToolTipRole else None

    def _alignment(self, column: int) -> Qt.AlignmentFlag:
        return NUMBER if column >= self._numbers else NAME

    def _show_rows(self, rows: Sequence[Row]) -> None:
        self.beginResetModel()
        self._rows = rows
        self._order = self._in_order()
        self.endResetModel()

    def _in_order(self) -> list[int]:
        column, order = self.sorted_by
        numbers = list(range(len(self._rows)))
        is_down = order == Qt.SortOrder.DescendingOrder
        if column == LAYER:
            return numbers[::-1] if is_down else numbers
        values = [self.value(one, column) for one in self._rows]
        sign = -1 if is_down else 1
        return sorted(numbers, key=lambda at: math.inf if (value := values[at]) is None else sign * value)

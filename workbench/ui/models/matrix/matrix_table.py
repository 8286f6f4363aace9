"""A matrix of errors as Qt asks for it; its rows and columns are ordered by index arrays."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QObject, Qt

from workbench.compare.grades import Grade
from workbench.ui.models.matrix.matrix import ABSENT, WORST, Head, Matrix, RowHead
from workbench.ui.models.qt_index import NOWHERE, Index
from workbench.ui.models.table.copying import tabbed
from workbench.ui.numbers import value_text
from workbench.ui.tips import plain_tip
from workbench.ui.titles import short_title

SYMBOLS = tuple(grade.symbol if grade.is_marked else "" for grade in Grade)
"""Of the grades of a matrix."""


class MatrixTable(QAbstractTableModel):
    """`by` is WORST, NETWORK or the number of a column of the matrix, whose worst rows come first.

    With `worst_columns_first` the columns have an order too: of all rows, or of that of `by_tensor`.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.matrix = Matrix()
        self.by = WORST
        self.worst_columns_first = False
        self.by_tensor = ""
        self._rows = self._columns = np.arange(0)
        self._heat = self.matrix.heat

    def show(self, matrix: Matrix) -> None:
        """Show another matrix, in the order that was chosen."""
        self.beginResetModel()
        self.matrix = matrix
        self._heat = matrix.heat
        if self.by >= len(matrix.heads):
            self.by = WORST
        self._rows = matrix.row_order(self.by)
        self._columns = self._column_order()
        self.endResetModel()

    def order_by(self, by: int) -> None:
        """Order the rows anew."""
        self.layoutAboutToBeChanged.emit()
        self.by = by
        self._rows = self.matrix.row_order(by)
        self.layoutChanged.emit()

    def order_columns_by(self, tensor: str) -> None:
        """The columns that are worst in the row of a tensor first; "" is by all rows."""
        self.layoutAboutToBeChanged.emit()
        self.by_tensor = tensor
        self._columns = self._column_order()
        self.layoutChanged.emit()

    def text(self, row: int, column: int) -> str:
        """The number of a shown cell."""
        return _text(self.matrix, int(self._rows[row]), int(self._columns[column]))

    def cells(self, rows: Sequence[int], column: int) -> Iterator[tuple[int, str, str]]:
        """Of shown cells of one column the level of heat, the number, and the mark of one that is beyond a limit."""
        at, number, metric = self._rows[list(rows)], self._columns[column], self.matrix.metric
        heat, grades = self._heat[at, number].tolist(), self.matrix.grades[at, number].tolist()
        values = self.matrix.values[at, number].tolist()
        for level, grade, value in zip(heat, grades, values, strict=True):
            yield level, value_text(metric, value) if level != ABSENT else Grade.NONE.symbol, SYMBOLS[grade]

    def row_head(self, row: int) -> RowHead:
        """What a shown row is."""
        return self.matrix.rows[int(self._rows[row])]

    def head(self, column: int) -> Head:
        """What a shown column is."""
        return self.matrix.heads[int(self._columns[column])]

    def number(self, column: int) -> int:
        """The number in the matrix of a shown column."""
        return int(self._columns[column])

    def shown_column(self, number: int) -> int | None:
        """Where a column of the matrix is shown."""
        found = np.flatnonzero(self._columns == number)
        return int(found[0]) if found.size else None

    def shown_row(self, tensor: str) -> int | None:
        """Where a tensor's row is shown."""
        at = self._number_of(tensor)
        found = np.flatnonzero(self._rows == at) if at is not None else np.arange(0)
        return int(found[0]) if found.size else None

    def _column_order(self) -> np.ndarray:
        if not self.worst_columns_first:
            return np.arange(len(self.matrix.heads))
        return self.matrix.column_order(self._number_of(self.by_tensor))

    def _number_of(self, tensor: str) -> int | None:
        return next((at for at, row in enumerate(self.matrix.rows) if row.tensor == tensor), None)

    def writer(self) -> Callable[[], str]:
        """What writes all of it as it is shown now, separated by tabs; any thread may call it."""
        return partial(_as_text, self.matrix, self._rows, self._columns)

    def rowCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        row, column = index.row(), index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return self.text(row, column)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{self.row_head(row).tensor}, {self.head(column).title}: {self.text(row, column)}"
        if role == Qt.ItemDataRole.ToolTipRole:
            head, top = self.row_head(row), self.head(column)
            told = f"{head.op}  {head.tensor}\n{top.title}\n{short_title(self.matrix.metric)} {self.text(row, column)}"
            return plain_tip(told)
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation == Qt.Orientation.Vertical:
            if section < len(self._rows) and role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
                head = self.row_head(section)
                told = f"{head.op}  {head.tensor}"
                return plain_tip(told) if role == Qt.ItemDataRole.ToolTipRole else told
            return None
        if section >= len(self._columns):
            return None
        head_of = self.head(section)
        if role == Qt.ItemDataRole.DisplayRole:
            return head_of.title
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(head_of.tip or head_of.title)
        return None


def _text(matrix: Matrix, row: int, column: int) -> str:
    if not matrix.there[row, column]:
        return Grade.NONE.symbol
    return value_text(matrix.metric, float(matrix.values[row, column]))


def _as_text(matrix: Matrix, rows: np.ndarray, columns: np.ndarray) -> str:
    lines = [["op", "tensor", *(matrix.heads[at].title for at in columns)]]
    for row in rows.tolist():
        head = matrix.rows[row]
        lines.append([head.op, head.tensor, *(_text(matrix, row, column) for column in columns.tolist())])
    return tabbed(lines)

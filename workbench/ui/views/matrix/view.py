"""A matrix of errors: heat-coloured cells with numbers and symbols, walked by keys; any cell can be opened."""

from PySide6.QtCore import QModelIndex, QRect, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetrics,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from workbench.ui import keys, theme
from workbench.ui.colours import mix, ramp
from workbench.ui.jobs import JobPool
from workbench.ui.models.matrix.matrix import ABSENT, LEVELS, WORST, Matrix
from workbench.ui.models.matrix.matrix_table import MatrixTable
from workbench.ui.text_size import row_height
from workbench.ui.views.matrix.headers import ColumnHeader, RowHeader
from workbench.ui.widgets import digits, small

LEAST_COLUMN, MOST_COLUMN, MOST_OF_LINES = 84, 140, 92
NAME_WIDTH, NAME_SHARE = 140, 0.34
STRENGTH = {"light": 0.5, "dark": 0.42}
MARGIN = 6


class MatrixView(QTableView):
    """`opened` gives the tensor of a row and the number of a column: Enter or a double click on a cell.

    A click on a column's title orders the rows by it, again as before; S does so by the current column. Where columns
    have an order of their own, a click on a layer's name orders them by that layer, and Shift+S by the current one.
    """

    opened = Signal(str, int)
    ordered = Signal()
    copied = Signal(int)
    """All rows were copied, as many as this."""
    removal_wanted = Signal()
    """Delete was pressed on a cell: the user wants its column no more."""

    def __init__(self, jobs: JobPool, name: str) -> None:
        super().__init__()
        self.table, self._jobs = MatrixTable(self), jobs
        self._longest_name = NAME_WIDTH
        self.setModel(self.table)
        self._cells = _Cells(self, self.table)
        self.columns, self.names = ColumnHeader(self.table, self, jobs), RowHeader(self.table, self)
        self.setHorizontalHeader(self.columns)
        self.setVerticalHeader(self.names)
        self.names.setDefaultSectionSize(row_height())
        self.setAccessibleName(name)
        self.setFont(digits(self.font()))
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        keys.set_place(self, name)
        keys.tell(
            self,
            ("Enter", self.tr("Open the cell")),
            ("S", self.tr("Order by the column, or again as in the network")),
            ("Shift+S", self.tr("Order the inputs by the layer")),
            ("Ctrl+C", self.tr("Copy the matrix as tab-separated text")),
            ("Del", self.tr("Take the column out, where that is possible")),
        )
        self.columns.sectionClicked.connect(self._on_column_clicked)
        self.names.sectionClicked.connect(self._on_name_clicked)
        self.doubleClicked.connect(self.open)
        theme.changes.changed.connect(self.viewport().update)

    def show_matrix(self, matrix: Matrix) -> None:
        """Show another matrix; the current cell stays where its row and column are still there."""
        place = self.place
        self.table.show(matrix)
        self._fit()
        if place is not None:
            row, column = self.table.shown_row(place[0]), self.table.shown_column(place[1])
            if row is not None and column is not None:
                self.setCurrentIndex(self.table.index(row, column))

    @property
    def place(self) -> tuple[str, int] | None:
        """The tensor and the number of the column of the current cell."""
        index = self.currentIndex()
        return (self.table.row_head(index.row()).tensor, self.table.number(index.column())) if index.isValid() else None

    def order_by(self, by: int) -> None:
        """Order the rows, and show the first of them: the keys go on from there."""
        self.table.order_by(by)
        self.setCurrentIndex(self.table.index(0, max(0, self.currentIndex().column())))
        self.columns.viewport().update()
        self.scrollToTop()
        self.ordered.emit()

    def show_tensor(self, tensor: str) -> None:
        """Mark the row of a tensor, and bring it into view where it is not."""
        self.names.selected = tensor
        self.names.viewport().update()
        row = self.table.shown_row(tensor) if tensor else None
        if row is None or not self.table.columnCount():
            return
        marked = self.table.shown_column(self.columns.marked)
        index = self.table.index(row, max(0, self.currentIndex().column()) if marked is None else marked)
        self.selectionModel().setCurrentIndex(index, self.selectionModel().SelectionFlag.ClearAndSelect)

    def show_sample(self, number: int) -> None:
        """Mark the column that is looked at."""
        if number != self.columns.marked:
            self.columns.marked = number
            self.columns.viewport().update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        index = self.currentIndex()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and index.isValid():
            self.open(index)
        elif event.key() == Qt.Key.Key_S and index.isValid() and not event.modifiers():
            self._on_column_clicked(index.column())
        elif event.key() == Qt.Key.Key_S and index.isValid() and event.modifiers() == Qt.KeyboardModifier.ShiftModifier:
            self._on_name_clicked(index.row())
        elif event.matches(QKeySequence.StandardKey.Copy):
            self._copy()
        elif event.key() == Qt.Key.Key_Delete:
            self.removal_wanted.emit()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        try:
            painter.setFont(self.font())
            self._cells.paint(painter, event.rect())
        finally:
            painter.end()  # a traceback would keep it alive, and Qt does not survive that

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fit_names()
        super().resizeEvent(event)

    def _copy(self) -> None:
        count = self.table.rowCount()
        self._jobs.ask("matrix.copy", self.table.writer(), lambda text: self._on_written(text, count))

    def _on_written(self, text: str, count: int) -> None:
        QGuiApplication.clipboard().setText(text)
        self.copied.emit(count)

    def open(self, index: QModelIndex) -> None:
        """Tell that a cell is wanted."""
        self.opened.emit(self.table.row_head(index.row()).tensor, self.table.number(index.column()))

    def _on_column_clicked(self, section: int) -> None:
        number = self.table.number(section)
        self.setCurrentIndex(self.table.index(max(0, self.currentIndex().row()), section))
        self.order_by(WORST if self.table.by == number else number)

    def _on_name_clicked(self, section: int) -> None:
        if self.table.worst_columns_first:
            tensor = self.table.row_head(section).tensor
            self.table.order_columns_by("" if self.table.by_tensor == tensor else tensor)
            self.setCurrentIndex(self.table.index(section, 0))
            self._fit()
            self.names.viewport().update()
            self.horizontalScrollBar().setValue(0)

    def _fit(self) -> None:
        """Columns as wide as their number or their title needs; names as wide as the longest of the first ones."""
        metrics, smaller = QFontMetrics(self.font()), QFontMetrics(small(self.font()))
        number = metrics.horizontalAdvance("▲ 0.00000") + 3 * MARGIN
        for at in range(self.table.columnCount()):
            head = self.table.head(at)
            lines = [min(smaller.horizontalAdvance(text), MOST_OF_LINES) for text in head.lines]
            wanted = max((metrics.horizontalAdvance(head.title), *lines)) + 3 * MARGIN
            self.setColumnWidth(at, max(LEAST_COLUMN, number, min(wanted, MOST_COLUMN)))
        self.columns.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        heads = (self.table.row_head(at) for at in range(min(200, self.table.rowCount())))
        longest = max((metrics.horizontalAdvance(f"{head.op} {head.tensor}") for head in heads), default=0)
        self._longest_name = longest + 4 * MARGIN
        self._fit_names()
        self.columns.updateGeometry()

    def _fit_names(self) -> None:
        """The names take a share of the width at most."""
        self.names.setFixedWidth(max(NAME_WIDTH, min(self._longest_name, int(self.width() * NAME_SHARE))))


class _Cells:
    """Paints all cells that are seen in one go: asking a style and a delegate for each takes ten times as long."""

    def __init__(self, view: QTableView, table: MatrixTable) -> None:
        self._view, self._table = view, table
        self._tints: tuple[str, list[QColor]] = ("", [])

    def paint(self, painter: QPainter, area: QRect) -> None:
        """The cells in `area` of the viewport."""
        view, metrics = self._view, painter.fontMetrics()
        rows = self._seen(view.rowAt(area.top()), view.rowAt(area.bottom()), self._table.rowCount())
        columns = self._seen(view.columnAt(area.left()), view.columnAt(area.right()), self._table.columnCount())
        drop = (row_height() + metrics.ascent() - metrics.descent()) // 2
        tops = [view.rowViewportPosition(row) for row in rows]
        tints, text_colour, muted = self._colours(), theme.active().text, theme.active().muted
        painter.setPen(text_colour)
        for column in columns:
            left, width = view.columnViewportPosition(column), view.columnWidth(column)
            for top, (heat, text, symbol) in zip(tops, self._table.cells(rows, column), strict=True):
                at = left + width - MARGIN - metrics.horizontalAdvance(text)
                if heat == ABSENT:
                    painter.setPen(muted)
                    painter.drawText(at, top + drop, text)
                    painter.setPen(text_colour)
                    continue
                painter.fillRect(left, top, width - 1, row_height() - 1, tints[heat])
                painter.drawText(at, top + drop, text)
                if symbol:
                    painter.drawText(left + MARGIN, top + drop, symbol)
        self._frame(painter)

    @staticmethod
    def _seen(first: int, last: int, count: int) -> range:
        """Sections from the first to the last that is seen; none beyond the end."""
        return range(max(0, first), (count - 1 if last < 0 else last) + 1) if first >= 0 else range(0)

    def _frame(self, painter: QPainter) -> None:
        """Around the current cell, stronger where keys go."""
        index = self._view.currentIndex()
        if index.isValid():
            painter.setPen(QPen(theme.active().accent if self._view.hasFocus() else theme.active().muted, 2))
            painter.drawRect(self._view.visualRect(index).adjusted(1, 1, -2, -2))

    def _colours(self) -> list[QColor]:
        colours = theme.active()
        if self._tints[0] != colours.name:
            share = STRENGTH.get(colours.name, 0.5)
            tints = [mix(colours.surface, ramp(at / (LEVELS - 1)), share) for at in range(LEVELS)]
            self._tints = (colours.name, tints)
        return self._tints[1]

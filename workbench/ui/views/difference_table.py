"""A small table of what differs between the sides of a comparison."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QAbstractItemView, QApplication, QHeaderView, QTableWidget, QTableWidgetItem

from workbench.project.results import Difference
from workbench.ui import theme
from workbench.ui.text_size import pixels
from workbench.ui.widgets import digits

SIDES = ("golden", "simulator", "runtime")
LETTERS = "ABC"
ROW_HEIGHT = 24
NOT_TOLD = "–"
MOST_SHOWN = 8
"""Rows that are visible without scrolling."""


class DifferenceTable(QTableWidget):
    """A row a setting or version, a column a side; Ctrl+C copies it as tab-separated text."""

    def __init__(self) -> None:
        super().__init__(0, 0)
        self.setAccessibleName(self.tr("What differs"))
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setShowGrid(False)
        self.setAlternatingRowColors(True)
        self.setTabKeyNavigation(False)
        self.setFont(digits(self.font()))
        self.verticalHeader().setVisible(False)
        self.verticalHeader().setDefaultSectionSize(pixels(ROW_HEIGHT))
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        copy = QShortcut(QKeySequence.StandardKey.Copy, self)
        copy.setWhatsThis(self.tr("Copy the differences"))
        copy.setContext(Qt.ShortcutContext.WidgetShortcut)
        copy.activated.connect(self.copy)

    def show_differences(self, found: Sequence[Difference], titles: Sequence[str]) -> None:
        """Show these; `titles` are those of the sides."""
        heads = [self.tr("setting"), *(f"{letter}  {title}" for letter, title in zip(LETTERS, titles, strict=False))]
        self.clear()
        self.setRowCount(len(found))
        self.setColumnCount(len(heads))
        for at, text in enumerate(heads):
            head = QTableWidgetItem(text)
            head.setToolTip(text)
            if at:
                head.setForeground(theme.active().source(SIDES[at - 1]))
            self.setHorizontalHeaderItem(at, head)
        for number, item in enumerate(found):
            for at, text in enumerate((item.name, *item.values)):
                self.setItem(number, at, self._cell(text, is_name=at == 0))
        self.resizeColumnToContents(0)
        for at in range(1, len(heads)):
            self.horizontalHeader().setSectionResizeMode(at, QHeaderView.ResizeMode.Stretch)
        rows = pixels(ROW_HEIGHT) * min(len(found), MOST_SHOWN)
        self.setFixedHeight(self.horizontalHeader().sizeHint().height() + rows + 2)

    def copy(self) -> None:
        """Put the table on the clipboard."""
        columns = range(self.columnCount())
        heads = [item.text() for at in columns if (item := self.horizontalHeaderItem(at))]
        rows = [[item.text() for at in columns if (item := self.item(row, at))] for row in range(self.rowCount())]
        QApplication.clipboard().setText("\n".join("\t".join(cells) for cells in (heads, *rows)))

    def _cell(self, text: str, *, is_name: bool) -> QTableWidgetItem:
        cell = QTableWidgetItem(text or NOT_TOLD)
        cell.setToolTip(text)
        if is_name or not text:
            cell.setForeground(theme.active().muted)
        return cell

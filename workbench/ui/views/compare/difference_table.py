"""A small table of what differs between the sides of a comparison."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHeaderView, QTableWidget, QTableWidgetItem

from workbench.project.comparison.sides import LETTERS
from workbench.project.results import Difference
from workbench.ui import theme
from workbench.ui.text_size import row_height
from workbench.ui.tips import plain_tip
from workbench.ui.titles import setting_text, setting_title
from workbench.ui.views.common.copy_rows import let_copy
from workbench.ui.widgets import show_lines

NOT_TOLD = "–"
MOST_SHOWN = 8
"""Rows that are visible without scrolling."""


class DifferenceTable(QTableWidget):
    """A row a setting or version, a column a side; Ctrl+C copies it as tab-separated text."""

    def __init__(self) -> None:
        super().__init__(0, 0)
        self.setAccessibleName(self.tr("What differs"))
        show_lines(self)
        self.setAlternatingRowColors(True)
        self.verticalHeader().hide()
        self.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        let_copy(self, self.tr("Copy the differences"))

    def show_differences(self, found: Sequence[Difference], titles: Sequence[str]) -> None:
        """Show these; `titles` are those of the sides."""
        heads = [self.tr("setting"), *(f"{letter}  {title}" for letter, title in zip(LETTERS, titles, strict=False))]
        self.clear()
        self.setRowCount(len(found))
        self.setColumnCount(len(heads))
        for at, text in enumerate(heads):
            head = QTableWidgetItem(text)
            head.setToolTip(plain_tip(text))
            self.setHorizontalHeaderItem(at, head)
        for number, item in enumerate(found):
            texts = (setting_title(item.name), *(setting_text(item.name, value) for value in item.values))
            for at, text in enumerate(texts):
                self.setItem(number, at, self._cell(text, is_name=at == 0))
        self.resizeColumnToContents(0)
        for at in range(1, len(heads)):
            self.horizontalHeader().setSectionResizeMode(at, QHeaderView.ResizeMode.Stretch)
        rows = row_height() * min(len(found), MOST_SHOWN)
        self.setFixedHeight(self.horizontalHeader().sizeHint().height() + rows + 2)

    def _cell(self, text: str, *, is_name: bool) -> QTableWidgetItem:
        cell = QTableWidgetItem(text or NOT_TOLD)
        cell.setToolTip(plain_tip(text))
        if is_name or not text:
            cell.setForeground(theme.active().muted)
        return cell

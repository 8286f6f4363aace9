"""A table of layers that follows the selection."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Signal
from PySide6.QtWidgets import QAbstractItemView, QStyledItemDelegate, QStyleOptionViewItem, QTableView

from workbench.ui import keys
from workbench.ui.models.layer_figures import LAYER, LayerFigures
from workbench.ui.text_size import pixels
from workbench.ui.views.common.elided import elided_name
from workbench.ui.widgets import show_lines

TEXT = 4
"""Pixels beside a text."""


class LayerList(QTableView):
    """Sorted by the column that its model begins with, where no other is chosen; `place` is its name for the keys."""

    chosen = Signal(str)
    """The tensor of a row that the user has gone to."""

    def __init__(self, table: LayerFigures, name: str, place: str, least_width: int) -> None:
        super().__init__()
        self._table = table
        self.setModel(table)
        self.setItemDelegateForColumn(LAYER, Names(self))
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.verticalHeader().hide()
        show_lines(self)
        self.setAccessibleName(name)
        keys.set_place(self, place)
        self.horizontalHeader().setMinimumSectionSize(pixels(least_width))
        self.setSortingEnabled(True)
        self.horizontalHeader().setSortIndicator(*table.sorted_by)
        self.selectionModel().currentRowChanged.connect(self._on_row)

    def follow(self, tensor: str) -> None:
        """Go to a layer, if it has a row; nothing moves that nobody sees."""
        at = self._table.place(tensor) if self.isVisible() else -1
        if at >= 0 and at != self.currentIndex().row():
            self.setCurrentIndex(self._table.index(at, LAYER))

    def _on_row(self, now: QModelIndex) -> None:
        if now.isValid():
            self.chosen.emit(self._table.tensor(now.row()))


class Names(QStyledItemDelegate):
    """Names that keep their whole path parts as far as there is room."""

    def initStyleOption(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        super().initStyleOption(option, index)
        option.text = elided_name(option.fontMetrics, option.text, option.rect.width() - 2 * TEXT)  # type: ignore[attr-defined]

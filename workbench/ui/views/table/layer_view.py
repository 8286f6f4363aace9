"""The view of the layer table: one row or several are selected, headings fold."""

from collections.abc import Iterable

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QModelIndex, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QRegion, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QStyleOptionViewItem, QTableView

from workbench.ui import keys, theme
from workbench.ui.models.qt_index import Index
from workbench.ui.models.table.columns import Column
from workbench.ui.models.table.layers import LayersModel
from workbench.ui.text_size import row_height
from workbench.ui.views.table.column_widths import fitted
from workbench.ui.views.table.layer_cells import CellPainter
from workbench.ui.widgets import digits

MOST_KEPT = 2000
MARGIN = 16
SELECTED = QItemSelectionModel.SelectionFlag


class LayerView(QTableView):
    """The table itself. `chosen` gives the tensor that the user went to.

    `menu_wanted` gives the tensors whose menu is wanted, and where on the screen; `header_menu_wanted` the column.
    """

    chosen = Signal(str)
    menu_wanted = Signal(list, QPoint)
    header_menu_wanted = Signal(int, QPoint)

    def __init__(self, model: LayersModel) -> None:
        super().__init__()
        self.setFont(digits(self.font()))  # a font of its own for each cell takes longer than its text
        self._model = model
        self._is_told = False
        self._is_fitting = False
        self._widths: dict[Column, int] = {}
        """What the user made of columns; a double click on a column's edge takes it back."""
        self._place: tuple[str, int] | None = None
        self.hint = ""
        """What is said where no row is shown."""
        model.modelAboutToBeReset.connect(self._remember_place)
        model.layoutAboutToBeChanged.connect(self._limit_selection)
        self.setModel(model)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        self.setTabKeyNavigation(False)
        self.setAccessibleName(self.tr("Layers"))
        keys.tell(
            self,
            ("Home / End", self.tr("First or last layer")),
            ("Shift+Up / Shift+Down", self.tr("Select several layers")),
            ("Left / Right", self.tr("Close or open a scope, where rows are grouped")),
            ("Enter", self.tr("Open or close the scope of a heading")),
        )
        self._set_up_headers()
        model.modelReset.connect(self.executeDelayedItemsLayout)  # else it is painted once without its scroll bar
        model.columns_changed.connect(self._fit_columns)
        self._fit_columns()

    def show_row(self, position: int | None) -> None:
        """Select a row without telling anybody, and scroll only where it is not visible."""
        selection = self.selectionModel()
        if position is None:
            if not self.is_at_heading():
                selection.clear()
            return
        index = self._model.index(position, self._model.tensor_section)
        if self.currentIndex().row() == position and selection.isRowSelected(position, QModelIndex()):
            return
        self._is_told = True
        selection.setCurrentIndex(index, SELECTED.ClearAndSelect | SELECTED.Rows)
        self._is_told = False
        if not self.viewport().rect().contains(self.visualRect(index)):
            self.scrollTo(index, QAbstractItemView.ScrollHint.PositionAtCenter)

    def is_at_heading(self) -> bool:
        """Whether the keys are at a heading."""
        index = self.currentIndex()
        return index.isValid() and self._model.heading_at(index.row()) is not None

    def restore_place(self) -> None:
        """Show the same rows as before the table was filled anew, where they are still there."""
        if self._place is None:
            return
        (tensor, sideways), self._place = self._place, None
        position = self._model.position(tensor)
        if position is not None:
            index = self._model.index(position, self._model.tensor_section)
            self.scrollTo(index, QAbstractItemView.ScrollHint.PositionAtTop)
            self.horizontalScrollBar().setValue(sideways)

    def selected_tensors(self) -> list[str]:
        """The tensors of the selected rows in their order; of a heading selected alone, or folded, all below."""
        heading = self._model.heading_at(self.currentIndex().row()) if self.is_at_heading() else None
        if heading is not None and self.selected == 1:
            return self._model.tensors_under(heading)
        return self._model.tensors_at([at for top, end in self._ranges() for at in range(top, end)])

    @property
    def selected(self) -> int:
        """How many rows are selected, headings included."""
        return sum(end - top for top, end in self._ranges())

    def seen_columns(self) -> list[Column]:
        """The columns that have room."""
        return [item for at, item in enumerate(self._model.columns) if not self.isColumnHidden(at)]

    def sort_by(self, wanted: Column | None, *, worst_first: bool = True) -> None:
        """Order by a column, mark its header and show the first rows; in the network's order the current one."""
        self._model.sort_by(wanted, worst_first=worst_first)
        if wanted is None:
            self.scrollTo(self.currentIndex())
        else:
            self.scrollToTop()
        self.horizontalHeader().viewport().update()

    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        self._tell()

    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:
        super().selectionChanged(selected, deselected)
        self._tell()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, section = event.key(), self._model.tensor_section
        is_plain = event.modifiers() == Qt.KeyboardModifier.NoModifier
        if key in (Qt.Key.Key_Home, Qt.Key.Key_End) and self._model.rowCount() and is_plain:
            self.setCurrentIndex(
                self._model.index(0 if key == Qt.Key.Key_Home else self._model.rowCount() - 1, section)
            )
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right) and self._model.is_grouped and is_plain:
            self._go_sideways(inwards=key == Qt.Key.Key_Right)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.is_at_heading():
            self._toggle(self.currentIndex().row())
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        index = self.indexAt(event.position().toPoint())
        is_plain = event.modifiers() == Qt.KeyboardModifier.NoModifier
        if index.isValid() and event.button() == Qt.MouseButton.LeftButton and is_plain:
            self._toggle(index.row())

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        is_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        index = self.currentIndex() if is_key else self.indexAt(event.pos())
        if not index.isValid():
            return
        if not self.selectionModel().isRowSelected(index.row(), QModelIndex()):
            self.selectRow(index.row())
        below = self.viewport().mapToGlobal(self.visualRect(index).bottomLeft())
        self.menu_wanted.emit(self.selected_tensors(), below if is_key else event.globalPos())

    def paintEvent(self, event: QPaintEvent) -> None:
        """The rows at once: a delegate that Qt asks for each cell takes four times as long."""
        painter = QPainter(self.viewport())
        if self._model.rowCount():
            self._paint_rows(painter, event.region())
        elif self.hint:
            painter.setPen(theme.active().muted)
            area = self.viewport().rect().adjusted(MARGIN, 2 * MARGIN, -MARGIN, -MARGIN)
            painter.drawText(area, Qt.AlignmentFlag.AlignHCenter | Qt.TextFlag.TextWordWrap, self.hint)
        painter.end()

    def _paint_rows(self, painter: QPainter, region: QRegion) -> None:
        option, area, columns = QStyleOptionViewItem(), region.boundingRect(), self._seen_in(region.boundingRect())
        self.initViewItemOption(option)
        cells, chosen = CellPainter(painter, self._model, option), self.selectionModel()
        first, last = self.rowAt(area.top()), self.rowAt(area.bottom())
        for row in range(first, last + 1 if last >= 0 else self._model.rowCount()) if first >= 0 else ():
            top, height = self.rowViewportPosition(row), self.rowHeight(row)
            if region.intersects(QRect(area.left(), top, area.width(), height)):
                places = [(column, QRect(left, top, width, height)) for column, left, width in columns]
                cells.paint_row(row, chosen.isRowSelected(row, QModelIndex()), places)

    def _seen_in(self, area: QRect) -> list[tuple[Column, int, int]]:
        """The columns that lie in a part of the viewport, their left ends and widths."""
        places = [
            (item, self.columnViewportPosition(at), self.columnWidth(at)) for at, item in enumerate(self._model.columns)
        ]
        return [
            (item, left, width)
            for item, left, width in places
            if width and left <= area.right() and left + width > area.left()
        ]

    def resizeEvent(self, event: QResizeEvent) -> None:
        row, old = self.visualRect(self.currentIndex()), event.oldSize().height()
        super().resizeEvent(event)
        self._fit_columns()
        shrinks = self.viewport().height() < old
        if shrinks and row.isValid() and row.top() >= 0 and row.bottom() <= old:  # a bar above must not hide it
            self.scrollTo(self.currentIndex())

    def _tell(self) -> None:
        """Say which row is the current one; taking the focus alone makes one current, but does not select it."""
        current = self.currentIndex()
        if self._is_told or not current.isValid():
            return
        row = self._model.row_at(current.row())
        if row is not None and self.selectionModel().isRowSelected(current.row(), QModelIndex()):
            self.chosen.emit(row.tensor)

    def _toggle(self, position: int) -> None:
        heading = self._model.heading_at(position)
        if heading is not None:
            self._model.fold(heading.path, heading.is_open)

    def _go_sideways(self, *, inwards: bool) -> None:
        """Into a heading: unfold it, then to its first row; out of it: fold it, then to the heading above."""
        position = self.currentIndex().row()
        heading = self._model.heading_at(position) if position >= 0 else None
        if heading is not None and heading.is_open != inwards:
            self._toggle(position)
        elif heading is not None and inwards:
            self._go_to(position + 1)
        elif not inwards:
            self._go_to(self._heading_above(position))

    def _heading_above(self, position: int) -> int:
        level = self._model.level_at(position)
        above: Iterable[int] = range(position - 1, -1, -1) if level else ()
        for place in above:
            heading = self._model.heading_at(place)
            if heading is not None and heading.level < level:
                return place
        return position

    def _go_to(self, position: int) -> None:
        self.setCurrentIndex(self._model.index(position, self._model.tensor_section))

    def _limit_selection(self) -> None:
        """Of very many selected rows keep the current one: in another order each were a range of its own for Qt."""
        if self.selected > MOST_KEPT:
            self._is_told = True
            self.selectionModel().select(self.currentIndex(), SELECTED.ClearAndSelect | SELECTED.Rows)
            self._is_told = False

    def _ranges(self) -> list[tuple[int, int]]:
        """The first position of each selected range, and the one behind it."""
        found = self.selectionModel().selection()
        return sorted((found.at(number).top(), found.at(number).bottom() + 1) for number in range(found.count()))

    def _remember_place(self) -> None:
        top = self.indexAt(QPoint(4, 4))
        row = self._model.row_at(top.row()) if top.isValid() else None
        self._place = (row.tensor, self.horizontalScrollBar().value()) if row is not None else None

    def _set_up_headers(self) -> None:
        vertical, header = self.verticalHeader(), self.horizontalHeader()
        vertical.setVisible(False)
        vertical.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        vertical.setMinimumSectionSize(row_height())
        vertical.setDefaultSectionSize(row_height())
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.sectionResized.connect(self._on_resized)
        header.sectionHandleDoubleClicked.connect(self._forget_width)
        header.setHighlightSections(False)
        header.setMinimumSectionSize(24)
        header.setSelectionModel(QItemSelectionModel(self._model, header))  # of the table's it would ask every row
        header.setSectionsClickable(True)
        header.sectionClicked.connect(self.turn_sorting)
        header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        header.customContextMenuRequested.connect(
            lambda at: self.header_menu_wanted.emit(header.logicalIndexAt(at), header.mapToGlobal(at))
        )

    def turn_sorting(self, section: int) -> None:
        """Worst first, best first, the network's order."""
        wanted = self._model.columns[section]
        if self._model.sorting == (wanted, True):
            self.sort_by(wanted, worst_first=False)
        elif self._model.sorting == (wanted, False):
            self.sort_by(None)
        else:
            self.sort_by(wanted)

    def _fit_columns(self) -> None:
        self._is_fitting = True
        for at, width in enumerate(fitted(self._model, self.font(), self.viewport().width(), self._widths)):
            self.setColumnHidden(at, width == 0)
            self.setColumnWidth(at, width)
        self._is_fitting = False

    def _on_resized(self, section: int, _: int, width: int) -> None:
        """A width that the user gave is kept, and the tensor's column takes what is left."""
        if not self._is_fitting and width:
            self._widths[self._model.columns[section]] = width
            self._fit_columns()

    def _forget_width(self, section: int) -> None:
        self._widths.pop(self._model.columns[section], None)
        self._fit_columns()

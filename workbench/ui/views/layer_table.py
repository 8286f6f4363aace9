"""The layer table: every row a layer, the worst one key away."""

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QFontMetrics, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QComboBox, QHeaderView, QLineEdit, QTableView, QWidget

from workbench.ui.models import filter as filters
from workbench.ui.models.layers import Column, LayersModel
from workbench.ui.precision import toggle_precision
from workbench.ui.views.layer_cells import ROW_HEIGHT, CellDelegate, change_widths
from workbench.ui.views.layer_menu import layer_menu
from workbench.ui.widgets import ElidedLabel, column, row, rule, set_role, tool
from workbench.ui.workspace import Workspace

LEAST_TENSOR_WIDTH, GOOD_TENSOR_WIDTH = 96, 168
NARROW_OP, WIDE_OP, ROOMY = 80, 128, 480
PRIORITY = ("simulator.entire", "runtime.entire", "simulator.single", "runtime.single_sim")


class LayerTable(QWidget):
    """The table with its filter and a line that says how much of it is shown."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__()
        self._workspace = workspace
        self.model = LayersModel(workspace, self)
        self.view = LayerView(self.model)
        self.filter_edit = self._make_filter()
        self.inputs_combo = self._make_inputs_combo()
        self.count = ElidedLabel("", "muted", Qt.TextElideMode.ElideRight)
        worst = tool("sort-worst", self.tr("Worst layers first (W)"), self.toggle_worst_first)
        head = row(self.filter_edit, self.inputs_combo, worst, spacing=4)
        head.setContentsMargins(8, 8, 8, 8)
        foot = row(self.count)
        foot.setContentsMargins(8, 4, 8, 4)
        self.setLayout(column(head, rule(), self.view, rule(), foot, spacing=0))
        set_role(self, "surface")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        workspace.selection_changed.connect(self._show_selection)
        workspace.results_changed.connect(self._on_results_changed)
        self.model.layoutChanged.connect(self._on_layout_changed)
        self.view.chosen.connect(workspace.select)
        self.view.switched.connect(lambda: toggle_precision(workspace))
        self.view.menu_wanted.connect(lambda tensor, at: layer_menu(self, workspace, tensor).popup(at))
        self._on_filter_changed("")
        self._on_results_changed()

    def focus_filter(self) -> None:
        """Type into the filter."""
        self.filter_edit.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.filter_edit.selectAll()

    def toggle_worst_first(self) -> None:
        """Order by the metric that colours, the worst on top; again for the network's order."""
        wanted = Column("value", self._workspace.column, self._workspace.metric)
        sort = None if self.model.sorting == (wanted, True) else wanted
        self.view.sort_by(sort)
        if sort is not None:
            self.view.scrollToTop()

    def _make_filter(self) -> QLineEdit:
        edit = QLineEdit()
        edit.setPlaceholderText(self.tr("Filter: name, op:Conv, cos<0.99"))
        edit.setClearButtonEnabled(True)
        edit.setAccessibleName(self.tr("Filter of the layer table"))
        edit.textChanged.connect(self._on_filter_changed)
        return edit

    def _make_inputs_combo(self) -> QComboBox:
        combo = QComboBox()
        combo.addItems([self.tr("mean"), self.tr("worst")])
        combo.setToolTip(self.tr("Of several inputs show each value's mean or its worst"))
        combo.currentIndexChanged.connect(lambda index: self.model.set_worst_of_inputs(index == 1))
        return combo

    def _on_filter_changed(self, text: str) -> None:
        chosen = filters.parse(text)
        self.model.set_filter(chosen)
        unclear = ", ".join(chosen.unclear)
        help_text = self.tr(
            "Words match the operator, the tensor or its group; op: also the operators of a fused layer.\n"
            "op:Conv   name:conv_3   cos<0.99   single.euc>10   runtime.cos<0.9   sqnr<20\n"
            "A leading - negates a term; all terms must hold."
        )
        self.filter_edit.setToolTip(self.tr("Not understood: {0}").format(unclear) if unclear else help_text)
        self.filter_edit.setProperty("invalid", bool(unclear))
        self.filter_edit.style().unpolish(self.filter_edit)
        self.filter_edit.style().polish(self.filter_edit)

    def _on_results_changed(self) -> None:
        results = self._workspace.results
        samples = len(results.dumps.get("golden", ())) if results else 0
        self.inputs_combo.setVisible(samples > 1)
        self._on_layout_changed()
        self.view.restore_place()

    def _on_layout_changed(self) -> None:
        shown, total = self.model.rowCount(), self.model.total
        text = self.tr("Layers: {0}").format(total)
        if shown != total:
            text = self.tr("Layers: {0} of {1}").format(shown, total)
        unmatched = self._unmatched()
        self.count.set_text("   ".join([text, *unmatched]), "\n".join(self._unmatched_names()))
        self._show_selection()

    def _unmatched(self) -> list[str]:
        results = self._workspace.results
        found = results.unmatched.items() if results else ()
        text = self.tr("no partner in {0}: {1}")
        return [text.format(source, len(names)) for source, names in found if names]

    def _unmatched_names(self) -> list[str]:
        results = self._workspace.results
        found = results.unmatched.items() if results else ()
        return [f"{source}: {name}" for source, names in found for name in names[:40]]

    def _show_selection(self) -> None:
        position = self.model.position(self._workspace.selected) if self._workspace.selected else None
        self.view.show_row(position)


class LayerView(QTableView):
    """The table itself. `chosen` gives the tensor that the user went to; `switched` follows the space key.

    `menu_wanted` gives the tensor of the row whose menu is wanted, and where on the screen.
    """

    chosen = Signal(str)
    switched = Signal()
    menu_wanted = Signal(str, QPoint)

    def __init__(self, model: LayersModel) -> None:
        super().__init__()
        self._model = model
        self._is_told = False
        self._place: tuple[str, int] | None = None
        model.modelAboutToBeReset.connect(self._remember_place)
        self.setModel(model)
        self.setItemDelegate(CellDelegate(self))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        self.setTabKeyNavigation(False)
        self.setAccessibleName(self.tr("Layers"))
        self._set_up_headers()
        model.columns_changed.connect(self._fit_columns)
        self._fit_columns()

    def show_row(self, position: int | None) -> None:
        """Select a row without telling anybody, and scroll only where it is not visible."""
        selection = self.selectionModel()
        if position is None:
            selection.clear()
            return
        index = self._model.index(position, 2)
        if self.currentIndex().row() == position and selection.isRowSelected(position, QModelIndex()):
            return
        flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
        self._is_told = True
        selection.setCurrentIndex(index, flags)
        self._is_told = False
        if not self.viewport().rect().contains(self.visualRect(index)):
            self.scrollTo(index, QAbstractItemView.ScrollHint.PositionAtCenter)

    def restore_place(self) -> None:
        """Show the same rows as before the table was filled anew, where they are still there."""
        if self._place is None:
            return
        (tensor, sideways), self._place = self._place, None
        position = self._model.position(tensor)
        if position is not None:
            self.scrollTo(self._model.index(position, 2), QAbstractItemView.ScrollHint.PositionAtTop)
            self.horizontalScrollBar().setValue(sideways)

    def sort_by(self, wanted: Column | None, *, worst_first: bool = True) -> None:
        """Order by a column and mark its header."""
        self._model.sort_by(wanted, worst_first=worst_first)
        header = self.horizontalHeader()
        shown = wanted is not None and wanted in self._model.columns
        header.setSortIndicatorShown(shown)
        if wanted is not None and shown:
            order = Qt.SortOrder.AscendingOrder if worst_first else Qt.SortOrder.DescendingOrder
            header.setSortIndicator(self._model.columns.index(wanted), order)

    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:
        super().selectionChanged(selected, deselected)
        rows = selected.indexes()
        if rows and not self._is_told:
            self.chosen.emit(self._model.row_at(rows[0].row()).tensor)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Home, Qt.Key.Key_End) and self._model.rowCount():
            last = self._model.rowCount() - 1
            self.setCurrentIndex(self._model.index(0 if event.key() == Qt.Key.Key_Home else last, 2))
            return
        if event.key() == Qt.Key.Key_Space:
            self.switched.emit()
            return
        super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        is_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        index = self.currentIndex() if is_key else self.indexAt(event.pos())
        if index.isValid():
            self.selectRow(index.row())
            below = self.viewport().mapToGlobal(self.visualRect(index).bottomLeft())
            self.menu_wanted.emit(self._model.row_at(index.row()).tensor, below if is_key else event.globalPos())

    def _remember_place(self) -> None:
        top = self.indexAt(QPoint(4, 4))
        is_filled = top.isValid() and self._model.total > 0
        self._place = (self._model.row_at(top.row()).tensor, self.horizontalScrollBar().value()) if is_filled else None

    def resizeEvent(self, event: QResizeEvent) -> None:
        row, old = self.visualRect(self.currentIndex()), event.oldSize().height()
        super().resizeEvent(event)
        self._fit_columns()
        shrinks = self.viewport().height() < old
        if shrinks and row.isValid() and row.top() >= 0 and row.bottom() <= old:  # a bar above must not hide it
            self.scrollTo(self.currentIndex())

    def _set_up_headers(self) -> None:
        vertical, header = self.verticalHeader(), self.horizontalHeader()
        vertical.setVisible(False)
        vertical.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        vertical.setMinimumSectionSize(ROW_HEIGHT)
        vertical.setDefaultSectionSize(ROW_HEIGHT)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setHighlightSections(False)
        header.setMinimumSectionSize(24)
        header.setSectionsClickable(True)
        header.sectionClicked.connect(self._on_header_clicked)

    def _on_header_clicked(self, section: int) -> None:
        """Worst first, best first, the network's order."""
        wanted = self._model.columns[section]
        if self._model.sorting == (wanted, True):
            self.sort_by(wanted, worst_first=False)
        elif self._model.sorting == (wanted, False):
            self.sort_by(None)
        else:
            self.sort_by(wanted)

    def _fit_columns(self) -> None:
        """Give every column what its content needs; the tensor's takes the rest; what has no room is left out.

        First goes euc, which also leaves when names get short, then the single errors: the cosine of the whole run
        is the number that is read first.
        """
        columns = self._model.columns
        widths = [self._wanted_width(item) for item in columns]
        arrow, old = change_widths(self.font())
        more = [old if self._model.has_changes(item) else 0 for item in columns]
        widths = [width + (arrow if extra else 0) for width, extra in zip(widths, more, strict=True)]
        hidden, room = set(), self.viewport().width()
        for at in sorted(range(len(columns)), key=self._importance):
            if columns[at].kind == "tensor":
                continue
            least = LEAST_TENSOR_WIDTH if self._importance(at)[0] < 2 else GOOD_TENSOR_WIDTH
            if room - widths[at] < least and columns[at].kind in ("value", "note"):
                hidden.add(at)
            else:
                widths[at] += more[at] if room - widths[at] - more[at] >= LEAST_TENSOR_WIDTH else 0
                room -= widths[at]
        for at, (item, width) in enumerate(zip(columns, widths, strict=True)):
            self.setColumnHidden(at, at in hidden)
            self.setColumnWidth(at, max(LEAST_TENSOR_WIDTH, room) if item.kind == "tensor" else width)

    def _importance(self, at: int) -> tuple[int, int, int]:
        item = self._model.columns[at]
        if item.kind != "value":
            return (9 if item.kind == "note" else 0), 0, at
        metrics = list(dict.fromkeys(other.metric for other in self._model.columns if other.kind == "value"))
        return 1 + metrics.index(item.metric), PRIORITY.index(item.column), at

    def _wanted_width(self, item: Column) -> int:
        metrics = QFontMetrics(self.font())
        if item.kind == "value":
            return metrics.horizontalAdvance("▲ 0.00000") + 16
        if item.kind == "index":
            return metrics.horizontalAdvance("0" * max(2, len(str(self._model.total)))) + 16
        if item.kind == "op":
            longest = max(
                (self._model.row_at(at).op for at in range(min(200, self._model.rowCount()))), key=len, default=""
            )
            return min(NARROW_OP if self.width() < ROOMY else WIDE_OP, max(48, metrics.horizontalAdvance(longest) + 16))
        return 120

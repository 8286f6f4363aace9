"""What each layer does to the outputs, alone: a table with bars that follows the selection."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSignalBlocker, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from workbench.ui import keys, theme
from workbench.ui.colours import mix
from workbench.ui.mixing import Mixing
from workbench.ui.models.mixed.effects_table import COLUMNS, LAYER, ONLY, SHARE, SPARED, WEIGHTS, EffectsTable
from workbench.ui.text_size import pixels
from workbench.ui.views.common.elided import elided_name
from workbench.ui.widgets import Choice, button, column, label, row, set_role, show_lines
from workbench.ui.workspace import Workspace

BAR, LEAST_WIDTH, TEXT = 3, 56, 4
WIDTHS = {ONLY: 76, SPARED: 76, WEIGHTS: 66}
MOST_OUTPUT = 24


class EffectsView(QWidget):
    """Follows what is known, and the selection; a click selects the layer."""

    def __init__(self, workspace: Workspace, mixing: Mixing) -> None:
        super().__init__()
        self._workspace, self._mixing = workspace, mixing
        self.table, self.view = EffectsTable(), QTableView()
        self.measure = button(self.tr("Measure each layer"), "run", lambda: mixing.measure())
        self.measure.setToolTip(self.tr("Quantise each layer alone, and spare each alone, and compare the outputs"))
        self.output = Choice(least=8)
        self.output.setAccessibleName(self.tr("Output"))
        self.output.currentIndexChanged.connect(lambda _: self._show_output())
        self.state = label("", "muted", wrap=True)
        self._make_view()
        self.setLayout(column(row(self.output, None, self.measure), self.state, self.view, spacing=6))
        self.view.selectionModel().currentRowChanged.connect(self._on_chosen)
        workspace.selection_changed.connect(self._follow)
        mixing.changed.connect(self._show)
        mixing.busy_changed.connect(self._show_busy)
        self._show()

    def _make_view(self) -> None:
        view = self.view
        view.setModel(self.table)
        view.setItemDelegateForColumn(LAYER, Names(view))
        for number in COLUMNS[ONLY:]:
            view.setItemDelegateForColumn(number, Barred(view))
        view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        view.verticalHeader().hide()
        show_lines(view)
        view.setAccessibleName(self.tr("What each layer does to the outputs, alone"))
        header = view.horizontalHeader()
        header.setMinimumSectionSize(pixels(LEAST_WIDTH))
        header.setSectionResizeMode(LAYER, QHeaderView.ResizeMode.Stretch)
        for number in COLUMNS[ONLY:]:
            header.resizeSection(number, pixels(WIDTHS[number]))
        view.setSortingEnabled(True)
        header.setSortIndicator(ONLY, Qt.SortOrder.DescendingOrder)
        keys.set_place(view, self.tr("Effect of each layer"))

    def _show(self) -> None:
        effects = self._mixing.effects
        names = [] if effects is None else list(effects.found.quantised)
        with QSignalBlocker(self.output):
            self.output.clear()
            self.output.addItem(self.tr("worst output"), "")
            for name in names:
                self.output.addItem(name, name)
        self.output.setVisible(len(names) > 1)
        self.view.setVisible(effects is not None)
        self.state.setText(self._story())
        set_role(self.state, "warning" if self._mixing.are_effects_stale else "muted")
        self._show_output()
        self._show_busy()

    def _story(self) -> str:
        """What is known, or what to do next."""
        effects = self._mixing.effects
        if effects is None:
            return self._mixing.why_not() or self.tr(
                "Measure what each layer does to the outputs: quantized alone, and spared alone. A search measures "
                "the first of them."
            )
        if self._mixing.are_effects_stale:
            return self.tr("These are of other settings or inputs: measure again.")
        if not any(one.spared for one in effects.found.effects):
            return self.tr("Known from the search; “Measure each layer” also tells what sparing each alone saves.")
        return self.tr("1 − cos of the outputs; bars are powers of ten.")

    def _show_output(self) -> None:
        effects = self._mixing.effects
        self.table.show_effects(None if effects is None else effects.found, str(self.output.currentData() or ""))
        self._follow()

    def _show_busy(self) -> None:
        why = self._mixing.why_not()
        self.measure.setEnabled(not why)

    def showEvent(self, event: object) -> None:
        super().showEvent(event)  # type: ignore[arg-type]
        self._follow()

    def _follow(self) -> None:
        at = self.table.place(self._workspace.selected) if self.isVisible() else -1
        if at >= 0 and at != self.view.currentIndex().row():
            self.view.setCurrentIndex(self.table.index(at, LAYER))

    def _on_chosen(self, now: QModelIndex) -> None:
        if now.isValid():
            tensor, rows = self.table.tensor(now.row()), self._workspace.rows
            self._workspace.select(self._workspace.spared.row_of(tensor, rows) or tensor)


class Names(QStyledItemDelegate):
    """Names that keep their whole path parts as far as there is room."""

    def initStyleOption(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        super().initStyleOption(option, index)
        option.text = elided_name(option.fontMetrics, option.text, option.rect.width() - 2 * TEXT)  # type: ignore[attr-defined]


class Barred(QStyledItemDelegate):
    """A number with a bar below it."""

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        super().paint(painter, option, index)
        share = index.data(SHARE)
        if share is None:
            return
        shown = theme.active()
        area = QRectF(option.rect).adjusted(TEXT, 0, -TEXT, -1)
        bar = QRectF(area.left(), area.bottom() - BAR, area.width(), BAR)
        painter.fillRect(bar, mix(shown.surface, shown.muted, 0.16))
        bar.setWidth(area.width() * share)
        painter.fillRect(bar, shown.simulator)

"""What each layer does to the outputs, alone: a table with bars that follows the selection."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSignalBlocker
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QHeaderView, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from workbench.ui import theme
from workbench.ui.colours import mix
from workbench.ui.mixing import Mixing
from workbench.ui.models.layer_figures import LAYER
from workbench.ui.models.mixed.effects_table import NUMBERS, ONLY, SHARE, SPARED, WEIGHTS, EffectsTable
from workbench.ui.text_size import pixels
from workbench.ui.views.common.layer_list import TEXT, LayerList
from workbench.ui.widgets import Choice, button, column, label, row, set_role
from workbench.ui.workspace import Workspace

BAR, LEAST_WIDTH = 3, 56
WIDTHS = {ONLY: 76, SPARED: 76, WEIGHTS: 66}
MOST_OUTPUT = 24


class EffectsView(QWidget):
    """Follows what is known, and the selection; a click selects the layer."""

    def __init__(self, workspace: Workspace, mixing: Mixing) -> None:
        super().__init__()
        self._workspace, self._mixing = workspace, mixing
        self.table = EffectsTable()
        self.view = self._make_view()
        self.measure = button(self.tr("Measure each layer"), "run", lambda: mixing.measure())
        self.measure.setToolTip(self.tr("Quantise each layer alone, and spare each alone, and compare the outputs"))
        self.output = Choice(least=8)
        self.output.setAccessibleName(self.tr("Output"))
        self.output.currentIndexChanged.connect(lambda _: self._show_output())
        self.state = label("", "muted", wrap=True)
        self.setLayout(column(row(self.output, None, self.measure), self.state, self.view, spacing=6))
        self.view.chosen.connect(self._on_chosen)
        workspace.selection_changed.connect(self._follow)
        mixing.changed.connect(self._show)
        mixing.busy_changed.connect(self._show_busy)
        self._show()

    def _make_view(self) -> LayerList:
        name, place = self.tr("What each layer does to the outputs, alone"), self.tr("Effect of each layer")
        view = LayerList(self.table, name, place, LEAST_WIDTH)
        header = view.horizontalHeader()
        header.setSectionResizeMode(LAYER, QHeaderView.ResizeMode.Stretch)
        for number in NUMBERS:
            view.setItemDelegateForColumn(number, Barred(view))
            header.resizeSection(number, pixels(WIDTHS[number]))
        return view

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
        self.view.follow(self._workspace.selected)

    def _on_chosen(self, tensor: str) -> None:
        self._workspace.select(self._workspace.spared.row_of(tensor, self._workspace.rows) or tensor)


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

"""Beside the graph: what conversion, quantization and the board cost each layer, as stacked bars."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QPainter, QShowEvent
from PySide6.QtWidgets import QHeaderView, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from workbench.diagnose.parts import STEPS
from workbench.ui import theme
from workbench.ui.diagnosing import Diagnosing
from workbench.ui.models.diagnosis.blame_table import BARS, SHARES, BlameTable
from workbench.ui.models.layer_figures import LAYER
from workbench.ui.views.common.layer_list import LayerList
from workbench.ui.widgets import button, column, label, row
from workbench.ui.workspace import Workspace

COLOURS = dict(zip(STEPS, ("golden", "simulator", "runtime"), strict=True))
PATTERNS = dict(
    zip(STEPS, (Qt.BrushStyle.Dense4Pattern, Qt.BrushStyle.SolidPattern, Qt.BrushStyle.BDiagPattern), strict=True)
)
"""A part is told by more than its colour."""
LEAST_WIDTH = 48


class BlameView(QWidget):
    """Follows the diagnosis and the selection; a click selects the layer."""

    def __init__(self, workspace: Workspace, diagnosing: Diagnosing) -> None:
        super().__init__()
        self._workspace, self._diagnosing = workspace, diagnosing
        self.table = BlameTable()
        self.view = self._make_view()
        self.none = label(
            self.tr("Diagnose the session; then it is told here what each step costs a layer."), "muted", wrap=True
        )
        self.measure = button(self.tr("Measure each layer"), "run", diagnosing.measure_layers)
        self.measure.setToolTip(
            self.tr("Quantise each layer alone, and each alone in float: what it costs and saves the outputs")
        )
        self.input = label(self.tr("The error is that of input 1, the other columns are means of all."), "muted")
        self.legend = row(
            *(part for key in STEPS for part in (Swatch(key), label(self._title(key), "muted"))), spacing=6
        )
        self.none.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.head = QWidget()
        head = row(self.legend, None, self.measure)
        head.setContentsMargins(8, 6, 8, 2)
        self.head.setLayout(head)
        self.input.setContentsMargins(8, 0, 8, 2)
        self.setLayout(column(self.head, self.none, self.view, self.input, spacing=2))
        self.view.chosen.connect(workspace.select)
        workspace.selection_changed.connect(self._follow)
        diagnosing.show_in(self)
        diagnosing.changed.connect(self._show)
        diagnosing.busy_changed.connect(lambda: self.measure.setEnabled(not diagnosing.is_busy))
        self._show()

    def _make_view(self) -> LayerList:
        name, place = self.tr("What each step costs a layer"), self.tr("Blame of each layer")
        view = LayerList(self.table, name, place, LEAST_WIDTH)
        view.setItemDelegateForColumn(BARS, StackedBars(view))
        header = view.horizontalHeader()
        for number in range(self.table.columnCount()):
            is_wide = number in (LAYER, BARS)
            mode = QHeaderView.ResizeMode.Stretch if is_wide else QHeaderView.ResizeMode.ResizeToContents
            header.setSectionResizeMode(number, mode)
        return view

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._diagnosing.look_if_due()
        self._show()

    def _show(self) -> None:
        if not self.isVisible():
            return
        found = self._diagnosing.diagnosis
        blame = found.blame if found is not None else ()
        self.table.show_blame(blame, None if found is None else found.divergence)
        self.view.setVisible(bool(blame))
        self.head.setVisible(bool(blame))
        session = self._workspace.session
        is_one = session is None or len(session.samples) < 2
        self.input.setVisible(bool(blame) and not is_one)
        self.none.setVisible(not blame)
        self._follow()

    def _follow(self) -> None:
        self.view.follow(self._workspace.selected)

    def _title(self, part: str) -> str:
        titles = {
            "conversion": self.tr("conversion"), "quantization": self.tr("quantization"), "runtime": self.tr("runtime")
        }  # fmt: skip
        return titles[part]


class StackedBars(QStyledItemDelegate):
    """One bar a layer, as long as its relative error, cut into its parts by their squared errors."""

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        super().paint(painter, option, index)
        shares, highest = index.data(SHARES), index.model().highest  # type: ignore[attr-defined]
        whole = sum(value for value in shares if value)
        if not whole or not highest:
            return
        area = QRectF(option.rect).adjusted(6, 5, -6, -5)
        length = area.width() * min(1.0, whole / highest) ** 0.5  # what is lost is longer than any
        left = area.left()
        for part, value in zip(STEPS, shares, strict=True):
            if value:
                width = length * value / whole
                paint_part(painter, QRectF(left, area.top(), width, area.height()), part)
                left += width


class Swatch(QWidget):
    """What a part looks like in the bars."""

    def __init__(self, part: str) -> None:
        super().__init__()
        self._part = part
        self.setFixedSize(QSize(14, 14))

    def paintEvent(self, event: object) -> None:
        paint_part(QPainter(self), QRectF(self.rect()), self._part)


def paint_part(painter: QPainter, area: QRectF, part: str) -> None:
    """Colour and pattern of a part."""
    colours = theme.active()
    colour = colours.source(COLOURS[part])
    painter.save()
    painter.fillRect(area, colours.surface)
    painter.fillRect(area, QBrush(colour, PATTERNS[part]))
    painter.setPen(colour)
    painter.drawRect(area.adjusted(0, 0, -1, -1))
    painter.restore()

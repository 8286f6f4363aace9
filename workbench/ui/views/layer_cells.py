"""How the cells of the layer table are painted."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPalette
from PySide6.QtWidgets import QApplication, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from workbench.compare.compare import LayerError
from workbench.ui import theme
from workbench.ui.models.graph_model import plain_name
from workbench.ui.models.layers import CHANGE_ROLE, ROW_ROLE, SEVERITY_ROLE, LayersModel
from workbench.ui.widgets import digits, small

Index = QModelIndex | QPersistentModelIndex
ROW_HEIGHT = 24
MARGIN, GAP = 6, 3
MARK = 12  # pixels at the left of a value for the symbol of its severity
ARROW = "→"


def change_widths(font: QFont) -> tuple[int, int]:
    """The pixels that a value that has changed takes more: for the arrow, and for the old value before it."""
    arrow = QFontMetrics(font).horizontalAdvance(ARROW) + 2 * GAP
    return arrow, QFontMetrics(small(digits(font))).horizontalAdvance("0.00000")


class CellDelegate(QStyledItemDelegate):
    """Numbers with the symbol and colour of their severity, names as the graph writes them, fused groups as a chip."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        view = QStyleOptionViewItem(option)
        self.initStyleOption(view, index)
        text, view.text = view.text, ""
        widget: QWidget | None = option.widget
        style = widget.style() if widget else QApplication.style()
        view.state &= ~QStyle.StateFlag.State_HasFocus
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, view, painter, widget)
        painter.save()
        area = view.rect.adjusted(MARGIN, 0, -MARGIN, 0)
        model = index.model()
        kind = model.columns[index.column()].kind if isinstance(model, LayersModel) else ""
        if kind == "value":
            self._paint_value(painter, area, text, str(index.data(SEVERITY_ROLE)))
            if (change := index.data(CHANGE_ROLE)) is not None:
                self._paint_change(painter, area, text, *change)
        elif kind == "tensor":
            self._paint_tensor(painter, area, text, index.data(ROW_ROLE), view)
        else:
            self._paint_text(painter, area, text, kind, view)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(super().sizeHint(option, index).width(), ROW_HEIGHT)

    def _paint_value(self, painter: QPainter, area: QRect, text: str, severity: str) -> None:
        band = theme.active().severity(severity)
        flagged = severity in ("yellow", "red")
        painter.setFont(digits(painter.font()))
        painter.setPen(band.colour if flagged or not severity else theme.active().text)
        painter.drawText(area, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)
        if flagged:
            painter.drawText(area, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, band.symbol)

    def _paint_change(self, painter: QPainter, area: QRect, text: str, before: str, turned: str) -> None:
        """The old value, small, and an arrow in the colour of better or worse; without room only the arrow."""
        colours = theme.active()
        right = area.right() - painter.fontMetrics().horizontalAdvance(text) - GAP
        painter.setPen(colours.severity("good" if turned == "better" else "red").colour)
        side = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(QRect(area.left(), area.top(), right - area.left(), area.height()), side, ARROW)
        right -= painter.fontMetrics().horizontalAdvance(ARROW) + GAP
        painter.setFont(small(painter.font()))
        width = painter.fontMetrics().horizontalAdvance(before)
        if right - width >= area.left() + MARK:
            painter.setPen(colours.muted)
            painter.drawText(QRect(right - width, area.top(), width + 1, area.height()), side, before)

    def _paint_tensor(
        self, painter: QPainter, area: QRect, text: str, row: LayerError, view: QStyleOptionViewItem
    ) -> None:
        if row.group:
            area = area.adjusted(0, 0, -self._paint_chip(painter, area, f"+{len(row.group)}"), 0)
        painter.setPen(theme.active().text)
        shown = painter.fontMetrics().elidedText(plain_name(text), Qt.TextElideMode.ElideMiddle, area.width())
        painter.drawText(area, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)

    def _paint_chip(self, painter: QPainter, area: QRect, text: str) -> int:
        """A small rounded box at the right; gives the width that it takes."""
        width = painter.fontMetrics().horizontalAdvance(text) + 10
        box = QRect(area.right() - width + 1, area.center().y() - 8, width, 17)
        colours = theme.active()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.mix(colours.surface, colours.muted, 0.22))
        painter.drawRoundedRect(box, 4, 4)
        painter.setPen(colours.muted)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
        return width + MARGIN

    def _paint_text(self, painter: QPainter, area: QRect, text: str, kind: str, view: QStyleOptionViewItem) -> None:
        colour: QColor = (
            theme.active().muted if kind in ("index", "note") else view.palette.color(QPalette.ColorRole.Text)
        )
        painter.setPen(colour)
        if kind == "index":
            painter.setFont(digits(painter.font()))
        side = Qt.AlignmentFlag.AlignRight if kind == "index" else Qt.AlignmentFlag.AlignLeft
        shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, area.width())
        painter.drawText(area, side | Qt.AlignmentFlag.AlignVCenter, shown)

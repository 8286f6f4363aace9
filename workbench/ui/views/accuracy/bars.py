"""A figure with its interval, as a point with an error bar in a cell of the table."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem

from workbench.ui import theme
from workbench.ui.models.accuracy.figure_table import FIGURE, FigureTable
from workbench.ui.models.accuracy.figures import FLOAT

MARGIN, CAP, POINT = 8, 4, 3.5


class ErrorBars(QStyledItemDelegate):
    """All cells of a column have one scale; a thin line marks float's figure."""

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        super().paint(painter, option, index)
        table, figure = index.model(), index.data(FIGURE)
        assert isinstance(table, FigureTable)
        if figure is None:
            return
        colours, area = theme.active(), QRectF(option.rect).adjusted(MARGIN, 0, -MARGIN, 0)
        colour = colours.golden if table.source(index.row()).text == FLOAT else colours.simulator
        middle = area.center().y()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if (reference := table.reference) is not None:
            left = self._left(table, area, reference.value)
            painter.setPen(QPen(colours.golden, 1.0, Qt.PenStyle.DotLine))
            painter.drawLine(QPointF(left, area.top()), QPointF(left, area.bottom()))
        low, value, high = (self._left(table, area, one) for one in (figure.low, figure.value, figure.high))
        painter.setPen(QPen(colour, 2.0))
        painter.drawLine(QPointF(low, middle), QPointF(high, middle))
        for end in (low, high):
            painter.drawLine(QPointF(end, middle - CAP), QPointF(end, middle + CAP))
        painter.setBrush(colour)
        painter.drawEllipse(QPointF(value, middle), POINT, POINT)
        painter.restore()

    def _left(self, table: FigureTable, area: QRectF, value: float) -> float:
        low, high = table.limits
        share = (value - low) / (high - low) if high > low else 0.5
        return area.left() + share * area.width()

"""The small picture beside a piece of evidence: a few named rows of numbers as bars, lines or points."""

import math
from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from workbench.diagnose.findings import Chart
from workbench.ui import theme
from workbench.ui.colours import mix
from workbench.ui.models.diagnosis.texts import number
from workbench.ui.text_size import pixels
from workbench.ui.widgets import digits, one_line, small

HEIGHT, LEAST_WIDTH = 132, 180
GAP, POINT, MOST_LABELS = 6, 2.5, 8
COLOURS = ("simulator", "golden", "runtime", "muted")
LINES = (Qt.PenStyle.SolidLine, Qt.PenStyle.DashLine, Qt.PenStyle.DotLine, Qt.PenStyle.DashDotLine)
"""Rows of numbers are told apart by more than their colour."""


class MiniChart(QWidget):
    """Values are drawn from 0 where they are bars; what is no number is left out."""

    def __init__(self, chart: Chart) -> None:
        super().__init__()
        self._chart = chart
        self._low, self._high = _limits(chart)
        self.setFont(digits(small(self.font())))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        said = self.tr("{0} over {1}, from {2} to {3}")
        self.setAccessibleName(said.format(chart.y, chart.x, number(self._low), number(self._high)))
        self.setToolTip(self.accessibleName())

    def sizeHint(self) -> QSize:
        return QSize(pixels(LEAST_WIDTH), pixels(HEIGHT))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, colours = QPainter(self), theme.active()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        frame = self._frame()
        painter.setPen(QPen(colours.line))
        painter.drawLine(frame.bottomLeft(), frame.bottomRight())
        painter.drawLine(frame.bottomLeft(), frame.topLeft())
        for at, (_, values) in enumerate(self._chart.series.items()):
            colour: QColor = getattr(colours, COLOURS[at % len(COLOURS)])
            self._draw(painter, frame, values, at, colour)
        self._write(painter, frame)

    def _frame(self) -> QRectF:
        metrics = self.fontMetrics()
        left = max(metrics.horizontalAdvance(number(value)) for value in (self._low, self._high)) + GAP
        above = metrics.height() + GAP if len(self._chart.series) > 1 or self._chart.y else GAP
        return QRectF(left, above, self.width() - left - GAP, self.height() - above - metrics.height() - GAP)

    def _draw(self, painter: QPainter, frame: QRectF, values: Sequence[float], at: int, colour: QColor) -> None:
        if self._chart.kind == "bars":
            count = len(self._chart.series)
            share = frame.width() / max(1, len(values))
            width = max(1.0, share * 0.8 / count)
            base = self._y(frame, max(self._low, 0.0))
            for place, value in enumerate(values):
                if math.isfinite(value):
                    left = frame.left() + share * (place + 0.1) + at * width
                    top = self._y(frame, value)
                    painter.fillRect(QRectF(left, min(top, base), width, max(1.0, abs(base - top))), colour)
            return
        places = [(place, value) for place, value in enumerate(values) if math.isfinite(value)]
        points = [QPointF(self._x(frame, place, len(values)), self._y(frame, value)) for place, value in places]
        if self._chart.kind == "lines":
            painter.setPen(QPen(colour, 1.5, LINES[at % len(LINES)]))
            painter.drawPolyline(QPolygonF(points))
            return
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        for point in points:
            painter.drawEllipse(point, POINT, POINT)

    def _write(self, painter: QPainter, frame: QRectF) -> None:
        """Limits left, the axis below, above what the rows of numbers are called."""
        colours, metrics = theme.active(), self.fontMetrics()
        painter.setPen(colours.muted)
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        for value in (self._low, self._high):
            middle = self._y(frame, value)
            room = QRectF(0, middle - metrics.height() / 2, frame.left() - GAP / 2, metrics.height())
            painter.drawText(room, right, number(value))
        below = QRectF(frame.left(), frame.bottom() + GAP / 2, frame.width(), metrics.height())
        labels = self._chart.labels
        if labels and len(labels) <= MOST_LABELS:
            share = frame.width() / len(labels)
            for at, text in enumerate(labels):
                shown = metrics.elidedText(one_line(text), Qt.TextElideMode.ElideMiddle, int(share))
                painter.drawText(
                    QRectF(frame.left() + at * share, below.top(), share, below.height()),
                    Qt.AlignmentFlag.AlignCenter,
                    shown,
                )
        else:
            painter.drawText(below, Qt.AlignmentFlag.AlignRight, one_line(self._chart.x))
        painter.drawText(
            QRectF(frame.left(), 0, frame.width(), metrics.height()), Qt.AlignmentFlag.AlignLeft, self._chart.y
        )
        place = float(self.width() - GAP)
        for at, name in reversed(list(enumerate(self._chart.series)) if len(self._chart.series) > 1 else []):
            place -= metrics.horizontalAdvance(name)
            painter.setPen(mix(getattr(colours, COLOURS[at % len(COLOURS)]), colours.text, 0.2))
            painter.drawText(QPointF(place, metrics.ascent()), name)
            place -= 2 * GAP

    def _x(self, frame: QRectF, place: int, count: int) -> float:
        return frame.left() + frame.width() * (place + 0.5) / max(1, count)

    def _y(self, frame: QRectF, value: float) -> float:
        span = self._high - self._low
        return frame.bottom() - frame.height() * ((value - self._low) / span if span else 0.5)


def _limits(chart: Chart) -> tuple[float, float]:
    """The least and greatest value; bars begin at 0."""
    found = [value for values in chart.series.values() for value in values if math.isfinite(value)]
    if chart.kind == "bars":
        found.append(0.0)
    return (min(found), max(found)) if found else (0.0, 1.0)

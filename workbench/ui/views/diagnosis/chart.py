"""The small picture beside a piece of evidence: a few named rows of numbers as bars, lines or points."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from workbench.diagnose.findings import Chart
from workbench.ui import theme
from workbench.ui.colours import mix
from workbench.ui.models.diagnosis.chart_texts import told
from workbench.ui.models.diagnosis.texts import number
from workbench.ui.text_size import pixels
from workbench.ui.tips import plain_tip
from workbench.ui.views.common.elided import elided_name
from workbench.ui.views.diagnosis.chart_drawing import (
    GAP,
    LINES,
    colour_of,
    draw_bars,
    draw_lines,
    draw_points,
    draw_rows,
    is_scatter,
    limits,
    rows_height,
)
from workbench.ui.widgets import digits, one_line, small

HEIGHT, LEAST_WIDTH = 100, 180
MOST_LABELS, SAMPLE = 8, 14


class MiniChart(QWidget):
    """Few places with names are rows, one below the other. What is no number is left out."""

    def __init__(self, chart: Chart) -> None:
        super().__init__()
        self._chart = chart = told(chart)
        self._has_rows = chart.kind == "bars" and 0 < len(chart.labels) <= MOST_LABELS
        self._names = list(map(one_line, chart.series)) if len(chart.series) > 1 and not is_scatter(chart) else []
        self.setFont(digits(small(self.font())))
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        said = self.tr("{0} over {1}, from {2} to {3}")
        self.setAccessibleName(said.format(chart.y, chart.x, *map(number, limits(chart))))
        self.setToolTip(plain_tip(self.accessibleName()))

    def sizeHint(self) -> QSize:
        width = pixels(LEAST_WIDTH)
        return QSize(width, self.heightForWidth(width))

    def heightForWidth(self, width: int) -> int:
        line = self.fontMetrics().height()
        if self._has_rows:
            return self._above(width) + rows_height(self._chart, self.fontMetrics())
        return self._above(width) + pixels(HEIGHT) + line + GAP

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        above, line = self._above(self.width()), self.fontMetrics().height()
        self._write_names(painter)
        if self._has_rows:
            draw_rows(painter, QRectF(0, above, self.width(), self.height() - above), self._chart)
            return
        frame = self._frame(above, self.height() - line - GAP)
        painter.setPen(QPen(theme.active().line))
        painter.drawLine(frame.bottomLeft(), frame.bottomRight())
        painter.drawLine(frame.bottomLeft(), frame.topLeft())
        draw = {"bars": draw_bars, "lines": draw_lines}.get(self._chart.kind, draw_points)
        draw(painter, frame, self._chart)
        self._write_axes(painter, frame)

    def _frame(self, above: int, below: int) -> QRectF:
        left = max(self.fontMetrics().horizontalAdvance(number(value)) for value in limits(self._chart)) + GAP
        return QRectF(left, above, self.width() - left - GAP, below - above)

    def _above(self, width: int) -> int:
        """The room for what the axis and the rows of numbers are called."""
        lines = len(self._names) if not self._is_beside(width) else 0
        return (lines + bool(self._chart.y or (self._names and not lines))) * self.fontMetrics().height() + GAP

    def _is_beside(self, width: int) -> bool:
        """Whether the names fit into the line of the axis."""
        metrics = self.fontMetrics()
        wanted = sum(metrics.horizontalAdvance(name) + SAMPLE + 3 * GAP for name in self._names)
        return metrics.horizontalAdvance(self._chart.y) + wanted <= width

    def _write_names(self, painter: QPainter) -> None:
        """The axis, and the rows of numbers right of it, or below one another."""
        metrics, is_beside = self.fontMetrics(), self._is_beside(self.width())
        painter.setPen(theme.active().muted)
        painter.drawText(QPointF(0, metrics.ascent()), self._chart.y)
        line = metrics.height() if not is_beside and self._chart.y else 0
        right = self.width() - 1.0
        for at, name in reversed(list(enumerate(self._names))):
            if is_beside:
                right -= metrics.horizontalAdvance(name)
                self._write_name(painter, QPointF(right, 0), name, at)
                right -= SAMPLE + 3 * GAP
            else:
                self._write_name(painter, QPointF(SAMPLE + GAP, line + at * metrics.height()), name, at)

    def _write_name(self, painter: QPainter, place: QPointF, name: str, at: int) -> None:
        """A name behind a sample of how its numbers are drawn."""
        metrics, colour = self.fontMetrics(), colour_of(at)
        sample = QRectF(place.x() - SAMPLE - GAP, place.y(), SAMPLE, metrics.height())
        if self._chart.kind == "lines":
            painter.setPen(QPen(colour, 1.5, LINES[at % len(LINES)]))
            painter.drawLine(QPointF(sample.left(), sample.center().y()), QPointF(sample.right(), sample.center().y()))
        else:
            painter.fillRect(sample.adjusted(3, 3, -3, -3), colour)
        painter.setPen(mix(colour, theme.active().text, 0.4))
        shown = elided_name(metrics, name, int(self.width() - place.x()) + 1)
        painter.drawText(QPointF(place.x(), place.y() + metrics.ascent()), shown)

    def _write_axes(self, painter: QPainter, frame: QRectF) -> None:
        """Limits left, below what the axis is called, and of a scatter its limits."""
        metrics, (low, high) = self.fontMetrics(), limits(self._chart)
        painter.setPen(theme.active().muted)
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        for value, middle in ((low, frame.bottom()), (high, frame.top() + metrics.height() / 2 - GAP)):
            room = QRectF(0, middle - metrics.height() / 2, frame.left() - GAP / 2, metrics.height())
            painter.drawText(room, right, number(value))
        below = QRectF(frame.left(), frame.bottom() + GAP / 2, frame.width(), metrics.height())
        title = one_line(self._chart.x)
        if is_scatter(self._chart):
            first, last = map(number, limits(self._chart, is_across=True))
            painter.drawText(below, Qt.AlignmentFlag.AlignLeft, first)
            painter.drawText(below, Qt.AlignmentFlag.AlignRight, last)
            painter.drawText(below, Qt.AlignmentFlag.AlignHCenter, title)
        else:
            painter.drawText(below, Qt.AlignmentFlag.AlignRight, title)

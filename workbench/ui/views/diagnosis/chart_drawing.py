"""How the rows of numbers of a small chart are drawn: as bars, as bars with names, as lines, as points."""

import math
from collections.abc import Iterable

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen, QPolygonF

from workbench.diagnose.findings import Chart
from workbench.ui import theme
from workbench.ui.models.diagnosis.texts import number
from workbench.ui.views.common.elided import elided_name
from workbench.ui.widgets import one_line

GAP, POINT, BAR = 6, 2.5, 10
COLOURS = ("simulator", "golden", "runtime", "muted")
LINES = (Qt.PenStyle.SolidLine, Qt.PenStyle.DashLine, Qt.PenStyle.DotLine, Qt.PenStyle.DashDotLine)
"""Rows of numbers are told apart by more than their colour."""
NAMES = 0.5
"""The most that names take of the width."""


def colour_of(at: int) -> QColor:
    """The colour of a row of numbers, by its place."""
    colour: QColor = getattr(theme.active(), COLOURS[at % len(COLOURS)])
    return colour


def is_scatter(chart: Chart) -> bool:
    """Whether the second row of numbers stands over the first one."""
    return chart.kind == "points" and len(chart.series) == 2


def limits(chart: Chart, *, is_across: bool = False) -> tuple[float, float]:
    """The least and greatest value along y, or along x of a scatter; bars begin at 0."""
    rows = list(chart.series.values())
    if is_scatter(chart):
        rows = rows[:1] if is_across else rows[1:]
    found = [value for values in rows for value in values if math.isfinite(value)]
    if chart.kind == "bars":
        found.append(0.0)
    return (min(found), max(found)) if found else (0.0, 1.0)


def rows_height(chart: Chart, metrics: QFontMetrics) -> int:
    """What bars with names need."""
    return len(chart.labels) * (_row_height(chart, metrics) + GAP)


def draw_rows(painter: QPainter, area: QRectF, chart: Chart) -> None:
    """A line a place: its name, its bars, their values."""
    metrics, colours = painter.fontMetrics(), theme.active()
    low, high = limits(chart)
    names = [one_line(label) for label in chart.labels]
    left = min(NAMES * area.width(), max(map(metrics.horizontalAdvance, names)) + GAP)
    told = max(metrics.horizontalAdvance(number(value)) for value in (low, high, *_all(chart)))
    bars = QRectF(left + GAP, area.top(), area.width() - left - told - 3 * GAP, area.height())
    height = _row_height(chart, metrics)
    for at, name in enumerate(names):
        top = area.top() + at * (height + GAP)
        painter.setPen(colours.text)
        shown = elided_name(metrics, name, int(left))
        painter.drawText(QRectF(0, top, left, height), Qt.AlignmentFlag.AlignVCenter, shown)
        share = height / max(1, len(chart.series))
        for number_, values in enumerate(chart.series.values()):
            if at < len(values) and math.isfinite(values[at]):
                line = QRectF(bars.left(), top + number_ * share, bars.width(), share)
                _draw_row(painter, line, (values[at], low, high), colour_of(number_))


def draw_bars(painter: QPainter, frame: QRectF, chart: Chart) -> None:
    """Bars side by side from 0."""
    low, high = limits(chart)
    base = _place(0.0, low, high, frame.bottom(), frame.top())
    for at, values in enumerate(chart.series.values()):
        share = frame.width() / max(1, len(values))
        width = max(1.0, share * 0.8 / len(chart.series))
        for number_, value in enumerate(values):
            if math.isfinite(value):
                top = _place(value, low, high, frame.bottom(), frame.top())
                left = frame.left() + share * (number_ + 0.1) + at * width
                painter.fillRect(QRectF(left, min(top, base), width, max(1.0, abs(base - top))), colour_of(at))


def draw_lines(painter: QPainter, frame: QRectF, chart: Chart) -> None:
    """A line a row of numbers."""
    for at, values in enumerate(chart.series.values()):
        painter.setPen(QPen(colour_of(at), 1.5, LINES[at % len(LINES)]))
        painter.drawPolyline(QPolygonF(_over_places(frame, chart, values)))


def draw_points(painter: QPainter, frame: QRectF, chart: Chart) -> None:
    """Of two rows of numbers the second over the first, with the line where both are the same; else each over x."""
    if not is_scatter(chart):
        for at, values in enumerate(chart.series.values()):
            _dots(painter, _over_places(frame, chart, values), colour_of(at))
        return
    across, up = limits(chart, is_across=True), limits(chart)
    painter.save()
    painter.setClipRect(frame)
    painter.setPen(QPen(theme.active().muted, 1, Qt.PenStyle.DashLine))
    ends = min(across[0], up[0]), max(across[1], up[1])
    painter.drawLine(*(_spot(frame, (end, end), across, up) for end in ends))
    painter.restore()
    pairs = zip(*chart.series.values(), strict=False)
    finite = [pair for pair in pairs if all(map(math.isfinite, pair))]
    _dots(painter, [_spot(frame, (x, y), across, up) for x, y in finite], colour_of(0))


def _draw_row(painter: QPainter, line: QRectF, value: tuple[float, float, float], colour: QColor) -> None:
    """A bar from 0 in the middle of a line, and its value; `value` comes with the limits."""
    size, low, high = value
    zero, end = (_place(one, low, high, line.left(), line.right()) for one in (0.0, size))
    height = min(float(BAR), line.height() - 2)
    top = line.center().y() - height / 2
    painter.fillRect(QRectF(min(zero, end), top, max(1.0, abs(end - zero)), height), colour)
    painter.setPen(theme.active().muted)
    told = QRectF(max(zero, end) + GAP, line.center().y() - 20, 200, 40)
    painter.drawText(told, Qt.AlignmentFlag.AlignVCenter, number(size))


def _row_height(chart: Chart, metrics: QFontMetrics) -> int:
    return metrics.height() * max(1, len(chart.series))


def _all(chart: Chart) -> Iterable[float]:
    return (value for values in chart.series.values() for value in values if math.isfinite(value))


def _over_places(frame: QRectF, chart: Chart, values: tuple[float, ...]) -> list[QPointF]:
    low, high = limits(chart)
    share = frame.width() / max(1, len(values))
    return [
        QPointF(frame.left() + share * (place + 0.5), _place(value, low, high, frame.bottom(), frame.top()))
        for place, value in enumerate(values)
        if math.isfinite(value)
    ]


def _spot(frame: QRectF, pair: tuple[float, float], across: tuple[float, float], up: tuple[float, float]) -> QPointF:
    x, y = pair
    return QPointF(_place(x, *across, frame.left(), frame.right()), _place(y, *up, frame.bottom(), frame.top()))


def _dots(painter: QPainter, points: Iterable[QPointF], colour: QColor) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    for point in points:
        painter.drawEllipse(point, POINT, POINT)


def _place(value: float, low: float, high: float, start: float, end: float) -> float:
    """Where a value stands between two ends; in the middle where all values are the same."""
    return start + (end - start) * ((value - low) / (high - low) if high > low else 0.5)

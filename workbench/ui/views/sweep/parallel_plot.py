"""The places of a sweep as lines across parallel axes; a part of an axis is brushed, a line chosen."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap, QPolygonF, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from workbench.ui import keys, theme
from workbench.ui.colours import mix
from workbench.ui.models.sweep.lines import LineAxis, Lines
from workbench.ui.text_size import pixels
from workbench.ui.tips import plain_tip
from workbench.ui.views.common.elided import elided_name
from workbench.ui.widgets import digits, small

HEIGHT, LEAST_HEIGHT = 220, 120
MARGIN, GAP = 12, 6
NEAR, GRAB = 8.0, 12.0  # px to a line, to an axis
LEAST_BRUSH = 0.02
FAINT, FAINTEST = 0.55, 0.12
STEP = 0.1


@dataclass(frozen=True)
class Places:
    """Where the axes stand: `lefts` of them, between `top` and `bottom`."""

    lefts: tuple[float, ...]
    top: float
    bottom: float

    def point(self, axis: int, at: float) -> QPointF:
        """A place on an axis in pixels."""
        return QPointF(self.lefts[axis], self.bottom - at * (self.bottom - self.top))

    def at(self, down: float) -> float:
        """The place on any axis for a height in pixels."""
        return float(np.clip((self.bottom - down) / max(1.0, self.bottom - self.top), 0.0, 1.0))


class ParallelPlot(QWidget):
    """`chosen` gives the name of a place, `brushed` tells that other lines are within the brushes."""

    chosen = Signal(str)
    opened = Signal(str)
    brushed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.lines = Lines()
        self.selected = ""
        self.brushes: dict[str, tuple[float, float]] = {}
        self.tips: dict[str, str] = {}
        self._hovered = ""
        self._axis = 0
        self._drag: tuple[int, float] | None = None
        self._picture: QPixmap | None = None
        self.setFont(digits(small(self.font())))
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(pixels(LEAST_HEIGHT))
        keys.set_place(self, self.tr("Settings as lines"))
        keys.tell(
            self,
            ("Left / Right", self.tr("Go to another axis")),
            ("Up / Down", self.tr("Choose the next line on the axis")),
            ("+ / -", self.tr("Brush the axis from the best on: less, more")),
            ("Del", self.tr("Remove all brushes")),
            ("Enter", self.tr("Compare the settings with the session")),
        )
        theme.changes.changed.connect(self._forget)

    def sizeHint(self) -> QSize:
        return QSize(pixels(420), pixels(HEIGHT))

    def show_lines(self, lines: Lines, tips: dict[str, str]) -> None:
        """Show others; brushes of axes that are still there stay."""
        self.lines, self.tips, self._hovered = lines, tips, ""
        known = {axis.key for axis in lines.axes}
        self.brushes = {key: brush for key, brush in self.brushes.items() if key in known}
        self._axis = min(self._axis, max(0, len(lines.axes) - 1))
        self._forget()

    def select(self, name: str) -> None:
        """Show which line is chosen."""
        self.selected = name
        self.update()

    def clear(self) -> None:
        """Remove all brushes."""
        self._brush({})

    @property
    def inside(self) -> tuple[str, ...] | None:
        """The places within the brushes; None without one."""
        if not self.brushes:
            return None
        return tuple(np.array(self.lines.names)[self.lines.within(self.brushes)].tolist())

    def _forget(self) -> None:
        self._picture = None
        self.update()

    def _brush(self, brushes: dict[str, tuple[float, float]]) -> None:
        if brushes != self.brushes:
            self.brushes = brushes
            self._forget()
            self.brushed.emit()

    # What is drawn

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._forget()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self._picture is None:
            self._picture = self._drawn()
        painter.drawPixmap(0, 0, self._picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self.font())
        places = self._places()
        for name in dict.fromkeys((self.selected, self._hovered)):
            if name in self.lines.names:
                number = self.lines.names.index(name)
                self._draw_line(painter, places, number, self._colour(number), 3.0)
        for number, axis in enumerate(self.lines.axes):
            self._draw_axis(painter, places, number, axis)

    def _drawn(self) -> QPixmap:
        """All lines."""
        ratio = self.devicePixelRatioF()
        picture = QPixmap(self.size() * ratio)
        picture.setDevicePixelRatio(ratio)
        picture.fill(theme.active().surface)
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        places, inside = self._places(), self.lines.within(self.brushes)
        for number in np.argsort(inside, kind="stable").tolist():
            share = FAINT if inside[number] else FAINTEST
            self._draw_line(painter, places, number, mix(theme.active().surface, self._colour(number), share), 1.3)
        painter.end()
        return picture

    def _draw_line(self, painter: QPainter, places: Places, number: int, colour: QColor, width: float) -> None:
        painter.setPen(QPen(colour, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
        painter.drawPolyline(QPolygonF(self._points(places, number)))

    def _draw_axis(self, painter: QPainter, places: Places, number: int, axis: LineAxis) -> None:
        colours, metrics = theme.active(), self.fontMetrics()
        top, bottom = places.point(number, 1.0), places.point(number, 0.0)
        is_current = self.hasFocus() and number == self._axis
        painter.setPen(QPen(colours.accent, 2.0) if is_current else QPen(mix(colours.muted, colours.surface, 0.3), 1.0))
        painter.drawLine(top, bottom)
        if axis.key in self.brushes:
            low, high = (places.point(number, at).y() for at in self.brushes[axis.key])
            painter.fillRect(QRectF(top.x() - 4, high, 8, low - high), mix(colours.surface, colours.accent, 0.6))
        room = (places.lefts[1] - places.lefts[0] if len(places.lefts) > 1 else self.width()) - GAP
        painter.setPen(colours.text)
        painter.drawText(
            self._room(top.x(), 2, room, metrics.height()), Qt.AlignmentFlag.AlignCenter,
            elided_name(metrics, axis.title, int(room)),
        )  # fmt: skip
        for at, text in axis.ticks:
            self._draw_tick(painter, places.point(number, at), elided_name(metrics, text, int(room - GAP)))

    def _draw_tick(self, painter: QPainter, place: QPointF, text: str) -> None:
        """A text on its own ground, so that it can be read over the lines."""
        colours, metrics = theme.active(), self.fontMetrics()
        ground = self._room(place.x(), place.y() - metrics.height() / 2, metrics.horizontalAdvance(text) + GAP, 0)
        ground.setHeight(metrics.height())
        painter.fillRect(ground, mix(colours.surface, colours.background, 0.5))
        painter.setPen(colours.text)
        painter.drawText(ground, Qt.AlignmentFlag.AlignCenter, text)

    def _room(self, middle: float, top: float, width: float, height: float) -> QRectF:
        """A rectangle around a middle that stays inside."""
        left = min(max(0.0, middle - width / 2), max(0.0, self.width() - width))
        return QRectF(left, top, width, height)

    def _colour(self, number: int) -> QColor:
        return theme.active().bands[self.lines.grades[number]].colour

    def _places(self) -> Places:
        line, count = self.fontMetrics().height(), max(1, len(self.lines.axes))
        room = (self.width() - 2 * MARGIN) / count
        lefts = tuple(MARGIN + room * (number + 0.5) for number in range(count))
        return Places(lefts, 1.5 * line + GAP, self.height() - line / 2 - GAP)

    def _points(self, places: Places, number: int) -> list[QPointF]:
        crossed = enumerate(float(axis.at[number]) for axis in self.lines.axes)
        return [places.point(axis, at) for axis, at in crossed if not np.isnan(at)]

    # Mouse and keys

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        place, places = event.position(), self._places()
        if self._drag is not None:
            number, began = self._drag
            low, high = sorted((began, places.at(place.y())))
            if high - low >= LEAST_BRUSH:
                self._brush(self.brushes | {self.lines.axes[number].key: (low, high)})
            return
        axis = self._axis_near(place)
        self.setCursor(Qt.CursorShape.SizeVerCursor if axis is not None else Qt.CursorShape.ArrowCursor)
        found = self._line_near(place)
        if found != self._hovered:
            self._hovered = found
            self.update()
            QToolTip.showText(event.globalPosition().toPoint(), plain_tip(self.tips.get(found, "")), self)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            return
        axis = self._axis_near(event.position())
        if axis is not None:
            self._axis, self._drag = axis, (axis, self._places().at(event.position().y()))
        elif name := self._line_near(event.position()):
            self.select(name)
            self.chosen.emit(name)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click on an axis takes its brush away."""
        if self._drag is None:
            return
        (number, began), self._drag = self._drag, None
        if abs(self._places().at(event.position().y()) - began) < LEAST_BRUSH:
            key = self.lines.axes[number].key
            self._brush({name: brush for name, brush in self.brushes.items() if name != key})
        self.update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if name := self._line_near(event.position()):
            self.opened.emit(name)

    def leaveEvent(self, event: object) -> None:
        self._hovered = ""
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, count = Qt.Key(event.key()), len(self.lines.axes)
        if not count:
            event.ignore()
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self._axis = (self._axis + (1 if key == Qt.Key.Key_Right else -1)) % count
            self.update()
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self._step(1 if key == Qt.Key.Key_Up else -1)
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal, Qt.Key.Key_Minus):
            self._narrow(-STEP if key == Qt.Key.Key_Minus else STEP)
        elif key == Qt.Key.Key_Delete:
            self.clear()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.selected:
            self.opened.emit(self.selected)
        else:
            event.ignore()

    def _step(self, by: int) -> None:
        """Choose the next line above or below on the axis, within the brushes."""
        at = np.where(self.lines.within(self.brushes), self.lines.axes[self._axis].at, np.nan)
        order = [number for number in np.argsort(at, kind="stable").tolist() if not np.isnan(at[number])]
        if not order:
            return
        names = [self.lines.names[number] for number in order]
        now = names.index(self.selected) + by if self.selected in names else len(names) - 1
        self.select(names[min(max(0, now), len(names) - 1)])
        self.chosen.emit(self.selected)

    def _narrow(self, by: float) -> None:
        key = self.lines.axes[self._axis].key
        low, high = self.brushes.get(key, (0.0, 1.0))
        low = min(1.0 - STEP, max(0.0, low + by))
        others = {name: brush for name, brush in self.brushes.items() if name != key}
        self._brush(others if low <= 0 and high >= 1 else others | {key: (low, high)})

    def _axis_near(self, place: QPointF) -> int | None:
        lefts = self._places().lefts[: len(self.lines.axes)]
        return next((number for number, left in enumerate(lefts) if abs(place.x() - left) < GRAB), None)

    def _line_near(self, place: QPointF) -> str:
        """The line under the pointer, of several the nearest, of those within the brushes."""
        places, best, found = self._places(), NEAR, ""
        inside = self.lines.within(self.brushes)
        for number in np.flatnonzero(inside).tolist():
            points = self._points(places, number)
            for first, second in pairwise(points):
                if first.x() <= place.x() <= second.x():
                    share = (place.x() - first.x()) / max(1.0, second.x() - first.x())
                    away = abs(QLineF(first, second).pointAt(share).y() - place.y())
                    if away <= best:
                        best, found = away, self.lines.names[number]
        return found

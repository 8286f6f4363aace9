"""The whole network as a narrow heat strip; a frame shows the part that is seen, and a click moves it."""

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QWidget

from workbench.ui import theme
from workbench.ui.models.graph.geometry import Rect
from workbench.ui.views.common.raster import rectangles
from workbench.ui.views.graph.scenery import Scenery

WIDTH = 72
MARGIN = 6.0
SETTLING = 40  # ms


class Minimap(QWidget):
    """Stretches the graph to its own size in both directions: what matters is where it is bad."""

    moved_to = Signal(float, float)
    """A scene point that shall be in the middle."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._scenery: Scenery | None = None
        self._seen: Rect = (0.0, 0.0, 1.0, 1.0)
        self._selected = -1
        self._picture: QPixmap | None = None
        self._settling = QTimer(self, interval=SETTLING, singleShot=True)
        self._settling.timeout.connect(self._on_settled)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFixedWidth(WIDTH)
        self.setAccessibleName(self.tr("Overview of the graph"))

    def show_scenery(self, scenery: Scenery | None) -> None:
        """Take another diagram or other colours; where there is a picture already, it changes when the graph has."""
        if scenery is None or self._scenery is None:
            self._picture = None
        self._scenery = scenery
        self._settling.start()
        self.update()

    def _on_settled(self) -> None:
        self._picture = None
        self.update()

    def show_view(self, seen: Rect, selected: int) -> None:
        """Frame the part that is seen, and mark the selected box."""
        self._seen, self._selected = seen, selected
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(WIDTH, 200)

    def resizeEvent(self, event: QEvent) -> None:
        self._picture = None

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        shown = theme.active()
        painter.fillRect(self.rect(), shown.surface)
        painter.setPen(shown.line)
        painter.drawLine(0, 0, 0, self.height())
        if self._scenery is not None:
            if self._picture is None or self._picture.devicePixelRatio() != self.devicePixelRatio():
                self._picture = self._drawn(self._scenery)
            painter.drawPixmap(0, 0, self._picture)
            self._frame(painter, self._scenery)
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._go(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons():
            self._go(event.position())

    def _go(self, position: QPointF) -> None:
        if self._scenery is None:
            return
        x0, y0, x1, y1 = self._scenery.geometry.bounds
        x = x0 + (position.x() - MARGIN) / max(1.0, self.width() - 2 * MARGIN) * (x1 - x0)
        y = y0 + (position.y() - MARGIN) / max(1.0, self.height() - 2 * MARGIN) * (y1 - y0)
        self.moved_to.emit(min(x1, max(x0, x)), min(y1, max(y0, y)))

    def _factors(self, scenery: Scenery) -> tuple[float, float, float, float]:
        x0, y0, x1, y1 = scenery.geometry.bounds
        wide, high = self.width() - 2 * MARGIN, self.height() - 2 * MARGIN
        return x0, y0, max(0.0, wide) / (x1 - x0), max(0.0, high) / (y1 - y0)

    def _drawn(self, scenery: Scenery) -> QPixmap:
        """The strip; where boxes share a pixel the worst is on top."""
        ratio = self.devicePixelRatio()
        size = max(1, round(self.width() * ratio)), max(1, round(self.height() * ratio))
        picture = QPixmap.fromImage(
            rectangles(self._sides(scenery) * ratio, scenery.classes, scenery.colours, size)
        )  # fmt: skip
        picture.setDevicePixelRatio(ratio)
        return picture

    def _sides(self, scenery: Scenery) -> np.ndarray:
        x0, y0, fx, fy = self._factors(scenery)
        geometry = scenery.geometry
        wide = np.maximum((geometry.right - geometry.left) * fx, 3.0)
        high = np.clip((geometry.bottom - geometry.top) * fy, 1.5, 8.0)
        x = MARGIN + ((geometry.left + geometry.right) / 2 - x0) * fx - wide / 2
        y = MARGIN + ((geometry.top + geometry.bottom) / 2 - y0) * fy - high / 2
        x = np.clip(x, 2.0, np.maximum(2.0, self.width() - 2.0 - wide))
        return np.stack([x, y, x + wide, y + high], axis=1)

    def _frame(self, painter: QPainter, scenery: Scenery) -> None:
        x0, y0, fx, fy = self._factors(scenery)
        left, top, right, bottom = self._seen
        frame = QRectF(
            QPointF(MARGIN + (left - x0) * fx, MARGIN + (top - y0) * fy),
            QPointF(MARGIN + (right - x0) * fx, MARGIN + (bottom - y0) * fy),
        )
        frame = frame.intersected(QRectF(self.rect()).adjusted(2, 1, -2, -1))
        colour = QColor(theme.active().accent)
        if self._selected >= 0:
            _, y = scenery.geometry.centre(self._selected)
            painter.setPen(colour)
            painter.drawLine(QPointF(1, MARGIN + (y - y0) * fy), QPointF(self.width(), MARGIN + (y - y0) * fy))
        painter.setPen(colour)
        colour.setAlphaF(0.10)
        painter.setBrush(colour)
        painter.drawRect(frame)

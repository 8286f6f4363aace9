"""A plot that is looked into: wheel and keys zoom, dragging and arrows move, a double click or 0 shows all of it."""

from collections.abc import Callable

import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QWidget

from workbench.ui import keys, theme
from workbench.ui.colours import mix
from workbench.ui.views.common.plot import Plot

PAUSE_MS = 120
STEP, MOVE = 0.7, 0.2
ZOOM_KEYS = {Qt.Key.Key_Plus: STEP, Qt.Key.Key_Equal: STEP, Qt.Key.Key_Minus: 1 / STEP}
ARROWS = {
    Qt.Key.Key_Left: (-MOVE, 0.0), Qt.Key.Key_Right: (MOVE, 0.0),
    Qt.Key.Key_Up: (0.0, MOVE), Qt.Key.Key_Down: (0.0, -MOVE),
}  # fmt: skip


class ZoomPlot(Plot):
    """`free` says along which directions the user moves the view."""

    view_settled = Signal()
    """The user moved the view and paused."""
    hovered = Signal(object)
    """The point under the pointer, or None."""

    def __init__(self, free: tuple[bool, bool] = (True, True), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.is_whole = True
        self._free = free
        self._whole = QRectF(0, 0, 1, 1)
        self.box.setMouseEnabled(*free)
        for axis in (self.left, self.bottom):
            axis.enableAutoSIPrefix(False)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        keys.set_place(self, self.tr("Plot"))
        keys.tell(
            self,
            ("Up / Down / Left / Right", self.tr("Move what is seen")),
            ("+ / -", self.tr("Zoom in or out")),
            ("0 / Home", self.tr("Show everything")),
        )
        self._pause = QTimer(self, interval=PAUSE_MS, singleShot=True)
        self._pause.timeout.connect(self.view_settled)
        self.box.sigRangeChangedManually.connect(self._on_moved)
        self.scene().sigMouseMoved.connect(self._on_mouse_moved)

    def show_whole(self, whole: QRectF, *, again: bool = False) -> None:
        """Tell what all of it is; the view goes there unless the user looks at a part, or `again`."""
        self._whole = whole
        if self.is_whole or again:
            self.reset()

    def reset(self) -> None:
        """Show all of it."""
        moved = not self.is_whole
        self.is_whole = True
        self._pause.stop()
        self.box.setRange(self._whole, padding=0, disableAutoRange=True)
        if moved:
            self.view_settled.emit()

    def seen(self) -> QRectF:
        """What is looked at."""
        return self.box.viewRect()

    def pixel(self) -> tuple[float, float]:
        """The size of a pixel in the plot's units."""
        width, height = self.box.viewPixelSize()
        return float(width), float(height)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, free = Qt.Key(event.key()), self._free
        if key in ZOOM_KEYS:
            factor = ZOOM_KEYS[key]
            self.box.scaleBy((factor if free[0] else 1.0, factor if free[1] else 1.0))
            self._on_moved()
        elif key in ARROWS and any(step and may for step, may in zip(ARROWS[key], free, strict=True)):
            seen = self.seen()
            self.box.translateBy((ARROWS[key][0] * seen.width(), ARROWS[key][1] * seen.height()))
            self._on_moved()
        elif key in (Qt.Key.Key_0, Qt.Key.Key_Home):
            self.reset()
        else:
            event.ignore()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.reset()

    def leaveEvent(self, event: object) -> None:
        self.hovered.emit(None)
        super().leaveEvent(event)

    def _on_moved(self, *_: object) -> None:
        self.is_whole = False
        self._pause.start()

    def _on_mouse_moved(self, position: QPointF) -> None:
        inside = self.box.sceneBoundingRect().contains(position)
        self.hovered.emit(self.box.mapSceneToView(position) if inside else None)


class Painted(pg.GraphicsObject):
    """What a function draws over the whole view, in the plot's units; it gets a painter and what is seen."""

    def __init__(self, draw: Callable[..., None]) -> None:
        super().__init__()
        self._draw = draw
        self.setFlag(self.GraphicsItemFlag.ItemHasNoContents, False)

    def boundingRect(self) -> QRectF:
        return self.viewRect()

    def viewRangeChanged(self, *_: object) -> None:
        self.prepareGeometryChange()
        self.update()

    def paint(self, painter: object, *_: object) -> None:
        self._draw(painter, self.viewRect())


def faded(name: str, share: float) -> str:
    """One of the theme's colours, mixed into the plot's ground."""
    colours = theme.active()
    ground = mix(colours.surface, colours.background, 0.5)
    return mix(ground, getattr(colours, name), share).name()

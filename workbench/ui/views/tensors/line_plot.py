"""A tensor of one long axis as a line, or as points when it is short."""

import math

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QWidget

from workbench.ui import keys, theme
from workbench.ui.models.tensors.heat_image import Range
from workbench.ui.views.common.plot import Plot
from workbench.ui.views.common.zoom_plot import ZOOM_KEYS

POINTS_UP_TO = 80
FAR = 10  # elements that an arrow goes with Shift
LEAST_SEEN = 4  # elements
MOST_DRAWN = 2048  # points, or pairs of them
STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}


def outline(values: np.ndarray, first: int, last: int) -> tuple[np.ndarray, np.ndarray]:
    """Places and heights of a line that looks like that of all values from `first` up to `last`; NaN are gaps.

    Of very many values those are taken that are the lowest and the highest of their neighbours.
    """
    part = values[first:last]
    step = -(-part.size // MOST_DRAWN)
    if not math.isfinite(float(part.sum())):
        part = np.where(np.isfinite(part), part, np.nan)
    if step <= 2:
        return np.arange(first, first + part.size), part
    whole = part[: part.size // step * step].reshape(-1, step)
    ends = np.stack([np.fmin.reduce(whole, axis=1), np.fmax.reduce(whole, axis=1)], axis=1)
    places = first + np.repeat(np.arange(len(whole)) * step + step / 2, 2)
    rest = part[whole.size :]
    return np.append(places, np.arange(last - rest.size, last)), np.append(ends.reshape(-1), rest)


class LinePlot(Plot):
    """Follows the pointer as a heatmap does; values that are no numbers are gaps.

    Wheel and keys zoom along the axis only: the vertical range is that of the colours, common to all sources.
    """

    pointed = Signal(object)
    """(position,) under the pointer, or None."""

    def __init__(self, source: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("Line of {0}").format(source))
        keys.set_place(self, self.tr("Line of values"))
        keys.tell(
            self,
            ("Left / Right", self.tr("Move the mark; with Shift further")),
            ("+ / -", self.tr("Zoom in or out")),
            ("0 / Home", self.tr("Show everything")),
        )
        self._source = source
        self._count, self._values = 0, np.zeros(0, np.float32)
        self.box.setMouseEnabled(x=True, y=False)
        self.curve = pg.PlotDataItem(connect="finite")
        self.box.addItem(self.curve)
        self._cursor = pg.InfiniteLine(angle=90, movable=False)
        self._cursor.hide()
        self.box.addItem(self._cursor, ignoreBounds=True)
        self.box.sigXRangeChanged.connect(self._draw_seen)
        self.scene().sigMouseMoved.connect(self._on_mouse_moved)
        self.recolour()

    def show_values(self, values: np.ndarray, limits: Range) -> None:
        """Show values; the vertical range is the common one."""
        self._values = values
        self.recolour()
        low, high = limits
        margin = (high - low) * 0.04
        self.box.setYRange(low - margin, high + margin, padding=0)
        if len(values) != self._count:
            self._count = len(values)
            room = self._count * 0.05 + 1
            self.box.setLimits(xMin=-room, xMax=self._count + room, minXRange=min(LEAST_SEEN, self._count))
            self.reset()
        self._draw_seen()

    def reset(self) -> None:
        """Show the whole line."""
        self.box.setXRange(-0.5, self._count - 0.5, padding=0.02)

    def mark(self, position: int | None) -> None:
        """A line over an element, or none."""
        self._cursor.setVisible(position is not None)
        if position is not None:
            self._cursor.setValue(position)

    def recolour(self) -> None:
        """Take the theme's colours."""
        super().recolour()
        colour = theme.active().source(self._source)
        self.curve.setPen(pg.mkPen(colour, width=1))
        self.curve.setSymbolBrush(colour)
        self.curve.setSymbolPen(None)
        self._cursor.setPen(pg.mkPen(theme.active().accent, width=1))

    def follow(self, other: "LinePlot | None") -> None:
        """Zoom and move as another one does; None: alone."""
        self.box.setXLink(None if other is None else other.box)

    def bring_into_view(self, at: int) -> None:
        """Move what is seen so that it holds an element."""
        low, high = self.box.viewRange()[0]
        if not low <= at <= high:
            self.box.translateBy(x=at - (low + high) / 2)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in STEPS and self._count:
            self._step(STEPS[key] * (FAR if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1))
        elif key in ZOOM_KEYS:
            middle = QPointF(self._cursor.value(), 0) if self._cursor.isVisible() else None
            self.box.scaleBy((ZOOM_KEYS[key], 1.0), center=middle)
        elif key in (Qt.Key.Key_0, Qt.Key.Key_Home):
            self.reset()
        else:
            event.ignore()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.reset()

    def leaveEvent(self, event: QEvent) -> None:
        self.pointed.emit(None)
        super().leaveEvent(event)

    def _draw_seen(self) -> None:
        low, high = (int(end) for end in np.clip(self.box.viewRange()[0], 0, self._count))
        places, heights = outline(self._values, max(0, low - 1), min(self._count, high + 2))
        few = self._count <= POINTS_UP_TO
        self.curve.setData(places, heights, symbol="o" if few else None, symbolSize=5)

    def _step(self, by: int) -> None:
        """Move the mark, and what is seen along with it."""
        low, high = self.box.viewRange()[0]
        before = round(self._cursor.value()) if self._cursor.isVisible() else round((low + high) / 2) - by
        at = max(0, min(self._count - 1, before + by))
        self.bring_into_view(at)
        self.pointed.emit((at,))

    def _on_mouse_moved(self, position: QPointF) -> None:
        at = round(self.box.mapSceneToView(position).x())
        self.pointed.emit((at,) if 0 <= at < self._count else None)

"""A tensor of one long axis as a line, or as points when it is short."""

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from workbench.ui import keys, theme
from workbench.ui.models.heat_image import Range
from workbench.ui.views.plot import Plot

POINTS_UP_TO = 80
FAR = 10  # elements that an arrow goes with Shift


class LinePlot(Plot):
    """Follows the pointer as a heatmap does; values that are no numbers are gaps."""

    pointed = Signal(object)
    """(position,) under the pointer, or None."""

    def __init__(self, source: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("Line of {0}").format(source))
        keys.set_place(self, self.tr("Line of values"))
        keys.tell(self, ("Left / Right", self.tr("Move the mark; with Shift further")))
        self._source = source
        self._count = 0
        self.curve = pg.PlotDataItem(connect="finite")
        self.box.addItem(self.curve)
        self._cursor = pg.InfiniteLine(angle=90, movable=False)
        self._cursor.hide()
        self.box.addItem(self._cursor, ignoreBounds=True)
        self.scene().sigMouseMoved.connect(self._on_mouse_moved)
        self.recolour()

    def show_values(self, values: np.ndarray, limits: Range) -> None:
        """Show values; the vertical range is the common one."""
        few = len(values) <= POINTS_UP_TO
        finite = np.where(np.isfinite(values), values, np.nan)
        self.curve.setData(np.arange(len(values)), finite, symbol="o" if few else None, symbolSize=5)
        self.recolour()
        low, high = limits
        margin = (high - low) * 0.04
        self.box.setYRange(low - margin, high + margin, padding=0)
        if len(values) != self._count:
            self._count = len(values)
            self.box.setXRange(-0.5, len(values) - 0.5, padding=0.02)

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

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if step is None or not self._count:
            event.ignore()
            return
        far = FAR if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1
        before = round(self._cursor.value()) if self._cursor.isVisible() else 0
        self.pointed.emit((max(0, min(self._count - 1, before + step * far)),))

    def leaveEvent(self, event: QEvent) -> None:
        self.pointed.emit(None)
        super().leaveEvent(event)

    def _on_mouse_moved(self, position: QPointF) -> None:
        at = round(self.box.mapSceneToView(position).x())
        self.pointed.emit((at,) if 0 <= at < self._count else None)

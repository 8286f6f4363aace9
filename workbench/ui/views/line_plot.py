"""A tensor of one long axis as a line, or as points when it is short."""

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, Signal
from PySide6.QtWidgets import QWidget

from workbench.ui import theme
from workbench.ui.models.heat_image import Range

POINTS_UP_TO = 80


class LinePlot(pg.PlotWidget):
    """Follows the pointer as a heatmap does; values that are no numbers are gaps."""

    pointed = Signal(object)
    """(position,) under the pointer, or None."""

    def __init__(self, source: str, parent: QWidget | None = None) -> None:
        super().__init__(parent, background=None, enableMenu=False)
        self._source = source
        self._count = 0
        self.hideButtons()
        self.setFrameShape(self.Shape.NoFrame)
        self.curve = self.plot(connect="finite")
        self._cursor = pg.InfiniteLine(angle=90, movable=False)
        self._cursor.hide()
        self.addItem(self._cursor, ignoreBounds=True)
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
        self.setYRange(low - margin, high + margin, padding=0)
        if len(values) != self._count:
            self._count = len(values)
            self.setXRange(-0.5, len(values) - 0.5, padding=0.02)

    def mark(self, position: int | None) -> None:
        """A line over an element, or none."""
        self._cursor.setVisible(position is not None)
        if position is not None:
            self._cursor.setValue(position)

    def recolour(self) -> None:
        """Take the theme's colours."""
        shown = theme.active()
        self.setBackground(theme.mix(shown.surface, shown.background, 0.5))
        colour = shown.source(self._source)
        self.curve.setPen(pg.mkPen(colour, width=1))
        self.curve.setSymbolBrush(colour)
        self.curve.setSymbolPen(None)
        self._cursor.setPen(pg.mkPen(shown.accent, width=1))
        for side in ("left", "bottom"):
            axis = self.getAxis(side)
            axis.setPen(pg.mkPen(shown.line))
            axis.setTextPen(pg.mkPen(shown.muted))

    def leaveEvent(self, event: QEvent) -> None:
        self.pointed.emit(None)
        super().leaveEvent(event)

    def _on_mouse_moved(self, position: QPointF) -> None:
        at = round(self.getViewBox().mapSceneToView(position).x())
        self.pointed.emit((at,) if 0 <= at < self._count else None)

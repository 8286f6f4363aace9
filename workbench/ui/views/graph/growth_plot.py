"""The lines of an error along a path. It draws; the panel around it knows whose they are."""

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QWidget

from workbench.ui import theme
from workbench.ui.colours import mix
from workbench.ui.models.graph.growth import Growth, Line
from workbench.ui.views.common.plot import Plot

WIDE_UP_TO = 2000
HEAD_ROOM = 0.15
"""Above the highest point, for what is written there."""
POINTS_UP_TO = 120
"""A longer path is drawn without points."""


class GrowthPlot(Plot):
    """Entire as a full line, single as a dashed one, jumps as triangles with their factor; layers count from 1."""

    chosen = Signal(int)
    """The layer nearest to a click."""
    pointed = Signal(int)
    """The layer nearest to the pointer; -1 when it has left."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._growth = Growth()
        self._source, self._at = "simulator", -1
        self.entire, self.single = (pg.PlotDataItem(connect="finite", antialias=True) for _ in range(2))
        self._marks = pg.ScatterPlotItem(symbol="t1", size=10)
        self._here = pg.ScatterPlotItem(symbol="o", size=10)
        self._cursor = pg.InfiniteLine(angle=90, movable=False)
        self._labels: list[pg.TextItem] = []
        for item in (self._cursor, self.single, self.entire, self._marks, self._here):
            self.box.addItem(item, ignoreBounds=True)
        self.box.setMouseEnabled(x=True, y=False)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the panel takes the keys
        self.scene().sigMouseClicked.connect(self._on_clicked)
        self.scene().sigMouseMoved.connect(lambda position: self.pointed.emit(self._nearest(position)))
        self.recolour()

    def show_growth(self, growth: Growth, source: str) -> None:
        """Draw another path."""
        self._growth, self._source = growth, source
        self.left.setLogMode(growth.is_log)
        low, high = growth.limits
        floor, top = (np.log10(low), np.log10(high)) if growth.is_log else (low, high)
        self.box.setYRange(floor, top + HEAD_ROOM * (top - floor), padding=0.04)
        self.box.setXRange(0.5, max(1, len(growth.tensors)) + 0.5, padding=0.01)
        self.recolour()

    def leaveEvent(self, event: QEvent) -> None:
        self.pointed.emit(-1)
        super().leaveEvent(event)

    def select(self, at: int) -> None:
        """Mark a layer by its number on the path; -1 for none."""
        self._at = at
        self._cursor.setVisible(at >= 0)
        self._cursor.setValue(at + 1)
        heights = self._heights(self._growth.entire)
        there = 0 <= at < len(heights) and np.isfinite(heights[at])
        self._here.setData([at + 1], [heights[at]]) if there else self._here.setData([], [])

    def recolour(self) -> None:
        """Take the theme's colours."""
        super().recolour()
        shown = theme.active()
        colour = shown.source(self._source)
        wide = 2 if len(self._growth.tensors) <= WIDE_UP_TO else 1  # wide lines take long to draw
        self._draw(self.entire, self._growth.entire, pg.mkPen(colour, width=wide), colour)
        faint = mix(colour, shown.muted, 0.5)
        self._draw(self.single, self._growth.single, pg.mkPen(faint, width=1, style=Qt.PenStyle.DashLine), faint)
        self._cursor.setPen(pg.mkPen(shown.accent, width=1))
        self._here.setPen(pg.mkPen(shown.accent, width=2))
        self._here.setBrush(shown.surface)
        self._draw_jumps(shown.bad, shown.text)
        self.select(self._at)

    def _draw(self, curve: pg.PlotDataItem, line: Line, pen: object, colour: QColor) -> None:
        heights = self._heights(line)
        few = len(heights) <= POINTS_UP_TO
        curve.setData(1 + np.arange(len(heights)), heights, symbol="o" if few else None, symbolSize=4)
        curve.setPen(pen)
        curve.setSymbolBrush(colour)
        curve.setSymbolPen(None)

    def _draw_jumps(self, colour: QColor, ink: QColor) -> None:
        while self._labels:
            self.box.removeItem(self._labels.pop())
        heights = self._heights(self._growth.entire)
        places = [at for at in self._growth.jumps if np.isfinite(heights[at])]
        self._marks.setData([at + 1 for at in places], heights[places] if places else [])
        self._marks.setBrush(colour)
        self._marks.setPen(None)
        for at in places[:4]:
            text = pg.TextItem(f"↑{_factor(self._growth.factors[at])}×", color=ink, anchor=(1.1, 0.9))
            text.setPos(at + 1, heights[at])
            self.box.addItem(text, ignoreBounds=True)
            self._labels.append(text)

    def _heights(self, line: Line) -> np.ndarray:
        return line.heights(self._growth.is_log, *self._growth.limits)

    def _on_clicked(self, event: object) -> None:
        if (at := self._nearest(event.scenePos())) >= 0:  # type: ignore[attr-defined]
            self.chosen.emit(at)

    def _nearest(self, position: QPointF) -> int:
        if not self._growth.tensors or not self.box.sceneBoundingRect().contains(position):
            return -1
        at = round(self.box.mapSceneToView(position).x()) - 1
        return min(len(self._growth.tensors) - 1, max(0, at))


def _factor(value: float) -> str:
    return f"{value:.0f}" if value >= 10 else f"{value:.1f}"

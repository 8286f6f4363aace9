"""The choices of a search: error of the worst output over cost. A click or the arrow keys choose a point."""

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QToolTip, QWidget

from workbench.ui import keys, theme
from workbench.ui.models.mixed.front import Front, nearest
from workbench.ui.numbers import real_text
from workbench.ui.tips import plain_tip
from workbench.ui.views.common.plot import Plot

STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
REACH = 24
SMALL, LARGE, RING = 7, 11, 17
ROOM = 0.08
"""Around all points, as a share."""


class FrontPlot(Plot):
    """Full points reach the target, hollow ones do not; a diamond is what was looked for, a ring what is shown."""

    chosen = Signal(int)
    stepped = Signal(int)
    pointed = Signal(int)
    """The point under the pointer; -1 for none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._front, self._at = Front(np.zeros(0), np.zeros(0)), -1
        self._good: tuple[bool, ...] = ()
        self._line = pg.PlotDataItem(antialias=True)
        self._points, self._ring = pg.ScatterPlotItem(), pg.ScatterPlotItem(symbol="o", size=RING)
        self._target, self._budget = pg.InfiniteLine(angle=0), pg.InfiniteLine(angle=90)
        for item in (self._target, self._budget, self._line, self._ring, self._points):
            self.box.addItem(item, ignoreBounds=True)
        self.box.setMouseEnabled(x=False, y=False)
        self.left.setLogMode(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("Choices of layers: error over cost"))
        keys.set_place(self, self.tr("Choices of layers"))
        keys.tell(
            self,
            ("Left / Right", self.tr("A cheaper or a dearer choice")),
            ("Home / End", self.tr("The cheapest or the dearest choice")),
        )
        self.scene().sigMouseClicked.connect(self._on_clicked)
        self.scene().sigMouseMoved.connect(lambda position: self.pointed.emit(self._nearest(position)))
        theme.changes.changed.connect(self.recolour)
        self.recolour()

    def show_front(self, front: Front, good: tuple[bool, ...], axis: str) -> None:
        """Draw other choices; `good` are those that reach the goal, `axis` is what the cost is called."""
        self._front, self._good = front, good
        self.bottom.setTicks([[(place, real_text(cost, 3)) for place, cost in front.ticks()]])
        self.bottom.setLabel(axis)
        self.left.setLabel(self.tr("1 − cos, worst output"))
        for line, value in ((self._target, front.target), (self._budget, front.budget)):
            line.setVisible(value is not None)
        if front.target is not None:
            self._target.setValue(np.log10(max(front.target, 1e-12)))
        if front.budget is not None:
            self._budget.setValue(front.place(front.budget))
        self._show_all()
        self.recolour()

    def select(self, at: int, described: str) -> None:
        """Put the ring around a point."""
        self._at = at
        self.setAccessibleDescription(described)
        there = 0 <= at < len(self._front.costs)
        self._ring.setData(
            [self._front.places[at]] if there else [], [self._front.heights[at]] if there else []
        )  # fmt: skip

    def recolour(self) -> None:
        """Take the theme's colours."""
        super().recolour()
        shown, front = theme.active(), self._front
        self._line.setData(front.places, front.heights, stepMode=None)
        self._line.setPen(pg.mkPen(shown.line, width=1))
        spots = [
            {
                "pos": (front.places[at], front.heights[at]),
                "symbol": "d" if at == front.chosen else "o",
                "size": LARGE if at == front.chosen else SMALL,
                "brush": shown.simulator if self._good[at] else shown.surface,
                "pen": pg.mkPen(shown.simulator, width=1.5),
            }
            for at in range(len(front.costs))
        ]
        self._points.setData(spots)
        self._ring.setPen(pg.mkPen(shown.accent, width=2))
        self._ring.setBrush(None)
        for line in (self._target, self._budget):
            line.setPen(pg.mkPen(shown.muted, width=1, style=Qt.PenStyle.DashLine))
        self.select(self._at, self.accessibleDescription())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in STEPS:
            self.stepped.emit(STEPS[key])
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End) and self._front.costs.size:
            self.chosen.emit(0 if key == Qt.Key.Key_Home else len(self._front.costs) - 1)
        else:
            event.ignore()

    def leaveEvent(self, event: QEvent) -> None:
        self.pointed.emit(-1)
        super().leaveEvent(event)

    def tell(self, text: str) -> None:
        """Say something of the point under the pointer; "" for nothing."""
        if text:
            QToolTip.showText(self.cursor().pos(), plain_tip(text), self)
        else:
            QToolTip.hideText()

    def _show_all(self) -> None:
        places, heights = self._front.places, self._front.heights
        if not places.size:
            return
        ends = [*heights, *([np.log10(max(self._front.target, 1e-12))] if self._front.target is not None else [])]
        low, high = min(ends), max(ends)
        room_x, room_y = ROOM * max(1.0, places.max()), ROOM * max(1.0, high - low)
        self.box.setXRange(-room_x, places.max() + room_x, padding=0)
        self.box.setYRange(low - room_y, high + room_y, padding=0)

    def _on_clicked(self, event: object) -> None:
        if (at := self._nearest(event.scenePos())) >= 0:  # type: ignore[attr-defined]
            self.chosen.emit(at)

    def _nearest(self, position: QPointF) -> int:
        pairs = zip(self._front.places, self._front.heights, strict=True)
        spots = [self.box.mapViewToScene(QPointF(x, y)) for x, y in pairs]
        return nearest([(spot.x(), spot.y()) for spot in spots], (position.x(), position.y()), REACH)

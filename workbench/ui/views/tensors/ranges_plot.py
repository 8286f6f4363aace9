"""The range of every output channel of a weight as a bar, and what its encoding can hold of it."""

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QCoreApplication, QLineF, QPointF, QRectF
from PySide6.QtGui import QColor, QPainter

from workbench.ui import theme
from workbench.ui.models.tensors.layer_constants import ConstantFacts
from workbench.ui.numbers import range_text, real_text
from workbench.ui.views.common.zoom_plot import Painted, ZoomPlot

WIDE = 0.72  # of the room that a channel has
LEAST = 3  # pixels that a channel needs for a gap beside its bar
AROUND = 0.05


class RangesPlot(ZoomPlot):
    """Channels to the right, in their order or the widest first."""

    def __init__(self) -> None:
        super().__init__(free=(True, False))
        self._facts: ConstantFacts | None = None
        self._order = np.zeros(0, np.intp)
        self._is_sorted = False
        self._bars = Painted(self._draw)
        self.box.addItem(self._bars, ignoreBounds=True)
        self.recolour()

    def show_ranges(self, facts: ConstantFacts) -> None:
        """Show another constant."""
        self._facts = facts
        self._order = self._ordered()
        ends = facts.ends
        low, high = float(np.nanmin(facts.moments.low, initial=0)), float(np.nanmax(facts.moments.high, initial=0))
        if ends is not None:
            low, high = min(low, float(ends[0].min())), max(high, float(ends[1].max()))
        margin = (high - low) * AROUND or 1.0
        whole = QRectF(-0.7, low - margin, len(self._order) + 0.4, high - low + 2 * margin)
        self.show_whole(whole, again=True)
        self._bars.update()

    def set_sorted(self, is_sorted: bool) -> None:
        """The widest first, or in the channels' order."""
        self._is_sorted = is_sorted
        self._order = self._ordered()
        self._bars.update()

    def text_at(self, point: QPointF | None) -> str:
        """What channel is at a point, and its ranges."""
        facts = self._facts
        at = round(point.x()) if point is not None else -1
        if facts is None or not 0 <= at < len(self._order):
            return ""
        channel = int(self._order[at])
        ends = range_text(float(facts.moments.low[channel]), float(facts.moments.high[channel]), 4)
        text = QCoreApplication.translate("Constants", "channel {0}:  {1}").format(channel, ends)
        if facts.ends is None:
            return text
        low, high = (real_text(float(end[channel]), 4) for end in facts.ends)
        return f"{text},  " + QCoreApplication.translate("Constants", "stored {0} … {1}").format(low, high)

    def _ordered(self) -> np.ndarray:
        if self._facts is None:
            return np.zeros(0, np.intp)
        moments = self._facts.moments
        if not self._is_sorted:
            return np.arange(moments.low.size)
        return np.argsort(-np.nan_to_num(moments.largest, nan=np.inf), kind="stable")

    def _draw(self, painter: QPainter, seen: QRectF) -> None:
        if self._facts is None:
            return
        first = max(0, int(np.floor(seen.left())))
        last = min(len(self._order), int(np.ceil(seen.right())) + 1)
        shown = self._order[first:last]
        wide = WIDE if self.pixel()[0] * LEAST < 1 else 1.0
        left = np.arange(first, last) - wide / 2
        low, high = (np.nan_to_num(ends[shown]) for ends in (self._facts.moments.low, self._facts.moments.high))
        if self._facts.is_vector:
            low, high = np.minimum(low, 0), np.maximum(high, 0)
        painter.setPen(pg.mkPen(None))
        painter.setBrush(theme.active().accent)
        painter.drawRects([QRectF(*numbers) for numbers in zip(left, low, [wide] * len(left), high - low, strict=True)])
        self._draw_ends(painter, shown, left, wide)
        painter.setPen(pg.mkPen(theme.active().muted))
        painter.drawLine(QPointF(seen.left(), 0), QPointF(seen.right(), 0))

    def _draw_ends(self, painter: QPainter, shown: np.ndarray, left: np.ndarray, wide: float) -> None:
        """Where the encoding of each channel ends."""
        ends = self._facts.ends if self._facts is not None else None
        if ends is None:
            return
        colour = QColor(theme.active().simulator)
        painter.setPen(pg.mkPen(colour, width=2))
        over = (1 - wide) / 2
        for side in ends:
            heights = side[shown]
            painter.drawLines([QLineF(at - over, y, at + wide + over, y) for at, y in zip(left, heights, strict=True)])

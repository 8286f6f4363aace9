"""How values are distributed in all sources, on the levels that can be stored, and how their difference is."""

import math
from collections.abc import Mapping

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QBrush, QColor, QPainter
from PySide6.QtWidgets import QCheckBox, QWidget

from workbench.ui import theme
from workbench.ui.colours import mix
from workbench.ui.models.tensors.histogram import Clipped, Grid, Histogram, levels_used
from workbench.ui.models.tensors.summary import GOLDEN, Summary
from workbench.ui.numbers import real_text
from workbench.ui.views.common.zoom_plot import Painted, ZoomPlot
from workbench.ui.views.tensors.texts import Titled, difference_title
from workbench.ui.widgets import ElidedLabel, column, digits, label, row

FLOOR = 0.5
"""Where an empty bin is drawn on a logarithmic axis."""
FILLED = ("golden", "difference", "accent")
WASTE = 1 / 8  # of the levels: 3 bits of the type are never used
APART = 6  # pixels between two levels that are drawn
HEADROOM = 0.06  # above the highest bin


class HistogramPane(QWidget):
    """Values on the left, one outline a source; the difference on the right."""

    read_out = Signal(str)
    """What is under the pointer; "" is nothing."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.values, self.difference = Outlines(), Outlines()
        self.logarithmic = QCheckBox(self.tr("log counts"))
        self.logarithmic.setChecked(True)
        self.logarithmic.toggled.connect(self._draw)
        self.clipped, self.rounded = (ElidedLabel("", "muted", Qt.TextElideMode.ElideRight) for _ in range(2))
        for part in (self.clipped, self.rounded):
            part.setFont(digits(part.font()))
        self._title = label("", "muted")
        heads = row(self.clipped, self.logarithmic), row(self._title, self.rounded)
        for head, stretched in zip(heads, (0, 1), strict=True):
            head.setStretch(stretched, 1)
        layout = row(column(heads[0], self.values, spacing=4), column(heads[1], self.difference, spacing=4), spacing=12)
        layout.setContentsMargins(8, 4, 8, 4)
        self._title.setMinimumHeight(self.logarithmic.sizeHint().height())
        layout.setStretch(0, 3)
        layout.setStretch(1, 2)
        self.setLayout(layout)
        self.values.setAccessibleName(self.tr("Histogram of the values"))
        self.difference.setAccessibleName(self.tr("Histogram of the difference"))
        self._summary: Summary | None = None
        self._pair = ("", "")
        self._titled: Titled = str
        self.values.hovered.connect(lambda point: self._on_hovered(self.values, point))
        self.difference.hovered.connect(lambda point: self._on_hovered(self.difference, point))

    def show_summary(self, summary: Summary | None, pair: tuple[str, str], titled: Titled = str) -> None:
        """Show a tensor's distributions; `pair` names the sources of the difference."""
        if (summary, pair) != (self._summary, self._pair):
            self._summary, self._pair, self._titled = summary, pair, titled
            self._draw()

    def recolour(self) -> None:
        """Take the theme's colours."""
        for plot in (self.values, self.difference):
            plot.recolour()
        self._draw()

    def _draw(self) -> None:
        for plot in (self.values, self.difference):
            plot.clear()
        self._tell()
        summary = self._summary
        if summary is None:
            return
        log = self.logarithmic.isChecked()
        self.values.show_histograms(summary.histograms, log, self._titled)
        self.values.mark(summary.grids.get(self._pair[0]))
        gap = summary.gap(self._pair)
        if gap is not None:
            self.difference.show_histograms({"difference": gap.histogram}, log, str)
            grid = summary.grids.get(self._pair[0])
            self.difference.mark(None if grid is None else Grid(-grid.step / 2, grid.step, 2), is_step=True)

    def _tell(self) -> None:
        """What is clipped, and what is only rounded."""
        gap = self._summary.gap(self._pair) if self._summary else None
        nothing = self.tr("There is nothing to compare.") if self._summary is not None else ""
        self._title.setText(difference_title(self._pair, self._titled) if gap is not None else nothing)
        text, shorter = self._clipped_text()
        self.clipped.set_text(text, self._clipped_tip(), shorter)
        share = gap.within if gap is not None else math.nan
        within = "" if math.isnan(share) else self.tr("{0} within half a step").format(share_text(share))
        tip = self.tr("Between the dotted lines: rounding alone explains it.") if within else ""
        self.rounded.set_text(within, tip, (f"{share_text(share)} ≤ ½",) if within else ())

    def _clipped_text(self) -> tuple[str, tuple[str, ...]]:
        """What there is to know about the ends of what can be stored, and shorter words for it."""
        summary = self._summary
        if summary is None:
            return self.tr("Reading the whole tensor …"), ()
        if all(math.isnan(numbers["min"]) for numbers in summary.statistics.values()):
            return self.tr("No value is a finite number."), ()
        grid, clipped = summary.grids.get(self._pair[0]), summary.clipped.get(self._pair[0])
        if grid is None or clipped is None:
            return self.tr("Values of the whole tensor"), ()
        used = levels_used(summary.histograms[self._pair[0]], grid)
        levels = "" if used is None else self.tr("{0} of {1} levels used").format(used, grid.levels)
        possible = min(grid.levels, summary.statistics[self._pair[0]]["count"])
        is_waste = used is not None and used < possible * WASTE
        text, shorter = self._ends_text(grid, clipped)
        if is_waste:
            return f"▲ {levels},  {text}", (f"▲ {levels}", *shorter)
        return f"{text},  {levels}" if levels else text, (text, *shorter)

    def _ends_text(self, grid: Grid, clipped: Clipped) -> tuple[str, tuple[str, ...]]:
        if clipped.below + clipped.above == 0:
            ends = real_text(grid.low, 4), real_text(grid.high, 4)
            text = self.tr("{0} fits into {1} … {2}").format(self._titled(GOLDEN), *ends)
            return text, (" … ".join(ends),)
        shares = share_text(clipped.below), share_text(clipped.above)
        text = self.tr("✖ {0} clipped: {1} below, {2} above").format(self._titled(GOLDEN), *shares)
        return text, (self.tr("✖ {0} below, {1} above").format(*shares), "✖ ← {}, {} →".format(*shares))

    def _clipped_tip(self) -> str:
        summary = self._summary
        grid = summary.grids.get(self._pair[0]) if summary else None
        if grid is None:
            return ""
        text = self.tr(
            "{0} stores {1} levels, {2} apart, from {3} to {4}. What lies more than half a step beyond is cut."
        )
        numbers = (real_text(value, 5) for value in (grid.step, grid.low, grid.high))
        return text.format(self._titled(self._pair[0]), grid.levels, *numbers)

    def _on_hovered(self, plot: "Outlines", point: QPointF | None) -> None:
        self.read_out.emit(plot.bin_text(point.x()) if point is not None else "")


class Outlines(ZoomPlot):
    """Histograms, a legend where there are several, and behind them the levels that a source can hold."""

    def __init__(self) -> None:
        super().__init__(free=(True, False))
        self.curves: list[pg.PlotDataItem] = []
        self._shown: Mapping[str, Histogram] = {}
        self._titled: Titled = str
        self._grid: Grid | None = None
        self._is_step = False
        self._edges = np.zeros(0)
        self.legend = pg.LegendItem(offset=(-8, 4), labelTextSize="8pt")
        self.legend.setParentItem(self.box)
        self.box.addItem(Painted(self._draw_grid), ignoreBounds=True)
        self.recolour()

    def show_histograms(self, histograms: Mapping[str, Histogram], log: bool, titled: Titled) -> None:
        """Show one outline a source."""
        self._shown, self._titled = histograms, titled
        for source, histogram in histograms.items():
            self._add(_outline(source, histogram, log), titled(source) if len(histograms) > 1 else "")
        self.left.setLogMode(log)
        most = max((int(item.counts.max(initial=1)) for item in histograms.values()), default=1)
        floor, top = (math.log10(FLOOR), math.log10(max(most, 2))) if log else (0.0, float(most))
        edges = next(iter(histograms.values())).edges
        margin = (edges[-1] - edges[0]) * 0.02
        width = edges[-1] - edges[0] + 2 * margin
        self.show_whole(
            QRectF(edges[0] - margin, floor, width, (top - floor) * (1 + HEADROOM)), again=self._is_other(edges)
        )

    def mark(self, grid: Grid | None, *, is_step: bool = False) -> None:
        """Show the levels and their ends; `is_step`: a step only, in the middle."""
        self._grid, self._is_step = grid, is_step

    def clear(self) -> None:
        """Take all curves away."""
        self.legend.clear()
        self._shown, self._grid = {}, None
        while self.curves:
            self.box.removeItem(self.curves.pop())

    def bin_text(self, at: float) -> str:
        """What lies in the bin at a value; "" outside."""
        found = next(iter(self._shown.values()), None)
        if found is None or not found.edges[0] <= at < found.edges[-1]:
            return ""
        number = int(np.searchsorted(found.edges, at, side="right")) - 1
        low, high = (real_text(float(edge), 4) for edge in found.edges[number : number + 2])
        counts = (
            f"{self._titled(source) + ' ' if len(self._shown) > 1 else ''}{count_text(int(item.counts[number]))}"
            for source, item in self._shown.items()
        )
        return f"{low} … {high}:  " + ",  ".join(counts)

    def recolour(self) -> None:
        """Take the theme's colours."""
        super().recolour()
        self.legend.setLabelTextColor(theme.active().text)

    def _is_other(self, edges: np.ndarray) -> bool:
        """Whether the tensor is another: then the view begins with all of it."""
        before, self._edges = self._edges, edges
        return not np.array_equal(before, edges)

    def _add(self, curve: pg.PlotDataItem, name: str) -> None:
        self.curves.append(curve)
        self.box.addItem(curve, ignoreBounds=True)
        if name:
            self.legend.addItem(curve, name)

    def _draw_grid(self, painter: QPainter, seen: QRectF) -> None:
        grid = self._grid
        if grid is None:
            return
        if not self._is_step:
            self._hatch(painter, seen, grid)
            self._comb(painter, seen, grid)
        painter.setPen(
            pg.mkPen(theme.active().muted if self._is_step else theme.active().bad, style=Qt.PenStyle.DotLine)
        )
        for end in (grid.low, grid.high) if self._is_step else grid.ends:
            painter.drawLine(QPointF(end, seen.top()), QPointF(end, seen.bottom()))

    def _comb(self, painter: QPainter, seen: QRectF, grid: Grid) -> None:
        """The single levels, where there is room between them."""
        if grid.step < APART * self.pixel()[0]:
            return
        painter.setPen(pg.mkPen(mix(theme.active().line, theme.active().muted, 0.4), width=1))
        first = max(0, math.ceil((seen.left() - grid.low) / grid.step))
        last = min(grid.levels - 1, math.floor((seen.right() - grid.low) / grid.step))
        for number in range(first, last + 1):
            at = grid.low + number * grid.step
            painter.drawLine(QPointF(at, seen.top()), QPointF(at, seen.bottom()))

    def _hatch(self, painter: QPainter, seen: QRectF, grid: Grid) -> None:
        """What cannot be held."""
        low, high = grid.ends
        colour = QColor(theme.active().bad)
        colour.setAlphaF(0.4)
        to_pixels = painter.transform()
        painter.save()
        painter.resetTransform()
        for left, right in ((seen.left(), min(low, seen.right())), (max(high, seen.left()), seen.right())):
            if right > left:
                area = to_pixels.mapRect(QRectF(left, seen.top(), right - left, seen.height()))
                painter.fillRect(area, QBrush(colour, Qt.BrushStyle.BDiagPattern))
        painter.restore()


def share_text(share: float) -> str:
    """A share in percent; what is there, but little, is not told as nothing."""
    if share == 0:
        return "0 %"
    if share < 1e-5:
        return "< 0.001 %"
    return f"{share * 100:.3g} %" if share < 0.9995 or share == 1 else f"{share * 100:.5g} %"


def count_text(count: int) -> str:
    """A whole number in groups of three digits."""
    return f"{count:,}".replace(",", "\u202f")


def _outline(source: str, histogram: Histogram, log: bool) -> pg.PlotDataItem:
    colour = QColor(theme.active().source(source))
    heights = histogram.counts.astype(np.float64)
    pen = pg.mkPen(colour, width=2 if source != "golden" else 1.5)
    curve = pg.PlotDataItem(histogram.edges, np.maximum(heights, FLOOR) if log else heights, stepMode="center", pen=pen)
    curve.setLogMode(False, log)
    if source in FILLED:
        fill = QColor(colour)
        fill.setAlphaF(0.22)
        curve.setFillLevel(np.log10(FLOOR) if log else 0.0)
        curve.setFillBrush(fill)
    return curve

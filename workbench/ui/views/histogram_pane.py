"""How a tensor's values are distributed in all sources, and how their difference is."""

from collections.abc import Mapping

import numpy as np
import pyqtgraph as pg
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QCheckBox, QWidget

from workbench.ui import theme
from workbench.ui.models.tensor_summary import Histogram, Summary
from workbench.ui.views.plot import Plot
from workbench.ui.views.tensor_texts import difference_title
from workbench.ui.widgets import column, label, row

FLOOR = 0.5
"""Where an empty bin is drawn on a logarithmic axis."""


class HistogramPane(QWidget):
    """Values on the left, one outline a source; the difference on the right."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.values, self.difference = Outlines(), Outlines()
        self.logarithmic = QCheckBox(self.tr("logarithmic counts"))
        self.logarithmic.setChecked(True)
        self.logarithmic.toggled.connect(self._draw)
        self._titles = (label(self.tr("Values of the whole tensor"), "muted"), label("", "muted"))
        layout = row(
            column(row(self._titles[0], None, self.logarithmic), self.values, spacing=4),
            column(self._titles[1], self.difference, spacing=4),
            spacing=12,
        )
        layout.setContentsMargins(8, 4, 8, 4)
        self._titles[1].setMinimumHeight(self.logarithmic.sizeHint().height())
        layout.setStretch(0, 3)
        layout.setStretch(1, 2)
        self.setLayout(layout)
        self._summary: Summary | None = None
        self._pair = ("", "")

    def show_summary(self, summary: Summary | None, pair: tuple[str, str]) -> None:
        """Show a tensor's distributions; `pair` names the sources of the difference."""
        self._summary, self._pair = summary, pair
        self._draw()

    def _draw(self) -> None:
        for plot in (self.values, self.difference):
            plot.clear()
            plot.recolour()
        if self._summary is None:
            return
        self._outlines(self.values, self._summary.histograms)
        difference = self._summary.differences.get(self._pair[0])
        self._titles[1].setText(difference_title(self._pair) if difference else "")
        if difference is not None:
            self._outlines(self.difference, {"difference": difference.histogram})

    def _outlines(self, plot: "Outlines", histograms: Mapping[str, Histogram]) -> None:
        log = self.logarithmic.isChecked()
        for source, histogram in histograms.items():
            colour = QColor(theme.active().source(source))
            heights = histogram.counts.astype(np.float64)
            pen = pg.mkPen(colour, width=2 if source != "golden" else 1.5)
            fill = QColor(colour)
            fill.setAlphaF(0.22 if source in ("golden", "difference") else 0.0)
            heights = np.maximum(heights, FLOOR) if log else heights
            floor = FLOOR if log else 0.0
            curve = pg.PlotDataItem(histogram.edges, heights, stepMode="center", pen=pen)
            curve.setLogMode(False, log)
            if fill.alphaF() > 0:
                curve.setFillLevel(np.log10(floor) if log else 0.0)
                curve.setFillBrush(fill)
            plot.add(curve, source if len(histograms) > 1 else "")
        plot.left.setLogMode(log)
        plot.box.autoRange()


class Outlines(Plot):
    """Curves with a legend of those that have a name."""

    def __init__(self) -> None:
        super().__init__()
        self.curves: list[pg.PlotDataItem] = []
        self.box.setMouseEnabled(x=True, y=False)
        self.legend = pg.LegendItem(offset=(-8, 4), labelTextSize="8pt")
        self.legend.setParentItem(self.box)

    def add(self, curve: pg.PlotDataItem, name: str) -> None:
        """Show another curve."""
        self.curves.append(curve)
        self.box.addItem(curve)
        if name:
            self.legend.addItem(curve, name)

    def clear(self) -> None:
        """Take all curves away."""
        self.legend.clear()
        while self.curves:
            self.box.removeItem(self.curves.pop())

    def recolour(self) -> None:
        """Take the theme's colours."""
        super().recolour()
        self.legend.setLabelTextColor(theme.active().text)

"""How many elements lie where in a plane of two values: an image of counts, or points where they are few."""

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter

from workbench.ui import theme
from workbench.ui.colours import mix
from workbench.ui.models.tensors.scatter import Points, Scatter
from workbench.ui.views.common.zoom_plot import Painted, ZoomPlot, faded

NEAR = 8  # pixels from a point at which it is meant
STEPS = 64  # of the density's colours
SMALLEST, LARGEST = 5, 7  # pixels of a point
MOST_CROSSES = 400  # saturated bins; more are coloured


class DensityPlot(ZoomPlot):
    """An image of counts, the saturated ones in another colour, the line of equality, and points."""

    chosen = Signal(object)
    """The point that was clicked."""

    def __init__(self) -> None:
        super().__init__()
        self._image, self._saturated = (pg.ImageItem(axisOrder="row-major") for _ in range(2))
        self._points, self._crosses = pg.ScatterPlotItem(), pg.ScatterPlotItem()
        self._scatter: Scatter | None = None
        self.source = "simulator"
        self._is_difference = False
        self._lines = Painted(self._draw_lines)
        for item in (self._image, self._saturated, self._lines, self._points, self._crosses):
            self.box.addItem(item, ignoreBounds=True)
        self.box.disableAutoRange()
        self.scene().sigMouseClicked.connect(self._on_clicked)
        self.recolour()

    def clear(self) -> None:
        """Show nothing."""
        self._scatter = None
        for item in (self._image, self._saturated, self._points, self._crosses):
            item.setVisible(False)

    def show_scatter(self, scatter: Scatter, is_difference: bool) -> None:
        """Show counts or points."""
        self._scatter, self._is_difference = scatter, is_difference
        few = scatter.points is not None
        self._image.setVisible(not few)
        marked = int(np.count_nonzero(scatter.saturated))
        self._saturated.setVisible(not few and marked > MOST_CROSSES)
        self._points.setVisible(few)
        self._crosses.setVisible(few or 0 < marked <= MOST_CROSSES)
        if scatter.points is not None:
            self._show_points(scatter.points)
        else:
            self._show_counts(scatter)
        self._lines.update()

    def nearest(self, point: QPointF) -> int | None:
        """The number of the point that the pointer means."""
        if self._scatter is None or self._scatter.points is None or not self._scatter.points.other.size:
            return None
        width, height = self.pixel()
        right, up = self._places(self._scatter.points)
        distance = np.hypot((right - point.x()) / width, (up - point.y()) / height)
        found = int(distance.argmin())
        return found if distance[found] <= NEAR else None

    def _show_counts(self, scatter: Scatter) -> None:
        right, up = scatter.right, scatter.up
        place = QRectF(right[0], up[0], right[-1] - right[0], up[-1] - up[0])
        shades = np.log1p(scatter.counts) / max(1e-9, float(np.log1p(scatter.counts.max(initial=0))))
        indices = np.where(scatter.counts > 0, 1 + np.rint(shades * (STEPS - 2)), 0).astype(np.uint8)
        self._image.setImage(indices, levels=(0, STEPS - 1), lut=_ramp(self.source), autoLevels=False)
        self._image.setRect(place)
        flags = (scatter.saturated > 0).astype(np.uint8)
        bad = theme.active().bad
        table = np.array([(0, 0, 0, 0), (bad.red(), bad.green(), bad.blue(), 255)], np.uint8)
        self._saturated.setImage(flags, levels=(0, 1), lut=table, autoLevels=False)
        self._saturated.setRect(place)
        row, column = np.nonzero(flags)
        if row.size <= MOST_CROSSES:
            self._cross((right[column] + right[column + 1]) / 2, (up[row] + up[row + 1]) / 2, SMALLEST + 2)

    def _show_points(self, points: Points) -> None:
        right, up = self._places(points)
        size = LARGEST if points.other.size <= 200 else SMALLEST
        fine = ~points.saturated
        colour = QColor(theme.active().source(self.source))
        colour.setAlphaF(0.55)
        self._points.setData(right[fine], up[fine], size=size, pen=None, brush=colour, symbol="o")
        self._cross(right[points.saturated], up[points.saturated], size + 3)

    def _cross(self, right: np.ndarray, up: np.ndarray, size: int) -> None:
        """Mark what is saturated."""
        bad = theme.active().bad
        self._crosses.setData(right, up, size=size, pen=pg.mkPen(bad), brush=bad, symbol="x")

    def _places(self, points: Points) -> tuple[np.ndarray, np.ndarray]:
        return points.reference, points.other - points.reference if self._is_difference else points.other

    def _draw_lines(self, painter: QPainter, seen: QRectF) -> None:
        """Equality, and the ends of what can be held."""
        painter.setPen(pg.mkPen(theme.active().muted, width=1, style=Qt.PenStyle.DashLine))
        left, right = seen.left(), seen.right()
        slope = 0.0 if self._is_difference else 1.0
        painter.drawLine(QPointF(left, slope * left), QPointF(right, slope * right))
        grid = self._scatter.grid if self._scatter is not None else None
        if grid is None:
            return
        painter.setPen(pg.mkPen(theme.active().bad, width=1, style=Qt.PenStyle.DotLine))
        for end in grid.ends:
            painter.drawLine(QPointF(end, seen.top()), QPointF(end, seen.bottom()))

    def _on_clicked(self, event: object) -> None:
        if not event.double():  # type: ignore[attr-defined]
            self.chosen.emit(self.box.mapSceneToView(event.scenePos()))  # type: ignore[attr-defined]


def _ramp(source: str) -> np.ndarray:
    """From nothing over a faint tint to the colour of text: its lightness alone tells the count."""
    shares = np.linspace(0.28, 1.0, STEPS - 1)
    colours = [QColor(faded(source, min(1.0, share * 1.4))) for share in shares]
    deep = theme.active().text
    mixed = [mix(colour, deep, max(0.0, (share - 0.6) / 0.4)) for colour, share in zip(colours, shares, strict=True)]
    return np.array([(0, 0, 0, 0), *((c.red(), c.green(), c.blue(), 255) for c in mixed)], np.uint8)

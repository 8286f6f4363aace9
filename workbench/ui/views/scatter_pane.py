"""Every element of a tensor in two sources against each other: a density, and single points where they are few."""

from collections.abc import Hashable
from dataclasses import replace

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QCheckBox, QComboBox, QWidget

from workbench.ui import theme
from workbench.ui.models.planes import Planes
from workbench.ui.models.tensor_scatter import DIFFERENCE, OTHER, Points, Question, Scatter, whole_of
from workbench.ui.models.tensor_summary import Pair, Summary
from workbench.ui.views.histogram_pane import count_text
from workbench.ui.views.tensor_texts import Titled, difference_title, real_text
from workbench.ui.views.zoom_plot import Painted, ZoomPlot, faded
from workbench.ui.widgets import ElidedLabel, column, digits, label, row

NEAR = 8  # pixels from a point at which it is meant
STEPS = 64  # of the density's colours
SMALLEST, LARGEST = 5, 7  # pixels of a point
MOST_CROSSES = 400  # saturated bins; more are coloured


class ScatterPane(QWidget):
    """Tells what it wants to know; `show_scatter` shows the answer."""

    asked = Signal(object)
    """A `Question`."""
    element_opened = Signal(int, int)
    """A channel and a position in its plane."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.plot = _Density()
        self.upwards = QComboBox()
        self.upwards.setAccessibleName(self.tr("Upwards"))
        self.alone = QCheckBox()
        self.told = ElidedLabel("", "muted", Qt.TextElideMode.ElideRight)
        self.told.setFont(digits(self.told.font()))
        self.cut_off = label("", "bad")
        self._pair, self._channel, self._titles = ("", ""), 0, ("", "")
        self._subject: Hashable = None
        self._summary: Summary | None = None
        self._asked: object = None
        self.scatter: Scatter | None = None
        self.upwards.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self._over = label("", "muted")
        head = row(self.upwards, self._over, self.alone, self.cut_off, self.told)
        head.setStretch(4, 1)
        layout = column(head, self.plot, spacing=4)
        layout.setStretch(1, 1)
        layout.setContentsMargins(8, 4, 8, 4)
        self.setLayout(layout)
        self.plot.setAccessibleName(self.tr("Scatter plot"))
        self.upwards.currentIndexChanged.connect(lambda: self._ask(again=True))
        self.alone.toggled.connect(lambda: self._ask(again=True))
        self.plot.view_settled.connect(self._ask)
        self.plot.hovered.connect(self._on_hovered)
        self.plot.chosen.connect(self._on_chosen)

    def look_at(
        self, planes: Planes, summary: Summary | None, pair: Pair, subject: Hashable, titled: Titled = str
    ) -> None:
        """Ask about another tensor (`subject`), pair or channel, as soon as its `summary` is known."""
        titles, channel, channels = (titled(pair[0]), titled(pair[1])), planes.channel, planes.cut.channels
        other = (subject, pair) != (self._subject, self._pair)
        self._subject, self._summary, self._pair = subject, summary, pair
        self._titles, self._channel = titles, channel
        self.plot.source = pair[0]
        self._offer()
        self._over.setText(self.tr("over {0}").format(titles[1]))
        self.alone.setText(self.tr("channel {0} only").format(channel))
        self.alone.setVisible(channels > 1)
        self.plot.is_whole = self.plot.is_whole or other
        self._ask()

    def show_scatter(self, scatter: Scatter | None) -> None:
        """Show an answer; None: one of the two sources is missing."""
        self.scatter = scatter
        if scatter is None:
            self.plot.clear()
            self.told.set_text(self.tr("There is nothing to compare: one of the two sources lacks this tensor."))
            self.cut_off.setText("")
            return
        self.plot.show_scatter(scatter, self.upwards.currentData() == DIFFERENCE)
        self._tell()

    def recolour(self) -> None:
        """Take the theme's colours."""
        self.plot.recolour()
        if self.scatter is not None:
            self.show_scatter(self.scatter)

    def _offer(self) -> None:
        texts = (self._titles[0], difference_title(self._titles))
        if [self.upwards.itemText(number) for number in range(self.upwards.count())] == list(texts):
            return
        kept = max(0, self.upwards.currentIndex())
        self.upwards.blockSignals(True)
        self.upwards.clear()
        for text, data in zip(texts, (OTHER, DIFFERENCE), strict=True):
            self.upwards.addItem(text, data)
        self.upwards.setCurrentIndex(kept)
        self.upwards.blockSignals(False)

    def _ask(self, *, again: bool = False) -> None:
        if self._summary is None:
            self.told.set_text(self.tr("Reading the whole tensor …") if self._pair[0] else "")
            return
        upwards = self.upwards.currentData() or OTHER
        channel = self._channel if self.alone.isChecked() and self.alone.isVisibleTo(self) else None
        whole = whole_of(self._summary, self._pair, upwards, channel)
        if whole is None:
            self.show_scatter(None)
            return
        (left, right), (low, high) = whole
        self.plot.show_whole(QRectF(left, low, right - left, high - low), again=again)
        question = Question(self._pair, whole, upwards, channel)
        if not self.plot.is_whole:
            seen = self.plot.seen()
            question = replace(question, seen=((seen.left(), seen.right()), (seen.top(), seen.bottom())))
        if (self._subject, question) != self._asked:
            self._asked = self._subject, question
            self.asked.emit(question)

    def _tell(self) -> None:
        found = self.scatter
        assert found is not None
        texts = [self.tr("{0} elements").format(count_text(found.inside))]
        if found.points is not None and found.inside:
            texts.append(self.tr("click a point to go to it"))
        if found.left_out:
            texts.append(self.tr("{0} are not finite and left out").format(count_text(found.left_out)))
        saturated = int(found.saturated.sum())
        self.cut_off.setText(self.tr("✖ {0} saturated").format(count_text(saturated)) if saturated else "")
        self.told.set_text(", ".join(texts))

    def _on_hovered(self, point: QPointF | None) -> None:
        found = self.scatter
        if found is None:
            return
        if point is None:
            self._tell()
            return
        nearest = self.plot.nearest(point)
        if nearest is not None and found.points is not None:
            self.told.set_text(self._point_text(found.points, nearest))
            return
        text = self._bin_text(found, point)
        if text:
            self.told.set_text(text)

    def _point_text(self, points: Points, number: int) -> str:
        reference, other = float(points.reference[number]), float(points.other[number])
        text = self.tr("channel {0}, element {1}").format(points.channel[number], points.position[number])
        values = [f"{self._titles[1]} {real_text(reference)}", f"{self._titles[0]} {real_text(other)}"]
        return ",  ".join((text, *values, f"Δ {real_text(other - reference)}"))

    def _bin_text(self, found: Scatter, point: QPointF) -> str:
        at = (int(np.searchsorted(found.right, point.x())) - 1, int(np.searchsorted(found.up, point.y())) - 1)
        if not (0 <= at[0] < len(found.right) - 1 and 0 <= at[1] < len(found.up) - 1):
            return ""
        right, up = found.right[at[0] : at[0] + 2], found.up[at[1] : at[1] + 2]
        texts = (
            f"{title} {real_text(float(ends[0]), 4)} … {real_text(float(ends[1]), 4)}"
            for title, ends in ((self._titles[1], right), (self.upwards.currentText(), up))
        )
        return ",  ".join((*texts, self.tr("{0} elements").format(count_text(int(found.counts[at[1], at[0]])))))

    def _on_chosen(self, point: QPointF) -> None:
        nearest = self.plot.nearest(point)
        if nearest is not None and self.scatter is not None and self.scatter.points is not None:
            points = self.scatter.points
            self.element_opened.emit(int(points.channel[nearest]), int(points.position[nearest]))


class _Density(ZoomPlot):
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
    mixed = [
        theme.mix(colour, deep, max(0.0, (share - 0.6) / 0.4)) for colour, share in zip(colours, shares, strict=True)
    ]
    return np.array([(0, 0, 0, 0), *((c.red(), c.green(), c.blue(), 255) for c in mixed)], np.uint8)

"""Every element of a tensor in two sources against each other: a density, and single points where they are few."""

from collections.abc import Hashable
from dataclasses import replace

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QWidget

from workbench.ui.models.tensors.parts import place
from workbench.ui.models.tensors.planes import Planes
from workbench.ui.models.tensors.scatter import DIFFERENCE, OTHER, Points, Question, Scatter, line_of, whole_of
from workbench.ui.models.tensors.summary import Pair, Summary
from workbench.ui.numbers import range_text, real_text
from workbench.ui.views.tensors.density_plot import DensityPlot
from workbench.ui.views.tensors.histogram_pane import count_text
from workbench.ui.views.tensors.texts import Titled, difference_title, index_text
from workbench.ui.widgets import ElidedLabel, column, digits, label, row


class ScatterPane(QWidget):
    """Tells what it wants to know; `show_scatter` shows the answer."""

    asked = Signal(object)
    """A `Question`."""
    element_opened = Signal(int, int)
    """A channel and a position in its plane."""
    read_out = Signal(str)
    """What is under the pointer; "" is nothing."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.plot = DensityPlot()
        self.upwards = QComboBox()
        self.upwards.setAccessibleName(self.tr("Upwards"))
        self.alone = QCheckBox()
        self.told = ElidedLabel("", "muted", Qt.TextElideMode.ElideRight)
        self.told.setFont(digits(self.told.font()))
        self.cut_off = label("", "bad")
        self._pair, self._channel, self._titles = ("", ""), 0, ("", "")
        self._planes: Planes | None = None
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
        self._titles, self._channel, self._planes = titles, channel, planes
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
            self._asked = None
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
        line = line_of(self._summary, self._pair) if self._summary is not None and self.plot.is_whole else None
        if line is not None and not self.alone.isChecked():
            texts.append(self.tr("slope {0}, offset {1}").format(*(real_text(number, 4) for number in line)))
        if found.points is not None and found.inside:
            texts.append(self.tr("click a point to go to it"))
        if found.left_out:
            texts.append(self.tr("{0} are not finite and left out").format(count_text(found.left_out)))
        saturated = int(found.saturated.sum())
        self.cut_off.setText(self.tr("✖ {0} saturated").format(count_text(saturated)) if saturated else "")
        tip = self.tr("The straight line through all elements: a slope other than 1 is an error of scale.")
        self.told.set_text(",  ".join(texts), tip if line is not None else "", tuple(texts[:1]))

    def _on_hovered(self, point: QPointF | None) -> None:
        found = self.scatter
        if point is None or found is None:
            self.read_out.emit("")
            return
        nearest = self.plot.nearest(point)
        if nearest is not None and found.points is not None:
            self.read_out.emit(self._point_text(found.points, nearest))
        else:
            self.read_out.emit(self._bin_text(found, point))

    def _point_text(self, points: Points, number: int) -> str:
        reference, other = float(points.reference[number]), float(points.other[number])
        planes = self._planes
        index = place(planes.cut, int(points.channel[number]), int(points.position[number])) if planes else ()
        text = index_text(index, planes.names) if planes else ""
        values = [f"{self._titles[1]} {real_text(reference)}", f"{self._titles[0]} {real_text(other)}"]
        return ",  ".join((text, *values, f"Δ {real_text(other - reference)}"))

    def _bin_text(self, found: Scatter, point: QPointF) -> str:
        at = (int(np.searchsorted(found.right, point.x())) - 1, int(np.searchsorted(found.up, point.y())) - 1)
        if not (0 <= at[0] < len(found.right) - 1 and 0 <= at[1] < len(found.up) - 1):
            return ""
        right, up = found.right[at[0] : at[0] + 2], found.up[at[1] : at[1] + 2]
        texts = (
            f"{title} {range_text(float(ends[0]), float(ends[1]), 4)}"
            for title, ends in ((self._titles[1], right), (self.upwards.currentText(), up))
        )
        return ",  ".join((*texts, self.tr("{0} elements").format(count_text(int(found.counts[at[1], at[0]])))))

    def _on_chosen(self, point: QPointF) -> None:
        nearest = self.plot.nearest(point)
        if nearest is not None and self.scatter is not None and self.scatter.points is not None:
            points = self.scatter.points
            self.element_opened.emit(int(points.channel[nearest]), int(points.position[nearest]))

"""The scale of colours below a plane: its ends, or what is no number and how much of it."""

from functools import cache

import numpy as np
from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from workbench.ui import theme
from workbench.ui.models.tensors.heat_image import INFINITE_COLOUR, LEVELS, NAN_COLOUR, NEGATIVE_COLOUR, Range
from workbench.ui.models.tensors.planes import Strange
from workbench.ui.numbers import real_text
from workbench.ui.text_size import pixels
from workbench.ui.views.tensors.colour_tables import TABLES, VALUES, differences_map
from workbench.ui.widgets import digits, small

HEIGHT, STRIP, SIDE = 24, 6, 8
AIR = 10
"""Pixels between two labels."""


class ColourBar(QWidget):
    """Drops digits, and then the zero in the middle, where there is no room for them."""

    def __init__(self, difference: bool) -> None:
        super().__init__()
        self._difference = difference
        self.limits: Range = (0.0, 1.0)
        self.strange: Strange | None = None
        self._axes = ""
        self.setFont(small(digits(self.font())))
        self.setFixedHeight(pixels(HEIGHT))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_limits(self, limits: Range) -> None:
        """Show another range."""
        self.limits, self.strange = limits, None
        self.update()

    def show_axes(self, text: str) -> None:
        """Say, where there is room, what rows and columns are."""
        self._axes = text
        self.update()

    def show_strange(self, strange: Strange) -> None:
        """Show what is no number."""
        self.strange = strange
        self.update()

    def labels(self) -> tuple[str, str, str]:
        """What is written at the left, in the middle and at the right: the longest forms that have room."""
        zero = "0" if self._difference else self._axes
        for figures, middle in ((5, zero), (3, zero), (3, ""), (2, "")):
            low, high = (real_text(limit, figures) for limit in self.limits)
            if self._fits(low, middle, high):
                return low, middle, high
        return low, "", high

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self.strange is not None:
            self._paint_strange(painter)
            return
        painter.drawImage(QRectF(0, 2, self.width(), STRIP), _strip(differences_map() if self._difference else VALUES))
        painter.setPen(theme.active().muted)
        area = self.rect().adjusted(0, STRIP + 3, 0, 0)
        sides = (Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignHCenter, Qt.AlignmentFlag.AlignRight)
        for text, side in zip(self.labels(), sides, strict=True):
            painter.drawText(area, side | Qt.AlignmentFlag.AlignVCenter, text)

    def _fits(self, low: str, middle: str, high: str) -> bool:
        measure = self.fontMetrics().horizontalAdvance
        if not middle:
            return measure(low) + measure(high) + AIR <= self.width()
        return max(measure(low), measure(high)) + measure(middle) / 2 + AIR <= self.width() / 2

    def counts(self) -> list[tuple[tuple[int, int, int, int], str]]:
        """Colours and texts of what is no number: where there is no room for all, of what there is."""
        if self.strange is None:
            return []
        found = [
            (NAN_COLOUR, "NaN", self.strange.nan), (INFINITE_COLOUR, "+∞", self.strange.infinite),
            (NEGATIVE_COLOUR, "−∞", self.strange.negative),
        ]  # fmt: skip
        both = [found[0], (INFINITE_COLOUR, "±∞", self.strange.infinite + self.strange.negative)]
        there, there_both = ([item for item in items if item[2]] for items in (found, both))
        for items in (found, there, there_both):
            texts = [(colour, f"{what} {count:,}".replace(",", "\u202f")) for colour, what, count in items]
            if self._hold(texts):
                break
        return texts or [(NAN_COLOUR, "NaN, ±∞ 0")]

    def _hold(self, texts: list[tuple[tuple[int, int, int, int], str]]) -> bool:
        """Whether there is room for all of them."""
        measure = self.fontMetrics().horizontalAdvance
        return sum(measure(text) + SIDE + 4 + AIR for _, text in texts) - AIR <= self.width()

    def _paint_strange(self, painter: QPainter) -> None:
        x, middle = 0, self.height() // 2
        for colour, text in self.counts():
            painter.fillRect(x, middle - SIDE // 2, SIDE, SIDE, QColor(*colour))
            painter.setPen(theme.active().muted if text.endswith(" 0") else theme.active().text)
            width = self.fontMetrics().horizontalAdvance(text)
            painter.drawText(QRect(x + SIDE + 4, 0, width + 2, self.height()), Qt.AlignmentFlag.AlignVCenter, text)
            x += SIDE + 4 + width + AIR


@cache
def _strip(name: str) -> QImage:
    """All colours of a table, one pixel high."""
    colours = np.ascontiguousarray(TABLES[name][:LEVELS])
    return QImage(colours.data, LEVELS, 1, 4 * LEVELS, QImage.Format.Format_RGBA8888).copy()

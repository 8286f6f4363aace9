"""What the painters of a diagram share: where they draw, the levels of detail, and the lettering."""

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QCoreApplication, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter

from workbench.ui import theme
from workbench.ui.models.graph.geometry import Geometry, Rect
from workbench.ui.models.graph.model import HEIGHT, MEMBER_HEIGHT, Box
from workbench.ui.views.graph.palette import blend
from workbench.ui.views.graph.scenery import Marks, Scenery

DETAILS, NAMES, LABELS, OPERATORS, BOXES = 1.3, 0.85, 0.55, 0.3, 0.13
"""The smallest scales at which a box has its attributes, name, number, operator, and is a box at all."""
SMALLEST = 9.5
"""Letters are no smaller than this, in screen pixels."""
RADIUS, PAD, GLYPH = 5.0, 9.0, 11.0
MANY = 20_000


class Lettering:
    """Fonts by role and size in scene pixels, and texts that were shortened with them."""

    def __init__(self, font: QFont) -> None:
        self._font = font
        self._made: dict[tuple[str, int], tuple[QFont, QFontMetricsF]] = {}
        self._short: dict[tuple[str, int, str, int], str] = {}
        self._widths: dict[tuple[str, int, str], float] = {}
        self._fitted: dict[tuple[str, int, str, int], tuple[QFont, str, float]] = {}

    def font(self, role: str, size: float) -> QFont:
        """`role` is "op", "name" or "number"."""
        return self._with_metrics(role, round(size))[0]

    def width(self, role: str, size: float, text: str) -> float:
        """How wide a text is."""
        key = (role, round(size), text)
        if key not in self._widths:
            if len(self._widths) > MANY:
                self._widths.clear()
            self._widths[key] = self._with_metrics(role, key[1])[1].horizontalAdvance(text)
        return self._widths[key]

    def elided(self, role: str, size: float, text: str, room: float) -> str:
        """The text, shortened where it does not fit: a name in its middle."""
        key = (role, round(size), text, int(room))
        if key not in self._short:
            if len(self._short) > MANY:
                self._short.clear()
            side = Qt.TextElideMode.ElideMiddle if role == "name" else Qt.TextElideMode.ElideRight
            self._short[key] = self._with_metrics(role, key[1])[1].elidedText(text, side, max(0.0, room))
        return self._short[key]

    def fitted(self, role: str, size: float, text: str, room: float) -> tuple[QFont, str, float]:
        """A font, the text as `elided`, and how wide that is."""
        key = (role, round(size), text, int(room))
        if key not in self._fitted:
            if len(self._fitted) > MANY:
                self._fitted.clear()
            short = self.elided(role, size, text, room)
            self._fitted[key] = self.font(role, size), short, self.width(role, size, short)
        return self._fitted[key]

    def _with_metrics(self, role: str, pixels: int) -> tuple[QFont, QFontMetricsF]:
        if (role, pixels) not in self._made:
            font = QFont(self._font)
            font.setPixelSize(max(1, pixels))
            font.setWeight(QFont.Weight.DemiBold if role == "op" else QFont.Weight.Normal)
            if role == "number":
                font.setFeature(QFont.Tag("tnum"), 1)
            metrics = QFontMetricsF(font)
            self._made[role, pixels] = font, metrics
        return self._made[role, pixels]


@dataclass
class Sheet:
    """A painter in scene coordinates, already scaled and moved, what it draws, and the part that is seen."""

    painter: QPainter
    scenery: Scenery
    rect: Rect
    scale: float
    marks: Marks
    letters: Lettering

    @property
    def geometry(self) -> Geometry:
        """Where everything is."""
        return self.scenery.geometry

    def readable(self, size: float) -> float:
        """A size of letters in scene pixels: this one, or as large as is needed to read it."""
        return max(size, SMALLEST / self.scale)

    def shows(self, rect: Rect) -> bool:
        """Whether a rectangle is seen."""
        left, top, right, bottom = self.rect
        return left <= rect[2] and rect[0] <= right and top <= rect[3] and rect[1] <= bottom


def hulls_in(sheet: Sheet) -> np.ndarray:
    """The hulls in the part that is seen, which are large enough to be seen."""
    left, top, right, bottom = sheet.rect
    sides = sheet.geometry.hulls.sides
    apart = (sides[:, 0] > right) | (sides[:, 2] < left) | (sides[:, 1] > bottom) | (sides[:, 3] < top)
    return np.flatnonzero(~apart & ((sides[:, 3] - sides[:, 1]) * sheet.scale >= 6))


def box_rect(geometry: Geometry, index: int) -> QRectF:
    """One box."""
    return rect_of(geometry.rect(index))


def rect_of(sides: Rect) -> QRectF:
    """Left, top, right and bottom as Qt has it."""
    left, top, right, bottom = sides
    return QRectF(left, top, right - left, bottom - top)


def glyph_rect(box: Box, rect: QRectF) -> QRectF | None:
    """Where a box is opened and closed; None for one that cannot be."""
    if box.kind == "scope":
        return QRectF(rect.right() - PAD - GLYPH - 4, rect.top() + 4, GLYPH, GLYPH)
    if box.can_open:
        return QRectF(rect.right() - PAD - GLYPH, rect.top() + 26, GLYPH, GLYPH)
    return None


def row_rects(box: Box, rect: QRectF) -> list[QRectF]:
    """Where the rows of an open group stand."""
    first = rect.top() + HEIGHT + MEMBER_HEIGHT * len(box.members) + 2
    left, wide = rect.left() + PAD, rect.width() - PAD - 4
    return [QRectF(left, first + MEMBER_HEIGHT * number, wide, MEMBER_HEIGHT) for number in range(len(box.row_lines))]


def hull_glyph_rect(side: Rect, level: int) -> QRectF:
    """Where an open scope is closed: at its right corner, that of one directly inside at its left corner, and so on."""
    left = side[2] - GLYPH - 6 if level % 2 else side[0] + 6
    return QRectF(left, side[1] - GLYPH / 2, GLYPH, GLYPH)


def draw_glyph(painter: QPainter, rect: QRectF, sign: str) -> None:
    """A plus or a minus in a small square."""
    shown = theme.active()
    painter.setPen(blend(shown.line, shown.muted, 0.7))
    painter.setBrush(shown.surface)
    painter.drawRoundedRect(rect, 2.5, 2.5)
    painter.setPen(shown.muted)
    centre = rect.center()
    painter.drawLine(centre - QPointF(2.5, 0), centre + QPointF(2.5, 0))
    if sign == "+":
        painter.drawLine(centre - QPointF(0, 2.5), centre + QPointF(0, 2.5))


def layers_text(count: int) -> str:
    """`24 layers`."""
    return QCoreApplication.translate("GraphPainter", "{0} layers").format(count)


def readable(colour: QColor) -> QColor:
    """A class's colour as text on the surface."""
    return blend(colour, theme.active().text, 0.35)


def on(colour: QColor) -> QColor:
    """Text on a filled box."""
    return QColor("#16191d") if colour.lightnessF() > 0.52 else QColor("#ffffff")

"""The last picture of a diagram: where only the place that is looked at has moved, most of it is painted already."""

import math
from dataclasses import dataclass, replace

from PySide6.QtCore import QPointF, QRect, QRectF, QSize
from PySide6.QtGui import QFont, QPainter, QPixmap, QRegion

from workbench.ui.colours import Theme
from workbench.ui.models.graph.geometry import Rect
from workbench.ui.views.graph.labels import Labels, place_labels
from workbench.ui.views.graph.paint import paint
from workbench.ui.views.graph.scenery import Marks, Scenery
from workbench.ui.views.graph.sheet import BOXES, Lettering, Sheet

AROUND, OVER = 24.0, 16.0
"""How far around what is painted again a box or an edge may lie whose marks reach into it: screen and scene pixels."""
MOST = 0.6
"""Of the picture: where more is to be painted again, all is."""
FEW = 6  # rectangles that are painted one by one
WHOLE = 1e-3  # pixels: what is farther from a whole number is between two


@dataclass(frozen=True)
class Outlook:
    """Where a canvas looks from: the scene point in its corner, the scale, its size in pixels of the screen."""

    corner: tuple[float, float]
    scale: float
    size: QSize
    ratio: float
    """Pixels of the screen to one of Qt's."""
    theme: Theme

    @property
    def rect(self) -> Rect:
        """The part of the scene that is seen."""
        return self.part(self.pixels)

    def part(self, pixels: QRect) -> Rect:
        """The part of the scene that some pixels show."""
        (x, y), factor = self.corner, self.scale * self.ratio
        left, top = x + pixels.x() / factor, y + pixels.y() / factor
        return left, top, left + pixels.width() / factor, top + pixels.height() / factor

    def around(self, pixels: QRect) -> Rect:
        """The part of the scene in which all lies that some pixels show anything of."""
        left, top, right, bottom = self.part(pixels)
        more = AROUND / self.scale + OVER
        return left - more, top - more, right + more, bottom + more

    @property
    def pixels(self) -> QRect:
        """All of them."""
        return QRect(0, 0, self.size.width(), self.size.height())

    def pixels_of(self, part: Rect) -> QRect:
        """The pixels that show a part of the scene, and one around."""
        (x, y), factor = self.corner, self.scale * self.ratio
        left, top = math.floor((part[0] - x) * factor) - 1, math.floor((part[1] - y) * factor) - 1
        right, bottom = math.ceil((part[2] - x) * factor) + 1, math.ceil((part[3] - y) * factor) + 1
        return QRect(left, top, right - left, bottom - top)

    def moved_from(self, before: "Outlook") -> tuple[int, int] | None:
        """By how many whole pixels what is seen has moved; None where that is not all."""
        if replace(self, corner=before.corner) != before:
            return None
        moves = [(old - new) * self.scale * self.ratio for old, new in zip(before.corner, self.corner, strict=True)]
        is_whole = all(abs(move - round(move)) < WHOLE for move in moves) and self.ratio == round(self.ratio)
        return (round(moves[0]), round(moves[1])) if is_whole else None


class Backing:
    """Paints what a canvas shows, and keeps it while the scale stays. It looks as if all of it were painted anew.

    Of a heat strip nothing is kept: lines that are not smoothed may lie a pixel beside what was there.
    """

    def __init__(self, font: QFont) -> None:
        self._letters = Lettering(font)
        self._picture, self._scale = QPixmap(), 0.0
        self._taken: tuple[Outlook, Labels] | None = None

    def drop(self) -> None:
        """Something else than the place has changed."""
        self._taken = None

    def paint(self, painter: QPainter, scenery: Scenery, outlook: Outlook, marks: Marks) -> None:
        """Draw what is seen."""
        sheet = Sheet(painter, scenery, outlook.rect, outlook.scale, marks, self._letters)
        labels = place_labels(sheet)
        has_dashes = bool(marks.found or marks.linked)  # they begin elsewhere where a part is painted alone
        if outlook.scale == self._scale >= BOXES and not has_dashes:
            self._complete(sheet, outlook, labels)
            painter.drawPixmap(0, 0, self._picture)
        else:
            self._taken, self._scale = None, outlook.scale
            _paint(sheet, labels, outlook, outlook.pixels)

    def _complete(self, sheet: Sheet, outlook: Outlook, labels: Labels) -> None:
        """Paint what the picture does not have."""
        stale = self._stale(outlook, labels)
        painter = QPainter(self._picture)
        for pixels in stale:
            _paint(replace(sheet, painter=painter, rect=outlook.around(pixels)), labels, outlook, pixels)
        painter.end()
        self._taken = outlook, labels

    def _stale(self, outlook: Outlook, labels: Labels) -> list[QRect]:
        """Move the picture; the parts of it that are not right afterwards."""
        everything = outlook.pixels
        moved = outlook.moved_from(self._taken[0]) if self._taken is not None else None
        if self._taken is None or moved is None:
            if self._picture.size() != outlook.size or self._picture.devicePixelRatio() != outlook.ratio:
                self._picture = QPixmap(outlook.size)
                self._picture.setDevicePixelRatio(outlook.ratio)
            return [everything]
        stale = QRegion()
        self._picture.scroll(*moved, everything, stale)
        for room in labels.changed(self._taken[1]):
            stale += outlook.pixels_of(room).intersected(everything)
        rects: list[QRect] = [*stale] if stale.rectCount() <= FEW else [stale.boundingRect()]  # type: ignore[misc]
        area = sum(rect.width() * rect.height() for rect in rects)
        return rects if area < MOST * everything.width() * everything.height() else [everything]


def _paint(sheet: Sheet, labels: Labels, outlook: Outlook, pixels: QRect) -> None:
    """Paint some pixels anew."""
    painter, ratio = sheet.painter, outlook.ratio
    place = QRectF(pixels.x() / ratio, pixels.y() / ratio, pixels.width() / ratio, pixels.height() / ratio)
    painter.save()
    painter.setClipRect(place)
    painter.fillRect(place, outlook.theme.background)
    painter.scale(outlook.scale, outlook.scale)
    painter.translate(-QPointF(*outlook.corner))
    paint(sheet, labels)
    painter.restore()

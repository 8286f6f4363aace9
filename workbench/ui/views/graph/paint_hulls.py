"""Paints what surrounds the boxes of an open scope: a pale ground, its name and the sign that folds it."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QPainter

from workbench.ui import theme
from workbench.ui.colours import mix
from workbench.ui.models.graph.geometry import Rect
from workbench.ui.views.graph.sheet import BOXES, LABELS, OPERATORS, Sheet, draw_glyph, hull_glyph_rect

LEAST = 24.0
"""A hull that is lower than this, in screen pixels, has no name."""
FILL, RIM = 0.028, 0.3
AROUND = 20.0
"""What lies farther out of sight, in screen pixels, is cut off: a painter takes long for very large shapes."""
SHORTEST = 7
"""A name of which fewer letters are left is not written."""


def draw_hulls(sheet: Sheet) -> None:
    """The grounds, the outer scopes' first."""
    painter, shown = sheet.painter, theme.active()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, sheet.scale >= BOXES)
    painter.setPen(mix(shown.background, shown.muted, RIM))
    low, high = np.array(sheet.rect[:2]) - AROUND / sheet.scale, np.array(sheet.rect[2:]) + AROUND / sheet.scale
    visible, hulls = _visible(sheet), sheet.geometry.hulls
    sides = np.clip(hulls.sides[visible], [*low, *low], [*high, *high]).tolist()
    for (left, top, right, bottom), level in zip(sides, hulls.levels[visible].tolist(), strict=True):
        # opaque: where scopes lie in scopes, blending each over the others would take long
        painter.setBrush(mix(shown.background, shown.text, 1 - (1 - FILL) ** (level + 1)))
        rect = QRectF(left, top, right - left, bottom - top)
        if sheet.scale >= BOXES:
            painter.drawRoundedRect(rect, 8, 8)
        else:
            painter.drawRect(rect)


@dataclass(frozen=True)
class Title:
    """A hull's sign, and its name where there is room."""

    glyph: QRectF
    text: str
    room: QRectF


def place_hull_titles(sheet: Sheet) -> list[Title]:
    """Where the names stand, the inner scopes' first."""
    if sheet.scale < OPERATORS:
        return []
    found = []
    for number in _visible(sheet)[::-1].tolist():
        left, top, right, bottom = sheet.geometry.hulls.sides[number].tolist()
        if (bottom - top) * sheet.scale >= LEAST:
            found.append(_title(sheet, number, (left, top, right, bottom)))
    return found


def draw_hull_titles(sheet: Sheet, titles: Iterable[Title]) -> None:
    """Write the names on their hulls' upper edges."""
    painter, shown = sheet.painter, theme.active()
    ground = QColor(shown.background)
    ground.setAlphaF(0.85)
    size = sheet.readable(10)
    for title in titles:
        if sheet.scale >= LABELS:
            draw_glyph(painter, title.glyph, "-")
        if title.text:
            painter.fillRect(title.room, ground)
            painter.setPen(shown.muted)
            painter.setFont(sheet.letters.font("name", size))
            painter.drawText(QPointF(title.room.left() + 2, title.glyph.center().y() + size * 0.35), title.text)


def _title(sheet: Sheet, number: int, side: Rect) -> Title:
    """Beside the sign, up to the edge that leads into the middle."""
    hulls, size = sheet.geometry.hulls, sheet.readable(10)
    level = int(hulls.levels[number])
    glyph = hull_glyph_rect(side, level)
    name = sheet.scenery.diagram.scope_titles[int(hulls.scopes[number])]
    text = sheet.letters.elided("name", size, name, (side[2] - side[0]) / 2 - glyph.width() - 18)
    width = sheet.letters.width("name", size, text) + 4
    left = glyph.left() - 3 - width if level % 2 else glyph.right() + 3
    room = QRectF(left, side[1] - size * 0.65, width, size * 1.3)
    is_told = (text == name or len(text) >= SHORTEST) and sheet.claim(room)
    sheet.claim(glyph)
    return Title(glyph, text if is_told else "", room)


def _visible(sheet: Sheet) -> np.ndarray:
    left, top, right, bottom = sheet.rect
    sides = sheet.geometry.hulls.sides
    apart = (sides[:, 0] > right) | (sides[:, 2] < left) | (sides[:, 1] > bottom) | (sides[:, 3] < top)
    large = (sides[:, 3] - sides[:, 1]) * sheet.scale >= 6
    return np.flatnonzero(~apart & large)

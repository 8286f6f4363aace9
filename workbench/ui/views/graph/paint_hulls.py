"""Paints what surrounds the boxes of an open scope: a pale ground, its name and the sign that folds it."""

from collections.abc import Iterable

import numpy as np
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QPainter

from workbench.ui import theme
from workbench.ui.views.graph.labels import Title
from workbench.ui.views.graph.palette import blend
from workbench.ui.views.graph.sheet import BOXES, LABELS, Sheet, draw_glyph, hulls_in, rect_of

FILL, RIM = 0.028, 0.3
AROUND = 20.0
"""What lies farther out of sight, in screen pixels, is cut off: a painter takes long for very large shapes."""


def draw_hulls(sheet: Sheet) -> None:
    """The grounds, the outer scopes' first."""
    painter, shown = sheet.painter, theme.active()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, sheet.scale >= BOXES)
    painter.setPen(blend(shown.background, shown.muted, RIM))
    low, high = np.array(sheet.rect[:2]) - AROUND / sheet.scale, np.array(sheet.rect[2:]) + AROUND / sheet.scale
    visible, hulls = hulls_in(sheet), sheet.geometry.hulls
    sides = np.clip(hulls.sides[visible], [*low, *low], [*high, *high]).tolist()
    for (left, top, right, bottom), level in zip(sides, hulls.levels[visible].tolist(), strict=True):
        # opaque: where scopes lie in scopes, blending each over the others would take long
        painter.setBrush(blend(shown.background, shown.text, 1 - (1 - FILL) ** (level + 1)))
        rect = QRectF(left, top, right - left, bottom - top)
        if sheet.scale >= BOXES:
            painter.drawRoundedRect(rect, 8, 8)
        else:
            painter.drawRect(rect)


def draw_hull_titles(sheet: Sheet, titles: Iterable[Title]) -> None:
    """Write the names on their hulls' upper edges."""
    painter, shown = sheet.painter, theme.active()
    ground = QColor(shown.background)
    ground.setAlphaF(0.85)
    size = sheet.readable(10)
    for title in titles:
        glyph = rect_of(title.glyph)
        if sheet.scale >= LABELS and sheet.shows(title.glyph):
            draw_glyph(painter, glyph, "-")
        if title.text and sheet.shows(title.room):
            painter.fillRect(rect_of(title.room), ground)
            painter.setPen(shown.muted)
            painter.setFont(sheet.letters.font("name", size))
            painter.drawText(QPointF(title.room[0] + 2, glyph.center().y() + size * 0.35), title.text)

"""Paints which layers a choice of precisions would spare: a double frame, and from near the precision in words."""

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPen

from workbench.ui import theme
from workbench.ui.views.graph.sheet import LABELS, NAMES, RADIUS, Sheet, box_rect

GAP, WIDTH = 4.5, 2.0
CHIP, CHIP_TEXT = 13.0, 9.0
"""The height of the words' ground, and of the words, in scene pixels."""


def draw_spared(sheet: Sheet, boxes: np.ndarray) -> None:
    """Mark those of the boxes that hold a layer of the choice."""
    spared = sheet.marks.spared
    for index in boxes.tolist() if spared else ():
        if index in spared:
            _draw(sheet, index, spared[index])


def _draw(sheet: Sheet, index: int, precision: str) -> None:
    painter, colour = sheet.painter, QColor(theme.active().text)
    gap = GAP if sheet.scale >= LABELS else GAP / max(sheet.scale, 1e-6)
    pen = QPen(colour, WIDTH)
    pen.setCosmetic(True)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    rect = box_rect(sheet.geometry, index).adjusted(-gap, -gap, gap, gap)
    painter.drawRoundedRect(rect, RADIUS + gap, RADIUS + gap)
    if sheet.scale >= NAMES:
        _draw_chip(sheet, rect, precision, colour)


def _draw_chip(sheet: Sheet, rect: QRectF, precision: str, colour: QColor) -> None:
    """The precision on the upper edge, at the right."""
    painter, size = sheet.painter, CHIP_TEXT
    width = sheet.letters.width("number", size, precision) + 8
    chip = QRectF(rect.right() - width - 6, rect.top() - CHIP / 2, width, CHIP)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawRoundedRect(chip, 4, 4)
    painter.setPen(theme.active().background)
    painter.setFont(sheet.letters.font("number", size))
    painter.drawText(QPointF(chip.left() + 4, chip.bottom() - 3.5), precision)

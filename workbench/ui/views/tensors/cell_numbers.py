"""Numbers in the cells of a plane that is seen from so near that they have room."""

from dataclasses import dataclass

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter

from workbench.ui.numbers import real_text
from workbench.ui.views.tensors.indexed_image import IndexedImage

ROOM = 46.0
"""Pixels of a cell that a number of four digits fits into."""
FIGURES = (4, 3, 2)
PIXELS = 11
DARK, BRIGHT, MIDDLE = QColor(0, 0, 0, 225), QColor(255, 255, 255, 235), 140


@dataclass(frozen=True)
class Numbers:
    """Real values of a plane and, where there are any, the integers stored for them."""

    values: np.ndarray
    stored: np.ndarray | None = None


def cell_size(box: pg.ViewBox) -> tuple[float, float]:
    """Width and height of an element on the screen; the box's own way through its transforms takes far longer."""
    seen = box.viewRect()
    return box.width() / (seen.width() or 1.0), box.height() / (seen.height() or 1.0)


def have_room(box: pg.ViewBox) -> bool:
    """Whether numbers fit into cells."""
    width, height = cell_size(box)
    return width >= ROOM and height >= PIXELS + 4


def paint_numbers(painter: QPainter, box: pg.ViewBox, numbers: Numbers, image: IndexedImage) -> None:
    """Draw in the scene's coordinates."""
    width, height = cell_size(box)
    font = QFont(painter.font())
    font.setPixelSize(PIXELS)
    painter.setFont(font)
    rows, columns = numbers.values.shape
    seen = box.viewRect()
    for row in range(max(0, int(seen.top())), min(rows, int(np.ceil(seen.bottom())))):
        for column in range(max(0, int(seen.left())), min(columns, int(np.ceil(seen.right())))):
            corner = box.mapViewToScene(QPointF(column, row))
            cell = QRectF(corner.x(), corner.y(), width, height)
            painter.setPen(_ink(image, row, column))
            painter.drawText(cell, Qt.AlignmentFlag.AlignCenter, _text(numbers, row, column, cell))


def _text(numbers: Numbers, row: int, column: int, cell: QRectF) -> str:
    measure = QFontMetricsF(QFont())
    value = float(numbers.values[row, column])
    texts = [real_text(value, figures) for figures in FIGURES]
    text = next((text for text in texts if measure.horizontalAdvance(text) <= cell.width() - 4), texts[-1])
    if numbers.stored is None or cell.height() < 2 * PIXELS + 8:
        return text
    return f"{text}\n({int(numbers.stored[row, column])})".replace("-", "−")


def _ink(image: IndexedImage, row: int, column: int) -> QColor:
    """Black or white, whichever is read on the cell's colour."""
    red, green, blue = (int(part) for part in image.lut[image.image[row, column]][:3])
    return DARK if (299 * red + 587 * green + 114 * blue) / 1000 > MIDDLE else BRIGHT

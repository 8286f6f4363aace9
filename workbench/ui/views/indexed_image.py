"""An image of indices into a table of colours, as a part of a plot: what it costs is what Qt's painting costs."""

import numpy as np
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget


class IndexedImage(QGraphicsItem):
    """An element is a unit square; `pg.ImageItem` takes ten times as long to get ready for painting."""

    def __init__(self) -> None:
        super().__init__()
        self.image = np.zeros((0, 0), np.uint8)
        self.lut = np.zeros((256, 4), np.uint8)
        self._shown = QImage()

    def show_image(self, indices: np.ndarray, table: np.ndarray) -> None:
        """Show uint8 indices, rows x columns, with a table of 256 colours (RGBA)."""
        if indices.shape != self.image.shape:
            self.prepareGeometryChange()
        self.image, self.lut = np.ascontiguousarray(indices), table
        rows, columns = self.image.shape
        self._shown = QImage(self.image.data, columns, rows, columns, QImage.Format.Format_Indexed8)
        self._shown.setColorTable(packed(table))
        self.update()

    def boundingRect(self) -> QRectF:
        return QRectF(0, 0, self.image.shape[1], self.image.shape[0])

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        if not self._shown.isNull():
            painter.drawImage(self.boundingRect(), self._shown)


def packed(table: np.ndarray) -> list[int]:
    """Colours as Qt's numbers 0xAARRGGBB."""
    red, green, blue, alpha = (table[:, part].astype(np.uint32) for part in range(4))
    colours: list[int] = (alpha << 24 | red << 16 | green << 8 | blue).tolist()
    return colours

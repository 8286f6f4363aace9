"""An image of indices into a table of colours, as a part of a plot: what it costs is what Qt's painting costs."""

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from workbench.ui.models.tensors.heat_image import GAP

MARK = 4  # pixels that what is no number has at least, however small its element is
MOST_MARKED = 4096  # elements; more are seen anyway


class IndexedImage(QGraphicsItem):
    """An element is a unit square; `pg.ImageItem` takes ten times as long to get ready for painting."""

    def __init__(self) -> None:
        super().__init__()
        self.image = np.zeros((0, 0), np.uint8)
        self.lut = np.zeros((256, 4), np.uint8)
        self._colours: list[int] = []
        self._shown = QImage()
        self._strange = np.zeros(0, np.intp)

    def show_image(self, indices: np.ndarray, table: np.ndarray) -> None:
        """Show uint8 indices, rows x columns, with a table of 256 colours (RGBA), when the view is painted again.

        Its owner sees to that: a scene paints its view at once, and does not wait for other views.
        """
        if indices.shape != self.image.shape:
            self.prepareGeometryChange()
        if table is not self.lut:
            self.lut, self._colours = table, packed(table)
        self.image = np.ascontiguousarray(indices)
        rows, columns = self.image.shape
        self._shown = QImage(self.image.data, columns, rows, columns, QImage.Format.Format_Indexed8)
        self._shown.setColorTable(self._colours)
        is_strange = self.image.max(initial=0) > GAP  # ten times as fast as looking where
        self._strange = np.flatnonzero(self.image > GAP) if is_strange else np.zeros(0, np.intp)

    def boundingRect(self) -> QRectF:
        return QRectF(0, 0, self.image.shape[1], self.image.shape[0])

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        if self._shown.isNull():
            return
        painter.drawImage(self.boundingRect(), self._shown)
        if 0 < self._strange.size <= MOST_MARKED:
            self._mark_strange(painter)

    def _mark_strange(self, painter: QPainter) -> None:
        """A single NaN among a million elements would fall between the pixels."""
        to_pixels = painter.transform()
        across, down = (MARK / max(1e-9, abs(scale)) for scale in (to_pixels.m11(), to_pixels.m22()))
        if across <= 1 and down <= 1:
            return
        width, height = max(1.0, across), max(1.0, down)
        rows, columns = np.divmod(self._strange, self.image.shape[1])
        codes = self.image.reshape(-1)[self._strange]
        painter.setPen(Qt.PenStyle.NoPen)
        for code in np.unique(codes)[::-1]:  # NaN comes last
            painter.setBrush(QColor(*(int(part) for part in self.lut[code])))
            here = zip(columns[codes == code], rows[codes == code], strict=True)
            painter.drawRects([QRectF(x + 0.5 - width / 2, y + 0.5 - height / 2, width, height) for x, y in here])


def packed(table: np.ndarray) -> list[int]:
    """Colours as Qt's numbers 0xAARRGGBB."""
    red, green, blue, alpha = (table[:, part].astype(np.uint32) for part in range(4))
    colours: list[int] = (alpha << 24 | red << 16 | green << 8 | blue).tolist()
    return colours

"""The headers of a matrix: pictures and what differs above the columns, operators and names beside the rows."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QImage, QPainter, QPixmap
from PySide6.QtWidgets import QHeaderView, QTableView

from workbench.ui import theme
from workbench.ui.colours import mix
from workbench.ui.jobs import JobPool
from workbench.ui.models.graph.model import plain_name
from workbench.ui.models.matrix.matrix_table import MatrixTable
from workbench.ui.views.common.elided import elided_name
from workbench.ui.widgets import small

MARGIN = 6
PICTURE = 48  # pixels of the higher side
BATCH = 8  # pictures that are read at once
ARROW, SIDEWAYS = "▼", "▶"
"""Before what orders the rows, and what orders the columns."""


class Thumbnails:
    """Small pictures by path, read away from the GUI thread a few at a time; `ready` is called when some came."""

    def __init__(self, jobs: JobPool, ready: Callable[[], object]) -> None:
        self._jobs, self._ready = jobs, ready
        self._known: dict[Path, QPixmap | None] = {}
        self._wanted: list[Path] = []
        self._is_reading = False

    def get(self, path: Path) -> QPixmap | None:
        """The picture, or None while it is not there; then it is read."""
        if path not in self._known and path not in self._wanted:
            self._wanted.append(path)
            self._read()
        return self._known.get(path)

    def _read(self) -> None:
        if self._is_reading or not self._wanted:
            return
        self._is_reading = True
        batch, self._wanted = self._wanted[:BATCH], self._wanted[BATCH:]
        key = f"matrix.pictures.{id(self)}"
        self._jobs.ask(key, lambda: [_thumbnail(path) for path in batch], lambda found: self._take(batch, found))

    def _take(self, paths: list[Path], found: list[np.ndarray | None]) -> None:
        self._is_reading = False
        for path, image in zip(paths, found, strict=True):
            self._known[path] = None if image is None else _pixmap(image)
        self._ready()
        self._read()


class ColumnHeader(QHeaderView):
    """Title, up to two lines of what differs, and a picture where the column is an input with one."""

    def __init__(self, model: MatrixTable, parent: QTableView, jobs: JobPool) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._matrix, self.marked = model, -1
        self._pictures = Thumbnails(jobs, lambda: self.viewport().update())
        self.setSectionsClickable(True)
        self.setHighlightSections(False)
        self.setMinimumSectionSize(48)

    def sizeHint(self) -> QSize:
        metrics, heads = QFontMetrics(self.font()), self._matrix.matrix.heads
        lines = 1 + max((len(head.lines) for head in heads), default=0)
        picture = PICTURE + MARGIN if any(head.picture for head in heads) else 0
        return QSize(super().sizeHint().width(), lines * metrics.height() + 2 * MARGIN + picture)

    def paintSection(self, painter: QPainter, area: QRect, section: int) -> None:
        colours, head = theme.active(), self._matrix.head(section)
        painter.save()
        painter.fillRect(area, colours.surface)
        painter.fillRect(QRect(area.right(), area.top() + MARGIN, 1, area.height()), colours.line)
        if self._matrix.number(section) == self.marked:
            painter.fillRect(area.adjusted(0, 0, -1, 0), mix(colours.surface, colours.accent, 0.16))
            painter.fillRect(QRect(area.left(), area.top(), area.width() - 1, 3), colours.accent)
        inner = area.adjusted(MARGIN, MARGIN, -MARGIN, -MARGIN)
        if head.picture is not None:
            self._paint_picture(painter, inner, head.picture)
            inner.setTop(inner.top() + PICTURE + MARGIN)
        is_sorted = self._matrix.by == self._matrix.number(section)
        title = f"{ARROW} {head.title}" if is_sorted else head.title
        for at, text in enumerate((title, *head.lines)):
            painter.setPen(colours.muted if at else colours.text)
            painter.setFont(small(self.font()) if at else _bold(self.font(), is_sorted))
            metrics = painter.fontMetrics()
            shown = metrics.elidedText(text, Qt.TextElideMode.ElideMiddle, inner.width())
            painter.drawText(inner, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop, shown)
            inner.setTop(inner.top() + QFontMetrics(self.font()).height())
        painter.restore()

    def _paint_picture(self, painter: QPainter, area: QRect, path: Path) -> None:
        pixmap = self._pictures.get(path)
        if pixmap is not None:
            size = pixmap.size().scaled(QSize(area.width(), PICTURE), Qt.AspectRatioMode.KeepAspectRatio)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawPixmap(QRect(area.topLeft(), size), pixmap)


class RowHeader(QHeaderView):
    """The operator, muted, and the name of each layer; the selected layer has a bar of the accent's colour."""

    def __init__(self, model: MatrixTable, parent: QTableView) -> None:
        super().__init__(Qt.Orientation.Vertical, parent)
        self._matrix = model
        self.selected = ""
        self.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setHighlightSections(False)
        self.setSectionsClickable(True)

    def paintSection(self, painter: QPainter, area: QRect, section: int) -> None:
        colours, head = theme.active(), self._matrix.row_head(section)
        painter.save()
        is_selected = head.tensor == self.selected
        painter.fillRect(area, mix(colours.surface, colours.accent, 0.16) if is_selected else colours.surface)
        if is_selected:
            painter.fillRect(QRect(area.topLeft(), QSize(3, area.height())), colours.accent)
        inner = area.adjusted(MARGIN + 2, 0, -MARGIN, 0)
        flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.setFont(small(self.font()))
        painter.setPen(colours.muted)
        width = min(painter.fontMetrics().horizontalAdvance(head.op) + MARGIN, inner.width() // 3)
        op = painter.fontMetrics().elidedText(head.op, Qt.TextElideMode.ElideRight, width - 2)
        painter.drawText(inner, flags, op)
        inner.setLeft(inner.left() + width)
        painter.setFont(self.font())
        painter.setPen(colours.text)
        if head.tensor == self._matrix.by_tensor:
            painter.drawText(inner, flags, SIDEWAYS)
            inner.setLeft(inner.left() + painter.fontMetrics().horizontalAdvance(f"{SIDEWAYS} "))
        name = elided_name(painter.fontMetrics(), plain_name(head.tensor), inner.width())
        painter.drawText(inner, flags, name)
        painter.restore()


def _bold(font: QFont, is_bold: bool) -> QFont:
    result = QFont(font)
    result.setBold(is_bold)
    return result


def _thumbnail(path: Path) -> np.ndarray | None:
    """A small picture, height x width x 3, RGB; None for what is no picture."""
    import cv2

    from workbench.foundation.errors import WorkbenchError
    from workbench.preprocess import images

    try:
        if not images.is_picture(path):
            return None
        image = images.to_rgb(images.read(path, 3), "bgr")
    except WorkbenchError:  # it is gone: the run was made from it all the same
        return None
    height, width = image.shape[:2]
    factor = min(1.0, 2 * PICTURE / height, 4 * PICTURE / width)
    size = (max(1, round(width * factor)), max(1, round(height * factor)))
    return np.ascontiguousarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA))


def _pixmap(image: np.ndarray) -> QPixmap:
    height, width = image.shape[:2]
    return QPixmap.fromImage(QImage(image.tobytes(), width, height, 3 * width, QImage.Format.Format_RGB888))

"""Two pictures side by side: the original, and what the network sees."""

import numpy as np
from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from workbench.ui import theme
from workbench.ui.colours import mix
from workbench.ui.look import Look
from workbench.ui.widgets import column, label, row, set_role

PICTURE_HEIGHT = 148


class Preview(QWidget):
    """The original at the left, the network's view at the right, and below what values are fed."""

    def __init__(self) -> None:
        super().__init__()
        self.original, self.seen = Picture(), Picture()
        self.original_title = label(self.tr("Original"), "muted")
        self.seen_title = label(self.tr("As the network sees it"), "muted")
        self.seen_title.setToolTip(
            self.tr("Its first three channels as red, green and blue: in BGR, red and blue are exchanged.")
        )
        self.values = label("", "muted", wrap=True)
        left = column(self.original_title, self.original, spacing=4)
        right = column(self.seen_title, self.seen, spacing=4)
        pictures = row(left, right)
        pictures.setStretch(0, 1)
        pictures.setStretch(1, 1)
        self.setLayout(column(pictures, self.values))

    def show_look(self, found: Look, values: str) -> None:
        """Show both pictures and the values' range."""
        self.original.set_image(found.original)
        self.seen.set_image(found.seen)
        size = f"   {found.size[0]}×{found.size[1]}" if found.size else ""
        self.original_title.setText(self.tr("Original") + size)
        set_role(self.values, "bad" if found.problem else "muted")
        self.values.setText(values)

    def clear(self, text: str) -> None:
        """Show no pictures."""
        self.original.set_image(None)
        self.seen.set_image(None)
        self.original_title.setText(self.tr("Original"))
        set_role(self.values, "muted")
        self.values.setText(text)


class Picture(QWidget):
    """A picture with its proportions kept; an empty frame where there is none."""

    def __init__(self) -> None:
        super().__init__()
        self._pixmap: QPixmap | None = None
        self.setFixedHeight(PICTURE_HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def has_picture(self) -> bool:
        """Whether something is shown."""
        return self._pixmap is not None

    def set_image(self, image: np.ndarray | None) -> None:
        """H x W x 3 uint8 RGB, or None."""
        self._pixmap = None
        if image is not None:
            height, width = image.shape[:2]
            shown = QImage(image.tobytes(), width, height, 3 * width, QImage.Format.Format_RGB888)
            self._pixmap = QPixmap.fromImage(shown)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(160, PICTURE_HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, colours = QPainter(self), theme.active()
        painter.fillRect(self.rect(), mix(colours.surface, colours.background, 0.8))
        if self._pixmap is None:
            painter.setPen(colours.muted)
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.tr("no picture"))
            return
        # small pictures are enlarged pixel by pixel: their pixels are what the network sees
        is_small = self._pixmap.width() < 100
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, not is_small)
        size = self._pixmap.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        place = QRect(
            (self.width() - size.width()) // 2, (self.height() - size.height()) // 2, size.width(), size.height()
        )
        painter.drawPixmap(place, self._pixmap)

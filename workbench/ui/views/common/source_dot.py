"""The colour of a source as a small disc."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from workbench.ui import theme


class SourceDot(QWidget):
    """The colour of a source."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self._source = source
        self.setFixedSize(10, 10)

    def set_source(self, source: str) -> None:
        """Show another source."""
        self._source = source
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.active().source(self._source))
        painter.drawEllipse(self.rect().adjusted(1, 1, -1, -1))
        painter.end()

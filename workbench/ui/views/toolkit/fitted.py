"""A dialog that is as high as what it shows: Qt's own never takes more than two thirds of the screen."""

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDialog, QLayout, QWidget

from workbench.ui.text_size import pixels


class FittedDialog(QDialog):
    """It goes when it is closed, and never waits for an answer."""

    def __init__(self, parent: QWidget, width: int) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(pixels(width))

    def fill(self, layout: QLayout) -> None:
        """Show what a layout holds."""
        layout.setContentsMargins(24, 20, 24, 16)
        self.setLayout(layout)

    def fit_soon(self) -> None:
        """Be as high as what is shown, once the layout knows it."""
        QTimer.singleShot(0, self, self._fit)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._fit()

    def _fit(self) -> None:
        layout = self.layout()
        if layout is not None:
            layout.activate()
            height = layout.totalHeightForWidth(self.width()) if layout.hasHeightForWidth() else -1
            self.resize(self.width(), max(height, layout.totalMinimumSize().height()))

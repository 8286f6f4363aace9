"""What everything that pyqtgraph draws for us stands on."""

import pyqtgraph as pg
from PySide6.QtWidgets import QWidget


class PlainCanvas(pg.GraphicsView):
    """No frame, no background, and without the scene's own English command, which no menu of ours shows."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, background=None)
        self.setFrameShape(self.Shape.NoFrame)
        for action in self.scene().contextMenu:
            action.setParent(None)
        self.scene().contextMenu.clear()

"""One plane of a tensor as an image that can be zoomed, moved and pointed at together with its neighbours."""

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QWidget

from workbench.ui import theme
from workbench.ui.models.heat_image import INFINITE, INFINITE_COLOUR, LEVELS, NAN, NAN_COLOUR

VALUES, LIGHT_DIFFERENCES, DARK_DIFFERENCES = "viridis", "CET-D1", "CET-D4"
CROSS_HAIRS = "#ffffffd0"
"""Over the map of values, which is dark in both themes."""
SQUARE_UP_TO, ROOM = 6, 10
"""Planes whose sides differ by more than this factor fill their pane instead of keeping square pixels."""


class Heatmap(pg.GraphicsView):
    """Shows indices into a table of colours."""

    pointed = Signal(object)
    """(row, column) under the pointer, or None."""
    view_changed = Signal(bool)
    """The user moved the view (True) or asked for the whole plane."""

    def __init__(self, *, difference: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent, background=None)
        self._difference = difference
        self.setFrameShape(self.Shape.NoFrame)
        self._shape = (0, 0)
        self.moved_by_hand = False
        self.image = pg.ImageItem(axisOrder="row-major")
        self.box = pg.ViewBox(invertY=True, enableMenu=False, defaultPadding=0.02)
        self.box.addItem(self.image)
        self._lines = [pg.InfiniteLine(angle=angle, movable=False) for angle in (90, 0)]
        for line in self._lines:
            line.setZValue(10)
            line.hide()
            self.box.addItem(line, ignoreBounds=True)
        self.setCentralItem(self.box)
        self.box.sigRangeChangedManually.connect(self._on_moved_by_hand)
        self.box.sigResized.connect(self._on_resized)
        self.scene().sigMouseMoved.connect(self._on_mouse_moved)
        self.recolour()

    def show_plane(self, indices: np.ndarray, table: np.ndarray) -> None:
        """Take another plane; the part that is looked at stays unless the shape is another."""
        self.image.setImage(indices, levels=(0, 255), lut=table, autoLevels=False)
        if indices.shape != self._shape:
            self._shape = (int(indices.shape[0]), int(indices.shape[1]))
            rows, columns = self._shape
            square = max(rows, columns) <= SQUARE_UP_TO * min(rows, columns)
            self.box.setAspectLocked(square)
            around = ROOM * max(rows, columns) if square else 0  # a wide pane shows much beside a square plane
            self.box.setLimits(
                xMin=-columns - around, xMax=2 * columns + around, yMin=-rows - around, yMax=2 * rows + around,
                minXRange=1.5, minYRange=1.5,
            )  # fmt: skip
            self.reset()

    def reset(self) -> None:
        """Show the whole plane."""
        self.moved_by_hand = False
        rows, columns = self._shape
        self.box.setRange(xRange=(0, columns), yRange=(0, rows), padding=0.02)

    def follow(self, other: "Heatmap | None") -> None:
        """Zoom and move as another one does; None: alone."""
        self.box.setXLink(None if other is None else other.box)
        self.box.setYLink(None if other is None else other.box)

    def take_view(self, other: "Heatmap") -> None:
        """Look at what another one looks at."""
        self.moved_by_hand = other.moved_by_hand
        self.box.setRange(other.box.viewRect(), padding=0) if self.moved_by_hand else self.reset()

    def mark(self, position: tuple[int, int] | None) -> None:
        """Cross hairs over an element, or none."""
        for line in self._lines:
            line.setVisible(position is not None)
        if position is not None:
            self._lines[0].setValue(position[1] + 0.5)
            self._lines[1].setValue(position[0] + 0.5)

    def recolour(self) -> None:
        """Take the theme's colours."""
        self.setBackground(theme.mix(theme.active().surface, theme.active().background, 0.5))
        for line in self._lines:
            line.setPen(pg.mkPen(theme.active().text if self._difference else CROSS_HAIRS, width=1))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.reset()
        self.view_changed.emit(False)

    def leaveEvent(self, event: QEvent) -> None:
        self.pointed.emit(None)
        super().leaveEvent(event)

    def _on_resized(self, box: object) -> None:
        if not self.moved_by_hand and min(self._shape):
            self.reset()

    def _on_moved_by_hand(self, mouse: object) -> None:
        self.moved_by_hand = True
        self.view_changed.emit(True)

    def _on_mouse_moved(self, position: QPointF) -> None:
        point = self.box.mapSceneToView(position)
        row, column = int(np.floor(point.y())), int(np.floor(point.x()))
        inside = 0 <= row < self._shape[0] and 0 <= column < self._shape[1]
        self.viewport().setCursor(Qt.CursorShape.CrossCursor if inside else Qt.CursorShape.ArrowCursor)
        self.pointed.emit((row, column) if inside else None)


def colour_table(difference: bool) -> np.ndarray:
    """256 colours: the map in the theme's variant, then NaN and infinite."""
    return TABLES[differences_map() if difference else VALUES]


def differences_map() -> str:
    """Diverging, with its middle near the background."""
    return DARK_DIFFERENCES if theme.active().name == "dark" else LIGHT_DIFFERENCES


def _table(name: str) -> np.ndarray:
    table = np.empty((256, 4), np.uint8)
    table[:LEVELS] = pg.colormap.get(name).getLookupTable(nPts=LEVELS, alpha=True)
    table[NAN], table[INFINITE] = NAN_COLOUR, INFINITE_COLOUR
    return table


TABLES = {name: _table(name) for name in (VALUES, LIGHT_DIFFERENCES, DARK_DIFFERENCES)}

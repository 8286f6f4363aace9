"""One plane of a tensor as an image that can be zoomed, moved and pointed at together with its neighbours."""

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSizeF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QGraphicsRectItem, QWidget

from workbench.ui import keys, theme
from workbench.ui.colours import mix
from workbench.ui.models.tensors.heat_image import LEVELS
from workbench.ui.views.common.canvas import PlainCanvas
from workbench.ui.views.tensors.cell_numbers import Numbers, cell_size, have_room, paint_numbers
from workbench.ui.views.tensors.indexed_image import IndexedImage

BRIGHT_HAIRS, DARK_HAIRS, MIDDLE = "#ffffffd0", "#000000d0", 150
SQUARE_UP_TO, ROOM = 6, 10
"""Planes whose sides differ by more than this factor fill their pane instead of keeping square pixels."""
STEPS = {
    Qt.Key.Key_Left: (0, -1), Qt.Key.Key_Right: (0, 1), Qt.Key.Key_Up: (-1, 0), Qt.Key.Key_Down: (1, 0),
}  # fmt: skip
FAR, ZOOM = 10, 1.5
"""Elements that an arrow goes with Shift; the factor of + and -."""
BELOW, ABOVE, TOP = -10, 9, 10
FOCUS = 2  # pixels of the frame


class Heatmap(PlainCanvas):
    """Shows indices into a table of colours. Arrows move the cross hairs, + - 0 zoom, Enter chooses."""

    pointed = Signal(object)
    """(row, column) under the pointer, or None."""
    chosen = Signal(object)
    """(row, column) that was clicked, or chosen with Enter."""
    view_changed = Signal(bool)
    """The user moved the view (True) or asked for the whole plane."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        keys.set_place(self, self.tr("Picture of a tensor"))
        keys.tell(
            self,
            ("Up / Down / Left / Right", self.tr("Move the cross hairs; with Shift further")),
            ("Enter", self.tr("Choose the element under them")),
            ("+ / -", self.tr("Zoom in or out")),
            ("0", self.tr("Show everything")),
        )
        self._shape = (0, 0)
        self._at: tuple[int, int] | None = None
        self._marked: tuple[int, int] | None = None
        self._numbers: Numbers | None = None
        self.moved_by_hand = False
        self.image, self.picture = IndexedImage(), pg.ImageItem(axisOrder="row-major")
        self.picture.setZValue(BELOW)
        self.picture.hide()
        self.frame = QGraphicsRectItem()
        self.frame.setZValue(ABOVE)
        self.frame.hide()
        self.box = pg.ViewBox(invertY=True, enableMenu=False, defaultPadding=0.02)
        self.box.addItem(self.image)
        self.box.addItem(self.picture, ignoreBounds=True)
        self.box.addItem(self.frame, ignoreBounds=True)
        self._lines = [pg.InfiniteLine(angle=angle, movable=False) for angle in (90, 0)]
        for line in self._lines:
            line.setZValue(TOP)
            line.hide()
            self.box.addItem(line, ignoreBounds=True)
        self.setCentralItem(self.box)
        self.box.sigRangeChangedManually.connect(self._on_moved_by_hand)
        self.box.sigResized.connect(self._on_resized)
        self.box.sigRangeChanged.connect(lambda: self.mark(self._marked))
        self.scene().sigMouseMoved.connect(self._on_mouse_moved)
        self.scene().sigMouseClicked.connect(self._on_clicked)
        self.recolour()

    def show_plane(self, indices: np.ndarray, table: np.ndarray, is_spatial: bool = True) -> None:
        """Take another plane; the part that is looked at stays unless the shape is another.

        Rows and columns that are no places in a picture need not be squares.
        """
        if table is not self.image.lut:
            self._colour_hairs(table)
        self.image.show_image(indices, table)
        self.viewport().update()
        if indices.shape != self._shape:
            self._shape, self._at = (int(indices.shape[0]), int(indices.shape[1])), None
            self._frame_plane(is_spatial)

    def show_picture(self, picture: np.ndarray | None, opacity: float = 1.0) -> None:
        """Lay the plane, as opaque as that, over a picture (rows x columns of grey); None: over nothing."""
        self.image.setOpacity(1.0 if picture is None else opacity)
        self.picture.setVisible(picture is not None)
        if picture is not None:
            if picture is not self.picture.image:
                self.picture.setImage(picture, levels=(0, 255), autoLevels=False)
            self._spread_picture()

    def show_frame(self, frame: tuple[int, int, int, int] | None) -> None:
        """Frame left, top, width and height of a part, or none."""
        self.frame.setVisible(frame is not None)
        if frame is not None:
            self.frame.setRect(*frame)

    def show_numbers(self, numbers: Numbers | None) -> None:
        """Write numbers into the cells of the next plane as soon as they have room; None: never."""
        self._numbers = numbers

    def reset(self) -> None:
        """Show the whole plane."""
        self.moved_by_hand = False
        rows, columns = self._shape
        self.box.setRange(xRange=(0, columns), yRange=(0, rows), padding=0.02)

    def follow(self, other: "Heatmap | None") -> None:
        """Zoom and move as another one does; None: alone."""
        self.box.setXLink(None if other is None else other.box)
        self.box.setYLink(None if other is None else other.box)

    def hold_links(self, held: bool) -> None:
        """Let others zoom and move without following."""
        self.box.blockLink(held)

    @property
    def seen(self) -> QRectF:
        """The part that is looked at; beside squares no wider than high: a wide pane shows much beside the plane."""
        seen = self.box.viewRect()
        if self.box.state["aspectLocked"]:
            middle = seen.center()
            seen.setWidth(min(seen.width(), seen.height() / 2))
            seen.moveCenter(middle)
        return seen

    def look_at(self, part: QRectF | None) -> None:
        """Show this part as large as there is room, chosen by hand; None: the whole plane."""
        if part is None:
            self.reset()
        else:
            self.moved_by_hand = True
            self.box.setRange(part, padding=0)

    def mark(self, position: tuple[int, int] | None) -> None:
        """Cross hairs over an element, or none; a frame where they would strike its number out."""
        self._marked = position
        has_numbers = self._has_numbers()
        with_hairs = position is not None and not has_numbers
        for line in self._lines:
            line.setVisible(with_hairs)
        if has_numbers:
            self.viewport().update()  # there is a frame around the cell instead
        if position is not None:
            self._at = position
            self._lines[0].setValue(position[1] + 0.5)
            self._lines[1].setValue(position[0] + 0.5)

    def bring_into_view(self, at: tuple[int, int]) -> None:
        """Move what is seen so that it holds an element."""
        seen = self.box.viewRect()
        point = QPointF(at[1] + 0.5, at[0] + 0.5)
        if not seen.contains(point):
            self.box.translateBy(x=point.x() - seen.center().x(), y=point.y() - seen.center().y())

    def recolour(self) -> None:
        """Take the theme's colours."""
        self.setBackground(mix(theme.active().surface, theme.active().background, 0.5))
        self._colour_hairs(self.image.lut)
        self.frame.setPen(pg.mkPen(theme.active().accent, width=2))  # cosmetic: as wide at every scale

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = STEPS.get(Qt.Key(event.key()))
        if step is not None and min(self._shape):
            self._step(step, FAR if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._at is not None:
            self.chosen.emit(self._at)
        elif event.key() in (Qt.Key.Key_Plus, Qt.Key.Key_Equal, Qt.Key.Key_Minus):
            self._zoom(ZOOM if event.key() == Qt.Key.Key_Minus else 1 / ZOOM)
        elif event.key() == Qt.Key.Key_0:
            self.reset()
            self.view_changed.emit(False)
        else:
            event.ignore()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.pointed.emit(None)
        super().focusOutEvent(event)
        self.viewport().update()

    def drawForeground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        if self._has_numbers() and self._numbers is not None:
            paint_numbers(painter, self.box, self._numbers, self.image)
            self._paint_marked(painter)
        if self.hasFocus():
            painter.setPen(QPen(theme.active().accent, FOCUS))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(self.mapToScene(self.viewport().rect()).boundingRect().adjusted(1, 1, -1, -1))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.reset()
        self.view_changed.emit(False)

    def leaveEvent(self, event: QEvent) -> None:
        self.pointed.emit(None)
        super().leaveEvent(event)

    def _has_numbers(self) -> bool:
        numbers = self._numbers
        return numbers is not None and numbers.values.shape == self._shape and have_room(self.box)

    def _paint_marked(self, painter: QPainter) -> None:
        if self._marked is None:
            return
        corner = self.box.mapViewToScene(QPointF(self._marked[1], self._marked[0]))
        cell = QRectF(corner, QSizeF(*cell_size(self.box)))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for colour, width in ((theme.active().surface, 4), (theme.active().text, 2)):
            painter.setPen(QPen(colour, width))
            painter.drawRect(cell)

    def _frame_plane(self, is_spatial: bool) -> None:
        """Show the whole plane, and let nobody get lost far from it."""
        rows, columns = self._shape
        square = is_spatial and max(rows, columns) <= SQUARE_UP_TO * min(rows, columns)
        around = ROOM * max(rows, columns) if square else 0  # a wide pane shows much beside a square plane
        self.box.setAspectLocked(square)
        self.box.setLimits(
            xMin=-columns - around, xMax=2 * columns + around, yMin=-rows - around, yMax=2 * rows + around,
            minXRange=1.5, minYRange=1.5,
        )  # fmt: skip
        self._spread_picture()
        self.reset()

    def _colour_hairs(self, table: np.ndarray) -> None:
        """So that they are seen on most of the table's colours."""
        pen = pg.mkPen(DARK_HAIRS if table[:LEVELS, :3].mean() > MIDDLE else BRIGHT_HAIRS, width=1)
        for line in self._lines:
            line.setPen(pen)

    def _step(self, step: tuple[int, int], by: int) -> None:
        middle = self.box.viewRect().center()
        row, column = self._at or (int(middle.y()), int(middle.x()))
        row, column = row + step[0] * by, column + step[1] * by
        at = max(0, min(self._shape[0] - 1, row)), max(0, min(self._shape[1] - 1, column))
        self.bring_into_view(at)
        self.pointed.emit(at)

    def _zoom(self, factor: float) -> None:
        centre = None if self._at is None else QPointF(self._at[1] + 0.5, self._at[0] + 0.5)
        self.box.scaleBy((factor, factor), center=centre)
        self._on_moved_by_hand(None)

    def _spread_picture(self) -> None:
        if self.picture.image is not None:
            self.picture.setRect(QRectF(0, 0, self._shape[1], self._shape[0]))

    def _on_resized(self, box: object) -> None:
        if not self.moved_by_hand and min(self._shape):
            self.reset()

    def _on_moved_by_hand(self, mouse: object) -> None:
        self.moved_by_hand = True
        self.view_changed.emit(True)

    def _on_mouse_moved(self, position: QPointF) -> None:
        at = self._under(position)
        self.viewport().setCursor(Qt.CursorShape.ArrowCursor if at is None else Qt.CursorShape.CrossCursor)
        self.pointed.emit(at)

    def _on_clicked(self, event: object) -> None:
        at = self._under(event.scenePos())  # type: ignore[attr-defined]
        if at is not None and event.button() == Qt.MouseButton.LeftButton:  # type: ignore[attr-defined]
            self.chosen.emit(at)

    def _under(self, position: QPointF) -> tuple[int, int] | None:
        point = self.box.mapSceneToView(position)
        row, column = int(np.floor(point.y())), int(np.floor(point.x()))
        return (row, column) if 0 <= row < self._shape[0] and 0 <= column < self._shape[1] else None

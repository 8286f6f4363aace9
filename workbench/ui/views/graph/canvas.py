"""The surface on which a diagram is drawn, moved, zoomed and pointed at."""

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, QSizeF, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication, QToolTip, QWidget

from workbench.ui import keys, theme
from workbench.ui.colours import mix
from workbench.ui.models.graph.geometry import Rect
from workbench.ui.tips import plain_tip
from workbench.ui.views.graph.backing import Backing, Outlook
from workbench.ui.views.graph.hit import Hit, hit
from workbench.ui.views.graph.scenery import Marks, Scenery
from workbench.ui.views.graph.sheet import glyph_rect

MIN_SCALE, MAX_SCALE = 0.002, 4.0
STEP = 1.25
MARGIN = 24.0
ARROWS = {Qt.Key.Key_Up: "up", Qt.Key.Key_Down: "down", Qt.Key.Key_Left: "left", Qt.Key.Key_Right: "right"}


class GraphCanvas(QWidget):
    """Shows a scenery. It knows boxes by number only; what they mean is the owner's matter."""

    box_clicked = Signal(int)
    """The box under a click; -1 for the ground."""
    row_clicked = Signal(int, int)
    """An open group, and the number of the one of its rows that was clicked."""
    arrow_pressed = Signal(str)
    toggle_wanted = Signal(int)
    """A box that shall be opened or closed."""
    fold_wanted = Signal(int)
    """A scope that shall be folded."""
    view_moved = Signal()
    moved_by_hand = Signal()
    tip_wanted = Signal(int, QPoint)
    menu_wanted = Signal(int, QPoint)
    """The box whose menu is wanted, -1 for the ground's, and where on the screen."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.scenery: Scenery | None = None
        self.marks = Marks()
        self.scale = 1.0
        self.covered = 0.0
        """Pixels at the bottom that something else covers."""
        self._corner = QPointF(0.0, 0.0)  # the scene point in the widget's upper left corner
        self._backing = Backing(self.font())
        self._pressed: QPointF | None = None
        self._dragging = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setMinimumSize(160, 120)
        self.setAccessibleName(self.tr("Graph of the network"))
        keys.tell(
            self,
            ("Up / Down / Left / Right", self.tr("Walk along the edges")),
            ("Enter", self.tr("Open or close a group or a scope")),
            ("+ / -", self.tr("Zoom in or out")),
        )

    def show_scenery(self, scenery: Scenery | None) -> None:
        """Take another diagram; the place that is looked at stays."""
        self.scenery, self.marks = scenery, Marks()
        self.update()

    def update(self) -> None:  # type: ignore[override]
        """Something else than the place that is looked at has changed."""
        self._backing.drop()
        super().update()

    def visible(self) -> Rect:
        """The part of the scene that is seen."""
        x, y = self._corner.x(), self._corner.y()
        return x, y, x + self.width() / self.scale, y + self.height() / self.scale

    def look_at(self, x: float, y: float, scale: float | None = None) -> None:
        """Bring a scene point into the middle."""
        self.scale = min(MAX_SCALE, max(MIN_SCALE, scale or self.scale))
        self._corner = QPointF(x - self.width() / 2 / self.scale, y - self.height() / 2 / self.scale)
        self._moved()

    def fit(self) -> None:
        """Show everything."""
        if self.scenery is None:
            return
        x0, y0, x1, y1 = self.scenery.geometry.bounds
        room_x = max(1.0, self.width() - 2 * MARGIN)
        room_y = max(1.0, self.height() - 2 * MARGIN - self.covered)
        scale = min(1.0, room_x / (x1 - x0), room_y / (y1 - y0))
        self.look_at((x0 + x1) / 2, (y0 + y1) / 2 + self.covered / 2 / scale, scale)

    def zoom(self, factor: float, at: QPointF | None = None) -> None:
        """Enlarge around a point of the widget, by default its middle."""
        at = at or QPointF(self.width() / 2, self.height() / 2)
        self.moved_by_hand.emit()
        fixed = self._corner + at / self.scale
        self.scale = min(MAX_SCALE, max(MIN_SCALE, self.scale * factor))
        self._corner = fixed - at / self.scale
        self._moved()

    def reveal(self, box: int, scale: float | None = None) -> None:
        """Scroll to a box unless it is wholly visible already; with a scale bring it into the middle."""
        if self.scenery is None:
            return
        left, top, right, bottom = self.scenery.geometry.rect(box)
        x0, y0, x1, y1 = self.visible()
        slack, floor = 8 / self.scale, y1 - (8 + self.covered) / self.scale
        if left < x0 + slack or right > x1 - slack or top < y0 + slack or bottom > floor or scale:
            self.look_at((left + right) / 2, (top + bottom) / 2, scale)

    def hold(self, box: int, position: QPointF) -> None:
        """Move the view so that a box has its middle at a point of the widget."""
        if self.scenery is not None:
            inside = QPointF(
                min(max(position.x(), MARGIN), max(MARGIN, self.width() - MARGIN)),
                min(max(position.y(), MARGIN), max(MARGIN, self.height() - MARGIN - self.covered)),
            )
            self._corner = QPointF(*self.scenery.geometry.centre(box)) - inside / self.scale
            self._moved()

    def box_at(self, position: QPointF) -> int:
        """The box under a point of the widget; small boxes are caught from some pixels away."""
        return self._hit(position).box

    def widget_rect(self, box: int) -> QRectF:
        """Where a box is on the widget."""
        assert self.scenery is not None
        left, top, right, bottom = self.scenery.geometry.rect(box)
        corner = (QPointF(left, top) - self._corner) * self.scale
        return QRectF(corner.x(), corner.y(), (right - left) * self.scale, (bottom - top) * self.scale)

    def chosen_rect(self) -> QRect | None:
        """Where the selected box is on the widget."""
        if self.scenery is None or self.marks.selected < 0:
            return None
        return self.widget_rect(self.marks.selected).toAlignedRect()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self.scenery is None:
            painter.fillRect(event.rect(), theme.active().background)
        else:
            self._backing.paint(painter, self.scenery, self._outlook(), self.marks)
        if self.hasFocus():
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(mix(theme.active().accent, theme.active().background, 0.35))
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.end()

    def wheelEvent(self, event: QWheelEvent) -> None:
        turn = event.angleDelta()
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self._move_by(QPointF(turn.y() or turn.x(), 0) / self.scale)
        elif event.hasPixelDelta() and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._move_by(QPointF(event.pixelDelta()) / self.scale)
        else:
            self.zoom(STEP ** (turn.y() / 120), event.position())
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() in (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton):
            self._pressed, self._dragging = event.position(), False

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pressed is None:
            found = self._hit(event.position())
            self._hover(found.box, is_link=found.stub >= 0)
            return
        moved = event.position() - self._pressed
        if self._dragging or moved.manhattanLength() >= QApplication.startDragDistance():
            self._dragging, self._pressed = True, event.position()
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
            self._move_by(moved / self.scale)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        clicked = self._pressed is not None and not self._dragging
        self._pressed, self._dragging = None, False
        self.unsetCursor()
        if clicked and event.button() == Qt.MouseButton.LeftButton:
            self._click(event.position())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        found = self._hit(event.position())
        if found.sign < 0 and found.scope < 0:
            self._open(found.box)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        is_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        box = self.marks.selected if is_key else self.box_at(QPointF(event.pos()))
        if box >= 0:
            below = self.mapToGlobal(self.widget_rect(box).bottomLeft().toPoint())
            self.menu_wanted.emit(box, below if is_key else event.globalPos())
        elif self.scenery is not None:
            self.menu_wanted.emit(-1, event.globalPos())

    def leaveEvent(self, event: QEvent) -> None:
        self._hover(-1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in ARROWS:
            self.arrow_pressed.emit(ARROWS[key])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._open(self.marks.selected)
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.zoom(STEP)
        elif key == Qt.Key.Key_Minus:
            self.zoom(1 / STEP)
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        old = event.oldSize()
        if old.isValid():  # what was in the middle stays there
            grown = event.size() - old
            self._corner -= QPointF(grown.width(), grown.height()) / 2 / self.scale
        self._moved()

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            found = self._hit(QPointF(event.pos()))
            if found.scope >= 0 and self.scenery is not None:
                QToolTip.showText(event.globalPos(), plain_tip(self.scenery.diagram.scope_titles[found.scope]), self)
            elif found.box >= 0 or found.stub >= 0:
                self.tip_wanted.emit(max(found.box, found.stub), event.globalPos())
            else:
                QToolTip.hideText()
            return True
        return super().event(event)

    def _hit(self, position: QPointF) -> Hit:
        """What is under a point of the widget."""
        return hit(self.scenery, self._corner + position / self.scale, self.scale) if self.scenery else Hit()

    def _click(self, position: QPointF) -> None:
        found = self._hit(position)
        if found.sign >= 0:
            self.toggle_wanted.emit(found.sign)
        elif found.scope >= 0:
            self.fold_wanted.emit(found.scope)
        elif found.row >= 0:
            self.row_clicked.emit(found.box, found.row)
        else:
            self.box_clicked.emit(max(found.box, found.stub))

    def _open(self, box: int) -> None:
        """Open or close a box that can be; look at any other from near."""
        if box < 0 or self.scenery is None:
            return
        if glyph_rect(self.scenery.diagram.boxes[box], QRectF()) is not None:
            self.toggle_wanted.emit(box)
        else:
            self.look_at(*self.scenery.geometry.centre(box), max(1.0, self.scale))

    def _hover(self, box: int, *, is_link: bool = False) -> None:
        shape = Qt.CursorShape.PointingHandCursor if box >= 0 or is_link else Qt.CursorShape.ArrowCursor
        if shape != self.cursor().shape():
            self.setCursor(shape)
        if box != self.marks.hovered:
            self.marks.hovered = box
            self.update()

    def _move_by(self, distance: QPointF) -> None:
        self.moved_by_hand.emit()
        self._corner -= distance
        self._keep_near()
        self._moved()

    def _keep_near(self) -> None:
        """A drag never loses the graph: the middle of the view stays within the graph's bounds."""
        if self.scenery is None:
            return
        x0, y0, x1, y1 = self.scenery.geometry.bounds
        half_x, half_y = self.width() / 2 / self.scale, self.height() / 2 / self.scale
        self._corner.setX(min(x1 - half_x, max(x0 - half_x, self._corner.x())))
        self._corner.setY(min(y1 - half_y, max(y0 - half_y, self._corner.y())))

    def _outlook(self) -> Outlook:
        ratio = self.devicePixelRatioF()
        corner = self._corner.x(), self._corner.y()
        return Outlook(corner, self.scale, (QSizeF(self.size()) * ratio).toSize(), ratio, theme.active())

    def _moved(self) -> None:
        super().update()
        self.view_moved.emit()

"""Says what the graph's colours mean, and lets one colour by something else."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QMenu, QToolButton, QWidget

from workbench.compare.metrics import METRICS
from workbench.ui import keys
from workbench.ui.models.graph.colours import Colouring
from workbench.ui.tips import plain_tip
from workbench.ui.titles import colouring_tip, colouring_title, column_title, metric_title
from workbench.ui.views.common.source_dot import SourceDot
from workbench.ui.views.graph.legend_key import LegendKey
from workbench.ui.widgets import digits, small

MARGIN = 10
STEP = 24
"""How far Alt and an arrow key move it, in pixels."""
ARROWS = {
    Qt.Key.Key_Left: QPoint(-STEP, 0), Qt.Key.Key_Right: QPoint(STEP, 0),
    Qt.Key.Key_Up: QPoint(0, -STEP), Qt.Key.Key_Down: QPoint(0, STEP),
}  # fmt: skip
Place = tuple[float, float]
"""Shares of the free room to the left and above."""
CORNERS: tuple[Place, ...] = ((0.0, 1.0), (1.0, 1.0), (0.0, 0.0), (1.0, 0.0))


class GraphLegend(QFrame):
    """Symbols and titles, or a ramp with its values; the button in front opens the list of metrics.

    It is dragged where it is not in the way, or moved with Alt and the arrow keys, and steps aside on its own where it
    would hide the selected box.
    """

    colouring_chosen = Signal(str, str)
    """Column and metric."""
    faded_changed = Signal(object)
    """The classes of colour whose boxes shall fade, as a frozenset."""
    moved = Signal()

    def __init__(self, sides: Callable[[], Mapping[str, str]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sides = sides
        self.place: Place = CORNERS[0]
        self._ground = QRect(0, 0, 1, 1)
        self._grabbed: QPoint | None = None
        self._is_dragged = False
        self.setProperty("role", "card")
        self.setCursor(Qt.CursorShape.SizeAllCursor)
        self.setToolTip(self.tr("Drag it, or move it with Alt and the arrow keys"))
        self.button = QToolButton(popupMode=QToolButton.ToolButtonPopupMode.InstantPopup)
        self.button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        self.button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        keys.tell(self, ("Alt+Left / Alt+Right / Alt+Up / Alt+Down", self.tr("Move the legend")))
        self._dot = SourceDot("simulator")
        self.key = LegendKey()
        self.button.setCursor(Qt.CursorShape.PointingHandCursor)
        self.key.setCursor(Qt.CursorShape.PointingHandCursor)
        self.button.installEventFilter(self)
        font = small(digits(self.font()))
        self.button.setFont(font)
        self.key.setFont(font)
        self.key.faded_changed.connect(self.faded_changed)
        self._offered: tuple[list[str], str, str] = ([], "", "")
        self._metrics: tuple[str, ...] = ()
        self.button.setMenu(QMenu(self.button))
        self.button.menu().aboutToShow.connect(self._fill_menu)
        self._row = layout = QHBoxLayout(self)
        layout.setContentsMargins(8, 2, 4, 2)
        layout.setSpacing(4)
        layout.addWidget(self._dot)
        layout.addWidget(self.button)
        layout.addWidget(self.key)

    def show_colouring(
        self, colouring: Colouring, column: str, metric: str, columns: Iterable[str], metrics: Iterable[str] = METRICS
    ) -> None:
        """Explain a colouring; `columns` are those that have values, `metrics` what can colour."""
        offered = list(columns)
        self.button.setVisible(bool(offered))
        source = column.partition(".")[0]
        self.button.setText(colouring_title(metric, column, self._sides()))
        tip = self.tr("{0}: colour by another value").format(colouring_tip(metric, column, self._sides()))
        self.button.setToolTip(plain_tip(tip))
        self.button.setAccessibleName(tip)
        self._dot.set_source(source)
        self._dot.setVisible(bool(offered) and metric in METRICS)
        self._offered, self._metrics = (offered, column, metric), tuple(metrics)
        self.key.show_colouring(colouring)
        self.adjustSize()

    @property
    def has_something(self) -> bool:
        """Whether there is anything to explain: before a run folded scopes have no colour."""
        return bool(self._offered[0]) or self.key.count > 0

    def open_menu(self) -> None:
        """Let the keyboard choose what colours."""
        if self.button.isVisible():
            self.button.showMenu()
        else:
            self.key.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def fit(self, room: int) -> None:
        """Be no wider than `room`: what does not fit into one line goes into further ones."""
        margins, gap = self._row.contentsMargins(), self._row.spacing()
        taken = margins.left() + margins.right() + 2 * gap + 2 * self.frameWidth()
        if self.button.isVisibleTo(self):
            taken += self._dot.sizeHint().width() + self.button.sizeHint().width() + 2 * gap
        self.key.set_room(room - taken)
        self._row.activate()
        self.adjustSize()

    def settle(self, ground: QRect, avoid: Sequence[QRect] = ()) -> None:
        """Go to its place on the ground, or to the first corner where it hides nothing of what it has to avoid."""
        self._ground = ground
        for place in (self.place, *CORNERS):
            at = QRect(self._corner(ground, place), self.size())
            if not any(at.intersects(other) for other in avoid):
                self.move(at.topLeft())
                return
        self.move(self._corner(ground, self.place))

    def move_by(self, distance: QPoint) -> None:
        """Stand somewhere else from now on, within what it stands on."""
        ground = self._ground
        free_x, free_y = self._free(ground)
        wanted = self.pos() + distance - ground.topLeft() - QPoint(MARGIN, MARGIN)
        self.place = (min(1.0, max(0.0, wanted.x() / free_x)), min(1.0, max(0.0, wanted.y() / free_y)))
        self.move(self._corner(ground, self.place))
        self.moved.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if _is_move(event):
            self.move_by(ARROWS[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Arrows with Alt move the legend, whatever of it has the focus."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and _is_move(event):
            self.keyPressEvent(event)
            return True
        return super().eventFilter(watched, event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._grabbed, self._is_dragged = event.globalPosition().toPoint(), False

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._grabbed is None:
            return
        at = event.globalPosition().toPoint()
        if self._is_dragged or (at - self._grabbed).manhattanLength() >= QApplication.startDragDistance():
            self._is_dragged = True
            self.key.moved()
            self.move_by(at - self._grabbed)
            self._grabbed = at

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._grabbed = None

    def _corner(self, ground: QRect, place: Place) -> QPoint:
        free_x, free_y = self._free(ground)
        return ground.topLeft() + QPoint(MARGIN + round(place[0] * free_x), MARGIN + round(place[1] * free_y))

    def _free(self, ground: QRect) -> tuple[int, int]:
        return (
            max(1, ground.width() - self.width() - 2 * MARGIN), max(1, ground.height() - self.height() - 2 * MARGIN)
        )  # fmt: skip

    def _title(self, column: str) -> str:
        return column_title(column, self._sides())

    def _fill_menu(self) -> None:
        """When it opens: colours change far more often."""
        menu, (columns, column, metric) = self.button.menu(), self._offered
        menu.clear()
        for old in menu.findChildren(QActionGroup):
            old.deleteLater()
        runs = [(self._title(name), (name, metric)) for name in columns]
        values = [(metric_title(key), (column, key)) for key in self._metrics]
        for title, choices in ((self.tr("Run"), runs), (self.tr("Value"), values)):
            menu.addSection(title)
            group = QActionGroup(menu)
            for text, pair in choices:
                action = QAction(text, menu, checkable=True, checked=pair == (column, metric))
                action.triggered.connect(lambda _, pair=pair: self.colouring_chosen.emit(*pair))
                group.addAction(action)
                menu.addAction(action)


def _is_move(event: QKeyEvent) -> bool:
    return bool(event.modifiers() & Qt.KeyboardModifier.AltModifier) and event.key() in ARROWS

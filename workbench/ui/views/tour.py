"""The tour of the demo: quiet callouts that point at the real things, and go on when they are used or read."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, Signal, SignalInstance
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QMainWindow, QWidget

from workbench.ui import keys, theme
from workbench.ui.text_size import pixels
from workbench.ui.widgets import button, column, label, row, set_role

WIDTH, GAP, RING = 320, 12, 3
FOLLOWED = (QEvent.Type.Resize, QEvent.Type.Move, QEvent.Type.Show, QEvent.Type.Hide)


@dataclass(frozen=True)
class Stop:
    """`target` gives the widget of which it speaks; `done` are signals that say the user did it."""

    target: Callable[[], QWidget]
    title: str
    text: str
    done: Sequence[SignalInstance] = ()
    before: Callable[[], object] = lambda: None


class Tour(QObject):
    """Shows one stop after the other. It takes no focus and blocks nothing; `ended` says whether it may come again."""

    ended = Signal(bool)

    def __init__(self, window: QMainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._stops: tuple[Stop, ...] = ()
        self.at = -1
        self.callout, self.ring = Callout(window), Ring(window)
        self.callout.next_wanted.connect(self.go_on)
        self.callout.skipped.connect(lambda: self.stop(again=True))
        self.callout.refused.connect(lambda: self.stop(again=False))

    @property
    def is_under_way(self) -> bool:
        """Whether a callout is shown."""
        return self.at >= 0

    def start(self, stops: Sequence[Stop]) -> None:
        """Begin anew; a window that is closed meanwhile has no tour."""
        self._leave()
        self._stops = tuple(stops)
        if self._window.isVisible():
            self._show(0)

    def go_on(self) -> None:
        """The next stop; after the last one the tour has been taken."""
        if self.at + 1 < len(self._stops):
            self._show(self.at + 1)
        else:
            self.stop(again=False)

    def stop(self, *, again: bool) -> None:
        """End it; `again` says that it may be offered the next time."""
        if self.is_under_way:
            self._leave()
            self.ended.emit(again)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Close and watched is self._window:
            self.stop(again=True)
        elif event.type() in FOLLOWED and self.is_under_way:
            self._place()
        return False

    def _show(self, at: int) -> None:
        self._leave()
        self.at = at
        stop = self._stops[at]
        stop.before()
        for signal in stop.done:
            signal.connect(self._on_done)
        for watched in (self._window, stop.target()):
            watched.installEventFilter(self)
        self.callout.say(stop.title, stop.text, at + 1, len(self._stops))
        self._place()
        for part in (self.ring, self.callout):
            part.show()
            part.raise_()

    def _leave(self) -> None:
        if self.is_under_way:
            stop = self._stops[self.at]
            for signal in stop.done:
                signal.disconnect(self._on_done)
            for watched in (self._window, stop.target()):
                watched.removeEventFilter(self)
        self.at = -1
        self.ring.hide()
        self.callout.hide()

    def _on_done(self) -> None:
        self.go_on()

    def _place(self) -> None:
        target = self._stops[self.at].target()
        is_there = target.isVisibleTo(self._window)
        corner = target.mapTo(self._window, QPoint(0, 0)) if is_there else QPoint(0, 0)
        around = QRect(corner, target.size()) if is_there else QRect()
        self.ring.setVisible(is_there)
        self.ring.setGeometry(around.adjusted(-RING, -RING, RING, RING) & self._window.rect())
        width = pixels(WIDTH)
        self.callout.resize(width, self.callout.layout_height(width))
        self.callout.move(beside(around, self.callout.size().toTuple(), self._window.rect()))  # type: ignore[arg-type]


class Callout(QFrame):
    """A card with a title, what to do, and three ways on."""

    next_wanted = Signal()
    skipped = Signal()
    refused = Signal()

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        set_role(self, "callout")
        self.setAccessibleName(self.tr("Tour of the demo"))
        keys.set_place(self, self.tr("Tour of the demo"))
        keys.tell(self, ("Esc", self.tr("End the tour")))
        self.count, self.title = label("", "muted"), label("", "title", wrap=True)
        self.text = label("", "", wrap=True)
        self.next = button(self.tr("&Next"), "", self.next_wanted.emit, primary=True)
        self.skip = button(self.tr("Later"), "", self.skipped.emit)
        self.never = button(self.tr("Never again"), "", self.refused.emit)
        self.skip.setToolTip(self.tr("Ends the tour; it comes again with the next demo (Esc)"))
        self.never.setToolTip(self.tr("Ends the tour for good; the Help menu has it"))
        ways = row(self.never, self.skip, None, self.next)
        layout = column(row(self.title, self.count), self.text, ways)
        layout.itemAt(0).layout().setStretch(0, 1)  # type: ignore[union-attr]
        layout.setContentsMargins(16, 12, 16, 12)
        self.setLayout(layout)
        self.hide()

    def say(self, title: str, text: str, number: int, count: int) -> None:
        """Show another stop."""
        is_last = number == count
        self.title.setText(title)
        self.text.setText(text)
        self.count.setText(f"{number} / {count}")
        self.next.setText(self.tr("&Done") if is_last else self.tr("&Next"))
        for part in (self.skip, self.never):
            part.setVisible(not is_last)
        self.setAccessibleDescription(f"{title}. {text}")

    def layout_height(self, width: int) -> int:
        """How tall it has to be."""
        layout = self.layout()
        return self.sizeHint().height() if layout is None else max(layout.heightForWidth(width), 96)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.skipped.emit()
        else:
            super().keyPressEvent(event)


class Ring(QWidget):
    """A line around what a callout speaks of; the mouse goes through it."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.hide()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.active().accent, 2))
        painter.drawRoundedRect(self.rect().adjusted(1, 1, -1, -1), 6, 6)


def beside(around: QRect, size: tuple[int, int], room: QRect) -> QPoint:
    """Where a card hides nothing of what it speaks of: below, right, left, above it, else in its corner."""
    width, height = size
    if around.isEmpty():
        return QPoint((room.width() - width) // 2, (room.height() - height) // 2)
    x = min(max(GAP, around.center().x() - width // 2), room.width() - width - GAP)
    y = min(max(GAP, around.center().y() - height // 2), room.height() - height - GAP)
    places = (
        QPoint(x, around.bottom() + GAP), QPoint(around.right() + GAP, y), QPoint(around.left() - GAP - width, y),
        QPoint(x, around.top() - GAP - height),
    )  # fmt: skip
    fitting = (place for place in places if room.contains(QRect(place.x(), place.y(), width, height)))
    return next(fitting, QPoint(around.right() - width - GAP, around.bottom() - height - GAP))

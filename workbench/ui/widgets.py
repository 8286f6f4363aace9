"""Small widgets that several views use."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QEnterEvent, QFont, QFontMetrics, QPainter, QPaintEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QPushButton,
    QSizePolicy,
    QSplitter,
    QSplitterHandle,
    QTableView,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from workbench.ui import theme
from workbench.ui.text_size import row_height
from workbench.ui.tips import plain_tip

GRAB_WIDTH = 7
SMALLER = 0.9
UNSEEN = dict.fromkeys(range(0x20), " ") | dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)], "\ufffd")
"""What stands for breaks, and for marks that turn the direction of the text after them."""


def label(text: str = "", role: str = "", *, wrap: bool = False) -> QLabel:
    """A label; `role` is one of the style sheet's: title, muted, bad, warning, heading."""
    result = QLabel(text)
    result.setTextFormat(Qt.TextFormat.PlainText)
    result.setWordWrap(wrap)
    set_role(result, role)
    return result


def set_role(widget: QWidget, role: str) -> None:
    """Let the style sheet draw a widget in another role."""
    if widget.property("role") != role:
        widget.setProperty("role", role)
        widget.style().unpolish(widget)
        widget.style().polish(widget)


def rule(*, vertical: bool = False) -> QFrame:
    """A thin separating line."""
    result = QFrame()
    result.setProperty("role", "vline" if vertical else "line")
    return result


def button(
    text: str, icon: str = "", clicked: Callable[[], object] | None = None, *, primary: bool = False
) -> QPushButton:
    """A push button with one of our icons."""
    result = QPushButton(spaced(text) if icon else text)
    result.setProperty("primary", primary)
    result.setAutoDefault(True)  # Enter presses what has the focus in windows too, not in dialogs only
    if icon and not primary:
        theme.decorate(result, icon)
    if clicked is not None:
        result.clicked.connect(lambda: clicked())
    return result


def one_line(text: str) -> str:
    """A text whose breaks and marks of direction, as hostile names have them, do not disturb what stands around it."""
    return text.translate(UNSEEN)


def spaced(text: str) -> str:
    """A text that keeps its distance from the icon before it."""
    return f"\u2009{text}"


def tool(icon: str, tip: str, clicked: Callable[[], object] | None = None) -> QToolButton:
    """A flat button that is only an icon; its tool-tip is its name."""
    result = QToolButton()
    theme.decorate(result, icon)
    result.setToolTip(tip)
    result.setAccessibleName(tip)
    if clicked is not None:
        result.clicked.connect(lambda: clicked())
    return result


def row(*items: QWidget | QLayout | None, spacing: int = 8) -> QHBoxLayout:
    """Widgets side by side; None stretches."""
    layout = QHBoxLayout()
    _fill(layout, items, spacing)
    return layout


def column(*items: QWidget | QLayout | None, spacing: int = 8) -> QVBoxLayout:
    """Widgets one below the other; None stretches."""
    layout = QVBoxLayout()
    _fill(layout, items, spacing)
    return layout


def _fill(layout: QHBoxLayout | QVBoxLayout, items: Sequence[QWidget | QLayout | None], spacing: int) -> None:
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(spacing)
    for item in items:
        if item is None:
            layout.addStretch(1)
        elif isinstance(item, QLayout):
            layout.addLayout(item)
        else:
            layout.addWidget(item)


def tab_after(before: QWidget, part: QWidget) -> None:
    """Let the tab key go from a widget on through a part that was made later than what follows it."""
    inside: list[QWidget] = []
    following = part.nextInFocusChain()
    while following is not None and part.isAncestorOf(following):
        inside.append(following)
        following = following.nextInFocusChain()
    for widget in inside:
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
            QWidget.setTabOrder(before, widget)
            before = widget


def show_lines(table: QTableView) -> None:
    """Let a table show lines that are read and chosen, not edited; the tab key leaves it."""
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setShowGrid(False)
    table.setTabKeyNavigation(False)
    table.setFont(digits(table.font()))
    table.verticalHeader().setDefaultSectionSize(row_height())
    table.horizontalHeader().setHighlightSections(False)
    set_role(table.horizontalHeader(), "plain")  # titles begin and end where the cells' texts do


def digits(font: QFont) -> QFont:
    """The same font with digits of one width."""
    result = QFont(font)
    result.setFeature(QFont.Tag("tnum"), 1)
    return result


def small(font: QFont) -> QFont:
    """The same font, a little smaller, for what stands beside the main thing."""
    result = QFont(font)
    if font.pointSizeF() > 0:
        result.setPointSizeF(font.pointSizeF() * SMALLER)
    else:
        result.setPixelSize(max(8, round(font.pixelSize() * SMALLER)))
    return result


class Choice(QComboBox):
    """A combo box that leaves the wheel to the page it stands on: nobody changes a setting by scrolling.

    With `least` it shrinks to so many characters: a long entry is cut.
    """

    def __init__(self, *, least: int = 0) -> None:
        super().__init__()
        if least:
            self.setSizeAdjustPolicy(self.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            self.setMinimumContentsLength(least)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


class Fold(QToolButton):
    """The title of a part that can be folded away: an arrow shows whether it is open, a click turns it.

    `part` is shown and hidden with it; who has to make it first, or shows more, listens to `turned`.
    """

    turned = Signal(bool)
    """Whether it is open now."""

    def __init__(self, title: str, tip: str, part: QWidget | None = None, *, is_open: bool = False) -> None:
        super().__init__()
        self.is_open, self._part = is_open, part
        if part is not None and not is_open:
            part.hide()
        self.setText(title)
        self.setToolTip(tip)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setAutoRaise(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        font = self.font()
        font.setWeight(QFont.Weight.DemiBold)
        self.setFont(font)
        self._point()
        self.clicked.connect(lambda: self.turn(is_open=not self.is_open))

    def turn(self, *, is_open: bool) -> None:
        """Open or close the part."""
        self.is_open = is_open
        self._point()
        if self._part is not None:
            self._part.setVisible(is_open)
        self.turned.emit(is_open)

    def _point(self) -> None:
        self.setArrowType(Qt.ArrowType.DownArrow if self.is_open else Qt.ArrowType.RightArrow)


class Island(QWidget):
    """Holds a widget of fixed height: what changes inside it does not make the window arrange everything anew."""

    def __init__(self, content: QWidget) -> None:
        super().__init__()
        self._content = content
        content.setParent(self)
        self.setFixedHeight(content.minimumHeight())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._content.setGeometry(self.rect())


class ElidedLabel(QLabel):
    """A line of text that gets shorter where there is no room, and is in full in the tool-tip.

    The first of its shorter forms that has room is shown; without one it loses its middle.
    """

    def __init__(self, text: str = "", role: str = "", mode: Qt.TextElideMode = Qt.TextElideMode.ElideMiddle) -> None:
        super().__init__()
        self._full, self._mode = "", mode
        self._tip = ""
        self._shorter: tuple[str, ...] = ()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("role", role)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.set_text(text)

    def set_text(self, text: str, tip: str = "", shorter: tuple[str, ...] = ()) -> None:
        """Show another text; `shorter` are other words for it."""
        text = one_line(text)
        if (text, tip, shorter) == (self._full, self._tip, self._shorter):
            return
        self._full, self._tip, self._shorter = text, tip, shorter
        self.setAccessibleName(text)
        self.updateGeometry()
        self._elide()

    @property
    def full_text(self) -> str:
        """The text, whatever of it is visible."""
        return self._full

    def sizeHint(self) -> QSize:
        size = QFontMetrics(self.font()).size(0, self._full)
        return QSize(size.width() + 4, max(size.height(), super().sizeHint().height()))

    def minimumSizeHint(self) -> QSize:
        return QSize(24, self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._elide()

    def _elide(self) -> None:
        metrics, room = QFontMetrics(self.font()), max(0, self.width() - 2)
        forms = (self._full, *self._shorter)
        fitting = [form for form in forms if metrics.horizontalAdvance(form) <= room]
        shown = fitting[0] if fitting else metrics.elidedText(forms[-1], self._mode, room)
        self.setText(shown)
        self.setToolTip(plain_tip(self._tip or (self._full if shown != self._full else "")))


class Splitter(QSplitter):
    """A splitter whose handle is a thin line that is easy to catch; it divides anew where a part wants another room."""

    _wishes: object = None

    def __init__(self, orientation: Qt.Orientation) -> None:
        super().__init__(orientation)
        self.setHandleWidth(GRAB_WIDTH)
        self.setChildrenCollapsible(False)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest and self.isVisible():
            before, self._wishes = self._wishes, [_room(self.widget(at)) for at in range(self.count())]
            if self._wishes == before:
                return True
        return super().event(event)

    def createHandle(self) -> QSplitterHandle:
        return _Handle(self.orientation(), self)


def _room(part: QWidget | None) -> object:
    """What a splitter asks of a part of it."""
    return part and (part.minimumSizeHint(), part.minimumSize(), part.maximumSize(), part.isHidden())


class _Handle(QSplitterHandle):
    def enterEvent(self, event: QEnterEvent) -> None:
        self.update()
        super().enterEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, colours, middle = QPainter(self), theme.active(), GRAB_WIDTH // 2
        painter.fillRect(self.rect(), colours.surface)
        colour = colours.accent if self.underMouse() else colours.line
        if self.orientation() == Qt.Orientation.Horizontal:
            painter.fillRect(middle, 0, 1, self.height(), colour)
        else:
            painter.fillRect(0, middle, self.width(), 1, colour)

"""Every command by a few letters of its name."""

from collections.abc import Sequence
from itertools import groupby

from PySide6.QtCore import QEvent, QObject, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QPainter, QShowEvent
from PySide6.QtWidgets import (
    QFrame,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QMainWindow,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from workbench.ui import theme
from workbench.ui.colours import mix
from workbench.ui.commands import Command, Found, commands, ranked
from workbench.ui.models.qt_index import Index
from workbench.ui.text_size import pixels
from workbench.ui.tips import plain_tip
from workbench.ui.widgets import column, label, set_role

WIDTH, ROW, MOST_ROWS, TOP, PAD = 600, 30, 12, 64, 12
MOST_RECENT = 8
UP_DOWN = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)


class CommandPalette(QFrame):
    """Lies over the window while it is open. Enter runs, Esc goes back to where the focus was."""

    def __init__(self, window: QMainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._known: list[Command] = []
        self._focus: QWidget | None = None
        self.recent: tuple[str, ...] = ()
        set_role(self, "card")
        self.setAccessibleName(self.tr("Commands"))
        self.edit = QLineEdit()
        self.edit.setPlaceholderText(self.tr("A command, by a few letters"))
        self.edit.setAccessibleName(self.tr("A command, by a few letters"))
        self.edit.textChanged.connect(self._find)
        self.edit.installEventFilter(self)
        self.list = QListWidget()
        self.list.setAccessibleName(self.tr("Commands"))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setUniformItemSizes(True)
        self.list.setItemDelegate(_Rows(self))
        self.list.itemClicked.connect(lambda _: self._run())
        self.none = label(self.tr("No command has these letters."), "muted")
        layout = column(self.edit, self.none, self.list, spacing=4)
        layout.setContentsMargins(8, 8, 8, 8)
        self.setLayout(layout)
        self.hide()

    def start(self) -> None:
        """Open; where the focus is now it returns."""
        self._focus = self._window.focusWidget()
        self._known = commands(self._window)
        self.edit.clear()
        self._find()
        self.show()
        self.raise_()
        self.edit.setFocus()

    def close_up(self) -> None:
        """Close without running anything."""
        had_focus = self._window.focusWidget() is self.edit
        self.hide()
        if had_focus and self._focus is not None and self._focus.isVisible():
            self._focus.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is not self.edit:
            return False
        if event.type() == QEvent.Type.FocusOut and self.isVisible() and self._window.isActiveWindow():
            self.hide()
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            event.setAccepted(event.key() == Qt.Key.Key_Escape)
            return event.isAccepted()
        return isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and self._on_key(event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._place()

    def _on_key(self, event: QKeyEvent) -> bool:
        key = Qt.Key(event.key())
        if key == Qt.Key.Key_Escape:
            self.close_up()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._run()
        elif key in UP_DOWN:
            self._step(key)
        else:
            return False
        return True

    def _step(self, key: Qt.Key) -> None:
        by = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_PageUp: -MOST_ROWS, Qt.Key.Key_PageDown: MOST_ROWS}[key]
        self.list.setCurrentRow(max(0, min(self.list.count() - 1, self.list.currentRow() + by)))

    def _run(self) -> None:
        found: Found | None = self.list.currentIndex().data(Qt.ItemDataRole.UserRole)
        if found is None or not found.command.action.isEnabled():
            return
        others = [name for name in self.recent if name != found.command.name]
        self.recent = (found.command.name, *others)[:MOST_RECENT]
        self.close_up()
        found.command.action.trigger()

    def _find(self) -> None:
        self.list.clear()
        for found in ranked(self.edit.text(), self._known, self.recent):
            item = QListWidgetItem(spoken(found.command), self.list)
            item.setData(Qt.ItemDataRole.UserRole, found)
            item.setToolTip(plain_tip(found.command.why))
        self.list.setCurrentRow(0)
        self.none.setVisible(self.list.count() == 0)
        self.list.setVisible(self.list.count() > 0)
        self._place()

    def _place(self) -> None:
        self.list.setFixedHeight(pixels(ROW) * min(MOST_ROWS, max(1, self.list.count())) + 2)
        width = min(pixels(WIDTH), self._window.width() - 32)
        self.resize(width, self.sizeHint().height())
        self.move((self._window.width() - width) // 2, TOP)


class _Rows(QStyledItemDelegate):
    """Title with the found letters marked, menu, keys; a grey one says why it is."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(0, pixels(ROW))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        found: Found = index.data(Qt.ItemDataRole.UserRole)
        rect: QRect = option.rect  # type: ignore[attr-defined]
        colours, command = theme.active(), found.command
        painter.save()
        widget = self.parent()
        assert isinstance(widget, CommandPalette)
        if index.row() == widget.list.currentRow():
            painter.fillRect(rect, mix(colours.surface, colours.accent, 0.2))
            painter.fillRect(rect.x(), rect.y(), 2, rect.height(), colours.accent)
        is_enabled = command.action.isEnabled()
        ink = colours.text if is_enabled else mix(colours.muted, colours.surface, 0.3)
        inner = rect.adjusted(PAD, 0, -PAD, 0)
        right = draw_keys(painter, inner, command.keys)
        _draw_check(painter, inner, command)
        marked = () if found.in_name else found.places
        at = _draw_marked(painter, inner.adjusted(16, 0, 0, 0), command.title, marked, ink)
        if found.in_name:
            rest = QRect(at + PAD, inner.y(), max(0, right - at), inner.height())
            at = _draw_marked(painter, rest, command.name, found.places, colours.muted)
        note = command.place if is_enabled or not command.why else command.why
        room = QRect(at + PAD, inner.y(), max(0, right - at - 2 * PAD), inner.height())
        painter.setPen(colours.muted)
        text = QFontMetrics(painter.font()).elidedText(note, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, text)
        painter.restore()


def spoken(command: Command) -> str:
    """What a screen reader says of a command."""
    return ", ".join(part for part in (command.title, command.place, command.keys, command.why) if part)


def draw_keys(painter: QPainter, rect: QRect, keys: str) -> int:
    """Keys in little frames at the right end; gives where they begin."""
    if not keys:
        return rect.right()
    colours, metrics = theme.active(), QFontMetrics(painter.font())
    right = rect.right()
    for text in reversed(keys.split(" / ")):
        box = QRect(0, 0, metrics.horizontalAdvance(text) + 12, metrics.height() + 2)
        box.moveCenter(rect.center())
        box.moveRight(right)
        painter.setPen(colours.line)
        painter.setBrush(colours.background)
        painter.drawRoundedRect(box, 4, 4)
        painter.setPen(colours.muted)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
        right = box.left() - 6
    return right


def _draw_check(painter: QPainter, rect: QRect, command: Command) -> None:
    if command.action.isChecked():
        painter.setPen(theme.active().accent)
        painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, "✓")


def _draw_marked(painter: QPainter, rect: QRect, text: str, places: Sequence[int], ink: QColor) -> int:
    """Text with some letters in the accent's colour and underlined; gives where it ends."""
    at, font = rect.x(), painter.font()
    for is_marked, letters in groupby(enumerate(text), lambda pair: pair[0] in places):
        part = "".join(letter for _, letter in letters)
        font.setUnderline(is_marked)
        painter.setFont(font)
        painter.setPen(theme.active().accent if is_marked else ink)
        painter.drawText(at, rect.y(), rect.width(), rect.height(), Qt.AlignmentFlag.AlignVCenter, part)
        at += QFontMetrics(font).horizontalAdvance(part)
    font.setUnderline(False)
    painter.setFont(font)
    return at

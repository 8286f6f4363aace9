"""All keys of a window, for their overview: those of actions, of shortcuts, and those that views take themselves."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QTextEdit,
    QWidget,
)
from shiboken6 import isValid

CHINESE_MNEMONIC = re.compile(r"\(&\w\)")
PLACE, TOLD = "place_of_keys", "told_keys"
WINDOWS_OWN = ("Ctrl+D", "Ctrl+E", "Ctrl+K")
"""Keys of the window that mean other things in text fields: delete, to the end of the line, delete to there."""
TEXT_FIELDS = (QLineEdit, QAbstractSpinBox, QComboBox, QPlainTextEdit, QTextEdit)
Keys = QKeySequence | QKeySequence.StandardKey | Qt.Key | str


@dataclass(frozen=True)
class Binding:
    """Keys and what they do; `place` is where they work, "" in the whole window."""

    keys: tuple[str, ...]
    title: str
    place: str = ""


class WindowFirst(QObject):
    """Leaves some keys to the window where a text field has the focus: on X11 Qt's fields take them as Emacs does.

    It looks at the field that has the focus, so that those of popups, which come and go, are no exceptions.
    """

    def __init__(self, window: QWidget, app: QApplication) -> None:
        super().__init__(window)
        app.focusChanged.connect(self._on_focus_changed)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The field neither takes these keys first nor, in a popup, where the window does not get them, at all."""
        if event.type() not in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress) or not isinstance(event, QKeyEvent):
            return False
        is_ours = QKeySequence(event.keyCombination()).toString() in WINDOWS_OWN
        if is_ours:
            event.ignore()
        return is_ours

    def _on_focus_changed(self, old: QWidget | None, now: QWidget | None) -> None:
        if isinstance(old, TEXT_FIELDS) and isValid(old):
            old.removeEventFilter(self)
        if isinstance(now, TEXT_FIELDS):
            now.installEventFilter(self)


class MenusFirst(QObject):
    """Leaves the letters of an open menu to it: those of views would be taken from under it, as C is by the table."""

    def __init__(self, menus: Iterable[QMenu], parent: QObject) -> None:
        super().__init__(parent)
        for menu in menus:
            menu.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() != QEvent.Type.ShortcutOverride:
            return False
        event.accept()
        return True


def bind(widget: QWidget, keys: Keys, title: str, done: Callable[[], object]) -> QShortcut:
    """Let keys do something while the focus is in a widget or in what it contains."""
    result = QShortcut(QKeySequence(keys), widget)
    result.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
    result.setWhatsThis(title)
    result.activated.connect(lambda: done())
    return result


def tell(widget: QWidget, *bindings: tuple[str, str]) -> None:
    """Tell of keys that a widget takes in its `keyPressEvent`: pairs of "Left / Right" and what they do."""
    told = widget.property(TOLD) or []
    widget.setProperty(TOLD, [*told, *(list(pair) for pair in bindings)])


def set_place(widget: QWidget, title: str) -> None:
    """Name a widget as the place where keys work that are bound in it, also for screen readers."""
    widget.setProperty(PLACE, title)
    if not widget.accessibleName():
        widget.setAccessibleName(title)


def bindings(window: QWidget) -> list[Binding]:
    """All keys of a window: of its actions, of shortcuts in its views, and those that views tell of."""
    found = [*_of_actions(window), *_of_shortcuts(window), *_told(window)]
    return list(dict.fromkeys(found))


def plain(text: str) -> str:
    """The text of an action without its mnemonic and dots: "&Open…" is "Open", "打开(&O)…" is "打开"."""
    shown = CHINESE_MNEMONIC.sub("", text)
    return shown.replace("&&", "\0").replace("&", "").replace("\0", "&").rstrip("….")


def key_text(keys: QKeySequence) -> str:
    """Keys as the platform writes them."""
    return keys.toString(QKeySequence.SequenceFormat.NativeText)


def _of_actions(window: QWidget) -> Iterator[Binding]:
    for action in window.findChildren(QAction):
        keys = tuple(key_text(item) for item in action.shortcuts() if not item.isEmpty())
        if keys:
            yield Binding(keys, plain(action.text()), place_of(action.parent()))


def _of_shortcuts(window: QWidget) -> Iterator[Binding]:
    for shortcut in window.findChildren(QShortcut):
        if not shortcut.key().isEmpty():
            yield Binding((key_text(shortcut.key()),), shortcut.whatsThis(), place_of(shortcut.parent()))


def _told(window: QWidget) -> Iterator[Binding]:
    for widget in (window, *window.findChildren(QWidget)):
        for keys, title in widget.property(TOLD) or ():
            shown = tuple(key_text(QKeySequence(item)) for item in keys.split(" / "))
            yield Binding(shown, title, place_of(widget))


def place_of(item: QObject | None) -> str:
    """The title of the innermost named place that holds an object; "" for the window."""
    while item is not None:
        if isinstance(item, QWidget) and not isinstance(item, QMenu) and (title := item.property(PLACE)):
            return str(title)
        item = item.parent()
    return ""

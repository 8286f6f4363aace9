"""The filters that were used lately, and examples: the fields of table and graph offer them."""

from collections.abc import Iterable

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QMenu

from workbench.ui import keys
from workbench.ui.models.table.filter import parse
from workbench.ui.models.table.filter_texts import examples

MOST = 8
LONGEST = 60
"""Characters of a filter that are shown."""


class Field(QLineEdit):
    """A field with an icon before its text."""

    icon: QAction


class FilterMemory(QObject):
    """The last filters, the latest first; `changed` gives them when there is another."""

    changed = Signal(tuple)

    def __init__(self, texts: Iterable[str], parent: QObject) -> None:
        super().__init__(parent)
        self.texts = tuple(texts)[:MOST]

    def remember(self, text: str) -> None:
        """Put a filter that was used first; one that is not understood is not worth it."""
        text = text.strip()
        if text and not parse(text).unclear and self.texts[:1] != (text,):
            self.texts = (text, *(other for other in self.texts if other != text))[:MOST]
            self.changed.emit(self.texts)


def remembered(texts: Iterable[str], *fields: Field) -> FilterMemory:
    """What some fields of the filter language remember together."""
    memory = FilterMemory(texts, fields[0])
    for field in fields:
        Recall(field, field.icon, memory)
    return memory


class Recall(QObject):
    """Offers a memory's filters in a field: by Up, or by the icon before the text; keeps what is typed there."""

    def __init__(self, edit: QLineEdit, icon: QAction, memory: FilterMemory) -> None:
        super().__init__(edit)
        self._edit, self._memory = edit, memory
        icon.setText(self.tr("Filters used lately, and examples"))
        icon.setToolTip(self.tr("Filters used lately, and examples (Up)"))
        icon.triggered.connect(self.offer)
        edit.editingFinished.connect(lambda: memory.remember(edit.text()))
        edit.installEventFilter(self)
        keys.tell(edit, ("Up", self.tr("Filters used lately, and examples")))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Up opens the list."""
        is_up = event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Up
        if is_up and watched is self._edit:
            self.offer()
        return is_up

    def offer(self) -> QMenu:
        """Show the list below the field."""
        menu = QMenu(self._edit)
        menu.aboutToHide.connect(menu.deleteLater)
        self._add(menu, self.tr("Used lately"), [(text, "") for text in self._memory.texts])
        self._add(menu, self.tr("Examples"), [item for item in examples() if item[0] not in self._memory.texts])
        menu.popup(self._edit.mapToGlobal(QPoint(0, self._edit.height() + 2)))
        menu.setActiveAction(next(action for action in menu.actions() if action.isEnabled()))
        return menu

    def _add(self, menu: QMenu, title: str, filters: list[tuple[str, str]]) -> None:
        if not filters:
            return
        menu.addAction(title).setEnabled(False)
        for text, about in filters:
            shown = (text if len(text) <= LONGEST else f"{text[:LONGEST]}…").replace("&", "&&")
            action = menu.addAction(f"{shown}\t{about}" if about else shown)
            action.triggered.connect(lambda _=False, text=text: self._take(text))
        menu.addSeparator()

    def _take(self, text: str) -> None:
        self._edit.setFocus()
        self._edit.setText(text)

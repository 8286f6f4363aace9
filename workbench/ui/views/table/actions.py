"""What the keys do in the layer table, each once: they hold while the table has the focus."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from workbench.ui import theme


class TableActions(QObject):
    """The actions; who does what is connected by the table."""

    def __init__(self, owner: QWidget) -> None:
        super().__init__(owner)
        self._owner = owner
        self.precision = self._action(self.tr("Switch the precision"), "chip", "Space")
        self.pin = self._action(self.tr("Pin or unpin"), "pin", "P")
        self.note = self._action(self.tr("Write a note…"), "note", "N")
        self.copy = self._action(self.tr("Copy the rows (TSV)"), "copy", "Ctrl+C")
        self.copy_markdown = self._action(self.tr("Copy the rows as Markdown"), "copy", "Ctrl+Shift+C")
        self.columns = self._action(self.tr("Choose the columns…"), "columns", "C")
        self.sort = self._action(self.tr("Sort by…"), "sort-worst", "S")
        self.group = self._action(self.tr("Group by scope"), "scopes", "G")
        self.group.setCheckable(True)
        self.fold_all = self._action(self.tr("Fold all scopes"), "", "Shift+Left")
        self.unfold_all = self._action(self.tr("Unfold all scopes"), "", "Shift+Right")

    def connect_all(self, *pairs: tuple[QAction, Callable[[], object]]) -> None:
        """Do something for each action."""
        for action, done in pairs:
            action.triggered.connect(lambda _=False, done=done: done())

    def _action(self, text: str, icon: str, keys: str) -> QAction:
        action = QAction(text, self._owner)
        if icon:
            theme.decorate(action, icon)
        action.setShortcut(QKeySequence(keys))
        action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        self._owner.addAction(action)
        return action

"""The menu of the runtime's button: boards, dumps that are imported, neither."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QToolButton

from workbench.ui.actions import offer
from workbench.ui.runtimes import BOARD, DUMPS, NONE, Runtimes
from workbench.ui.widgets import one_line


class RuntimeMenu(QObject):
    """A click on a board lets it compute from the next run on."""

    import_wanted = Signal()
    boards_wanted = Signal()
    settings_wanted = Signal()

    def __init__(self, button: QToolButton, runtimes: Runtimes) -> None:
        super().__init__(button)
        self._runtimes = runtimes
        self.menu = QMenu(button)
        self.menu.setToolTipsVisible(True)
        self.boards: list[QAction] = []
        self.add = self._action(self.tr("&Boards…"), self.boards_wanted.emit)
        self._end = self.menu.addSeparator()
        self.dumps = self._action(self.tr("&Dumps of a board…"), self.import_wanted.emit, checkable=True)
        self.none = self._action(self.tr("&None"), runtimes.choose_none, checkable=True)
        self.menu.addSeparator()
        self.settings = self._action(self.tr("What runs on the board…"), self.settings_wanted.emit)
        self.menu.aboutToShow.connect(self._fill)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        button.setMenu(self.menu)

    def _action(self, text: str, done: Callable[[], object], *, checkable: bool = False) -> QAction:
        action = self.menu.addAction(text)
        action.setCheckable(checkable)
        action.triggered.connect(lambda _=False: done())
        return action

    def _fill(self) -> None:
        """The boards are those that are described now."""
        runtimes = self._runtimes
        for old in self.boards:
            self.menu.removeAction(old)
            old.deleteLater()
        self.boards = []
        for name in runtimes.names:
            action = QAction(one_line(name).replace("&", "&&"), self.menu, checkable=True)
            action.setChecked(runtimes.kind == BOARD and runtimes.board is not None and runtimes.board.name == name)
            action.triggered.connect(lambda _=False, name=name: runtimes.choose_board(name))
            self.menu.insertAction(self.add, action)
            self.boards.append(action)
        self.dumps.setChecked(runtimes.kind == DUMPS)
        self.none.setChecked(runtimes.kind == NONE)
        offer(self.settings, runtimes.kind == BOARD, self.tr("No board is chosen."))

"""One window to a session: whoever comes second only looks at it, and has it when the first has closed it."""

import threading
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer

from workbench.project.holding import SessionHeldError, hold, let_go
from workbench.ui.models.spoken import spoken

if TYPE_CHECKING:
    from workbench.ui.main_window import MainWindow

LOOK_EVERY_MS = 2000


class Holding(QObject):
    """Has the session of one window, and tells the window when another has it."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._workspace, self._jobs, self._messages = window.workspace, window.jobs, window.messages
        self._opener, self._access = window.opener, window.workspace.access
        self._seat = Seat()
        self._folder: Path | None = None
        self._is_had = False
        self._again = QTimer(self, singleShot=True, interval=LOOK_EVERY_MS)
        self._again.timeout.connect(self._look)
        self._workspace.session_changed.connect(self._on_session_changed)
        for made in (self._workspace.results_changed, self._opener.recents_changed):  # it may have a folder now
            made.connect(self._look)
        self._access.refused.connect(self._refuse)

    def close(self) -> None:
        """The window goes: the next one may have the session. Nothing is asked any more."""
        self._seat.move(None)

    def _on_session_changed(self) -> None:
        if self._workspace.folder != self._folder:
            self._folder, self._is_had = self._workspace.folder, False
            self._again.stop()
            self._access.set_held(None)
        self._look()

    def _look(self) -> None:
        """Ask in the reading thread: drives may be slow."""
        folder = self._folder
        if not self._is_had or self._access.is_read_only:
            self._jobs.ask(
                "hold", lambda: self._seat.move(folder), lambda found: self._take(folder, found), self._messages.fail
            )

    def _take(self, folder: Path | None, found: bool | SessionHeldError) -> None:
        if folder is None or folder != self._folder:
            return
        if isinstance(found, SessionHeldError):
            self._access.set_held(found)
            self._again.start()
            return
        self._is_had = found
        if self._access.is_read_only:
            self._again.start() if self._opener.is_busy else self._reopen(folder)

    def _reopen(self, folder: Path) -> None:
        """Read what the other has left."""
        selected = self._workspace.selected

        def tell() -> None:
            if folder != self._folder:
                return
            self._access.set_held(None)
            if self._workspace.row(selected) is not None:
                self._workspace.select(selected)
            self._messages.inform(self.tr("The other program has closed the session: it was read anew."))

        self._opener.opened.connect(tell, Qt.ConnectionType.SingleShotConnection)
        self._opener.open(folder)

    def _refuse(self) -> None:
        if (held := self._access.held) is not None:
            self._messages.refuse(self.tr("Nothing was changed: {0}").format(spoken(held.message)), spoken(held.hint))


class Seat:
    """The one session that a window has; whether it is told or not, it has not two. Any thread may move it.

    A new session gets its folder at once, so that no other takes the name; it goes again where nothing came into it.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._folder: Path | None = None

    def move(self, folder: Path | None) -> bool | SessionHeldError:
        """Let go of what it has, and have another; whether it could, or which other program has that."""
        with self._lock:
            if folder is not None and folder == self._folder:
                return True
            if self._folder is not None:
                let_go(self._folder)
                with suppress(OSError):  # it has files, as a rule
                    self._folder.rmdir()
            self._folder = None
            try:
                is_had = folder is not None and hold(folder)
            except SessionHeldError as error:
                return error
            self._folder = folder if is_had else None
            return is_had

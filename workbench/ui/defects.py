"""What escapes all else, and ends that nobody saw coming: told in the window, with a report to read."""

import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal

from workbench.foundation.abrupt import Crash, Watch, crashes_before
from workbench.ui.messages import Message, Messages
from workbench.ui.views.crash_dialog import CrashDialog

if TYPE_CHECKING:
    from workbench.ui.main_window import MainWindow

Hook = Callable[[type[BaseException], BaseException, TracebackType | None], None]


class Defects(QObject):
    """`escaped` takes an exception of any thread, and tells it in that of the window."""

    escaped = Signal(object)

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window, self._jobs, self._messages = window, window.jobs, window.messages
        self._watch: Watch | None = None
        self.escaped.connect(self._messages.fail)
        self._messages.added.connect(self._keep)
        window.message_bar.report_wanted.connect(self.show)

    def look_back(self) -> None:
        """Tell of processes that crashed before."""
        self._jobs.ask("crashes before", crashes_before, self._tell)

    def keep(self, watch: Watch | None) -> None:
        """Keep what is said from now on, for the report of a crash."""
        self._watch = watch

    def take_over(self, other: "Defects") -> None:
        """Go on where another window was left."""
        self.keep(other._watch)

    def show(self, report: Path) -> None:
        """Let the user read a report."""

        def read() -> str:
            return report.read_text(encoding="utf-8")

        self._jobs.ask("report", read, lambda text: self._open(report, text), self._messages.fail)

    def _keep(self, message: Message) -> None:
        if self._watch is not None:
            self._watch.note(f"{message.when:%H:%M:%S} {message.text}")

    def _tell(self, crashes: tuple[Crash, ...]) -> None:
        for crash in crashes:
            self._messages.tell_crash(crash)

    def _open(self, report: Path, text: str) -> None:
        dialog = CrashDialog(self._window, report, text)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()


def telling(messages: Messages) -> Hook:
    """An exception hook that also tells the user."""

    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        sys.__excepthook__(kind, error, trace)
        if isinstance(error, Exception):
            messages.fail(error)

    return hook


def telling_of_threads(defects: Defects) -> Callable[[threading.ExceptHookArgs], None]:
    """The same for threads: of all that belongs to the window they may only touch a signal."""

    def hook(args: threading.ExceptHookArgs) -> None:
        threading.__excepthook__(args)
        if isinstance(args.exc_value, Exception):
            with suppress(RuntimeError):  # the window is gone
                defects.escaped.emit(args.exc_value)

    return hook

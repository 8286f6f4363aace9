"""Leaving a window: closing it, or going on in another one, never loses work that nobody was told of."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QMessageBox

if TYPE_CHECKING:
    from workbench.ui.main_window import MainWindow

LOOK_AGAIN_MS = 200


class Leaving(QObject):
    """Asks before jobs are stopped; a window in another language waits until they have ended."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window, self._may_stop_jobs = window, False

    def may_close(self) -> bool:
        """Whether the window may close now; where jobs run the user is asked."""
        if self._window.jobs.running and not self._may_stop_jobs:
            self._ask()
            return False
        return True

    def close_at_once(self) -> None:
        """Close without a question; what runs is stopped."""
        self._may_stop_jobs = True
        self._window.close()

    def renew(self) -> None:
        """Want another window, at once or when what is being computed has ended."""
        if self._window.jobs.running:
            text = self.tr("This changes when what runs now has ended.")
            self._window.messages.refuse(text, self._unfinished())
        self._renew_when_idle()

    def _renew_when_idle(self) -> None:
        window = self._window
        if window.jobs.running or window.runner.is_running or window.opener.is_busy:
            QTimer.singleShot(LOOK_AGAIN_MS, self, self._renew_when_idle)
        elif not window.jobs.is_closed:
            window.renewal_wanted.emit()

    def _ask(self) -> None:
        box = QMessageBox(QMessageBox.Icon.NoIcon, self.tr("Close"), self._unfinished(), parent=self._window)
        box.setInformativeText(self.tr("What is finished is kept; the rest is lost."))
        stop = box.addButton(self.tr("Stop and close"), QMessageBox.ButtonRole.DestructiveRole)
        box.setDefaultButton(box.addButton(self.tr("Go on"), QMessageBox.ButtonRole.RejectRole))  # type: ignore[call-overload]
        stop.clicked.connect(self.close_at_once)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.open()

    def _unfinished(self) -> str:
        titles = ", ".join(job.title for job in self._window.jobs.running)
        return self.tr("Not finished yet: {0}").format(titles)

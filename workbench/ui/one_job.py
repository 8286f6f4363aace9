"""What the window does with a session in one job at a time, beside its main run."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from workbench.foundation.steps import Steps
from workbench.ui.jobs import Job, JobPool
from workbench.ui.messages import Messages
from workbench.ui.workspace import Workspace


class OneJob(QObject):
    """`job` is the one that runs. Its views are told of what it knows; while none of them is seen, nothing is read."""

    busy_changed = Signal()

    def __init__(self, workspace: Workspace, jobs: JobPool, messages: Messages) -> None:
        super().__init__(workspace)
        self._workspace, self._jobs, self._messages = workspace, jobs, messages
        self._views: list[QWidget] = []
        self.job: Job | None = None
        self.cluster: Callable[[], str] = lambda: ""
        """The address of the cluster that computes, where it can; "" is this machine."""

    @property
    def is_running(self) -> bool:
        """Whether there is one."""
        return self.job is not None

    def cancel(self) -> None:
        """Stop it; what is done is kept."""
        if self.job is not None:
            self.job.cancel()

    def show_in(self, view: QWidget) -> None:
        """A view that wants to know; it calls `look_if_due` when it is shown."""
        self._views.append(view)

    def look_if_due(self) -> None:
        """Read what has changed while nobody looked."""
        raise NotImplementedError

    @property
    def _is_seen(self) -> bool:
        """Whether somebody looks."""
        return any(view.isVisible() for view in self._views)

    def _begin(self, title: str, make: Callable[[], Steps[Any]], kept: str = "") -> Job:
        """Start the job; `kept` is the sentence when it is cancelled, where that leaves something."""
        self.job = job = self._jobs.start(title, make)
        job.reported.connect(self._messages.hear)
        job.failed.connect(self._messages.fail)
        cancelled = kept or self.tr("{0} was cancelled.").format(title)
        job.cancelled.connect(lambda: self._messages.inform(cancelled))
        job.finished.connect(self._on_finished)
        self.busy_changed.emit()
        return job

    def _on_finished(self) -> None:
        self.job = None
        self.busy_changed.emit()

"""What the window does with a session in one job at a time, beside its main run."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Signal

from workbench.foundation.steps import Steps
from workbench.ui.jobs import Job, JobPool
from workbench.ui.messages import Messages
from workbench.ui.workspace import Workspace


class OneJob(QObject):
    """`job` is the one that runs."""

    busy_changed = Signal()

    def __init__(self, workspace: Workspace, jobs: JobPool, messages: Messages) -> None:
        super().__init__(workspace)
        self._workspace, self._jobs, self._messages = workspace, jobs, messages
        self.job: Job | None = None
        self.cluster: Callable[[], str] = lambda: ""
        """The address of the cluster that computes; "" is this machine."""

    @property
    def is_running(self) -> bool:
        """Whether there is one."""
        return self.job is not None

    def cancel(self) -> None:
        """Stop it; what is done is kept."""
        if self.job is not None:
            self.job.cancel()

    def _begin(self, title: str, make: Callable[[], Steps[Any]]) -> Job:
        self.job = job = self._jobs.start(title, make)
        job.reported.connect(self._messages.hear)
        job.failed.connect(self._messages.fail)
        job.finished.connect(self._on_finished)
        self.busy_changed.emit()
        return job

    def _on_finished(self) -> None:
        self.job = None
        self.busy_changed.emit()

"""Compares anything with anything for the window; the session's own results wait until the user comes back to them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from workbench.foundation.steps import Steps
from workbench.project.comparison.sides import Side
from workbench.project.results import Results
from workbench.project.session import Session, is_session, save_session
from workbench.ui.child import computer
from workbench.ui.jobs import Job, JobPool
from workbench.ui.messages import Messages
from workbench.ui.workspace import Workspace


@dataclass(frozen=True)
class Comparison:
    """What is compared with what: side A, B and where wanted C; `names` maps names of the others to those of A."""

    sides: tuple[Side, ...]
    names: Mapping[str, str] = field(default_factory=dict)


class Comparer(QObject):
    """One comparison at a time; `shown` is the one that the views show, None for the session's own results."""

    changed = Signal()
    """Another comparison is shown, or none."""

    def __init__(self, workspace: Workspace, jobs: JobPool, messages: Messages) -> None:
        super().__init__()
        self._workspace, self._jobs, self._messages = workspace, jobs, messages
        self.shown: Comparison | None = None
        self.last: Comparison | None = None
        self.job: Job | None = None
        self._before = ""
        workspace.results_changed.connect(self._on_results_changed)

    def compare(self, wanted: Comparison, tensor: str = "") -> None:
        """Compare, and then look at the row of a tensor (by default at the one that is selected, or the worst)."""
        session, folder = self._workspace.session, self._workspace.folder
        if session is None or folder is None:
            return
        if self.job is not None:
            self.job.cancel()
        self.last = wanted
        job = self._jobs.start(self.tr("Compare"), lambda: _compare(session, folder, wanted))
        self.job = job
        job.reported.connect(self._messages.hear)
        job.failed.connect(self._messages.fail)
        job.succeeded.connect(lambda results: self._on_succeeded(job, folder, wanted, results, tensor))
        job.finished.connect(lambda: self._on_finished(job))

    def back(self) -> None:
        """Show the session's own results again, and the layer that was looked at in them."""
        self._workspace.show_comparison(None)
        if self._before and self._workspace.row(self._before) is not None and not self._workspace.selected:
            self._workspace.select(self._before)

    def take_over(self, other: "Comparer") -> None:
        """Know what another one knows."""
        self.last = other.last
        if self._workspace.is_comparing:
            self.shown = other.shown
            self.changed.emit()

    def _on_succeeded(self, job: Job, folder: Path, wanted: Comparison, results: Results, tensor: str) -> None:
        """Show it, unless another session was opened or something else was asked meanwhile."""
        workspace = self._workspace
        if job is not self.job or folder != workspace.folder:
            return
        if not workspace.is_comparing:
            self._before = workspace.selected
        self.shown = wanted
        chosen = row_named(results, tensor) or row_named(results, workspace.selected)
        workspace.show_comparison(results)
        if not chosen and (worst := workspace.worst()) is not None:
            chosen = worst.tensor
        workspace.select(chosen)
        self.changed.emit()

    def _on_finished(self, job: Job) -> None:
        if job is self.job:
            self.job = None

    def _on_results_changed(self) -> None:
        if self.shown is not None and not self._workspace.is_comparing:
            self.shown = None
            self.changed.emit()


def row_named(results: Results, name: str) -> str:
    """The tensor of the row that any side calls so; "" without one."""
    if not name:
        return ""
    same = (row.tensor for row in results.rows if row.tensor == name)
    other = (row.tensor for row in results.rows if name in (row.golden, row.runtime))
    return next(same, "") or next(other, "")


def _compare(session: Session, folder: Path, wanted: Comparison) -> Steps[Results]:
    """In the process that computes; a session that was never saved is, for the comparison is kept in its folder."""
    from workbench.project.comparison.comparing import compare_sides

    if not is_session(folder):
        save_session(session, folder)
    return (yield from computer.steps(compare_sides, wanted.sides, wanted.names, folder))

"""Sweeps in the window: what would be swept, what is known of it, one run at a time, its places opened and used."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QElapsedTimer, Signal

from workbench.foundation.steps import Progress
from workbench.project.comparison.sides import Side
from workbench.project.session import Session
from workbench.ui.child import computer
from workbench.ui.comparing import Comparer, Comparison
from workbench.ui.jobs import Job, JobPool
from workbench.ui.messages import Messages
from workbench.ui.one_job import OneJob
from workbench.ui.reading_sweep import Axes, Planned, Wanted, look_up, open_place, plan, run_sweep, settings_at
from workbench.ui.workspace import Workspace

if TYPE_CHECKING:
    from workbench.project.sweeps.file import Place, Sweep

LOOK_EVERY_MS = 1000
STAGE = "sweep"


class Sweeping(OneJob):
    """Of the open session: `wanted` is what is varied, `planned` what that is."""

    changed = Signal()

    def __init__(self, workspace: Workspace, jobs: JobPool, messages: Messages, comparer: Comparer) -> None:
        super().__init__(workspace, jobs, messages)
        self._comparer = comparer
        self.wanted: Wanted | None = None
        self.planned = Planned()
        self._of: tuple[Session | None, Path | None] = (None, None)
        self._since_look = QElapsedTimer()
        workspace.session_changed.connect(self._on_session_changed)

    @property
    def sweep(self) -> "Sweep | None":
        """The one that is looked at, as far as it is computed."""
        return self.planned.sweep

    @property
    def missing(self) -> "tuple[Place, ...]":
        """The places that a run has to compute."""
        return tuple(place for place in self.sweep.places if not place.outputs) if self.sweep else ()

    @property
    def why_not(self) -> str:
        """Why there is nothing to sweep; "" where there is."""
        session = self._workspace.session
        if session is None:
            return self.tr("No network is open.")
        if not session.samples:
            return self.tr("Add inputs in the Settings tab: the settings are compared on them.")
        return ""

    def vary(self, axes: Axes, simulator: str) -> None:
        """Want another sweep."""
        if not self.is_running:
            self.wanted = Wanted(axes, simulator)
            self._plan()

    def run(self) -> Job | None:
        """Compute what is missing."""
        session, folder, wanted = self._workspace.session, self._workspace.folder, self.wanted
        if session is None or folder is None or wanted is None or self.sweep is None or self.is_running:
            return None
        address = self.cluster()
        job = self._begin(
            self.tr("Sweep"),
            lambda: computer.steps(run_sweep, session, folder, wanted, address),
            self.tr("The sweep was cancelled; what it computed is kept."),
        )
        self._since_look.start()
        job.reported.connect(self._on_event)
        job.succeeded.connect(lambda sweep: self._on_swept(session, folder, sweep))
        job.failed.connect(lambda _: self._plan())
        job.cancelled.connect(self._plan)
        return job

    def open(self, name: str) -> Job | None:
        """Run a place whole, and compare the session with it in all views."""
        session, folder, sweep = self._workspace.session, self._workspace.folder, self.sweep
        if session is None or folder is None or sweep is None or self.is_running:
            return None
        job = self._begin(
            self.tr("Open {0}").format(name), lambda: computer.steps(open_place, session, folder, sweep, name)
        )
        job.succeeded.connect(lambda sides: self._compare(folder, sides))
        return job

    def use(self, at: Mapping[str, str]) -> None:
        """Give the session the settings of a place; the user can undo it."""
        session, sweep = self._workspace.session, self.sweep
        if session is None or sweep is None:
            return
        self._jobs.ask_process(
            "sweep.use", settings_at, (session, sweep, dict(at)), lambda found: self._use(session, found),
            self._messages.fail,
        )  # fmt: skip

    def look_if_due(self) -> None:
        """Ask what would be swept, where the session has changed while nobody looked."""
        if self._of != (self._workspace.session, self._workspace.folder):
            self._plan()

    def _on_session_changed(self) -> None:
        if self._workspace.folder != self._of[1]:
            self.wanted, self.planned = None, Planned()
            self.changed.emit()
        if self._is_seen:
            self.look_if_due()

    def _plan(self) -> None:
        session, folder = self._workspace.session, self._workspace.folder
        self._of = session, folder
        if session is None or folder is None:
            return
        self._jobs.ask_process(
            "sweep.plan", plan, (session, folder, self.wanted), lambda found: self._on_planned(folder, *found),
            self._messages.fail,
        )  # fmt: skip

    def _on_planned(self, folder: Path, wanted: Wanted, found: Planned) -> None:
        if folder == self._workspace.folder:
            self.wanted, self.planned = wanted, found
            self.changed.emit()

    def _on_event(self, event: object) -> None:
        """Look now and then at what has been computed."""
        folder, sweep = self._workspace.folder, self.sweep
        is_due = self._since_look.elapsed() > LOOK_EVERY_MS
        if isinstance(event, Progress) and event.stage == STAGE and is_due and folder is not None and sweep is not None:
            self._since_look.start()
            self._jobs.ask_process(
                "sweep.look", look_up, (sweep, folder), lambda places: self._take_places(folder, sweep, places),
                self._messages.fail,
            )  # fmt: skip

    def _take_places(self, folder: Path, sweep: "Sweep", places: "tuple[Place, ...]") -> None:
        if folder == self._workspace.folder and self.sweep is sweep and places != sweep.places:
            self._take(folder, replace(sweep, places=places))

    def _take(self, folder: Path, sweep: "Sweep") -> None:
        if folder == self._workspace.folder:
            self.planned = replace(self.planned, sweep=sweep)
            self.changed.emit()

    def _on_swept(self, session: Session, folder: Path, sweep: "Sweep") -> None:
        if session == self._workspace.session:
            self._take(folder, sweep)
        else:
            self._plan()

    def _on_finished(self) -> None:
        self._jobs.forget("sweep.look")
        super()._on_finished()

    def _compare(self, folder: Path, sides: tuple[Side, ...]) -> None:
        if folder == self._workspace.folder:
            self._comparer.compare(Comparison(sides))

    def _use(self, session: Session, found: Mapping[str, object]) -> None:
        if session is not self._workspace.session:
            return
        if found:
            self._workspace.change(**found)
            self._messages.inform(self.tr("The session has these settings now; run it (F5) to see all layers."))
        else:
            self._messages.inform(self.tr("These are the session's settings already."))

"""The session's diagnosis in the window: made after a run, kept in the session, its fixes tried and applied."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from workbench.diagnose.findings import Finding
from workbench.foundation.steps import Steps
from workbench.project.session import Session
from workbench.ui.child import computer
from workbench.ui.dialogs import choose_file, choose_folder
from workbench.ui.jobs import Job, JobPool
from workbench.ui.messages import Messages
from workbench.ui.models.diagnosis.steps import C_PROGRAM, FLOAT16, step_title
from workbench.ui.models.diagnosis.texts import about_finding
from workbench.ui.one_job import OneJob
from workbench.ui.opening import Opener
from workbench.ui.reading_diagnosis import (
    Known,
    choose_inputs,
    make,
    read_known,
    run_all_layers,
    run_diagnosis,
    run_step,
    try_one,
    undo,
)
from workbench.ui.running import Runner
from workbench.ui.workspace import Workspace

if TYPE_CHECKING:
    from workbench.project.findings.diagnosis import Diagnosis
    from workbench.project.findings.path import Step

SETTINGS = ("quant", "preprocess", "dataset", "plan")
"""Fields of a session that a fix may change and Undo puts back; a network that it wrote is another matter."""


class Diagnosing(OneJob):
    """Knows the last diagnosis of the open session, and makes one at a time."""

    changed = Signal()

    def __init__(
        self, window: QWidget, workspace: Workspace, jobs: JobPool, messages: Messages, runner: Runner, opener: Opener
    ) -> None:
        super().__init__(workspace, jobs, messages)
        self._window, self._runner, self._opener = window, runner, opener
        self.known = Known()
        self._read_of: Path | None = None  # the session that it is known of
        self._is_due = False
        self.is_automatic = True
        """Whether every run is diagnosed."""
        self._is_wanted = False
        runner.succeeded.connect(self._on_run)
        runner.running_changed.connect(self._on_running)
        workspace.results_changed.connect(self._look)
        workspace.session_changed.connect(self._look)

    @property
    def diagnosis(self) -> "Diagnosis | None":
        """The last one; None where there is none."""
        return None if self.known.saved is None else self.known.saved.diagnosis

    @property
    def is_read(self) -> bool:
        """Whether what is known is of the session that is open: for a moment after it was opened it is not."""
        return self._read_of == self._workspace.folder

    @property
    def is_stale(self) -> bool:
        """Whether it is of another run than the last."""
        return self.known.saved is not None and self.known.saved.is_stale

    @property
    def steps(self) -> "tuple[Step, ...]":
        """The path and its states."""
        return self.known.steps

    @property
    def applied(self) -> tuple[str, ...]:
        """The fixes that wrote the network that is open, the last one first."""
        return self.known.applied

    @property
    def is_busy(self) -> bool:
        """Whether it, a fix, or the session itself runs."""
        return self.job is not None or self._runner.is_running

    @property
    def can_diagnose(self) -> bool:
        """Whether there is a run of the session to look at."""
        results = self._workspace.own_results
        return self._workspace.folder is not None and results is not None and bool(results.dumps)

    def diagnose(self) -> Job | None:
        """Look for causes, and run the likeliest fixes."""
        return self._start(self.tr("Diagnose"), run_diagnosis)

    def measure_layers(self) -> Job | None:
        """Measure for every layer what it costs the outputs."""
        return self._start(self.tr("Measure each layer"), run_all_layers)

    def run_step(self, key: str) -> None:
        """Run a step of the path; of the C program the user chooses what it fed."""
        if key == C_PROGRAM:
            choose_file(self._window, self.tr("What the C program fed"), "", self.check_buffer)
        elif key == FLOAT16:
            self._start(step_title(key), run_step, key)
        else:
            self._runner.run()

    def check_buffer(self, buffer: Path) -> Job | None:
        """Compare what a C program fed with what the network expects."""
        return self._start(step_title(C_PROGRAM), run_step, C_PROGRAM, buffer)

    def try_fix(self, finding: int, fix: int) -> Job | None:
        """Run a fix beside the session and keep what it measured."""
        return self._start(self.tr("Try: {0}").format(self._title(finding)), try_one, finding, fix)

    def apply(self, finding: int, fix: int) -> Job | None:
        """Make a fix part of the session and run it."""
        folder, session = self._workspace.folder, self._workspace.session
        job = self._start(
            self.tr("Apply: {0}").format(self._title(finding)), make, session, finding, fix, is_look=False
        )
        if job is not None and folder is not None:
            job.succeeded.connect(lambda changed: self._take(folder, changed))
        return job

    def ask_calibration(self) -> None:
        """Let the user name the folder that calibration inputs are chosen from."""
        choose_folder(self._window, self.tr("Folder of many typical inputs"), self.choose_calibration)

    def choose_calibration(self, candidates: Path) -> Job | None:
        """Calibrate with the most typical of many inputs, and run."""
        folder, session = self._workspace.folder, self._workspace.session
        title = self.tr("Choose calibration inputs")
        job = self._start(title, choose_inputs, session, candidates, is_look=False)
        if job is not None and folder is not None:
            job.succeeded.connect(lambda changed: self._take(folder, changed))
        return job

    def take_back(self) -> Job | None:
        """Take back the last fix that wrote a network, and run the session again."""
        folder = self._workspace.folder
        job = self._start(self.tr("Take a fix back"), undo, is_look=False)
        if job is not None and folder is not None:
            job.succeeded.connect(lambda _: self._reopen(folder))
        return job

    def finding(self, number: int) -> Finding:
        """One of the diagnosis."""
        assert self.diagnosis is not None
        return self.diagnosis.findings[number]

    def _start(
        self, title: str, function: Callable[..., Steps[object]], *args: object, is_look: bool = True
    ) -> Job | None:
        folder = self._workspace.folder
        if folder is None or self.is_busy or not self.can_diagnose:
            return None
        job = self._begin(title, lambda: computer.steps(function, folder, *args))
        if is_look:
            job.succeeded.connect(lambda _: self._read())
        return job

    def _on_run(self) -> None:
        """Say at once what is wrong with a run, where the user has not said otherwise: nobody should have to ask."""
        self._is_wanted = self.is_automatic and not self._workspace.is_comparing
        self._begin_wanted()

    def _on_running(self) -> None:
        """A run makes stale what is looked at."""
        if self._runner.is_running:
            self.cancel()
        self.busy_changed.emit()
        self._begin_wanted()

    def _begin_wanted(self) -> None:
        """Diagnose the last run, once the runner has ended it."""
        if self._is_wanted and not self.is_busy:
            self._is_wanted = False
            self.diagnose()

    def _take(self, folder: Path, changed: Session) -> None:
        """The session with a fix: settings are a step of Undo, a network that was written is opened."""
        session = self._workspace.session
        if session is None or folder != self._workspace.folder:
            return
        if changed.model == session.model:
            self._workspace.change(**{name: getattr(changed, name) for name in SETTINGS})
            self._runner.run_soon()
        else:
            self._reopen(folder)

    def _reopen(self, folder: Path) -> None:
        """The session of a folder has another network now."""
        if folder == self._workspace.folder:
            self._opener.open(folder)

    def look_if_due(self) -> None:
        """Read what has changed while nobody looked."""
        if self._is_due:
            self._read()

    def _look(self) -> None:
        """Something has changed: read it at once where somebody looks."""
        self._is_due = True
        if self._is_seen:
            self._read()

    def _read(self) -> None:
        """Read what the session knows of itself."""
        self._is_due, folder = False, self._workspace.folder
        if folder is None or self._workspace.own_results is None:
            self._show(folder, Known())
            return
        self._jobs.ask_process(
            "diagnosis", read_known, (folder,), lambda known: self._show(folder, known), self._messages.fail
        )

    def _show(self, folder: Path | None, known: Known) -> None:
        if folder == self._workspace.folder and (known != self.known or not self.is_read):
            self.known, self._read_of = known, folder
            self.changed.emit()

    def _title(self, finding: int) -> str:
        return about_finding(self.finding(finding)).title

"""Runs sessions, imports dumps, and knows which results the present settings have made stale."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from workbench.compare.compare import LayerError
from workbench.foundation.steps import Steps
from workbench.graph.foreign.kinds import RKNN
from workbench.preprocess.preprocess import problems
from workbench.project.results import Results
from workbench.project.session import ImportedDumps, Session, load_session, save_session
from workbench.ui.child import computer
from workbench.ui.jobs import Job, JobPool
from workbench.ui.messages import Messages, Nameless
from workbench.ui.reading import stale_stages
from workbench.ui.runtimes import BOARD, kind_of
from workbench.ui.turns import Turns
from workbench.ui.workspace import Workspace

LOOK_AFTER_MS = 150


class Runner(QObject):
    """One run at a time. `stale` names the stages that the next run computes again."""

    stale_changed = Signal()
    running_changed = Signal()
    succeeded = Signal()

    def __init__(self, workspace: Workspace, jobs: JobPool, messages: Messages) -> None:
        super().__init__()
        self._workspace, self._jobs, self._messages = workspace, jobs, messages
        self.job: Job | None = None
        self._turns = Turns(workspace)
        self._is_wanted = False
        self.by_board: Callable[[Session, Path], object] | None = None
        """Who runs sessions that have a board: it asks the user first."""
        self.stale: tuple[str, ...] = ()
        self._soon = QTimer(self, singleShot=True, interval=LOOK_AFTER_MS)
        self._soon.timeout.connect(self._look)
        workspace.session_changed.connect(self._soon.start)
        workspace.results_changed.connect(self._soon.start)
        workspace.run_wanted.connect(self.run_soon)

    @property
    def is_running(self) -> bool:
        """Whether a run or an import is under way."""
        return self.job is not None

    def look_soon(self) -> None:
        """Ask anew what is stale: something beside session and results has changed."""
        self._soon.start()

    def run_soon(self) -> None:
        """Run at once, or when the present run has ended."""
        self._is_wanted = self.is_running
        self.run()

    def keep(self) -> None:
        """Forget what was before the what-if: what it changed stays."""
        folder = self._workspace.folder
        if folder is not None and not self.is_running:
            self._jobs.ask("keep", lambda: _keep(folder), lambda kept: self._on_kept(folder, kept), self._messages.fail)

    def run(self) -> None:
        """Compute what is missing or stale."""
        session, folder = self._workspace.session, self._workspace.folder
        if session is None or folder is None or self.is_running or not self._is_ready(session):
            return
        if self.by_board is not None and kind_of(session) == BOARD:
            self.by_board(session, folder)
        else:
            self.begin(folder, lambda: _analyze(session, folder))

    def begin(self, folder: Path, make: Callable[[], Steps[Results]]) -> Job | None:
        """Run the steps that analyse a session, unless something runs."""
        if self.is_running:
            return None
        job = self._jobs.start(self.tr("Run"), make)
        job.succeeded.connect(lambda results: self._on_succeeded(folder, results))
        self._follow(self.tr("Run"), job)
        return job

    def import_dumps(self, imported: ImportedDumps, kind: str, names: Path | None = None) -> None:
        """Take the tensors of a folder as "golden", "simulator" or "runtime"; `names` is a file that maps theirs."""
        session, folder = self._workspace.session, self._workspace.folder
        if session is None or folder is None or self.is_running or not self._is_ready(session):
            return
        title, told = self.tr("Import {0}").format(f"{kind} ({imported.path.name})"), Nameless(imported, kind, names)
        job = self._jobs.start(title, lambda: _import(session, folder, imported, kind, names))
        job.succeeded.connect(lambda found: self._on_imported(folder, told, *found))
        self._follow(title, job, lambda error: self._fail_import(told, error))

    def cancel(self) -> None:
        """Stop the run."""
        self._is_wanted = False
        if self.job is not None:
            self.job.cancel()

    def _follow(self, title: str, job: Job, fail: Callable[[BaseException], object] | None = None) -> None:
        self.job = job
        job.reported.connect(self._messages.hear)
        job.failed.connect(fail or self._messages.fail)
        job.cancelled.connect(
            lambda: self._messages.inform(self.tr("{0} was cancelled; finished stages are kept.").format(title))
        )
        job.finished.connect(lambda: self._turns.add(self._on_finished))
        self.running_changed.emit()

    def _is_ready(self, session: Session) -> bool:
        """Tell everything that has to be mended before a run, at once."""
        model = self._workspace.model
        if model is None or not self._workspace.access.asked():
            return False
        if model.framework == RKNN:
            self._messages.refuse(
                self.tr("This is the toolkit's own graph: it can be looked at, not run."),
                self.tr("Open the network that it was made from."),
            )
            return False
        found = [text for item in model.graph.inputs for text in problems(item, session.preprocess[item.name])]
        if not session.samples:
            found.append(self.tr("No inputs are chosen."))
        for text in found:
            self._messages.refuse(text, self.tr("Choose them in the Settings tab, then run again."))
        return not found

    def _on_imported(
        self, folder: Path, told: Nameless, session: Session, results: Results, left: Sequence[str]
    ) -> None:
        if folder == self._workspace.folder:
            self._workspace.change(imports=session.imports)
            self._on_succeeded(folder, results)
            if left:
                self._turns.add_while(lambda: folder == self._workspace.folder, lambda: self._offer(told, left))

    def _offer(self, told: Nameless, left: Sequence[str]) -> None:
        text = self.tr("{0}: tensors whose names are not in the network: {1}, such as {2}.")
        hint = self.tr("Match them by content, or import again with a map of names.")
        self._messages.offer_matching(text.format(told.imported.path.name, len(left), left[0]), hint, told)

    def _fail_import(self, told: Nameless, error: BaseException) -> None:
        """Values can be compared where there are some of the network."""
        from workbench.project.imports import NoPartnerError

        results = self._workspace.own_results
        has_values = results is not None and bool(results.dumps.get("golden"))
        self._messages.fail(error, told if has_values and isinstance(error, NoPartnerError) else None)

    def _on_succeeded(self, folder: Path, results: Results) -> None:
        """Show the results, unless another session was opened meanwhile: it finds them in its folder."""
        before = self._workspace.results
        self._turns.add_while(
            lambda: folder == self._workspace.folder,
            lambda: self._show_results(results),
            lambda: self._select_worst(before, results),
            self.succeeded.emit,
        )

    def _show_results(self, results: Results) -> None:
        for text in results.warnings:
            self._messages.warn(text)
        self._workspace.set_results(results)

    def _select_worst(self, before: Results | None, results: Results) -> None:
        worst: LayerError | None = self._workspace.worst()
        if worst is not None and not (self._workspace.selected and _is_step(before, results)):
            self._workspace.select(worst.tensor)

    def _on_kept(self, folder: Path, results: Results | None) -> None:
        if folder == self._workspace.folder and results is not None:
            self._workspace.set_results(results)

    def _on_finished(self) -> None:
        self.job = None
        self._soon.start()
        self.running_changed.emit()
        if self._is_wanted:
            self.run_soon()

    def _look(self) -> None:
        """Ask what is stale; the answer needs files, so it comes from the worker process."""
        session, folder = self._workspace.session, self._workspace.folder
        if session is None or folder is None or self._workspace.own_results is None or self.is_running:
            self._take_stale(())
            return
        self._jobs.ask_process("stale", stale_stages, (session, folder), self._take_stale, self._messages.fail)

    def _take_stale(self, stages: tuple[str, ...]) -> None:
        if stages != self.stale:
            self.stale = stages
            self.stale_changed.emit()


def _analyze(session: Session, folder: Path) -> Steps[Results]:
    """In the process that computes: the window would wait for the interpreter's lock each time a run holds it."""
    from workbench.project.pipeline import analyze

    return computer.steps(analyze, session, folder)


def _keep(folder: Path) -> Results | None:
    from workbench.project.pipeline import keep

    return keep(folder)


def _is_step(before: Results | None, now: Results) -> bool:
    """Whether results are a what-if, or undo one: the user goes on looking at the same layer."""
    return now.before is not None or (before is not None and before.before is not None)


def _import(
    session: Session, folder: Path, imported: ImportedDumps, kind: str, names: Path | None
) -> Steps[tuple[Session, Results, tuple[str, ...]]]:
    """Save the session as the window shows it and take the dumps; gives the session that has them.

    Last come the tensors that content may find a partner for; none where the user has been asked already.
    """
    from workbench.compare.match import read_map
    from workbench.project import pipeline
    from workbench.project.comparison.by_content import nameless

    save_session(session, folder)
    imported = replace(imported, names=read_map(names)) if names else imported
    results = yield from computer.steps(pipeline.import_dumps, folder, imported, kind)
    return load_session(folder), results, () if imported.layouts else nameless(results, kind)

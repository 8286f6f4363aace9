"""Several runs side by side: a column a session or a saved dump; any cell opens that comparison on that layer."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QMenu, QToolButton

from workbench.foundation.steps import Steps
from workbench.project.comparison.sides import Side
from workbench.project.results import Results
from workbench.project.session import FILE
from workbench.ui.child import computer
from workbench.ui.comparing import Comparer, Comparison, row_named
from workbench.ui.dialogs import choose_file, choose_folder
from workbench.ui.jobs import Job, JobPool
from workbench.ui.messages import Messages
from workbench.ui.models.matrix.matrix import Head, Matrix, Run, of_runs, with_lines
from workbench.ui.models.matrix.runs import run_head
from workbench.ui.models.spoken import spoken
from workbench.ui.reading import runs_of_network
from workbench.ui.views.matrix.page import MatrixPage
from workbench.ui.views.matrix.view import MatrixView
from workbench.ui.widgets import Choice, button, tool
from workbench.ui.workspace import Workspace

if TYPE_CHECKING:
    from workbench.project.comparison.runs import RunRows

SOURCE = {
    "simulator.entire": "simulator", "simulator.single": "simulator_single",
    "runtime.entire": "runtime", "runtime.single_sim": "runtime",
}  # fmt: skip
"""Whose values a cell of a column of the comparison is about."""

MOST_NAMED = 4


class RunsMatrix(MatrixPage):
    """The open session first, then its `runs`; `recents` gives what was open lately."""

    def __init__(
        self, workspace: Workspace, jobs: JobPool, messages: Messages, comparer: Comparer,
        recents: Callable[[], Sequence[Path]],
    ) -> None:  # fmt: skip
        super().__init__(workspace, MatrixView(jobs, QCoreApplication.translate("RunsMatrix", "Layers by runs")))
        self._jobs, self._messages, self._comparer, self._recents = jobs, messages, comparer, recents
        self._runs: tuple[RunRows, ...] = ()
        self._shown: tuple[object, ...] = ()
        self._job: Job | None = None
        self.against = self._make_against()
        self.add_button = self._make_add()
        self.remove_button = tool("remove", self.tr("Remove the run of the current column (Delete)"), self.remove)
        self.bar.insertWidget(0, self.add_button)
        self.bar.insertWidget(1, self.remove_button)
        self.bar.insertWidget(3, self.against)
        self.recent_button = button(self.tr("Recent sessions of this network"), "recent", self.add_recent)
        self.session_button = button(self.tr("Add a session…"), "folder", self._ask_session)
        self.dumps_button = button(self.tr("Add dumps…"), "open", self._ask_dumps)
        for item in (self.recent_button, self.session_button, self.dumps_button):
            self.invitations.addWidget(item)
        self.invitations.addStretch(1)
        self.view.opened.connect(self.open_cell)
        self.view.removal_wanted.connect(self.remove)
        self.view.selectionModel().currentChanged.connect(self._tell_problems)
        workspace.session_changed.connect(self.mark_stale)
        workspace.results_changed.connect(self.mark_stale)
        workspace.colouring_changed.connect(self._show)

    def refresh(self) -> None:
        session, folder, own = self.workspace.session, self.workspace.folder, self.workspace.own_results
        wanted = (folder, session.runs if session else (), own, self.against.currentData())
        if folder is None or session is None or not session.runs or own is None:
            self._shown = wanted
            self._invite(own)
        elif wanted != self._shown:
            self._shown = wanted
            self._read(folder, session.runs)

    def add(self, paths: Sequence[Path]) -> None:
        """Look at other runs too."""
        session, folder = self.workspace.session, self.workspace.folder
        if session is not None:
            new = [path for path in dict.fromkeys(paths) if path not in session.runs and path != folder]
            if new:
                self.workspace.change(runs=(*session.runs, *new))

    def remove(self) -> None:
        """Look no more at the run of the current column; the open session itself stays."""
        session, place = self.workspace.session, self.view.place
        if session is not None and place is not None and 0 < place[1] < len(self._runs):
            path = self._runs[place[1]].path
            self.workspace.change(runs=tuple(item for item in session.runs if item != path))

    def add_recent(self) -> None:
        """Look at all recent sessions of the same network."""
        folder = self.workspace.folder
        if folder is not None:
            paths = tuple(path for path in self._recents() if path != folder)
            self._jobs.ask_process("runs.recent", runs_of_network, (folder, paths), self._take_recent)

    def open_cell(self, tensor: str, number: int) -> None:
        """Show the comparison that a cell is of, on its layer."""
        folder, own = self.workspace.folder, self.workspace.own_results
        if folder is None or own is None:
            return
        source = SOURCE[self.workspace.column]
        if number == 0:
            self._comparer.back()
            self.workspace.select(row_named(own, tensor))
            return
        run = self._runs[number]
        if run.problem:  # which is told above the matrix
            return
        golden = run.path if run.facts and not self.against.currentData() else folder
        other = Side(run.path, source if run.facts else run.source)
        self._comparer.compare(Comparison((Side(golden, "golden"), other)), tensor)

    def _read(self, folder: Path, runs: tuple[Path, ...]) -> None:
        if self._job is not None:
            self._job.cancel()
        golden = folder if self.against.currentData() else None
        job = self._jobs.start(self.tr("Read the runs"), lambda: _steps(folder, (folder, *runs), golden))
        self._job = job
        job.succeeded.connect(lambda found: self._take(job, found))
        job.failed.connect(self._messages.fail)
        if not self._runs:
            self.wait(self.tr("Reading the runs…"))

    def _take(self, job: Job, found: "tuple[RunRows, ...]") -> None:
        if job is not self._job:
            return
        self._job, self._runs = None, found
        self._show()

    def _show(self) -> None:
        workspace = self.workspace
        if not self._runs or self._shown[:1] != (workspace.folder,) or not self._shown[1]:
            return
        runs = [Run(self._head(at), run.rows) for at, run in enumerate(self._runs)]
        column, metric = workspace.column, workspace.error_metric
        self._jobs.ask("matrix.runs", lambda: with_lines(of_runs(runs, column, metric), {}), self._show_matrix)

    def _show_matrix(self, matrix: Matrix) -> None:
        if len(matrix.heads) != len(self._runs):  # a run was removed meanwhile
            return
        self.view.show_matrix(matrix)
        rows, runs = len(matrix.rows), len(matrix.heads)
        text = self.tr("layers: {0}   runs: {1}").format(rows, runs)
        self.told.set_text(text, text, (f"{rows} × {runs}",))
        self._tell_problems()
        self.show_full()

    def _tell_problems(self) -> None:
        """Why the run of the current column has no values, else which runs have none."""
        failed, place = [run for run in self._runs if run.problem], self.view.place
        current = self._runs[place[1]] if place is not None and place[1] < len(self._runs) else None
        if len(failed) > 1 and current not in failed:
            names = ", ".join(run.title for run in failed[:MOST_NAMED]) + ("…" if len(failed) > MOST_NAMED else "")
            self.say(self.tr("Runs without values: {0}. Go to a column to see why. ({1})").format(len(failed), names))
        else:
            run = current if current in failed else failed[0] if failed else None
            self.say(spoken(f"{run.problem} {run.hint}".strip()) if run else "")

    def _head(self, at: int) -> Head:
        run, first = self._runs[at], self._runs[0]
        head = run_head(run, first)
        if at == 0:
            return Head(self.tr("This session"), head.lines, head.tip)
        return head

    def _invite(self, own: Results | None) -> None:
        self._runs = ()
        self.invite(
            self.tr("Run this session first.") if own is None else
            self.tr("Add runs: other sessions of this network, or saved dumps, layer by layer beside this one.")
        )  # fmt: skip

    def _take_recent(self, found: tuple[Path, ...]) -> None:
        if found:
            self.add(found)
        else:
            self._messages.warn(self.tr("No other session of this network was open lately and has been run."))

    def _ask_session(self) -> None:
        choose_folder(self, self.tr("A session's folder"), lambda path: self.add([path]))

    def _ask_dumps(self) -> None:
        choose_folder(self, self.tr("Folder of dumps"), lambda path: self.add([path]))

    def _ask_file(self) -> None:
        def take(path: Path) -> None:
            self.add([path.parent if path.name == FILE else path])

        choose_file(self, self.tr("File of dumps"), self.tr("Dumps") + " (*.h5 *.npz)", take)

    def _make_add(self) -> QToolButton:
        result = tool("add", self.tr("Add runs"))
        menu = QMenu(result)
        entries = (
            (self.tr("Recent sessions of this network"), self.add_recent), (self.tr("Session…"), self._ask_session),
            (self.tr("Folder of dumps…"), self._ask_dumps), (self.tr("File of dumps…"), self._ask_file),
        )  # fmt: skip
        for text, done in entries:
            menu.addAction(text).triggered.connect(lambda _=False, done=done: done())
        result.setMenu(menu)
        result.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        return result

    def _make_against(self) -> Choice:
        result = Choice()
        result.addItem(self.tr("against each run's own golden"), False)
        result.addItem(self.tr("against this session's golden"), True)
        result.setAccessibleName(self.tr("What the runs are measured against"))
        result.activated.connect(self.mark_stale)
        return result


def _steps(home: Path, paths: tuple[Path, ...], golden: Path | None) -> "Steps[tuple[RunRows, ...]]":
    from workbench.project.comparison.runs import read_runs

    return computer.steps(read_runs, home, paths, golden)

"""Reports of the toolkit that came alone, dropped, opened or pasted: each becomes a session that is opened."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QMimeData, QObject, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from workbench.foundation.errors import ReportError
from workbench.foundation.steps import Steps
from workbench.ui.child import computer
from workbench.ui.dialogs import choose_file
from workbench.ui.dropping import local_files
from workbench.ui.jobs import Job, JobPool
from workbench.ui.messages import Messages
from workbench.ui.models.pasted import kind_of_paste
from workbench.ui.opening import Opener
from workbench.ui.reading import free_folder
from workbench.ui.workspace import Workspace

ALONE = "The report is shown without the network {0}: it is of another one."


@dataclass(frozen=True)
class Takers:
    """Who takes what was pasted: files, a log, Rockchip's spelling of the preprocessing, times of a board."""

    files: Callable[[Sequence[Path]], object]
    log: Callable[[Sequence[str], str], object]
    spelling: Callable[[], object]
    times: Callable[[str], object]


@dataclass(frozen=True)
class ProbableNetwork:
    """The network that a report is probably of."""

    model: Path
    shapes: Mapping[str, tuple[int, ...]]
    weights: Path | None


class Reporting(QObject):
    """Makes sessions of reports; takes what is pasted and hands on what is no report."""

    def __init__(
        self, window: QWidget, workspace: Workspace, jobs: JobPool, messages: Messages, opener: Opener, takers: Takers
    ) -> None:
        super().__init__(window)
        self._window, self._workspace, self._jobs = window, workspace, jobs
        self._messages, self._opener, self._takers = messages, opener, takers

    def ask(self) -> None:
        """Let the user choose a report."""
        pattern = self.tr("Reports") + " (*.txt *.log *.md);;" + self.tr("All files") + " (*)"
        choose_file(self._window, self.tr("Open a report of the toolkit"), pattern, self.take)

    def take(self, source: Path | str) -> Job:
        """Show a report: a file, a snapshot, or the text itself; with the open network where it is of that one."""
        session = self._workspace.session
        home = None if session is None else ProbableNetwork(session.model, dict(session.shapes), session.weights)
        sessions = self._opener.sessions
        job = self._jobs.start(self.tr("Read a report"), lambda: _reported(source, home, sessions))
        job.failed.connect(self._messages.fail)
        job.succeeded.connect(lambda found: self._show(*found))
        return job

    def paste(self) -> None:
        """Use what is on the clipboard for what it is."""
        data = QGuiApplication.clipboard().mimeData()
        if files := _files(data):
            self._takers.files(files)
            return
        text = data.text() if data is not None else ""
        self._jobs.ask_process("paste", kind_of_paste, (text,), lambda kind: self._use(kind, text), self._messages.fail)

    def _show(self, folder: Path, note: str) -> None:
        """Open the session of a report; its own warnings are in the list of messages then."""
        if note:
            self._opener.opened.connect(lambda: self._messages.warn(note), Qt.ConnectionType.SingleShotConnection)
        self._opener.open(folder)

    def _use(self, kind: str, text: str) -> None:
        if kind == "report":
            self.take(text)
        elif kind == "times" and self._workspace.session is not None:
            self._takers.times(text)
        elif kind in ("log", "times"):
            self._takers.log(text.splitlines(), self.tr("the clipboard"))
        elif kind == "spelling" and self._workspace.session is not None:
            self._takers.spelling()
        else:
            self._messages.refuse(
                self.tr("What is on the clipboard cannot be used here."),
                self.tr("Copy the toolkit's error_analysis.txt, lines of its log, its mean_values=…, or files."),
            )


def _files(data: QMimeData | None) -> list[Path]:
    return local_files(data) if data is not None else []


def _reported(source: Path | str, home: ProbableNetwork | None, sessions: Path) -> Steps[tuple[Path, str]]:
    return (yield from computer.steps(report_in, source, home, sessions))


def report_in(source: Path | str, home: ProbableNetwork | None, sessions: Path) -> Steps[tuple[Path, str]]:
    """Write the session of a report; gives its folder and a warning: one of another network is shown without it."""
    from workbench.project.reported.reported import report_session

    stem, note = source.stem if isinstance(source, Path) else "report", ""
    if home is not None:
        folder = free_folder(sessions, f"{home.model.stem}-report")
        try:
            yield from report_session(source, home.model, folder, home.shapes, home.weights)
        except ReportError:
            note = ALONE.format(home.model.name)
        else:
            return folder, ""
    folder = free_folder(sessions, stem)
    yield from report_session(source, None, folder)
    return folder, note

"""Times of the board that came as a file or as text: they are laid beside the errors of the open session."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from workbench.foundation.errors import DumpError
from workbench.project.results import Results
from workbench.ui.jobs import JobPool
from workbench.ui.messages import Messages
from workbench.ui.workspace import Workspace

if TYPE_CHECKING:
    from workbench.sources.board.times import Times


class Timing(QObject):
    """Takes what eval_perf, rknn_benchmark or a log of level 4 tells."""

    def __init__(self, workspace: Workspace, jobs: JobPool, messages: Messages) -> None:
        super().__init__(workspace)
        self._workspace, self._jobs, self._messages = workspace, jobs, messages

    def take(self, source: Path | str) -> None:
        """Read times and keep them with the session."""
        folder = self._workspace.folder
        if self._workspace.session is None or folder is None or self._workspace.own_results is None:
            self._messages.refuse(
                self.tr("These are times of a board, and there are no layers yet that they belong to."),
                self.tr("Open the network and run it first."),
            )
            return
        self._jobs.ask_process("times", keep, (folder, source), lambda found: self._show(folder, *found), self._fail)

    def _show(self, folder: Path, results: Results | None, count: int, total: int) -> None:
        if results is None or folder != self._workspace.folder:
            return
        for text in results.warnings:
            self._messages.warn(text)
        self._workspace.set_results(results)
        told = self.tr("Times of the board: {0} layers, of which {1} rows of the table have one.")
        self._messages.inform(told.format(total, count))

    def _fail(self, error: BaseException) -> None:
        self._messages.fail(error)


def keep(folder: Path, source: Path | str) -> tuple[Results | None, int, int]:
    """The results with the times, how many rows have one, and of how many layers they tell. For the worker process."""
    from workbench.project.board.timing import keep_times

    times = _read(source)
    results = keep_times(folder, times)
    count = sum(row.time_us is not None for row in results.rows) if results is not None else 0
    return results, count, len(times.layers)


def _read(source: Path | str) -> "Times":
    from workbench.sources.board.times import read_times, read_times_file

    if isinstance(source, Path):
        return read_times_file(source)
    times = read_times(source)
    if not times:
        raise DumpError("The text tells of no times.", "Copy the table that eval_perf prints.")
    return times

"""Boards in the window: which there are, and the runs on them, which are shown before they begin."""

from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QDialog, QWidget

from workbench.project.session import Session
from workbench.ui.actions import Actions
from workbench.ui.boards import Boards
from workbench.ui.jobs import JobPool
from workbench.ui.messages import Messages
from workbench.ui.models.board.answers import Questions
from workbench.ui.reading_board import BoardPlan, analyze_on_board, board_plan
from workbench.ui.running import Runner
from workbench.ui.runtimes import Runtimes
from workbench.ui.workspace import Workspace


class Boarding(QObject):
    """Does what "Boards…" asks for, and runs sessions that have a board."""

    def __init__(
        self, window: QWidget, workspace: Workspace, jobs: JobPool, messages: Messages, runner: Runner
    ) -> None:
        super().__init__(window)
        self._window, self._workspace, self._jobs, self._messages = window, workspace, jobs, messages
        self._runner = runner
        self.boards = Boards(jobs, messages, window)
        self.runtimes = Runtimes(workspace, self.boards)
        self._agreed: set[tuple[str, ...]] = set()
        runner.by_board = self.run
        workspace.session_changed.connect(self._look)
        self._known = self.boards.known
        self.boards.changed.connect(self._look_again)

    def connect_actions(self, actions: Actions) -> None:
        """Let the menu's actions do it."""
        actions.boards.triggered.connect(lambda: self.ask_boards())

    def ask_boards(self) -> QDialog:
        """Show which boards there are."""
        from workbench.ui.views.board.boards_dialog import BoardsDialog

        chosen, has_session = self.runtimes.board, self._workspace.session is not None
        dialog = BoardsDialog(self._window, self.boards, has_session=has_session, chosen=chosen.name if chosen else "")
        dialog.used.connect(self.runtimes.choose_board)
        dialog.open()
        return dialog

    def run(self, session: Session, folder: Path) -> None:
        """Show what will run on the session's board, unless it was agreed to before; then run."""
        self._jobs.ask_process(
            "board.plan", board_plan, (session, folder), lambda plan: self._take(session, folder, plan),
            self._messages.fail,
        )  # fmt: skip

    def close(self) -> None:
        """The window goes: nobody answers any more."""
        self.boards.asking.close()

    def _look(self) -> None:
        if not self.boards.is_read and self._workspace.session is not None:
            self.boards.refresh()

    def _look_again(self) -> None:
        """A description may have another command or other variables: what they gave is stale."""
        if self.boards.known != self._known:
            self._known = self.boards.known
            self._runner.look_soon()

    def _take(self, session: Session, folder: Path, plan: BoardPlan) -> None:
        if session is not self._workspace.session:
            return  # the settings were changed, or another session was opened meanwhile
        if not plan.is_needed or (plan.board, *plan.lines) in self._agreed:
            self._begin(session, folder, plan)
            return
        from workbench.ui.views.board.run_dialog import RunDialog

        dialog = RunDialog(self._window, plan.board, plan.lines, is_toolkits=plan.is_toolkits)
        dialog.accepted.connect(lambda: self._agree(session, folder, plan))
        dialog.open()

    def _agree(self, session: Session, folder: Path, plan: BoardPlan) -> None:
        self._agreed.add((plan.board, *plan.lines))
        self._begin(session, folder, plan)

    def _begin(self, session: Session, folder: Path, plan: BoardPlan) -> None:
        questions = Questions(known=self.boards.answers)
        job = self._runner.begin(folder, lambda: analyze_on_board(session, folder, questions, plan.is_needed))
        if job is not None:
            self.boards.asking.listen(job, questions)

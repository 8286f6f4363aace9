"""Where the runtime's values come from: a board, dumps that were imported, or nowhere."""

from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from workbench.project.session import BoardChoice, Session
from workbench.ui.boards import Boards
from workbench.ui.workspace import Workspace

BOARD, DUMPS, NONE = "board", "dumps", ""


class Runtimes(QObject):
    """The choice of the open session. `changed` tells that it, or which boards there are, is another one."""

    changed = Signal()

    def __init__(self, workspace: Workspace, boards: Boards) -> None:
        super().__init__(workspace)
        self._workspace, self._boards = workspace, boards
        workspace.session_changed.connect(self.changed)
        boards.changed.connect(self.changed)

    @property
    def names(self) -> tuple[str, ...]:
        """The boards that are described, and the session's own where it is none of them."""
        known = tuple(board.name for board in self._boards.known)
        return (*known, self.board.name) if self.board is not None and self.board.name not in known else known

    @property
    def board(self) -> BoardChoice | None:
        """The session's board and what runs on it."""
        session = self._workspace.session
        return session.board if session is not None else None

    @property
    def kind(self) -> str:
        """BOARD, DUMPS or NONE."""
        session = self._workspace.session
        return NONE if session is None else kind_of(session)

    def choose_board(self, name: str) -> None:
        """Let a board compute from the next run on; imported dumps make room for it."""
        session = self._workspace.session
        if session is None or (self.kind == BOARD and session.board is not None and session.board.name == name):
            return
        board = BoardChoice(name) if session.board is None else replace(session.board, name=name)
        self._change(session, board)

    def choose_none(self) -> None:
        """Neither a board nor dumps."""
        session = self._workspace.session
        if session is not None and self.kind != NONE:
            self._change(session, None)

    def edit(self, board: BoardChoice) -> None:
        """Run something else on the board."""
        if self.board is not None and board != self.board:
            self._workspace.change(board=board)

    def _change(self, session: Session, board: BoardChoice | None) -> None:
        imports = {kind: item for kind, item in session.imports.items() if kind != "runtime"}
        further = {"imports": imports} if imports != dict(session.imports) else {}
        self._workspace.change(board=board, **further)


def kind_of(session: Session) -> str:
    """Where a session's runtime values come from; dumps that are imported go before a board."""
    if "runtime" in session.imports:
        return DUMPS
    return NONE if session.board is None else BOARD

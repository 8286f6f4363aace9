"""What a run would do on the board, for the worker process: it reads the network. Nothing here knows Qt."""

from dataclasses import dataclass
from pathlib import Path

from workbench.foundation.steps import Progress, Steps
from workbench.project.results import Results
from workbench.project.session import TOOLKIT_RUNNER, Session
from workbench.ui.child import computer
from workbench.ui.models.board.answers import Answers, Questions


@dataclass(frozen=True)
class BoardPlan:
    """The lines that would run on a board; `is_needed` says whether a run has to: its dumps may be there.

    `is_toolkits`: they are calls of the vendor's toolkit.
    """

    board: str
    lines: tuple[str, ...]
    is_needed: bool = True
    is_toolkits: bool = False


def board_plan(session: Session, folder: Path) -> BoardPlan:
    """The lines, and whether anything runs; a session that cannot run on its board is refused."""
    from workbench.project.board.stages import plan_of
    from workbench.project.session_stages import stages_of

    assert session.board is not None
    is_there = all(path.is_file() for path in stages_of(session, folder, None).runtime_paths())
    return BoardPlan(session.board.name, plan_of(session), not is_there, session.board.runner == TOOLKIT_RUNNER)


def plan_lines(session: Session) -> BoardPlan:
    """The lines alone, for the eye while settings are changed."""
    from workbench.project.board.stages import plan_of

    assert session.board is not None
    return BoardPlan(session.board.name, plan_of(session), is_toolkits=session.board.runner == TOOLKIT_RUNNER)


def analyze_on_board(session: Session, folder: Path, questions: Questions, is_needed: bool) -> Steps[Results]:
    """Connect here, where the user can be asked, then compute elsewhere with the same answers.

    The user has seen what runs on the board: its command is agreed to.
    """
    from workbench.project.pipeline import analyze
    from workbench.sources.board.descriptions import board_of
    from workbench.sources.board.links import connect
    from workbench.sources.board.trust import agree

    assert session.board is not None
    if is_needed and session.board.runner != TOOLKIT_RUNNER:
        yield Progress("connect", 0, 0)
        board = board_of(session.board.name)
        connect(board, questions).close()
        agree(board, session.board.command or board.command)
    return (yield from computer.steps(analyze, session, folder, Answers(dict(questions.known))))

"""Boards of a cluster: a task that needs one goes to a worker that has it, and is run by the board described there."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from workbench.evaluate.runs import Feeds, Outputs
from workbench.foundation.errors import SettingsError, WorkbenchError
from workbench.foundation.steps import Steps
from workbench.project.board.stages import fed
from workbench.project.imports import Shapes
from workbench.project.workers.executors import scratch
from workbench.sources.board.descriptions import Board, described_boards
from workbench.sources.board.inferring import BoardRuns
from workbench.sources.board.links import connect

NEEDS_CLUSTER = "The board {0} is one of a cluster, and there is none."
CONNECT = "Give its address (on the command line: --cluster tcp://HOST:8786), or take the session's own board."
NOT_HERE = "This worker says that it has a {0}, and no board is described as that on its machine."
DESCRIBE = "Describe it there: rknn-workbench board add, with this name or this chip."


@dataclass(frozen=True)
class BoardThere:
    """A .rknn on whichever board of a cluster is this resource: one of that name, or with that chip.

    `outputs` are the network's, with their shapes; `is_last` says that its channels are the last axis.
    """

    resource: str
    file: Path
    shapes: Shapes
    is_last: bool

    def outputs(self, feeds: Iterable[Feeds], count: int) -> Steps[list[Outputs]]:
        """Nothing can be run here."""
        raise SettingsError(NEEDS_CLUSTER.format(self.resource), CONNECT)

    def close(self) -> None:
        """Nothing is open here."""

    def runs(self) -> BoardRuns:
        """On the worker: its own board."""
        board = board_here(self.resource)
        place = scratch() / "board"
        bring = partial(fed, is_last=self.is_last)
        return BoardRuns(lambda: connect(board), self.file, dict(self.shapes), bring, place, board.command)


def board_here(resource: str) -> Board:
    """The board that is described on this machine by a resource's name."""
    known = described_boards()
    found = next((one for one in known if one.name == resource), None) or next(
        (one for one in known if one.chip == resource), None
    )
    if found is None:
        raise WorkbenchError(NOT_HERE.format(resource), DESCRIBE)
    return found

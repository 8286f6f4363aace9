"""The runtime's dumps of a session: imported, or from its board."""

from pathlib import Path
from typing import TYPE_CHECKING

from workbench.foundation.steps import Steps
from workbench.graph.graph import Model
from workbench.project import cache
from workbench.project.imports import Shapes, Stored, convert, is_current, modules_of
from workbench.project.session import Session

if TYPE_CHECKING:
    from workbench.project.board.stages import BoardStage
    from workbench.sources.board.links import Ask


class RuntimeStage:
    """What was imported counts, not the board. `ask` answers the questions of the board's link."""

    def __init__(self, session: Session, model: Model, folder: Path, ask: "Ask | None" = None) -> None:
        self._imported = session.imports.get("runtime")
        is_on_board = session.board is not None and self._imported is None
        self._board = _on_board(session, model, folder, ask) if is_on_board else None
        self._model, self._dumps = model, folder / "dumps"

    @property
    def paths(self) -> tuple[Path, ...]:
        """Where the dumps are, or will be: an imported one, or one a sample from the board."""
        if self._board is not None:
            return self._board.paths
        found = self._imported
        return () if found is None else (self._dumps / f"runtime-{cache.import_digest(found)}.h5",)

    def check(self) -> None:
        """Refuse a board that cannot run, before anything is computed."""
        if self._board is not None:
            self._board.check()

    def run(self, shapes: Shapes, stored: Stored | None = None) -> Steps[tuple[Path, ...]]:
        """The dumps; `shapes` are the tensors that they may hold, `stored` says how the board stores them."""
        paths, modules = self.paths, modules_of(self._model.graph)
        if self._board is not None:
            return (yield from self._board.run(shapes, modules, stored))
        if self._imported is not None and not is_current(paths[0], stored):
            yield from convert(self._imported, "runtime", shapes, paths[0], modules, stored)
        return paths


def _on_board(session: Session, model: Model, folder: Path, ask: "Ask | None") -> "BoardStage":
    from workbench.project.board.stages import BoardStage  # with links, runners and the toolkit: few sessions need it

    return BoardStage(session, model, folder, ask)

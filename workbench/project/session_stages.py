"""Which stages a session has: those of the vendor's toolkit are loaded for the sessions that it simulates."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.project.results import Results
from workbench.project.session import Session
from workbench.project.stages import Stages

if TYPE_CHECKING:
    from workbench.project.toolkit.stages import ToolkitStages
    from workbench.sources.board.links import Ask


def stages_of(
    session: Session, folder: Path, last: Results | None = None, ask: "Ask | None" = None
) -> "Stages | ToolkitStages":
    """The stages of a session; `last` are the results of its last run, `ask` answers what a board's link asks."""
    if session.simulator == "toolkit" and "simulator" not in session.imports:
        from workbench.project.toolkit.stages import ToolkitStages

        return ToolkitStages(session, folder, last, ask)
    usable = as_embedded(last) if last is not None and "embedded" in last.dumps else last
    return Stages(session, folder, usable, ask)


def as_embedded(last: Results | None) -> Results | None:
    """What a run with the toolkit left of the embedded simulator: its dumps, nothing measured."""
    if last is None or "embedded" not in last.dumps:
        return None
    dumps = {"golden": last.dumps.get("reference", ()), "simulator": last.dumps["embedded"]}
    return replace(last, rows=(), quant={}, before=None, dumps=dumps)

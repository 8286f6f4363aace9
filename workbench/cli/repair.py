"""`repair`: a file that the toolkit refuses, mended as a copy, with a preview."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from workbench.cli.console import harmless, print_json, tell, write_out
from workbench.cli.options import Common
from workbench.foundation.errors import WorkbenchError

if TYPE_CHECKING:
    from workbench.sources.toolkit.repairs import Proposal


@dataclass(frozen=True)
class How:
    """Which repair, and where the copy goes; without one only the preview is shown."""

    how: Annotated[str, typer.Option("--how", metavar="KEY", help="The repair; the only one that fits if absent.")] = ""
    weights: Annotated[
        Path | None, typer.Option("--weights", metavar="FILE", help="The .caffemodel that belongs to a prototxt.")
    ] = None
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="COPY", help="Write the copy; without it only a preview.")
    ] = None


def repair(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A prototxt, ONNX, Python or dataset file.")],
    how: How,
    common: Common,
) -> int:
    """Mend a file that the toolkit refuses: a preview, and a copy with -o."""
    from workbench.sources.toolkit import repairs

    proposal = repairs.propose(file, how.how or _only_one(file, how.weights), how.weights)
    written = repairs.write(proposal, how.output) if how.output else ()
    if common.json:
        _print_document(proposal, written)
    else:
        write_out(harmless(proposal.diff))
        for note in proposal.notes:
            tell(common, f"note: {note}")
        tell(common, _end(written))
    return 0


def _only_one(file: Path, weights: Path | None) -> str:
    from workbench.sources.toolkit import repairs
    from workbench.sources.toolkit.repairs.patched import read

    read(file)  # a file that is not there is said before it is said that nothing fits
    fitting = repairs.repairs_of(file, weights)
    if len(fitting) == 1:
        return fitting[0].key
    if not fitting:
        keys = ", ".join(repair.key for repair in repairs.REPAIRS)
        raise WorkbenchError(f"No repair changes {file.name}.", f"There are {keys}; see rknn-workbench explain.")
    choices = "; ".join(f"--how {repair.key} ({repair.title.rstrip('.').lower()})" for repair in fitting)
    raise WorkbenchError(f"Several repairs change {file.name}.", f"Choose one: {choices}.")


def _print_document(proposal: "Proposal", written: tuple[Path, ...]) -> None:
    document = {"schema": 1, "repair": proposal.repair.key, "title": proposal.repair.title, "diff": proposal.diff}
    print_json(document | {"notes": list(proposal.notes), "written": [str(path) for path in written]})


def _end(written: tuple[Path, ...]) -> str:
    if not written:
        return "Nothing is written yet: give the copy a name with -o."
    return f"Written: {', '.join(map(str, written))}"

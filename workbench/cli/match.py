"""`match`: which tensors of a dump without names are which of a session's, by what is in them."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from workbench.cli.console import harmless, print_json, run, tell, write_out
from workbench.cli.options import Common
from workbench.foundation.errors import SettingsError

if TYPE_CHECKING:
    from workbench.compare.content import Suggestion
    from workbench.project.session import ImportedDumps

KINDS = ("golden", "simulator", "runtime")
NAME = 44  # characters of a name


@dataclass(frozen=True)
class Kind:
    """Which source the dumps are, and how they are to be read."""

    kind: Annotated[str, typer.Option("--as", metavar="golden|simulator|runtime", help="Which source they are.")]
    map: Annotated[Path | None, typer.Option(metavar="FILE", help="Their names and the network's, a line a pair.")] = (
        None
    )
    layout: Annotated[str, typer.Option("--dump-layout", metavar="nchw|nhwc|nc1hwc2", help="Their memory layout.")] = (
        "nchw"
    )


@dataclass(frozen=True)
class Sure:
    """How sure a match has to be."""

    above: Annotated[
        float | None,
        typer.Option(metavar="X", min=0, max=1, help="The least confidence of a match that counts; 0.7 if absent."),
    ] = None
    save_map: Annotated[
        Path | None, typer.Option("--save-map", metavar="FILE", help="Write what counts as a map of names.")
    ] = None


def match(
    session: Annotated[Path, typer.Argument(metavar="SESSION", help="Folder of a session that has been run.")],
    dumps: Annotated[Path, typer.Argument(metavar="DUMPS", help="Folder or file of tensors.")],
    what: Kind,
    sure: Sure,
    common: Common,
) -> int:
    """Say which tensors of DUMPS, whose names tell nothing, are which of the session's; nothing is imported."""
    imported = dumps_of(dumps, what)
    taken, found = matched(session, imported, what.kind, sure, common)
    if common.json:
        print_json(document(found, above(sure)))
    else:
        write_out(harmless(text(found, above(sure))))
    save(taken, found, sure)
    return 0


def dumps_of(path: Path, what: Kind) -> "ImportedDumps":
    """The dumps as the options name them."""
    from workbench.compare.match import read_layouts, read_map
    from workbench.dump.layouts import LAYOUTS
    from workbench.project.session import ImportedDumps

    if what.kind not in KINDS:
        raise SettingsError(f"--as {what.kind!r} is no source.", f"Choose one of {', '.join(KINDS)}.")
    if what.layout not in filter(None, LAYOUTS):
        choices = ", ".join(filter(None, LAYOUTS))
        raise SettingsError(f"--dump-layout {what.layout!r} is no layout.", f"Choose one of {choices}.")
    if what.map is None:
        return ImportedDumps(path, layout=what.layout)
    return ImportedDumps(path, read_map(what.map), what.layout, read_layouts(what.map))


def matched(
    session: Path, imported: "ImportedDumps", kind: str, sure: Sure, common: Common
) -> "tuple[ImportedDumps, tuple[Suggestion, ...]]":
    """The dumps with the names of all that is sure, and everything that was found."""
    from workbench.project.comparison.by_content import suggestions, with_suggestions
    from workbench.project.session import load_session

    load_session(session)  # a folder that is no session is refused before anything is read
    found = run(suggestions(session, imported, kind), common.quiet)
    taken, rest = with_suggestions(imported, found, above(sure))
    tell(common, f"{len(found) - len(rest)} of {len(found)} matches are sure enough (confidence {above(sure):g}).")
    return taken, found


def above(sure: Sure) -> float:
    """The least confidence."""
    from workbench.compare.content import LIKELY

    return LIKELY if sure.above is None else sure.above


def save(imported: "ImportedDumps", found: "Sequence[Suggestion]", sure: Sure) -> None:
    """Write the map where one is wanted."""
    from workbench.project.comparison.by_content import save_map

    if sure.save_map is not None:
        save_map(imported, sure.save_map, found)


def document(found: "Sequence[Suggestion]", least: float) -> dict[str, object]:
    """All matches with their evidence."""
    matches = [{**asdict(item), "twins": list(item.twins), "counts": item.confidence >= least} for item in found]
    return {"schema": 1, "above": least, "matches": matches}


def text(found: "Sequence[Suggestion]", least: float) -> str:
    """The same as lines, the surest first."""
    from workbench.cli.table import shorten

    lines = [f"{'':2}{'confidence':>10}  {'theirs':{NAME}}  {'network':{NAME}}  {'layout':10}  evidence"]
    for item in found:
        mark = "●" if item.confidence >= least else "◌"
        rival = f"; next {item.rival} {item.rival_similarity:.4f}" if item.rival else ""
        twins = f"; same values as {', '.join(item.twins)}" if item.twins else ""
        names = f"{shorten(item.other, NAME):{NAME}}  {shorten(item.golden, NAME):{NAME}}"
        evidence = f"{item.similarity:.4f} over {item.values} values{rival}{twins}"
        lines.append(f"{mark:2}{item.confidence:10.2f}  {names}  {item.layout:10}  {evidence}")
    return "\n".join(lines) + "\n"

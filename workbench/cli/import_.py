"""`import`: dumps from elsewhere take the place of a source of a session."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from workbench.cli.analyze import show
from workbench.cli.console import run
from workbench.cli.limits import read_limits
from workbench.cli.options import Common, Limits
from workbench.foundation.errors import SettingsError

KINDS = ("golden", "simulator", "runtime")


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


def import_(
    session: Annotated[Path, typer.Argument(metavar="SESSION", help="Folder of a session.")],
    dumps: Annotated[Path, typer.Argument(metavar="DUMPS", help="Folder or file of tensors.")],
    what: Kind,
    limits: Limits,
    common: Common,
) -> int:
    """Take tensors that were computed elsewhere into a session."""
    wanted = read_limits(limits)
    if what.kind not in KINDS:
        raise SettingsError(f"--as {what.kind!r} is no source.", f"Choose one of {', '.join(KINDS)}.")
    from workbench.compare.match import read_map
    from workbench.dump.layouts import LAYOUTS
    from workbench.project.pipeline import import_dumps
    from workbench.project.session import ImportedDumps, load_session

    if what.layout not in filter(None, LAYOUTS):
        choices = ", ".join(filter(None, LAYOUTS))
        raise SettingsError(f"--dump-layout {what.layout!r} is no layout.", f"Choose one of {choices}.")
    load_session(session)  # a folder that is no session is refused before anything is read
    imported = ImportedDumps(dumps, read_map(what.map) if what.map else {}, what.layout)
    results = run(import_dumps(session, imported, what.kind), common.quiet)
    return show(load_session(session), results, wanted, common)

"""`import`: dumps from elsewhere take the place of a source of a session."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from workbench.cli.analyze import show
from workbench.cli.console import run
from workbench.cli.limits import read_limits
from workbench.cli.match import Kind, Sure, dumps_of, matched, save
from workbench.cli.options import Common, Limits
from workbench.foundation.errors import SettingsError

WAYS = ("name", "content")


@dataclass(frozen=True)
class Matching:
    """How tensors find their partners."""

    match: Annotated[
        str, typer.Option("--match", metavar="name|content", help="What joins tensors; content where no name does.")
    ] = "name"


def import_(
    session: Annotated[Path, typer.Argument(metavar="SESSION", help="Folder of a session.")],
    dumps: Annotated[Path, typer.Argument(metavar="DUMPS", help="Folder or file of tensors.")],
    what: Kind,
    matching: Matching,
    sure: Sure,
    limits: Limits,
    common: Common,
) -> int:
    """Take tensors that were computed elsewhere into a session."""
    wanted = read_limits(limits)
    imported = dumps_of(dumps, what)
    if matching.match not in WAYS:
        raise SettingsError(f"--match {matching.match!r} is not known.", f"Choose one of {', '.join(WAYS)}.")
    if matching.match == "name" and (sure.above is not None or sure.save_map is not None):
        raise SettingsError("--above and --save-map say how sure a match by content has to be.", "Add --match content.")
    from workbench.project.pipeline import import_dumps
    from workbench.project.session import load_session

    load_session(session)  # a folder that is no session is refused before anything is read
    if matching.match == "content":
        imported, found = matched(session, imported, what.kind, sure, common)
        save(imported, found, sure)
    results = run(import_dumps(session, imported, what.kind), common.quiet)
    return show(load_session(session), results, wanted, common)

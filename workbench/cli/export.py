"""`export`: a session's results as HTML, CSV, JSON or npy files, its plan as a network or a file."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from workbench.cli.console import print_json, run, tell
from workbench.cli.options import Common
from workbench.foundation.errors import SettingsError, WorkbenchError

FORMATS = ("html", "csv", "json", "npy", "qdq", "plan", "cfg")


@dataclass(frozen=True)
class Target:
    """What is written and where."""

    format: Annotated[str, typer.Option("--format", metavar="|".join(FORMATS), help="What is written.")]
    output: Annotated[Path, typer.Option("-o", "--output", metavar="PATH", help="A file; a folder for npy.")]


def export(
    session: Annotated[Path, typer.Argument(metavar="SESSION", help="Folder of a session.")],
    target: Target,
    common: Common,
) -> int:
    """Write a session's results down."""
    if target.format not in FORMATS:
        raise SettingsError(
            f"--format {target.format!r} is not in this version.", f"Choose one of {', '.join(FORMATS)}."
        )
    from workbench.project import exports
    from workbench.project.session import load_session

    path = target.output
    if target.format != "npy" and path.exists() and not path.is_file():
        # a device would be replaced by a file
        raise WorkbenchError(f"{path} is no file.", f"Give a file, for example {exports.NAMES[target.format]}.")
    run(exports.export(load_session(session), session, exports.Target(target.format, path)), common.quiet)
    tell(common, f"Written: {path}")
    if common.json:
        print_json({"schema": 1, "format": target.format, "path": str(path)})
    return 0

"""`export`: a session's results as HTML, CSV, JSON or npy files, its plan as a network or a file."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from workbench.cli.console import print_json, run, tell
from workbench.cli.options import Common
from workbench.foundation.errors import SettingsError, WorkbenchError

BUNDLE, BUNDLE_NAME = "bundle", "bundle.zip"
FORMATS = ("html", "csv", "json", "npy", "qdq", "plan", "cfg", BUNDLE)
HIDDEN = ("scrambled", "cut")


@dataclass(frozen=True)
class Target:
    """What is written and where."""

    format: Annotated[str, typer.Option("--format", metavar="|".join(FORMATS), help="What is written.")]
    output: Annotated[Path, typer.Option("-o", "--output", metavar="PATH", help="A file; a folder for npy.")]
    layers: Annotated[
        list[str] | None, typer.Option("--layer", metavar="TENSOR", help="Of a bundle: what is shown (several times).")
    ] = None
    hide: Annotated[
        str, typer.Option("--hide", metavar="|".join(HIDDEN), help="Of a bundle: leave the user's data out.")
    ] = ""


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
    _check_wish(target)
    if target.format != "npy" and path.exists() and not path.is_file():
        # a device would be replaced by a file
        name = {**exports.NAMES, BUNDLE: BUNDLE_NAME}[target.format]
        raise WorkbenchError(f"{path} is no file.", f"Give a file, for example {name}.")
    if target.format == BUNDLE:
        return _bundle(session, target, common)
    run(exports.export(load_session(session), session, exports.Target(target.format, path)), common.quiet)
    tell(common, f"Written: {path}")
    if common.json:
        print_json({"schema": 1, "format": target.format, "path": str(path)})
    return 0


def _check_wish(target: Target) -> None:
    if (target.layers or target.hide) and target.format != BUNDLE:
        raise SettingsError("--layer and --hide are of a bundle.", f"Add --format {BUNDLE}, or leave them away.")
    if target.hide and target.hide not in HIDDEN:
        raise SettingsError(f"--hide {target.hide!r} is not known.", f"Choose one of {', '.join(HIDDEN)}.")


def _bundle(session: Path, target: Target, common: Common) -> int:
    """The zip for the vendor."""
    from workbench.project.toolkit.bundling import Wish, bundle

    made = run(bundle(session, target.output, Wish(tuple(target.layers or ()), target.hide)), common.quiet)
    tell(common, f"Written: {made.path}")
    if common.json:
        errors: dict[str, Any] = {"before": _plain(made.before), "after": _plain(made.after)}
        known = {"schema": 1, "format": BUNDLE, "path": str(made.path), "layers": list(made.layers)}
        print_json({**known, "hidden": target.hide, **errors})
    return 0


def _plain(errors: Mapping[str, float]) -> dict[str, float | str]:
    """What JSON has no number for is a string."""
    return {name: value if math.isfinite(value) else str(value) for name, value in errors.items()}

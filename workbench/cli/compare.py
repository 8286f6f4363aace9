"""`compare`: two or three folders of dumps, no session needed."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from workbench.cli.analyze import show
from workbench.cli.console import run
from workbench.cli.limits import read_limits
from workbench.cli.options import Common, Limits


@dataclass(frozen=True)
class Extra:
    """What may come with the two dumps."""

    runtime: Annotated[Path | None, typer.Option(metavar="DUMPS", help="Tensors from the board.")] = None
    map: Annotated[Path | None, typer.Option(metavar="FILE", help="Their names and golden's, a line a pair.")] = None


def compare(
    golden: Annotated[Path, typer.Argument(metavar="GOLDEN", help="Folder or file of the reference's tensors.")],
    other: Annotated[Path, typer.Argument(metavar="OTHER", help="Folder or file of tensors to compare.")],
    extra: Extra,
    limits: Limits,
    common: Common,
) -> int:
    """Compare folders or files of dumps layer by layer."""
    wanted = read_limits(limits)
    from workbench.project.direct import compare_folders

    results = run(compare_folders(golden, other, extra.runtime, extra.map), common.quiet)
    return show(None, results, wanted, common)

"""`compare`: two or three sides, each a session's source or a folder of dumps."""

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
    """What may come with the two sides."""

    runtime: Annotated[
        str, typer.Option(metavar="DUMPS|SESSION[:SOURCE]", help="Tensors from the board, or of any third side.")
    ] = ""
    map: Annotated[Path | None, typer.Option(metavar="FILE", help="Their names and golden's, a line a pair.")] = None


def compare(
    golden: Annotated[
        str,
        typer.Argument(
            metavar="GOLDEN",
            help="The reference: a folder or file of tensors, a session, or SESSION:SOURCE "
            "(golden, simulator, simulator_single, runtime, embedded, toolkit, reference).",
        ),
    ],
    other: Annotated[str, typer.Argument(metavar="OTHER", help="What is compared with it, in the same ways.")],
    extra: Extra,
    limits: Limits,
    common: Common,
) -> int:
    """Compare dumps, sessions, or one with the other, layer by layer; tells in which settings they differ."""
    wanted = read_limits(limits)
    from workbench.compare.match import read_map
    from workbench.project.comparison.comparing import compare_sides
    from workbench.project.comparison.sides import side_of

    sides = [side_of(golden, "golden"), side_of(other, "simulator")]
    if extra.runtime:
        sides.append(side_of(extra.runtime, "runtime"))
    names = read_map(extra.map) if extra.map else {}
    return show(None, run(compare_sides(sides, names), common.quiet), wanted, common)

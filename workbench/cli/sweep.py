"""`sweep`: which settings serve a session best."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from workbench.cli import choices
from workbench.cli.analyze import show
from workbench.cli.console import harmless, print_json, run, tell, write_out
from workbench.cli.options import Common
from workbench.cli.where import Where

if TYPE_CHECKING:
    from rich.table import Table

    from workbench.project.results import Results
    from workbench.project.sweeps.file import Place, Sweep

NUMBERS = ("cos", "euc", "sqnr_db", "max_abs")
WIDEST = 400  # the table takes what it needs; names are never cut short
USUAL = "method,algorithm"
TASKS = "workbench.project.sweeps.cells"  # the module of what workers do


@dataclass(frozen=True)
class What:
    """What is varied, and which place is looked at."""

    axes: Annotated[
        str,
        typer.Option(
            metavar="AXIS[=A/B],…",
            help="What is varied: type, method, algorithm, level (the toolkit's), calibration (how many), order.",
        ),
    ] = USUAL
    simulator: Annotated[
        str, typer.Option(metavar="embedded|toolkit", help="What simulates; the session's own if absent.")
    ] = ""
    opened: Annotated[
        str,
        typer.Option(
            "--open", metavar="NAME", help="Run a place of the last sweep whole, and compare the session with it."
        ),
    ] = ""
    listed: Annotated[bool, typer.Option("--list", help="Only show the last sweep; nothing is computed.")] = False


def sweep(
    common: Common,
    what: What,
    where: Where,
    session: Annotated[Path, typer.Argument(metavar="SESSION", help="Folder of a session.")],
) -> int:
    """Compute a session's outputs with many settings and compare them; what is known already is taken as it is."""
    from workbench.foundation.errors import SettingsError

    if what.opened:
        return _open(session, what.opened, common)
    if what.listed:
        from workbench.project.sweeps.file import load_sweep

        found = load_sweep(session)
        if found is None:
            raise SettingsError(f"{session} has no sweep.", f"Sweep first: rknn-workbench sweep {session}")
        return _show(found, session, common)
    if what.simulator not in ("", "embedded", "toolkit"):
        raise SettingsError(f"--simulator {what.simulator!r} cannot sweep.", "Choose embedded or toolkit.")
    choices.check_simulator(what.simulator or "embedded")
    with where.workers(common, TASKS) as pool:
        from workbench.project.sweeps.axes import read_axes
        from workbench.project.sweeps.sweeping import sweep as swept

        found = run(swept(session, read_axes(what.axes), pool, what.simulator), common.quiet)
    return _show(found, session, common)


def document(sweep: "Sweep") -> dict[str, Any]:
    """The JSON document; the best place comes first."""
    return {
        "schema": 1,
        "simulator": sweep.simulator,
        "axes": {axis: list(values) for axis, values in sweep.axes.items()},
        "cells": [_place(place) for place in sweep.best_first],
        "left_out": [{"at": dict(item.at), "reason": item.reason} for item in sweep.left_out],
    }


def _open(session: Path, name: str, common: Common) -> int:
    """The comparison of golden, the session's simulator and that of a place."""
    from workbench.project.sweeps.opening import compared_with, open_place

    folder = run(open_place(session, name), common.quiet)
    results: Results = run(compared_with(session, folder), common.quiet)
    tell(common, f"Session: {folder}")
    return show(None, results, (), common)


def _show(sweep: "Sweep", session: Path, common: Common) -> int:
    if common.json:
        print_json(document(sweep))
        return 0
    from rich.console import Console

    console = Console(file=sys.stdout, highlight=False, markup=False, emoji=False, width=WIDEST)
    with console.capture() as capture:
        console.print(_table(sweep))
    write_out(capture.get() + _left_out(sweep))
    best = sweep.best_first[0]
    if best.outputs:
        tell(common, f"To look into a place: rknn-workbench sweep {session} --open {best.name}")
    return 0


def _table(sweep: "Sweep") -> "Table":
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for axis in sweep.axes:
        table.add_column(axis)
    for title in ("cos", "worst input", "euc", "seconds"):
        table.add_column(title, justify="right")
    table.add_column("name")
    for place in sweep.best_first:
        values = [place.at[axis] or "–" for axis in sweep.axes]
        table.add_row(*values, *_numbers(place), harmless(place.problem or place.name))
    return table


def _numbers(place: "Place") -> tuple[str, ...]:
    from workbench.compare.metrics import METRICS

    def text(metric: str, value: float | None) -> str:
        return "" if value is None else format(value, METRICS[metric].digits)

    worst = min((errors.worst["cos"] for errors in place.outputs.values() if "cos" in errors.worst), default=None)
    seconds = f"{place.seconds:.1f}" if place.outputs else ""
    return text("cos", place.value("cos")), text("cos", worst), text("euc", place.value("euc")), seconds


def _left_out(sweep: "Sweep") -> str:
    lines = [f"left out: {_at(item.at)}: {item.reason}\n" for item in sweep.left_out]
    return harmless("".join(lines))


def _at(at: Mapping[str, str]) -> str:
    return ", ".join(f"{axis} {value}" for axis, value in at.items() if value)


def _place(place: "Place") -> dict[str, Any]:
    from workbench.cli.diagnose import plain

    outputs = {
        name: {
            "mean": {metric: errors.mean[metric] for metric in NUMBERS if metric in errors.mean},
            "worst": {metric: errors.worst[metric] for metric in NUMBERS if metric in errors.worst},
        }
        for name, errors in place.outputs.items()
    }
    problem = {"problem": place.problem, "hint": place.hint} if place.problem else {}
    found: dict[str, Any] = plain(
        {"name": place.name, "at": place.at, "outputs": outputs, "seconds": place.seconds,
         "warnings": place.warnings, **problem}
    )  # fmt: skip
    return found

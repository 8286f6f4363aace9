"""`board run`, and what `analyze --board` takes: a session's network on a board."""

import shlex
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from workbench.cli.console import print_json, run, say, write_out
from workbench.cli.limits import read_limits
from workbench.cli.options import Common, Limits
from workbench.foundation.errors import SettingsError

if TYPE_CHECKING:
    from workbench.project.session import BoardChoice, Session


@dataclass(frozen=True)
class Runner:
    """What runs on the board, and what it is fed with."""

    runner: Annotated[
        str, typer.Option(metavar="toolkit|lite2|benchmark|command|rknpu1", help="What runs the network on the board.")
    ] = ""
    command: Annotated[
        str,
        typer.Option(
            metavar="LINE",
            help="On the board: a line with {model} {inputs} {input0} {dumps} {folder}; of lite2 the Python, of "
            "benchmark the program.",
        ),
    ] = ""
    rknn: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The .rknn; converted by the vendor's toolkit if absent.")
    ] = None
    fed: Annotated[
        str, typer.Option(metavar="raw|normalised", help="Inputs: raw, for a .rknn with mean and std in it, or not.")
    ] = ""
    native: Annotated[bool, typer.Option("--native", help="Dump in the network's own types, not as floats.")] = False
    no_times: Annotated[bool, typer.Option("--no-times", help="Do not measure the time of each layer.")] = False
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show the commands that would run there.")] = False


def board_run(
    session: Annotated[Path, typer.Argument(metavar="SESSION", help="Folder of a session.")],
    runner: Runner,
    limits: Limits,
    common: Common,
    board: Annotated[str, typer.Argument(metavar="[BOARD]", help="Its name or link; the session's if absent.")] = "",
) -> int:
    """Run a session's network on a board anew, pull the dumps of its layers, and compare."""
    wanted = read_limits(limits)
    from workbench.project.session import load_session

    saved = load_session(session)
    chosen = choice_of(board, runner, saved.board)
    if chosen is None:
        raise SettingsError("The session has no board.", "Name one: `rknn-workbench board run SESSION BOARD`.")
    changed = replace(saved, board=chosen)
    if runner.dry_run:
        return show_plan(changed, common)
    from workbench.cli.analyze import show
    from workbench.cli.asking import Asked
    from workbench.project.pipeline import run_on_board

    tell_plan(changed, common)
    agree_to(chosen, runner)
    results = run(run_on_board(session, chosen, Asked()), common.quiet)
    return show(load_session(session), results, wanted, common)


def choice_of(name: str, runner: Runner, saved: "BoardChoice | None" = None) -> "BoardChoice | None":
    """The board as the options say, on top of what a session has; None where neither names one."""
    from workbench.project.session import FED, RUNNERS, BoardChoice
    from workbench.sources.board import commands
    from workbench.sources.board.descriptions import board_of

    base = saved if saved is not None and name in ("", saved.name) else BoardChoice(name)
    if not base.name:
        if runner != Runner():
            raise SettingsError("The options of a board's run need a board.", "Name it, too.")
        return None
    board = board_of(base.name)
    kind = runner.runner or ("command" if runner.command and "{" in runner.command else base.runner)
    _known("--runner", kind, RUNNERS)
    fed = _known("--fed", runner.fed or base.fed, FED)
    if runner.rknn is not None and not runner.rknn.is_file():
        raise SettingsError(f"--rknn: there is no file {runner.rknn}.", "Give the .rknn for the board's chip.")
    if kind in commands.KINDS:
        commands.check(kind, runner.command or base.command or board.command)
    return replace(
        base, runner=kind, command=runner.command or base.command, rknn=runner.rknn or base.rknn, fed=fed,
        is_native=runner.native or base.is_native, is_timed=base.is_timed and not runner.no_times,
    )  # fmt: skip


def agree_to(chosen: "BoardChoice", runner: Runner) -> None:
    """What the user typed they want; what came with a session is asked for."""
    from workbench.sources.board.descriptions import board_of
    from workbench.sources.board.trust import agree

    if runner.command:
        agree(board_of(chosen.name), runner.command)


def show_plan(session: "Session", common: Common) -> int:
    """The answer of a dry run."""
    from workbench.project.board.stages import plan_of

    lines = plan_of(session)
    if common.json:
        assert session.board is not None
        print_json({"schema": 1, "board": session.board.name, "commands": list(lines)})
    else:
        write_out("".join(f"{line}\n" for line in lines))
    return 0


def tell_plan(session: "Session", common: Common) -> None:
    """Show what will run before it does."""
    from workbench.project.board.stages import plan_of

    if not common.quiet and session.board is not None:
        for line in plan_of(session):
            say(f"on {shlex.quote(session.board.name)}: {line}")


def _known(option: str, value: str, choices: Sequence[str]) -> str:
    if value not in choices:
        raise SettingsError(f"{option} {value!r} is not known.", f"Choose one of {', '.join(choices)}.")
    return value

"""`rknn-workbench`: chooses the command, and turns what escapes from it into a sentence and an exit status."""

import faulthandler
import sys
import traceback
from collections.abc import Callable, Sequence
from typing import Annotated

import typer
from typer.exceptions import TyperException

import workbench
from workbench.cli import (
    analyze,
    board,
    capi,
    compare,
    convert,
    demo,
    diagnose,
    doctor,
    evaluate,
    explain,
    export,
    import_,
    mixed,
    repair,
    report,
    sweep,
)
from workbench.cli import match as matching
from workbench.cli.console import print_json, replace_closed_streams, say
from workbench.cli.options import grouped, spread
from workbench.foundation.abrupt import enable_on_terminal
from workbench.foundation.crashes import report_defect, started_as
from workbench.foundation.errors import WorkbenchError, refusal_of

PROGRAM = "rknn-workbench"
DONE, LIMIT_MISSED, UNUSABLE, DEFECT, CANCELLED = 0, 1, 2, 3, 130
COMMANDS: dict[str, Callable[..., int]] = {
    "demo": demo.demo,
    "analyze": analyze.analyze,
    "import": import_.import_,
    "match": matching.match,
    "compare": compare.compare,
    "diagnose": diagnose.diagnose,
    "evaluate": evaluate.evaluate,
    "sweep": sweep.sweep,
    "report": report.report,
    "convert": convert.convert,
    "mixed": mixed.mixed,
    "export": export.export,
    "explain": explain.explain,
    "repair": repair.repair,
    "doctor": doctor.doctor,
}
GROUPS: dict[str, tuple[str, dict[str, Callable[..., int]]]] = {
    "board": ("Boards: what is known, what is wrong there, and a network on one.", board.COMMANDS),
    "capi": ("Check what the C program on the board feeds and reads.", capi.COMMANDS),
}

app = typer.Typer(
    name=PROGRAM, add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False, no_args_is_help=False
)


def _print_version(wanted: bool) -> None:
    if wanted:
        print(f"{PROGRAM} {workbench.__version__}")
        raise typer.Exit


@app.callback(
    epilog=f"Without a command the window opens: {PROGRAM} [PATH], on a network, a saved session, or empty. "
    "Exit status: 0 done; 1 a limit was missed; 2 the input cannot be used; 3 a defect; 130 cancelled."
)
def _program(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version and leave.", is_eager=True, callback=_print_version)
    ] = False,
) -> None:
    """Find out where and why a network's numbers part on a Rockchip NPU."""


for _name, _function in COMMANDS.items():
    app.command(_name)(grouped(_function))
for _name, (_help, _functions) in GROUPS.items():
    _group = typer.Typer(help=_help, rich_markup_mode=None, pretty_exceptions_enable=False, no_args_is_help=False)
    for _member, _function in _functions.items():
        _group.command(_member)(grouped(_function))
    app.add_typer(_group, name=_name)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; gives the exit status and never raises."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    replace_closed_streams()
    _forgive_encodings()
    if not faulthandler.is_enabled():
        enable_on_terminal()
    status = _guarded(arguments)
    if status == CANCELLED:
        say("Cancelled.")
    return status


def _guarded(arguments: list[str]) -> int:
    try:
        return _run(arguments)
    except WorkbenchError as error:
        return _refuse(error.message, error.hint, arguments)
    except TyperException as error:
        return _refuse(_usage(error, arguments), _see_help(arguments), arguments)
    except (KeyboardInterrupt, typer.Abort):
        return CANCELLED
    except Exception as error:
        refused = refusal_of(error)
        if refused is not None:
            return _refuse(refused.message, refused.hint, arguments)
        return _tell_defect(error, arguments)


def _tell_defect(error: Exception, arguments: list[str]) -> int:
    say(f"This is a defect of the program (version {workbench.__version__}); please report it with these lines:")
    traceback.print_exception(error)
    report = report_defect(error, started_as(PROGRAM, arguments))
    if report is not None:
        say(f"More for the report, to be read before you send it: {report}")
    return DEFECT


def _run(arguments: list[str]) -> int:
    if not arguments or _is_path(arguments[0]):
        return _open_window(arguments)
    status = app(spread(arguments), prog_name=PROGRAM, standalone_mode=False)
    return status if isinstance(status, int) else DONE


def _is_path(argument: str) -> bool:
    return argument not in COMMANDS and argument not in GROUPS and not argument.startswith("-")


def _open_window(arguments: list[str]) -> int:
    from pathlib import Path

    if len(arguments) > 1 or (arguments and not Path(arguments[0]).exists()):
        raise WorkbenchError(
            f"{arguments[0]!r} is neither a command nor an existing path.",
            f"The commands are {', '.join((*COMMANDS, *GROUPS))}; to open the window give one network or session.",
        )
    return demo.window(arguments)


def _refuse(message: str, hint: str, arguments: list[str]) -> int:
    say(f"{PROGRAM}: {message} {hint}".strip())
    if "--json" in arguments:
        print_json({"schema": 1, "error": {"message": message, "hint": hint}})
    return UNUSABLE


def _usage(error: TyperException, arguments: list[str]) -> str:
    called = _called(arguments)
    command = f"{called}: " if called else ""
    text = " ".join(error.format_message().split())
    return f"{command}{text}" if text.endswith((".", "?", "!")) else f"{command}{text}."


def _see_help(arguments: list[str]) -> str:
    return f"See {' '.join(filter(None, (PROGRAM, _called(arguments))))} --help."


def _called(arguments: list[str]) -> str:
    """The command that was meant, with its group; "" where there is none."""
    name = arguments[0] if arguments else ""
    if name in GROUPS and len(arguments) > 1 and arguments[1] in GROUPS[name][1]:
        return f"{name} {arguments[1]}"
    return name if name in COMMANDS or name in GROUPS else ""


def _forgive_encodings() -> None:
    """Names may hold what the terminal cannot show; that must not end the program."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")

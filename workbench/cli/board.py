"""`board`: the boards that are described, whether they answer, what is wrong with them, and what runs there."""

import shlex
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from workbench.cli.board_run import board_run
from workbench.cli.console import harmless, print_json, run, tell, write_out
from workbench.cli.options import Common
from workbench.foundation.errors import SettingsError, WorkbenchError
from workbench.foundation.steps import Steps, drain

if TYPE_CHECKING:
    from workbench.sources.board.descriptions import Board
    from workbench.sources.board.doctor import Examined, Finding
    from workbench.sources.board.links import Link

T = TypeVar("T")
SYMBOLS = {"problem": "✖", "warning": "▲", "note": "○"}
UNKNOWN = "?"
BoardName = Annotated[
    str, typer.Argument(metavar="BOARD", help="Its name, or a link: adb:SERIAL, ssh:USER@HOST, local.")
]


@dataclass(frozen=True)
class Described:
    """What a board's description holds beside its link."""

    chip: Annotated[str, typer.Option(metavar="rk3588|…", help="Its chip.")] = ""
    folder: Annotated[str, typer.Option(metavar="DIR", help="Where it may be written; found out if absent.")] = ""
    set: Annotated[
        list[str] | None, typer.Option("--set", metavar="NAME=VALUE", help="A variable of what runs there.")
    ] = None
    command: Annotated[str, typer.Option(metavar="LINE", help="The line that runs a network there.")] = ""


def list_(common: Common) -> int:
    """The boards that are described, and those that adb sees now."""
    from workbench.sources.board.descriptions import broken_boards, described_boards

    boards, seen, unread = described_boards(), _seen(), broken_boards()
    rest = {link: state for link, state in seen.items() if link not in {board.link for board in boards}}
    if common.json:
        print_json({
            "schema": 1,
            "boards": [_document(board) for board in boards],
            "seen": [{"link": link, "state": state} for link, state in rest.items()],
            "unread": [{"message": error.message, "hint": error.hint} for error in unread],
        })  # fmt: skip
        return 0
    lines = [_row(board.name, board.link, board.chip, board.folder, seen.get(board.link, "")) for board in boards]
    lines += [_row("", link, "", "", f"{state}, not described") for link, state in rest.items()]
    lines += [f"✖ {error.message} {error.hint}" for error in unread]
    write_out("".join(f"{line}\n" for line in lines))
    if not lines:
        tell(common, "No board is described. Add one: rknn-workbench board add NAME LINK")
    return 0


def add(
    name: Annotated[str, typer.Argument(metavar="NAME", help="What it is called.")],
    link: Annotated[str, typer.Argument(metavar="LINK", help="adb:SERIAL, adb:HOST:PORT, ssh:USER@HOST, local.")],
    described: Described,
    common: Common,
) -> int:
    """Describe a board, or describe it anew."""
    from workbench.sources.board.descriptions import Board, describe_board

    board = Board(name, link, described.chip, described.folder, _variables(described.set or ()), described.command)
    path = describe_board(board)
    if common.json:
        print_json({"schema": 1, "board": _document(board), "file": str(path)})
    else:
        tell(common, f"{name} is described in {path}. Does it answer? rknn-workbench board test {shlex.quote(name)}")
    return 0


def remove(name: Annotated[str, typer.Argument(metavar="NAME", help="A described board.")], common: Common) -> int:
    """Forget a board; nothing on it is changed."""
    from workbench.sources.board.descriptions import BoardError, described_boards, forget_board

    board = next((board for board in described_boards() if board.name == name), None)
    if board is None:
        raise BoardError(f"There is no board {name!r}.", "See `rknn-workbench board list`.")
    forget_board(board)
    if common.json:
        print_json({"schema": 1, "removed": name})
    else:
        tell(common, f"{name} is forgotten.")
    return 0


def test(board: BoardName, common: Common) -> int:
    """Whether a board answers, and where it can be written."""
    from workbench.sources.board.doctor import reach

    reached = _on(board, reach, common)
    if common.json:
        print_json({"schema": 1, "board": board, **asdict(reached)})
    else:
        took, free = f"{reached.seconds * 1000:.0f} ms", f"{reached.free / 1e6:.0f} MB free"
        write_out(harmless(f"● {board} answers in {took}: {reached.name}, {reached.folder} with {free}") + "\n")
    return 0


def doctor(
    board: BoardName,
    common: Common,
    toolkit: Annotated[
        str, typer.Option("--toolkit", metavar="VERSION|none", help="The converting toolkit's; asked if absent.")
    ] = "",
) -> int:
    """What a board is, what is wrong with it, and the command that mends each thing; exit status 1 with a problem."""
    from workbench.sources.board.doctor import PROBLEM, examine

    version = "" if toolkit == "none" else toolkit or _toolkit_version(common)
    examined: Examined = _on(board, lambda link: examine(link, version), common)
    if common.json:
        found = [asdict(finding) for finding in examined.findings]
        print_json({"schema": 1, "board": board, "facts": dict(examined.facts), "findings": found})
    else:
        write_out(harmless("\n".join(_lines(examined))) + "\n")
    return 1 if any(finding.level == PROBLEM for finding in examined.findings) else 0


def times(
    session: Annotated[Path, typer.Argument(metavar="SESSION", help="Folder of a session.")],
    log: Annotated[Path, typer.Argument(metavar="LOG", help="Output of eval_perf, eval_perf.csv, a log of level 4.")],
    common: Common,
) -> int:
    """Lay the times that the board's tools told upon the rows of a session."""
    from workbench.cli.analyze import show
    from workbench.cli.limits import read_limits
    from workbench.cli.options import Limits
    from workbench.project.board.timing import keep_times
    from workbench.project.session import load_session
    from workbench.sources.board.times import read_times_file

    saved = load_session(session)
    results = keep_times(session, read_times_file(log))
    if results is None:
        raise WorkbenchError(f"{session} has no results yet; the times are kept for them.", "Run the session.")
    for text in results.warnings:
        tell(common, f"warning: {text}")
    return show(saved, results, read_limits(Limits()), common)


COMMANDS: dict[str, Callable[..., int]] = {
    "list": list_,
    "add": add,
    "remove": remove,
    "test": test,
    "doctor": doctor,
    "run": board_run,
    "times": times,
}


def _on(name: str, work: "Callable[[Link], Steps[T]]", common: Common) -> T:
    """Work on a board that is connected for it."""
    from workbench.cli.asking import Asked
    from workbench.sources.board.descriptions import board_of
    from workbench.sources.board.links import connect

    with connect(board_of(name), Asked()) as link:
        return run(work(link), common.quiet)


def _seen() -> dict[str, str]:
    """What adb sees, by link; nothing where there is no adb."""
    from workbench.sources.board.adb_server import adb_boards

    try:
        return {f"adb:{serial}": state for serial, state in adb_boards()}
    except WorkbenchError:
        return {}


def _toolkit_version(common: Common) -> str:
    """The version of the usual toolkit; "" where there is none, or it does not start."""
    from workbench.sources.toolkit.descriptions import usual_toolkit
    from workbench.sources.toolkit.host import look

    try:
        return drain(look(usual_toolkit())).version
    except WorkbenchError as error:
        tell(common, f"Whether the versions fit is not looked at: {error.message}")
        return ""


def _variables(texts: Iterable[str]) -> dict[str, str]:
    pairs = [text.partition("=") for text in texts]
    wrong = next((name for name, sign, _ in pairs if not sign or not name), None)
    if wrong is not None:
        raise SettingsError(f"--set {wrong!r} is no variable with a value.", "Write NAME=VALUE.")
    return {name: value for name, _, value in pairs}


def _document(board: "Board") -> Mapping[str, Any]:
    return {**asdict(board), "environment": dict(board.environment)}


def _row(name: str, link: str, chip: str, folder: str, state: str) -> str:
    return harmless(f"{name or '–':20} {link:32} {chip or UNKNOWN:10} {folder or '–':24} {state}".rstrip())


def _lines(examined: "Examined") -> Iterable[str]:
    width = max((len(title) for title in examined.facts), default=0)
    yield from (f"  {title:{width}}  {text}" for title, text in examined.facts.items())
    yield ""
    for finding in examined.findings:
        yield f"{SYMBOLS[finding.level]} {finding.title}"
        if finding.command:
            yield f"    {_where(finding)} {finding.command}"
    if not examined.findings:
        yield "● Nothing stands in the way."


def _where(finding: "Finding") -> str:
    return "here:" if finding.is_here else "there:"

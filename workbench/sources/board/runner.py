"""A network on a board: push it and its inputs, run a program that dumps each layer, pull the dumps, leave nothing.

Each row of inputs is one run. What a run that was cut off left there is removed by the next one.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from workbench.dump.formats import board as board_names
from workbench.foundation.errors import WorkbenchError
from workbench.foundation.files import cannot_write, write_text
from workbench.foundation.resources import resource
from workbench.foundation.steps import Event, Log, Steps, T, Warn, changed, part_of, without_logs
from workbench.sources import knowledge
from workbench.sources.board import commands
from workbench.sources.board.commands import COMMAND, KINDS, LITE2, RKNPU1, Command, Places
from workbench.sources.board.descriptions import Board
from workbench.sources.board.leftovers import PREFIX, run_folder, sweep
from workbench.sources.board.links import Finished, Link, LinkError
from workbench.sources.board.paths import Entry

__all__ = ["KINDS", "BoardRun", "Ran", "RunError", "dump_on", "planned"]

NETWORK, RUNNER, DUMPS, LOG = "model.rknn", "runner.py", "dumps", "board.log"
TRACE = "D RKNN:"
SHOWN = 40  # last lines of an error
SPARE = 8 << 20  # bytes that stay free on the board
KILLED, NOT_RUNNABLE, NOT_THERE = 137, 126, 127
HEADER = 64  # bytes before the values of a .npy, at least
SIZES = {
    "float": 4,
    "float32": 4,
    "float16": 2,
    "int8": 1,
    "uint8": 1,
    "int16": 2,
    "uint16": 2,
    "int32": 4,
    "int64": 8,
    "bool": 1,
}
EXPLAINING = ("cause", "symptom")
HERE = "…"  # for the eye: a folder of which the name is not known before the run


@dataclass(frozen=True)
class BoardRun:
    """What runs: a .rknn, and for each run a row of .npy files in the network's order, of four axes N, H, W, C.

    `kind` is one of KINDS, `command` what it needs (see `commands.words_of`). `is_native`: dump in the network's own
    types. `is_timed`: the first row once more, for the time of each layer. `needs`: bytes of one dump, as far as known.
    """

    model: Path
    rows: tuple[tuple[Path, ...], ...]
    kind: str = LITE2
    command: str = ""
    is_native: bool = False
    is_timed: bool = False
    needs: int = 0


@dataclass(frozen=True)
class Ran:
    """A folder of dumps for each row, what the programs printed, and what the timed run printed ("" without one)."""

    folders: tuple[Path, ...]
    lines: tuple[str, ...]
    times: str = ""


class RunError(WorkbenchError):
    """A program on a board that failed, or wrote no dumps; `lines` are the last that it printed."""

    def __init__(self, message: str, hint: str = "", lines: tuple[str, ...] = ()) -> None:
        super().__init__(message, hint)
        self.lines = lines

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.message, self.hint, self.lines)


@dataclass(frozen=True)
class _Log:
    """What ran and what it printed, for a file that is written however it ends."""

    path: Path
    lines: list[str] = field(default_factory=list)


def planned(run: BoardRun, board: Board, place: str = "") -> tuple[str, ...]:
    """The lines that will run on the board, for the eye; `place` is the folder that a link found to be writable."""
    commands.check(run.kind, run.command, len(run.rows[0]) if run.rows else commands.MOST_INPUTS)
    folder = str(PurePosixPath(place or board.folder or HERE) / f"{PREFIX}-{HERE}")
    rows = range(len(run.rows))
    made = [commands.dumping(run.kind, run.command, _places(folder, run, row), run.is_native) for row in rows]
    if run.is_timed and run.kind != RKNPU1 and made:
        made.insert(0, commands.timing(run.kind, run.command, _places(folder, run, 0)))
    return tuple(_with(board, command).line for command in made)


def dump_on(link: Link, run: BoardRun, out: Path) -> Steps[Ran]:
    """Run each row on the board; gives the pulled folders `out/0`, `out/1` …, and `out/board.log`.

    Closing the steps ends the program there. Whatever happens, the board's folder is removed; a folder in `out` is
    complete or absent. Raises RunError where a program fails, writes nothing, or a file that is too short.
    """
    commands.check(run.kind, run.command, len(run.rows[0]) if run.rows else commands.MOST_INPUTS)
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise cannot_write(out, error) from error
    place = link.workplace()
    yield from sweep(link, place)
    _check_space(link, run, place)
    log = _Log(out / LOG)
    try:
        with run_folder(link, place) as folder:
            yield from _prepared(link, run, folder)
            times = ""
            if run.is_timed and run.kind != RKNPU1:
                times = yield from _timed(link, run, folder, log)
            folders = []
            for row in range(len(run.rows)):
                yield from part_of(_dumped(link, run, folder, row, log, out / str(row)), row, len(run.rows))
                folders.append(out / str(row))
            return Ran(tuple(folders), tuple(log.lines), times)
    finally:
        write_text(log.path, "".join(f"{line}\n" for line in log.lines))


def _places(folder: str, run: BoardRun, row: int) -> Places:
    """Names of our own making: what the user's files are called never gets to the board."""
    inputs = (f"{folder}/input{row}-{number}{path.suffix}" for number, path in enumerate(run.rows[row]))
    return Places(folder, f"{folder}/{NETWORK}", tuple(inputs), f"{folder}/{DUMPS}{row}", f"{folder}/{RUNNER}")


def _prepared(link: Link, run: BoardRun, folder: str) -> Steps[None]:
    yield from link.push(run.model, f"{folder}/{NETWORK}")
    if run.kind == LITE2 or (run.kind == RKNPU1 and not run.command):
        yield from link.push(resource("board", "runner.py"), f"{folder}/{RUNNER}")


def _fed(link: Link, run: BoardRun, places: Places, row: int) -> Steps[None]:
    for path, remote in zip(run.rows[row], places.inputs, strict=True):
        yield from link.push(path, remote)


def _timed(link: Link, run: BoardRun, folder: str, log: _Log) -> Steps[str]:
    places = _places(folder, run, 0)
    yield from _fed(link, run, places, 0)
    finished = yield from _run(link, run, commands.timing(run.kind, run.command, places), log)
    return "\n".join(finished.lines)


def _dumped(link: Link, run: BoardRun, folder: str, row: int, log: _Log, out: Path) -> Steps[None]:
    places = _places(folder, run, row)
    link.make_folder(places.dumps)
    yield from _fed(link, run, places, row)
    command = commands.dumping(run.kind, run.command, places, run.is_native)
    finished = yield from _run(link, run, command, log)
    _check_dumps(link, [entry for entry in link.tree(places.dumps) if entry.is_file], run, finished)
    yield from link.pull(places.dumps, out)
    for path in (places.dumps, *places.inputs):  # room for the next row
        link.remove(path)


def _run(link: Link, run: BoardRun, command: Command, log: _Log) -> Steps[Finished]:
    """One program, its line said before it runs; its own lines, but for the thousands about each layer."""
    said = f"{link.name}$ {_with(link.board, command).line}"
    log.lines.append(said)
    yield Log(said)
    steps = link.run(command.words, folder=command.folder, environment=command.environment)
    try:
        finished = yield from without_logs(_heard(steps, log), lambda line: line.startswith(TRACE))
    except LinkError as error:
        raise RunError(error.message, error.hint, tuple(log.lines[-SHOWN:])) from error
    if finished.code != 0:
        raise _failure(link, run, finished, log.path)
    if known := _known(finished):
        yield Warn(known)
    return finished


def _heard(steps: Steps[T], log: _Log) -> Steps[T]:
    """The same steps; lines are kept also of a run that is cut off."""

    def keep(event: Event) -> Event:
        if isinstance(event, Log):
            log.lines.append(event.text)
        return event

    return changed(steps, keep)


def _with(board: Board, command: Command) -> Command:
    """With the variables that the board's description has for everything that runs there."""
    return Command(command.words, command.folder, {**board.environment, **command.environment})


def _check_space(link: Link, run: BoardRun, place: str) -> None:
    files = [run.model, *(path for row in run.rows for path in row)]
    needed = sum(path.stat().st_size for path in files) + run.needs + SPARE
    free = link.space(place)
    if free < needed:
        raise LinkError(
            f"{link.name} has {_mega(free)} MB free in {place}, and the run needs {_mega(needed)} MB.",
            "Free some room there, or name a folder with more room in the board's description, one of NFS for example.",
        )


def _check_dumps(link: Link, entries: Sequence[Entry], run: BoardRun, finished: Finished) -> None:
    """Refuse what is no dump: nothing at all, or files that the board could not write to their end."""
    last = finished.lines[-SHOWN:]
    if not entries:
        raise RunError(f"The program on {link.name} ended well and dumped no layer.", _what_dumps(run.kind), last)
    for entry in entries:
        size = _least(PurePosixPath(entry.name))
        if entry.size < size:
            raise RunError(
                f"{entry.name} was cut short on {link.name}: it has {entry.size} of at least {size} bytes.",
                "The board's disk may be full: free some room there, or name another folder in its description.",
                last,
            )


def _least(path: PurePosixPath) -> int:
    """The bytes that a whole file has at least, by the shape and type in its name."""
    name = board_names.parse_name(path.stem)
    if name is None or path.suffix != ".npy":
        return 1
    return HEADER + math.prod(name.shape) * SIZES.get(name.dtype, 1)


def _what_dumps(kind: str) -> str:
    if kind == RKNPU1:
        return "It must use the NPU in its own process: dumps of a server lie where that was started."
    if kind == COMMAND:
        return "It must run the network {model} once, and must not set RKNN_LOG_LEVEL or RKNN_DUMP_DIR itself."
    return "The runtime there may be too old to dump layers: `rknn-workbench board doctor` tells its version."


def _failure(link: Link, run: BoardRun, finished: Finished, log: Path) -> RunError:
    """A shell gives 128 and the number of a signal where one ended the program."""
    last = finished.lines[-SHOWN:]
    words = next((line.strip().rstrip(".") for line in reversed(last) if line.strip()), "")
    said = f"Its last words were: {words}. " if words else ""
    message = f"The program on {link.name} failed with exit code {finished.code}."
    return RunError(message, said + _what_helps(run, finished, log), last)


def _what_helps(run: BoardRun, finished: Finished, log: Path) -> str:
    if known := _known(finished):
        return known
    if finished.code in (NOT_RUNNABLE, NOT_THERE):
        return "Name the program that is to run there with its whole path, or install it on the board."
    if finished.code == KILLED:
        return "Memory may have run out there: stop other programs of the board, then try again."
    if run.kind == LITE2 and finished.code == 3:
        return "Install rknn-toolkit-lite2 there, or name the Python that has it, or choose another runner."
    return f"Everything that it printed is in {log}."


def _known(finished: Finished) -> str:
    """What is known of the program's lines, and what helps; "" for nothing that explains a failure."""
    found = knowledge.likeliest(finished.lines)
    is_cause = found is not None and found.known.kind in EXPLAINING
    return " ".join(knowledge.about(found)[1:]) if found is not None and is_cause else ""


def _mega(size: int) -> int:
    return math.ceil(size / 1e6)

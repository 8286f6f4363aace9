"""Links to boards: run commands there, watched line by line, and bring files there and back, complete or not at all."""

import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

from workbench.foundation.steps import Log, Progress, Steps, Warn
from workbench.sources.board.descriptions import ADB, LOCAL, Board
from workbench.sources.board.paths import Entry, quoted, remote_path, removable, shown
from workbench.sources.board.shell import Lines, run_line
from workbench.sources.board.talking import answer, mark, written
from workbench.sources.board.transfers import PULL, PUSH, listed, pulled_file, pulled_folder, pushed
from workbench.sources.board.wire import LinkError, Wire

__all__ = ["PULL", "PUSH", "RUN", "Entry", "Finished", "Link", "LinkError", "connect"]

RUN = "run"
"""With PUSH and PULL, the stages of the steps."""
MOST_KEPT = 1 << 26  # characters of the lines of a run that are kept
PLACES = ("/userdata", "/data/local/tmp", "$HOME", "/tmp")
"""Where a board may be written to, the likeliest first: Rockchip's Linux, Android, anything."""
FREE = re.compile(r"\s\d+\s+\d+\s+(\d+)\s+(?:\d+%|-)\s")  # of a line of `df -P`: used, blocks, free, percent

Ask = Callable[[str], str]


@dataclass(frozen=True)
class Finished:
    """How a command on a board ended: its exit code (128 + n for signal n) and its lines, both streams as one."""

    code: int
    lines: tuple[str, ...] = field(default=())


class Link:
    """An open connection to a board; a context manager. Every call raises LinkError with what to do.

    One thread at a time, never the GUI's. Long work is steps; closing them stops it on the board too.
    Paths on the board start at its root.
    """

    def __init__(self, wire: Wire, board: Board) -> None:
        self.name, self.board = wire.name, board
        self._wire = wire

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the board."""
        self._wire.close()

    def run(
        self,
        command: Sequence[str],
        *,
        folder: str = "",
        environment: Mapping[str, str] | None = None,
        limit: float | None = None,
    ) -> Steps[Finished]:
        """Run a command, word by word as given; Log of each line. Closing kills it and all that it started.

        So does a connection that breaks, as soon as the board notices. After `limit` seconds it is killed too, and
        a LinkError raised. `environment` comes on top of the board's own variables.
        """
        word = mark()
        line = run_line(command, folder, {**self.board.environment, **(environment or {})}, word)
        kept, size, lines = [], 0, Lines()
        with closing(written(self._wire, line, word, limit, shown(command[0]))) as chunks:
            code = None
            while code is None:
                try:
                    chunk = next(chunks)
                    found = lines.cut(chunk or b"")
                except StopIteration as stop:
                    code, found = int(stop.value), lines.rest()
                if not found:
                    yield Progress(RUN, 0, 0)
                for text in found:
                    size += len(text) + 1
                    if size <= MOST_KEPT:
                        kept.append(text)
                    yield Log(text)
        if size > MOST_KEPT:
            yield Warn(f"{shown(command[0])} wrote more than is kept: its last lines are only in the log.")
        return Finished(code, tuple(kept))

    def push(self, local: Path, remote: str) -> Steps[None]:
        """Bring a local file there; it has its name only when it is complete. Progress in bytes."""
        return pushed(self._wire, local, remote)

    def pull(self, remote: str, local: Path) -> Steps[Path]:
        """Bring a file or a folder here, into `local`, which appears only when all of it is complete.

        A file takes the place of an older one; a folder needs a new name. Links and devices are left there with a
        Warn. Progress in bytes. Raises LinkError when the board changes a file meanwhile.
        """
        source = remote_path(remote)
        kind = self._kind(source)
        if kind == "folder":
            yield from pulled_folder(self._wire, source, local)
        elif kind == "file":
            yield from pulled_file(self._wire, source, local)
        else:
            words = f"{shown(source)} is not on {self.name}."
            raise LinkError(words, "Check the path; a program that failed may have written nothing.")
        return local

    def listing(self, remote: str) -> tuple[Entry, ...]:
        """What is in a folder, by name; hidden files too."""
        return listed(self._wire, remote, is_deep=False)

    def tree(self, remote: str) -> tuple[Entry, ...]:
        """All that is in a folder and below, by name; names are paths from it."""
        return listed(self._wire, remote, is_deep=True)

    def has(self, remote: str) -> bool:
        """Whether there is a file or a folder of this name."""
        return bool(self._kind(remote_path(remote)))

    def make_folder(self, remote: str) -> None:
        """Make a folder and those above it; nothing happens when it is there."""
        answer(self._wire, f"mkdir -p {quoted(remote)}")

    def remove(self, remote: str) -> None:
        """Remove a file or a folder with all in it; nothing happens when it is not there."""
        answer(self._wire, f"rm -rf {quoted(removable(remote))}")

    def space(self, remote: str) -> int:
        """The free bytes of the file system of a folder."""
        said = answer(self._wire, f"df -Pk {quoted(remote)}").decode("utf-8", "replace").splitlines()
        free = FREE.search(said[-1] + " ") if said else None
        if free is None:
            words = f"{self.name} does not say how much room there is in {shown(remote)}."
            raise LinkError(words, "Check `df` on the board.")
        return int(free[1]) * 1024

    def workplace(self) -> str:
        """A folder that can be written: the board's own if it names one, else the usual one with most room."""
        if self.board.folder:
            return remote_path(self.board.folder)
        tries = "; ".join(f'[ -d "{place}" ] && [ -w "{place}" ] && echo "{place}"' for place in PLACES)
        said = answer(self._wire, f"{tries}; true").decode("utf-8", "replace").splitlines()
        found = [remote_path(line) for line in said if line.startswith("/")]
        if not found:
            raise LinkError(f"No usual folder of {self.name} can be written.", "Name one in the board's description.")
        return max(found, key=self.space)

    def _kind(self, path: str) -> str:
        place = quoted(path)
        text = f"if [ -d {place} ]; then echo folder; elif [ -f {place} ]; then echo file; fi"
        return answer(self._wire, text).decode("ascii", "replace").strip()


def connect(board: Board, ask: Ask | None = None) -> Link:
    """Open the link of a board.

    `ask` gives a password or passphrase for a question, or "yes" to a host's key; without it, what would have to be
    asked is refused with a sentence. Nothing that it gives is stored, but for a key that was agreed to.
    """
    kind, _, address = board.link.partition(":")
    if kind == LOCAL:
        from workbench.sources.board.local import LocalWire

        return Link(LocalWire(board.name), board)
    if kind == ADB:
        from workbench.sources.board.adb import adb_wire

        return Link(adb_wire(board.name, address), board)
    from workbench.sources.board.ssh import ssh_wire

    return Link(ssh_wire(board.name, address, ask), board)

"""Child processes: what they write, line by line, and their end, which always is the end of their whole group."""

import json
import os
import selectors
import signal
import subprocess
import time
from collections import deque
from collections.abc import Generator, Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workbench.foundation.errors import WorkbenchError
from workbench.foundation.variables import for_others

BEAT = 0.1  # seconds after which a silent child is not waited for any longer without a yield
LAST = 40  # lines that are kept for an error
CHUNK = 1 << 16
OUT, ERR = "out", "err"
ELSEWHERE = "Use Linux or macOS; on Windows, its subsystem for Linux (WSL)."


@dataclass(frozen=True, slots=True)
class Line:
    """What a child wrote, without its end; `stream` is "out" or "err".

    A carriage return ends a line as well: so do progress bars. `is_whole` False: it has not ended yet.
    """

    stream: str
    text: str
    is_whole: bool = True


@dataclass(frozen=True)
class Finished:
    """How a child ended: its exit code, or the signal's name; `last` are the last lines it wrote, of both streams.

    `is_hung`: it was ended because it wrote nothing for too long.
    """

    code: int
    signal: str = ""
    last: tuple[str, ...] = ()
    is_hung: bool = False


Lines = Generator[Line | None, None, Finished]
"""None is a sign of life: nothing was written in the last tenth of a second."""


def told(line: Line | None) -> dict[str, Any]:
    """The JSON object that a worker says in a line of its standard output; empty where it says nothing of the kind."""
    if line is None or line.stream != OUT or not line.is_whole:
        return {}
    with suppress(ValueError, RecursionError):
        found = json.loads(line.text)
        return found if isinstance(found, dict) else {}
    return {}


class ProcessError(WorkbenchError):
    """A program that cannot be started."""


def lines_of(
    command: Sequence[str],
    *,
    folder: Path | None = None,
    environment: Mapping[str, str] | None = None,
    silence: float | None = None,
    is_tied: bool = False,
) -> Lines:
    """What a program writes while it runs, then how it ended; closing the generator kills it and all it started.

    `environment` is its whole environment. After `silence` seconds without a word it is ended as hung. A tied child
    has a standard input that ends when this process does, however that comes about; another has an empty one.
    """
    if not hasattr(os, "killpg"):  # Windows
        raise ProcessError(f"{command[0]} cannot be run on this system: it has no process groups.", ELSEWHERE)
    with ExitStack() as ends:
        child = _started(command, folder, environment, is_tied)
        ends.callback(_end, child)
        reader = _Reader(child)
        ends.callback(reader.close)
        is_hung = yield from _read(child, reader, silence)
    return Finished(child.returncode, _signal_name(child.returncode), tuple(reader.last), is_hung)


def _started(
    command: Sequence[str], folder: Path | None, environment: Mapping[str, str] | None, is_tied: bool
) -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(
            list(command),
            cwd=folder,
            env=for_others(environment),
            stdin=subprocess.PIPE if is_tied else subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise ProcessError(
            f"{command[0]} cannot be started: {reason}.", "Check that it is there and can run."
        ) from error


def _read(
    child: subprocess.Popen[bytes], reader: "_Reader", silence: float | None
) -> Generator[Line | None, None, bool]:
    """All its lines until it has ended; gives whether it was given up."""
    heard = time.monotonic()
    while True:
        lines = reader.lines(BEAT)
        yield from lines
        if lines:
            heard = time.monotonic()
            continue
        if _has_ended(child):  # what it started may hold the pipes still
            yield from reader.rest()
            return False
        if silence is not None and time.monotonic() - heard > silence:
            return True
        yield None


class _Reader:
    """Both streams of a child, cut into lines."""

    def __init__(self, child: subprocess.Popen[bytes]) -> None:
        self.last: deque[str] = deque(maxlen=LAST)
        self._selector = selectors.DefaultSelector()
        self._parts = {OUT: b"", ERR: b""}
        self._told = {OUT: b"", ERR: b""}  # the unfinished lines that were yielded
        for name, stream in ((OUT, child.stdout), (ERR, child.stderr)):
            assert stream is not None
            self._selector.register(stream, selectors.EVENT_READ, name)

    def lines(self, patience: float) -> list[Line]:
        """The lines that came by now; the beginning of one when no more comes."""
        if not self._selector.get_map():
            time.sleep(patience)
            return []
        found: list[Line] = []
        ready = self._selector.select(patience)
        for key, _events in ready:
            chunk = os.read(key.fd, CHUNK)
            if not chunk:
                self._selector.unregister(key.fileobj)
            found += self._cut(key.data, chunk)
        return found if ready else self._begun()

    def rest(self) -> list[Line]:
        """What was written last, with or without an end."""
        found: list[Line] = []
        while self._selector.get_map() and self._selector.select(0):
            found += self.lines(0)
        return found + [line for name in self._parts for line in self._cut(name, b"\n")]

    def close(self) -> None:
        self._selector.close()

    def _cut(self, name: str, chunk: bytes) -> list[Line]:
        *whole, self._parts[name] = (self._parts[name] + chunk).replace(b"\r", b"\n").split(b"\n")
        self._told[name] = b"" if whole else self._told[name]
        texts = [part.decode("utf-8", "replace") for part in whole if part.strip()]
        self.last.extend(texts)
        return [Line(name, text) for text in texts]

    def _begun(self) -> list[Line]:
        changed = [name for name, part in self._parts.items() if part.strip() and part != self._told[name]]
        self._told.update({name: self._parts[name] for name in changed})
        return [Line(name, self._parts[name].decode("utf-8", "replace"), is_whole=False) for name in changed]


def _has_ended(child: subprocess.Popen[bytes]) -> bool:
    """Whether it has ended, without taking its exit code: as long as nobody does, no other process gets its number."""
    if not hasattr(os, "waitid"):  # macOS before Python 3.13; what the child started keeps the number of its group
        return child.poll() is not None
    return os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


def _end(child: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGKILL)  # its group has its number: it began a session
    child.wait()  # only now its number is given free
    for stream in (child.stdin, child.stdout, child.stderr):
        if stream is not None:
            with suppress(OSError):
                stream.close()


def _signal_name(code: int) -> str:
    if code >= 0:
        return ""
    try:
        return signal.Signals(-code).name
    except ValueError:
        return f"signal {-code}"

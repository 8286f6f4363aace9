"""Processes that end without a word, as those do that a library crashes: what Python can still write is found later.

Each process that is watched holds a file of its own, into which `faulthandler` writes when the end comes. It goes with
an orderly end. One that is left and that nobody holds is that of a crash where it has a trace; without one the process
was killed, or the machine went off, and nothing is said of it.
"""

import faulthandler
import os
import re
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO

import workbench
from workbench.foundation.crashes import crashes_folder, write_report
from workbench.foundation.errors import WorkbenchError

YOUNG = 60.0  # seconds in which a file without a trace may be that of a process that is about to hold it
MOST = 1 << 20  # characters of a file that are looked at
TRACE = re.compile(r"^(?:Fatal Python error|Windows fatal exception)", re.MULTILINE)


@dataclass(frozen=True)
class Crash:
    """A process that ended without a word; `report` is for the user to read."""

    report: Path
    when: datetime


class Watch:
    """The file of a process that is watched."""

    def __init__(self, file: IO[str]) -> None:
        self._file = file

    def note(self, text: str) -> None:
        """Keep a line for the report, should there be one."""
        with suppress(OSError, ValueError):  # no room, or closed: it was for a report only
            self._file.write(" ".join(text.split()) + "\n")


@contextmanager
def watched(started: str) -> Iterator[Watch | None]:
    """Watch this process until the block ends; None where no file can be written or held."""
    file = _opened(started)
    if file is None:
        yield None
        return
    was_enabled = faulthandler.is_enabled()
    faulthandler.enable(file)
    try:
        yield Watch(file)
    finally:
        faulthandler.disable()
        if was_enabled:
            enable_on_terminal()
        _remove(file)


def enable_on_terminal() -> None:
    """Let a crash say on standard error where it came from, if there is a standard error."""
    with suppress(OSError, ValueError, RuntimeError, AttributeError):
        faulthandler.enable()


def crashes_before(process: int = 0) -> tuple[Crash, ...]:
    """Reports of the processes that have crashed, or of this one, and that nobody has asked for yet."""
    found = (_report_of(path) for path in sorted(crashes_folder().glob(f"running-{process or '*'}-*.txt")))
    return tuple(crash for crash in found if crash is not None)


def _opened(started: str) -> IO[str] | None:
    path = crashes_folder() / f"running-{os.getpid()}-{uuid.uuid4().hex[:8]}.txt"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = path.open("x", encoding="utf-8", errors="backslashreplace", buffering=1)
    except OSError:
        return None
    try:
        _hold(file)
        file.write(f"{started} (version {workbench.__version__})\n")
    except OSError:
        _remove(file)
        return None
    return file


def _hold(file: IO[str]) -> None:
    """Hold a file for as long as it is open, whatever ends this process; `OSError` where somebody else does.

    On Windows nobody can rename what another process has open: `_report_of` needs no more.
    """
    if sys.platform != "win32":
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _remove(file: IO[str]) -> None:
    for end in (file.close, Path(file.name).unlink):
        with suppress(OSError):  # no room for its last line, or the drive is gone
            end()


def _report_of(path: Path) -> Crash | None:
    """The report of the process that left this file; None where it lives, or left no trace."""
    taken = path.with_name(f".taken-{uuid.uuid4().hex}")
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            _hold(file)
            content, changed = file.read(MOST), os.fstat(file.fileno()).st_mtime
        trace = TRACE.search(content)
        if trace is not None:
            path.replace(taken)  # whoever comes second finds nothing
        elif time.time() - changed > YOUNG:
            path.unlink()
    except OSError:
        return None
    return None if trace is None else _told(path, taken, content[: trace.start()], content[trace.start() :], changed)


def _told(path: Path, taken: Path, before: str, trace: str, changed: float) -> Crash | None:
    started, _, said = before.partition("\n")
    when = datetime.fromtimestamp(changed).astimezone()
    parts = {"Trace": trace, "What was said last": said}
    try:
        report = write_report(f"ended abruptly: {trace.partition(chr(10))[0]}", when, started, parts)
    except WorkbenchError:
        with suppress(OSError):
            taken.replace(path)  # for another time
        return None
    with suppress(OSError):
        taken.unlink()
    return Crash(report, when)

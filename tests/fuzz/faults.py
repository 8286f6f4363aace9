"""A disk that is full, may not be written, or goes away, from any moment of the program's work on.

`python -m tests.fuzz.faults OPERATION FAULT FOLDER [EVERY]` does an operation again and again; the first write fails,
then the second, … (with EVERY only each so manieth). A line of JSON for each time: {"at", "trace"}, trace "" where the
work ended well or with a sentence, and the session is as good as before.
"""

import errno
import json
import os
import shutil
import sys
import tempfile
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.fuzz.operations import OF_PLANS, OPERATIONS, OUT, prepared, state_of
from workbench.foundation.errors import refusal_of
from workbench.project.prepared import forget

TEMPORARY = "tmp"
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
CHANGES = ("os.rename", "os.mkdir", "os.link", "os.symlink", "tempfile.mkstemp", "tempfile.mkdtemp")
FAULTS = {"full": errno.ENOSPC, "readonly": errno.EROFS, "gone": errno.ESTALE}


class Disk:
    """Counts what is asked of a folder, and fails from the moment on that it is told."""

    def __init__(self, folder: Path, fault: str) -> None:
        self._folder, self._fault = str(folder.resolve()), fault
        self.asked, self._from = 0, -1
        sys.addaudithook(self._look)

    @property
    def is_gone(self) -> bool:
        """Nothing can be removed from what is not there."""
        return self._fault == "gone"

    @contextmanager
    def failing(self, moment: int) -> Iterator[None]:
        """Inside the block all fails that is asked after so many questions."""
        self.asked, self._from = 0, moment
        try:
            yield
        finally:
            self._from = -1

    def _look(self, event: str, arguments: tuple[object, ...]) -> None:
        if self._from < 0 or not self._is_meant(event, arguments):
            return
        self.asked += 1
        if self.asked > self._from:
            number = FAULTS[self._fault]
            raise OSError(number, os.strerror(number), str(arguments[0]))

    def _is_meant(self, event: str, arguments: tuple[object, ...]) -> bool:
        path = arguments[0] if arguments else None
        if not isinstance(path, str | bytes | os.PathLike) or not os.fsdecode(path).startswith(self._folder):
            return False
        if event in CHANGES or (self._fault == "gone" and event in ("os.listdir", "os.scandir", "os.remove")):
            return True
        return event == "open" and (self._fault == "gone" or _is_write(arguments))


def main(name: str, fault: str, place: Path, every: int = 1) -> None:
    """Let the operation meet the fault at every moment of its work."""
    before, work = place / "before", place / "work"
    prepared(before)
    if name.removeprefix("export-") in OF_PLANS:
        OPERATIONS["analyze"](before)
    (before / OUT).mkdir(exist_ok=True)
    (before / TEMPORARY).mkdir()
    tempfile.tempdir = str(work / TEMPORARY)
    disk, moment = Disk(work, fault), 0
    while True:
        trace, is_over = _tried(name, disk, moment, (before, work))
        print(json.dumps({"at": moment, "trace": trace}), flush=True)
        if is_over:
            return
        moment += every


def _tried(name: str, disk: Disk, moment: int, places: tuple[Path, Path]) -> tuple[str, bool]:
    """What went wrong, and whether the work came to its end before the moment."""
    before, work = places
    shutil.rmtree(work, ignore_errors=True)
    shutil.copytree(before, work)
    forget()
    try:
        with disk.failing(moment):
            OPERATIONS[name](work)
    except Exception as error:  # noqa: BLE001 - it is told
        if refusal_of(error) is None:
            return traceback.format_exc()[-2500:], False
    is_over = disk.asked <= moment
    try:
        first, after = state_of(before), state_of(work)
        assert first.exports.keys() <= after.exports.keys(), "an export is gone"
        left = [path.name for path in work.rglob("*.part")]
        assert disk.is_gone or not left, f"half-written files stay: {left}"
    except Exception:  # noqa: BLE001 - it is told
        return traceback.format_exc()[-2500:], is_over
    return "", is_over


def _is_write(arguments: tuple[object, ...]) -> bool:
    _, mode, flags = (*arguments, None, None, None)[:3]
    if isinstance(mode, str):
        return any(letter in mode for letter in "wax+")
    return isinstance(flags, int) and bool(flags & WRITING)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], Path(sys.argv[3]), *map(int, sys.argv[4:]))

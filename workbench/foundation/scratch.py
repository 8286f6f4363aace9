"""Temporary folders of this program. One that is killed leaves its own behind: the next one removes them.

Which are left shows a lock in each, which goes with its process; those of other users and programs are never touched.
"""

import os
import shutil
import stat
import sys
import tempfile
import time
import weakref
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from workbench.foundation.file_lock import lock
from workbench.foundation.files import cannot_write

PREFIX, IN_USE = "rknn-workbench-", ".in-use"
YOUNG_S = 60
"""A folder that has just been made may not be locked yet."""


class Scratch:
    """A folder in the system's place for such; it goes with `close`, or at the end of the process.

    Raises WorkbenchError where none can be made.
    """

    def __init__(self) -> None:
        remove_left()
        try:
            self.path = Path(tempfile.mkdtemp(prefix=PREFIX))
            self._handle = os.open(self.path / IN_USE, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise cannot_write(Path(error.filename or os.curdir), error) from error
        with suppress(OSError):  # where there are no locks nothing is ever removed
            lock(self._handle)
        self._end = weakref.finalize(self, _remove, self.path, self._handle)

    def close(self) -> None:
        """Remove it with all that is in it."""
        self._end()

    def keep(self) -> None:
        """It stays, for the user to look into."""
        if self._end.detach() is not None:
            os.close(self._handle)
            (self.path / IN_USE).unlink(missing_ok=True)


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """A temporary folder for the time of the block."""
    scratch = Scratch()
    try:
        yield scratch.path
    finally:
        scratch.close()


def remove_left() -> None:
    """Remove the folders of processes that ended without doing so; never raises."""
    with suppress(OSError):
        for place in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
            with suppress(OSError):
                _remove_if_left(place)


def _remove_if_left(place: Path) -> None:
    found = place.lstat()  # not followed where it is a link
    is_ours = stat.S_ISDIR(found.st_mode) and (sys.platform == "win32" or found.st_uid == os.getuid())
    if not is_ours or time.time() - found.st_mtime < YOUNG_S:
        return
    handle = os.open(place / IN_USE, os.O_RDWR | getattr(os, "O_NOFOLLOW", 0))
    try:
        lock(handle)
    except OSError:
        os.close(handle)
        raise
    _remove(place, handle)


def _remove(place: Path, handle: int) -> None:
    """Let go of a folder and delete it: on Windows what is open cannot be."""
    os.close(handle)
    shutil.rmtree(place, ignore_errors=True)

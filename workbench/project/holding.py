"""Who may write into a session's folder: one program at a time, for as long as it lives.

The system's own lock on `session.lock` says so: it goes with its process, however that ends, and on a network drive it
counts for other hosts where the drive has locks. Where there are none, and in folders that cannot be written, nobody
holds anything and all goes on without.
"""

import json
import multiprocessing
import os
import platform
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from workbench.foundation.errors import SessionError
from workbench.foundation.file_lock import OTHERS, lock
from workbench.foundation.files import UNREADABLE

FILE = "session.lock"
TRIES = 10
PAUSE_S = 0.02
"""Between two tries: whoever has just taken a session needs that long to sign."""
HINT = "Close that window or wait until that command has ended, or work on a copy of the session."


class SessionHeldError(SessionError):
    """A session that another program has open or works on."""


@dataclass(frozen=True)
class Holder:
    """A process, and the one that started it to compute for itself (0: nobody)."""

    process: int
    parent: int
    host: str

    @property
    def is_ours(self) -> bool:
        """Whether it is this process, one that works for it, or one that it works for."""
        own = _this_process()
        return own.host == self.host and bool({own.process, own.parent} & {self.process, self.parent} - {0})


@dataclass
class _Hold:
    """An open, locked file, and how many in this process rely on it."""

    path: Path
    handle: int
    count: int = 1


_held: dict[Path, _Hold] = {}
_guard = threading.Lock()


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """Nobody else writes into `folder` inside the block; it is made if missing.

    Raises SessionHeldError where another program has it. May be used inside itself, and by processes that work for the
    one that has the session.
    """
    is_held = hold(folder)
    try:
        yield
    finally:
        if is_held:
            let_go(folder)


def hold(folder: Path) -> bool:
    """Have a session until `let_go`, once for each call; False where that is impossible or our own process has it.

    Its folder is made if missing. Raises SessionHeldError where another program has it.
    """
    with suppress(OSError):  # whoever writes says why that is impossible
        folder.mkdir(parents=True, exist_ok=True)
    place = _place(folder)
    with _guard:
        if place in _held:
            _held[place].count += 1
            return True
        handle = _locked(place / FILE)
        if handle is not None:
            _held[place] = _Hold(place / FILE, handle)
        return handle is not None


def let_go(folder: Path) -> None:
    """What `hold` took is not needed any more."""
    place = _place(folder)
    with _guard:
        found = _held.get(place)
        if found is not None:
            found.count -= 1
            if not found.count:
                del _held[place]
                _release(found.path, found.handle)


def is_untouched(folder: Path) -> bool:
    """Whether a folder is not there, or has nothing but what a program left that had it and is gone."""
    if not os.path.lexists(folder):
        return True
    try:
        names = {path.name for path in folder.iterdir()}
    except OSError:
        return False
    if names != {FILE} or _place(folder) in _held:
        return not names
    try:
        is_had = hold(folder)
    except SessionHeldError:
        return False
    if is_had:
        let_go(folder)
    return is_had


def _place(folder: Path) -> Path:
    """The folder itself, whatever links lead to it; never raises."""
    return Path(os.path.realpath(folder))


def _locked(path: Path) -> int | None:
    """The open file with our lock and signature; None where there can be none, or a process of ours has it."""
    for _ in range(TRIES):
        handle = _opened(path)
        if handle is None:
            return None
        try:
            lock(handle)
        except OSError as error:
            if error.errno not in OTHERS:
                _release(path, handle)
                return None
            os.close(handle)
            if (holder := _holder(path)) is not None:
                _refuse_other(holder, path.parent)
                return None
            time.sleep(PAUSE_S)
            continue
        if _is_there(path, handle):
            return handle if _signed(path, handle) else None
        os.close(handle)  # it was removed by who had it just now
    raise SessionHeldError(f"{path.parent} is in use by another RKNN Workbench.", HINT)


def _refuse_other(holder: Holder, folder: Path) -> None:
    if not holder.is_ours:
        raise SessionHeldError(
            f"{folder} is in use by another RKNN Workbench (process {holder.process} on {holder.host}).", HINT
        )


def _opened(path: Path) -> int | None:
    for flags in (os.O_RDWR | os.O_CREAT, os.O_RDONLY):  # what cannot be written may be in use all the same
        with suppress(OSError):
            return os.open(path, flags, 0o666)
    return None


def _signed(path: Path, handle: int) -> bool:
    """Write who has it; without, nobody would know their own lock, so it is given up where that fails."""
    try:
        os.ftruncate(handle, 0)
        os.write(handle, json.dumps(asdict(_this_process())).encode())
    except OSError:
        _release(path, handle)
        return False
    return True


def _release(path: Path, handle: int) -> None:
    """Remove the file while nobody else can have it, then unlock; on Windows, where it is open, afterwards."""
    with suppress(OSError):
        if _is_there(path, handle):
            path.unlink()
    with suppress(OSError):
        os.close(handle)
    if sys.platform == "win32":
        with suppress(OSError):
            path.unlink()


def _is_there(path: Path, handle: int) -> bool:
    """Whether an open file still has its name."""
    try:
        return os.path.samestat(path.stat(), os.fstat(handle))
    except OSError:
        return False


def _holder(path: Path) -> Holder | None:
    """Who has signed; None where that is not done yet, or not any more."""
    with suppress(*UNREADABLE):
        said = json.loads(path.read_bytes())
        return Holder(int(said["process"]), int(said["parent"]), str(said["host"]))
    return None


def _this_process() -> Holder:
    parent = multiprocessing.parent_process()
    return Holder(os.getpid(), (parent.pid or 0) if parent else 0, platform.node())

"""Folders of runs on a board: their names tell whose they are, so that what a cut run left is found and removed."""

import hashlib
import os
import platform
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath

from workbench.foundation.settings import settings_folder
from workbench.foundation.steps import Log, Steps
from workbench.sources.board.links import Link, LinkError

PREFIX = "rknn-workbench"
NAME = re.compile(PREFIX + r"-([0-9a-f]{8})-(\d{1,10})-([0-9a-f]{8})-[0-9a-f]{8}")
REMOVED = "Removed {0} from the board: an earlier run was cut off."
_active: set[str] = set()
"""Those of this process that are in use."""


@contextmanager
def run_folder(link: Link, place: str) -> Iterator[str]:
    """A new folder for one run on the board; it is gone afterwards, unless the board is."""
    name = f"{PREFIX}-{_user()}-{os.getpid()}-{_birth(os.getpid())}-{secrets.token_hex(4)}"
    path = str(PurePosixPath(place) / name)
    _active.add(name)
    try:
        link.make_folder(path)
        yield path
    finally:
        with suppress(LinkError):  # a cable that was pulled: the next run removes it, see `sweep`
            link.remove(path)
        _active.discard(name)


def sweep(link: Link, place: str) -> Steps[None]:
    """Remove folders of runs that this user began on this computer and that no process of ours works with any more."""
    for entry in link.listing(place):
        found = NAME.fullmatch(entry.name)
        if entry.is_folder and found is not None and found[1] == _user() and not _is_alive(entry.name, found):
            link.remove(str(PurePosixPath(place) / entry.name))
            yield Log(REMOVED.format(entry.name))


def _is_alive(name: str, found: re.Match[str]) -> bool:
    number = int(found[2])
    return name in _active if number == os.getpid() and found[3] == _birth(number) else _birth(number) == found[3]


def _user() -> str:
    """Eight letters for this user, with these settings, on this computer."""
    machine = ""
    with suppress(OSError):
        machine = Path("/etc/machine-id").read_text(encoding="ascii", errors="replace").strip()
    own = os.getuid() if hasattr(os, "getuid") else os.environ.get("USERNAME", "")
    return _short(f"{platform.node()} {machine} {own} {settings_folder().absolute()}")


def _birth(process: int) -> str:
    """Eight letters for one process in all the time that the computer exists; zeros for one that is not there."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii")
        begun = Path(f"/proc/{process}/stat").read_text(errors="replace").rpartition(")")[2].split()[19]
    except FileNotFoundError:
        return "0" * 8 if Path("/proc/self/stat").exists() else _without_proc(process)
    except (OSError, IndexError):
        return "0" * 8
    return _short(f"{boot} {begun}")


def _without_proc(process: int) -> str:
    try:
        os.kill(process, 0)
    except PermissionError:
        return "f" * 8
    except OSError:
        return "0" * 8
    return "f" * 8


def _short(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:8]

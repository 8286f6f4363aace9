"""The HDF5 side of dump files: datasets in one piece, written and found without h5py's costlier conveniences.

h5py takes a tenth of a second to import, so the functions do it.
"""

import errno
import math
import os
import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

import numpy as np

from workbench.dump.index import BadIndexError, Entry, from_json
from workbench.foundation.errors import DumpError

os.environ.setdefault("HDF5_USE_FILE_LOCKING", "FALSE")  # read when h5py is imported; locks fail on network drives

if TYPE_CHECKING:
    import h5py

INDEX = b"index"
ALIGNMENT = 64  # of a tensor in the file, so that a mapped array is aligned
AGAIN = "Compute or copy it again."
MOST_KEPT = 16  # indexes in memory
SETTLED = 30_000_000  # ns; file systems tell times in steps of up to 10 ms

Stamp = tuple[int, int, int, int, str]
_read: dict[Stamp | None, "Contents"] = {}
_lock = Lock()


class TranslatedErrors:
    """Makes an `OSError` with a number of what HDF5 reports as text when a disk is full."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, OSError | RuntimeError):
            found = re.search(r"errno = (\d+)", str(error))
            number = int(found[1]) if found else getattr(error, "errno", None) or errno.EIO
            raise OSError(number, os.strerror(number)) from error


def create(path: Path) -> "h5py.File":
    """A new, empty file for writing."""
    import h5py

    path.unlink()  # ext4 writes a file that was truncated to disk when it is closed; a new one it does not
    with TranslatedErrors():
        return h5py.File(path, "x", libver="latest", alignment_threshold=1, alignment_interval=ALIGNMENT)


def place(file: "h5py.File", name: bytes, values: np.ndarray) -> int | None:
    """Make a dataset in one piece and give its place in the file, None for one without values.

    The caller writes the values there before the file is closed.
    """
    import h5py

    with TranslatedErrors():
        space = h5py.h5s.create_simple(values.shape) if values.ndim else h5py.h5s.create(h5py.h5s.SCALAR)
        dataset = h5py.h5d.create(file.id, name, _type(values.dtype), space, _in_one_piece())
        offset: int | None = dataset.get_offset() if values.size else None
        return offset


@cache
def _type(dtype: np.dtype[Any]) -> Any:
    import h5py

    return h5py.h5t.py_create(dtype)


@cache
def _in_one_piece() -> Any:
    """The properties of datasets that have their place in the file at once, and are written whole."""
    import h5py

    properties = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    properties.set_alloc_time(h5py.h5d.ALLOC_TIME_EARLY)
    properties.set_fill_time(h5py.h5d.FILL_TIME_NEVER)
    return properties


def open_file(path: Path) -> "h5py.File":
    """A file for reading; a `DumpError` says why it is none."""
    import h5py

    if not path.is_file():
        raise DumpError(f"There is no dump {path}.", "Check the path, or run the analysis again.")
    try:
        return h5py.File(path, "r")
    except (OSError, RuntimeError) as error:
        if isinstance(error, PermissionError):
            raise unreadable(path, "permission denied") from error
        raise unreadable(path, "it is not an HDF5 file, or writing it was interrupted") from error


@dataclass(frozen=True)
class Contents:
    """What a dump file holds: its `info`, the entries in order, and where those are whose place is known."""

    info: Mapping[str, Any]
    entries: Sequence[Entry]
    places: Mapping[int, int]


def read_contents(path: Path) -> Contents:
    """The index of a dump file, from memory where it was read before and has not changed since."""
    stamp = _stamp(path) if path.is_file() else None
    with _lock:
        found = _read.get(stamp)
    if found is None or stamp is None:
        with open_file(path) as file:
            info, entries = _parsed_index(file, path)
            found = Contents(info, entries, _places(file, entries))
        if (
            stamp is not None and time.time_ns() - stamp[2] > SETTLED
        ):  # before, a change may not show in the file's time
            with _lock:
                _read[stamp] = found
                for old in list(_read)[:-MOST_KEPT]:
                    del _read[old]
    return found


def find(path: Path, number: int, entry: Entry) -> int:
    """Where in the file a tensor stands whose place the index does not know."""
    with open_file(path) as file:
        return locate(file, number, entry)


def _stamp(path: Path) -> Stamp:
    """What changes when another file takes the path or the file changes."""
    found = path.stat()
    return found.st_dev, found.st_ino, found.st_mtime_ns, found.st_size, str(path)


def _parsed_index(file: "h5py.File", path: Path) -> tuple[dict[str, Any], list[Entry]]:
    """Nothing larger than the file is allocated."""
    import h5py

    try:
        dataset = h5py.h5d.open(file.id, INDEX)
        size = dataset.get_storage_size()
        if dataset.dtype != np.uint8 or dataset.rank != 1 or dataset.shape != (size,) or size > path.stat().st_size:
            raise BadIndexError("its index is damaged")
        text = np.empty(size, np.uint8)
        dataset.read(h5py.h5s.ALL, h5py.h5s.ALL, text)
        return from_json(text.tobytes())
    except BadIndexError as error:
        raise unreadable(path, str(error)) from error
    except (OSError, KeyError, RuntimeError, TypeError, ValueError) as error:
        raise unreadable(path, "it has no index of RKNN Workbench") from error


def _places(file: "h5py.File", entries: list[Entry]) -> dict[int, int]:
    """Number -> place for the tensors whose place the index knows; {} when another program moved them."""
    known = {number: entry.offset for number, entry in enumerate(entries) if entry.offset is not None}
    some = list(known)[:: max(1, len(known) // 2)] + list(known)[-1:]
    try:
        moved = any(locate(file, number, entries[number]) != known[number] for number in some)
    except (OSError, KeyError, RuntimeError, TypeError, ValueError):
        moved = True
    return {} if moved else known


def locate(file: "h5py.File", number: int, entry: Entry) -> int:
    """Where in the file the tensor's values stand in one piece; a `ValueError` when the index says otherwise."""
    import h5py

    dataset = h5py.h5d.open(file.id, str(number).encode())
    offset: int | None = dataset.get_offset()  # None for values in chunks or in other files
    if offset is None or dataset.get_storage_size() != math.prod(entry.shape) * np.dtype(entry.dtype).itemsize:
        raise ValueError("the values are not what the index says")
    return offset


def unreadable(path: Path, reason: str) -> DumpError:
    """The sentence for a dump that cannot be used."""
    return DumpError(f"The dump {path} cannot be read: {reason}.", AGAIN)

"""One HDF5 file a dump: the tensors that one source computed for one input.

A tensor is a contiguous, uncompressed dataset named by its number; what it is called and how it is encoded stands in
one index, written when the dump is complete (see index.py). So writing costs what copying costs, opening reads one
block, and tensors are mapped into memory instead of being copied; or, where a drive that vanishes must not end the
process, read piece by piece (see file_array.py).

An overlay holds only what differs from another dump, its base: `info["base"]` is that file's name, beside the overlay,
and `info["tensors"]` are all names in their order. Who reads it sees one complete dump.
"""

import mmap
import os
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from workbench.dump import hdf5
from workbench.dump.behind import Behind
from workbench.dump.file_array import FileArray
from workbench.dump.hdf5 import unreadable
from workbench.dump.index import DTYPES, Entry, to_json
from workbench.dump.statistics import statistics
from workbench.foundation.errors import DumpError
from workbench.foundation.files import atomic_path
from workbench.quantize.encoding import Encoding

if TYPE_CHECKING:
    import h5py


class Dump(Mapping[str, np.ndarray]):
    """A dump that was written: `dump[name]` is a float32 array of its own, in the network's own layout.

    A context manager. One object is used by one thread at a time; several objects may read one file. Arrays that
    `raw` gives stay valid after `close`, but Windows cannot delete or replace the file while one of them lives.
    """

    def __init__(self, path: Path, *, as_base: bool = False) -> None:
        """Read the index only; a `DumpError` says why the file cannot be used, `as_base`: that it is an overlay."""
        self.path = path
        self._map: mmap.mmap | None = None
        contents = hdf5.read_contents(path)
        self.info = dict(contents.info)
        self._entries = {entry.name: (number, entry) for number, entry in enumerate(contents.entries)}
        if len(self._entries) != len(contents.entries):
            raise unreadable(path, "two of its tensors have one name")
        self._offsets = dict(contents.places)
        if as_base and "base" in self.info:
            raise unreadable(path, "the base of another dump must hold all its tensors itself")
        self._base = _open_base(path, self.info)
        self._names = self._all_names()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file; may be called twice."""
        self._map = None  # never closed: arrays of raw() may live on (numpy holds no export), and it goes with the last
        if self._base is not None:
            self._base.close()

    def release(self) -> None:
        """Let the system take back the memory of what was read so far; arrays of `raw` stay valid."""
        if self._base is not None:
            self._base.release()
        if self._map is not None and hasattr(mmap, "MADV_DONTNEED"):  # not on Windows
            self._map.madvise(mmap.MADV_DONTNEED)

    def __len__(self) -> int:
        return len(self._names)

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __contains__(self, name: object) -> bool:
        return name in self._names

    def __getitem__(self, name: str) -> np.ndarray:
        stored, encoding = self.raw(name)
        return np.array(stored, np.float32) if encoding is None else encoding.dequantize(stored)

    @property
    def names(self) -> tuple[str, ...]:
        """In the order in which they were computed."""
        return tuple(self._names)

    @property
    def base(self) -> Path | None:
        """The dump that an overlay differs from; None for one that holds all its tensors itself."""
        return None if self._base is None else self._base.path

    def shape(self, name: str) -> tuple[int, ...]:
        """Without touching the tensor."""
        return self._entry(name).shape

    def op(self, name: str) -> str:
        """The operator that computed the tensor; "" when unknown."""
        return self._entry(name).op

    def encoding(self, name: str) -> Encoding | None:
        """How the stored values stand for real ones; None for plain floats."""
        return self._entry(name).encoding

    def raw(self, name: str) -> tuple[np.ndarray, Encoding | None]:
        """The stored array, mapped and read-only, and its encoding."""
        if self._base is not None and name in self._names and name not in self._entries:
            return self._base.raw(name)
        entry = self._entry(name)
        if 0 in entry.shape:
            return np.empty(entry.shape, entry.dtype), entry.encoding
        place = self._place(name)
        try:
            return np.ndarray(entry.shape, entry.dtype, self._mapped(), place), entry.encoding
        except (OSError, TypeError, ValueError) as error:  # past the end
            raise unreadable(self.path, f"its tensor {name} is damaged") from error

    def on_file(self, name: str) -> tuple[FileArray | np.ndarray, Encoding | None]:
        """As `raw`, but read when its parts are asked for; nothing is mapped."""
        if self._base is not None and name in self._names and name not in self._entries:
            return self._base.on_file(name)
        entry = self._entry(name)
        if 0 in entry.shape:
            return np.empty(entry.shape, entry.dtype), entry.encoding
        return FileArray(self.path, self._place(name), entry.shape, np.dtype(entry.dtype)), entry.encoding

    def channels(self, name: str) -> int:
        """How many `channel`s the tensor has: its axis 1 from four dimensions up, its axis 0 for three and two."""
        shape = self.shape(name)
        return shape[_channel_axis(len(shape))] if len(shape) > 1 else 1

    def channel(self, name: str, n: int) -> np.ndarray:
        """Channel `n` as float32, read alone; an `IndexError` when there is none.

        Four dimensions (NCHW): the plane [0, n], 2-D. More: [0, n] with all but the last axis laid one below the other.
        Three: the plane [n]. Two: the row [n], 1-D. One or none: the whole tensor as 1-D.
        """
        stored, encoding = self.raw(name)
        if stored.ndim < 2:
            return self[name].reshape(-1)
        axis = _channel_axis(stored.ndim)
        if not 0 <= n < stored.shape[axis]:
            raise IndexError(f"{name} has {stored.shape[axis]} channels, not {n + 1}")
        part = stored[:1, n : n + 1] if axis else stored[n : n + 1]
        if encoding is not None:
            part = _of_part(encoding, stored.ndim, {0: 0, 1: n} if axis else {0: n}).dequantize(part)
        plane = part.reshape(-1) if stored.ndim == 2 else part.reshape(-1, stored.shape[-1])
        return np.array(plane, np.float32)

    def statistics(self, name: str) -> Mapping[str, float]:
        """`min max mean std` of the finite values (NaN when there are none), `nan inf zeros count`; not kept."""
        return statistics(*self.raw(name))

    def _entry(self, name: str) -> Entry:
        if name not in self._names:
            raise KeyError(f"{self.path} has no tensor {name}")
        if self._base is not None and name not in self._entries:
            return self._base._entry(name)
        return self._entries[name][1]

    def _all_names(self) -> dict[str, None]:
        """Every tensor in its order; an overlay's index tells those of its base that are still meant."""
        if self._base is None:
            return dict.fromkeys(self._entries)
        names = self.info.get("tensors")
        held = self._entries.keys() | self._base._entries.keys()
        if not isinstance(names, list) or not all(isinstance(name, str) and name in held for name in names):
            raise unreadable(self.path, f"its base {self._base.path.name} is another dump than it was made for")
        return dict.fromkeys(names)

    def _place(self, name: str) -> int:
        """Where in the file a tensor stands."""
        number, entry = self._entries[name]
        if number not in self._offsets:
            try:
                self._offsets[number] = hdf5.find(self.path, number, entry)
            except (OSError, KeyError, RuntimeError, TypeError, ValueError) as error:
                raise unreadable(self.path, f"its tensor {name} is damaged") from error
        return self._offsets[number]

    def _mapped(self) -> mmap.mmap:
        if self._map is None:
            with self.path.open("rb") as file:
                self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        return self._map


class DumpWriter:
    """Writes a dump: a context manager; afterwards the file is complete, or absent when the block failed.

    Arrays must not change inside the block: a thread writes them while it goes on. No room or no permission is a
    `WorkbenchError`, from `__enter__` or when the block ends.
    """

    def __init__(self, path: Path, info: Mapping[str, Any], size: int = 0) -> None:
        """`size` are the bytes that are expected at least: their room on the disk is taken at once."""
        self._info = info
        self._size = size
        self._entries: list[Entry] = []
        self._names: set[str] = set()
        self._atomic: AbstractContextManager[Path] = atomic_path(path)
        self._file: h5py.File | None = None
        self._behind: Behind | None = None
        self._part = path

    def __enter__(self) -> Self:
        self._part = self._atomic.__enter__()
        try:
            self._file = hdf5.create(self._part)
            self._behind = Behind(self._part)
            self._behind.room.reserve(self._size)
        except BaseException as error:
            try:
                self._close()
            finally:
                self._atomic.__exit__(type(error), error, error.__traceback__)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool | None:
        try:
            try:
                if error is None:
                    self._finish()
            finally:
                self._close()
        except OSError as failure:
            error = error or failure
        if error is None:
            return self._atomic.__exit__(None, None, None)
        return self._atomic.__exit__(type(error), error, trace)

    def add(self, name: str, stored: np.ndarray, op: str = "", encoding: Encoding | None = None) -> None:
        """Write one tensor in the network's own layout; integers with an `encoding` are dequantised when read."""
        stored = np.asarray(stored, order="C")
        dtype = _name(stored.dtype)
        if dtype not in DTYPES:
            reason = f"its type is {dtype}"
            raise DumpError(f"Tensor {name} cannot be dumped: {reason}.", "Leave this tensor out.")
        if name in self._names:
            raise ValueError(f"tensor {name} was added before")
        values = stored.view(np.uint8) if stored.dtype == np.bool_ else stored
        offset = self._write(str(len(self._entries)).encode(), values)
        self._names.add(name)
        self._entries.append(Entry(name, op, stored.shape, dtype, encoding, offset))

    def _write(self, name: bytes, values: np.ndarray) -> int | None:
        assert self._file is not None, "a DumpWriter is used in a with statement"
        assert self._behind is not None
        self._behind.room.reserve(self._file.id.get_filesize() + values.nbytes)
        offset = hdf5.place(self._file, name, values)
        if offset is not None:
            self._behind.put(offset, values)
        return offset

    def _finish(self) -> None:
        assert self._behind is not None
        self._write(hdf5.INDEX, np.frombuffer(to_json(self._info, self._entries), np.uint8))
        self._behind.finish()

    def _close(self) -> None:
        """Close the file and give back the room it did not need."""
        if self._behind is not None:
            self._behind.close()
        if self._file is not None:
            with hdf5.TranslatedErrors():
                self._file.flush()
                size = self._file.id.get_filesize()
                self._file.close()
                os.truncate(self._part, size)


def _open_base(path: Path, info: Mapping[str, Any]) -> Dump | None:
    """The base of an overlay, which lies beside it and is no overlay itself."""
    name = info.get("base")
    if name is None:
        return None
    if not isinstance(name, str) or name in ("", path.name) or Path(name).name != name:
        raise unreadable(path, "the name of its base is damaged")
    if not (path.parent / name).is_file():
        raise DumpError(
            f"{path} holds only what differs from {name}, which is not beside it.",
            "Copy both files, or run the analysis again.",
        )
    return Dump(path.parent / name, as_base=True)


@cache
def _name(dtype: np.dtype[Any]) -> str:
    return dtype.name


def _channel_axis(dimensions: int) -> int:
    return 1 if dimensions >= 4 else 0


def _of_part(encoding: Encoding, dimensions: int, positions: Mapping[int, int]) -> Encoding:
    """The encoding of a part that has one position along each axis of `positions`."""
    at = None if encoding.axis is None else positions.get(encoding.axis % dimensions)
    if at is None or len(encoding.scale) == 1:
        return encoding
    return Encoding(encoding.dtype, encoding.scale[at : at + 1], encoding.zero_point[at : at + 1])

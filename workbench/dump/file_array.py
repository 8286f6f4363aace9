"""A tensor in a file of which only what is asked for is read.

Where a mapped file goes away (its drive is unplugged, a network is gone) the process ends with a signal when it touches
it. A file that is read gives an error, which can be told. So nothing is mapped but large parts of files on the
system's own drives: new memory for them takes longer than all else that is done with them.
"""

import io
import math
import mmap
import os
import sys
import threading
import weakref
from collections.abc import Callable
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.lib.array_utils import byte_bounds

from workbench.dump.hdf5 import unreadable
from workbench.foundation.drives import is_fixed

BLOCK = 1 << 20
"""Bytes that are read at once where not all of them are wanted."""
LARGE = 4 << 20
"""Bytes from which on a part is mapped where its drive does not go away."""
SHORT = "it is shorter than it has to be"


class FileArray:
    """An array of `shape` and `dtype` at `offset` in a file; `array[select]` and `part` read from it.

    What they give may be read-only. They raise DumpError where the file cannot be read any more.
    """

    def __init__(self, path: Path, offset: int, shape: tuple[int, ...], dtype: np.dtype) -> None:
        self.path, self.offset, self.shape, self.dtype = path, offset, shape, dtype
        self.size = math.prod(shape)
        try:
            self._file = _File(path)
            if not 0 <= offset <= self._file.size - self.size * dtype.itemsize:
                raise unreadable(path, SHORT)
            self._ground = _ground(shape, dtype)
        except OSError as error:
            raise unreadable(path, error.strerror or str(error)) from error
        self._start = byte_bounds(self._ground)[0]

    @property
    def ndim(self) -> int:
        """How many axes it has."""
        return len(self.shape)

    def reshape(self, shape: tuple[int, ...] | int) -> "FileArray":
        """The same values in another shape."""
        whole = (self.size,) if isinstance(shape, int) else shape
        return self if whole == self.shape else FileArray(self.path, self.offset, whole, self.dtype)

    def __getitem__(self, select: tuple[int | slice, ...]) -> np.ndarray:
        return self.part(lambda whole: whole[(*select, ...)])  # with the dots numbers, too, are views

    def part(self, take: Callable[[np.ndarray], np.ndarray]) -> np.ndarray:
        """What `take` gives of the whole array by indexing, transposing and reshaping it."""
        wanted = take(self._ground)
        if not wanted.size:
            return np.empty(wanted.shape, self.dtype)
        if not np.may_share_memory(wanted, self._ground):  # no such view: numpy has to copy it
            return take(self.part(lambda whole: whole))
        if wanted.nbytes >= LARGE and wanted.flags.c_contiguous and self._file.stays:
            return self._mapped(wanted)
        # numpy's own memory is of huge pages, which the system may have to make first: 40 ms for 16 MB
        result: np.ndarray = np.ndarray(wanted.shape, self.dtype, bytearray(wanted.nbytes))
        self._fill(result, wanted)
        return result

    def _mapped(self, wanted: np.ndarray) -> np.ndarray:
        """A contiguous part; its map goes with it."""
        place = self.offset + byte_bounds(wanted)[0] - self._start
        before = place % mmap.ALLOCATIONGRANULARITY
        try:
            content = self._file.mapped(place - before, before + wanted.nbytes)
        except OSError as error:
            raise unreadable(self.path, error.strerror or str(error)) from error
        except ValueError as error:  # past the end
            raise unreadable(self.path, SHORT) from error
        return np.ndarray(wanted.shape, self.dtype, content, before)

    def _fill(self, result: np.ndarray, wanted: np.ndarray) -> None:
        """Read what lies where `wanted` does; where much between is not wanted, in blocks."""
        low, high = byte_bounds(wanted)
        if wanted.flags.c_contiguous and result.flags.c_contiguous:
            self._read(low, result.reshape(-1).view(np.uint8))
            return
        if high - low <= max(BLOCK, 2 * wanted.nbytes):
            block = np.empty(high - low, np.uint8)
            self._read(low, block)
            first = wanted.__array_interface__["data"][0] - low
            result[...] = np.ndarray(wanted.shape, self.dtype, block, first, wanted.strides)
            return
        axis = max((axis for axis, size in enumerate(wanted.shape) if size > 1), key=lambda at: abs(wanted.strides[at]))
        step = max(1, min(BLOCK // abs(wanted.strides[axis]), wanted.shape[axis] // 2))
        for start in range(0, wanted.shape[axis], step):
            some = (slice(None),) * axis + (slice(start, start + step),)
            self._fill(result[some], wanted[some])

    def _read(self, address: int, block: np.ndarray) -> None:
        try:
            self._file.read(self.offset + address - self._start, block.data)
        except OSError as error:
            raise unreadable(self.path, error.strerror or str(error)) from error
        except EOFError as error:
            raise unreadable(self.path, SHORT) from error


def _ground(shape: tuple[int, ...], dtype: np.dtype) -> np.ndarray:
    """An array whose addresses tell where parts of such a one lie; it is never touched, so it takes no memory."""
    size = max(1, math.prod(shape) * dtype.itemsize)
    if sys.platform == "win32":
        return np.ndarray(shape, dtype, mmap.mmap(-1, size))
    flags = mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS
    return np.ndarray(shape, dtype, mmap.mmap(-1, size, flags=flags, prot=mmap.PROT_READ))


class _File:
    """An open file; it is closed when nobody has it any more."""

    def __init__(self, path: Path) -> None:
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0))
        weakref.finalize(self, os.close, handle)
        self._stream, self._lock = io.FileIO(handle, closefd=False), threading.Lock()
        found = os.fstat(handle)
        self.size, self._device = found.st_size, found.st_dev

    @cached_property
    def stays(self) -> bool:
        """Whether it is on a drive that does not go away."""
        return is_fixed(self._device)

    def mapped(self, offset: int, size: int) -> mmap.mmap:
        """Some of it, read-only."""
        return mmap.mmap(self._stream.fileno(), size, offset=offset, access=mmap.ACCESS_READ)

    def read(self, offset: int, block: memoryview) -> None:
        """Fill `block`; an EOFError where the file ends before."""
        with self._lock:
            self._stream.seek(offset)
            while len(block):
                count = self._stream.readinto(block)
                if not count:
                    raise EOFError
                block = block[count:]

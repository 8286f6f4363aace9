"""The bytes that a program gives to the runtime or gets from it, from a raw file, a `.npy`, or a dump of the board."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from workbench.dump.formats.board import parse_name
from workbench.dump.formats.files import read_npy
from workbench.foundation.errors import DumpError

MOST_BYTES = 1 << 30
WHOLE = "Write the whole buffer of one input or output, once."


@dataclass(frozen=True)
class Buffer:
    """`data` are the bytes; `dtype` is numpy's name where the file says it, and "" where only the size is known.

    `is_dump`: the board wrote what its input operator took. Such a file is N, C, H, W; `data` are as a program gives
    them, N, H, W, C.
    """

    path: Path
    data: np.ndarray
    dtype: str = ""
    is_dump: bool = False

    def values(self, dtype: str) -> np.ndarray:
        """The elements, read as a type."""
        return self.data.view(dtype)


def read_buffer(path: Path) -> Buffer:
    """The file; nothing of it is executed or unpickled."""
    if path.suffix.lower() == ".npy":
        return _of_array(path, read_npy(path))
    try:
        if not path.is_file():
            raise DumpError(f"{path} is no file.", "Give the buffer as it was written with fwrite, or a .npy.")
        size = path.stat().st_size
        if not 0 < size <= MOST_BYTES:
            reason = "is empty" if not size else f"has {size} bytes, too many for one buffer"
            raise DumpError(f"{path} {reason}.", WHOLE)
        return Buffer(path, np.fromfile(path, np.uint8))
    except OSError as error:
        raise DumpError(f"{path} cannot be read: {error.strerror or error}.", "Check the path.") from error


def _of_array(path: Path, array: np.ndarray) -> Buffer:
    name = parse_name(path.stem)
    is_dump = name is not None and name.op == "InputOperator"
    if is_dump and array.ndim == 4:
        array = array.transpose(0, 2, 3, 1)
    if not array.size:
        raise DumpError(f"{path} is empty.", WHOLE)
    flat = np.ascontiguousarray(array).reshape(-1)
    return Buffer(path, flat.view(np.uint8), array.dtype.name, is_dump)

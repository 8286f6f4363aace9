"""Single files of values: `.npy`, and the toolkit's `.txt` of one value a line.

A file may come from anybody: nothing is unpickled, and nothing is allocated that the file does not hold.
"""

from functools import partial
from pathlib import Path
from tokenize import TokenError
from typing import IO

import numpy as np

from workbench.dump.formats.dumps import Found, Item, unreadable

LARGEST_TEXT = 1 << 30  # bytes of a .txt; that is a tensor of some 100 million values
SUFFIXES = (".npy", ".txt", ".tensor")
# what numpy raises for headers that are no headers
HEADER_ERRORS = (ValueError, TypeError, EOFError, OverflowError, SyntaxError, RecursionError, MemoryError, TokenError)


def read_npy(path: Path) -> np.ndarray:
    """The array of a `.npy`, mapped and read-only."""
    try:
        with path.open("rb") as file:
            _check_start(path, file.read(6))
        array = np.lib.format.open_memmap(path, mode="r")
    except HEADER_ERRORS as error:
        raise unreadable(path, _reason(error)) from error
    except OSError as error:
        raise unreadable(path, error.strerror or str(error)) from error
    return checked(path, array)


def checked(path: Path, array: np.ndarray) -> np.ndarray:
    """The array when it holds numbers."""
    if array.dtype.kind not in "fiub" or array.dtype.itemsize > 8:
        raise unreadable(path, f"its type {array.dtype.name} is not one of plain numbers")
    return array if array.dtype.isnative else array.astype(array.dtype.newbyteorder("="))


def read_txt(path: Path) -> np.ndarray:
    """The values of a `.txt` as one flat float32 array; an error names the line."""
    try:
        if path.stat().st_size > LARGEST_TEXT:
            raise unreadable(path, f"it is larger than {LARGEST_TEXT >> 30} GiB")
        lines = path.read_bytes().split()
    except OSError as error:
        raise unreadable(path, error.strerror or str(error)) from error
    if not lines:
        raise unreadable(path, "it is empty")
    try:
        return np.fromiter(map(float, lines), np.float32, len(lines))
    except ValueError as error:
        number, word = next((number, word) for number, word in enumerate(lines, 1) if not _is_number(word))
        raise unreadable(path, f"value {number} is {word[:20]!r} and not a number") from error


def item(path: Path, op: str = "") -> Item:
    """A file as a tensor, read later."""
    return Item(path, partial(_read, path), op)


def find_file(path: Path) -> Found:
    """A single `.npy` or `.txt`: one tensor with the file's name."""
    return Found(f"{path.name}, one tensor", {path.stem: item(path)})


def _read(path: Path) -> np.ndarray:
    if path.exists() and not path.is_file():  # a pipe would be waited for without end
        raise unreadable(path, "it is not a file")
    return read_npy(path) if path.suffix == ".npy" else read_txt(path)


def _check_start(path: Path, start: bytes) -> None:
    if not start:
        raise unreadable(path, "it is empty")
    if start != np.lib.format.MAGIC_PREFIX:
        raise unreadable(path, "it is not a .npy file")


def _reason(error: BaseException) -> str:
    text = str(error)
    if "mmap length is greater" in text or "EOF: reading" in text or isinstance(error, EOFError):
        return "it is cut short"
    if "Python objects" in text or "allow_pickle" in text:
        return "it holds Python objects, which are never loaded from a file"
    return "its header is damaged, or it is cut short"


def _is_number(word: bytes) -> bool:
    try:
        float(word)
    except ValueError:
        return False
    return True


def read_npy_stream(path: Path, stream: IO[bytes]) -> np.ndarray:
    """The array of a `.npy` inside an archive, copied."""
    try:
        _check_start(path, stream.read(6))
        stream.seek(0)
        array: np.ndarray = np.lib.format.read_array(stream, allow_pickle=False)
    except HEADER_ERRORS as error:
        raise unreadable(path, _reason(error)) from error
    return checked(path, array)

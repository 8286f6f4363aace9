"""`.npz` archives: a tensor each member."""

import zipfile
import zlib
from functools import partial
from pathlib import Path
from typing import IO

import numpy as np

from workbench.dump.formats.dumps import Found, Item, unreadable
from workbench.dump.formats.files import HEADER_ERRORS, read_npy_stream

SMALL = 1 << 28  # bytes; a larger member that was packed tighter than DENSEST is taken for an attack
DENSEST = 200


def find_npz(path: Path) -> Found:
    """The arrays of an archive; nothing is unpacked yet."""
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise unreadable(path, "it is not a whole .npz file") from error
    items: dict[str, Item] = {}
    for info in archive.infolist():
        name = info.filename.removesuffix(".npy")
        if name == info.filename or name in items:
            archive.close()
            reason = "twice" if name in items else "which is not an array"
            raise unreadable(path, f"it has {info.filename!r:.80}, {reason}")
        items[name] = Item(path, partial(_read, path, archive, info))
    return Found(f"{path.name}, {len(items)} arrays", items, resource=archive)


def _read(path: Path, archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> np.ndarray:
    place = path / info.filename
    if info.file_size > max(SMALL, DENSEST * info.compress_size):
        raise unreadable(place, f"it would unpack {info.compress_size} bytes into {info.file_size}")
    try:
        with archive.open(info) as stream:
            _check_size(place, stream, info.file_size)
            stream.seek(0)
            return read_npy_stream(place, stream)
    except (zipfile.BadZipFile, zlib.error, OSError, RuntimeError, NotImplementedError, ValueError) as error:
        raise unreadable(place, "it is damaged") from error


def _check_size(place: Path, stream: IO[bytes], size: int) -> None:
    """Refuse a header that promises more than its member holds, before room is made for it."""
    read = np.lib.format
    try:
        version = read.read_magic(stream)
        header = read.read_array_header_1_0 if version == (1, 0) else read.read_array_header_2_0
        shape, _, dtype = header(stream)
    except HEADER_ERRORS as error:
        raise unreadable(place, "its header is damaged, or it is cut short") from error
    count = 1
    for side in shape:
        count *= side
    if not dtype.hasobject and count * dtype.itemsize > size:
        raise unreadable(place, "it is cut short")

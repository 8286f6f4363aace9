"""The images of a data set: a list, a folder, folders named after classes, or one file in MNIST's format (idx).

An idx file is two zero bytes, a type, the number of dimensions, each as a big-endian int32, then the values; often
packed with gzip. Source: yann.lecun.com/exdb/mnist, "The IDX file format".
"""

import gzip
import math
import struct
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import IO, cast

import numpy as np

from workbench.foundation.errors import DatasetError
from workbench.foundation.files import stamp_of
from workbench.preprocess.dataset import Sample, read_dataset
from workbench.preprocess.preprocess import SUFFIXES

MAGIC_TYPE = 8  # unsigned bytes
MOST_BYTES = 1 << 31
IDX_HINT = "Give a whole file of unsigned bytes, as MNIST's, packed with gzip or not."


@dataclass(frozen=True)
class Item:
    """One input of the network in a data set; `name` is how labels call it.

    `number` is its place in an idx file, `group` the folder of its class where the data set is made of such.
    """

    name: str
    sample: Sample
    number: int | None = None
    group: str = ""

    @property
    def stamp(self) -> str:
        """What changes when its files do."""
        return "-".join(f"{stamp:x}" for path in self.sample.files for stamp in stamp_of(path))


def read_items(path: Path, inputs: int) -> tuple[Item, ...]:
    """The images of a data set, each under a name of its own."""
    if path.is_file() and is_idx(path):
        images = idx_array(path)
        if images.ndim not in (3, 4):
            raise DatasetError(f"{path} holds no images: it has {images.ndim} dimensions.", "Give the file of images.")
        return tuple(Item(f"{path.name}[{number}]", Sample((path,)), number) for number in range(len(images)))
    groups = _class_folders(path) if path.is_dir() and inputs == 1 else ()
    if groups:
        found = [(group, sample) for group in groups for sample in read_dataset(group, 1)]
        return tuple(Item(f"{group.name}/{sample.files[0].name}", sample, group=group.name) for group, sample in found)
    return _named(read_dataset(path, inputs), path if path.is_dir() else path.parent)


def spread(items: Sequence[Item], most: int) -> tuple[Item, ...]:
    """At most so many of them, evenly over the whole; 0 means all."""
    if not most or most >= len(items):
        return tuple(items)
    return tuple(items[at * len(items) // most] for at in range(most))


def picture_of(item: Item) -> np.ndarray:
    """The image of an item of an idx file, H x W x 3 BGR uint8."""
    assert item.number is not None
    image = idx_array(item.sample.files[0])[item.number]
    return np.repeat(image[:, :, np.newaxis], 3, axis=2) if image.ndim == 2 else image[:, :, ::-1]


def is_idx(path: Path) -> bool:
    """Whether a file begins as an idx file does."""
    try:
        with _opened(path) as file:
            head = file.read(4)
    except (OSError, EOFError, zlib.error):
        return False
    return len(head) == 4 and head[:3] == bytes((0, 0, MAGIC_TYPE)) and 0 < head[3] <= 4


def idx_array(path: Path) -> np.ndarray:
    """The values of an idx file, uint8; kept in memory while the file stays as it is."""
    return _idx_array(path, stamp_of(path))


@lru_cache(maxsize=2)
def _idx_array(path: Path, stamp: tuple[int, int]) -> np.ndarray:
    del stamp  # only a key
    try:
        with _opened(path) as file:
            head = file.read(4)
            shape = struct.unpack(f">{head[3]}I", file.read(4 * head[3]))
            count = math.prod(shape)
            if count > MOST_BYTES:
                raise DatasetError(f"{path} says that it holds {count} values, too many to be read.", IDX_HINT)
            data = file.read(count + 1)
    except (OSError, EOFError, zlib.error, struct.error, IndexError) as error:
        raise DatasetError(f"{path} cannot be read: {error}.", IDX_HINT) from error
    if len(data) != count:
        size = " x ".join(map(str, shape))
        raise DatasetError(f"{path} does not hold the {size} values that it says.", IDX_HINT)
    values = np.frombuffer(data, np.uint8).reshape(shape)
    values.flags.writeable = False
    return values


@contextmanager
def _opened(path: Path) -> Iterator[IO[bytes]]:
    with path.open("rb") as file:
        is_packed = file.read(2) == b"\x1f\x8b"
        file.seek(0)
        if not is_packed:
            yield file
            return
        with gzip.GzipFile(fileobj=file) as unpacked:
            yield cast(IO[bytes], unpacked)


def _class_folders(path: Path) -> tuple[Path, ...]:
    """Folders with files that can be fed, where the folder itself has none."""
    try:
        entries = sorted(path.iterdir(), key=lambda entry: _natural(entry.name))
    except OSError as error:
        raise DatasetError(f"{path} cannot be read: {error.strerror or error}.", "Check the path.") from error
    if any(entry.is_file() and entry.suffix.lower() in SUFFIXES for entry in entries):
        return ()
    folders = [entry for entry in entries if entry.is_dir() and not entry.name.startswith(".")]
    return tuple(folder for folder in folders if any(inner.suffix.lower() in SUFFIXES for inner in folder.iterdir()))


def _natural(name: str) -> tuple[int, str]:
    """2 before 10."""
    return (int(name), "") if name.isdecimal() else (-1, name)


def _named(samples: Sequence[Sample], folder: Path) -> tuple[Item, ...]:
    """By the first file, from the folder on; what has the same name gets a number, too."""
    seen: dict[str, int] = {}
    found = []
    for sample in samples:
        first = sample.files[0]
        name = first.relative_to(folder).as_posix() if first.is_relative_to(folder) else first.as_posix()
        seen[name] = seen.get(name, 0) + 1
        found.append(Item(name if seen[name] == 1 else f"{name}#{seen[name]}", sample))
    return tuple(found)

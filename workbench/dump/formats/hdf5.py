"""HDF5 files: our own dumps, and those that users wrote, a tensor each dataset."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from workbench.dump.formats.dumps import Found, Item
from workbench.dump.hdf5 import INDEX, open_file
from workbench.dump.store import Dump
from workbench.foundation.errors import DumpError

if TYPE_CHECKING:
    import h5py

NUMBERS = "biuf"
SMALL = 1 << 28  # bytes; a larger dataset that is packed tighter than DENSEST is taken for an attack
DENSEST = 200
MOST = 1 << 20  # objects of a file
FAILURES = (OSError, KeyError, RuntimeError, TypeError, ValueError, UnicodeError)
HINT = "Write every tensor as a dataset of numbers: `file[name] = array`, with h5py."


def find_dump(path: Path) -> Found:
    """The tensors of a dump of ours, with their operators and encodings; else the datasets of a user's file."""
    if not _is_ours(path):
        return find_datasets(path)
    dump = Dump(path)
    items = {name: Item(path, partial(_read, dump, name), dump.op(name), dump.encoding(name)) for name in dump.names}
    return Found(f"dump {path.name}", items, resource=dump)


def _is_ours(path: Path) -> bool:
    with open_file(path) as file:
        try:
            return bool(file.id.links.exists(INDEX))
        except FAILURES as error:
            raise _unreadable(path, "it is damaged") from error


def find_datasets(path: Path) -> Found:
    """Every dataset of numbers by its path in the file, `group/name`; links to other places are not followed."""
    file = open_file(path)
    items, others = {}, 0
    try:
        for name, dataset in _datasets(file, "", set()):
            if dataset.dtype.kind in NUMBERS and dataset.shape is not None:
                items[name] = Item(path, partial(_values, path, dataset, name))
            else:
                others += 1
            if len(items) + others > MOST:
                raise _unreadable(path, f"it has more than {MOST} datasets")
    except FAILURES as error:
        file.close()
        raise _unreadable(path, "it is damaged") from error
    except DumpError:
        file.close()
        raise
    notes = [f"{path.name}: what holds no numbers is left out: {others} datasets."] if others else []
    return Found(f"{path.name}, {len(items)} datasets", items, notes, resource=file)


def _datasets(group: "h5py.Group", place: str, seen: set[int]) -> Iterator[tuple[str, "h5py.Dataset"]]:
    """What a group holds and what its groups hold; one that was `seen` may hold itself."""
    import h5py

    address = h5py.h5o.get_info(group.id).addr
    if address in seen:
        return
    seen.add(address)
    for name in group:
        if not isinstance(group.get(name, getlink=True), h5py.HardLink):
            continue
        found = group[name]
        if isinstance(found, h5py.Dataset):
            yield place + name, found
        elif isinstance(found, h5py.Group):
            yield from _datasets(found, f"{place}{name}/", seen)


def _values(path: Path, dataset: "h5py.Dataset", name: str) -> np.ndarray:
    try:
        if dataset.is_virtual or dataset.external:
            raise _unreadable(path, f"the values of {name} lie in another file")
        if dataset.nbytes > max(SMALL, DENSEST * dataset.id.get_storage_size()):
            raise _unreadable(path, f"{name} would unpack into {dataset.nbytes} bytes")
        return np.asarray(dataset[()])
    except FAILURES as error:
        raise _unreadable(path, f"its dataset {name} is damaged") from error


def _read(dump: Dump, name: str) -> np.ndarray:
    return dump.raw(name)[0]


def _unreadable(path: Path, reason: str) -> DumpError:
    return DumpError(f"{path} cannot be read: {reason}.", HINT)

"""What the toolkit is fed with, as files in the folder that it works in, and what of that folder stays."""

import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from fnmatch import fnmatchcase
from pathlib import Path

import numpy as np

from workbench.foundation.files import cannot_write
from workbench.foundation.steps import Progress, Steps

Feeds = Callable[[], Mapping[str, np.ndarray]]
FED = "fed"


def write_rows(feeds: Sequence[Feeds], work: Path, name: str, is_last: bool = False) -> Steps[list[tuple[Path, ...]]]:
    """A .npy file for each array of every row of inputs; `name` tells calibration from what is analysed.

    `is_last`: the network has its channels last. The toolkit takes arrays of four axes with channels first always.
    """
    folder, rows = work / FED, []
    folder.mkdir(exist_ok=True)
    for number, read in enumerate(feeds):
        yield Progress(f"prepare {name}", number, len(feeds))
        files = []
        for position, array in enumerate(read().values()):
            first = array.transpose(0, 3, 1, 2) if is_last and array.ndim == 4 else array
            files.append(folder / f"{name}-{number}-{position}.npy")
            np.save(files[-1], np.ascontiguousarray(first), allow_pickle=False)
        rows.append(tuple(files))
    return rows


@contextmanager
def emptied(folder: Path, kept: Sequence[str]) -> Iterator[None]:
    """A folder that is empty at first; of what is put into it only what fits the patterns of `kept` stays."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise cannot_write(folder, error) from error
    _clear(folder, ())
    try:
        yield
    finally:
        _clear(folder, kept)


def _clear(folder: Path, kept: Sequence[str]) -> None:
    for path in folder.iterdir():
        if any(fnmatchcase(path.name, pattern) for pattern in kept):
            continue
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)

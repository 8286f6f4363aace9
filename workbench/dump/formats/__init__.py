"""Formats in which tensors come: our dumps, `.npy`, `.npz`, the toolkits' folders, the board's runtime."""

from pathlib import Path

from workbench.dump.formats.dumps import Dumps, Found
from workbench.dump.formats.files import SUFFIXES, find_file
from workbench.dump.formats.hdf5 import find_dump
from workbench.dump.formats.npy_folder import find_export, find_folder
from workbench.dump.formats.npz import find_npz
from workbench.dump.formats.snapshot import find_snapshot
from workbench.dump.formats.toolkit1 import find_toolkit1
from workbench.dump.layouts import LAYOUTS
from workbench.foundation.errors import DumpError

__all__ = ["Dumps", "open_dumps"]

HDF5 = (".h5", ".hdf5")
HINT = "Give a dump (.h5), a .npy or .npz, a folder of .npy files, or the toolkit's snapshot folder."


def open_dumps(path: Path, which: str = "", layout: str = "") -> Dumps:
    """The tensors of `path`; `which` ("golden", "simulator", "runtime", …) chooses where a folder has several dumps.

    `layout` is the memory layout of the files, see `layouts.to_network`. A `DumpError` names the file that is wrong;
    files of a folder are opened only when they are asked for.
    """
    if layout not in LAYOUTS:
        raise DumpError(f"{layout!r} is not a layout of dumps.", f"Choose one of {', '.join(LAYOUTS[1:])}.")
    found = _find(path, which)
    if not found.items:
        raise DumpError(f"{path} has no tensors.", HINT)
    return Dumps(path, found, layout)


def _find(path: Path, which: str) -> Found:
    try:
        if path.is_dir():
            found = find_export(path, which) or find_toolkit1(path, which)
            return found or find_snapshot(path, which) or find_folder(path) or Found("", {})
        if not path.exists():
            raise DumpError(f"There is no {path}.", HINT)
        if not path.is_file():  # a pipe would be waited for without end
            raise DumpError(f"{path} is not a dump.", HINT)
    except OSError as error:
        raise DumpError(f"{path} cannot be read: {error.strerror or error}.", HINT) from error
    suffix = path.suffix.lower()
    if suffix in HDF5:
        return find_dump(path)
    if suffix == ".npz":
        return find_npz(path)
    if suffix in SUFFIXES:
        return find_file(path)
    raise DumpError(f"{path} is not a dump.", HINT)

"""Plain folders of `.npy` files, with or without a `tensors.json` that says which tensor each one is."""

import json
from pathlib import Path
from typing import Any

from workbench.dump.formats.board import find_board, is_board
from workbench.dump.formats.dumps import Found
from workbench.dump.formats.files import SUFFIXES, item
from workbench.dump.formats.snapshot import NOT_TENSORS, read_names
from workbench.foundation.errors import DumpError

LIST = "tensors.json"
LARGEST_LIST = 1 << 26
HINT = 'Each entry is {"tensor": name, "file": path inside the folder, "op": operator, "dump": source}.'


def find_export(folder: Path, which: str) -> Found | None:
    """The dump `which` of an exported folder, or the one that `folder` inside it is; None without a `tensors.json`."""
    if (folder / LIST).is_file():
        root, wanted = folder, which
    elif (folder.parent / LIST).is_file() and _names_of(folder.parent, folder.name):
        root, wanted = folder.parent, folder.name
    else:
        return None
    entries = _entries(root / LIST)
    kinds = list(dict.fromkeys(entry["dump"] for entry in entries))
    if not wanted and len(kinds) > 1:
        raise DumpError(
            f"{root} has dumps of {', '.join(kinds)}.", f"Give the folder of one, such as {root / kinds[0]}."
        )
    if wanted and wanted not in kinds and any(kinds):
        raise DumpError(f"{root} has no dump of {wanted}, only of {', '.join(kinds)}.", "Choose one of these.")
    found = Found(f"exported tensors{f', {wanted}' if wanted else ''}", {})
    for entry in entries:
        if entry["dump"] == wanted or not entry["dump"] or not wanted:
            found.items[entry["tensor"]] = item(_inside(root, entry["file"]), entry["op"])
    return found


def find_folder(folder: Path) -> Found | None:
    """All `.npy` of a folder, or all text where there are none, named by their files; None when there is neither."""
    files = sorted(path for path in folder.iterdir() if path.suffix in SUFFIXES and path.name not in NOT_TENSORS)
    arrays = [path for path in files if path.suffix == ".npy"]
    if is_board(arrays or files):
        return find_board(arrays or files, read_names(folder))
    if not files:
        return None
    chosen = {path.stem: item(path) for path in arrays or files}
    return Found(f"folder of {len(chosen)} {'.npy' if arrays else 'text'} files", chosen)


def _names_of(root: Path, kind: str) -> bool:
    return any(entry["dump"] == kind for entry in _entries(root / LIST))


def _entries(path: Path) -> list[dict[str, str]]:
    try:
        if path.stat().st_size > LARGEST_LIST:
            raise DumpError(f"{path} is larger than {LARGEST_LIST >> 20} MiB.", HINT)
        document = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:
        raise DumpError(f"{path} cannot be read: it is not JSON.", HINT) from error
    except OSError as error:
        raise DumpError(f"{path} cannot be read: {error.strerror or error}.", HINT) from error
    if not isinstance(document, list):
        raise DumpError(f"{path} is not a list of tensors.", HINT)
    return [_entry(path, number, entry) for number, entry in enumerate(document, 1)]


def _entry(path: Path, number: int, entry: Any) -> dict[str, str]:
    keys = {"tensor": None, "file": None, "op": "", "dump": ""}
    values = {key: entry.get(key, default) for key, default in keys.items()} if isinstance(entry, dict) else keys
    if not all(isinstance(value, str) for value in values.values()):
        raise DumpError(f"{path}: entry {number} does not name a tensor and its file.", HINT)
    return {key: str(value) for key, value in values.items()}


def _inside(root: Path, file: str) -> Path:
    path = root / file
    try:
        inside = path.resolve().is_relative_to(root.resolve())
    except (OSError, ValueError):  # a name that no file can have
        inside = False
    if not inside or path.suffix not in SUFFIXES:
        raise DumpError(f"{root / LIST} names {file!r:.200}, which is not an array inside the folder.", HINT)
    return path

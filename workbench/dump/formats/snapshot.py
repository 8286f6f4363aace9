"""The folder that the toolkit's accuracy_analysis leaves (RKNN facts §2.1), or any part of it.

error_analysis.txt  map_name_to_file.txt  golden|simulator|runtime/<file>.txt  golden|simulator|runtime/npy/<file>.npy
"""

from pathlib import Path

from workbench.dump.formats.board import find_board, is_board
from workbench.dump.formats.dumps import Found
from workbench.dump.formats.files import item
from workbench.foundation.errors import DumpError

MAP = "map_name_to_file.txt"
KINDS = ("golden", "simulator", "runtime")
NOT_TENSORS = (MAP, "error_analysis.txt")
LARGEST_MAP = 1 << 25


def find_snapshot(folder: Path, which: str) -> Found | None:
    """The dump `which` of a snapshot, or the one that `folder` is; None when `folder` is no part of a snapshot."""
    kinds = [kind for kind in KINDS if (folder / kind).is_dir()]
    if kinds:
        return find_kind(folder / _choice(folder, kinds, which))
    if (folder / "npy").is_dir() or _map_of(folder):
        return find_kind(folder)
    return None


def find_kind(folder: Path) -> Found | None:
    """The tensors of `golden`, `simulator` or `runtime`: from `npy`, and from text what is missing there."""
    names = read_names(folder)
    files = _files(folder / "npy", ".npy") + _files(folder, ".npy")
    if is_board(files):
        found = find_board(files, names)
    else:
        found = Found("", {names.get(file.stem, file.stem): item(file) for file in files})
    for file in _files(folder, ".txt"):
        found.items.setdefault(names.get(file.stem, file.stem), item(file))
    if not found.items:
        return None
    rank = {name: number for number, name in enumerate(names.values())}
    if not is_board(files):
        ordered = sorted(found.items, key=lambda name: (rank.get(name, len(rank)), name))
        found.items = {name: found.items[name] for name in ordered}
    found.description = f"the toolkit's snapshot, {folder.name}"
    return found


def read_names(folder: Path) -> dict[str, str]:
    """File stem -> tensor name from the map beside, above or two above `folder`; {} without one."""
    path = _map_of(folder)
    if path is None:
        return {}
    if path.stat().st_size > LARGEST_MAP:
        raise DumpError(f"{path} is larger than {LARGEST_MAP >> 20} MiB.", "It is not a map of the toolkit; remove it.")
    rows = (line.split() for line in path.read_text(encoding="utf-8", errors="replace").splitlines()[1:])
    return {row[-1].removesuffix(".txt"): " ".join(row[:-1]) for row in rows if len(row) >= 2}


def _map_of(folder: Path) -> Path | None:
    candidates = (folder / MAP, folder.parent / MAP, folder.parent.parent / MAP)
    return next((path for path in candidates if path.is_file()), None)


def _choice(folder: Path, kinds: list[str], which: str) -> str:
    if which in kinds:
        return which
    if which:
        raise DumpError(f"{folder} has no dump of {which}, only of {', '.join(kinds)}.", "Choose one of these.")
    if len(kinds) > 1:
        raise DumpError(
            f"{folder} has dumps of {', '.join(kinds)}.",
            f"Give the folder of one of them, such as {folder / kinds[0]}.",
        )
    return kinds[0]


def _files(folder: Path, suffix: str) -> list[Path]:
    if not folder.is_dir():
        return []
    return sorted(path for path in folder.iterdir() if path.suffix == suffix and path.name not in NOT_TENSORS)

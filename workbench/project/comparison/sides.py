"""A side of a comparison, as it is named and remembered; see `open_side` for what it holds."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from workbench.foundation.errors import DumpError
from workbench.project.session import is_session

LIVE = ("golden", "simulator", "simulator_single", "runtime", "embedded", "toolkit", "reference")
"""What a session may hold: its golden values, the simulator's whole run and single layers, the board.

Where the vendor's toolkit simulated, "embedded" and "reference" (its golden values) are the embedded simulator's beside
it; where the embedded one did, "toolkit" is what the toolkit had made with the same settings.
"""
IN_FOLDERS = LIVE[:4]
"""Which of them a folder of dumps may have as folders inside."""
LETTERS = "ABC"
"""What the sides of a comparison are called; A is the reference."""


@dataclass(frozen=True, slots=True)
class Side:
    """`path` is a session's folder, or dumps in any format that is read.

    `source` is one of `LIVE` for a session; of a folder with several dumps it names one. Of dumps that are no session's
    `layout` is the memory layout, see `layouts.to_network`, and `sample` says which input of the sessions they are of.
    """

    path: Path
    source: str = ""
    layout: str = ""
    sample: int = 0

    @property
    def is_live(self) -> bool:
        """Whether it is a source of a session."""
        return is_session(self.path)


def side_of(text: str, source: str, layout: str = "") -> Side:
    """A side as a command line names it: a path, `SESSION` or `SESSION:source`; `source` is what it is else."""
    path = Path(text)
    head, colon, tail = text.rpartition(":")
    if colon and tail in LIVE and not path.exists():
        path, source = Path(head), tail
    if not path.exists():
        raise DumpError(f"There is no {path}.", "Give a session's folder, or a folder or file of dumps.")
    return Side(path, source, layout)


def titles(sides: Sequence[Side], home: Path | None = None) -> tuple[str, ...]:
    """A short title for each side: its source, with its session or folder unless that is one for all, or `home`."""
    folders = list(dict.fromkeys(side.path.resolve() for side in sides))
    names = dict(zip(folders, short_names(folders), strict=True))
    plain = folders[0] if len(folders) == 1 else home.resolve() if home is not None else None
    return tuple(_title(side, names[side.path.resolve()], side.path.resolve() == plain) for side in sides)


def short_names(paths: Sequence[Path]) -> list[str]:
    """The last parts of paths, as many as tell them apart."""
    found = [path.name for path in paths]
    for depth in range(2, 8):
        if len(set(found)) == len(found):
            break
        found = [
            "/".join(path.parts[-depth:]) if found.count(name) > 1 else name
            for path, name in zip(paths, found, strict=True)
        ]
    return found


def _title(side: Side, name: str, is_plain: bool) -> str:
    if side.path.is_file():
        return side.path.stem
    has_several = side.is_live or ((side.path / side.source).is_dir() and side.source != "")
    if not has_several:
        return name
    return side.source if is_plain else f"{name}: {side.source}"

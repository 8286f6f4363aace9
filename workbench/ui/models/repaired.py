"""Repairs of the user's files, for the worker process: what they would change, and the copy. Nothing here knows Qt."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.foundation.errors import ModelError, WorkbenchError
from workbench.graph.foreign.kinds import PAIRS, files_of, framework_of

if TYPE_CHECKING:
    from workbench.sources.toolkit.repairs import Proposal

MOST_DIFF = 400_000
"""Characters of a preview that are shown."""


@dataclass(frozen=True)
class Preview:
    """What the repair `key` would change in a file."""

    key: str
    path: Path
    weights: Path | None
    notes: tuple[str, ...]
    diff: str


@dataclass(frozen=True)
class Looked:
    """The repairs that would change something in a file, as keys and titles, and the preview of one of them."""

    repairs: tuple[tuple[str, str], ...]
    preview: Preview


@dataclass(frozen=True)
class Copy:
    """The files that were written; `weights` belong to the first one, which `can_open` as a network."""

    files: tuple[Path, ...]
    weights: Path | None
    can_open: bool


def look(paths: Sequence[Path], key: str = "", weights: Path | None = None) -> Looked | None:
    """The first of some files that the repair `key` (or any) would change; None where it changes none of them."""
    from workbench.sources.toolkit import repairs

    for path in paths:
        weights = weights or weights_of(path)
        found = tuple((item.key, item.title) for item in repairs.repairs_of(path, weights))
        keys = [item for item, _ in found]
        if key in keys or (found and not key):
            return Looked(found, preview(path, key or keys[0], weights))
    return None


def look_at_file(path: Path, weights: Path | None = None) -> Looked:
    """The repairs of a file that a user chose; refused where there are none."""
    found = look((path,), "", weights)
    if found is None:
        raise WorkbenchError(
            f"There is nothing to repair in {path.name}.",
            "Repairs are known for .onnx, .prototxt, .py and dataset.txt files.",
        )
    return found


def preview(path: Path, key: str, weights: Path | None = None) -> Preview:
    """What a repair would change."""
    proposal = _proposal(path, key, weights)
    diff = "\n".join(item.diff.rstrip("\n") for item in proposal.files)
    return Preview(key, path, weights, proposal.notes, diff[:MOST_DIFF])


def write_copy(chosen: Preview, target: Path) -> Copy:
    """Write the repaired copy, and what belongs to it beside it."""
    from workbench.sources.toolkit import repairs

    written = repairs.write(_proposal(chosen.path, chosen.key, chosen.weights), target)
    weights = written[1] if len(written) > 1 else chosen.weights
    return Copy(written, weights, weights is not None or framework_of(target) not in PAIRS)


def weights_of(path: Path) -> Path | None:
    """The second file of a network that consists of two; None where there is none."""
    try:
        files = files_of(path)
    except ModelError:
        return None
    return files[1] if len(files) > 1 else None


def _proposal(path: Path, key: str, weights: Path | None) -> "Proposal":
    from workbench.sources.toolkit import repairs

    return repairs.propose(path, key, weights)

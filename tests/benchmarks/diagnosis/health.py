"""Whether a network's outputs are as good as a user wants them: a measure of the suite's own, none of the rules'."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from workbench.dump.store import Dump
from workbench.project.results import Results

HEALTHY, SPOILT = 0.10, 0.15  # relative error of an output; the latter is a cosine of 0.99
LOST = 0.5  # of a channel's spread
SEEN = 0.05  # of 1: what moves less, as scores of classes that are not in the picture, says nothing
FEW = 128  # channels at most of what is taken for classes or coordinates


@dataclass(frozen=True)
class Health:
    """The worst relative error of an output, and how many channels of outputs say nothing any more."""

    relative: float
    lost: int

    @property
    def is_good(self) -> bool:
        return self.relative < HEALTHY and not self.lost

    def is_spoilt(self, clean: "Health") -> bool:
        """Whether something is wrong that was not when it was clean."""
        worse = self.relative > SPOILT and self.relative > 2 * clean.relative
        return worse or self.lost > clean.lost or not np.isfinite(self.relative)


def health(results: Results, source: str = "simulator") -> Health:
    """Of the outputs that a source computed, against golden."""
    worst, lost = 0.0, 0
    for golden, other in _outputs(results, source):
        norm = float(np.linalg.norm(golden))
        worst = max(worst, float(np.linalg.norm(other - golden)) / norm if norm else 0.0, key=_nan_is_most)
        lost += _lost(golden, other)
    return Health(worst, lost)


def _nan_is_most(value: float) -> float:
    return value if np.isfinite(value) else np.inf


def _outputs(results: Results, source: str) -> list[tuple[np.ndarray, np.ndarray]]:
    found = []
    rows = {row.golden: row for row in results.rows if row.tensor in results.outputs or row.golden in results.outputs}
    with Dump(_first(results, "golden")) as golden, Dump(_first(results, source)) as other:
        for row in rows.values():
            name = next((name for name in (row.tensor, row.golden) if name in other), None)
            if name is not None and row.golden in golden:
                pair = golden[row.golden].astype(np.float64), other[name].astype(np.float64)
                found.append(pair)
    return found


def _first(results: Results, source: str) -> Path:
    return results.dumps[source][0]


def _lost(golden: np.ndarray, other: np.ndarray) -> int:
    """Channels (the shorter of axis 1 and the last) whose error is more than half of how they vary over places."""
    if golden.ndim < 3 or golden.shape != other.shape:
        return 0
    axis = min((1, golden.ndim - 1), key=lambda axis: golden.shape[axis] if golden.shape[axis] > 1 else 1 << 30)
    if not 1 < golden.shape[axis] <= FEW:
        return 0
    own, theirs = (np.moveaxis(item, axis, 0).reshape(golden.shape[axis], -1) for item in (golden, other))
    spread, error = own.std(axis=1), np.sqrt(((own - theirs) ** 2).mean(axis=1))
    seen = np.ptp(own, axis=1) > SEEN * min(1.0, float(np.abs(golden).max()))
    return int(np.count_nonzero(seen & ~(error <= LOST * spread)))

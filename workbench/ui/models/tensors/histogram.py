"""How values are distributed, in bins that fit the levels which a quantised tensor can hold. No Qt."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from workbench.quantize.encoding import Encoding
from workbench.ui.models.tensors.heat_image import LARGE, SMALL

BINS, FEW_BINS, MOST_BINS = 160, 80, 1024


@dataclass(frozen=True)
class Histogram:
    """`counts[i]` values lie between `edges[i]` and `edges[i + 1]`."""

    edges: np.ndarray
    counts: np.ndarray


@dataclass(frozen=True)
class Grid:
    """The values that an encoding can hold: `levels` of them, `step` apart, from `low` on."""

    low: float
    step: float
    levels: int

    @property
    def high(self) -> float:
        """The largest of them."""
        return self.low + (self.levels - 1) * self.step

    @property
    def ends(self) -> tuple[float, float]:
        """What lies beyond, half a step from the outermost levels, is clipped; rounding alone does not count."""
        return self.low - self.step / 2, self.high + self.step / 2


@dataclass(frozen=True)
class Clipped:
    """The shares of golden's values that lie below and above what an encoding can hold."""

    below: float
    above: float


def levels_used(histogram: Histogram, grid: Grid) -> int | None:
    """How many of a grid's levels its source has; None where a bin holds several of them."""
    width = histogram.edges[1] - histogram.edges[0]
    if width > grid.step * 1.25:
        return None
    levels = grid.low + np.arange(grid.levels) * grid.step
    seen = levels[(levels > histogram.edges[0]) & (levels < histogram.edges[-1])]
    return int(np.count_nonzero(histogram.counts[((seen - histogram.edges[0]) / width).astype(np.intp)]))


def grid_of(encoding: Encoding | None) -> Grid | None:
    """None for floats, and where every channel has a scale of its own."""
    if encoding is None or len(encoding.scale) != 1:
        return None
    low, high = encoding.limits
    return Grid(float(encoding.held[0][0]), encoding.scale[0], high - low + 1)


def common_edges(numbers: Sequence[Mapping[str, float]], grid: Grid | None) -> np.ndarray:
    """Of equal width, over everything that is finite; each bin holds the same number of the grid's levels.

    Where the values span few levels, each of them has several bins, and lies in the middle of one.
    """
    ends = [(item["min"], item["max"]) for item in numbers if not math.isnan(item["min"])]
    if not ends:
        return np.linspace(-1.0, 1.0, BINS + 1)
    low, high = min(end[0] for end in ends), max(end[1] for end in ends)
    if grid is not None and (edges := _on_grid(low, high, grid)) is not None:
        return edges
    around = max(0.5, abs(low) * 1e-6) if high == low else 0.0
    return np.linspace(low - around, high + around, BINS + 1)


def around_zero(numbers: Mapping[str, float]) -> np.ndarray:
    """The edges of a difference's histogram."""
    bound = max(abs(numbers["min"]), abs(numbers["max"]))
    return np.linspace(-bound, bound, BINS + 1) if 0 < bound < math.inf else np.linspace(-1.0, 1.0, BINS + 1)


def counts_of(values: np.ndarray, edges: np.ndarray) -> np.ndarray:
    """How many float32 values lie in every bin; the edges are equally far apart, what is beyond them is left out."""
    bins, low = len(edges) - 1, edges[0]
    if not SMALL < edges[-1] - low < LARGE:
        edges, values = (edges - low) / (edges[-1] - low), (values.astype(np.float64) - low) / (edges[-1] - low)
        return counts_of(values.astype(np.float32), edges)
    with np.errstate(invalid="ignore", over="ignore"):
        where = (values.reshape(-1) - np.float32(low)) * np.float32(bins / (edges[-1] - low))
    if not (where.min(initial=0) >= 0 and where.max(initial=0) < bins):  # a NaN is neither
        where = np.minimum(where[(where >= 0) & (where <= bins * (1 + 1e-6))], bins - 1)
    counts: np.ndarray = np.bincount(where.astype(np.intp), minlength=bins)
    return counts


def _on_grid(low: float, high: float, grid: Grid) -> np.ndarray | None:
    """None where the values span far more than the grid has levels."""
    first = math.floor((low - grid.low) / grid.step + 0.5)
    last = math.floor((high - grid.low) / grid.step + 0.5)
    each = 1
    while (last - first) // each >= MOST_BINS // 2:
        each *= 2
    if each > max(1, grid.levels // 16):
        return None
    first -= first % each  # a bin begins with the grid's first level
    bins = (last - first) // each + 1
    finer = 1 if bins >= FEW_BINS else FEW_BINS // bins | 1
    start = grid.low + (first - 0.5) * grid.step
    return start + np.arange(bins * finer + 1) * (each * grid.step / finer)

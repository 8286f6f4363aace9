"""Two sources against each other, element by element: how many lie where; which they are when they are few. No Qt."""

import math
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from workbench.ui.models.tensors.cut import Cut
from workbench.ui.models.tensors.data import Stored
from workbench.ui.models.tensors.histogram import Grid, grid_of
from workbench.ui.models.tensors.moments import Moments
from workbench.ui.models.tensors.parts import Part, parts, values
from workbench.ui.models.tensors.summary import Pair, Summary

MOST_POINTS = 4000
OTHER, DIFFERENCE = "other", "difference"
Ends = tuple[float, float]


@dataclass(frozen=True)
class Question:
    """What is laid against what: the pair's second source to the right, upwards its first one or the `difference`.

    `seen` are the ends of what is looked at, to the right and upwards, `bins` its columns and rows. `channel` None
    takes all of them.
    """

    pair: Pair
    seen: tuple[Ends, Ends]
    upwards: str = OTHER
    channel: int | None = None
    bins: tuple[int, int] = (240, 100)


@dataclass(frozen=True)
class Points:
    """Single elements: where they are in the tensor, both their values, and whether they are saturated."""

    channel: np.ndarray
    position: np.ndarray
    reference: np.ndarray
    other: np.ndarray
    saturated: np.ndarray


@dataclass(frozen=True)
class Scatter:
    """Rows are counted upwards, columns to the right; `right` and `up` are the edges of the bins.

    `saturated` are those elements among `counts` that the encoding's end cuts off. `points` are there where no more
    than `MOST_POINTS` elements lie in what is looked at. `left_out` are elements that are not finite in a source.
    """

    right: np.ndarray
    up: np.ndarray
    counts: np.ndarray
    saturated: np.ndarray
    left_out: int = 0
    points: Points | None = None
    grid: Grid | None = None
    """The levels that the first source can hold."""

    @property
    def inside(self) -> int:
        """How many elements lie in what is looked at."""
        return int(self.counts.sum())


def scatter(found: Mapping[str, Stored], cut: Cut, asked: Question) -> Generator[None, None, Scatter | None]:
    """None where one of the two sources is missing."""
    if not set(asked.pair) <= found.keys():
        return None
    elements = _Elements(found, cut, asked)
    right, up = asked.seen
    bins = _Bins(elements, np.linspace(*right, asked.bins[0] + 1), _rows(elements, up, asked))
    for part in elements.parts():
        bins.add(part, *elements.read(part))
        yield
    return bins.result()


def whole_of(summary: Summary, pair: Pair, upwards: str, channel: int | None) -> tuple[Ends, Ends] | None:
    """What all finite elements, or those of a channel, lie within, a little more to every side."""
    gap = summary.gap(pair)
    if gap is None:
        return None
    chosen = slice(None) if channel is None else slice(channel, channel + 1)
    if upwards == DIFFERENCE:
        far = gap.channels.max_abs[chosen]
        most = float(far[np.isfinite(far)].max(initial=0.0))
        return _opened(*_range([summary.moments[pair[1]]], chosen)), _opened(-most, most)
    both = _opened(*_range([summary.moments[source] for source in pair], chosen))
    return both, both


def line_of(summary: Summary, pair: Pair) -> tuple[float, float] | None:
    """Slope and offset of the straight line through all elements that leaves the least squares; None for a constant.

    The covariance is (the deviations of both - that of the difference) / 2, all as sums of squares.
    """
    gap = summary.gap(pair)
    if gap is None:
        return None
    other, reference = (summary.statistics[source] for source in pair)
    variance = reference["std"] ** 2
    if not variance > 0 or any(numbers["nan"] + numbers["inf"] for numbers in (other, reference)):
        return None
    slope = (variance + other["std"] ** 2 - gap.statistics["std"] ** 2) / 2 / variance
    return slope, other["mean"] - slope * reference["mean"]


def _range(sources: Sequence[Moments], chosen: slice) -> Ends:
    ends = np.concatenate([end[chosen] for moments in sources for end in (moments.low, moments.high)])
    ends = ends[np.isfinite(ends)]
    return (float(ends.min()), float(ends.max())) if ends.size else (0.0, 0.0)


class _Elements:
    """The values of both sources, part by part, as they are laid against each other."""

    def __init__(self, found: Mapping[str, Stored], cut: Cut, asked: Question) -> None:
        self.pair = found[asked.pair[0]], found[asked.pair[1]]
        self.cut, self.asked = cut, asked
        self.grid = grid_of(self.pair[0].encoding)

    def parts(self) -> Generator[Part, None, None]:
        wanted = self.asked.channel
        for part in parts(self.cut):
            if wanted is None or part.first <= wanted < part.last:
                yield part

    def read(self, part: Part) -> tuple[np.ndarray, np.ndarray]:
        """The reference and the other source, one row a channel; all other channels than the wanted one are NaN."""
        other, reference = (values(stored, self.cut, part) for stored in self.pair)
        if self.asked.channel is not None and part.last - part.first > 1:
            alone = np.arange(part.first, part.last) == self.asked.channel
            reference = np.where(alone[:, None], reference, np.float32(np.nan))
        return reference, other

    def upwards(self, reference: np.ndarray, other: np.ndarray) -> np.ndarray:
        """What is laid upwards."""
        if self.asked.upwards == OTHER:
            return other
        with np.errstate(invalid="ignore", over="ignore"):
            gap: np.ndarray = other - reference
        return gap

    def saturated(self, reference: np.ndarray, other: np.ndarray) -> np.ndarray | None:
        """What the end of the encoding cuts off; None where nothing is."""
        if self.grid is None:
            return None
        (low, high), quarter = self.grid.ends, self.grid.step / 4
        below = (reference < low) & (other < self.grid.low + quarter)
        above = (reference > high) & (other > self.grid.high - quarter)
        return below | above


class _Bins:
    def __init__(self, elements: _Elements, right: np.ndarray, up: np.ndarray) -> None:
        self._elements, self._right, self._up = elements, right, up
        self._size = (len(up) - 1, len(right) - 1)
        self._counts, self._saturated = (np.zeros(math.prod(self._size), np.int64) for _ in range(2))
        self._left_out, self._few = 0, True
        self._points: list[tuple[np.ndarray, ...]] = []

    def add(self, part: Part, reference: np.ndarray, other: np.ndarray) -> None:
        column, row = _bin_of(reference, self._right), _bin_of(self._elements.upwards(reference, other), self._up)
        inside = (column >= 0) & (column < self._size[1]) & (row >= 0) & (row < self._size[0])
        self._left_out += self._strange(reference, other)
        at = np.flatnonzero(inside)
        where = row.reshape(-1)[at].astype(np.intp) * self._size[1] + column.reshape(-1)[at].astype(np.intp)
        self._counts += np.bincount(where, minlength=self._counts.size)
        cut_off = self._elements.saturated(reference, other)
        flags = np.zeros(at.size, np.bool_) if cut_off is None else cut_off.reshape(-1)[at]
        if flags.any():
            self._saturated += np.bincount(where[flags], minlength=self._counts.size)
        self._few = self._few and int(self._counts.sum()) <= MOST_POINTS
        if self._few and at.size:
            self._keep(part, at, (reference, other), flags)

    def result(self) -> Scatter:
        points = None
        if self._few:
            types = (np.intp, np.intp, np.float32, np.float32, np.bool_)
            empty = [tuple(np.zeros(0, kind) for kind in types)]
            points = Points(*(np.concatenate(kind) for kind in zip(*(self._points or empty), strict=True)))
        counts, saturated = (item.reshape(self._size) for item in (self._counts, self._saturated))
        return Scatter(self._right, self._up, counts, saturated, self._left_out, points, self._elements.grid)

    def _keep(self, part: Part, at: np.ndarray, pair: tuple[np.ndarray, np.ndarray], flags: np.ndarray) -> None:
        width = pair[0].shape[1]
        sides = (side.reshape(-1)[at] for side in pair)
        self._points.append((part.first + at // width, part.start + at % width, *sides, flags))

    def _strange(self, reference: np.ndarray, other: np.ndarray) -> int:
        missing = ~(np.isfinite(reference) & np.isfinite(other))
        wanted = self._elements.asked.channel
        if wanted is not None and len(reference) > 1:  # the other channels were made NaN
            return 0 if not missing.any() else int(missing.sum()) - (len(reference) - 1) * reference.shape[1]
        return int(missing.sum())


def _bin_of(side: np.ndarray, edges: np.ndarray) -> np.ndarray:
    """The number of the bin as float32, as it comes: beyond the ends, or NaN; what lies at the very end is inside."""
    bins = len(edges) - 1
    with np.errstate(invalid="ignore", over="ignore"):
        found: np.ndarray = np.floor((side - np.float32(edges[0])) * np.float32(bins / (edges[-1] - edges[0])))
    return found


def _rows(elements: _Elements, up: Ends, asked: Question) -> np.ndarray:
    """The edges of the rows; where the other source holds levels, each row has the same number of them."""
    grid = elements.grid
    if grid is None or asked.upwards == DIFFERENCE:
        return np.linspace(*up, asked.bins[1] + 1)
    first, last = (math.floor((end - grid.low) / grid.step + 0.5) for end in up)
    each = max(1, math.ceil((last - first + 1) / asked.bins[1]))
    rows = (last - first) // each + 1
    if rows < asked.bins[1] // 4:  # so near that a level is a band
        return np.linspace(*up, asked.bins[1] + 1)
    return _level_edges(grid, first, each, rows)


def _level_edges(grid: Grid, first: int, each: int, rows: int) -> np.ndarray:
    return grid.low + (first - 0.5) * grid.step + np.arange(rows + 1) * (each * grid.step)


def _opened(low: float, high: float) -> Ends:
    margin = (high - low) * 0.02 or abs(low) * 0.1 or 0.5
    return low - margin, high + margin

"""A whole tensor in numbers: statistics, histograms, the errors of its channels and its worst elements. No Qt.

`summarise` is a generator, so that between two of its steps the reading thread can answer something more urgent.
"""

import math
import time
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar

import numpy as np

from workbench.project.results import SOURCES
from workbench.ui.models.tensors.cut import Cut
from workbench.ui.models.tensors.data import Stored
from workbench.ui.models.tensors.histogram import (
    Clipped,
    Grid,
    Histogram,
    around_zero,
    common_edges,
    counts_of,
    grid_of,
)
from workbench.ui.models.tensors.moments import Moments, MomentSums
from workbench.ui.models.tensors.parts import Part, parts, place, values

T = TypeVar("T")
Pair = tuple[str, str]
"""The second is subtracted from the first."""
Candidates = list[tuple[float, int, int]]
"""Distance (infinite for NaN), channel, position in its plane."""
GOLDEN = SOURCES[0]
LARGEST = 40
BUDGET = 0.01  # seconds of one answer of the reading thread: as long may another channel have to wait
ROUNDING = 1 + 1e-4  # of half a step: float32 is not exact


@dataclass(frozen=True)
class Element:
    """One element: its place, its value in the reference and in the other source, and the integer the latter stores."""

    index: tuple[int, ...]
    channel: int
    golden: float = math.nan
    other: float = math.nan
    stored: int | None = None


@dataclass(frozen=True)
class ChannelErrors:
    """One number a channel."""

    rms: np.ndarray
    max_abs: np.ndarray
    cos: np.ndarray
    """NaN where one of the two is zero throughout."""


@dataclass(frozen=True)
class Difference:
    """What lies between two sources; `within` is the share of at most half a step of the grid that one of them has."""

    statistics: Mapping[str, float]
    histogram: Histogram
    channels: ChannelErrors
    largest: tuple[Element, ...]
    within: float = math.nan

    @property
    def worst_channel(self) -> int:
        """The channel with the largest root mean square; a NaN counts as the largest."""
        rms = self.channels.rms
        return int(np.argmax(np.where(np.isnan(rms), np.inf, rms))) if rms.size else 0

    def turned(self) -> "Difference":
        """The other way round."""
        numbers = {**self.statistics, "min": -self.statistics["max"], "max": -self.statistics["min"]}
        numbers["mean"] = -self.statistics["mean"]
        edges, counts = self.histogram.edges, self.histogram.counts
        largest = tuple(replace(item, golden=item.other, other=item.golden) for item in self.largest)
        return replace(self, statistics=numbers, histogram=Histogram(-edges[::-1], counts[::-1]), largest=largest)


@dataclass(frozen=True, eq=False)
class Summary:
    """By source; the histograms of the values have common edges. `clipped` is there for sources with a grid."""

    statistics: Mapping[str, Mapping[str, float]]
    histograms: Mapping[str, Histogram]
    gaps: Mapping[Pair, Difference] = field(default_factory=dict)
    moments: Mapping[str, Moments] = field(default_factory=dict)
    grids: Mapping[str, Grid] = field(default_factory=dict)
    clipped: Mapping[str, Clipped] = field(default_factory=dict)

    def gap(self, pair: Pair) -> Difference | None:
        """What lies between any two sources; None where one of them is missing."""
        found, turned = self.gaps.get(pair), self.gaps.get(pair[::-1])
        return found or (turned.turned() if turned is not None else None)


def answer_within(steps: Generator[None, None, T], budget: float = BUDGET) -> Callable[[], T | None]:
    """A function that goes on with `steps` for `budget` seconds: its result when it came to the end, else None."""

    def go_on() -> T | None:
        until = time.monotonic() + budget
        try:
            while time.monotonic() < until:
                next(steps)
        except StopIteration as stop:
            result: T = stop.value
            return result
        return None

    return go_on


def summarise(found: Mapping[str, Stored], cut: Cut) -> Generator[None, None, Summary]:
    """Twice through all sources together: moments first, then histograms over the range of all."""
    sources = Sources(found, cut)
    sums = {key: MomentSums(cut.channels) for key in sources.keys}
    for part in parts(cut):
        for key, rows in sources.read(part).items():
            sums[key].add(part, rows)
        yield
    counting = _Counting(sources, {key: item.result() for key, item in sums.items()})
    for part in parts(cut):
        counting.add(part)
        yield
    return counting.result()


class Sources:
    """A tensor in all its sources, and the difference of each from those before it, part by part.

    The keys of values are (source, "").
    """

    def __init__(self, found: Mapping[str, Stored], cut: Cut) -> None:
        self.stored, self.cut = found, cut
        names = [source for source in SOURCES if source in found]
        self.pairs = [(other, source) for at, source in enumerate(names) for other in names[at + 1 :]]
        self.keys = [*((source, "") for source in found), *self.pairs]
        self.grids = {source: grid for source, item in found.items() if (grid := grid_of(item.encoding)) is not None}

    def read(self, part: Part) -> dict[Pair, np.ndarray]:
        """The values as float32, one row a channel."""
        result = {(source, ""): values(item, self.cut, part) for source, item in self.stored.items()}
        with np.errstate(invalid="ignore", over="ignore"):
            for other, reference in self.pairs:
                result[other, reference] = result[other, ""] - result[reference, ""]
        return result

    def element(self, pair: Pair, channel: int, position: int) -> Element:
        """The element at a position of a channel's flattened plane."""
        index = place(self.cut, channel, position)
        one = Part(0, 1, 0, tuple(slice(i, i + 1) for i in index))
        other, golden = (float(values(self.stored[name], self.cut, one)[0, 0]) for name in pair)
        integer = self.stored[pair[0]].integers(index)
        return Element(index, channel, golden, other, None if integer is None else int(integer))


class _Counting:
    """The second way through a tensor."""

    def __init__(self, sources: Sources, seen: Mapping[Pair, Moments]) -> None:
        self._sources, self._seen = sources, seen
        self._numbers = {key: item.statistics() for key, item in seen.items()}
        of_values = [numbers for (_, reference), numbers in self._numbers.items() if not reference]
        common = common_edges(of_values, next(iter(sources.grids.values()), None))
        self._edges = {key: around_zero(self._numbers[key]) if key[1] else common for key in sources.keys}
        self._counts = {key: np.zeros(len(edges) - 1, np.int64) for key, edges in self._edges.items()}
        self._beyond = {source: np.zeros(2) for source in sources.grids}
        self._within = dict.fromkeys(sources.pairs, 0)
        self._largest: dict[Pair, Candidates] = {pair: [] for pair in sources.pairs}

    def add(self, part: Part) -> None:
        rows = self._sources.read(part)
        for key, block in rows.items():
            self._counts[key] += counts_of(block, self._edges[key])
        for pair in self._sources.pairs:
            distance = np.abs(rows[pair])
            self._largest[pair] = _farthest(self._largest[pair], distance, part)
            if (grid := self._sources.grids.get(pair[0])) is not None:
                self._within[pair] += int(np.count_nonzero(distance <= np.float32(grid.step / 2 * ROUNDING)))
        for source, grid in self._sources.grids.items() if (GOLDEN, "") in rows else ():
            low, high = (np.float32(end) for end in grid.ends)
            golden = rows[GOLDEN, ""]
            self._beyond[source] += np.count_nonzero(golden < low), np.count_nonzero(golden > high)

    def result(self) -> Summary:
        numbers = {source: self._numbers[source, ""] for source in self._sources.stored}
        return Summary(
            numbers,
            {source: Histogram(self._edges[source, ""], self._counts[source, ""]) for source in numbers},
            {pair: self._difference(pair) for pair in self._sources.pairs},
            {source: self._seen[source, ""] for source in numbers},
            self._sources.grids,
            {source: self._clipped(source) for source in self._beyond if GOLDEN in numbers},
        )

    def _clipped(self, source: str) -> Clipped:
        golden = self._numbers[GOLDEN, ""]
        total = max(1.0, golden["count"] - golden["nan"])
        below, above = (float(count) / total for count in self._beyond[source])
        return Clipped(below, above)

    def _difference(self, pair: Pair) -> Difference:
        count = self._numbers[pair]["count"]
        return Difference(
            self._numbers[pair],
            Histogram(self._edges[pair], self._counts[pair]),
            channel_errors(self._seen[pair[1], ""], self._seen[pair[0], ""], self._seen[pair]),
            tuple(self._sources.element(pair, channel, position) for _, channel, position in self._largest[pair]),
            self._within[pair] / count if pair[0] in self._sources.grids and count else math.nan,
        )


def channel_errors(golden: Moments, other: Moments, gaps: Moments) -> ChannelErrors:
    """1 - cos from the sums of squares, without cancelling: (sdd - (|g| - |o|)²) / (2 |g| |o|)."""
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        lengths = np.sqrt(golden.power), np.sqrt(other.power)
        away = (gaps.power - (lengths[0] - lengths[1]) ** 2) / (2 * lengths[0] * lengths[1])
        rms = np.sqrt(gaps.power / np.maximum(gaps.count, 1))
    return ChannelErrors(rms, gaps.largest, 1 - away)


def _farthest(before: Candidates, distance: np.ndarray, part: Part) -> Candidates:
    """The largest distances so far and of a part; a NaN is as far as it gets, what does not differ is left out."""
    least = before[-1][0] if len(before) == LARGEST else 0.0
    most = distance.max()
    if not (most > least or math.isnan(most)):
        return before
    near = np.flatnonzero(~(distance.reshape(-1) <= np.float32(least)))
    far = np.nan_to_num(distance.reshape(-1)[near], nan=np.inf, posinf=np.inf)
    if near.size > LARGEST:
        chosen = np.argpartition(far, far.size - LARGEST)[far.size - LARGEST :]
        near, far = near[chosen], far[chosen]
    width = distance.shape[1]
    found = [
        (float(gap), part.first + int(at) // width, part.start + int(at) % width)
        for at, gap in zip(near, far, strict=True)
    ]
    return sorted([*before, *found], key=lambda item: (-item[0], item[1], item[2]))[:LARGEST]

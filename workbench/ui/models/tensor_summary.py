"""A whole tensor in numbers: statistics, histograms, the worst channel and elements. No Qt.

`summarise` is a generator, so that between two of its steps the reading thread can answer something more urgent.
"""

import math
import time
from collections.abc import Callable, Generator, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np

from workbench.dump.statistics import statistics
from workbench.ui.models.tensor_data import Cut, Place, Shelf, Stored, find

T = TypeVar("T")
BLOCK = 1 << 19  # elements; about 5 ms a step
BINS = 120
LARGEST = 40
BUDGET = 0.04  # seconds of one answer of the reading thread


@dataclass(frozen=True)
class Histogram:
    """`counts[i]` values lie between `edges[i]` and `edges[i + 1]`."""

    edges: np.ndarray
    counts: np.ndarray


@dataclass(frozen=True)
class Element:
    """One element: where it is, and its value in golden and in the other source."""

    index: tuple[int, ...]
    channel: int
    golden: float
    other: float


@dataclass(frozen=True)
class Difference:
    """What lies between golden and another source."""

    statistics: Mapping[str, float]
    histogram: Histogram
    by_channel: np.ndarray
    """Root mean square of every channel."""
    largest: tuple[Element, ...]

    @property
    def worst_channel(self) -> int:
        """The channel with the largest difference; a NaN counts as the largest."""
        return int(np.argmax(np.where(np.isnan(self.by_channel), np.inf, self.by_channel)))


@dataclass(frozen=True)
class Summary:
    """By source; the histograms of the values have common edges."""

    statistics: Mapping[str, Mapping[str, float]]
    histograms: Mapping[str, Histogram]
    differences: Mapping[str, Difference] = field(default_factory=dict)


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


def summarise_places(shelf: Shelf, wanted: Mapping[str, Place], cut: Cut) -> Generator[None, None, Summary]:
    """As `summarise`, opening the dumps first."""
    return (yield from summarise(find(shelf, wanted)[0], cut))


def summarise(found: Mapping[str, Stored], cut: Cut) -> Generator[None, None, Summary]:
    """Statistics first, then histograms over the range of all sources together."""
    numbers: dict[str, Mapping[str, float]] = {}
    for source, stored in found.items():
        numbers[source] = yield from _statistics(block for block in _blocks(stored))
    edges = _edges(list(numbers.values()))
    histograms = {}
    for source, stored in found.items():
        histograms[source] = yield from _histogram(_blocks(stored), edges)
    differences = {}
    for source in found:
        if source != "golden" and "golden" in found:
            differences[source] = yield from _difference(found["golden"], found[source], cut)
    return Summary(numbers, histograms, differences)


def _blocks(stored: Stored) -> Iterator[np.ndarray]:
    """The values as float32, piece by piece."""
    if stored.encoding is not None and len(stored.encoding.scale) > 1:
        stored = Stored(stored.encoding.dequantize(stored.array), None)
    flat = Stored(stored.array.reshape(-1), stored.encoding)
    for start in range(0, max(1, flat.array.size), BLOCK):
        yield flat.part((slice(start, start + BLOCK),))


def _statistics(blocks: Iterator[np.ndarray]) -> Generator[None, None, dict[str, float]]:
    parts = []
    for block in blocks:
        parts.append(statistics(block))
        yield
    return _merged(parts)


def _merged(parts: list[dict[str, float]]) -> dict[str, float]:
    """The statistics of all parts together; deviations by Chan, Golub, LeVeque 1983."""
    total = {key: sum(part[key] for part in parts) for key in ("nan", "inf", "zeros", "count")}
    finite = [(part, part["count"] - part["nan"] - part["inf"]) for part in parts]
    finite = [(part, count) for part, count in finite if count]
    if not finite:
        return dict.fromkeys(("min", "max", "mean", "std"), math.nan) | total
    count = sum(number for _, number in finite)
    mean = sum(part["mean"] * number for part, number in finite) / count
    square = sum((part["std"] ** 2 + (part["mean"] - mean) ** 2) * number for part, number in finite)
    low, high = min(part["min"] for part, _ in finite), max(part["max"] for part, _ in finite)
    return {"min": low, "max": high, "mean": mean, "std": math.sqrt(square / count)} | total


def _edges(numbers: list[Mapping[str, float]]) -> np.ndarray:
    """Of equal width, over everything that is finite."""
    lows = [item["min"] for item in numbers if not math.isnan(item["min"])]
    highs = [item["max"] for item in numbers if not math.isnan(item["max"])]
    if not lows:
        return np.linspace(-1.0, 1.0, BINS + 1)
    low, high = min(lows), max(highs)
    return np.linspace(low, high, BINS + 1) if high > low else np.linspace(low - 0.5, low + 0.5, BINS + 1)


def _histogram(blocks: Iterator[np.ndarray], edges: np.ndarray) -> Generator[None, None, Histogram]:
    counts = np.zeros(BINS, np.int64)
    for block in blocks:
        finite = block[np.isfinite(block)]
        counts += np.histogram(finite, bins=BINS, range=(edges[0], edges[-1]))[0]
        yield
    return Histogram(edges, counts)


def _difference(golden: Stored, other: Stored, cut: Cut) -> Generator[None, None, Difference]:
    numbers = yield from _statistics(_pairs(golden, other))
    bound = max(abs(numbers["min"]), abs(numbers["max"]))
    bound = bound if bound > 0 else 1.0  # a NaN too: nothing is finite
    histogram = yield from _histogram(_pairs(golden, other), np.linspace(-bound, bound, BINS + 1))
    largest: list[tuple[int, float, float]] = []
    for number, (reference, block) in enumerate(zip(_blocks(golden), _blocks(other), strict=True)):
        largest = _largest([*largest, *_candidates(reference, block, number * BLOCK)])
        yield
    by_channel = yield from _by_channel(golden, other, cut)
    elements = [
        Element(tuple(int(i) for i in np.unravel_index(flat, cut.shape)), cut.channel_of(flat), a, b)
        for flat, a, b in largest
    ]
    return Difference(numbers, histogram, by_channel, tuple(elements))


def _pairs(golden: Stored, other: Stored) -> Iterator[np.ndarray]:
    for reference, block in zip(_blocks(golden), _blocks(other), strict=True):
        with np.errstate(invalid="ignore"):  # not around the yield: who gives up may be another thread
            difference = block - reference
        yield difference


def _candidates(golden: np.ndarray, other: np.ndarray, start: int) -> list[tuple[int, float, float]]:
    distance = _distance(golden, other)
    count = min(LARGEST, distance.size)
    chosen: list[int] | np.ndarray = (
        np.argpartition(distance, distance.size - count)[distance.size - count :] if count else []
    )
    return [(start + int(i), float(golden[i]), float(other[i])) for i in chosen if distance[i] > 0]


def _largest(elements: list[tuple[int, float, float]]) -> list[tuple[int, float, float]]:
    def distance(element: tuple[int, float, float]) -> float:
        gap = abs(element[2] - element[1])
        return math.inf if math.isnan(gap) else gap

    return sorted(elements, key=distance, reverse=True)[:LARGEST]


def _distance(golden: np.ndarray, other: np.ndarray) -> np.ndarray:
    with np.errstate(invalid="ignore"):
        distance = np.abs(other - golden)
    return np.where(np.isnan(distance), np.inf, distance)


def _by_channel(golden: Stored, other: Stored, cut: Cut) -> Generator[None, None, np.ndarray]:
    found = np.zeros(cut.channels)
    for channel in range(cut.channels):
        select = cut.select(channel)
        with np.errstate(invalid="ignore"):
            gap = (other.part(select) - golden.part(select)).astype(np.float64)
        found[channel] = math.sqrt(float(np.mean(gap * gap))) if gap.size else 0.0
        yield
    return found

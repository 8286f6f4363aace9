"""What a calibration set is like: its pictures beside the analysed ones, and how the ranges grow with each of them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from workbench.diagnose.case import Case
from workbench.diagnose.findings import Chart
from workbench.diagnose.quant_damage import FloatRun
from workbench.foundation.steps import Progress, Steps

STAGE = "diagnose"
MOST_RUN = 8  # inputs of a set that are run
FLAT, WILD = 0.25, 4.0  # times the deviation of the analysed input
ROUGH = 0.45  # less alike are neighbours, as a correlation, than in the analysed input


@dataclass(frozen=True)
class Texture:
    """An input's deviation, and how alike neighbouring values are: 1 in a smooth picture, 0 in noise."""

    deviation: float
    likeness: float

    def is_like(self, other: "Texture") -> bool:
        """Whether it may be of the same kind of pictures."""
        if not FLAT * other.deviation <= self.deviation <= WILD * other.deviation:
            return False
        return abs(self.likeness - other.likeness) < ROUGH


def texture(values: np.ndarray) -> Texture:
    """Of an input; neighbours are those along the longest axes, where it has such."""
    values = values.astype(np.float64)
    axes = sorted(range(values.ndim), key=lambda axis: -values.shape[axis])[:2]
    likeness = [_likeness(values, axis) for axis in axes if values.shape[axis] > 3]
    return Texture(float(values.std()), float(np.mean(likeness)) if likeness else 0.0)


@dataclass(frozen=True)
class Growth:
    """The lowest and highest value of tensors (columns) in calibration inputs (rows), and what these are like."""

    tensors: tuple[str, ...]
    low: np.ndarray
    high: np.ndarray
    textures: tuple[Texture, ...]

    def extents(self, tensor: str) -> np.ndarray:
        """How far the values of each input reach."""
        at = self.tensors.index(tensor)
        return np.asarray(np.maximum(self.high[:, at], 0) - np.minimum(self.low[:, at], 0))

    def curve(self, tensor: str) -> tuple[float, ...]:
        """The extent of the range after each input."""
        at = self.tensors.index(tensor)
        high, low = (np.maximum.accumulate(self.high[:, at]), np.minimum.accumulate(self.low[:, at]))
        return tuple(float(value) for value in np.maximum(high, 0) - np.minimum(low, 0))

    def stretcher(self, tensor: str, times: float = 2.0) -> int | None:
        """The input that alone makes a range so many times as wide as all others do; None where none does."""
        extents = self.extents(tensor)
        if len(extents) < 2:
            return None
        first, second = np.argsort(-extents)[:2]
        return int(first) if extents[first] > times * extents[second] else None

    def chart(self, tensors: Sequence[str], analysed: Mapping[str, float]) -> Chart:
        """The curves, and what the analysed input needs."""
        series = {name: self.curve(name) for name in tensors}
        series |= {f"{name} (analysed)": (analysed[name],) * len(self.low) for name in tensors if name in analysed}
        return Chart("lines", "calibration inputs", "extent of the range", series)


def growth(case: Case, tensors: Collection[str]) -> Steps[Growth]:
    """Run the calibration set in float, its first inputs at least, and note the ranges."""
    names = tuple(tensors)
    run = FloatRun(case, names)
    first = case.model.graph.inputs[0].name
    low, high, like = [], [], []
    samples = case.dataset[:MOST_RUN]
    for number, sample in enumerate(samples):
        yield Progress(STAGE, number, len(samples))
        feeds = case.feeds_of(sample)
        values = yield from run.run(feeds)
        low.append([float(values[name].min()) for name in names])
        high.append([float(values[name].max()) for name in names])
        like.append(texture(feeds[first]))
    return Growth(names, np.array(low), np.array(high), tuple(like))


def _likeness(values: np.ndarray, axis: int) -> float:
    count = values.shape[axis]
    first, second = (np.take(values, range(start, count - 1 + start), axis).reshape(-1) for start in (0, 1))
    first, second = first - first.mean(), second - second.mean()
    scale = float(np.sqrt(first @ first * (second @ second)))
    return float(first @ second) / scale if scale else 1.0

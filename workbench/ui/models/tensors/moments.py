"""Range, mean and deviation of every channel of a tensor, and of its difference from another one. No Qt."""

import math
from dataclasses import dataclass

import numpy as np

from workbench.ui.models.tensors.parts import Part

STRETCH = 64


@dataclass(frozen=True)
class Moments:
    """One number a channel, of its finite values: `low` and `high` are NaN, `mean` is 0 where there are none.

    `square` is the sum of the squared deviations from the mean.
    """

    low: np.ndarray
    high: np.ndarray
    mean: np.ndarray
    square: np.ndarray
    finite: np.ndarray
    nan: np.ndarray
    inf: np.ndarray
    zeros: np.ndarray

    @property
    def count(self) -> np.ndarray:
        """All elements."""
        return self.finite + self.nan + self.inf

    @property
    def power(self) -> np.ndarray:
        """The sum of the squares of all values; NaN or infinite where one of them is."""
        sums = self.square + self.finite * self.mean**2
        strange = np.where(self.nan > 0, np.nan, np.inf)
        return np.where(self.nan + self.inf > 0, strange, sums)

    @property
    def largest(self) -> np.ndarray:
        """The largest magnitude; NaN or infinite where there is such a value."""
        magnitude = np.fmax(np.abs(self.low), np.abs(self.high))
        strange = np.where(self.nan > 0, np.nan, np.inf)
        return np.where(self.nan + self.inf > 0, strange, magnitude)

    def statistics(self) -> dict[str, float]:
        """`min max mean std` of all finite values (NaN when there are none), `nan inf zeros count`."""
        counts = {"nan": self.nan, "inf": self.inf, "zeros": self.zeros, "count": self.count}
        total = {key: float(values.sum()) for key, values in counts.items()}
        finite = float(self.finite.sum())
        if not finite:
            return dict.fromkeys(("min", "max", "mean", "std"), math.nan) | total
        mean = float((self.mean * self.finite).sum() / finite)
        # Chan, Golub, LeVeque 1983: deviations of parts, and of their means from the mean of all.
        square = float(self.square.sum() + (self.finite * (self.mean - mean) ** 2).sum())
        low, high = float(np.nanmin(self.low)), float(np.nanmax(self.high))
        return {"min": low, "max": high, "mean": mean, "std": math.sqrt(square / finite)} | total


class MomentSums:
    """Moments while parts of the tensor are still coming."""

    def __init__(self, channels: int) -> None:
        self._fields = {name: np.zeros(channels) for name in ("mean", "square", "finite", "nan", "inf", "zeros")}
        self._fields |= {name: np.full(channels, np.nan) for name in ("low", "high")}

    def add(self, part: Part, rows: np.ndarray) -> None:
        """Take the values of a part: float32, one row a channel."""
        mine = {name: values[part.first : part.last] for name, values in self._fields.items()}
        new = moments_of(rows)
        mine["low"][:], mine["high"][:] = np.fmin(mine["low"], new.low), np.fmax(mine["high"], new.high)
        total = np.maximum(mine["finite"] + new.finite, 1)
        step = new.mean - mine["mean"]
        mine["square"] += new.square + step * step * mine["finite"] * new.finite / total
        mine["mean"] += step * new.finite / total
        for name in ("finite", "nan", "inf", "zeros"):
            mine[name] += getattr(new, name)

    def result(self) -> Moments:
        """Of all parts together."""
        return Moments(**self._fields)


def moments_of(rows: np.ndarray) -> Moments:
    """Of float32 values, one row a channel, at least one value each."""
    low, high = rows.min(axis=1).astype(np.float64), rows.max(axis=1).astype(np.float64)
    zeros = np.count_nonzero(rows == 0, axis=1)
    if not np.isfinite(low).all() or not np.isfinite(high).all():
        return _in_double(rows, zeros)
    mean = _sums(rows) / rows.shape[1]
    pivot = mean.astype(np.float32)
    with np.errstate(over="ignore"):
        deviation = rows - pivot[:, None]
        square = _squares(deviation) - rows.shape[1] * (mean - pivot) ** 2
    if not np.isfinite(square).all():  # the masks of attention hold -3e38
        return _in_double(rows, zeros)
    none = np.zeros(len(rows))
    return Moments(low, high, mean, np.maximum(square, 0), np.full(len(rows), float(rows.shape[1])), none, none, zeros)


def _sums(rows: np.ndarray) -> np.ndarray:
    """float64 sums over short stretches of float32 sums: as exact as it needs to be, and fast."""
    whole = rows.shape[1] // STRETCH * STRETCH
    with np.errstate(over="ignore"):
        short = np.einsum("cst->cs", rows[:, :whole].reshape(len(rows), -1, STRETCH))
    total: np.ndarray = np.add.reduce(short, axis=1, dtype=np.float64) + rows[:, whole:].sum(axis=1, dtype=np.float64)
    return total


def _squares(deviation: np.ndarray) -> np.ndarray:
    """As `_sums`, of the squares."""
    whole = deviation.shape[1] // STRETCH * STRETCH
    short = np.einsum("cst,cst->cs", *(2 * (deviation[:, :whole].reshape(len(deviation), -1, STRETCH),)))
    rest = deviation[:, whole:].astype(np.float64)
    total: np.ndarray = np.add.reduce(short, axis=1, dtype=np.float64) + np.einsum("cr,cr->c", rest, rest)
    return total


def _in_double(rows: np.ndarray, zeros: np.ndarray) -> Moments:
    """Where not all values are finite, or their squares are too large for float32."""
    fine = np.isfinite(rows)
    finite = fine.sum(axis=1).astype(np.float64)
    nan = np.isnan(rows).sum(axis=1).astype(np.float64)
    kept = np.where(fine, rows, 0).astype(np.float64)
    low = np.where(fine, rows, np.inf).min(axis=1).astype(np.float64)
    high = np.where(fine, rows, -np.inf).max(axis=1).astype(np.float64)
    mean = kept.sum(axis=1) / np.maximum(finite, 1)
    square = np.where(fine, kept - mean[:, None], 0)
    low[finite == 0] = high[finite == 0] = np.nan
    squares = np.einsum("cr,cr->c", square, square)
    return Moments(low, high, mean, squares, finite, nan, rows.shape[1] - finite - nan, zeros)

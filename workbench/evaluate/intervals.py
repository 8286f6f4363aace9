"""How sure a share, a mean or a difference is: intervals of 95 %, and what chance alone would give.

A share of images has Wilson's interval; a difference of two shares on the same images Agresti and Min's, and McNemar's
exact test; everything else is measured again on images drawn with replacement (bootstrap, percentiles).
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

Z = 1.959963984540054  # of 95 %, two sides
DRAWS = 1000
SEED = 2718  # the same images give the same interval


@dataclass(frozen=True)
class Value:
    """A measured value and its interval of 95 %; NaN where there is nothing to measure."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Difference:
    """A value minus float's on the same images, its interval of 95 %, and `chance`: how likely chance alone gives it.

    `lost` and `won` are images that only float, or only the other one, gets right; 0 where that has no meaning.
    """

    value: float
    low: float
    high: float
    chance: float = math.nan
    lost: int = 0
    won: int = 0


def share(hits: int, count: int) -> Value:
    """The share of `count` images, with Wilson's score interval (Wilson, JASA 22, 1927)."""
    if not count:
        return Value(math.nan, math.nan, math.nan)
    rate, square = hits / count, Z * Z
    centre = (rate + square / (2 * count)) / (1 + square / count)
    half = Z / (1 + square / count) * math.sqrt(rate * (1 - rate) / count + square / (4 * count * count))
    return Value(rate, max(0.0, min(rate, centre - half)), min(1.0, max(rate, centre + half)))


def difference_of_shares(right: np.ndarray, reference: np.ndarray) -> Difference:
    """Two sources on the same images, each as right or wrong for every image.

    The interval is Agresti and Min's (Statistics in Medicine 24, 2005): half an image more in each of the four cells.
    """
    count = len(right)
    if not count:
        return Difference(math.nan, math.nan, math.nan)
    won = int(np.count_nonzero(right & ~reference))
    lost = int(np.count_nonzero(~right & reference))
    total, more, less = count + 2, won + 0.5, lost + 0.5
    centre = (more - less) / total
    half = Z * math.sqrt(max(0.0, more + less - (more - less) ** 2 / total)) / total
    return Difference(
        (won - lost) / count, max(-1.0, centre - half), min(1.0, centre + half), mcnemar(won, lost), lost, won
    )


def mcnemar(won: int, lost: int) -> float:
    """How likely chance alone gives so uneven a split, or a more uneven one: the exact binomial test of two sides."""
    count, fewer = won + lost, min(won, lost)
    if not count:
        return 1.0
    logs = [math.lgamma(count + 1) - math.lgamma(at + 1) - math.lgamma(count - at + 1) for at in range(fewer + 1)]
    tail = math.fsum(math.exp(log - count * math.log(2)) for log in logs)
    return min(1.0, 2 * tail)


def mean(values: np.ndarray, draws: int = DRAWS) -> Value:
    """The mean over the images, by the bootstrap."""
    if not len(values):
        return Value(math.nan, math.nan, math.nan)
    means = np.array([values[drawn].mean() for drawn in drawings(len(values), draws)])
    return between(float(values.mean()), means)


def drawings(count: int, draws: int) -> Iterator[np.ndarray]:
    """The numbers of so many images, drawn with replacement, one drawing at a time; always the same ones."""
    random = np.random.default_rng(SEED)
    return (random.integers(0, count, count) for _ in range(draws))


def between(value: float, drawn: np.ndarray) -> Value:
    """A value with the middle 95 % of what the drawings gave; those that gave nothing are left out."""
    known = drawn[np.isfinite(drawn)]
    if not len(known) or not math.isfinite(value):
        return Value(value, math.nan, math.nan)
    low, high = np.percentile(known, (2.5, 97.5))
    return Value(value, float(low), float(high))


def difference(value: float, drawn: np.ndarray) -> Difference:
    """A difference with the middle 95 % of the drawings; `chance` is twice the share of them beyond zero."""
    whole = between(value, drawn)
    known = drawn[np.isfinite(drawn)]
    if not len(known):
        return Difference(value, math.nan, math.nan)
    beyond = min(np.count_nonzero(known <= 0), np.count_nonzero(known >= 0)) / len(known)
    return Difference(value, whole.low, whole.high, min(1.0, 2 * float(beyond)))

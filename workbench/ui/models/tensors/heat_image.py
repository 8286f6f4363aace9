"""Values as indices into a table of colours; what is no number has entries of its own. No Qt."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

LEVELS = 252
GAP, NAN, INFINITE, NEGATIVE = 252, 253, 254, 255
"""Between tiles; NaN; plus and minus infinity."""
NAN_COLOUR, INFINITE_COLOUR, NEGATIVE_COLOUR = (255, 0, 200, 255), (57, 255, 20, 255), (0, 225, 255, 255)
"""In no map of ours."""
BLOCK = 1 << 16  # elements that stay in the cache from one step to the next
MOST_SORTED = 1 << 18  # elements that the central range is found from
SMALL, LARGE = 1e-35, 1e38  # ranges that float32 can be scaled by
Range = tuple[float, float]


@dataclass(frozen=True)
class Colours:
    """How values get colours: all of them, the `central` 99 %, or between ends that were typed.

    `low` and `high` are for values, `bound` for the difference: from minus to plus it.
    """

    central: bool = False
    low: float | None = None
    high: float | None = None
    bound: float | None = None

    def of_values(self, planes: Iterable[np.ndarray]) -> Range:
        """The range that planes of values share."""
        low, high = (0.0, 1.0) if self.low is not None is not self.high else common_range(planes, self.central)
        return _opened(low if self.low is None else self.low, high if self.high is None else self.high)

    def of_difference(self, plane: np.ndarray) -> Range:
        """Zero in the middle."""
        return symmetric_range(plane, self.central) if self.bound is None else (-self.bound, self.bound)


AUTOMATIC = Colours()


def indices(values: np.ndarray, limits: Range) -> np.ndarray:
    """uint8: 0..251 from the lower to the upper limit, then NaN, plus and minus infinity."""
    low, high = limits
    width = high - low if high > low else 1.0
    if not SMALL < width < LARGE:
        with np.errstate(invalid="ignore"):
            return indices(((values.astype(np.float64) - low) / width).astype(np.float32), (0.0, 1.0))
    factor = np.float32((LEVELS - 1) / width)
    flat = np.ascontiguousarray(values, np.float32).reshape(-1)
    result = np.empty(flat.size, np.uint8)
    with np.errstate(invalid="ignore", over="ignore"):
        for start in range(0, flat.size, BLOCK):
            _fill(result[start : start + BLOCK], flat[start : start + BLOCK], limits, factor)
    return result.reshape(values.shape)


def strangeness(values: np.ndarray) -> np.ndarray:
    """uint8: 0 for numbers, else NAN, INFINITE or NEGATIVE."""
    result = np.zeros(values.shape, np.uint8)
    if not _all_finite(values):
        _mark(result, values)
    return result


def common_range(planes: Iterable[np.ndarray], central: bool = False) -> Range:
    """The range of all finite values; `central` leaves out half a percent at each end of every plane."""
    ends = [_ends(plane, central) for plane in planes]
    ends = [(low, high) for low, high in ends if not math.isnan(low)]
    if not ends:
        return 0.0, 1.0
    return _opened(min(low for low, _ in ends), max(high for _, high in ends))


def symmetric_range(plane: np.ndarray, central: bool = False) -> Range:
    """Zero in the middle."""
    low, high = _ends(np.abs(plane), True) if central else _ends(plane, False)
    bound = max(abs(low), abs(high))
    bound = 1.0 if math.isnan(bound) or bound == 0 else bound
    return -bound, bound


def _fill(result: np.ndarray, block: np.ndarray, limits: Range, factor: np.float32) -> None:
    least, most = float(block.min()), float(block.max())
    scaled = block - np.float32(limits[0])
    scaled *= factor
    scaled += np.float32(0.5)
    if limits[0] <= least and most <= limits[1]:  # as a rule; a NaN is neither
        result[:] = scaled.astype(np.uint8)
        return
    strange = not math.isfinite(least) or not math.isfinite(most)
    if strange:
        scaled[~np.isfinite(block)] = 0
    np.clip(scaled, 0, LEVELS - 1, out=scaled)
    result[:] = scaled.astype(np.uint8)
    if strange:
        _mark(result, block)


def _mark(result: np.ndarray, values: np.ndarray) -> None:
    result[np.isnan(values)] = NAN
    result[np.isposinf(values)] = INFINITE
    result[np.isneginf(values)] = NEGATIVE


def _ends(values: np.ndarray, central: bool) -> Range:
    if not values.size:
        return math.nan, math.nan
    if central:
        some = values.reshape(-1)[:: -(-values.size // MOST_SORTED)]
        some = some if _all_finite(some) else some[np.isfinite(some)]
        low, high = np.percentile(some, (0.5, 99.5)) if some.size else (0.0, 0.0)
        if high > low:
            return float(low), float(high)
    low, high = float(values.min()), float(values.max())
    if math.isfinite(low) and math.isfinite(high):
        return low, high
    finite = values[np.isfinite(values)]
    return (float(finite.min()), float(finite.max())) if finite.size else (math.nan, math.nan)


def _all_finite(values: np.ndarray) -> bool:
    with np.errstate(over="ignore", invalid="ignore"):
        return math.isfinite(float(values.sum())) or bool(np.isfinite(values).all())


def _opened(low: float, high: float) -> Range:
    return (low, high) if high > low else (low - 0.5, high + 0.5)

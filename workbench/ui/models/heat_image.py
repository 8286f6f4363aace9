"""Values as indices into a table of colours; NaN and the infinities have entries of their own. No Qt."""

import math
from collections.abc import Iterable

import numpy as np

LEVELS = 254
NAN, INFINITE = 254, 255
NAN_COLOUR, INFINITE_COLOUR = (255, 0, 200, 255), (57, 255, 20, 255)
"""In no map of ours."""
Range = tuple[float, float]


def indices(values: np.ndarray, limits: Range) -> np.ndarray:
    """uint8: 0..253 from the lower to the upper limit, 254 for NaN, 255 for infinite values."""
    low, high = limits
    width = high - low if high > low else 1.0
    finite = np.isfinite(values)
    strange = not finite.all()
    with np.errstate(invalid="ignore", over="ignore"):
        scaled = values - np.float32(low)
        scaled *= np.float32((LEVELS - 1) / width)
        scaled += np.float32(0.5)
        if strange:
            scaled[~finite] = 0
        result = np.clip(scaled, 0, LEVELS - 1, out=scaled).astype(np.uint8)
    if strange:
        result[~finite] = INFINITE
        result[np.isnan(values)] = NAN
    return result


def common_range(planes: Iterable[np.ndarray], central: bool = False) -> Range:
    """The range of all finite values; `central` leaves out half a percent at each end of every plane."""
    ends = [_ends(_finite(plane), central) for plane in planes]
    ends = [(low, high) for low, high in ends if not math.isnan(low)]
    if not ends:
        return 0.0, 1.0
    return _opened(min(low for low, _ in ends), max(high for _, high in ends))


def symmetric_range(plane: np.ndarray, central: bool = False) -> Range:
    """Zero in the middle."""
    _, high = _ends(np.abs(_finite(plane)), central)
    bound = 1.0 if math.isnan(high) or high == 0 else high
    return -bound, bound


def _finite(plane: np.ndarray) -> np.ndarray:
    finite = np.isfinite(plane)
    return plane if finite.all() else plane[finite]


def _ends(values: np.ndarray, central: bool) -> Range:
    if not values.size:
        return math.nan, math.nan
    if central:
        low, high = np.percentile(values, (0.5, 99.5))
        if high > low:
            return float(low), float(high)
    return float(values.min()), float(values.max())


def _opened(low: float, high: float) -> Range:
    return (low, high) if high > low else (low - 0.5, high + 0.5)

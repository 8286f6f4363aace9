"""Small line drawings for the report: histograms and profiles as lists of SVG points."""

from dataclasses import dataclass

import numpy as np

from workbench.report.pictures import finite_range

BINS = 64
WIDTH, HEIGHT = 320.0, 96.0
MOST = 400  # points of a profile


@dataclass(frozen=True)
class Plot:
    """Two curves in a box of `WIDTH` by `HEIGHT`; `points` are values of SVG's `points` attribute."""

    title: str
    golden: str
    other: str
    left: float
    right: float
    top: float | None = None
    bottom: float | None = None


def histogram(golden: np.ndarray, other: np.ndarray) -> Plot:
    """How often each value occurs, on a square-root scale so that tails stay visible."""
    low, high = finite_range(golden, other)
    edges = np.linspace(low, high if high > low else low + 1.0, BINS + 1)
    counts = [np.sqrt(np.histogram(array[np.isfinite(array)], edges)[0]) for array in (golden, other)]
    most = max(float(item.max()) for item in counts) or 1.0
    first, second = (_steps(item / most) for item in counts)
    return Plot("Histogram (square-root counts)", first, second, float(edges[0]), float(edges[-1]))


def profile(golden: np.ndarray, other: np.ndarray) -> Plot:
    """The values in their order, for tensors that are no pictures; long ones are thinned out around the worst."""
    first, second = golden.astype(np.float64).ravel(), other.astype(np.float64).ravel()
    chosen = chosen_indices(first, second)
    low, high = finite_range(first, second)
    span = (high - low) or 1.0
    curve, theirs = (
        _line((np.nan_to_num(values[chosen], nan=low, posinf=high, neginf=low) - low) / span)
        for values in (first, second)
    )
    return Plot("Values in order", curve, theirs, float(chosen[0]), float(chosen[-1]), high, low)


def chosen_indices(golden: np.ndarray, other: np.ndarray) -> np.ndarray:
    """The indices that are drawn: all of a short tensor, else a window around the largest difference."""
    if golden.size <= MOST:
        return np.arange(golden.size)
    worst = int(np.argmax(np.nan_to_num(np.abs(golden - other), nan=np.inf, posinf=np.inf)))
    start = min(max(worst - MOST // 2, 0), golden.size - MOST)
    return np.arange(start, start + MOST)


def _steps(fractions: np.ndarray) -> str:
    width = WIDTH / len(fractions)
    points = [(0.0, 0.0)]
    for number, fraction in enumerate(fractions):
        points += [(number * width, float(fraction)), ((number + 1) * width, float(fraction))]
    return _points([*points, (WIDTH, 0.0)])


def _line(fractions: np.ndarray) -> str:
    step = WIDTH / max(len(fractions) - 1, 1)
    points = [(number * step, float(fraction)) for number, fraction in enumerate(fractions)]
    return _points(points if len(points) > 1 else [*points, (WIDTH, points[0][1])])


def _points(points: list[tuple[float, float]]) -> str:
    return " ".join(f"{x:.1f},{HEIGHT - 2 - y * (HEIGHT - 4):.1f}" for x, y in points)

"""The places of a sweep as lines across parallel axes: where each line crosses each axis. No widgets."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from workbench.compare.grades import Grade
from workbench.ui.models.sweep.places import (
    SECONDS,
    UPSIDE,
    axis_title,
    badness,
    grade_of,
    number,
    number_title,
    value_title,
)
from workbench.ui.numbers import real_text

if TYPE_CHECKING:
    from workbench.project.sweeps.file import Place, Sweep

SHOWN = ("cos", "sqnr_db", SECONDS)
SPREAD = 0.7  # of the room of a value: lines with the same value lie side by side
LEAST_LOSS = 1e-9  # 1 - cos below which there is nothing to be told apart


@dataclass(frozen=True)
class LineAxis:
    """An axis: `ticks` are places on it, 0 below and 1 above, with what stands there; `at` is where each line crosses.

    Above is good. NaN where a line does not reach the axis.
    """

    key: str
    title: str
    ticks: tuple[tuple[float, str], ...]
    at: np.ndarray


@dataclass(frozen=True)
class Lines:
    """A line for each place that is computed."""

    names: tuple[str, ...] = ()
    grades: tuple[Grade, ...] = ()
    axes: tuple[LineAxis, ...] = ()

    def within(self, brushes: "dict[str, tuple[float, float]]") -> np.ndarray:
        """Which lines cross all brushed axes within the brush."""
        inside = np.ones(len(self.names), bool)
        for axis in self.axes:
            if axis.key in brushes:
                low, high = brushes[axis.key]
                inside &= (axis.at >= low) & (axis.at <= high)
        return inside


def lines_of(sweep: "Sweep | None") -> Lines:
    """The lines of what is computed, the worst first: the best are drawn on top."""
    if sweep is None:
        return Lines()
    places = sorted((place for place in sweep.places if place.outputs), key=lambda place: -badness(place, "cos"))
    if not places:
        return Lines()
    varied = [axis for axis, values in sweep.axes.items() if len(values) > 1] or list(sweep.axes)
    axes = [_settings(axis, sweep.axes[axis], places) for axis in varied]
    axes += [_numbers(key, places) for key in SHOWN if any(number(place, key) is not None for place in places)]
    return Lines(tuple(place.name for place in places), tuple(map(grade_of, places)), tuple(axes))


def _settings(axis: str, values: Sequence[str], places: "Sequence[Place]") -> LineAxis:
    """A step for each value; the better of those with the same value lie higher in it."""
    known = list(dict.fromkeys(reversed([place.at[axis] for place in places])))
    steps = sorted(known, key=lambda value: list(values).index(value) if value in values else len(values))
    steps.reverse()  # the first value stands above
    room = 1 / len(steps)
    at = np.empty(len(places))
    for step, value in enumerate(steps):
        own = [number for number, place in enumerate(places) if place.at[axis] == value]
        at[own] = room * (step + 0.5 + SPREAD * (np.linspace(-0.5, 0.5, len(own)) if len(own) > 1 else 0.0))
    ticks = tuple((room * (step + 0.5), value_title(axis, value)) for step, value in enumerate(steps))
    return LineAxis(axis, axis_title(axis), ticks, at)


def _numbers(key: str, places: "Sequence[Place]") -> LineAxis:
    """From the worst below to the best above; cosines by the power of ten of what they lack."""
    values = np.array([math.nan if (value := number(place, key)) is None else value for place in places])
    scaled = -np.log10(np.maximum(1 - values, LEAST_LOSS)) if key == "cos" else values if key in UPSIDE else -values
    scaled = np.where(np.isfinite(scaled), scaled, np.nan)
    if np.isnan(scaled).all():
        return LineAxis(key, number_title(key), (), scaled)
    low, high = float(np.nanmin(scaled)), float(np.nanmax(scaled))
    at = (scaled - low) / (high - low) if high > low else np.where(np.isnan(scaled), np.nan, 0.5)
    ends = (values[np.nanargmin(scaled)], values[np.nanargmax(scaled)])
    texts = [f"{value:.5f}" if key == "cos" else real_text(float(value), 3) for value in ends]
    ticks = ((0.0, texts[0]), (1.0, texts[1])) if high > low else ((0.5, texts[0]),)
    return LineAxis(key, number_title(key), ticks, at)

"""The rectangles around open scopes: only where a scope's boxes stand together, and no other box between them. No Qt.

Runs in the worker process, so this module imports little.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from workbench.ui.models.graph.geometry import HULL_GAP, NO_HULLS, Geometry, Hulls

PAIRS = 500_000
"""Boxes and rectangles that are compared at once."""


@dataclass(frozen=True)
class Belonging:
    """What belongs to which scope: the innermost scope of every shown box (-1: none), and every scope's parent.

    The network's own inputs and outputs (`is_end`) belong to none, and may stand anywhere.
    """

    of_box: np.ndarray
    parents: np.ndarray
    is_end: np.ndarray


def with_hulls(geometry: Geometry, belonging: Belonging) -> Geometry:
    """The geometry with the hulls of the scopes that its boxes lie in."""
    if not (belonging.of_box >= 0).any():
        return geometry
    return replace(geometry, hulls=_hulls(geometry, belonging))


def _hulls(geometry: Geometry, belonging: Belonging) -> Hulls:
    sides, counts, nesting = _bounds(geometry, belonging)
    shown = np.flatnonzero(counts > 1)
    gap = HULL_GAP * (nesting[shown, None] + 1)
    # a hull with deeper ones inside leaves room for them
    grown = sides[shown] + gap * (-1, -1, 1, 1)
    whole = _only_own(geometry, np.flatnonzero(~belonging.is_end), sides[shown], counts[shown])
    depths = np.zeros(len(belonging.parents), np.intp)
    for depth, level in enumerate(_levels(belonging.parents)):
        depths[level] = depth
    levels = depths[shown]
    kept = np.flatnonzero(whole)
    kept = kept[np.argsort(levels[kept], kind="stable")]
    return Hulls(shown[kept], grown[kept], levels[kept]) if len(kept) else NO_HULLS


def _bounds(geometry: Geometry, belonging: Belonging) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Of every scope: the rectangle around its boxes, how many they are, and how many levels of scopes lie inside."""
    count, parents = len(belonging.parents), belonging.parents
    inside = belonging.of_box >= 0
    own = belonging.of_box[inside]
    sides = np.full((4, count), np.inf)
    np.minimum.at(sides[0], own, geometry.left[inside])
    np.minimum.at(sides[1], own, geometry.top[inside])
    np.minimum.at(sides[2], own, -geometry.right[inside])
    np.minimum.at(sides[3], own, -geometry.bottom[inside])
    counts = np.bincount(own, minlength=count)
    nesting = np.zeros(count, np.intp)
    for level in _levels(parents)[:0:-1]:
        outer = parents[level]
        for side in sides:
            np.minimum.at(side, outer, side[level])
        np.maximum.at(nesting, outer[counts[level] > 0], (nesting[level] + (counts[level] > 1))[counts[level] > 0])
        np.add.at(counts, outer, counts[level])
    sides[2:] *= -1
    return sides.T, counts, nesting


def _only_own(geometry: Geometry, boxes: np.ndarray, sides: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """Whether each rectangle holds no more of the boxes than those of its scope."""
    by_top = boxes[np.argsort(geometry.top[boxes], kind="stable")]
    tops = geometry.top[by_top]
    highest = float((geometry.bottom - geometry.top).max())
    starts = np.searchsorted(tops, sides[:, 1] - highest)
    lengths = np.searchsorted(tops, sides[:, 3], side="right") - starts
    ends = np.cumsum(lengths)
    held = np.empty(len(sides), np.intp)
    for first, last in _portions(ends):
        size, begin = lengths[first:last], ends[first:last] - lengths[first:last]
        which = np.repeat(np.arange(first, last), size)
        near = by_top[np.arange(size.sum()) - np.repeat(begin - begin[0], size) + np.repeat(starts[first:last], size)]
        left, top, right, bottom = sides[which].T
        touches = (geometry.right[near] > left) & (geometry.left[near] < right)
        touches &= (geometry.bottom[near] > top) & (geometry.top[near] < bottom)
        held[first:last] = np.bincount(which[touches] - first, minlength=last - first)
    return held == counts


def _portions(ends: np.ndarray) -> Iterator[tuple[int, int]]:
    """Runs of rectangles with about PAIRS boxes near them."""
    first = 0
    while first < len(ends):
        done = ends[first - 1] if first else 0
        last = max(first + 1, int(np.searchsorted(ends, done + PAIRS)))
        yield first, last
        first = last


def _levels(parents: np.ndarray) -> list[np.ndarray]:
    """The scopes of each depth, from the outermost on."""
    found, level = list[np.ndarray](), np.flatnonzero(parents < 0)
    while len(level):
        found.append(level)
        level = np.flatnonzero(np.isin(parents, level))
    return found

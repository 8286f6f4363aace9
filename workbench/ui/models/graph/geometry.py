"""Where the boxes and edges of a diagram are: culling, hit test and neighbours by numpy. No Qt.

`arrange` runs in the worker process, so this module imports little.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from workbench.graph.layout import place

if TYPE_CHECKING:
    from workbench.ui.models.graph.model import Diagram

BOX_HEIGHT, H_GAP, V_GAP = 44.0, 28.0, 34.0
HULL_GAP = 5.0
"""From the boxes of an open scope to its hull; each scope around it adds as much."""
Rect = tuple[float, float, float, float]
"""Left, top, right, bottom in scene pixels."""


@dataclass(frozen=True)
class Hulls:
    """The rectangles around the open scopes whose boxes stand together, the outer ones first."""

    scopes: np.ndarray
    """Their numbers."""
    sides: np.ndarray
    """(k, 4): left, top, right, bottom."""
    levels: np.ndarray
    """How many scopes lie between each and the outermost."""

    def at(self, x: float, y: float) -> int:
        """The innermost scope around a point; -1 for none."""
        left, top, right, bottom = self.sides.T
        found = np.flatnonzero((left <= x) & (x <= right) & (top <= y) & (y <= bottom))
        return int(self.scopes[found[-1]]) if len(found) else -1


NO_HULLS = Hulls(np.zeros(0, np.intp), np.zeros((0, 4)), np.zeros(0, np.intp))


@dataclass(frozen=True)
class Geometry:
    """Boxes as arrays of sides; edges as polylines, one behind the other. Scene pixels, y downwards."""

    left: np.ndarray
    top: np.ndarray
    right: np.ndarray
    bottom: np.ndarray
    points: np.ndarray
    """(k, 2): the points of all edges; as float32, for they are most of what comes from the worker process."""
    starts: np.ndarray
    """Where each edge begins in `points`, and the end of the last."""
    hulls: Hulls = NO_HULLS

    def prepared(self) -> "Geometry":
        """The same with all that would be looked up when it is first painted."""
        looked_up = self._line_boxes, self.bounds
        assert len(looked_up[0]) == len(self.starts) - 1
        return self

    def line(self, edge: int) -> np.ndarray:
        """The points of one edge."""
        return self.points[self.starts[edge] : self.starts[edge + 1]]

    @cached_property
    def bounds(self) -> Rect:
        """The smallest rectangle around everything; a unit square where there is nothing."""
        if not len(self.left):
            return 0.0, 0.0, 1.0, 1.0
        xs = np.concatenate([self.left, self.right, self.points[:, 0]])
        ys = np.concatenate([self.top, self.bottom, self.points[:, 1]])
        return float(xs.min()), float(ys.min()), float(xs.max()), float(ys.max())

    @cached_property
    def _line_boxes(self) -> np.ndarray:
        if len(self.starts) < 2:
            return np.zeros((0, 4), np.float32)
        low = np.minimum.reduceat(self.points, self.starts[:-1])
        high = np.maximum.reduceat(self.points, self.starts[:-1])
        return np.concatenate([low, high], axis=1)

    def boxes_in(self, rect: Rect) -> np.ndarray:
        """The boxes that touch `rect`."""
        x0, y0, x1, y1 = rect
        return np.flatnonzero((self.right >= x0) & (self.left <= x1) & (self.bottom >= y0) & (self.top <= y1))

    def lines_in(self, rect: Rect, least: float = 0.0) -> np.ndarray:
        """The edges whose bounding box touches `rect`, and is at least so long or so high."""
        x0, y0, x1, y1 = rect
        left, top, right, bottom = self._line_boxes.T
        found = (right >= x0) & (left <= x1) & (bottom >= y0) & (top <= y1)
        if least > 0:
            found &= (right - left >= least) | (bottom - top >= least)
        return np.flatnonzero(found)

    def box_at(self, x: float, y: float, slack: float = 0.0) -> int:
        """The box under a point, or the nearest within `slack`; -1 for none."""
        found = self.boxes_in((x - slack, y - slack, x + slack, y + slack))
        if not len(found):
            return -1
        distance = np.abs((self.left[found] + self.right[found]) / 2 - x) + np.abs(
            (self.top[found] + self.bottom[found]) / 2 - y
        )
        return int(found[np.argmin(distance)])

    def rect(self, index: int) -> Rect:
        """One box."""
        return float(self.left[index]), float(self.top[index]), float(self.right[index]), float(self.bottom[index])

    def centre(self, index: int) -> tuple[float, float]:
        """The middle of one box."""
        x0, y0, x1, y1 = self.rect(index)
        return (x0 + x1) / 2, (y0 + y1) / 2


def arrange(
    widths: Sequence[float] | np.ndarray,
    edges: Sequence[tuple[int, int]] | np.ndarray,
    heights: Sequence[float] | np.ndarray | float = BOX_HEIGHT,
) -> Geometry:
    """Lay out boxes of these sizes; takes long for thousands of them and holds the interpreter's lock."""
    placement = place(widths, edges, heights, H_GAP, V_GAP)
    half, high = np.asarray(widths, np.float64) / 2, np.asarray(heights, np.float64) / 2
    x, y, points = placement.x, placement.y, placement.points.astype(np.float32)
    return Geometry(x - half, y - high, x + half, y + high, points, placement.starts.astype(np.int32))


def neighbour(diagram: "Diagram", geometry: Geometry, index: int, direction: str) -> int:
    """Where an arrow key leads: "up" and "down" along edges, "left" and "right" among the boxes beside; -1: nowhere."""
    x, y = geometry.centre(index)
    if direction in ("up", "down"):
        ends = (diagram.predecessors if direction == "up" else diagram.successors)[index]
        return min(ends, key=lambda end: _distance(geometry, end, x, y), default=-1)
    beside = geometry.boxes_in((-np.inf, y - BOX_HEIGHT, np.inf, y + BOX_HEIGHT))
    centres = (geometry.left[beside] + geometry.right[beside]) / 2
    ahead = beside[centres > x + 1 if direction == "right" else centres < x - 1]
    return min((int(end) for end in ahead), key=lambda end: _distance(geometry, end, x, y), default=-1)


def _distance(geometry: Geometry, index: int, x: float, y: float) -> float:
    other_x, other_y = geometry.centre(index)
    return abs(other_x - x) + abs(other_y - y)

"""A part of a layered drawing, drawn on its own: between two nodes that everything passes through, or a whole graph."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from workbench.graph.layered.columns import columns
from workbench.graph.layered.order import order
from workbench.graph.layered.ranks import Edge, Levels, levels

BEND_WIDTH = 8.0


@dataclass(frozen=True)
class Spacing:
    """The room between nodes, in pixels."""

    h_gap: float
    v_gap: float


@dataclass(frozen=True)
class Task:
    """What a block is made of; edges lead from lower to higher numbers.

    The drawing may go on above the first node (`begins`) and below the last one (`ends`).
    """

    widths: Sequence[float]
    heights: Sequence[float]
    edges: Sequence[Edge]
    begins: bool = False
    ends: bool = False


@dataclass(frozen=True)
class Block:
    """Centres of the nodes, and the edges' points, one edge behind the other.

    The first rank's centre is at 0, as is the first node, or the last one where the drawing only goes on below.
    """

    x: np.ndarray
    y: np.ndarray
    points: np.ndarray
    lengths: np.ndarray

    @cached_property
    def centres(self) -> np.ndarray:
        """(n, 2) of the nodes; kept, for a drawing asks thousands of blocks that are those of the one before."""
        return np.stack([self.x, self.y], axis=1)


def solve(task: Task, spacing: Spacing) -> Block:
    """Draw a block."""
    count = len(task.widths)
    ranked = levels(count, task.edges, task.begins, task.ends)
    sizes = [*map(float, task.widths), *[BEND_WIDTH] * (ranked.vertices - count)]
    x = columns(ranked, order(ranked), sizes, spacing.h_gap)
    if task.begins or task.ends:
        x = x - x[0 if task.begins else count - 1]
    if task.begins and task.ends and not _begins_aside(task):
        x[count - 1] = (
            0.0  # else blocks that are alike, but not symmetric, would be a staircase; it is alone in its rank
        )
    rows = _Rows(ranked, task.heights, spacing.v_gap)
    lines = [_line(edge, ranked, x, rows) for edge in task.edges]
    points = np.array([point for line in lines for point in line]).reshape(-1, 2)
    return Block(x[:count], rows.y[ranked.rank[:count]], points, np.array([len(line) for line in lines], np.intp))


def _begins_aside(task: Task) -> bool:
    """Whether a longer way than any from the first node leads to the last one: it stands on an input's branch."""
    longest, own = [0] * len(task.widths), [-len(task.widths)] * len(task.widths)
    own[0] = 0
    for a, b in sorted(task.edges):
        longest[b], own[b] = max(longest[b], longest[a] + 1), max(own[b], own[a] + 1)
    return own[-1] < longest[-1]


class _Rows:
    """Where the ranks are, from top to bottom."""

    def __init__(self, ranked: Levels, heights: Sequence[float], gap: float) -> None:
        self.heights = heights
        self.high = np.zeros(max(ranked.rank) + 1)
        np.maximum.at(self.high, ranked.rank[: ranked.nodes], heights)
        self.y = np.concatenate([[0.0], np.cumsum((self.high[:-1] + self.high[1:]) / 2 + gap)])
        self.tops, self.floors = (self.y - self.high / 2).tolist(), (self.y + self.high / 2).tolist()


Points = list[tuple[float, float]]


def _line(edge: Edge, ranked: Levels, x: np.ndarray, rows: _Rows) -> Points:
    """From the bottom of the source over the bends to the top of the target; straight pieces have no points.

    An edge passes the ranks of others vertically: what is lower than its rank is left and reached so, too.
    """
    above, below = edge
    first, last = ranked.rank[above], ranked.rank[below]
    start, end = float(x[above]), float(x[below])
    points = [(start, float(rows.y[first]) + rows.heights[above] / 2), (start, rows.floors[first])]
    for bend in ranked.bends(edge):
        place, rank = float(x[bend]), ranked.rank[bend]
        points += [(place, rows.tops[rank]), (place, rows.floors[rank])]
    points += [(end, rows.tops[last]), (end, float(rows.y[last]) - rows.heights[below] / 2)]
    return _without_straight(points)


def _without_straight(points: Points) -> Points:
    """The points where the line changes its direction, both ends included; only vertical pieces are joined."""
    kept = [
        point
        for before, point, after in zip(points, points[1:], points[2:], strict=False)
        if not (abs(before[0] - point[0]) < 1e-6 and abs(point[0] - after[0]) < 1e-6) and point not in (before, after)
    ]
    return [points[0], *kept, points[-1]]

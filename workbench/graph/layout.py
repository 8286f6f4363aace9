"""Layered drawings of networks: data flow from top to bottom (Sugiyama's method)."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from workbench.graph.layered.columns import columns
from workbench.graph.layered.order import order
from workbench.graph.layered.ranks import Edge, Levels, downward, levels

BEND_WIDTH = 8.0
ASPECT = 1.6  # width to height that parts without a connection are packed into


@dataclass(frozen=True)
class Placement:
    """Centres of the nodes in pixels, and one line of points (k, 2) for every given edge."""

    x: np.ndarray
    y: np.ndarray
    edges: tuple[np.ndarray, ...]


@dataclass(frozen=True)
class Spacing:
    """The height of a node and the room between nodes, in pixels."""

    height: float
    h_gap: float
    v_gap: float

    @property
    def step(self) -> float:
        """From one rank to the next."""
        return self.height + self.v_gap


@dataclass(frozen=True)
class _Part:
    """A connected part: its nodes, levels and places; the left upper corner is the origin."""

    nodes: list[int]
    levels: Levels
    x: np.ndarray
    width: float
    height: float


def place(
    widths: Sequence[float],
    edges: Sequence[Edge],
    height: float = 32,
    h_gap: float = 24,
    v_gap: float = 36,
) -> Placement:
    """Where to draw nodes of these widths; an edge leads from the bottom of its source to the top of its target.

    Parts without a connection stand beside each other. Edges that close a circle lead upwards.
    """
    spacing = Spacing(height, h_gap, v_gap)
    drawn = downward(len(widths), edges)
    parts = [_part(nodes, own, widths, spacing) for nodes, own in _connected(len(widths), drawn)]
    x, y = np.zeros(len(widths)), np.zeros(len(widths))
    route = _Routes(spacing)
    for part, (left, top) in zip(parts, _packed(parts, spacing), strict=True):
        x[part.nodes] = part.x[: len(part.nodes)] + left
        y[part.nodes] = np.array(part.levels.rank[: len(part.nodes)]) * spacing.step + height / 2 + top
        route.add(part, left, top)
    return Placement(x, y, tuple(route.line(edge, widths[edge[0]], x, y) for edge in edges))


def _connected(count: int, edges: Sequence[Edge]) -> list[tuple[list[int], list[Edge]]]:
    """The connected parts: their nodes, and their edges in numbers of the part."""
    near: list[list[int]] = [[] for _ in range(count)]
    for a, b in edges:
        near[a].append(b)
        near[b].append(a)
    part_of = [-1] * count
    parts: list[tuple[list[int], list[Edge]]] = []
    for start in range(count):
        if part_of[start] >= 0:
            continue
        part_of[start] = len(parts)
        found = [start]
        for vertex in found:
            for other in near[vertex]:
                if part_of[other] < 0:
                    part_of[other] = len(parts)
                    found.append(other)
        parts.append((sorted(found), []))
    number = {vertex: index for nodes, _ in parts for index, vertex in enumerate(nodes)}
    for a, b in edges:
        parts[part_of[a]][1].append((number[a], number[b]))
    return parts


def _part(nodes: list[int], edges: Sequence[Edge], widths: Sequence[float], spacing: Spacing) -> _Part:
    ranked = levels(len(nodes), edges)
    sizes = [float(widths[node]) for node in nodes] + [BEND_WIDTH] * (ranked.vertices - len(nodes))
    x = columns(ranked, order(ranked), sizes, spacing.h_gap)
    halves = np.array(sizes) / 2
    left = float((x - halves).min())
    height = max(ranked.rank) * spacing.step + spacing.height
    return _Part(nodes, ranked, x - left, float((x + halves).max()) - left, height)


def _packed(parts: Sequence[_Part], spacing: Spacing) -> list[tuple[float, float]]:
    """The left upper corner of every part: in lines, the highest parts first."""
    area = sum((part.width + spacing.h_gap) * (part.height + spacing.v_gap) for part in parts)
    limit = max([math.sqrt(area * ASPECT), *(part.width for part in parts)])
    corners = [(0.0, 0.0)] * len(parts)
    left = top = line = 0.0
    for index in sorted(range(len(parts)), key=lambda number: -parts[number].height):
        part = parts[index]
        if left and left + part.width > limit:
            left, top, line = 0.0, top + line + spacing.v_gap, 0.0
        corners[index] = (left, top)
        left += part.width + spacing.h_gap
        line = max(line, part.height)
    return corners


class _Routes:
    """The lines of the edges, from the bends of the parts added so far."""

    def __init__(self, spacing: Spacing) -> None:
        self.spacing = spacing
        self.parts: dict[int, tuple[_Part, int, float, float]] = {}

    def add(self, part: _Part, left: float, top: float) -> None:
        """Take the bends of `part`, whose corner is at (left, top)."""
        for number, node in enumerate(part.nodes):
            self.parts[node] = (part, number, left, top)

    def line(self, edge: Edge, width: float, x: np.ndarray, y: np.ndarray) -> np.ndarray:
        """From the bottom of the source over the bends to the top of the target; straight pieces have no points."""
        source, target = edge
        half = self.spacing.height / 2
        start, end = (float(x[source]), float(y[source]) + half), (float(x[target]), float(y[target]) - half)
        if source == target:
            side, room = start[0] + width / 2 + self.spacing.h_gap / 2, self.spacing.v_gap / 3
            return np.array([start, (side, start[1] + room), (side, end[1] - room), end])
        points = self._bends(source, target)
        if y[source] > y[target]:
            points = self._bends(target, source)[::-1]
        return np.array(_without_straight([start, *points, end]))

    def _bends(self, above: int, below: int) -> list[tuple[float, float]]:
        """Two points a bend, so that the edge passes the rank of the nodes vertically and never through one."""
        part, number, left, top = self.parts[above]
        half = self.spacing.height / 2
        points = []
        for bend in part.levels.bends((number, self.parts[below][1])):
            x, y = float(part.x[bend]) + left, part.levels.rank[bend] * self.spacing.step + half + top
            points += [(x, y - half), (x, y + half)]
        return points


def _without_straight(points: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """The points where the line changes its direction, both ends included; only vertical pieces are joined."""
    kept = [
        point
        for before, point, after in zip(points, points[1:], points[2:], strict=False)
        if not (abs(before[0] - point[0]) < 1e-6 and abs(point[0] - after[0]) < 1e-6)
    ]
    return [points[0], *kept, points[-1]]

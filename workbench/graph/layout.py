"""Layered drawings of networks: data flow from top to bottom (Sugiyama's method).

A network is cut where everything passes through one node; what lies between two such nodes is drawn on its own, below
what comes before it. Parts that are alike are drawn once, and a change in one part leaves the others as they were.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from workbench.graph.layered.block import Block, Spacing, Task, solve
from workbench.graph.layered.ranks import Edge, downward, topological
from workbench.graph.layered.waists import components, sunk_order, waists

ASPECT = 1.6  # width to height that parts without a connection are packed into
KEPT = 8192  # blocks that are remembered

_blocks: dict[tuple[object, ...], Block] = {}


@dataclass(frozen=True)
class Placement:
    """Centres of the nodes in pixels, and the points (k, 2) of every given edge, one edge behind the other."""

    x: np.ndarray
    y: np.ndarray
    points: np.ndarray
    starts: np.ndarray
    """Where each edge begins in `points`, and the end of the last."""

    @cached_property
    def edges(self) -> tuple[np.ndarray, ...]:
        """The points of each edge."""
        return tuple(self.points[start:stop] for start, stop in zip(self.starts, self.starts[1:], strict=False))


@dataclass(frozen=True)
class _Sizes:
    widths: np.ndarray
    heights: np.ndarray
    spacing: Spacing


@dataclass(frozen=True)
class _Part:
    """A connected part, drawn: what its nodes and edges are called outside, and where they are from its upper left."""

    nodes: np.ndarray
    x: np.ndarray
    y: np.ndarray
    edges: np.ndarray
    points: np.ndarray
    lengths: np.ndarray
    width: float
    height: float


def place(
    widths: Sequence[float] | np.ndarray,
    edges: Sequence[Edge] | np.ndarray,
    height: float | Sequence[float] | np.ndarray = 32,
    h_gap: float = 24,
    v_gap: float = 36,
) -> Placement:
    """Where to draw nodes of these sizes; an edge leads from the bottom of its source to the top of its target.

    Parts without a connection stand beside each other. Edges that close a circle lead upwards.
    """
    count = len(widths)
    sizes = _Sizes(np.asarray(widths, float), np.broadcast_to(np.asarray(height, float), count), Spacing(h_gap, v_gap))
    given = np.asarray(edges, np.intp).reshape(-1, 2)
    drawn, ranks = _forwards(count, given)
    parts = _parts(count, drawn, ranks, sizes)
    x, y = np.zeros(count), np.zeros(count)
    corners = _packed(parts, sizes.spacing)
    for part, (left, top) in zip(parts, corners, strict=True):
        x[part.nodes], y[part.nodes] = part.x + left, part.y + top
    lines = _Lines(parts, corners, len(drawn))
    return _with_lines(given, drawn, lines, Placement(x, y, lines.points, lines.starts), sizes)


def _forwards(count: int, given: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The edges, each once and without loops, those that close a circle turned; and a rank for every node.

    Every edge leads to a node of a higher rank.
    """
    if (given[:, 0] < given[:, 1]).all():
        return _once(given, count), np.arange(count)
    drawn = np.array(downward(count, list(map(tuple, given.tolist()))), np.intp).reshape(-1, 2)
    ranks = np.empty(count, np.intp)
    ranks[topological(count, [(a, b) for a, b in drawn.tolist()])] = np.arange(count)
    return drawn, ranks


def _once(edges: np.ndarray, count: int) -> np.ndarray:
    _, first = np.unique(edges[:, 0] * count + edges[:, 1], return_index=True)
    return edges[np.sort(first)]


def _parts(count: int, edges: np.ndarray, ranks: np.ndarray, sizes: _Sizes) -> list[_Part]:
    label = components(count, edges)
    by_label = np.lexsort((ranks, label))
    sorted_labels = label[by_label]
    starts = np.flatnonzero(np.r_[True, sorted_labels[1:] != sorted_labels[:-1]]) if count else np.zeros(0, np.intp)
    of_edge = label[edges[:, 0]]
    edge_order = np.argsort(of_edge, kind="stable")
    number = np.empty(count, np.intp)
    parts = []
    for nodes in np.split(by_label, starts[1:]) if count else ():
        number[nodes] = np.arange(len(nodes))
        low, high = np.searchsorted(of_edge, (label[nodes[0]], label[nodes[0]] + 1), sorter=edge_order)
        own = edge_order[low:high]
        parts.append(_part(nodes, own, number[edges[own]], sizes))
    return parts


def _part(nodes: np.ndarray, numbers: np.ndarray, edges: np.ndarray, sizes: _Sizes) -> _Part:
    """Draw one connected part: `edges` in places among its `nodes`, `numbers` what the edges are called outside."""
    order = sunk_order(len(nodes), edges)
    position = np.empty(len(nodes), np.intp)
    position[order] = np.arange(len(nodes))
    nodes, edges = nodes[order], position[edges]
    cuts = waists(len(nodes), edges)
    by_block = np.lexsort((edges[:, 1], edges[:, 0], np.searchsorted(cuts, edges[:, 0], side="right")))
    stack = _Stack(sizes.widths[nodes], sizes.heights[nodes], sizes.spacing)
    x, y, points, lengths = stack.drawn(edges[by_block], cuts)
    halves, high = sizes.widths[nodes] / 2, sizes.heights[nodes] / 2
    left = float(min((x - halves).min(), points[:, 0].min(initial=np.inf)))
    right = float(max((x + halves).max(), points[:, 0].max(initial=-np.inf)))
    top, floor = float((y - high).min()), float((y + high).max())
    return _Part(
        nodes, x - left, y - top, numbers[by_block], points - (left, top), lengths, right - left, floor - top
    )  # fmt: skip


class _Stack:
    """Blocks one below the other; the last node of each is the first of the next."""

    def __init__(self, widths: np.ndarray, heights: np.ndarray, spacing: Spacing) -> None:
        self.widths, self.heights, self.spacing = widths, heights, spacing
        self.sizes = np.stack([widths, heights], axis=1).tobytes()

    def drawn(self, edges: np.ndarray, cuts: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """x and y of the nodes, points and lengths of the edges, which are sorted by block."""
        count = len(self.widths)
        bounds = np.concatenate([[0], cuts, [count - 1]])
        number = np.searchsorted(cuts, edges[:, 0], side="right")
        blocks = self._blocks(edges - bounds[number, None], bounds, np.searchsorted(number, np.arange(len(bounds))))
        centres = np.concatenate([block.centres for block in blocks])  # where two blocks meet, of both
        last = np.cumsum(np.diff(bounds) + 1) - 1
        ends = np.cumsum(centres[last], axis=0)
        corners = np.concatenate([[(0.0, 0.0)], ends[:-1]])
        centres += np.repeat(corners, np.diff(bounds) + 1, axis=0)
        x, y = np.delete(centres, last[:-1], axis=0).T
        points = np.concatenate([block.points for block in blocks])
        points += np.repeat(corners, [len(block.points) for block in blocks], axis=0)
        return x, y, points, np.concatenate([block.lengths for block in blocks])

    def _blocks(self, edges: np.ndarray, bounds: np.ndarray, starts: np.ndarray) -> list[Block]:
        """The blocks between the bounds; edges in places of their block, from `starts` on."""
        places, firsts, inner = edges.astype(np.int32).tobytes(), starts.tolist(), bounds.tolist()
        last, found, gaps = len(inner) - 2, list[Block](), (self.spacing.h_gap, self.spacing.v_gap)
        for number in range(last + 1):
            low, high = inner[number], inner[number + 1] + 1
            first, stop = firsts[number], firsts[number + 1]
            key = (self.sizes[16 * low : 16 * high], places[8 * first : 8 * stop], number > 0, number < last, gaps)
            block = _blocks.get(key)
            if block is None:
                block = _blocks[key] = self._solved(low, high, edges[first:stop], (number > 0, number < last))
            found.append(block)
        while len(_blocks) > KEPT:
            del _blocks[next(iter(_blocks))]
        return found

    def _solved(self, low: int, high: int, edges: np.ndarray, goes_on: tuple[bool, bool]) -> Block:
        sizes = self.widths[low:high].tolist(), self.heights[low:high].tolist()
        return solve(Task(*sizes, list(map(tuple, edges.tolist())), *goes_on), self.spacing)


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


class _Lines:
    """The lines of the drawn edges in their own order."""

    def __init__(self, parts: Sequence[_Part], corners: Sequence[tuple[float, float]], count: int) -> None:
        moved = [part.points + corner for part, corner in zip(parts, corners, strict=True)]
        numbers = np.concatenate([np.zeros(0, np.intp), *(part.edges for part in parts)])
        lengths = np.concatenate([np.zeros(0, np.intp), *(part.lengths for part in parts)])
        behind = np.empty(count, np.intp)
        behind[numbers] = np.arange(count)
        self.points, self.starts = picked(
            np.concatenate([np.zeros((0, 2)), *moved]), np.concatenate([[0], np.cumsum(lengths)]), behind
        )


def picked(points: np.ndarray, starts: np.ndarray, lines: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The points and starts of some lines, in the order of `lines`."""
    lengths = starts[lines + 1] - starts[lines]
    ends = np.concatenate([[0], np.cumsum(lengths)])
    return points[np.arange(ends[-1]) + np.repeat(starts[lines] - ends[:-1], lengths)], ends


def _with_lines(given: np.ndarray, drawn: np.ndarray, lines: _Lines, placed: Placement, sizes: _Sizes) -> Placement:
    """The given edges' lines: an edge that is given twice has two, a turned one leads upwards, a loop goes round."""
    if len(given) == len(drawn) and (given == drawn).all():
        return placed
    number = {edge: place for place, edge in enumerate(map(tuple, drawn.tolist()))}
    made = []
    for source, target in given.tolist():
        if source == target:
            made.append(_loop(source, placed, sizes))
            continue
        place = number.get((source, target), number.get((target, source), -1))
        line = lines.points[lines.starts[place] : lines.starts[place + 1]]
        made.append(line if (source, target) in number else _upwards(line, source, target, placed, sizes))
    starts = np.cumsum([0, *(len(line) for line in made)])
    return Placement(placed.x, placed.y, np.concatenate([np.zeros((0, 2)), *made]), starts)


def _upwards(line: np.ndarray, source: int, target: int, placed: Placement, sizes: _Sizes) -> np.ndarray:
    start = placed.x[source], placed.y[source] + sizes.heights[source] / 2
    end = placed.x[target], placed.y[target] - sizes.heights[target] / 2
    return np.array([start, *line[1:-1][::-1], end])


def _loop(node: int, placed: Placement, sizes: _Sizes) -> np.ndarray:
    x, y, half = placed.x[node], placed.y[node], sizes.heights[node] / 2
    side, room = x + (sizes.widths[node] + sizes.spacing.h_gap) / 2, sizes.spacing.v_gap / 3
    return np.array([(x, y + half), (side, y + half + room), (side, y - half - room), (x, y - half)])

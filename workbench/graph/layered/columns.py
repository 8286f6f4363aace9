"""The third step of a layered drawing: horizontal places (Brandes and Köpf 2001, with real widths).

Vertices are aligned into vertical blocks with a median neighbour, once for each of the four corners; the place of a
vertex is the mean of the two middle ones of its four places. Edges between two bends come out straight.
"""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from workbench.graph.layered.order import Rows
from workbench.graph.layered.ranks import Levels, twigs

Pairs = set[tuple[int, int]]


def columns(levels: Levels, rows: Rows, widths: Sequence[float], gap: float) -> np.ndarray:
    """The centre of every vertex; `widths` has one entry a vertex. Neighbours keep `gap`, bends half of it."""
    position = [0] * levels.vertices
    for row in rows:
        for index, vertex in enumerate(row):
            position[vertex] = index
    apart = _Distances(widths, levels.nodes, gap)
    forbidden = _conflicts(levels, rows, position)
    up, down = _trunks(levels)
    places = []
    for upward in (False, True):
        near = [
            sorted(others, key=position.__getitem__) if len(others) > 1 else others
            for others in (down if upward else up)
        ]
        ordered = rows[::-1] if upward else rows
        places.append(_compact(ordered, _align(ordered, near, position, forbidden), apart))
        mirrored = [row[::-1] for row in ordered]
        backwards = [-place for place in position]
        turned = [others[::-1] for others in near]
        places.append(-_compact(mirrored, _align(mirrored, turned, backwards, forbidden), apart))
    place = _balanced(places)
    for _ in range(2):  # of two trunks beside each other the outer one moves in the second round
        _pull(levels, rows, position, place, apart)
    return place


def _pull(levels: Levels, rows: Rows, position: list[int], place: np.ndarray, apart: "_Distances") -> None:
    """Move straight trunks as near to their nodes as their neighbours let them."""
    for node, trunk in levels.trunks.items():
        if not trunk or abs(place[trunk[0]] - place[trunk[-1]]) > 1e-6:
            continue
        low, high = -np.inf, np.inf
        for bend in trunk:
            row, index = rows[levels.rank[bend]], position[bend]
            if index:
                low = max(low, place[row[index - 1]] + apart.between(row[index - 1], bend))
            if index < len(row) - 1:
                high = min(high, place[row[index + 1]] - apart.between(bend, row[index + 1]))
        if low <= high:
            place[trunk] = min(max(place[node], low), high)


def _trunks(levels: Levels) -> tuple[list[list[int]], list[list[int]]]:
    """The neighbours above and below to align with: no twigs where something else is connected, no bends beside nodes.

    Without the first rule every layer with dequantised weights of its own would shift the drawing sideways, without
    the second every skip: the layers are to stand in one line, and the skip beside them. Of several skips the shortest
    counts.
    """
    begins, ends = twigs(levels.up, levels.down, levels.anchors), twigs(levels.down, levels.up, levels.anchors)
    fed = [not all(begins[other] for other in others) for others in levels.up]
    feeds = [not all(ends[other] for other in others) for others in levels.down]

    depth = {bend: number for trunk in levels.trunks.values() for number, bend in enumerate(trunk)}
    leads = [any(other < levels.nodes and not ends[other] for other in others) for others in levels.down]
    follows = [any(other < levels.nodes and not begins[other] for other in others) for others in levels.up]

    def aligned(above: int, below: int) -> bool:
        if (begins[above] and fed[below]) or (ends[below] and feeds[above]):
            return False
        if above < levels.nodes <= below:
            return not leads[above]
        if below < levels.nodes <= above:
            return not follows[below] and depth[above] == min(
                depth[other] for other in levels.up[below] if other in depth
            )
        return True

    up = [[other for other in others if aligned(other, vertex)] for vertex, others in enumerate(levels.up)]
    down = [[other for other in others if aligned(vertex, other)] for vertex, others in enumerate(levels.down)]
    return up, down


class _Distances:
    """How far the centres of two neighbours must be apart."""

    def __init__(self, widths: Sequence[float], nodes: int, gap: float) -> None:
        # a bend brings half of the gap along, so that bundles of edges stay slim
        self.halves = [(width + (gap if vertex < nodes else gap / 2)) / 2 for vertex, width in enumerate(widths)]

    def between(self, left: int, right: int) -> float:
        return self.halves[left] + self.halves[right]


def _conflicts(levels: Levels, rows: Rows, position: list[int]) -> Pairs:
    """The edges that cross a straight piece between two bends, in both directions: the piece stays straight."""
    found: Pairs = set()
    for above, row in pairwise(rows):
        if len(above) < 2 or len(row) < 2:
            continue
        left, start = 0, 0
        for index, vertex in enumerate(row):
            inner = _inner(levels, vertex)
            if inner < 0 and index < len(row) - 1:
                continue
            right = position[inner] if inner >= 0 else len(above) - 1
            for passed in row[start : index + 1]:
                for other in levels.up[passed]:
                    if not left <= position[other] <= right:
                        found.update(((other, passed), (passed, other)))
            left, start = right, index + 1
    return found


def _inner(levels: Levels, vertex: int) -> int:
    """The bend above a bend, else -1."""
    if vertex < levels.nodes:
        return -1
    above = levels.up[vertex][0]
    return above if above >= levels.nodes else -1


def _align(rows: Rows, near: list[list[int]], position: list[int], forbidden: Pairs) -> list[int]:
    """The root of the block of every vertex: it joins a median neighbour of the row before unless that crosses."""
    root = list(range(len(near)))
    aligned = [False] * len(near)  # whether the vertex already has a follower
    for row in rows:
        limit: float = float("-inf")
        for vertex in row:
            others = near[vertex]
            count = len(others)
            if not count:
                continue
            for middle in ((count - 1) // 2, count // 2):
                other = others[middle]
                if position[other] > limit and not aligned[other] and (other, vertex) not in forbidden:
                    aligned[other] = True
                    root[vertex] = root[other]
                    limit = position[other]
                    break
    return root


def _compact(rows: Rows, root: list[int], apart: _Distances) -> np.ndarray:
    """The leftmost places of the blocks; what has room is then drawn to its right neighbour."""
    followers: list[list[tuple[int, float]]] = [[] for _ in root]
    waiting = [0] * len(root)
    for row in rows:
        for left, right in pairwise(row):
            followers[root[left]].append((root[right], apart.between(left, right)))
            waiting[root[right]] += 1
    order = [vertex for vertex, own in enumerate(root) if own == vertex and not waiting[vertex]]
    place = [0.0] * len(root)
    for block in order:
        for other, distance in followers[block]:
            place[other] = max(place[other], place[block] + distance)
            waiting[other] -= 1
            if not waiting[other]:
                order.append(other)
    for block in reversed(order):
        if followers[block]:
            place[block] = min([place[other] - distance for other, distance in followers[block]])
    return np.array([place[block] for block in root])


def _balanced(places: list[np.ndarray]) -> np.ndarray:
    """The mean of the two middle places, the four drawings aligned with the narrowest."""
    narrowest = min(places, key=np.ptp)
    low, high = narrowest.min(), narrowest.max()
    aligned = [item + (high - item.max() if index % 2 else low - item.min()) for index, item in enumerate(places)]
    middle: np.ndarray = np.sort(np.stack(aligned), axis=0)[1:3].mean(axis=0)
    return middle

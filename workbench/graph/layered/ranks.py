"""The first step of a layered drawing: a rank for every node, and bend points where an edge passes ranks."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

Edge = tuple[int, int]

TIGHTEN_ROUNDS = 3


@dataclass(frozen=True)
class Levels:
    """Nodes and bends in ranks; every edge of `up` and `down` leads to the next rank.

    Vertices below `nodes` are nodes, the others bends. Edges of one node that pass the same rank share its bend: they
    are drawn as one trunk with branches, and a node that feeds many ranks costs one bend a rank.
    """

    nodes: int
    rank: list[int]
    up: list[list[int]]
    down: list[list[int]]
    trunks: dict[int, list[int]]  # node -> its bends, downwards, from the rank below the node on
    anchors: frozenset[int] = frozenset()  # nodes at which the drawing goes on above or below

    @property
    def vertices(self) -> int:
        """How many nodes and bends there are."""
        return len(self.rank)

    def bends(self, edge: Edge) -> list[int]:
        """The bends of a downward edge, from top to bottom."""
        above, below = edge
        return self.trunks.get(above, [])[: self.rank[below] - self.rank[above] - 1]


def downward(count: int, edges: Sequence[Edge]) -> list[Edge]:
    """The edges, each once and without self-loops; those that close a circle are turned round."""
    unique = [edge for edge in dict.fromkeys(edges) if edge[0] != edge[1]]
    if len(topological(count, unique)) == count:
        return unique
    place = {vertex: index for index, vertex in enumerate(_depth_first_finish(count, unique))}
    return list(dict.fromkeys((a, b) if place[a] > place[b] else (b, a) for a, b in unique))


def levels(count: int, edges: Sequence[Edge], begins: bool = False, ends: bool = False) -> Levels:
    """Ranks and bends of a graph whose edges are `downward`.

    If it `begins` where another drawing ends, the first node has the first rank; if another drawing goes on where it
    `ends`, the last node has the last rank for itself.
    """
    anchors = frozenset([0] * begins + [count - 1] * ends)
    rank = _ranks(count, edges, anchors)
    if ends and rank.index(max(rank)) < count - 1:
        rank[-1] = max(rank) + 1
    up: list[list[int]] = [[] for _ in range(count)]
    down: list[list[int]] = [[] for _ in range(count)]
    trunks: dict[int, list[int]] = {}
    for above, below in edges:
        trunk = trunks.setdefault(above, [])
        for depth in range(len(trunk), rank[below] - rank[above] - 1):
            bend = len(rank)
            rank.append(rank[above] + depth + 1)
            _link(trunk[-1] if trunk else above, bend, up, down)
            trunk.append(bend)
        span = rank[below] - rank[above]
        _link(trunk[span - 2] if span > 1 else above, below, up, down)
    return Levels(count, rank, up, down, trunks, anchors)


def twigs(near: Sequence[Sequence[int]], far: Sequence[Sequence[int]], anchors: Collection[int]) -> list[bool]:
    """Whether each vertex belongs to a chain that begins in nothing and joins the rest at one place."""
    found = [False] * len(near)
    free = (vertex for vertex, others in enumerate(near) if not others and vertex not in anchors)
    chain = [vertex for vertex in free if len(far[vertex]) == 1]
    for vertex in chain:
        found[vertex] = True
        following = far[vertex][0]
        if len(near[following]) == 1 and len(far[following]) == 1:
            chain.append(following)
    return found


def _link(above: int, below: int, up: list[list[int]], down: list[list[int]]) -> None:
    if below == len(up):
        up.append([])
        down.append([])
    up[below].append(above)
    down[above].append(below)


def _ranks(count: int, edges: Sequence[Edge], anchors: Collection[int]) -> list[int]:
    """Longest path from the sources; then what has more consumers than sources, and twigs, sink to their consumers."""
    before, after = _neighbours(count, edges)
    order = topological(count, edges)
    rank = [0] * count
    for vertex in order:
        if before[vertex]:
            rank[vertex] = 1 + max(rank[other] for other in before[vertex])
    twig = twigs(before, after, anchors)
    for _ in range(TIGHTEN_ROUNDS):
        moved = False
        for vertex in reversed(order):
            if twig[vertex] or (len(after[vertex]) > len(before[vertex]) and vertex not in anchors):
                lowest = min(rank[other] for other in after[vertex]) - 1
                moved = moved or lowest > rank[vertex]
                rank[vertex] = lowest
        if not moved:
            break
    top = min(rank, default=0)
    return [value - top for value in rank]


def _neighbours(count: int, edges: Sequence[Edge]) -> tuple[list[list[int]], list[list[int]]]:
    before: list[list[int]] = [[] for _ in range(count)]
    after: list[list[int]] = [[] for _ in range(count)]
    for a, b in edges:
        before[b].append(a)
        after[a].append(b)
    return before, after


def topological(count: int, edges: Sequence[Edge]) -> list[int]:
    """The vertices, sources first; those on circles and behind them are missing."""
    before, after = _neighbours(count, edges)
    waiting = [len(others) for others in before]
    order = [vertex for vertex in range(count) if not waiting[vertex]]
    for vertex in order:
        for other in after[vertex]:
            waiting[other] -= 1
            if not waiting[other]:
                order.append(other)
    return order


def _depth_first_finish(count: int, edges: Sequence[Edge]) -> list[int]:
    """The vertices in the order in which a depth-first walk leaves them; only edges that close a circle lead up it."""
    before, after = _neighbours(count, edges)
    starts = sorted(range(count), key=lambda vertex: bool(before[vertex]))
    seen = [False] * count
    left: list[int] = []
    for start in starts:
        if seen[start]:
            continue
        seen[start] = True
        path = [(start, iter(after[start]))]
        while path:
            vertex, rest = path[-1]
            following = next((other for other in rest if not seen[other]), None)
            if following is None:
                left.append(vertex)
                path.pop()
            else:
                seen[following] = True
                path.append((following, iter(after[following])))
    return left

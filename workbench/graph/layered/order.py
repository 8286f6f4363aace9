"""The second step of a layered drawing: an order within each rank that has few crossings."""

from bisect import bisect_right

from workbench.graph.layered.ranks import Levels

SWEEPS = 8
PATIENCE = 4  # sweeps without an improvement after which the order is taken as it is
MANY = 64  # neighbours; trying to swap such hubs costs more than it brings

Rows = list[list[int]]


def order(levels: Levels) -> Rows:
    """The vertices of every rank from left to right: the best order that sweeps of barycentres and swaps find."""
    rows = _depth_first_rows(levels)
    position = [0] * levels.vertices
    for row in rows:
        _number(row, position)
    wide = [rank for rank, row in enumerate(rows) if len(row) > 1]
    best, best_count, patience = [list(row) for row in rows], _crossings(levels, rows, wide, position), PATIENCE
    for sweep in range(SWEEPS):
        if not best_count or not patience:
            break
        _sweep(levels, rows, wide, position, down=sweep % 2 == 0)
        _swap(levels, rows, wide, position)
        count = _crossings(levels, rows, wide, position)
        patience -= 1
        if count < best_count:
            best, best_count, patience = [list(row) for row in rows], count, PATIENCE
    return best


def _depth_first_rows(levels: Levels) -> Rows:
    """A first order: what hangs together stands together."""
    rows: Rows = [[] for _ in range(max(levels.rank, default=-1) + 1)]
    seen = [False] * levels.vertices
    for start in range(levels.nodes):
        waiting = [] if levels.up[start] else [start]
        while waiting:
            vertex = waiting.pop()
            if not seen[vertex]:
                seen[vertex] = True
                rows[levels.rank[vertex]].append(vertex)
                waiting.extend(reversed(levels.down[vertex]))
    return rows


def _number(row: list[int], position: list[int]) -> None:
    for index, vertex in enumerate(row):
        position[vertex] = index


def _crossings(levels: Levels, rows: Rows, wide: list[int], position: list[int]) -> int:
    """How many pairs of edges cross, all ranks together."""
    total = 0
    for rank in wide:
        ends: list[int] = []
        for vertex in rows[rank]:
            others = levels.down[vertex]
            if len(others) == 1:
                ends.append(position[others[0]])
            else:
                ends.extend(sorted([position[other] for other in others]))
        if ends == sorted(ends):
            continue
        passed: list[int] = []
        for end in ends:
            index = bisect_right(passed, end)
            total += len(passed) - index
            passed.insert(index, end)
    return total


def _sweep(levels: Levels, rows: Rows, wide: list[int], position: list[int], down: bool) -> None:
    """Sort each rank by the mean position of its neighbours in the rank before; going down that is the one above."""
    near = levels.up if down else levels.down
    for rank in wide if down else reversed(wide):
        row = rows[rank]
        mean = {}
        for vertex in row:
            others = near[vertex]
            mean[vertex] = sum([position[other] for other in others]) / len(others) if others else position[vertex]
        row.sort(key=mean.__getitem__)
        _number(row, position)


def _swap(levels: Levels, rows: Rows, wide: list[int], position: list[int]) -> None:
    """Exchange neighbours wherever that takes crossings away."""
    for rank in wide:
        row = rows[rank]
        for index in range(len(row) - 1):
            left, right = row[index], row[index + 1]
            saved = _saved(levels.up[left], levels.up[right], position)
            saved += _saved(levels.down[left], levels.down[right], position)
            if saved > 0:
                row[index], row[index + 1] = right, left
                position[left], position[right] = index + 1, index


def _saved(left: list[int], right: list[int], position: list[int]) -> int:
    """How many crossings go when two vertices with these neighbours change places."""
    if len(left) > MANY or len(right) > MANY:
        return 0
    saved = 0
    for one in left:
        place = position[one]
        for other in right:
            saved += (place > position[other]) - (place < position[other])
    return saved

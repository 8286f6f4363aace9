"""Which rows of the table take which: the ways that an error goes."""

from collections import deque
from collections.abc import Collection, Iterable, Mapping, Sequence

from workbench.graph.deployed import Deployed

Followers = Mapping[str, tuple[str, ...]]


def followers(rows: Iterable[str], graph: Deployed) -> Followers:
    """The rows that take each row's tensor; what lies between two rows is left out."""
    names = frozenset(rows)
    return {name: tuple(_next_rows(graph, name, names)) for name in names}


def leading(after: Mapping[str, Sequence[str]], ends: Collection[str]) -> frozenset[str]:
    """The rows from which one comes to some rows, those included."""
    before: dict[str, list[str]] = {}
    for name, followed in after.items():
        for other in followed:
            before.setdefault(other, []).append(name)
    found, waiting = set(ends), deque(ends)
    while waiting:
        for name in before.get(waiting.popleft(), ()):
            if name not in found:
                found.add(name)
                waiting.append(name)
    return frozenset(found)


def _next_rows(graph: Deployed, name: str, rows: Collection[str]) -> dict[str, None]:
    found: dict[str, None] = {}
    waiting, seen = deque([name]), {name}
    while waiting:
        for layer in graph.consumers.get(waiting.popleft(), ()):
            for output in layer.outputs:
                if output in rows:
                    found[output] = None
                elif output and output not in seen:
                    seen.add(output)
                    waiting.append(output)
    return found

"""Which rows of the table take which: the ways that an error goes."""

from collections import deque
from collections.abc import Collection, Iterable, Mapping, Sequence

from workbench.compare.compare import LayerError
from workbench.graph.deployed import Deployed

Ways = Mapping[str, tuple[str, ...]]


def followers(rows: Iterable[str], graph: Deployed) -> Ways:
    """The rows that take each row's tensor, and each input's; what lies between two rows is left out."""
    names = dict.fromkeys(rows)
    starts = (*names, *(tensor.name for tensor in graph.model.graph.inputs))
    return {name: tuple(_next_rows(graph, name, names.keys())) for name in starts}


def inverse(after: Mapping[str, Sequence[str]]) -> Ways:
    """The other way round: of each row the rows and inputs that it is computed from; none of what takes nothing."""
    found: dict[str, list[str]] = {}
    for name, taken_by in after.items():
        for other in taken_by:
            found.setdefault(other, []).append(name)
    return {name: tuple(taken) for name, taken in found.items()}


def leading(takes: Mapping[str, Sequence[str]], ends: Collection[str]) -> frozenset[str]:
    """From what one comes to some rows, those included."""
    found, waiting = set(ends), deque(ends)
    while waiting:
        for name in takes.get(waiting.popleft(), ()):
            if name not in found:
                found.add(name)
                waiting.append(name)
    return frozenset(found)


def born(takes: Mapping[str, Sequence[str]], rows: Sequence[LayerError]) -> list[LayerError]:
    """Those of some rows that take nothing from the others of them: where it began."""
    names = {row.tensor for row in rows}
    return [row for row in rows if not names.intersection(takes.get(row.tensor, ()))] if takes else list(rows[:1])


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

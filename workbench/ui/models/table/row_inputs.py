"""Which rows of the layer table each row takes from. No Qt."""

from collections.abc import Iterator, Mapping, Sequence

from workbench.compare.compare import COMPUTED, LayerError
from workbench.graph.deployed import CONVERT
from workbench.graph.graph import Graph, Layer


def rows_before(
    graph: Graph, rows: Sequence[LayerError], layers_of: Mapping[str, Sequence[str]]
) -> dict[str, tuple[str, ...]]:
    """The tensors of the rows that give what each row takes; what has no row is looked through, to what it takes.

    Rows that stand for nothing of the graph are left out: nobody knows what another network's layers take.

    Of several rows with the same golden values each takes from the one before, and of several that stand for one layer
    of the user's each from those before that the user's network has not.
    """
    layers = {layer.name: layer for layer in graph.layers}
    row_of = {row.golden: row.tensor for row in rows if row.op == CONVERT}
    row_of |= {row.golden: row.tensor for row in rows if row.op != CONVERT and row.golden}
    known = {*graph.producers, *(tensor.name for tensor in graph.inputs)}
    found: dict[str, tuple[str, ...]] = {}
    same: dict[str, str] = {}
    parts: dict[str, list[str]] = {}
    for row in rows:
        own = [layers[name] for name in layers_of.get(row.tensor, ()) if name in layers]
        if not own and row.golden not in known:
            continue
        before = dict.fromkeys(_givers(graph, own or _producer(graph, row.golden), row_of))
        before |= dict.fromkeys(name for layer in own for name in parts.get(layer.name, ()))
        if row.golden in same:
            before = {same[row.golden]: None}
        before.pop(row.tensor, None)
        found[row.tensor] = tuple(before)
        same[row.golden] = row.tensor
        if row.matched_by == COMPUTED:
            for layer in own:
                parts.setdefault(layer.name, []).append(row.tensor)
    return found


def _producer(graph: Graph, tensor: str) -> list[Layer]:
    return [graph.producers[tensor]] if tensor in graph.producers else []


def _givers(graph: Graph, layers: Sequence[Layer], row_of: Mapping[str, str]) -> Iterator[str]:
    """The rows of what some layers take."""
    waiting = [name for layer in layers for name in layer.inputs]
    inside = {name for layer in layers for name in layer.outputs}
    seen: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        if name in row_of and name not in inside:
            yield row_of[name]
        elif name in graph.producers:
            waiting.extend(graph.producers[name].inputs)

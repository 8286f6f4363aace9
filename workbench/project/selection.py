"""Which tensors the dumps of an analysis hold, and which rows its table has, when the user asks for some."""

from collections.abc import Collection, Sequence

from workbench.graph.deployed import Deployed, DeployedLayer
from workbench.graph.graph import Model
from workbench.project.rows import Row
from workbench.sources.source import chosen


def selected(rows: Sequence[Row], patterns: Collection[str]) -> tuple[Row, ...]:
    """The rows with a tensor that a pattern fits; all of them without patterns."""
    wanted = chosen({name for row in rows for name in _names(row)}, patterns)
    return tuple(row for row in rows if wanted.intersection(_names(row)))


def computed(model: Model) -> frozenset[str]:
    """Every tensor that a layer of the user's network gives."""
    return frozenset(name for layer in model.graph.layers for name in layer.outputs if name)


def golden_tensors(graph: Deployed, shown: Sequence[Row]) -> frozenset[str]:
    """The user's tensors that some rows show, and those that the layers of these rows are fed with."""
    kept = {name for row in shown for name in _names(row)}
    layers = [graph.producers[name] for name in kept if name in graph.producers]
    for layer in layers:
        kept |= _golden_behind(graph, layer)
    return computed(graph.model) & kept


def simulated_tensors(graph: Deployed, shown: Sequence[Row] | None = None) -> frozenset[str]:
    """The deployed tensors that some rows show; all of them without rows."""
    every = frozenset(name for layer in graph.layers for name in layer.outputs if name)
    return every if shown is None else every & {name for row in shown for name in (row.tensor, *row.group)}


def _names(row: Row) -> set[str]:
    return {name for name in (row.tensor, row.golden, *row.group) if name}


def _golden_behind(graph: Deployed, layer: DeployedLayer) -> set[str]:
    """The user's tensors that the golden inputs of a layer are, or are computed from."""
    found: set[str] = set()
    waiting, seen = list(layer.inputs), set(layer.inputs)
    while waiting:
        name = waiting.pop()
        if name in graph.golden_of:
            found.add(graph.golden_of[name])
        elif name in graph.producers:
            waiting.extend(taken for taken in graph.producers[name].inputs if taken not in seen)
            seen.update(graph.producers[name].inputs)
    return found

"""Which blank rows and layers of the user belong to which row with numbers, where no deployed graph tells it.

A row is blank when its only consumer is an activation that narrows its range (quantization semantics §7). So the row
with numbers follows it, and its golden values are that activation of the blank row's: this is what is checked.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np

from workbench.dump.store import Dump
from workbench.graph.graph import Graph
from workbench.project.rows import Row
from workbench.sources.toolkit.report import ReportRow

Activation = Callable[[np.ndarray, np.ndarray], np.ndarray]
ACTIVATIONS: Mapping[str, Activation] = {
    "Relu": lambda before, after: np.maximum(before, 0),
    "Clip": lambda before, after: np.clip(before, after.min(), after.max()),
    "Sigmoid": lambda before, after: 1 / (1 + np.exp(-before)),
    "HardSwish": lambda before, after: before * np.clip(before / 6 + 0.5, 0, 1),
    "exHardSwish": lambda before, after: before * np.clip(before / 6 + 0.5, 0, 1),
}
"""Of the values before; those after tell the limits of a Clip."""
INSERTED = ("exDataConvert", "Reshape", "Transpose")
"""Operators of rows that may belong to no layer of the user."""
NEXT = 3  # rows after a blank one in which its activation is looked for
CLOSE = 1e-4  # relative to the largest value


def fused_groups(rows: Sequence[ReportRow], golden: Dump | None) -> dict[str, tuple[str, ...]]:
    """Tensor of a row with numbers -> blank rows that are computed with it."""
    found: dict[str, tuple[str, ...]] = {}
    for number, row in enumerate(rows):
        if golden is not None and not row.values and row.tensor in golden:
            name = next(_activations_of(row, rows[number + 1 : number + 1 + NEXT], golden), None)
            if name is not None:
                found[name] = (*found.get(name, ()), row.tensor)
    return found


def with_folded(rows: Sequence[Row], graph: Graph) -> Iterator[Row]:
    """The same rows, with the user's layers that the toolkit folds into theirs: no row tells of a batch normalization's
    convolution, or of one that a sum takes.

    A layer is folded into the only one that takes what it gives. Where a row belongs to no layer that is not known.
    """
    homes = {layer: at for at, row in enumerate(rows) for layer in row.origins}
    known, order = set(homes), [layer.name for layer in graph.layers]
    if all(row.origins for row in rows if row.op not in INSERTED):
        for layer in reversed(graph.layers):
            takers = {taker.name for name in layer.outputs for taker in graph.consumers.get(name, ())}
            if layer.name not in homes and len(takers) == 1 and (taker := takers.pop()) in homes:
                homes[layer.name] = homes[taker]
    for at, row in enumerate(rows):
        folded = {name for name, home in homes.items() if home == at} - known
        yield replace(row, origins=tuple(sorted({*row.origins, *folded}, key=order.index))) if folded else row


def _activations_of(row: ReportRow, following: Sequence[ReportRow], golden: Dump) -> Iterator[str]:
    before = golden[row.tensor]
    for other in following:
        if other.values and other.op in ACTIVATIONS and other.tensor in golden:
            after = golden[other.tensor]
            if after.size == before.size and _is_activated(ACTIVATIONS[other.op], before, after):
                yield other.tensor


def _is_activated(activation: Activation, before: np.ndarray, after: np.ndarray) -> bool:
    before, after = _alike(before, after).ravel(), after.ravel()
    with np.errstate(over="ignore", invalid="ignore"):
        expected = activation(before, after)
    return bool(np.abs(expected - after).max(initial=0.0) <= CLOSE * np.abs(after).max(initial=1e-30))


def _alike(before: np.ndarray, after: np.ndarray) -> np.ndarray:
    """`before` with its channels where `after` has them: the network's own layout is known of some tensors only."""
    if before.ndim != 4 or after.ndim != 4 or before.shape == after.shape:
        return before
    orders = ((0, 3, 1, 2), (0, 2, 3, 1))
    moved = (before.transpose(order) for order in orders)
    return next((array for array in moved if array.shape == after.shape), before)

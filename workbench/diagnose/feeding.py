"""Which rows of the table give a row what it takes: through tensors that have no row of their own."""

from collections.abc import Mapping

from workbench.compare.compare import LayerError
from workbench.diagnose.case import Case


def feeding(case: Case) -> Mapping[str, tuple[str, ...]]:
    """From a row's tensor to the rows' tensors that it is computed from; empty without a deployed graph.

    What the network is fed with is "" among them, unless a row has it.
    """
    if case.graph is None:
        return {}
    found: dict[str, dict[str, None]] = {}
    given: dict[str, tuple[str, ...]] = {tensor.name: ("",) for tensor in case.model.graph.inputs}
    for layer in case.graph.layers:
        taken = dict.fromkeys(row for name in layer.inputs for row in given.get(name, ()))
        for name in layer.outputs:
            if name in case.by_tensor:
                found[name] = taken
                given[name] = (name,)
            elif name:
                given[name] = tuple(taken)
    return {name: tuple(rows) for name, rows in found.items()}


def born(case: Case, rows: list[LayerError]) -> list[LayerError]:
    """Those of some rows that take nothing from the others of them: where it began."""
    takes, names = feeding(case), {row.tensor for row in rows}
    if not takes:
        return rows[:1]
    return [row for row in rows if not names.intersection(takes.get(row.tensor, ()))]

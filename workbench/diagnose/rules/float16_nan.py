"""Where NaN and infinities are born: in the weights, in the float reference, or in the simulator."""

from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np

from workbench.compare.compare import ENTIRE, LayerError
from workbench.diagnose.case import Case
from workbench.diagnose.findings import Evidence, Finding
from workbench.diagnose.flow import born
from workbench.diagnose.rules.float16 import in_integers, is_half
from workbench.diagnose.rules.float16_constants import infinite_constants
from workbench.foundation.steps import Progress, Steps
from workbench.graph.deployed import DeployedLayer

STAGE = "diagnose"
DIVISORS: Mapping[str, int] = {"Div": 1, "Reciprocal": 0, "Log": 0, "Mod": 1}
"""Which input of an operator must not be zero."""
ROOTS: Mapping[str, int] = {"Sqrt": 0, "Log": 0, "Pow": 0}
"""Which input of an operator must not be negative."""
Values = Callable[[LayerError, int], np.ndarray | None]
IN_WEIGHTS, IN_REFERENCE, IN_SIMULATOR = "in the weights", "in the float reference", "in the simulator"
EVERYTHING = frozenset(("quantization", "conversion"))


def nan(case: Case) -> Steps[tuple[Finding, ...]]:
    """NaN in weights, in golden values, or in what the simulator computes of finite golden values."""
    yield Progress(STAGE, 0, 1, "nan")
    return tuple(found for rule in (_in_weights, _in_golden, _in_simulator) if (found := rule(case)) is not None)


def _in_weights(case: Case) -> Finding | None:
    if not case.model.is_onnx:
        return None
    names = [name for name, value in case.model.constants.items() if value.dtype.kind == "f" and np.isnan(value).any()]
    takers = {name: case.model.graph.consumers.get(name, ()) for name in names}
    names = [name for name in names if takers[name]]
    if not names:
        return None
    by_name = {name: row for row in case.rows for name in (*row.group, row.golden, row.tensor)}
    rows = [
        by_name[given].tensor for name in names for one in takers[name] for given in one.outputs if given in by_name
    ]
    count = int(np.isnan(case.model.constants[names[0]]).sum())
    first = rows[0] if rows else ""
    text = f"{count} of {case.model.constants[names[0]].size} values of the constant {names[0]} are NaN."
    values = {"tensor": first or names[0], "where": IN_WEIGHTS}
    return Finding("nan", 0.98, tuple(dict.fromkeys(rows)), values, (Evidence(text, first, view="weights"),),
                   explains=EVERYTHING)  # fmt: skip


def _in_golden(case: Case) -> Finding | None:
    """Rows say in their note that golden values are left out; infinities alone count where an output has them."""
    found = [row for row in case.rows if "Golden has" in row.note and _lost(case.golden(row)) > 0]
    rows = [row for row in found if np.isnan(_there(case.golden(row))).any()] or [
        row for row in found if any(row is one for one in case.output_rows)
    ]
    if not rows:
        return None
    return _finding(case, rows, case.golden, IN_REFERENCE, 0.97)


def _in_simulator(case: Case) -> Finding | None:
    """Where an overflow is the reason, that is said in its place."""
    rows = [row for row in case.rows if _counted(row) and _lost(case.golden(row)) == 0]
    if not rows or not any(_counted(row) for row in case.output_rows):
        return None
    known = {item.row.tensor for item in infinite_constants(case) if item.row is not None and item.is_half}
    if all(row.tensor in known or (row.head_room or 1.0) < 1 for row in born(case.takes, rows)):
        return None
    return _finding(case, rows, case.simulated, IN_SIMULATOR, 0.8)


def _finding(case: Case, rows: list[LayerError], values: Values, where: str, confidence: float) -> Finding:
    first, *others = born(case.takes, rows)
    evidence = (*_born_there(case, first, values), *_spread(rows))
    layers = tuple(row.tensor for row in (first, *others))
    said = {"tensor": first.tensor, "where": where, "count": str(len(rows))}
    fixes = in_integers(case, [first]) if where == IN_SIMULATOR and is_half(first) else ()
    explains = EVERYTHING if where == IN_REFERENCE else frozenset(("quantization",))
    return Finding("nan", confidence, layers, said, evidence, fixes, explains=explains)


def _born_there(case: Case, row: LayerError, values: Values) -> Iterator[Evidence]:
    sample = next((at for at in range(len(case.samples) or 1) if _lost(values(row, at))), 0)
    found = _there(values(row, sample))
    lost = ~np.isfinite(found)
    place = list(map(int, np.argwhere(lost)[0])) if lost.any() else []
    count = int(lost.sum())
    text = f"{count} of {found.size} values of {row.tensor} ({row.op}) are infinite, the first at {place}."
    if np.isnan(found).any():
        text = f"{count} of {found.size} values of {row.tensor} ({row.op}) are NaN, the first at {place}."
    yield Evidence(text, row.tensor, sample, "nan")
    yield from _why(case, row, values, sample)


def _why(case: Case, row: LayerError, values: Values, sample: int) -> Iterator[Evidence]:
    """What the operator takes where it should not: zeros to divide by, negative numbers under a root."""
    for layer in _members(case, row):
        for table, is_zero in ((DIVISORS, True), (ROOTS, False)):
            at = table.get(layer.op, len(layer.inputs))
            taken = _value(case, layer.inputs[at], values, sample) if at < len(layer.inputs) else None
            if taken is None:
                continue
            count, tensor = int(np.count_nonzero(taken == 0 if is_zero else taken < 0)), layer.inputs[at]
            if count:
                text = f"{layer.op} takes {tensor}, of which {count} of {taken.size} values are negative."
                if is_zero:
                    text = f"{layer.op} takes {tensor}, of which {count} of {taken.size} values are zero."
                yield Evidence(text, tensor if tensor in case.by_tensor else row.tensor, sample, "histogram")


def _members(case: Case, row: LayerError) -> Sequence[DeployedLayer]:
    if case.graph is None:
        return ()
    names = (row.tensor, *row.group)
    return [case.graph.producers[name] for name in names if name in case.graph.producers]


def _value(case: Case, tensor: str, values: Values, sample: int) -> np.ndarray | None:
    if case.graph is not None and tensor in case.graph.constants:
        return case.graph.constants[tensor]
    row = case.by_tensor.get(tensor)
    return None if row is None else values(row, sample)


def _spread(rows: Sequence[LayerError]) -> Iterator[Evidence]:
    if len(rows) > 1:
        text = f"From there they reach {len(rows) - 1} further tensors, the last is {rows[-1].tensor}."
        yield Evidence(text, rows[-1].tensor, view="nan")


def _counted(row: LayerError) -> float:
    errors = row.errors.get(ENTIRE)
    return 0.0 if errors is None else errors.worst.get("nan", 0.0) + errors.worst.get("inf", 0.0)


def _there(values: np.ndarray | None) -> np.ndarray:
    return np.empty(0, np.float32) if values is None else values


def _lost(values: np.ndarray | None) -> int:
    """How many values are NaN or infinite."""
    return 0 if values is None else int(values.size - np.count_nonzero(np.isfinite(values)))


RULES = (nan,)

"""Outputs of a board that were read in another order, or dequantised otherwise, than they are stored."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from workbench.capi.findings import shifted
from workbench.compare.compare import LayerError
from workbench.diagnose.case import Case
from workbench.diagnose.distances import apart
from workbench.diagnose.findings import Chart, Evidence, Finding, Fix
from workbench.diagnose.readings import Order, Read, is_shuffled, order_of, reading_of
from workbench.foundation.steps import Progress, Steps
from workbench.quantize.encoding import Encoding

STAGE = "diagnose"
SEEN = 0.1  # relative difference from what it should be
POINTS = 200  # of a chart
FOLLOWS = frozenset(("board-operator", "board-other-network", "version-mismatch"))


def outputs(case: Case) -> Steps[tuple[Finding, ...]]:
    """Every output that the board gave, against what the simulator gives; outputs of one fault in one finding."""
    by_cause: dict[str, list[Finding]] = {}
    for row in given_outputs(case):
        yield Progress(STAGE, 0, 1, "board")
        found = _finding(case, row)
        if found is not None:
            by_cause.setdefault(found.cause, []).append(found)
    return tuple(_joined(found) for found in by_cause.values())


def _joined(found: Sequence[Finding]) -> Finding:
    first = max(found, key=lambda one: one.confidence)
    ordered = (first, *(one for one in found if one is not first))
    outputs = ", ".join(one.values["output"] for one in ordered)
    return replace(
        first,
        layers=tuple(name for one in ordered for name in one.layers),
        values={**first.values, "output": outputs},
        evidence=tuple(part for one in ordered for part in one.evidence),
        fixes=tuple(fix for one in ordered for fix in one.fixes),
    )


def given_outputs(case: Case) -> tuple[LayerError, ...]:
    """The row of each output that the board gave; of several for one output that of its own name, else the last."""
    rows = {row.golden: row for row in case.output_rows if case.runtime(row) is not None}
    rows |= {row.golden: row for row in case.output_rows if row.tensor in case.outputs and row.golden in rows}
    return tuple(rows.values())


def should_be(case: Case, row: LayerError, sample: int = 0) -> np.ndarray | None:
    """What a row of the board should be: the simulator's, on the board's own inputs where it can be; else golden."""
    for values in (case.on_board(row, sample), case.simulated(row, sample), case.golden(row, sample)):
        if values is not None:
            return values
    return None


def stored_as(case: Case, row: LayerError) -> Encoding | None:
    """How an output is stored; a convert at the end gives floats of what it takes."""
    if row.encoding is not None:
        return row.encoding
    before = (case.by_tensor[name] for name in case.takes.get(row.tensor, ()) if name in case.by_tensor)
    return next((one.encoding for one in before), None)


def _finding(case: Case, row: LayerError) -> Finding | None:
    values, wanted = case.runtime(row), should_be(case, row)
    if values is None or wanted is None or values.size != wanted.size or apart(values, wanted) < SEEN:
        return None
    order = order_of(values, wanted)
    if order is not None:
        return _ordered(row, order)
    scales = [other.scale[0] for one in case.output_rows if (other := stored_as(case, one)) and other.is_quantized]
    read = reading_of(values, wanted, stored_as(case, row), scales)
    if read is not None:
        return _dequantised(case, row, read, (values, wanted))
    if is_shuffled(values, wanted):
        text = f"The board's values of {row.tensor} are the simulator's, but in another order."
        said = {"output": row.tensor, "order": "an order of its own"}
        return Finding("board-output-transposed", 0.6, (row.tensor,), said, (Evidence(text, row.tensor, 0, "scatter"),),
                       explains=FOLLOWS)  # fmt: skip
    return None


def _ordered(row: LayerError, order: Order) -> Finding:
    shape = "×".join(map(str, row.shape))
    evidence = (
        Evidence(
            f"Read as {order.said} the board's {row.tensor} ({shape}) is the simulator's: "
            f"likeness {order.likeness:.4f} instead of {order.before:.4f}.",
            row.tensor,
            0,
            "scatter",
        ),
    )
    fix = Fix(f"Read {row.tensor} as {order.said} in the program, or ask for the network's order (rknn_output: NCHW).")
    said = {"output": row.tensor, "order": order.said}
    return Finding("board-output-transposed", 0.95, (row.tensor,), said, evidence, (fix,), explains=FOLLOWS)


def _dequantised(case: Case, row: LayerError, read: Read, pair: tuple[np.ndarray, np.ndarray]) -> Finding:
    values, wanted = pair
    evidence = (
        Evidence(
            f"The board's {row.tensor} is {read.said}: read that way it is off by {read.error:.2%} of its length, "
            f"otherwise by {apart(values, wanted):.0%}.",
            row.tensor,
            0,
            "scatter",
            _points(wanted, values),
        ),
        *_encoding(case, row),
    )
    encoding = stored_as(case, row)
    if read.key == "straight":
        fix = Fix(f"Subtract {read.offset:.6g} and divide by {read.gain:.6g}, or look for where the program scales it.")
    elif encoding is not None and encoding.is_quantized:
        fix = Fix(
            f"Set want_float = 1, or compute {shifted(encoding.zero_point[0])} * {encoding.scale[0]:.9g} of the "
            f"{encoding.dtype} values."
        )
    else:
        fix = Fix("Set want_float = 1, or read the buffer as float16.")
    said = {"output": row.tensor, "reading": read.said}
    confidence = 0.85 if read.key == "straight" else 0.95
    return Finding("board-output-dequantised", confidence, (row.tensor,), said, evidence, (fix,), explains=FOLLOWS)


def _encoding(case: Case, row: LayerError) -> Iterator[Evidence]:
    encoding = stored_as(case, row)
    if encoding is not None and encoding.is_quantized:
        scale, zero = encoding.scale[0], encoding.zero_point[0]
        text = f"{row.tensor} is stored as {encoding.dtype} with scale {scale:.6g} and zero point {zero}."
        yield Evidence(text, row.tensor, view="histogram")


def _points(wanted: np.ndarray, values: np.ndarray) -> Chart:
    at = np.linspace(0, wanted.size - 1, min(POINTS, wanted.size)).astype(int)
    x, y = (tuple(map(float, item.reshape(-1)[at])) for item in (wanted, values))
    return Chart("points", "simulator", "board", {"simulator": x, "board": y})

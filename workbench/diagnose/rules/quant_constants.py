"""Tensors with one value only: nobody needs them, or the inputs that were analysed do not speak to them."""

import numpy as np

from workbench.compare.compare import LayerError
from workbench.diagnose.case import Case
from workbench.diagnose.findings import NOTE, Evidence, Finding

SAME = 1e-6  # of the largest value: what sums in another order differ by
PLACES = 64  # that are looked at before all are


def constants(case: Case) -> tuple[Finding, ...]:
    """A note of the rows whose golden values are all the same in every sample."""
    found = [(row, value) for row in case.rows if (value := _only_value(case, row)) is not None]
    if not found:
        return ()
    first, value = found[0]
    text = f"All values of {first.tensor} are {value:.6g}, and {len(found) - 1} more tensors have one value only."
    values = {"tensor": first.tensor, "count": str(len(found)), "value": f"{value:.6g}"}
    evidence = (Evidence(text, first.tensor, 0, "histogram"),)
    return (Finding("constant-tensor", 0.2, tuple(row.tensor for row, _ in found), values, evidence, level=NOTE),)


def _only_value(case: Case, row: LayerError) -> float | None:
    """The value of all elements in all samples; None where there are several, or no more than one element."""
    low, high = np.inf, -np.inf
    for dump in case.dumps.get(row.golden_source, ()):
        if row.golden not in dump:
            return None
        stored, encoding = dump.raw(row.golden)
        if stored.size < 2 or encoding is not None or stored.dtype.kind != "f":
            return None
        flat = stored.reshape(-1)
        for part in (flat[:: max(1, flat.size // PLACES)], flat):
            low, high = min(low, float(part.min())), max(high, float(part.max()))
            if not high - low <= SAME * max(abs(low), abs(high)):
                return None
    return low if np.isfinite([low, high]).all() else None

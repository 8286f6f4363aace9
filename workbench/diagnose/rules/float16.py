"""Values that float16 cannot hold. Source: rknn_facts §7, no. 6."""

import math

from workbench.compare.head_room import FLOAT16_LIMIT
from workbench.diagnose.case import Case
from workbench.diagnose.findings import Evidence, Finding
from workbench.foundation.steps import Progress, Steps

STAGE = "diagnose"


def overflow(case: Case) -> Steps[tuple[Finding, ...]]:
    """Golden values beyond 65504 in a tensor that is stored in float16."""
    yield Progress(STAGE, 0, 1, "float16")
    found = [row for row in case.rows if row.head_room is not None and row.head_room < 1]
    if not found:
        return ()
    first = found[0]
    assert first.golden_range is not None
    largest = max(map(abs, first.golden_range))
    evidence = Evidence(
        f"{first.tensor} reaches {largest:g}, {math.log2(largest / FLOAT16_LIMIT):.1f} bits more than float16 holds.",
        first.tensor,
        view="histogram",
    )
    values = {"tensor": first.tensor, "largest": f"{largest:g}", "count": str(len(found))}
    return (Finding("fp16-overflow", 0.95, tuple(row.tensor for row in found), values, (evidence,)),)


RULES = (overflow,)

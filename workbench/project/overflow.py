"""What a run warns of: tensors that exceed what float16 holds."""

import math
from collections.abc import Mapping, Sequence

from workbench.compare.compare import LayerError
from workbench.compare.head_room import FLOAT16_LIMIT
from workbench.foundation.steps import Steps, Warn

LISTED = 8  # names in a sentence


def warned_of_overflow(rows: Sequence[LayerError], layers_of: Mapping[str, Sequence[str]]) -> Steps[None]:
    """At most one warning; `layers_of` leads from a row's tensor to the layers of the user's network."""
    found = [row for row in rows if _overflows(row)]
    if found:
        yield Warn(_sentence(found, layers_of))


def _overflows(row: LayerError) -> bool:
    """Whether golden values are too large, or the layer's own result on golden inputs is: its constants may be."""
    if row.golden_range is None or row.head_room is None:
        return False
    single = row.errors.get("simulator.single")
    is_infinite = single is not None and single.worst.get("inf", 0.0) > 0 and all(map(math.isfinite, row.golden_range))
    return row.head_room < 1 or is_infinite


def _sentence(found: Sequence[LayerError], layers_of: Mapping[str, Sequence[str]]) -> str:
    first, *others = (row.tensor for row in found)
    layer = _listed([name for name in layers_of.get(first, ()) if name]) or found[0].op
    limit = f"what float16 holds (±{FLOAT16_LIMIT:.0f})"
    if not others:
        return f"{first} ({layer}) exceeds {limit}."
    return f"{len(found)} tensors exceed {limit}, first {first} ({layer}); then {_listed(others)}."


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names[:LISTED]) + (", …" if len(names) > LISTED else "")

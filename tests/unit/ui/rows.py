"""Rows of a layer table, as a test wants them."""

from collections.abc import Mapping
from typing import Any

from workbench.compare.compare import LayerError, summarise


def made_row(tensor: str, values: Mapping[str, float] | None = None, **more: Any) -> LayerError:
    """A row with these metrics in `simulator.entire`."""
    errors = {} if values is None else {"simulator.entire": summarise([values])}
    fields = {
        "index": 0, "op": "Conv", "tensor": tensor, "golden": tensor, "group": (), "shape": (1, 8), "encoding": None,
        "errors": errors, "matched_by": "name", "note": "",
    }  # fmt: skip
    return LayerError(**{**fields, **more})


def bad_row(tensor: str, one_minus_cos: float | None, **more: Any) -> LayerError:
    """A row whose direction is off by this much; None is a row without values."""
    values = None if one_minus_cos is None else {"one_minus_cos": one_minus_cos, "cos": 1 - one_minus_cos}
    return made_row(tensor, values, **more)

"""How bad a number of the layer table is: the one scale of graph, table, matrices, report and command line.

What is beyond the vendor toolkit's limit (it prints such a number yellow; quantization semantics §7) is bad, and so is
what is no number.
"""

import math
from collections.abc import Mapping
from enum import IntEnum

import numpy as np

from workbench.compare.metrics import NUMBERS

Limits = tuple[float, float, float]
"""The last values that are still good, fair and poor."""


class Grade(IntEnum):
    """From good to bad; NONE has no value."""

    GOOD = 0
    FAIR = 1
    POOR = 2
    BAD = 3
    NONE = 4

    @property
    def symbol(self) -> str:
        """A colour is never alone."""
        return "●●▲✖◌"[self]

    @property
    def key(self) -> str:
        """Its name in lower case."""
        return self.name.lower()

    @property
    def is_marked(self) -> bool:
        """Whether a number is worth a look."""
        return self in (Grade.POOR, Grade.BAD)


_COS: Mapping[str, Limits] = {"entire": (0.999, 0.99, 0.95), "single": (0.9999, 0.9995, 0.999)}
_ONE_MINUS_COS: Mapping[str, Limits] = {"entire": (0.001, 0.01, 0.05), "single": (0.0001, 0.0005, 0.001)}
_EUC: Mapping[str, Limits] = {"entire": (100.0, 100.0, 100.0), "single": (20.0, 20.0, 20.0)}
_COUNT: Mapping[str, Limits] = {"entire": (0.0, 0.0, 0.0), "single": (0.0, 0.0, 0.0)}
_LIMITS = {
    "cos": _COS, "cos_toolkit": _COS, "one_minus_cos": _ONE_MINUS_COS, "euc": _EUC, "nan": _COUNT, "inf": _COUNT,
}  # fmt: skip


def limits(metric: str, column: str) -> Limits | None:
    """The limits of a number of a column; None where it has none. Single errors have narrower ones than entire."""
    kind = "single" if column.rpartition(".")[2].startswith("single") else "entire"
    return _LIMITS[metric][kind] if metric in _LIMITS else None


def ranges(metric: str, column: str) -> tuple[str, ...]:
    """What is good, fair, poor and bad in signs: `≥ 0.999` and so on; none where a number has no limits."""
    found, signs = limits(metric, column), "≤>" if NUMBERS[metric].higher_is_worse else "≥<"
    return () if found is None else (*(f"{signs[0]} {limit:g}" for limit in found), f"{signs[1]} {found[-1]:g}")


def beyond(metric: str, column: str) -> tuple[str, ...]:
    """Where fair, poor and bad begin, behind "" for good: `< 0.999` and so on; none where a number has no limits."""
    found, sign = limits(metric, column), ">" if NUMBERS[metric].higher_is_worse else "<"
    return () if found is None else ("", *(f"{sign} {limit:g}" for limit in found))


def grade(metric: str, column: str, value: float | None) -> Grade:
    """How bad a number of a column is."""
    if value is None:
        return Grade.NONE
    what = NUMBERS[metric]
    if math.isnan(value) or value == (math.inf if what.higher_is_worse else -math.inf):
        return Grade.BAD
    return Grade(sum(what.is_worse(value, limit) for limit in limits(metric, column) or ()))


def grades(metric: str, column: str, values: np.ndarray, there: np.ndarray) -> np.ndarray:
    """The `grade` of each value, as numbers; NONE where one is not `there`."""
    sign = 1.0 if NUMBERS[metric].higher_is_worse else -1.0
    badness = np.where(np.isnan(values), np.inf, sign * values)
    found = np.zeros(values.shape, np.int8)
    for limit in limits(metric, column) or ():
        found += badness > sign * limit
    found[np.isposinf(badness)] = Grade.BAD
    found[~there] = Grade.NONE
    return found

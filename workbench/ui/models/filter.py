"""The filter language of the layer table: words, `op:Conv`, `cos<0.99`, `single.euc>10`; a leading `-` negates."""

import operator
import re
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from workbench.compare.metrics import METRICS

COMPARISONS: dict[str, Callable[[np.ndarray, float], np.ndarray]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "=": operator.eq,
}  # fmt: skip
COLUMN_NAMES = {
    "entire": "simulator.entire", "single": "simulator.single", "runtime": "runtime.entire",
    "single_sim": "runtime.single_sim",
}  # fmt: skip
METRIC_NAMES = {"1-cos": "one_minus_cos", "sqnr": "sqnr_db", "abs": "max_abs", **{key: key for key in METRICS}}
_COMPARISON = re.compile(r"(?:(?P<column>\w+)\.)?(?P<metric>[\w-]+?)(?P<sign><=|>=|<|>|=)(?P<number>.*)")


@dataclass(frozen=True)
class Condition:
    """One term. `field` is "text", "op", "name" or a metric; a metric compares `column` ("": the one shown)."""

    field: str
    text: str = ""
    column: str = ""
    sign: str = ""
    number: float = 0.0
    negated: bool = False


@dataclass(frozen=True)
class Filter:
    """All conditions must hold. `unclear` are terms that mean nothing."""

    conditions: tuple[Condition, ...] = ()
    unclear: tuple[str, ...] = ()


def parse(text: str) -> Filter:
    """The filter that `text` spells; what is no term of the language is in `unclear`, and does not filter."""
    conditions, unclear = [], []
    for term in text.split():
        condition = _condition(
            term.removeprefix("-") if len(term) > 1 else term, negated=term[0] == "-" and len(term) > 1
        )
        if condition is None:
            unclear.append(term)
        else:
            conditions.append(condition)
    return Filter(tuple(conditions), tuple(unclear))


def _condition(term: str, *, negated: bool) -> Condition | None:
    for field in ("op", "name"):
        if term.lower().startswith(f"{field}:"):
            return Condition(field, term[len(field) + 1 :].lower(), negated=negated)
    comparison = _COMPARISON.fullmatch(term)
    if comparison is None:
        return Condition("text", term.lower(), negated=negated)
    return _comparison(comparison, negated=negated)


def _comparison(found: re.Match[str], *, negated: bool) -> Condition | None:
    metric = METRIC_NAMES.get(found["metric"].lower())
    column = COLUMN_NAMES.get(found["column"], "") if found["column"] else ""
    if metric is None or (found["column"] and not column):
        return None
    try:
        number = float(found["number"].removesuffix("%")) / (100 if found["number"].endswith("%") else 1)
    except ValueError:
        return None
    return Condition(metric, column=column, sign=found["sign"], number=number, negated=negated)

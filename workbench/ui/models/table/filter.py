"""The filter language of table and graph: words, `op:Conv|Add`, `cos<0.99`, `jump>3`, `pinned`; `-` negates. No Qt.

A text is a list of terms that must all hold. A term may have alternatives, with `|` between them; one that names no
field is about the field of the one before. Quotes keep blanks together and take `|`, `:` and `-` as letters.
The signs of a Chinese keyboard (`：＜＞｜`) count as these.
"""

import math
import operator
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from workbench.compare.compare import LayerError
from workbench.compare.metrics import METRICS
from workbench.ui.models.table.layer_values import FACTS, Known, LayerValues

COMPARISONS: dict[str, Callable[[np.ndarray, float], np.ndarray]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "=": operator.eq,
}  # fmt: skip
COLUMN_NAMES = {
    "entire": "simulator.entire", "single": "simulator.single", "runtime": "runtime.entire",
    "single_sim": "runtime.single_sim",
}  # fmt: skip
METRIC_NAMES = {"1-cos": "one_minus_cos", "sqnr": "sqnr_db", "abs": "max_abs", **{key: key for key in METRICS}}
TEXTS = ("op", "name", "scope", "shape", "type", "note", "match")
FLAGS = ("pinned", "spared")
WIDE = str.maketrans("：＜＞＝｜－．％\u3000", ":<>=|-.% ")
"""Signs that are typed in full width; each is one sign here too, so that places in the text stay what they are."""
_NUMBER = re.compile(r"(?:(?P<column>\w+)\.)?(?P<field>[\w-]+?)(?P<sign><=|>=|<|>|=)(?P<number>.*)")
_TEXT = re.compile(rf"(?P<field>{'|'.join(TEXTS)}):(?P<text>.*)", re.IGNORECASE)
_TERM = re.compile(r'(?:"[^"]*"?|[^\s"])+')
_PART = re.compile(r'((?:"[^"]*"?|[^|"])*)(?:\||$)')


@dataclass(frozen=True)
class Condition:
    """`field` is "text" (any word), one of `TEXTS`, `FLAGS` or `layer_values.FACTS`, or a metric.

    A metric is that of `column` ("": the one shown); `sign` and `number` compare it.
    """

    field: str
    text: str = ""
    column: str = ""
    sign: str = ""
    number: float = 0.0


@dataclass(frozen=True)
class Term:
    """Holds where one of the conditions does; negated where none does."""

    any_of: tuple[Condition, ...]
    negated: bool = False


@dataclass(frozen=True)
class Unclear:
    """A part of a text that means nothing, where it begins, and what it should be: "field", "column" or "number"."""

    text: str
    begin: int
    wanted: str


@dataclass(frozen=True)
class Filter:
    """All terms must hold. `unclear` is what means nothing, one part of each term that does not filter."""

    terms: tuple[Term, ...] = ()
    unclear: tuple[Unclear, ...] = ()


def parse(text: str) -> Filter:
    """The filter that `text` spells; a term with a part that means nothing does not filter."""
    terms, unclear = [], []
    for word in _TERM.finditer(text.translate(WIDE)):
        term = _term(word[0], word.start())
        if isinstance(term, Unclear):
            unclear.append(term)
        else:
            terms.append(term)
    return Filter(tuple(terms), tuple(unclear))


def matching(chosen: Filter, rows: Sequence[LayerError] | LayerValues, known: Known | None = None) -> np.ndarray:
    """Which rows satisfy a filter, one truth value a row; `known` says what the rows themselves do not.

    Whoever filters the same rows again gives their `LayerValues`, which keeps what it has looked up.
    """
    values = rows if isinstance(rows, LayerValues) else LayerValues(rows, known)
    found = np.ones(len(values), bool)
    for term in chosen.terms:
        found &= np.logical_or.reduce([_holds(condition, values) for condition in term.any_of]) ^ term.negated
    return found


def without_values(chosen: Filter, values: LayerValues) -> list[str]:
    """The numbers that a filter asks for and no row has, as the language calls them."""
    asked = [condition for term in chosen.terms for condition in term.any_of if condition.sign]
    missing = [item for item in asked if not values.numbers(item.field, item.column)[1].any()]
    names = {column: f"{name}." for name, column in COLUMN_NAMES.items()}
    return list(dict.fromkeys(names.get(item.column, "") + item.field for item in missing))


def _term(word: str, begin: int) -> Term | Unclear:
    negated = len(word) > 1 and word[0] == "-"
    conditions: list[Condition] = []
    for part, place in _alternatives(word[negated:]):
        condition = _condition(part)
        if isinstance(condition, Unclear):
            return replace(condition, begin=begin + negated + place + condition.begin)
        is_plain = condition.field == "text" and bool(conditions) and conditions[-1].field in TEXTS
        conditions.append(replace(condition, field=conditions[-1].field) if is_plain else condition)
    return Term(tuple(conditions), negated)


def _alternatives(word: str) -> Iterator[tuple[str, int]]:
    """The parts between `|` and where they begin; empty ones, as while typing, are left out."""
    parts = [(found[1], found.start(1)) for found in _PART.finditer(word) if found[1]]
    return iter(parts or [(word, 0)])


def _condition(part: str) -> Condition | Unclear:
    if part.startswith('"'):
        return Condition("text", _unquoted(part))
    if (text := _TEXT.fullmatch(part)) is not None:
        return Condition(text["field"].lower(), _unquoted(text["text"]))
    if part.lower() in FLAGS:
        return Condition(part.lower())
    found = _NUMBER.fullmatch(part)
    return Condition("text", _unquoted(part)) if found is None else _comparison(found)


def _unquoted(text: str) -> str:
    return text.replace('"', "").lower()


def _comparison(found: re.Match[str]) -> Condition | Unclear:
    """A comparison with a number."""
    field = found["field"].lower()
    metric = METRIC_NAMES.get(field)
    column = COLUMN_NAMES.get(found["column"].lower(), "") if found["column"] else ""
    if metric is None and field not in FACTS:
        return _unclear(found, "field")
    if found["column"] and not column:
        return _unclear(found, "column")
    try:
        number = float(found["number"].removesuffix("%")) / (100 if found["number"].endswith("%") else 1)
    except ValueError:
        return _unclear(found, "number")
    return Condition(metric or field, column=column, sign=found["sign"], number=number)


def _unclear(found: re.Match[str], part: str) -> Unclear:
    return Unclear(found[part], found.start(part), part)


def _holds(condition: Condition, values: LayerValues) -> np.ndarray:
    if condition.sign:
        numbers, there = values.numbers(condition.field, condition.column)
        if math.isnan(condition.number):
            return there & np.isnan(numbers)
        with np.errstate(invalid="ignore"):
            return there & COMPARISONS[condition.sign](numbers, condition.number)
    if condition.field == "pinned":
        return values.are_pinned()
    if condition.field == "spared":
        return values.are_spared()
    texts, which = values.texts(condition.field)
    return np.array(_found(condition, texts), bool)[which]


def _found(condition: Condition, texts: Sequence[str]) -> list[bool]:
    """Whether a condition on texts holds for each of them."""
    wanted = condition.text
    if condition.field == "shape":
        search = _shape_pattern(wanted).search
        return [search(text) is not None for text in texts]
    if condition.field == "note" and not wanted:
        return [bool(text) for text in texts]
    if condition.field in ("op", "scope", "type"):  # by their beginning
        wanted = f"\n{wanted}"
    return [wanted in text for text in texts]


@lru_cache(maxsize=64)
def _shape_pattern(text: str) -> re.Pattern[str]:
    """Neighbouring dimensions, `x` or `×` between them; `*` is any number."""
    sizes = [r"\d+" if size == "*" else re.escape(size) for size in re.split("[x×]", text.strip("x×"))]
    return re.compile("×" + "×".join(sizes) + "×")

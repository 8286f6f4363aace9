"""What the cells of the layer table say, and how bad a number is on the scale of its bar. No Qt widgets."""

import math
from collections.abc import Callable, Iterator, Mapping

import numpy as np
from PySide6.QtCore import QCoreApplication

from workbench.compare.compare import LayerError
from workbench.compare.metrics import METRICS
from workbench.project.session import Session
from workbench.quantize.encoding import Encoding
from workbench.ui.models.attributes import shape_text
from workbench.ui.models.spoken import spoken
from workbench.ui.models.table.columns import Column
from workbench.ui.models.table.layer_values import FACTS, LayerValues
from workbench.ui.numbers import value_text
from workbench.ui.precision import has_precision, precision_of
from workbench.ui.titles import AGAINST, short_title

translate = QCoreApplication.translate
MISSING = "◌"
COUNTED = ("jump", "head", "macs", "time")
"""Numbers of a row that are no metric and take long to look up, or have words of their own."""
SHARES = ("cos", "cos_toolkit", "one_minus_cos", "relative", "saturated")
"""Metrics whose bar runs from a millionth to one; others' ends at the largest number of their column."""
DECADES, MOST_DECIBEL = 6.0, 60.0
PREFIXES = ((1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k"))


def cell_text(values: LayerValues, session: Session | None, at: int, column: Column) -> str:
    """The text of the row at a place of the table."""
    row = values.rows[at]
    if column.kind == "value":
        value = values.value(row, column.column, column.metric)
        return MISSING if value is None else value_text(column.metric, value)
    if column.kind in COUNTED:
        numbers, there = values.numbers(column.kind)
        return fact_text(column.kind, float(numbers[at])) if there[at] else ""
    if column.kind == "precision":
        return precision_of(session, row) if session is not None and has_precision(row) else ""
    if column.kind == "own_note":
        return values.known.notes.get(row.tensor, "")
    return _ROW_TEXTS[column.kind](row)


_ROW_TEXTS: Mapping[str, Callable[[LayerError], str]] = {
    "index": lambda row: str(row.index),
    "op": lambda row: row.op,
    "tensor": lambda row: row.tensor,
    "golden": lambda row: row.golden,
    "note": lambda row: spoken(row.note),
    "match": lambda row: row.matched_by,
    "shape": lambda row: shape_text(row.shape),
    "encoding": lambda row: encoding_text(row.encoding),
    "group": lambda row: ", ".join(row.group),
    "on": lambda row: row.on,
    "elements": lambda row: f"{math.prod(row.shape):,}".replace(",", " ") if row.shape else "",
}
"""What a row says of itself."""


def fact_text(kind: str, number: float) -> str:
    """A number that is no metric."""
    if math.isinf(number):
        return "∞"
    if kind == "jump":
        return f"{number:.0f}×" if number >= 10 else f"{number:.1f}×"
    if kind == "head":
        return f"{number:.3g}×" if number < 1000 else f"{number:.0f}×" if number < 100_000 else f"{number:.0e}×"
    if kind == "time":
        return f"{number:,.0f}".replace(",", "\u202f") if number >= 100 else f"{number:.3g}"
    for size, prefix in PREFIXES:
        if number >= size:
            return f"{number / size:.3g} {prefix}"
    return f"{number:.0f}"


def encoding_text(encoding: Encoding | None) -> str:
    """The data type, the scale and the zero point; of many scales how many."""
    if encoding is None:
        return ""
    if not encoding.is_quantized:
        return encoding.dtype
    if len(encoding.scale) > 1:
        return translate("LayerTexts", "{0}  {1} scales").format(encoding.dtype, len(encoding.scale))
    return f"{encoding.dtype}  {encoding.scale[0]:.4g}  {encoding.zero_point[0]}".replace("-", "−")


def heading_text(values: LayerValues, rows: np.ndarray, title: str, column: Column) -> str:
    """What a heading says of the rows below it: of an error the worst."""
    if column.kind == "tensor":
        return title
    if column.kind == "op":
        return translate("LayerTexts", "{0} layers").format(len(rows))
    if column.kind == "value":
        value = worst_of(values, rows, column)
        return "" if value is None else value_text(column.metric, value)
    if column.kind not in COUNTED:
        return ""
    numbers, there = values.numbers(column.kind)
    found = numbers[rows][there[rows]]
    return fact_text(column.kind, _summary(column.kind, found)) if found.size else ""


def worst_of(values: LayerValues, rows: np.ndarray, column: Column) -> float | None:
    """The worst value of some rows; NaN is worse than every number."""
    numbers, there = values.numbers(column.metric, column.column)
    found = numbers[rows][there[rows]]
    if not found.size:
        return None
    return float(found.max() if METRICS[column.metric].higher_is_worse else found.min())


def bar(metric: str, value: float, largest: float) -> float:
    """How long the bar of a value is: 0 is as good as it gets, 1 the worst; a decade has always the same length."""
    if math.isnan(value):
        return 1.0
    if metric == "sqnr_db":
        return min(1.0, max(0.0, 1 - value / MOST_DECIBEL))
    bad = 1 - value if not METRICS[metric].higher_is_worse else value
    top = 1.0 if metric in SHARES else largest
    if bad <= 0 or top <= 0:
        return 0.0
    return min(1.0, max(0.0, 1 + math.log10(min(bad, top) / top) / DECADES))


def largest(values: LayerValues, column: Column) -> float:
    """The largest finite number of a column; 0 where there is none."""
    numbers, _ = values.numbers(column.metric, column.column)
    finite = numbers[np.isfinite(numbers)]
    return float(finite.max()) if finite.size else 0.0


def _summary(kind: str, found: np.ndarray) -> float:
    return float(found.sum() if kind in ("macs", "time") else found.min() if kind == "head" else found.max())


def title_of(column: Column, sides: Mapping[str, str] | None = None) -> str:
    """The header of a column; a value's has the part of the comparison above its metric, or the side (`sides`)."""
    if column.kind == "value":
        return f"{part_title(column.column, sides or {})}\n{short_title(column.metric)}"
    return {
        "index": "#",
        "op": translate("LayersModel", "op"),
        "tensor": translate("LayersModel", "tensor"),
        "golden": translate("LayersModel", "name in A") if sides else translate("LayersModel", "golden name"),
        "jump": translate("LayersModel", "jump"),
        "shape": translate("LayersModel", "shape"),
        "encoding": translate("LayersModel", "encoding"),
        "precision": translate("LayersModel", "precision"),
        "head": translate("LayersModel", "head-room"),
        "elements": translate("LayersModel", "elements"),
        "macs": translate("LayersModel", "MACs"),
        "time": translate("LayersModel", "time [µs]"),
        "on": translate("LayersModel", "computed on"),
        "match": translate("LayersModel", "matched by"),
        "group": translate("LayersModel", "group"),
        "note": translate("LayersModel", "note"),
        "own_note": translate("LayersModel", "your note"),
    }[column.kind]


def part_title(column: str, sides: Mapping[str, str]) -> str:
    """The short name of a column of the comparison; of another comparison which side is measured against which."""
    source = column.partition(".")[0]
    if source in sides:
        return AGAINST[source]
    return {
        "simulator.entire": translate("LayersModel", "entire"),
        "simulator.single": translate("LayersModel", "single"),
        "runtime.entire": translate("LayersModel", "runtime"),
        "runtime.single_sim": translate("LayersModel", "single sim"),
    }.get(column, column)


def plain_title(column: Column, sides: Mapping[str, str] | None = None) -> str:
    """The header in one line that tells every column apart, for menus and for tables outside the window."""
    if column.kind == "value":
        source, _, mode = column.column.partition(".")
        return f"{(sides or {}).get(source, source)}.{mode} {short_title(column.metric)}"
    return title_of(column, sides)


def sort_numbers(values: LayerValues, session: Session | None, column: Column) -> np.ndarray:
    """Numbers whose ascending order is the worst (or the first) first; NaN where a row has none."""
    if column.kind == "value":
        numbers, there = values.numbers(column.metric, column.column)
        badness = numbers if METRICS[column.metric].higher_is_worse else -numbers
        return np.where(there, -np.where(np.isnan(badness), np.finfo(float).max, badness), np.nan)
    kind = "elements" if column.kind == "shape" else column.kind
    if kind in FACTS:
        numbers, there = values.numbers(kind)
        return np.where(there, numbers if kind in ("index", "head") else -numbers, np.nan)
    return values.ranks(kind, lambda: [text.lower() for text in _texts(values, session, column)])


def _texts(values: LayerValues, session: Session | None, column: Column) -> Iterator[str]:
    if column.kind in ("op", "tensor"):
        return (row.op if column.kind == "op" else row.tensor for row in values.rows)
    return (cell_text(values, session, at, column) for at in range(len(values)))

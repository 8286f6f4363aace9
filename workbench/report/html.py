"""The HTML report: one file that needs nothing else, readable in light and dark, on a desk and on a phone."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

import workbench
from workbench.compare.compare import LayerError
from workbench.compare.grades import Grade, grade, ranges
from workbench.compare.metrics import METRICS
from workbench.dump.store import Dump
from workbench.foundation.errors import DumpError
from workbench.foundation.files import write_text
from workbench.foundation.resources import resource
from workbench.graph.graph import Graph
from workbench.quantize.encoding import Encoding
from workbench.report.drawing import draw
from workbench.report.inputs import RunResults, RunSettings
from workbench.report.pictures import Heatmaps, heatmaps, is_picture
from workbench.report.plots import HEIGHT, WIDTH, Plot, histogram, profile
from workbench.report.ranking import DUMP_OF, Suspect, main_column, suspects, worst_rows
from workbench.report.settings_text import settings_lines
from workbench.report.table import (
    TIME_TITLES,
    has_head_room,
    has_times,
    head_room_text,
    output_rows,
    present_columns,
    range_text,
    row_before,
    time_text,
    value_of,
    word_of,
)

TITLES = {
    "simulator.entire": "Simulator, entire",
    "simulator.single": "Simulator, single",
    "runtime.entire": "Runtime, entire",
    "runtime.single_sim": "Runtime, single_sim",
}
SHOWN = ("cos", "euc")


@dataclass(frozen=True)
class Cell:
    """A number of the table: `key` sorts it, `grade` is how bad it is, `before` the old text."""

    text: str
    key: float | None
    grade: Grade
    before: str = ""


@dataclass(frozen=True)
class Panel:
    """The pictures of one suspect layer."""

    suspect: Suspect
    title: str
    source: str
    maps: Heatmaps | None
    plots: tuple[Plot, ...]
    missing: str = ""


def write_html(session: RunSettings | None, results: RunResults, graph: Graph | None, path: Path) -> None:
    """Write the report; completely or not at all. Without a graph the drawing is left out, and the report says so."""
    import jinja2

    text = resource("report", "report.html.j2").read_text(encoding="utf-8")
    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    write_text(path, environment.from_string(text).render(context(session, results, graph)) + "\n")


def context(session: RunSettings | None, results: RunResults, graph: Graph | None) -> dict[str, Any]:
    """Everything that the template shows."""
    columns = present_columns(results)
    main = main_column(results)
    return {
        "title": session.model.name if session else "Comparison of dumps",
        "version": workbench.__version__,
        "date": datetime.datetime.now().astimezone().strftime("%Y-%m-%d %H:%M"),
        "settings": settings_lines(session) if session else [],
        "columns": [(column, TITLES[column]) for column in columns],
        "main": main,
        "main_legend": _legend(main),
        "main_title": TITLES[main],
        "metrics": [METRICS[key] for key in SHOWN],
        "rows": [
            (row, _cells(row, columns, row_before(results, row)), _cell(row, main, "cos").grade) for row in results.rows
        ],
        "outputs": [(row, _cells(row, columns), _cell(row, main, "cos").grade) for row in output_rows(results)],
        "worst": [(row, _cell(row, main, "cos")) for row in worst_rows(results, main, 5)],
        "samples": _samples(results),
        "unmatched": {source: names for source, names in results.unmatched.items() if names},
        "warnings": results.warnings,
        "seconds": results.seconds,
        "matched": sum(1 for row in results.rows if row.errors),
        "grades": list(Grade),
        "legends": [_legend(column) for column in columns],
        "drawing": draw(graph, results) if graph else None,
        "panels": [_panel(suspect, results) for suspect in suspects(results)],
        "plot_width": WIDTH,
        "plot_height": HEIGHT,
        "symbols": {item.key: item.symbol for item in Grade},
        "main_cell": lambda row: _cell(row, main, "cos"),
        "cell_of": _cell,
        "encoding_text": _encoding_text,
        "has_head_room": has_head_room(results),
        "range_text": range_text,
        "head_room_text": head_room_text,
        "has_times": has_times(results),
        "time_text": time_text,
        "times": {TIME_TITLES[name]: value / 1000 for name, value in results.times.items() if name in TIME_TITLES},
    }


def _encoding_text(encoding: Encoding | None) -> str:
    if encoding is None:
        return ""
    if len(encoding.scale) != 1:
        return encoding.dtype
    return f"{encoding.dtype} s {encoding.scale[0]:.4g} zp {encoding.zero_point[0]}"


def _samples(results: RunResults) -> int:
    counts = (errors.samples for row in results.rows for errors in row.errors.values())
    return max(counts, default=0)


def _legend(column: str) -> list[str]:
    """What each grade of a cosine means."""
    good, fair, poor, bad = (f"cos {text}" for text in ranges("cos", column))
    return [good, fair, poor, f"{bad} or NaN", "no value"]


def _cells(row: LayerError, columns: list[str], before: LayerError | None = None) -> list[Cell]:
    return [_cell(row, column, metric, before) for column in columns for metric in SHOWN]


def _cell(row: LayerError, column: str, metric: str, before: LayerError | None = None) -> Cell:
    value = value_of(row, column, metric)
    if value is None:
        return Cell("", None, Grade.NONE)
    text = _text(row, column, metric, value)
    was = value_of(before, column, metric) if before else None
    old = "" if before is None or was is None else _text(before, column, metric, was)
    return Cell(text, value, grade(metric, column, value), old if old != text else "")


def _text(row: LayerError, column: str, metric: str, value: float) -> str:
    """A number, or the toolkit's word where the tensor is not finite."""
    word = "" if np.isfinite(value) else word_of(row, column)
    return word or number_text(metric, value)


def number_text(metric: str, value: float) -> str:
    """A number with the digits of its metric; NaN and infinities in words."""
    return format(value, METRICS[metric].digits) if np.isfinite(value) else str(float(value))


def _panel(suspect: Suspect, results: RunResults) -> Panel:
    source = DUMP_OF[suspect.column]
    arrays = _arrays(suspect, results.dumps, source)
    if isinstance(arrays, str):
        return Panel(suspect, TITLES[suspect.column], source, None, (), arrays)
    golden, other = arrays
    picture = is_picture(golden.shape)
    plots = (histogram(golden, other),) if picture else (profile(golden, other), histogram(golden, other))
    maps = heatmaps(golden, other) if picture else None
    return Panel(suspect, TITLES[suspect.column], source, maps, plots)


def _arrays(
    suspect: Suspect, dumps: Mapping[str, tuple[Path, ...]], source: str
) -> tuple[np.ndarray, np.ndarray] | str:
    """Golden and the other tensor, or why they cannot be shown."""
    row, sample = suspect.row, suspect.sample
    reference = row.golden_source
    if sample >= len(dumps.get(reference, ())) or sample >= len(dumps.get(source, ())):
        return "The dumps of this layer are not stored."
    try:
        with Dump(dumps[reference][sample]) as golden, Dump(dumps[source][sample]) as other:
            if row.golden not in golden or row.tensor not in other:
                return "The tensors of this layer are not stored."
            first, second = golden[row.golden], other[row.tensor]
    except DumpError as error:
        return str(error)
    if first.size != second.size or first.size == 0:
        return f"Golden has {first.size} values, {source} {second.size}."
    return first, second.reshape(first.shape)

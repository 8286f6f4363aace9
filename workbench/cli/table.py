"""The layer table as text, in the colours of how bad its numbers are."""

import math
import shutil
import sys
from typing import TYPE_CHECKING

from workbench.cli.console import harmless, write_out

if TYPE_CHECKING:
    from rich.text import Text

    from workbench.compare.compare import LayerError
    from workbench.report.inputs import RunResults

SHOWN = ("cos", "euc")
STYLES = {"poor": "yellow", "bad": "bold red"}
NARROWEST = 24  # of the tensor column
SHORT_NOTE = 12  # longer ones may run over the edge
WORST = 5
WORST_LISTED = 20  # unmatched names

Row = list[tuple[str, str]]  # text and style of each cell


def print_table(results: "RunResults") -> None:
    """The table, the worst layers, the outputs and what has no partner, on standard output."""
    from rich.console import Console

    console = Console(file=sys.stdout, highlight=False, markup=False, emoji=False)
    with console.capture() as capture:
        for line in _lines(results, _width(console.is_terminal)):
            plain = harmless(line.plain)
            console.print(line if plain == line.plain else plain, soft_wrap=True)
    write_out(capture.get())


def shorten(text: str, width: int) -> str:
    """`text` with its middle left out where it is longer than `width`."""
    if len(text) <= width:
        return text
    tail = (width - 1) * 2 // 3
    return f"{text[: width - 1 - tail]}…{text[-tail:]}"


def _width(is_terminal: bool) -> int:
    """How wide a line may be; a file or a pipe takes any width."""
    return shutil.get_terminal_size().columns if is_terminal else 0


def _lines(results: "RunResults", width: int) -> "list[Text]":
    from workbench.report.table import has_head_room, has_times, present_columns, time_text

    columns = present_columns(results)
    samples = max((errors.samples for row in results.rows for errors in row.errors.values()), default=0)
    heads = ["", "#", "op", "tensor", "shape"]
    heads += [f"{metric} {_short(column)}" for column in columns for metric in SHOWN]
    heads += ["worst cos"] * (samples > 1)
    rows = [_row(results, row, columns, samples > 1) for row in results.rows]
    if has_head_room(results):
        heads += ["range in ±65504", "head-room"]
        rows = [[*cells, *_head_room(row)] for cells, row in zip(rows, results.rows, strict=True)]
    if has_times(results):
        heads += ["time"]
        rows = [[*cells, (time_text(row), "")] for cells, row in zip(rows, results.rows, strict=True)]
    heads.append("note")
    rows = [[*cells, (row.note, "dim")] for cells, row in zip(rows, results.rows, strict=True)]
    table = _aligned(heads, rows, width)
    return [*table, *_summary(results, columns)]


def _short(column: str) -> str:
    source, kind = column.split(".")
    return kind if source == "simulator" else f"rt {kind}"


def _row(results: "RunResults", row: "LayerError", columns: list[str], several: bool) -> Row:
    from workbench.compare.grades import Grade, grade
    from workbench.report.table import row_before, value_of

    cells: Row = []
    old = row_before(results, row)
    worst = Grade.GOOD
    for column in columns:
        for metric in SHOWN:
            value = value_of(row, column, metric)
            level = grade(metric, column, value)
            worst = max(worst, level) if level != Grade.NONE else worst
            was = "" if old is None else _text(old, column, metric)
            number = _text(row, column, metric)
            cells.append((f"{was} → {number}" if was and was != number else number, STYLES.get(level.key, "")))
    if several:
        cells.append((_worst_cos(row, columns), ""))
    names = [row.op, row.tensor, "x".join(map(str, row.shape))]
    mark = worst.symbol if worst.is_marked else " "
    head: Row = [(mark, STYLES.get(worst.key, "")), (str(row.index), "dim"), *((name, "") for name in names)]
    return [*head, *cells]


def _head_room(row: "LayerError") -> Row:
    """The golden range of what is stored in float16, and what is left of float16."""
    from workbench.report.table import head_room_text, range_text

    style = STYLES["bad"] if row.head_room is not None and row.head_room < 1 else ""
    return [(range_text(row), ""), (head_room_text(row), style)]


def _text(row: "LayerError", column: str, metric: str) -> str:
    """A number, or the toolkit's word where the tensor is not finite."""
    from workbench.report.table import value_of, word_of

    value = value_of(row, column, metric)
    word = "" if value is None or math.isfinite(value) else word_of(row, column)
    return word or _number(metric, value)


def _number(metric: str, value: float | None) -> str:
    from workbench.compare.metrics import METRICS

    return "" if value is None else format(value, METRICS[metric].digits)


def _worst_cos(row: "LayerError", columns: list[str]) -> str:
    errors = row.errors.get(columns[0])
    if errors is None or "cos" not in errors.worst:
        return ""
    return f"{_number('cos', errors.worst['cos'])} ({errors.worst_sample.get('cos', 0)})"


def _aligned(heads: list[str], rows: list[Row], width: int) -> "list[Text]":
    from rich.text import Text

    lines = [[(head, "bold") for head in heads], *rows]
    widths = [max(len(line[at][0]) for line in lines) for at in range(len(heads))]
    if width:
        rest = sum(widths[:-1]) - widths[3] + min(widths[-1], SHORT_NOTE) + 2 * (len(widths) - 1)
        widths[3] = min(widths[3], max(NARROWEST, width - rest))
    widths[-1] = 0
    texts = [Text("  ").join(_cell(line, at, widths[at]) for at in range(len(heads))) for line in lines]
    for text in texts:
        text.rstrip()
    return texts


def _cell(line: Row, at: int, width: int) -> "Text":
    from rich.text import Text

    content, style = line[at]
    if at == 3:
        content = shorten(content, width)
    left = at in (0, 2, 3, 4) or at == len(line) - 1
    return Text(content.ljust(width) if left else content.rjust(width), style=style)


def _summary(results: "RunResults", columns: list[str]) -> "list[Text]":
    from rich.text import Text

    from workbench.report.ranking import main_column, worst_rows
    from workbench.report.table import output_rows, value_of

    column = main_column(results)
    lines = [Text("")]
    for title, rows in (("worst", worst_rows(results, column, WORST)), ("output", output_rows(results))):
        for row in rows:
            cos, euc = value_of(row, column, "cos"), value_of(row, column, "euc")
            numbers = f"cos {_number('cos', cos) or 'no value'}  euc {_number('euc', euc) or 'no value'}"
            lines.append(Text(f"{title:7} {numbers}  {row.golden or row.tensor if title == 'output' else row.tensor}"))
    compared = sum(1 for row in results.rows if any(column in row.errors for column in columns))
    lines.append(Text(f"{compared} of {len(results.rows)} layers compared."))
    return [*lines, *_times(results), *_changes(results), *_unmatched(results), *_differences(results)]


def _times(results: "RunResults") -> "list[Text]":
    """What the board took, all in all."""
    from rich.text import Text

    from workbench.report.table import TIME_TITLES

    told = ", ".join(f"{TIME_TITLES[name]} {value / 1000:.2f} ms" for name, value in results.times.items())
    return [Text(f"board   {told}")] if told else []


def _changes(results: "RunResults") -> "list[Text]":
    """How much a what-if changed."""
    from rich.text import Text

    from workbench.report.table import rows_gone

    if results.before is None:
        return []
    changed = len(results.before.rows) - len(rows_gone(results)) + len(results.before.added)
    gone = ", ".join(row.tensor for row in rows_gone(results))
    lines = [Text(f"{changed} of {len(results.rows)} layers changed (before → now).")]
    return [*lines, Text(f"part of other layers now: {gone}")] if gone else lines


def _unmatched(results: "RunResults") -> "list[Text]":
    from rich.text import Text

    lines = []
    for source, names in results.unmatched.items():
        if names:
            shown = ", ".join(names[:WORST_LISTED]) + (", …" if len(names) > WORST_LISTED else "")
            lines.append(Text(f"unmatched in {source} ({len(names)}): {shown}"))
    return lines


def _differences(results: "RunResults") -> "list[Text]":
    """In which settings the sides of a comparison differ."""
    from rich.text import Text

    if not results.differences:
        return []
    heads = ["differs", *results.sides.values()]
    rows = [[item.name, *(value or "–" for value in item.values)] for item in results.differences]
    widths = [max(len(line[at]) for line in (heads, *rows)) for at in range(len(heads))]
    lines = ["  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)) for line in (heads, *rows)]
    return [Text(""), *(Text(line.rstrip()) for line in lines)]

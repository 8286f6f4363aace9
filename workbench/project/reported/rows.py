"""Rows of the layer table from a report: its printed numbers, and where its names lie in the network."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from workbench.compare.compare import COLUMNS, Errors, LayerError, summarise
from workbench.graph.graph import Graph
from workbench.graph.vendor_names import Home
from workbench.project.reported.graph import INPUT, op_of
from workbench.sources.toolkit.report import Report, ReportRow

FARTHEST = 8  # layers between one that vanished and the row that holds its values
SHOWN_AS = {"runtime.single": "runtime.single_sim"}  # of toolkit 1: the layer on the board with golden inputs
SIMU_ERR = "runtime.entire_sim"  # the table has no such column
BOARDS_INPUT = "The board's input is printed on another scale than golden: its euc is no error."
BOARD = ("runtime.entire", "runtime.single_sim")
NO_NUMBERS = "The report has no number for it."


@dataclass(frozen=True)
class Places:
    """What is known of the network: `takers` is the first tensor computed from each, `homes` see `vendor_names`.

    `constants` are what it computes of constants alone.
    """

    graph: Graph | None = None
    homes: Mapping[str, Home] = field(default_factory=dict)
    takers: Mapping[str, str] = field(default_factory=dict)
    constants: frozenset[str] = frozenset()


def rows_of_report(report: Report, places: Places) -> tuple[tuple[LayerError, ...], dict[str, tuple[str, ...]]]:
    """The rows, and the user's layers of each; what vanished in a fused operator is in the group of its row."""
    rows = list(report.by_tensor.values())
    groups = _groups(rows, places.takers)
    inside = {name for names in groups.values() for name in names}
    shown = [row for row in rows if row.tensor not in inside]
    table = tuple(_row(index, row, groups.get(row.tensor, ()), places) for index, row in enumerate(shown))
    return table, {row.tensor: _layers(row, places) for row in table}


def _groups(rows: Sequence[ReportRow], takers: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """The empty rows by the row that holds their values: where the network leads, else the next one of the report."""
    filled = {row.tensor for row in rows if row.texts}
    found: dict[str, tuple[str, ...]] = {}
    following = ""
    for row in reversed(rows):
        if row.texts:
            following = row.tensor
        elif home := _ahead(row.tensor, takers, filled) or following:
            found[home] = (row.tensor, *found.get(home, ()))
    return found


def _ahead(tensor: str, takers: Mapping[str, str], filled: set[str]) -> str:
    for _ in range(FARTHEST):
        tensor = takers.get(tensor, "")
        if tensor in filled or not tensor:
            break
    return tensor if tensor in filled else ""


def _row(index: int, row: ReportRow, group: tuple[str, ...], places: Places) -> LayerError:
    home = places.homes.get(row.tensor)
    return LayerError(
        index=index,
        op=op_of(row),
        tensor=row.tensor,
        golden=home.golden if home else "",
        group=group,
        shape=row.shape or _shape(row.tensor, home, places.graph),
        encoding=None,
        errors=_without_scale(_errors(row)) if _is_boards_input(row) else _errors(row),
        matched_by=home.by if home else "",
        note=" ".join(_notes(row)),
    )


def _errors(row: ReportRow) -> dict[str, Errors]:
    named = ((SHOWN_AS.get(column, column), values) for column, values in row.values.items() if values)
    return {column: errors_of(values) for column, values in named if column in COLUMNS}


def errors_of(printed: Mapping[str, float]) -> Errors:
    """The metrics that printed numbers give.

    1 - cos follows from toolkit 1's |a/|a| - b/|b||, which is √(2 (1 - cos)), with more digits than from cos.
    """
    values = {metric: printed[metric] for metric in ("cos", "euc") if metric in printed}
    if "cos" in values:
        cos = values["cos"] if math.isfinite(values["cos"]) else math.nan
        norm = printed.get("euc_norm", math.nan)
        is_finer = math.isfinite(cos) and math.isfinite(norm)
        values |= {"cos": cos, "cos_toolkit": cos, "one_minus_cos": norm * norm / 2 if is_finer else _rest(cos)}
    return summarise([values])


def _is_boards_input(row: ReportRow) -> bool:
    """Whether the board printed its input on another scale: the same direction, another length."""
    board = row.values.get("runtime.entire", {})
    return row.op == INPUT and board.get("euc", 0.0) > 0 and board.get("cos") == 1.0


def _without_scale(errors: Mapping[str, Errors]) -> dict[str, Errors]:
    """The errors without the board's distance from golden: it is no divergence."""
    kept = {column: {key: value for key, value in item.mean.items() if key != "euc"} for column, item in errors.items()}
    return {column: summarise([kept[column]]) if column in BOARD else item for column, item in errors.items()}


def _rest(cos: float) -> float:
    return round(1.0 - cos, 6) if math.isfinite(cos) else math.nan


def _notes(row: ReportRow) -> Iterator[str]:
    if row.note:
        yield row.note
    if row.bits and row.bits != "None":
        yield row.bits
    if not row.texts:
        yield NO_NUMBERS
    for column, texts in row.texts.items():
        words = dict.fromkeys(text for text in texts.values() if text[-1:].isalpha())
        yield from (f"{column}: {word}." for word in words)
        if column == SIMU_ERR and not words:
            yield f"simu_err: cos {texts.get('cos', '?')}."
    if _is_boards_input(row):
        yield BOARDS_INPUT


def _shape(tensor: str, home: Home | None, graph: Graph | None) -> tuple[int, ...]:
    if graph is None:
        return ()
    names = (tensor, home.golden if home else "")
    known = next((graph.tensors[name] for name in names if name in graph.tensors), None)
    return (known.static_shape if known else None) or ()


def _layers(row: LayerError, places: Places) -> tuple[str, ...]:
    named = (places.homes[name] for name in (*row.group, row.tensor) if name in places.homes)
    return tuple(dict.fromkeys(layer for home in named for layer in home.layers))

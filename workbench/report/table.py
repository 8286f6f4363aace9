"""The layer table as a JSON document and as CSV."""

import csv
import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from workbench.compare.compare import COLUMNS, Errors, LayerError
from workbench.compare.head_room import bits
from workbench.compare.metrics import METRICS
from workbench.foundation.files import atomic_path
from workbench.quantize.encoding import Encoding
from workbench.report.inputs import RunResults, RunSettings, SidesDiffer
from workbench.report.settings import settings_document

SCHEMA = 1
COUNTS = ("nan", "inf")
WORDS = {"nan": "q_nan", "inf": "q_inf"}
HEAD_ROOM = ("golden_min", "golden_max", "head_room", "head_room_bits")
TIMES = ("time_us", "on")
TIME_TITLES = {
    "inputs_set": "rknn_inputs_set",
    "run": "rknn_run",
    "outputs_get": "rknn_outputs_get",
    "input": "converting inputs",
    "output": "converting outputs",
    "layers": "all layers",
    "total": "total",
}
"""What `Results.times` holds."""
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")

Document = dict[str, Any]


def layer_table(session: RunSettings | None, results: RunResults) -> Document:
    """The JSON document of the command line (schema 1); a value that does not exist is absent."""
    document: Document = {"schema": SCHEMA}
    if session is not None:
        document |= {"model": str(session.model), "settings": settings_document(session)}
    golden = results.dumps.get("golden", ())
    if golden:
        document["golden"] = str(golden[0])
    if results.times:
        document["board_us"] = dict(results.times)
    document["seconds"] = {stage: round(value, 4) for stage, value in results.seconds.items()}
    document["layers"] = [layer_document(row) | _before_document(results, row) for row in results.rows]
    if results.before is not None:
        document["gone"] = [row.tensor for row in rows_gone(results)]
    document["unmatched"] = {source: list(names) for source, names in results.unmatched.items()}
    document["outputs"] = [_output_document(row) for row in output_rows(results)]
    document["warnings"] = list(results.warnings)
    if results.sides:
        document["sides"] = dict(results.sides)
        document["differences"] = [_difference_document(results, item) for item in results.differences]
    return document


def _difference_document(results: RunResults, item: SidesDiffer) -> Document:
    return {"name": item.name, **dict(zip(results.sides, item.values, strict=True))}


def layer_document(row: LayerError) -> Document:
    """One row of the table."""
    document: Document = {"index": row.index, "op": row.op, "tensor": row.tensor}
    if row.golden and row.golden != row.tensor:
        document["golden"] = row.golden
    if row.runtime:
        document["runtime_tensor"] = row.runtime
    document |= {"group": list(row.group), "shape": list(row.shape)}
    if row.encoding is not None:
        document["encoding"] = _encoding_document(row.encoding)
    document |= {key: plain_number(key, value) for key, value in head_room_numbers(row).items()}
    if row.time_us is not None:
        document |= {"time_us": row.time_us, "on": row.on}
    return document | _errors_by_source(row) | {"matched_by": row.matched_by, "note": row.note}


def head_room_numbers(row: LayerError) -> dict[str, float]:
    """The golden range beside ±65504 and the head-room, as a factor and in bits; {} for what is not in float16."""
    if row.golden_range is None or row.head_room is None:
        return {}
    values = (*row.golden_range, row.head_room, bits(row.head_room))
    return dict(zip(HEAD_ROOM, values, strict=True))


def has_head_room(results: RunResults) -> bool:
    """Whether a row is stored in float16."""
    return any(row.golden_range is not None for row in results.rows)


def range_text(row: LayerError) -> str:
    """The golden range of what is stored in float16; "" for other rows."""
    return "" if row.golden_range is None else " … ".join(f"{value:.4g}" for value in row.golden_range)


def head_room_text(row: LayerError) -> str:
    """The head-room of what is stored in float16 in words; "" for other rows."""
    factor = row.head_room
    if factor is None:
        return ""
    if factor < 1:
        return f"overflows (×{factor:.3g})"
    return f"×{factor:.4g}, {bits(factor):.1f} bits" if math.isfinite(factor) else "infinite"


def has_times(results: RunResults) -> bool:
    """Whether the board's time of a row is known."""
    return any(row.time_us is not None for row in results.rows)


def time_text(row: LayerError) -> str:
    """The board's time for a row, and where it ran unless that was the NPU; "" for a row that was not timed."""
    if row.time_us is None:
        return ""
    return f"{row.time_us:.0f} µs" + ("" if row.on in ("", "NPU") else f" {row.on}")


def word_of(row: LayerError, column: str) -> str:
    """The toolkit's word for a tensor that is not finite, "" for others. Source: quantization semantics §7."""
    errors = row.errors.get(column)
    return "" if errors is None else next((word for key, word in WORDS.items() if errors.worst.get(key)), "")


def output_rows(results: RunResults) -> list[LayerError]:
    """The rows of the network's outputs; an output that was not compared has none."""
    by_name = {row.golden: row for row in results.rows} | {row.tensor: row for row in results.rows}
    return [by_name[name] for name in results.outputs if name in by_name]


def value_of(row: LayerError, column: str, metric: str) -> float | None:
    """The mean over the samples, or None where there is no value."""
    errors = row.errors.get(column)
    return None if errors is None else errors.mean.get(metric)


def row_before(results: RunResults, row: LayerError) -> LayerError | None:
    """The row before a what-if changed it; None where it is unchanged or new."""
    return results.before.rows.get(row.tensor) if results.before is not None else None


def rows_gone(results: RunResults) -> list[LayerError]:
    """The rows that a what-if took away: their layers are part of others now."""
    shown = {row.tensor for row in results.rows}
    return [row for row in results.before.rows.values() if row.tensor not in shown] if results.before else []


def write_csv(results: RunResults, path: Path) -> None:
    """One line a layer; names that a spreadsheet would take for a formula are quoted with an apostrophe."""
    columns = present_columns(results)
    keys = [(column, metric) for column in columns for metric in METRICS]
    more = HEAD_ROOM if has_head_room(results) else ()
    timed = TIMES if has_times(results) else ()
    with atomic_path(path) as part, part.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        errors = (f"{column} {metric}" for column, metric in keys)
        writer.writerow([*_CSV_NAMES, *errors, *more, *timed, "matched_by", "note"])
        for row in results.rows:
            room = head_room_numbers(row)
            numbers = [*(value_of(row, column, metric) for column, metric in keys), *(room.get(key) for key in more)]
            values = map(_csv_number, numbers)
            times = (_csv_number(row.time_us), row.on)[: len(timed)]
            writer.writerow([*_csv_names(row), *values, *times, row.matched_by, spreadsheet_text(row.note)])


def present_columns(results: RunResults) -> list[str]:
    """The kinds of error that at least one row has, in the table's order."""
    return [column for column in COLUMNS if any(row.errors.get(column) for row in results.rows)]


def spreadsheet_text(text: str) -> str:
    """Text that no spreadsheet runs as a formula."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def plain_number(metric: str, value: float) -> float | int | str:
    """A number that JSON can hold; NaN and infinities become "nan", "inf" and "-inf"."""
    if not math.isfinite(value):
        return "nan" if math.isnan(value) else ("inf" if value > 0 else "-inf")
    return int(value) if metric in COUNTS and float(value).is_integer() else float(value)


_CSV_NAMES = ("index", "op", "tensor", "golden", "group", "shape", "dtype", "scale", "zero_point")


def _csv_names(row: LayerError) -> Iterator[str | int]:
    encoding = row.encoding or Encoding("")
    yield row.index
    yield from map(spreadsheet_text, (row.op, row.tensor, row.golden, " ".join(row.group)))
    yield "x".join(map(str, row.shape))
    yield encoding.dtype
    yield " ".join(f"{scale:.9g}" for scale in encoding.scale)
    yield " ".join(map(str, encoding.zero_point))


def _csv_number(value: float | None) -> str:
    return "" if value is None else f"{value:.9g}"


def _before_document(results: RunResults, row: LayerError) -> Document:
    """What was before a what-if; {} for an unchanged row, and empty for one that is new."""
    old = row_before(results, row)
    if old is not None:
        encoding = {} if old.encoding is None else {"encoding": _encoding_document(old.encoding)}
        return {"before": {**encoding, **_errors_by_source(old)}}
    return {"before": {}} if results.before is not None and row.tensor in results.before.added else {}


def _errors_by_source(row: LayerError) -> Document:
    document: Document = {}
    for column in COLUMNS:
        errors = row.errors.get(column)
        if errors is not None:
            source, kind = column.split(".")
            document.setdefault(source, {})[kind] = _errors_document(errors)
    return document


def _errors_document(errors: Errors) -> Document:
    document: Document = _plain(errors.mean)
    if errors.samples > 1:
        document |= {"samples": errors.samples, "worst": _worst_document(errors)}
    return document


def _worst_document(errors: Errors) -> Document:
    """The worst value and its sample, by cosine where there is one."""
    for metric in ("cos", "euc"):
        if metric in errors.worst and metric in errors.worst_sample:
            value = plain_number(metric, errors.worst[metric])
            return {metric: value, "sample": errors.worst_sample[metric]}
    return {}


def _plain(values: Mapping[str, float]) -> Document:
    return {metric: plain_number(metric, value) for metric, value in values.items()}


def _output_document(row: LayerError) -> Document:
    return {"tensor": row.golden or row.tensor, **_errors_by_source(row)}


def _encoding_document(encoding: Encoding) -> Document:
    document: Document = {"dtype": encoding.dtype}
    if not encoding.is_quantized:
        return document
    if len(encoding.scale) == 1:
        return document | {"scale": encoding.scale[0], "zero_point": encoding.zero_point[0]}
    return document | {"scale": list(encoding.scale), "zero_point": list(encoding.zero_point), "axis": encoding.axis}

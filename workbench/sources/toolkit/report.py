"""`error_analysis.txt` of every version of the vendor's toolkit, as a file or as somebody pasted it.

Source: rknn_facts §2.3 (rknn-toolkit2) and §2.4 (rknn-toolkit 1.x).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from workbench.dump.formats import toolkit1
from workbench.foundation.errors import ReportError
from workbench.sources import knowledge
from workbench.sources.toolkit import report1
from workbench.sources.toolkit.logs import read_log
from workbench.sources.toolkit.pasted import unquoted_lines
from workbench.sources.toolkit.report_cells import number
from workbench.sources.toolkit.report_columns import Grid, grid_of
from workbench.sources.toolkit.report_rows import HINT, Line, Table, tables_of
from workbench.sources.toolkit.report_values import FORMS, Report, ReportRow

__all__ = ["FORMS", "Report", "ReportRow", "joined", "read_report", "read_report_file"]

LARGEST = 1 << 26  # bytes
FILE = "error_analysis.txt"
VERSION = re.compile(r"rknn-toolkit2 version:\s*([\w.+-]+)")
SEVERAL = "The text holds {0} reports; the last one is taken."
COLLAPSED = "Spaces between the columns were lost: rows that lack numbers are taken to lack those of the board."
CUT = "Its euc has more digits than the report shows: it is at least this number."
UNTOLD = "The report does not say which of toolkit 1's errors it holds; they are taken for those of the whole run."


def read_report(text: str, name: str = "") -> Report:
    """The report in a text; a `ReportError` where there is none.

    `name` is that of its file, which tells what a report of toolkit 1 holds. Of several reports in one text (a log of
    several runs) the last counts.
    """
    lines = unquoted_lines(text)
    if report1.is_toolkit1(lines):
        return _of_toolkit1(lines, name)
    tables = tables_of(lines)
    if not tables:
        raise _no_report(text, name)
    found = VERSION.findall(text)
    notes = (SEVERAL.format(len(tables)),) if len(tables) > 1 else ()
    return _of_table(tables[-1], found[-1] if found else "", notes)


def read_report_file(path: Path) -> Report:
    """The report in a file; in a folder its `error_analysis.txt`, or toolkit 1's up to three reports as one."""
    if path.is_dir():
        files = [file for file in (path / FILE, *(path / name for name in report1.DIRECTORY)) if file.is_file()]
        files += [path / kind / name for kind, name in _beside() if (path / kind / name).is_file()]
        if not files:
            raise ReportError(f"{path} has no report.", HINT)
        return joined([read_report_file(file) for file in files])
    return read_report(_text_of(path), path.name)


def joined(reports: Sequence[Report]) -> Report:
    """Reports of one network as one: the columns of all, by name; what is in one of them only comes last."""
    first = reports[0]
    rows = dict(first.by_tensor)
    for report in reports[1:]:
        for name, row in report.by_tensor.items():
            old = rows.get(name)
            rows[name] = row if old is None else _with_columns(old, row)
    columns = tuple(dict.fromkeys(column for report in reports for column in report.columns))
    notes = tuple(dict.fromkeys(note for report in reports for note in report.notes))
    return replace(first, rows=tuple(rows.values()), columns=columns, notes=notes)


def _beside() -> Iterator[tuple[str, str]]:
    yield "entire_qnt", report1.DIRECTORY[0]
    yield "individual_qnt", report1.DIRECTORY[1]
    yield "qnt_npu_dump", report1.DIRECTORY[2]


def _with_columns(row: ReportRow, other: ReportRow) -> ReportRow:
    return replace(row, values={**row.values, **other.values}, texts={**row.texts, **other.texts})


def _no_report(text: str, name: str) -> ReportError:
    """The sentence for a text without a table; a log of a failed analysis says why there is none."""
    errors = () if "\0" in text else read_log(text).errors  # what holds zeros is no text
    hint = knowledge.hint(line.text for line in errors) or HINT
    if errors:
        return ReportError(f"There is no report, only the toolkit's error: {errors[-1].text}", hint)
    if name:
        return ReportError(f"{name} is no report: no line has a layer and its errors.", hint)
    return ReportError("The text has no report: no line has a layer and its errors.", hint)


def _text_of(path: Path) -> str:
    try:
        with path.open("rb") as file:  # a pipe and a device have no size
            content = file.read(LARGEST + 1)
    except OSError as error:
        raise ReportError(f"{path} cannot be read: {error.strerror or error}.", HINT) from error
    if len(content) > LARGEST:
        raise ReportError(f"{path} is larger than {LARGEST >> 20} MiB.", HINT)
    return content.decode("utf-8-sig", "replace")


def _of_table(table: Table, version: str, notes: tuple[str, ...]) -> Report:
    has_places = any(line.is_spaced for line in table.lines)
    has_operators = any(line.op for line in table.lines)
    grid = grid_of(table.heads, [line.cells for line in table.lines], has_operators, has_places)
    rows = tuple(_row(line, grid) for line in table.lines)
    most = max(len(line.cells) for line in table.lines)
    if not has_places and any(0 < len(line.cells) < most for line in table.lines):
        notes = (*notes, COLLAPSED)
    columns = tuple(column for column in grid.columns if any(column in row.values for row in rows))
    return Report(rows, _form(table, rows), version, notes, columns)


def _row(line: Line, grid: Grid) -> ReportRow:
    placed = grid.placed(line.cells)
    note = line.note if not any(cell.is_cut for cell in line.cells) else f"{line.note} {CUT}".strip()
    return ReportRow(
        line.op,
        line.tensor,
        {column: cell.values for column, cell in placed.items()},
        {column: cell.texts for column, cell in placed.items()},
        line.number,
        note,
    )


def _form(table: Table, rows: Sequence[ReportRow]) -> str:
    texts = [texts["euc"] for row in rows for texts in row.texts.values() if "euc" in texts]
    if any("." in text and len(text) > len("4726.9") for text in texts):
        return "pairs5"
    if texts:
        return "pairs"
    return "quant_error" if table.heads.is_oldest or not any(row.op for row in rows) else "cosine"


def _of_toolkit1(lines: Sequence[str], name: str) -> Report:
    column = report1.column_of(name)
    notes = () if column else (UNTOLD,)
    column = column or "simulator.entire"
    rows = tuple(_row_of_toolkit1(line, column) for line in report1.lines_of(lines))
    return Report(rows, "toolkit1", "", notes, (column,))


def _row_of_toolkit1(line: report1.Line, column: str) -> ReportRow:
    parts = toolkit1.parse_name(line.name)
    texts = dict(line.texts)
    if "cos_norm" in texts:
        texts.setdefault("cos", texts["cos_norm"])
    values = {metric: number(text) for metric, text in texts.items()}
    op = "Input" if parts.op in ("input", "inputs") else parts.op
    return ReportRow(
        op, parts.layer, {column: values}, {column: texts}, line.number, "", line.bits, parts.network_shape
    )

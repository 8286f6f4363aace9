"""The tables in a text: heads and rows of rknn-toolkit2's reports, whatever stands around them."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from workbench.foundation.errors import ReportError
from workbench.sources.toolkit.report_cells import Cell, cells_of
from workbench.sources.toolkit.report_columns import SOURCES, Heads, heads_of, is_labels

ROW = re.compile(r"^[\s|]*(?:\[(?:INFO|WARN\w*|DEBUG)\]:?\s+)?\[([A-Za-z]\w*)\]\s+(?=\S)")
LOGGED = re.compile(r"^.*[\s|:]\[([A-Za-z]\w*)\]\s+(?=\S)")  # behind what a program's log puts before a line
NO_ROW = re.compile(r"^(?:[IWED]|[IWED]:|layer_name|\.+|-+|\|?[\s|:-]+\|?)(?:\s|$)")
REMARK = re.compile(r"\s+(?:<-+|#|//|←).*$|\s{2,}.*$")
EDGES = " |\t"
MOST = 50_000  # rows; no network has so many layers
HINT = "Give the error_analysis.txt of accuracy_analysis, or copy its whole table."


@dataclass
class Line:
    """A row as it stands in the text; `note` is what follows the numbers."""

    number: int
    op: str
    tensor: str
    cells: list[Cell]
    note: str = ""
    is_spaced: bool = False


@dataclass
class Table:
    """A head and the rows under it."""

    heads: Heads = field(default_factory=Heads)
    lines: list[Line] = field(default_factory=list)
    is_open: bool = False


def tables_of(lines: Sequence[str]) -> list[Table]:
    """The tables with rows, in the text's order; each `layer_name` begins one."""
    found = [Table()]
    title = ""
    for number, line in enumerate(lines, 1):
        if "layer_name" in line and (line.strip(EDGES) == "layer_name" or any(source in line for source in SOURCES)):
            title = line
            found.append(Table(heads_of(title, ""), is_open=True))
        elif is_labels(line):
            found[-1].heads = heads_of(title, line)
        else:
            _read(found[-1], number, line)
    return [table for table in found if any(line.cells for line in table.lines)]


def _read(table: Table, number: int, line: str) -> None:
    """Take a line into the table where it is a row, or the rest of one that was wrapped."""
    start = ROW.match(line) or _logged(line)
    cells = cells_of(line, start.end() if start else 0)
    if start:
        _add(table, number, start[1], line[start.end() :], cells, start.end())
    elif cells and not line[: cells[0].start].strip(EDGES):
        _continue(table, cells)
    elif not NO_ROW.match(line.lstrip()):
        _read_without_operator(table, number, line, cells)


def _logged(line: str) -> re.Match[str] | None:
    """The operator of a row with numbers that does not begin the line."""
    cells = cells_of(line)
    return LOGGED.match(line[: cells[0].start]) if cells else None


def _read_without_operator(table: Table, number: int, line: str, cells: list[Cell]) -> None:
    """The oldest form names tensors only; a name alone is a row there while the table goes on."""
    words = (line[: cells[0].start] if cells else line).strip(EDGES).split()
    if len(words) == 1 and (cells or (table.heads.is_oldest and table.is_open)):
        _add(table, number, "", line, cells, 0)
    elif line.strip() and not cells:
        table.is_open = False


def _add(table: Table, number: int, op: str, rest: str, cells: list[Cell], offset: int) -> None:
    is_spaced = bool(cells) and "  " in rest.strip()
    if not cells:
        rest = rest.strip(EDGES)
    name = (rest[: cells[0].start - offset] if cells else REMARK.sub("", rest)).strip(EDGES)
    note = rest[cells[-1].end - offset :] if cells else rest[len(name) :]
    if cells or len(name.split()) == 1:
        if len(table.lines) == MOST:
            raise ReportError(f"The report has more than {MOST} rows, which no network has.", HINT)
        table.lines.append(Line(number, op, name, cells, note.strip(EDGES), is_spaced))


def _continue(table: Table, cells: Iterable[Cell]) -> None:
    if table.lines:
        table.lines[-1].cells.extend(cells)

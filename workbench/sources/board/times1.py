"""The table that `eval_perf` of toolkit 1 prints: `Layer ID  Name  [Operator  Uid]  Time(us)`.

Long names are cut into lines below each other. Source: TK1-UG 7 (eval_perf), TK1#388.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

HEAD = re.compile(r"^\s*Layer ID\s+Name\b.*Time\(us\)")
ROW = re.compile(r"^\s*(\d+)\s{2,}(\S+)(?:\s{2,}([A-Z]\w*)\s+(\d+))?\s{2,}(\d+)\s*$")
REST = re.compile(r"^\s{4,}(\S+)\s*$")


@dataclass(frozen=True, slots=True)
class Row:
    """A layer; `op` is "" in tables that do not name it."""

    number: int
    op: str
    name: str
    micros: int


def rows_of_toolkit1(lines: Iterable[str]) -> list[Row]:
    """The rows of the last table."""
    rows: list[Row] = []
    is_inside = False
    for line in lines:
        if HEAD.match(line):
            rows, is_inside = [], True
        elif not is_inside:
            continue
        elif found := ROW.match(line):
            rows.append(Row(int(found[1]), found[3] or "", found[2], int(found[5])))
        elif rows and (rest := REST.match(line)):
            rows[-1] = replace(rows[-1], name=rows[-1].name + rest[1])
        else:
            is_inside = False
    return rows

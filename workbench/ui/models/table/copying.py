"""The layer table as text for other programs: what is shown, as TSV or as Markdown. No Qt widgets."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from workbench.project.session import Session
from workbench.ui.models.table.columns import Column
from workbench.ui.models.table.layer_texts import cell_text, plain_title
from workbench.ui.models.table.layer_values import LayerValues


@dataclass(frozen=True)
class Part:
    """What of the table is copied: columns, and rows by their places; `sides` are titles of a comparison's."""

    columns: Sequence[Column]
    places: Sequence[int]
    sides: Mapping[str, str] = field(default_factory=dict)


def tabbed(lines: Iterable[Sequence[str]]) -> str:
    """Cells apart by tabs, as a spreadsheet takes them."""
    return "\n".join("\t".join(line) for line in lines)


def as_tsv(values: LayerValues, session: Session | None, part: Part) -> str:
    """Numbers with all their digits, for a spreadsheet."""
    lines = [[plain_title(item, part.sides) for item in part.columns]]
    lines += ([_plain(_exact(values, session, at, item)) for item in part.columns] for at in part.places)
    return tabbed(lines) + "\n"


def as_markdown(values: LayerValues, session: Session | None, part: Part) -> str:
    """Numbers as the window shows them, for an issue or a report; names as code."""
    rulers = ["---:" if item.is_numeric else "---" for item in part.columns]
    lines = [[_escaped(plain_title(item, part.sides)) for item in part.columns], rulers]
    lines += ([_cell(values, session, at, item) for item in part.columns] for at in part.places)
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _cell(values: LayerValues, session: Session | None, at: int, item: Column) -> str:
    text = _escaped(_plain(cell_text(values, session, at, item)))
    return _code(text) if item.kind == "tensor" else text


def _exact(values: LayerValues, session: Session | None, at: int, item: Column) -> str:
    if item.kind == "value":
        value = values.value(values.rows[at], item.column, item.metric)
        return "" if value is None else f"{value:.9g}"
    if item.kind in ("jump", "head", "macs", "elements", "time"):
        numbers, there = values.numbers(item.kind)
        return f"{numbers[at]:.9g}" if there[at] else ""
    return cell_text(values, session, at, item)


def _plain(text: str) -> str:
    return " ".join(_parts(text))


def _parts(text: str) -> Iterator[str]:
    return (part for part in text.replace("\t", " ").splitlines() if part)


def _code(text: str) -> str:
    """A name as code, between more backticks than it has itself."""
    longest = max(map(len, re.findall("`+", text)), default=0)
    fence, space = "`" * (longest + 1), " " if longest else ""
    return f"{fence}{space}{text}{space}{fence}"


def _escaped(text: str) -> str:
    return text.replace("|", "\\|")

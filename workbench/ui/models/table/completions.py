"""How a half-typed term of the filter language may go on. No Qt."""

from collections.abc import Collection, Iterable, Iterator, Sequence

from workbench.compare.compare import LayerError
from workbench.ui.models.table.filter import COLUMN_NAMES, FLAGS, METRIC_NAMES, TEXTS

MOST = 40
NUMBERS = {"jump": "jump>3", "head": "head<2", "macs": "macs>1e6", "time": "time>100", "elements": "elements>1e5"}


def completions(rows: Sequence[LayerError], operators: Iterable[str], metrics: Collection[str]) -> list[str]:
    """All terms that make sense for some rows: fields, the operators and data types that occur, metrics with values."""
    found = dict.fromkeys(f"{field}:" for field in TEXTS)
    found |= dict.fromkeys((*FLAGS, *NUMBERS.values()))
    found |= dict.fromkeys(_metrics(rows, metrics))
    found |= dict.fromkeys(f"op:{name}" for name in sorted({*operators, *(row.op for row in rows)}))
    types = {row.encoding.dtype for row in rows if row.encoding is not None}
    return [*found, *(f"type:{name}" for name in sorted(types))]


def proposed(known: Iterable[str], text: str, cursor: int) -> tuple[str, list[str]]:
    """The part of a text that is being typed at the cursor, and what of `known` goes on from it."""
    begin = max(text.rfind(mark, 0, cursor) for mark in " |") + 1
    part = text[begin:cursor]
    typed = part.removeprefix("-").lower()
    found = [item for item in known if typed and item.lower().startswith(typed) and item.lower() != typed]
    return part.removeprefix("-"), found[:MOST]


def _metrics(rows: Sequence[LayerError], metrics: Collection[str]) -> Iterator[str]:
    filled = {column for row in rows for column in row.errors}
    names = {metric: name for name, metric in reversed(METRIC_NAMES.items())}
    signs = {metric: "<" if metric in ("cos", "cos_toolkit", "sqnr_db") else ">" for metric in metrics}
    yield from (f"{names[metric]}{signs[metric]}" for metric in METRIC_NAMES.values() if metric in metrics)
    for name, column in COLUMN_NAMES.items():
        if column in filled:
            yield f"{name}."
            yield from (f"{name}.{names[metric]}{signs[metric]}" for metric in ("cos", "euc") if metric in metrics)

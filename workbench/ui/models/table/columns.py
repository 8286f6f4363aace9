"""The columns that the layer table can show, and which of them it shows. No Qt widgets."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from workbench.compare.compare import COLUMNS, LayerError
from workbench.compare.metrics import METRICS, TIME

USUAL_METRICS = ("cos", "euc")
FIRST = ("index", "op", "tensor", "golden")
MORE = (
    "time", "on", "jump", "shape", "encoding", "precision", "head", "elements", "macs", "match", "group", "note",
    "own_note",
)  # fmt: skip
ALWAYS = ("tensor",)
NUMERIC = ("index", "value", "jump", "head", "elements", "macs", "time")


@dataclass(frozen=True)
class Column:
    """`kind` is "value", or one of `FIRST` and `MORE`; a value is a metric of a column of the comparison."""

    kind: str
    column: str = ""
    metric: str = ""

    @property
    def key(self) -> str:
        """How the user's settings write it."""
        return f"{self.column}:{self.metric}" if self.kind == "value" else self.kind

    @property
    def is_numeric(self) -> bool:
        """Whether it shows numbers."""
        return self.kind in NUMERIC


def column_of(key: str) -> Column | None:
    """The column of a key; None where the program knows no such column."""
    column, _, metric = key.partition(":")
    if column in COLUMNS and metric in METRICS:
        return Column("value", column, metric)
    return Column(key) if key in (*FIRST, *MORE) else None


def usual(filled: Collection[str], metric: str, more: Collection[str] = ()) -> Iterator[Column]:
    """What is shown unless the user has chosen: the usual metrics, the one that colours, and of "golden", "time", "on"
    and "note" those that are in `more`.
    """
    yield from (Column(kind) for kind in FIRST if kind != "golden" or kind in more)
    metrics = [*USUAL_METRICS] if metric in (*USUAL_METRICS, TIME.key) else [metric, *USUAL_METRICS]
    for column in COLUMNS:
        if column in filled:
            yield from (Column("value", column, item) for item in metrics)
    yield from (Column(kind) for kind in ("time", "on", "note") if kind in more)


def chosen(filled: Collection[str], keys: Iterable[str]) -> Iterator[Column]:
    """The columns that the user chose, in the table's order, without those of comparisons that are not there."""
    wanted = {*keys, *ALWAYS}
    return (column for column in all_columns(filled) if column.key in wanted)


def all_columns(filled: Collection[str]) -> Iterator[Column]:
    """Every column in the order of the table."""
    yield from (Column(kind) for kind in FIRST)
    for name in COLUMNS:
        if name in filled:
            yield from (Column("value", name, metric) for metric in METRICS)
    yield from (Column(kind) for kind in MORE)


def metrics_of(rows: Iterable[LayerError]) -> dict[str, set[str]]:
    """The metrics that have values, by column of the comparison."""
    found: dict[str, set[str]] = {}
    for row in rows:
        for column, errors in row.errors.items():
            found.setdefault(column, set()).update(errors.mean)
    return found

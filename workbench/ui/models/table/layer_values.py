"""Rows of the layer table as columns of numbers and texts, each looked up once. No Qt widgets."""

from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from workbench.compare.compare import Errors, LayerError
from workbench.graph.graph import Graph
from workbench.ui.models.attributes import shape_text
from workbench.ui.models.spoken import spoken
from workbench.ui.models.table.jumps import Jumps, jumps
from workbench.ui.models.table.macs import macs_of_rows
from workbench.ui.models.table.row_scopes import Scopes, find_scopes, scope_of
from workbench.ui.workspace import Workspace

FACTS = ("index", "elements", "head", "jump", "macs", "time")
"""Numbers of a row that are no metric: place, size, float16 head-room, growth of its error, multiplications, µs."""
OTHER_NAMES = 0.3  # of the rows: inputs and outputs have other names than the network's anyway
Numbers = tuple[np.ndarray, np.ndarray]
"""All rows' numbers, and which rows have one."""
Texts = tuple[list[str], np.ndarray]
"""The different texts there are, and for each row which of them it has."""

MOST_AT_ONCE = 10_000
"""Rows whose scopes are found in a tenth of a second."""
_NO_ERRORS = Errors({}, {}, {}, 0)


def _nothing(tensor: str) -> tuple[str, ...]:
    return ()


@dataclass(frozen=True)
class Known:
    """What is known of rows besides themselves.

    `column` is the one that a metric without a column means, `graph` the user's network. `layers_of` and
    `operators_of` lead from a row's tensor to the layers of that network and to their operators, `inputs_of` to the
    tensors of the rows before it. `notes` and `pinned` are the user's. `spared` are the rows with layers of the choice
    that is looked at, and what these would compute in.
    """

    column: str = "simulator.entire"
    graph: Graph | None = None
    layers_of: Callable[[str], Sequence[str]] = _nothing
    operators_of: Callable[[str], Sequence[str]] = _nothing
    inputs_of: Mapping[str, Sequence[str]] = field(default_factory=dict)
    notes: Mapping[str, str] = field(default_factory=dict)
    pinned: Collection[str] = ()
    spared: Mapping[str, str] = field(default_factory=dict)


def known_of(workspace: Workspace) -> Known:
    """What the workspace knows of its rows."""
    session = workspace.session
    return Known(
        workspace.column,
        workspace.model.graph if workspace.model else None,
        workspace.layers_of,
        workspace.operators_of,
        workspace.inputs_of,
        session.notes if session else {},
        frozenset(session.pinned) if session else (),
        workspace.spared.rows(workspace.rows),
    )


class LayerValues:
    """Columns of some rows. `worst_of_inputs` takes the worst input instead of the mean."""

    def __init__(
        self, rows: Sequence[LayerError], known: Known | None = None, *, worst_of_inputs: bool = False
    ) -> None:
        self.rows, self.known, self.worst_of_inputs = rows, known or Known(), worst_of_inputs
        self._found: dict[str, list[Mapping[str, float]]] = {}
        self._numbers: dict[tuple[str, str], Numbers] = {}
        self._texts: dict[str, Texts] = {}
        self._jumps: dict[str, Jumps] = {}
        self._ranks: dict[str, np.ndarray] = {}
        self._scopes: Scopes | None = None
        self._orders: dict[Hashable, np.ndarray] = {}
        self._longest: dict[str, str] = {}

    def __len__(self) -> int:
        return len(self.rows)

    def tell(self, known: Known) -> None:
        """Know something else of the same rows."""
        old, self.known = self.known, known
        if old.notes != known.notes:
            self._texts.pop("note", None)
            self._ranks.pop("own_note", None)
            self._longest.pop("own_note", None)
        if old.inputs_of is not known.inputs_of:
            self._jumps.clear()
        if (old.notes, old.column) != (known.notes, known.column) or old.inputs_of is not known.inputs_of:
            self._orders.clear()

    def numbers(self, name: str, column: str = "") -> Numbers:
        """A metric of a column ("": the known one), or one of `FACTS`."""
        column = column or self.known.column
        if name == "jump":
            return self.jumps(column).growth, self.jumps(column).there
        key = ("", name) if name in FACTS else (column, name)
        if key not in self._numbers:
            self._numbers[key] = _numbers(self._facts(name) if name in FACTS else self._metric(column, name))
        return self._numbers[key]

    def has_numbers(self, name: str, column: str) -> bool:
        """Whether a metric has been asked for before."""
        return (column, name) in self._numbers

    @cached_property
    def tensors(self) -> list[str]:
        """The rows' tensors."""
        return [row.tensor for row in self.rows]

    @cached_property
    def filled(self) -> frozenset[str]:
        """The columns of the comparison that have values."""
        return frozenset().union(*[row.errors for row in self.rows])

    @cached_property
    def has_remarks(self) -> bool:
        """Whether the program remarked on a row."""
        return any(row.note for row in self.rows)

    @cached_property
    def is_timed(self) -> bool:
        """Whether the board's time of a row is known."""
        return any(row.time_us is not None for row in self.rows)

    @cached_property
    def has_places(self) -> bool:
        """Whether a row was computed elsewhere than on the NPU."""
        return any(row.on not in ("", "NPU") for row in self.rows)

    @cached_property
    def has_other_names(self) -> bool:
        """Whether many golden tensors have other names than their rows."""
        return sum(row.golden != row.tensor for row in self.rows) > OTHER_NAMES * len(self.rows)

    @property
    def has_scopes(self) -> bool:
        """Whether the scopes are known, or are found before anybody notices."""
        return self._scopes is not None or len(self) <= MOST_AT_ONCE

    def scopes(self) -> Scopes:
        """The scopes of all rows, looked up the first time."""
        if self._scopes is None:
            layers_of = self.known.layers_of
            self._scopes = find_scopes([scope_of(row.tensor, layers_of(row.tensor)) for row in self.rows])
        return self._scopes

    def jumps(self, column: str) -> Jumps:
        """How the error of each row has grown against what it takes, in the runs of a column's source."""
        entire = _entire(column)
        if entire not in self._jumps:
            self._jumps[entire] = jumps(self.tensors, *self.numbers("one_minus_cos", entire), self.known.inputs_of)
        return self._jumps[entire]

    def known_jumps(self, column: str) -> Jumps | None:
        """The same where it has been asked for before; None else."""
        return self._jumps.get(_entire(column))

    def ranks(self, name: str, texts: Callable[[], Sequence[str]]) -> np.ndarray:
        """The place of each row's text among all in alphabetical order; `texts` gives them the first time."""
        if name not in self._ranks:
            found = texts()
            rank = {text: at for at, text in enumerate(sorted(set(found)))}
            self._ranks[name] = np.fromiter(map(rank.__getitem__, found), float, len(found))
        return self._ranks[name]

    def longest(self, name: str, texts: Callable[[], Iterable[str]]) -> str:
        """The longest text of a column, "" without any; `texts` gives them the first time."""
        if name not in self._longest:
            self._longest[name] = max(texts(), key=len, default="")
        return self._longest[name]

    def order(self, key: Hashable, keys: Callable[[], np.ndarray]) -> np.ndarray:
        """All rows in the ascending order of some keys, equals in the network's; `keys` gives them the first time."""
        if key not in self._orders:
            self._orders[key] = np.argsort(keys(), kind="stable")
        return self._orders[key]

    def forget(self, name: str) -> None:
        """Look at a column's texts anew."""
        self._longest.pop(name, None)
        if self._ranks.pop(name, None) is not None:
            self._orders.clear()

    def are_pinned(self) -> np.ndarray:
        """Which rows the user pinned."""
        chosen = self.known.pinned
        return np.fromiter((row.tensor in chosen for row in self.rows), bool, len(self.rows))

    def are_spared(self) -> np.ndarray:
        """Which rows have layers of the choice that is looked at."""
        return np.fromiter((row.tensor in self.known.spared for row in self.rows), bool, len(self.rows))

    def texts(self, name: str) -> Texts:
        """What a field of the filter language searches, in lower case; each entry of a list begins a line."""
        if name not in self._texts:
            self._texts[name] = _texts(list(_FIELDS[name](self)))
        return self._texts[name]

    def value(self, row: LayerError, column: str, metric: str) -> float | None:
        """One row's metric."""
        errors = row.errors.get(column)
        if errors is None:
            return None
        return (errors.worst if self.worst_of_inputs else errors.mean).get(metric)

    def names(self) -> Iterator[str]:
        """All names of each row."""
        layers_of = self.known.layers_of
        for row in self.rows:
            yield "\n".join(
                dict.fromkeys((row.tensor, row.golden, row.runtime, *row.group, *layers_of(row.tensor)))
            ).lower()

    def operators(self) -> Iterator[str]:
        """Each row's operators: its own, and those of the user's layers that it stands for."""
        operators_of = self.known.operators_of
        for row in self.rows:
            yield "\n" + "\n".join((row.op, *operators_of(row.tensor))).lower()

    def words(self) -> Iterator[str]:
        """What a plain word is searched in."""
        return map("\n".join, zip(self.operators(), self.names(), strict=True))

    def notes(self) -> Iterator[str]:
        """The program's note, as it is shown and in English, and the user's."""
        own = self.known.notes
        for row in self.rows:
            yield "\n".join(dict.fromkeys((row.note, spoken(row.note), own.get(row.tensor, "")))).strip().lower()

    def _metric(self, column: str, metric: str) -> list[float | None]:
        return [metrics.get(metric) for metrics in self._metrics(column)]

    def _metrics(self, column: str) -> list[Mapping[str, float]]:
        """All metrics of each row; looked up once a column, as there are many metrics."""
        if column not in self._found:
            errors = [row.errors.get(column, _NO_ERRORS) for row in self.rows]
            worst = self.worst_of_inputs
            self._found[column] = [item.worst if worst else item.mean for item in errors]
        return self._found[column]

    def _facts(self, name: str) -> Sequence[float | None]:
        if name == "index":
            return range(len(self.rows))
        if name == "elements":
            return [float(np.prod(row.shape, dtype=float)) if row.shape else None for row in self.rows]
        if name == "macs":
            graph = self.known.graph
            return [None] * len(self) if graph is None else macs_of_rows(graph, self.known.layers_of, self.tensors)
        if name == "time":
            return [row.time_us for row in self.rows]
        return [row.head_room for row in self.rows]


def _entire(column: str) -> str:
    return f"{column.partition('.')[0]}.entire"


def _numbers(found: Sequence[float | None]) -> Numbers:
    numbers = np.array(found, float)  # None becomes NaN
    there = np.fromiter((value is not None for value in found), bool, len(found)) if np.isnan(numbers).any() else None
    return numbers, np.ones(len(found), bool) if there is None else there


def _texts(found: list[str]) -> Texts:
    number = {text: at for at, text in enumerate(dict.fromkeys(found))}
    if len(number) == len(found):
        return found, np.arange(len(found))
    return list(number), np.fromiter(map(number.__getitem__, found), int, len(found))


def _shapes(values: LayerValues) -> Iterator[str]:
    known: dict[tuple[int, ...], str] = {}
    for row in values.rows:
        if row.shape not in known:
            known[row.shape] = f"×{shape_text(row.shape)}×"
        yield known[row.shape]


_FIELDS: dict[str, Callable[[LayerValues], Iterator[str]]] = {
    "text": LayerValues.words,
    "op": LayerValues.operators,
    "name": LayerValues.names,
    "scope": lambda values: (f"\n{row.tensor.strip('/').lower()}" for row in values.rows),
    "shape": _shapes,
    "type": lambda values: ("" if row.encoding is None else f"\n{row.encoding.dtype}" for row in values.rows),
    "note": LayerValues.notes,
    "match": lambda values: (row.matched_by.lower() for row in values.rows),
}

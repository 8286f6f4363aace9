"""Rows under the headings of their scopes, as arrays: nothing here depends on how many rows are visible. No Qt."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import takewhile

import numpy as np

from workbench.ui.models.graph.model import plain_name


@dataclass(frozen=True)
class Heading:
    """A scope with several rows; `title` is its path below the heading above, `rows` are places in the table's rows."""

    path: str
    title: str
    level: int
    rows: np.ndarray
    is_open: bool


@dataclass(frozen=True)
class Scopes:
    """The headings that rows can stand under: `above[row]` are numbers of `paths`, outermost first, -1 for none."""

    paths: tuple[str, ...]
    above: np.ndarray


@dataclass(frozen=True)
class Arrangement:
    """What stands where: `entries` are rows, or -1 - n for the heading n of `spans` (its scope, level, first, end).

    `order` are the shown rows, those under folded headings too; a span's first and end are places in it. `everything`
    are the entries with those that folded headings hide.
    """

    entries: np.ndarray
    order: np.ndarray
    scopes: Scopes | None = None
    spans: np.ndarray = field(default_factory=lambda: np.zeros((0, 4), int))
    is_open: np.ndarray = field(default_factory=lambda: np.zeros(0, bool))
    everything: np.ndarray = field(default_factory=lambda: np.zeros(0, int))

    def heading(self, position: int) -> Heading | None:
        """The heading that stands at a position; None for a row."""
        number = -1 - int(self.entries[position])
        if number < 0 or self.scopes is None:
            return None
        scope, level, first, end = (int(item) for item in self.spans[number])
        path = self.scopes.paths[scope]
        outer = self.scopes.above[self.order[first], level - 1] if level else -1
        above = self.scopes.paths[outer] if outer >= 0 else ""
        title = path.removeprefix(above).strip("/")
        return Heading(path, title, level, self.order[first:end], bool(self.is_open[number]))

    def scope_at(self, position: int) -> int:
        """The number of the scope whose heading stands at a position."""
        return int(self.spans[-1 - self.entries[position], 0])

    def place_of(self, scope: int) -> int:
        """Where the heading of a scope stands; -1 where it is hidden."""
        number = np.flatnonzero(self.spans[:, 0] == scope)
        found = np.flatnonzero(self.entries == -1 - number[0]) if number.size else number
        return int(found[0]) if found.size else -1

    def scope_above(self, row: int) -> str:
        """The innermost heading that a row stands under; "" for none."""
        level = self.level(row)
        return self.scopes.paths[self.scopes.above[row, level - 1]] if self.scopes is not None and level else ""

    def level(self, row: int) -> int:
        """How many headings stand above a row."""
        return 0 if self.scopes is None else int(np.count_nonzero(self.scopes.above[row] >= 0))


def scope_of(tensor: str, layers: Sequence[str]) -> str:
    """What the names of a row's layers have in common, their own names apart, as in the graph; "" for nothing."""
    named = [name for name in layers if "/" in name.strip("/")] or [tensor]
    if len(named) == 1:
        return plain_name(named[0]).rpartition("/")[0]
    sides = zip(*(plain_name(name).split("/")[:-1] for name in named), strict=False)
    return "/".join(parts[0] for parts in takewhile(lambda parts: len(set(parts)) == 1, sides))


def find_scopes(found: Sequence[str]) -> Scopes:
    """The headings of rows in these scopes: those of at least two rows; one that only holds another goes with it."""
    number = {name: at for at, name in enumerate(dict.fromkeys(found))}
    names, which = tuple(number), np.fromiter(map(number.__getitem__, found), int, len(found))
    own = np.bincount(which, minlength=len(names))
    counts: dict[str, int] = {}
    inner: dict[str, int] = {}
    for name, count in zip(names, own, strict=True):
        for path in _paths(name):
            counts[path] = counts.get(path, 0) + int(count)
    for path, count in counts.items():
        outer = path.rpartition("/")[0]
        inner[outer] = max(inner.get(outer, 0), count)
    kept = {path: at for at, path in enumerate(path for path, n in counts.items() if n > 1 and inner.get(path, 0) < n)}
    chains = [[kept[path] for path in _paths(name) if path in kept] for name in names]
    above = np.full((len(names), max(map(len, chains), default=0)), -1)
    for at, chain in enumerate(chains):
        above[at, : len(chain)] = chain
    return Scopes(tuple(kept), above[which])


def flat(order: np.ndarray) -> Arrangement:
    """Rows without headings."""
    return Arrangement(order, order)


def grouped(order: np.ndarray, scopes: Scopes, folded: Collection[str]) -> Arrangement:
    """Rows under headings; a scope stands where the first of its rows does, and keeps their order."""
    order = order[np.lexsort(_keys(order, scopes)[::-1])] if scopes.above.shape[1] else order
    above = scopes.above[order]
    is_new = np.ones(above.shape, bool)
    is_new[1:] = np.logical_or.accumulate(above[1:] != above[:-1], axis=1)
    first, level = np.nonzero(is_new & (above >= 0))
    spans = np.stack([above[first, level], level, first, _ends(is_new, first, level)], axis=1)
    everything = np.full(len(order) + len(spans), -1)
    at_heading = first + np.arange(len(spans))
    is_row = np.ones(len(everything), bool)
    is_row[at_heading] = False
    everything[at_heading], everything[is_row] = -1 - np.arange(len(spans)), order
    return refolded(Arrangement(everything, order, scopes, spans, everything=everything), folded)


def refolded(arrangement: Arrangement, folded: Collection[str]) -> Arrangement:
    """The same rows under the same headings, of which others are folded."""
    paths = arrangement.scopes.paths if arrangement.scopes else ()
    shut = np.array([path in folded for path in paths], bool)
    is_open = ~shut[arrangement.spans[:, 0]]
    shown = _visible(arrangement.everything, arrangement.spans, is_open)
    return replace(arrangement, entries=arrangement.everything[shown], is_open=is_open)


def _paths(scope: str) -> Iterator[str]:
    """A scope and those around it, outermost first."""
    parts = scope.split("/") if scope else []
    return ("/".join(parts[: end + 1]) for end in range(len(parts)))


def _keys(order: np.ndarray, scopes: Scopes) -> list[np.ndarray]:
    """Per level: where the first row of the same scope stands; a row's own place where it has no scope any more."""
    place = np.arange(len(order))
    keys = []
    for column in scopes.above[order].T:
        earliest = np.zeros(len(scopes.paths) + 1, int)
        earliest[column[::-1]] = place[::-1]  # the last assignment, of the first row, stays
        keys.append(np.where(column >= 0, earliest[column], place))
    return [*keys, place]


def _ends(is_new: np.ndarray, first: np.ndarray, level: np.ndarray) -> np.ndarray:
    """The place behind the last row under each heading."""
    ends = np.zeros(len(first), int)
    for depth in range(is_new.shape[1]):
        starts = np.append(np.flatnonzero(is_new[:, depth]), len(is_new))
        mine = level == depth
        ends[mine] = starts[np.searchsorted(starts, first[mine], side="right")]
    return ends


def _visible(entries: np.ndarray, spans: np.ndarray, is_open: np.ndarray) -> np.ndarray:
    """What no folded heading hides."""
    place, heads = np.flatnonzero(entries >= 0), np.flatnonzero(entries < 0)
    hidden = np.zeros(len(entries) + 1, int)
    np.add.at(hidden, heads[~is_open] + 1, 1)
    np.add.at(hidden, place[spans[~is_open, 3] - 1] + 1, -1)
    return np.cumsum(hidden[:-1]) == 0

"""The scopes of a network: which boxes belong together by their layers' names, or, without such names, by order. No Qt.

`/stem/conv/Conv` lies in the scope `stem/conv`. A scope of a single box is none; one that only holds another scope is
joined with it; one with very many children is divided into runs of consecutive ones.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import takewhile

import numpy as np

from workbench.ui.models.graph.model import Box, Diagram, plain_name

CROWD = 1000
"""A scope with more children than this is divided into runs."""
RUN, RUNS = 50, 300
"""The usual number of children in a run, and about the most runs of one scope."""
WHOLE = 0.9
"""A scope with a larger share of all layers than this tells nothing: its children stand for themselves."""


@dataclass(frozen=True)
class Scopes:
    """A forest; parents come before their children."""

    names: tuple[str, ...] = ()
    """The whole path of each; no two are the same."""
    titles: tuple[str, ...] = ()
    """What each is called within its parent."""
    parents: np.ndarray = field(default_factory=lambda: np.zeros(0, np.intp))
    """-1 at the top."""
    of_box: np.ndarray = field(default_factory=lambda: np.zeros(0, np.intp))
    """The innermost scope of every box; -1 for none."""

    @cached_property
    def depths(self) -> np.ndarray:
        """0 at the top."""
        found: list[int] = []
        for parent in self.parents.tolist():
            found.append(found[parent] + 1 if parent >= 0 else 0)
        return np.array(found, np.intp)

    @cached_property
    def levels(self) -> list[np.ndarray]:
        """The scopes of each depth."""
        return [np.flatnonzero(self.depths == depth) for depth in range(int(self.depths.max(initial=-1)) + 1)]

    @cached_property
    def sizes(self) -> np.ndarray:
        """How many boxes lie in each, however deep."""
        found = np.bincount(self.of_box[self.of_box >= 0], minlength=len(self.names))
        for level in self.levels[:0:-1]:
            np.add.at(found, self.parents[level], found[level])
        return found

    @cached_property
    def children(self) -> np.ndarray:
        """How many boxes and scopes lie directly in each."""
        count = len(self.names)
        own = np.bincount(self.of_box[self.of_box >= 0], minlength=count)
        return own + np.bincount(self.parents[self.parents >= 0], minlength=count)

    def around(self, box: int) -> list[int]:
        """The scopes that a box lies in, the innermost first."""
        return self.chain(int(self.of_box[box]))

    def chain(self, scope: int) -> list[int]:
        """A scope and those around it, the innermost first; none for -1."""
        found = []
        while scope >= 0:
            found.append(scope)
            scope = int(self.parents[scope])
        return found


@dataclass
class _Scope:
    """A scope while the forest grows; `items` are boxes and scopes in order."""

    name: str
    title: str
    items: list["int | _Scope"] = field(default_factory=list)
    scopes: dict[str, "_Scope"] = field(default_factory=dict)
    size: int = 0


def find_scopes(diagram: Diagram) -> Scopes:
    """The scopes of a diagram in which nothing is folded."""
    root = _Scope("", "")
    for index, box in enumerate(diagram.boxes):
        scope = root
        for part in _path(box):
            scope = _child(scope, part)
        scope.items.append(index)
    _measure(root)
    _tidy(root)
    root.items = list(_without_whole(root.items, WHOLE * sum(box.kind == "layer" for box in diagram.boxes)))
    _divide(root, diagram)
    return _flattened(root, len(diagram.boxes))


def _path(box: Box) -> list[str]:
    """The scope of a box: what the names of its layers have in common, the layers' own names apart."""
    if box.kind != "layer":
        return []
    named = [name for name in box.layers if "/" in name.strip("/")]
    paths = [plain_name(name).split("/")[:-1] for name in named or box.tensors[:1]]
    shared = takewhile(lambda parts: len(set(parts)) == 1, zip(*paths, strict=False))
    return [parts[0] for parts in shared if parts[0]]


def _child(scope: _Scope, part: str) -> _Scope:
    if part not in scope.scopes:
        made = _Scope(f"{scope.name}/{part}" if scope.name else part, part)
        scope.scopes[part] = made
        scope.items.append(made)
    return scope.scopes[part]


def _measure(scope: _Scope) -> int:
    scope.size = sum(_measure(item) if isinstance(item, _Scope) else 1 for item in scope.items)
    return scope.size


def _tidy(scope: _Scope) -> None:
    """Dissolve scopes of one box; join a scope with its only child."""
    items: list[int | _Scope] = []
    for item in scope.items:
        kept = _joined(item) if isinstance(item, _Scope) else item
        if isinstance(kept, _Scope):
            _tidy(kept)
        items += kept.items if isinstance(kept, _Scope) and kept.size < 2 else [kept]
    scope.items = items


def _without_whole(items: Iterable["int | _Scope"], most: float) -> Iterator["int | _Scope"]:
    for item in items:
        if isinstance(item, _Scope) and item.size > most:
            yield from _without_whole(item.items, most)
        else:
            yield item


def _joined(scope: _Scope) -> _Scope:
    while len(scope.items) == 1 and isinstance(only := scope.items[0], _Scope) and only.size > 1:
        only.title = f"{scope.title}/{only.title}"
        scope = only
    return scope


def _divide(scope: _Scope, diagram: Diagram) -> None:
    for item in scope.items:
        if isinstance(item, _Scope):
            _divide(item, diagram)
    if len(scope.items) > CROWD:
        scope.items = _runs(scope, diagram)


def _runs(scope: _Scope, diagram: Diagram) -> list["int | _Scope"]:
    """The items in runs, divided where the fewest edges pass; inputs and outputs stay outside."""
    items = [item for item in scope.items if isinstance(item, _Scope) or diagram.boxes[item].kind == "layer"]
    ends = [item for item in scope.items if not isinstance(item, _Scope) and diagram.boxes[item].kind != "layer"]
    passing = _passing(items, diagram)
    length = max(RUN, len(items) // RUNS)
    made: list[int | _Scope] = []
    start = 0
    while start < len(items):
        stop = len(items)
        if stop - start > 1.6 * length:
            low, high = start + int(0.6 * length), start + int(1.4 * length)
            stop = low + int(np.argmin(passing[low:high]))
        made.append(_run(scope, items[start:stop], diagram))
        start = stop
    first = next((number for number, item in enumerate(ends) if diagram.boxes[item].kind == "output"), len(ends))
    return [*ends[:first], *made, *ends[first:]]


def _passing(items: Sequence["int | _Scope"], diagram: Diagram) -> np.ndarray:
    """How many edges lead from before each item to it or behind it."""
    place = np.full(len(diagram.boxes), -1, np.intp)
    for number, item in enumerate(items):
        place[_boxes(item)] = number
    ends = place[diagram.links] if len(diagram.links) else np.zeros((0, 2), np.intp)
    ends = ends[(ends >= 0).all(axis=1)]
    change = np.bincount(ends.min(axis=1) + 1, minlength=len(items) + 2)
    change -= np.bincount(ends.max(axis=1) + 1, minlength=len(items) + 2)
    passing: np.ndarray = np.cumsum(change)[: len(items)]
    return passing


def _boxes(item: "int | _Scope") -> list[int]:
    return [box for inner in item.items for box in _boxes(inner)] if isinstance(item, _Scope) else [item]


def _run(scope: _Scope, items: list["int | _Scope"], diagram: Diagram) -> _Scope:
    first, last = (_called(items[end], diagram) for end in (0, -1))
    name = f"{first} … {last}"
    return _Scope(f"{scope.name}/{name}" if scope.name else name, name, items)


def _called(item: "int | _Scope", diagram: Diagram) -> str:
    return item.title if isinstance(item, _Scope) else diagram.boxes[item].label.rsplit("/", 1)[-1]


def _flattened(root: _Scope, boxes: int) -> Scopes:
    names: list[str] = []
    titles: list[str] = []
    parents: list[int] = []
    of_box = np.full(boxes, -1, np.intp)
    waiting = [(root, -1)]
    for scope, number in waiting:
        of_box[[item for item in scope.items if not isinstance(item, _Scope)]] = number
        for item in scope.items:
            if isinstance(item, _Scope):
                waiting.append((item, len(names)))
                names.append(item.name)
                titles.append(item.title)
                parents.append(number)
    return Scopes(_unique(names), tuple(titles), np.array(parents, np.intp), of_box)


def _unique(names: Sequence[str]) -> tuple[str, ...]:
    """Names that occur again get a number."""
    seen: dict[str, int] = {}
    made = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        made.append(name if seen[name] == 1 else f"{name}#{seen[name]}")
    return tuple(made)

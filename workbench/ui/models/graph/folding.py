"""What is shown of a network of which scopes are folded: a folded scope is one box. No Qt."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np

from workbench.ui.models.graph.links import Pairs, stubs_of
from workbench.ui.models.graph.model import Box, Diagram, Whole
from workbench.ui.models.graph.scopes import Scopes, find_scopes

FLAT = 1000
"""Networks of up to so many boxes start unfolded."""
START = 500
"""About the most boxes that a larger network starts with."""
PREPARED = 2  # levels of scopes whose boxes are made before they are wanted: these are the large ones
MOST_OPS = 6
"""Operators of a folded scope that are named."""


@dataclass(frozen=True)
class Network:
    """A diagram in which nothing is folded, and its scopes."""

    full: Diagram = field(default_factory=Diagram)
    scopes: Scopes = field(default_factory=Scopes)
    _folded: dict[int, Box] = field(default_factory=dict)

    def prepared(self) -> "Network":
        """The same with everything looked up that would be looked up at the first folding."""
        looked_up = self.sizes, self.is_end, self._members, self.full.links, self.scopes.levels, self.scopes.sizes
        assert len(looked_up[0]) == len(self.full.boxes)
        for level in self.scopes.levels[:PREPARED]:
            for scope in level.tolist():
                self.box_of(scope)
        return self

    def box_of(self, scope: int) -> Box:
        """A folded scope as one box."""
        if scope not in self._folded:
            self._folded[scope] = self._made(scope)
        return self._folded[scope]

    @cached_property
    def sizes(self) -> np.ndarray:
        """(n, 2): width and height of every box."""
        return np.array([(box.width, box.height) for box in self.full.boxes]).reshape(-1, 2)

    @cached_property
    def is_end(self) -> np.ndarray:
        """Whether each box is an input or output of the network."""
        return np.fromiter((box.kind in ("input", "output") for box in self.full.boxes), bool, len(self.full.boxes))

    @cached_property
    def _members(self) -> list[list[int]]:
        """The boxes of each scope, those of scopes inside it too."""
        found: list[list[int]] = [[] for _ in self.scopes.names]
        for box, scope in enumerate(self.scopes.of_box.tolist()):
            if scope >= 0:
                found[scope].append(box)
        for scope in range(len(found) - 1, -1, -1):
            parent = int(self.scopes.parents[scope])
            if parent >= 0:
                found[parent] += found[scope]
        return [sorted(boxes) for boxes in found]

    def _made(self, scope: int) -> Box:
        boxes = [self.full.boxes[number] for number in self._members[scope]]
        ops = Counter(box.op for box in boxes)
        return Box(
            "scope",
            "",
            self.scopes.titles[scope],
            tuple(dict.fromkeys(name for box in reversed(boxes) for name in box.tensors)),
            tuple(name for box in boxes for name in box.layers),
            boxes[-1].shape,
            tuple(name for box in boxes for name in box.rows),
            detail=", ".join(f"{op} × {count}" if count > 1 else op for op, count in ops.most_common(MOST_OPS)),
            inside=len(boxes),
        )


@dataclass(frozen=True)
class Folding:
    """The scopes that are open and the fused groups that show their members, by name: another run keeps them."""

    scopes: frozenset[str] = frozenset()
    groups: frozenset[str] = frozenset()

    def with_scopes(self, opened: Iterable[str] = (), closed: Iterable[str] = ()) -> "Folding":
        """With some opened and others closed."""
        return replace(self, scopes=(self.scopes | frozenset(opened)) - frozenset(closed))

    def with_group(self, tensor: str) -> "Folding":
        """With one group opened, or closed if it was open."""
        return replace(self, groups=self.groups ^ {tensor})


@dataclass(frozen=True)
class Shown:
    """The diagram that is drawn. `numbers` gives each of its boxes' number in the network, or -1 - scope."""

    diagram: Diagram
    numbers: np.ndarray
    places: np.ndarray
    """Where each box of the network is shown: itself or the folded scope that it lies in."""
    edges: np.ndarray
    """(k, 2): those of the diagram."""
    opened: tuple[int, ...] = ()
    """The groups that show their members."""

    def scope(self, box: int) -> int:
        """The folded scope that a shown box stands for; -1 for a box of its own."""
        return max(-1, -1 - int(self.numbers[box]))


class _Index(Mapping[str, int]):
    """The shown box of every tensor."""

    def __init__(self, index_of: Mapping[str, int], places: np.ndarray) -> None:
        self._index_of, self._places = index_of, places

    def __getitem__(self, tensor: str) -> int:
        return int(self._places[self._index_of[tensor]])

    def __iter__(self) -> Iterator[str]:
        return iter(self._index_of)

    def __len__(self) -> int:
        return len(self._index_of)


def make_network(diagram: Diagram) -> Network:
    """A diagram with its scopes, and with all that folding it takes long to look up."""
    network = Network(diagram, find_scopes(diagram))
    return network.prepared()


def first_folding(network: Network, worst: str = "") -> Folding:
    """Small networks are open; of larger ones whole levels, while they are few boxes, and the way to the worst row."""
    scopes = network.scopes
    if len(network.full.boxes) <= FLAT:
        return Folding(frozenset(scopes.names))
    shown = int((scopes.parents < 0).sum() + (scopes.of_box < 0).sum())
    opened: list[int] = []
    for depth in range(int(scopes.depths.max(initial=-1)) + 1):
        level = np.flatnonzero(scopes.depths == depth)
        shown += int(scopes.children[level].sum()) - len(level)
        if shown > START:
            break
        opened += level.tolist()
    way = scopes.around(network.full.index_of[worst]) if worst in network.full.index_of else []
    return Folding(frozenset(scopes.names[scope] for scope in (*opened, *way)))


def show(network: Network, folding: Folding) -> Shown:
    """The boxes and edges that are left; edges between the same boxes are one.

    Only arrays are made, whatever the size: tens of thousands of boxes are folded while the window waits.
    """
    count, of_box = len(network.full.boxes), network.scopes.of_box
    folded = _folded_by(network.scopes, folding)
    hidden = np.where(of_box >= 0, folded[of_box], -1) if len(folded) else np.full(count, -1)
    keys = np.where(hidden >= 0, count + hidden, np.arange(count))
    first = np.empty(count + len(folded), np.intp)
    first[keys[::-1]] = np.arange(count)[::-1]  # the last assignment, of the first box, stays
    is_first = first[keys] == np.arange(count)
    places = (np.cumsum(is_first) - 1)[first[keys]]
    numbers = np.where(hidden >= 0, -1 - hidden, np.arange(count))[is_first]
    opened = _opened(network, folding, numbers, places)
    diagram, edges = _diagram(network, opened, numbers, places)
    return Shown(diagram, numbers, places, edges, tuple(opened))


def _folded_by(scopes: Scopes, folding: Folding) -> np.ndarray:
    """The outermost closed scope that hides each scope; -1 where all around are open."""
    is_open = np.fromiter(map(folding.scopes.__contains__, scopes.names), bool, len(scopes.names))
    found = np.where(is_open, -1, np.arange(len(is_open)))
    for level in scopes.levels[1:]:
        outer = found[scopes.parents[level]]
        found[level] = np.where(outer >= 0, outer, found[level])
    return found


def _diagram(
    network: Network, opened: Mapping[int, Box], numbers: np.ndarray, places: np.ndarray
) -> tuple[Diagram, np.ndarray]:
    """The diagram, and its edges as an array."""
    full, links = network.full, network.full.links
    boxes = _Boxes(network, numbers, opened)
    kept = np.arange(len(links))
    ends = places[links]
    if len(numbers) < len(places):
        kept = np.flatnonzero(ends[:, 0] != ends[:, 1])
        _, first = np.unique(ends[kept, 0] * len(numbers) + ends[kept, 1], return_index=True)
        kept = kept[np.sort(first)]
    stubs = stubs_of(ends[kept], len(numbers))
    drawn, left_out = kept[~stubs], kept[stubs]
    flows = _Flows(full.flows, np.concatenate([drawn, left_out])) if full.flows else ()
    index_of, edges, whole = _Index(full.index_of, places), ends[drawn], Whole(full, numbers, places)
    return Diagram(boxes, Pairs(edges), index_of, Pairs(ends[left_out]), flows, network.scopes.titles, whole), edges


def _opened(network: Network, folding: Folding, numbers: np.ndarray, places: np.ndarray) -> dict[int, Box]:
    """The groups that show their members, by their places."""
    found = {}
    for tensor in folding.groups & network.full.index_of.keys():
        place = int(places[network.full.index_of[tensor]])
        box = network.full.boxes[numbers[place]] if numbers[place] >= 0 else None
        if box is not None and box.can_open:
            found[place] = replace(box, is_open=True)
    return found


class _Boxes(Sequence[Box]):
    """The shown boxes, looked up when they are asked for."""

    def __init__(self, network: Network, numbers: np.ndarray, opened: Mapping[int, Box]) -> None:
        self._network, self._numbers, self._opened = network, numbers, opened

    def __getitem__(self, place: Any) -> Any:
        if isinstance(place, slice):
            return tuple(self[number] for number in range(*place.indices(len(self))))
        number = int(self._numbers[place])
        if number < 0:
            return self._network.box_of(-1 - number)
        return self._opened.get(int(place)) or self._network.full.boxes[number]

    def __len__(self) -> int:
        return len(self._numbers)


class _Flows(Sequence[str]):
    """The shapes along the shown links, looked up when they are asked for."""

    def __init__(self, flows: Sequence[str], links: np.ndarray) -> None:
        self._flows, self._links = flows, links

    def __getitem__(self, link: Any) -> Any:
        if isinstance(link, slice):
            return tuple(self._flows[number] for number in self._links[link].tolist())
        return self._flows[self._links[link]]

    def __len__(self) -> int:
        return len(self._links)

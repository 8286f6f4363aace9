"""What lies before and behind a layer of the user's network, whatever of it is drawn. No Qt."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from weakref import WeakKeyDictionary

import numpy as np

from workbench.graph.graph import Graph
from workbench.ui.models.graph.model import Diagram

UP, DOWN, BOTH = "up", "down", "both"


@dataclass(frozen=True)
class Path:
    """The layers that one depends on ("up"), that depend on it ("down"), or both; `anchor` is its tensor.

    `layers` are the user's, `ends` the network's inputs and outputs on the path.
    """

    anchor: str = ""
    direction: str = ""
    layers: frozenset[str] = frozenset()
    ends: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Flow:
    """Which layer of a network takes from which, by name; made once a network."""

    graph: Graph

    @cached_property
    def before(self) -> Mapping[str, tuple[str, ...]]:
        """The layers that give what each layer takes."""
        producers = self.graph.producers
        return {
            layer.name: tuple(dict.fromkeys(producers[name].name for name in layer.inputs if name in producers))
            for layer in self.graph.layers
        }

    @cached_property
    def behind(self) -> Mapping[str, tuple[str, ...]]:
        """The layers that take what each layer gives."""
        consumers = self.graph.consumers
        return {
            layer.name: tuple(dict.fromkeys(taker.name for name in layer.outputs for taker in consumers.get(name, ())))
            for layer in self.graph.layers
        }

    def path(self, anchor: str, layers: Sequence[str], direction: str) -> Path:
        """The path of a tensor that these layers stand for; of an input or output of the network without any."""
        starts = tuple(layers) or self._around(anchor, direction)
        found = set(starts)
        if direction in (UP, BOTH):
            found |= _reached(starts, self.before)
        if direction in (DOWN, BOTH):
            found |= _reached(starts, self.behind)
        return Path(anchor, direction, frozenset(found), self._ends(found, direction) | {anchor})

    def _around(self, tensor: str, direction: str) -> tuple[str, ...]:
        graph = self.graph
        takers = [layer.name for layer in graph.consumers.get(tensor, ())] if direction != UP else []
        giver = graph.producers.get(tensor)
        return (*takers, *([giver.name] if giver is not None else []))

    def _ends(self, layers: set[str], direction: str) -> frozenset[str]:
        graph, found = self.graph, set[str]()
        if direction in (UP, BOTH):
            takers = ((tensor.name, graph.consumers.get(tensor.name, ())) for tensor in graph.inputs)
            found |= {name for name, taking in takers if any(layer.name in layers for layer in taking)}
        if direction in (DOWN, BOTH):
            givers = ((tensor.name, graph.producers.get(tensor.name)) for tensor in graph.outputs)
            found |= {name for name, giver in givers if giver is not None and giver.name in layers}
        return frozenset(found)


def on_path(diagram: Diagram, path: Path) -> np.ndarray:
    """Whether each box lies on the path, or a part of it does."""
    whole = diagram.whole
    if whole is None:
        return _places(diagram).found(path).boxes
    found = np.zeros(len(diagram.boxes), bool)
    found[whole.places[_places(whole.diagram).found(path).boxes]] = True
    return found


def look_up(diagrams: Iterable[Diagram], path: Path) -> None:
    """Find a path in diagrams in which nothing is folded, which takes long: then `on_path` has it at hand."""
    for diagram in diagrams:
        _places(diagram).found(path)


def layers_shown(diagram: Diagram, path: Path) -> int:
    """How many of the path's layers a diagram has; those that only compute constants are in none."""
    return _places(diagram if diagram.whole is None else diagram.whole.diagram).found(path).layers


@dataclass(frozen=True)
class _Found:
    """Whether each box is on a path, and how many of its layers are in boxes."""

    boxes: np.ndarray
    layers: int


class _Places:
    """Where the layers and the ends of the network are in a diagram in which nothing is folded."""

    def __init__(self, diagram: Diagram) -> None:
        self.of_layer: dict[str, list[int]] = {}
        self._ends: list[tuple[int, frozenset[str]]] = []
        self._index_of, self._count = diagram.index_of, len(diagram.boxes)
        self._last: tuple[Path, _Found] | None = None
        for at, box in enumerate(diagram.boxes):
            for name in box.layers:
                self.of_layer.setdefault(name, []).append(at)
            if box.kind in ("input", "output"):
                self._ends.append((at, frozenset(box.tensors)))

    def found(self, path: Path) -> "_Found":
        """Where a path is; the last answer is kept for the next colouring."""
        if self._last is None or self._last[0] is not path:
            self._last = path, _Found(self._on(path), sum(name in self.of_layer for name in path.layers))
        return self._last[1]

    def _on(self, path: Path) -> np.ndarray:
        found = np.zeros(self._count, bool)
        found[[at for name in path.layers for at in self.of_layer.get(name, ())]] = True
        found[[at for at, tensors in self._ends if not tensors.isdisjoint(path.ends)]] = True
        if path.anchor in self._index_of:
            found[self._index_of[path.anchor]] = True
        return found


_known_places: "WeakKeyDictionary[Diagram, _Places]" = WeakKeyDictionary()


def _places(diagram: Diagram) -> _Places:
    if diagram not in _known_places:
        _known_places[diagram] = _Places(diagram)
    return _known_places[diagram]


def _reached(starts: Iterable[str], following: Mapping[str, tuple[str, ...]]) -> set[str]:
    found = set(starts)
    waiting = list(found)
    while waiting:
        for name in following.get(waiting.pop(), ()):
            if name not in found:
                found.add(name)
                waiting.append(name)
    return found

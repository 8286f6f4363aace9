"""The network as boxes and edges for drawing: constants hidden, a fused group as one box, hubs as stubs. No Qt."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from workbench.compare.compare import LayerError
from workbench.graph.deployed import CONVERT
from workbench.graph.graph import Graph, Layer, Tensor

HUB = 8
"""A box with more consumers than this keeps only the edges that hold the picture together."""
MIN_WIDTH, MAX_WIDTH = 96.0, 208.0
CHARACTER = 6.4
"""Width of an average character of a box's label, in pixels at scale 1; the painter elides what is longer."""


@dataclass(frozen=True, slots=True)
class Box:
    """What is drawn as one: `tensors` are the rows it stands for, the one shown first; `layers` the user's layers."""

    kind: str
    op: str
    label: str
    tensors: tuple[str, ...]
    layers: tuple[str, ...] = ()
    shape: tuple[int | str | None, ...] | None = None
    rows: tuple[str, ...] = ()
    """The rows whose errors it shows."""
    stubs: tuple[int, ...] = ()
    """Boxes whose tensor this one takes although no edge is drawn."""

    @property
    def tensor(self) -> str:
        """The tensor that a click selects."""
        return self.tensors[0]

    @property
    def width(self) -> float:
        """Pixels at scale 1."""
        first = 1.25 * len(self.op) + (12 if self.kind == "layer" or self.rows else 0)
        return max(MIN_WIDTH, min(MAX_WIDTH, 28 + CHARACTER * max(first, len(self.label))))


@dataclass(frozen=True)
class Diagram:
    """Boxes in execution order; an edge always leads to a later box, so that there is no cycle."""

    boxes: tuple[Box, ...] = ()
    edges: tuple[tuple[int, int], ...] = ()
    index_of: Mapping[str, int] = field(default_factory=dict)
    """The box of every tensor that is shown or computed inside a box."""

    @cached_property
    def widths(self) -> tuple[float, ...]:
        """The boxes' widths for the layout."""
        return tuple(box.width for box in self.boxes)

    @cached_property
    def successors(self) -> tuple[tuple[int, ...], ...]:
        """The boxes that follow each, those without a drawn edge too."""
        return self._ends(0, 1)

    @cached_property
    def predecessors(self) -> tuple[tuple[int, ...], ...]:
        """The boxes that lead to each, those without a drawn edge too."""
        return self._ends(1, 0)

    @cached_property
    def _haystacks(self) -> tuple[str, ...]:
        return tuple("\n".join((box.op, *box.tensors, *box.layers)).lower() for box in self.boxes)

    def find(self, text: str) -> list[int]:
        """The boxes with every word of `text` in operator, tensor or layer name; `op:Conv` asks the operator."""
        words = text.lower().split()
        if not words:
            return []
        return [index for index, hay in enumerate(self._haystacks) if all(_has(hay, word) for word in words)]

    def _ends(self, this: int, other: int) -> tuple[tuple[int, ...], ...]:
        found: list[list[int]] = [[] for _ in self.boxes]
        for edge in self._all_edges():
            found[edge[this]].append(edge[other])
        return tuple(tuple(dict.fromkeys(ends)) for ends in found)

    def _all_edges(self) -> Iterator[tuple[int, int]]:
        yield from self.edges
        for index, box in enumerate(self.boxes):
            for stub in box.stubs:
                yield stub, index


def build(
    graph: Graph, rows: Sequence[LayerError] = (), layers_of: Mapping[str, Sequence[str]] | None = None
) -> Diagram:
    """The network's picture; without rows every layer is a box of its own."""
    layers = list(_alive(graph))
    groups = _groups(layers, layers_of or {})
    converts = {row.golden: row.tensor for row in rows if row.op == CONVERT}
    rows_of = _rows_of(layers, groups, [row for row in rows if row.op != CONVERT], layers_of or {})
    boxes = [_end_box("input", tensor, converts) for tensor in graph.inputs]
    boxes += [_layer_box(graph, [layers[i] for i in members], rows_of.get(root, ())) for root, members in groups]
    boxes += [_end_box("output", tensor, converts) for tensor in graph.outputs]
    givers = _givers(graph, layers, groups, boxes)
    edges = _edges(graph, layers, groups, givers, len(boxes))
    ends = {name: place for place, box in enumerate(boxes) if box.kind != "layer" for name in box.rows}
    return _with_stubs(boxes, edges, givers | ends)


def plain_name(tensor: str) -> str:
    """A tensor's name without what exporters put around the layer's: `/stem/conv/Conv_output_0` is `stem/conv/Conv`."""
    return tensor.removesuffix("_output_0").strip("/") or tensor


def short_name(tensor: str, limit: int = 26) -> str:
    """The telling end of a tensor's name: whole path parts from the right while they fit, else its last characters."""
    name = plain_name(tensor)
    if len(name) <= limit:
        return name
    parts = name.split("/")
    kept = parts[-1]
    for part in reversed(parts[:-1]):
        if len(part) + 1 + len(kept) > limit - 2:
            break
        kept = f"{part}/{kept}"
    return f"…/{kept}" if len(kept) <= limit - 2 and len(parts) > 1 else f"…{kept[-(limit - 1) :]}"


def _has(hay: str, word: str) -> bool:
    return hay.split("\n", 1)[0].startswith(word[3:]) if word.startswith("op:") else word in hay


def _alive(graph: Graph) -> Iterator[Layer]:
    """Layers that depend on an input: what is computed from constants alone is a constant."""
    constant = set(graph.constants)
    for layer in graph.layers:
        taken = [name for name in layer.inputs if name]
        if taken and all(name in constant for name in taken):
            constant.update(layer.outputs)
        else:
            yield layer


Groups = list[tuple[int, list[int]]]


def _groups(layers: Sequence[Layer], layers_of: Mapping[str, Sequence[str]]) -> Groups:
    """Layers that share a row, in the order of each group's last layer: (root, members)."""
    number = {layer.name: index for index, layer in enumerate(layers)}
    parent = list(range(len(layers)))

    def root(index: int) -> int:
        while parent[index] != index:
            parent[index] = parent[parent[index]]
            index = parent[index]
        return index

    for names in layers_of.values():
        members = [number[name] for name in names if name in number]
        for member in members[1:]:
            parent[root(member)] = root(members[0])
    found: dict[int, list[int]] = {}
    for index in range(len(layers)):
        found.setdefault(root(index), []).append(index)
    return sorted(found.items(), key=lambda item: item[1][-1])


def _rows_of(
    layers: Sequence[Layer], groups: Groups, rows: Sequence[LayerError], layers_of: Mapping[str, Sequence[str]]
) -> dict[int, list[LayerError]]:
    """The rows that each group stands for, by the group's root."""
    root_of = {layers[member].name: root for root, members in groups for member in members}
    producer = {name: layer.name for layer in layers for name in layer.outputs if name}
    found: dict[int, list[LayerError]] = {}
    for row in rows:
        named = list(layers_of.get(row.tensor, ())) or [producer.get(row.golden, "")]
        root = next((root_of[name] for name in named if name in root_of), None)
        if root is not None:
            found.setdefault(root, []).append(row)
    return found


def _end_box(kind: str, tensor: Tensor, converts: Mapping[str, str]) -> Box:
    """An input or output; the row of the operator that converts it at the border belongs to it."""
    convert = converts.get(tensor.name, "")
    tensors = tuple(dict.fromkeys(name for name in (convert, tensor.name) if name))
    return Box(kind, kind, short_name(tensor.name), tensors, (), tensor.shape, (convert,) if convert else ())


def _layer_box(graph: Graph, members: Sequence[Layer], rows: Sequence[LayerError]) -> Box:
    own = tuple(name for name in members[-1].outputs if name)
    named = tuple(dict.fromkeys(row.tensor for row in reversed(rows)))
    tensors = named or own or (members[-1].name,)
    op = rows[0].op if len(rows) == 1 else members[-1].op
    known = graph.tensors.get(rows[-1].golden if rows else tensors[0])
    shape = rows[-1].shape if rows else known.shape if known else None
    return Box("layer", op, short_name(tensors[0]), tensors, tuple(layer.name for layer in members), shape, named)


def _givers(graph: Graph, layers: Sequence[Layer], groups: Groups, boxes: Sequence[Box]) -> dict[str, int]:
    """The box that gives each tensor."""
    first = len(graph.inputs)
    index = {name: place for place, box in enumerate(boxes[:first]) for name in box.tensors}
    for place, (_, members) in enumerate(groups, first):
        index.update((name, place) for member in members for name in layers[member].outputs if name)
    for place, box in enumerate(boxes[: first + len(groups)]):
        index.update((name, place) for name in box.tensors)
    return index


def _edges(
    graph: Graph, layers: Sequence[Layer], groups: Groups, givers: Mapping[str, int], boxes: int
) -> list[tuple[int, int]]:
    first, last = len(graph.inputs), boxes - len(graph.outputs)
    found: dict[tuple[int, int], None] = {}
    for place, (_, members) in enumerate(groups, first):
        for member in members:
            found.update(((givers[name], place), None) for name in layers[member].inputs if name in givers)
    for place, tensor in enumerate(graph.outputs, last):
        if tensor.name in givers:
            found[givers[tensor.name], place] = None
    # A group may surround another layer; an edge back to it is turned so that the picture has no cycle.
    turned = {(min(edge), max(edge)): None for edge in found if edge[0] != edge[1]}
    return list(turned)


def _with_stubs(boxes: Sequence[Box], edges: Sequence[tuple[int, int]], index_of: Mapping[str, int]) -> Diagram:
    """Leave out a hub's edges to boxes that something else holds in place."""
    fan_out = _count(source for source, _ in edges)
    kept: list[tuple[int, int]] = []
    stubs: dict[int, list[int]] = {}
    anchored = {target for source, target in edges if fan_out[source] <= HUB}
    served: set[int] = set()
    for source, target in edges:
        if fan_out[source] > HUB and target in anchored and source in served:
            stubs.setdefault(target, []).append(source)
        else:
            kept.append((source, target))
            served.add(source)
    drawn = tuple(replace(box, stubs=tuple(stubs[index])) if index in stubs else box for index, box in enumerate(boxes))
    return Diagram(drawn, tuple(kept), index_of)


def _count(numbers: Iterable[int]) -> dict[int, int]:
    found: dict[int, int] = {}
    for number in numbers:
        found[number] = found.get(number, 0) + 1
    return found

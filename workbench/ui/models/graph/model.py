"""The network as boxes and edges for drawing: constants hidden, a fused group as one box, hubs as stubs. No Qt."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from workbench.compare.compare import LayerError
from workbench.graph.deployed import CONVERT
from workbench.graph.graph import Graph, Layer, Tensor
from workbench.ui.models.attributes import TELLING, attributes_text, shape_text
from workbench.ui.models.graph.groups import Groups, alive, grouped
from workbench.ui.models.graph.links import Ends, as_array, stubs_of

MIN_WIDTH, MAX_WIDTH, WIDTH_STEP = 96.0, 208.0, 16.0
HEIGHT, MEMBER_HEIGHT = 44.0, 18.0
SCOPE_NUMBER, EXTREME = 12, 4  # characters of the number in the second line of a folded scope, of "min " before it
LONGEST_TITLE = 22
CHARACTER = 6.4
"""Width of an average character of a label, in pixels at scale 1; the painter elides what is longer."""
EXPORTERS_END = re.compile(r"_output_0(?![0-9A-Za-z])")


@dataclass(frozen=True, slots=True)
class Box:
    """What is drawn as one: `tensors` are the rows it stands for, the one shown first; `layers` the user's layers.

    `kind` is "input", "layer", "output" or, for a folded scope, "scope".
    """

    kind: str
    op: str
    label: str
    tensors: tuple[str, ...]
    layers: tuple[str, ...] = ()
    shape: tuple[int | str | None, ...] | None = None
    rows: tuple[str, ...] = ()
    """The rows whose errors it shows."""
    detail: str = ""
    """The operator's attributes, as short as can be."""
    members: tuple[tuple[str, str], ...] = ()
    """Operator and name of each layer of a group."""
    is_open: bool = False
    """Whether the members are drawn."""
    inside: int = 0
    """How many boxes a folded scope holds."""

    @property
    def tensor(self) -> str:
        """The tensor that a click selects."""
        return self.tensors[0]

    @property
    def title(self) -> str:
        """The operator; of a group all that it has, unless they have a name of their own together."""
        ops = tuple(op for op, _ in self.members)
        joined = "+".join(ops)
        return joined if len(ops) > 1 and self.op in ops and len(joined) <= LONGEST_TITLE else self.op

    @property
    def main(self) -> str:
        """The operator that tells what kind of box it is: a convolution with an activation is a convolution."""
        return next((op for op, _ in self.members if op in TELLING), self.op)

    @property
    def width(self) -> float:
        """Pixels at scale 1, in steps: what is drawn alike then has the same size, and is laid out once."""
        number = (12 if self.kind == "layer" or self.rows else 0) + (EXTREME if len(self.rows) > 1 else 0)
        first = 1.25 * len(self.label) + 4 if self.kind == "scope" else 1.25 * len(self.title) + number
        longest = max(first, len(self.label), *self._inner_lengths)
        wanted = min(MAX_WIDTH, 28 + CHARACTER * longest)
        return max(MIN_WIDTH, WIDTH_STEP * -(-wanted // WIDTH_STEP))

    @property
    def height(self) -> float:
        """Pixels at scale 1."""
        return HEIGHT + (MEMBER_HEIGHT * (len(self.members) + len(self.row_lines)) + 6 if self.is_open else 0)

    @property
    def can_open(self) -> bool:
        """Whether it stands for several layers, or several rows, that it can list."""
        return self.kind == "layer" and (len(self.members) > 1 or len(self.rows) > 1)

    @property
    def row_lines(self) -> tuple[str, ...]:
        """The rows that have a line of their own below the members of an open group, in the network's order."""
        return self.rows[::-1] if self.is_open and len(self.rows) > 1 else ()

    @property
    def _inner_lengths(self) -> tuple[float, ...]:
        """Of the lines that only some boxes have, in characters."""
        if self.is_open:
            lines = [len(short_name(name)) + SCOPE_NUMBER for name in self.row_lines]
            return (*lines, *(1.1 * len(op) + len(name.rsplit("/", 1)[-1]) + 4 for op, name in self.members))
        return (8.0 + SCOPE_NUMBER + EXTREME if self.kind == "scope" else 0.0,)


@dataclass(frozen=True, eq=False)
class Diagram:
    """Boxes in execution order; an edge always leads to a later box, so that there is no cycle."""

    boxes: Sequence[Box] = ()
    edges: Sequence[tuple[int, int]] = ()
    index_of: Mapping[str, int] = field(default_factory=dict)
    """The box of every tensor that is shown or computed inside a box."""
    stubs: Sequence[tuple[int, int]] = ()
    """Edges of hubs that are not drawn."""
    flows: Sequence[str] = ()
    """The shape of what flows along each link: first the edges, then the stubs."""
    scope_titles: tuple[str, ...] = ()
    """What the scopes of the network are called."""
    whole: "Whole | None" = None
    """What this diagram is folded from."""

    @cached_property
    def widths(self) -> tuple[float, ...]:
        """The boxes' widths for the layout."""
        return tuple(box.width for box in self.boxes)

    @cached_property
    def heights(self) -> tuple[float, ...]:
        """The boxes' heights for the layout."""
        return tuple(box.height for box in self.boxes)

    @cached_property
    def links(self) -> np.ndarray:
        """(k, 2): the edges, then the stubs."""
        return np.concatenate([as_array(self.edges), as_array(self.stubs)])

    @cached_property
    def successors(self) -> Ends:
        """The boxes that follow each, those without a drawn edge too."""
        return Ends(self.links, len(self.boxes))

    @cached_property
    def predecessors(self) -> Ends:
        """The boxes that lead to each, those without a drawn edge too."""
        return Ends(self.links[:, ::-1], len(self.boxes))

    @cached_property
    def stub_sources(self) -> Mapping[int, tuple[int, ...]]:
        """The boxes whose tensor a box takes although no edge is drawn."""
        found: dict[int, list[int]] = {}
        for source, target in self.stubs:
            found.setdefault(target, []).append(source)
        return {target: tuple(sources) for target, sources in found.items()}


@dataclass(frozen=True)
class Whole:
    """A diagram, and how another one shows it: folded.

    `numbers` gives each box's number in the whole, or -1 - scope for a folded one; `places` where each box of the whole
    is shown.
    """

    diagram: Diagram
    numbers: np.ndarray
    places: np.ndarray


def build(
    graph: Graph, rows: Sequence[LayerError] = (), layers_of: Mapping[str, Sequence[str]] | None = None
) -> Diagram:
    """The network's picture; without rows every layer is a box of its own."""
    layers = list(alive(graph))
    own = {name for layer in layers if layer.op == CONVERT for name in layer.outputs}  # of the toolkit's own graph
    at_layers = [row for row in rows if row.op != CONVERT or row.golden in own]
    found = grouped(graph, layers, at_layers, layers_of or {})
    groups = found.groups
    converts = {row.golden: row.tensor for row in rows if row.op == CONVERT and row.golden not in own}
    boxes = [_end_box("input", tensor, converts, found.of_inputs.get(tensor.name, ())) for tensor in graph.inputs]
    boxes += [_layer_box(graph, [layers[i] for i in members], found.rows.get(root, ())) for root, members in groups]
    boxes += [_end_box("output", tensor, converts) for tensor in graph.outputs]
    givers = _givers(graph, layers, groups, boxes)
    edges = _edges(graph, layers, groups, givers, len(boxes))
    ends = {name: place for place, box in enumerate(boxes) if box.kind != "layer" for name in box.rows}
    return _with_stubs(boxes, edges, givers | ends)


def plain_name(tensor: str) -> str:
    """A tensor's name without what exporters put around the layer's: `/stem/conv/Conv_output_0` is `stem/conv/Conv`.

    What the toolkit puts behind the name stays: `/fc/MatMul_output_0_mm` is `fc/MatMul_mm`.
    """
    return EXPORTERS_END.sub("", tensor).strip("/") or tensor


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


def _end_box(kind: str, tensor: Tensor, converts: Mapping[str, str], rows: Sequence[LayerError] = ()) -> Box:
    """An input or output; the row of the operator that converts it at the border belongs to it."""
    own = tuple(name for name in (*(row.tensor for row in rows), converts.get(tensor.name, "")) if name)
    tensors = tuple(dict.fromkeys((*own, tensor.name)))
    return Box(kind, kind, short_name(tensor.name), tensors, (), tensor.shape, own)


def _layer_box(graph: Graph, members: Sequence[Layer], rows: Sequence[LayerError]) -> Box:
    own = tuple(name for name in members[-1].outputs if name)
    named = tuple(dict.fromkeys(row.tensor for row in reversed(rows)))
    tensors = named or own or (members[-1].name,)
    op = rows[0].op if len(rows) == 1 else members[-1].op
    known = graph.tensors.get(rows[-1].golden if rows else tensors[0])
    shape = rows[-1].shape if rows else known.shape if known else None
    return Box(
        "layer", op, short_name(tensors[0]), tensors, tuple(layer.name for layer in members), shape, named,
        detail=attributes_text(members), members=tuple((layer.op, layer.name) for layer in members),
    )  # fmt: skip


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
) -> dict[tuple[int, int], str]:
    """The edges, and the shape of what flows along each."""
    first, last = len(graph.inputs), boxes - len(graph.outputs)
    found: dict[tuple[int, int], str] = {}
    for place, (_, members) in enumerate(groups, first):
        for member in members:
            found.update(((givers[name], place), name) for name in layers[member].inputs if name in givers)
    for place, tensor in enumerate(graph.outputs, last):
        if tensor.name in givers:
            found[givers[tensor.name], place] = tensor.name
    # A group may surround another layer; an edge back to it is turned so that the picture has no cycle.
    turned = {(min(edge), max(edge)): name for edge, name in found.items() if edge[0] != edge[1]}
    known = graph.tensors
    return {edge: shape_text(known[name].shape) if name in known else "" for edge, name in turned.items()}


def _with_stubs(boxes: Sequence[Box], flows: Mapping[tuple[int, int], str], index_of: Mapping[str, int]) -> Diagram:
    edges, shapes = list(flows), list(flows.values())
    stub = stubs_of(np.array(edges, np.intp).reshape(-1, 2), len(boxes)).tolist()
    drawn = [number for number, left_out in enumerate(stub) if not left_out]
    rest = [number for number, left_out in enumerate(stub) if left_out]
    return Diagram(
        tuple(boxes),
        tuple(edges[number] for number in drawn),
        index_of,
        tuple(edges[number] for number in rest),
        tuple(shapes[number] for number in (*drawn, *rest)),
    )

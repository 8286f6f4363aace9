"""Which layers of a network are one box: those of which a row of the table is computed. No Qt.

A row names many layers where the NPU rearranges a part of the network, and several rows name the same layer. Each row
is at home at one layer, that of its golden values, and each layer belongs to one row.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from workbench.compare.compare import LayerError
from workbench.graph.graph import Graph, Layer

Groups = list[tuple[int, list[int]]]
"""In the order of each group's last layer: (root, members)."""
ENDS = "_-#"
"""What the deployed graph's additions to the name of a tensor begin with."""


@dataclass(frozen=True)
class Grouping:
    """`rows` are those of each group, by its root; `of_inputs` those of the network's inputs, by their names."""

    groups: Groups
    rows: dict[int, list[LayerError]] = field(default_factory=dict)
    of_inputs: dict[str, list[LayerError]] = field(default_factory=dict)


def alive(graph: Graph) -> Iterator[Layer]:
    """Layers that depend on an input: what is computed from constants alone is a constant."""
    constant = set(graph.constants)
    for layer in graph.layers:
        taken = [name for name in layer.inputs if name]
        if taken and all(name in constant for name in taken):
            constant.update(layer.outputs)
        else:
            yield layer


def grouped(
    graph: Graph, layers: Sequence[Layer], rows: Sequence[LayerError], layers_of: Mapping[str, Sequence[str]]
) -> Grouping:
    """The layers in groups; a layer that no row speaks of is one of its own."""
    known: dict[str, int | None] = {tensor.name: None for tensor in graph.inputs}
    known |= {name: at for at, layer in enumerate(layers) for name in layer.outputs if name}
    number = {layer.name: at for at, layer in enumerate(layers)}
    result, claims = Grouping([]), dict[int, list[int]]()
    for row in rows:
        named = [number[name] for name in layers_of.get(row.tensor, ()) if name in number]
        begin = origin(row, known)
        home = known.get(begin) if begin else max(named, default=None)
        if home is not None:
            result.rows.setdefault(home, []).append(row)
        elif begin:
            result.of_inputs.setdefault(begin, []).append(row)
            continue
        for layer in named:
            claims.setdefault(layer, []).append(layer if home is None else home)
    members: dict[int, list[int]] = {}
    for at in range(len(layers)):
        members.setdefault(at if at in result.rows else _nearest(at, claims.get(at, ())), []).append(at)
    result.groups.extend(sorted(members.items(), key=lambda item: item[1][-1]))
    return result


def origin(row: LayerError, known: Mapping[str, object]) -> str:
    """The tensor of the user's network that a row is made of: by its golden values, else by its name's beginning."""
    if row.golden in known:
        return row.golden
    name = row.tensor
    while name and name not in known:
        name = name[: max(0, *(name.rfind(end) for end in ENDS))]
    return name


def _nearest(at: int, homes: Sequence[int]) -> int:
    """Of the homes of the rows that name a layer the first one behind it, else the last one before it."""
    behind = [home for home in homes if home >= at]
    return min(behind) if behind else max(homes, default=at)

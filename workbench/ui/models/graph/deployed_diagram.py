"""The two graphs of a network as diagrams: every layer of the user's, and what the NPU computes of it. No Qt.

Both are made in the worker process: deriving the deployed graph and laying out hold the interpreter's lock.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from workbench.compare.compare import LayerError
from workbench.graph.graph import Model, Tensor
from workbench.ui.models.graph.geometry import Geometry, arrange
from workbench.ui.models.graph.groups import origin
from workbench.ui.models.graph.model import Box, Diagram, build, short_name

if TYPE_CHECKING:  # slow to import, and only the worker process derives
    from workbench.graph.deployed import Deployed, DeployedLayer

Placed = tuple[Diagram, Geometry]


@dataclass(frozen=True)
class Deployment:
    """What of the settings decides how the deployed graph looks; `stored` is "" where nothing is quantised."""

    weight_bytes: int
    attention: bool
    stored: str


@dataclass(frozen=True)
class Side:
    """One of the two graphs, and where a layer of the user's network is in it."""

    diagram: Diagram
    geometry: Geometry

    @cached_property
    def boxes_of(self) -> Mapping[str, tuple[int, ...]]:
        """The boxes that stand for each layer of the user's network."""
        found: dict[str, list[int]] = {}
        for index, box in enumerate(self.diagram.boxes):
            for name in box.layers:
                found.setdefault(name, []).append(index)
        return {name: tuple(boxes) for name, boxes in found.items()}

    def counterparts(self, box: Box) -> list[int]:
        """The boxes that stand for the same layers as one of the other graph, or for the same end of the network."""
        found = {index for name in box.layers for index in self.boxes_of.get(name, ())}
        if box.kind in ("input", "output"):
            found |= {
                index
                for index, other in enumerate(self.diagram.boxes)
                if other.kind == box.kind and not set(other.tensors).isdisjoint(box.tensors)
            }
        return sorted(found)


def original_side(model: Model) -> Placed:
    """The user's network, every layer a box."""
    diagram = build(model.graph)
    return diagram, arrange(diagram.widths, diagram.edges, diagram.heights)


def deployed_side(model: Model, deployment: Deployment) -> Placed:
    """What the NPU computes of it with these settings."""
    diagram = deployed_diagram(_deployed(model, deployment))
    return diagram, arrange(diagram.widths, diagram.edges, diagram.heights)


def deployed_diagram(graph: "Deployed") -> Diagram:
    """The deployed graph's picture; its boxes' `layers` are the layers of the user's network that they stand for."""
    ends = graph.model.graph
    boxes = [_end("input", tensor) for tensor in ends.inputs]
    boxes += [_box(graph, layer) for layer in graph.layers]
    givers = {name: at for at, box in enumerate(boxes) for name in box.tensors}
    first = len(ends.inputs)
    edges = dict.fromkeys(
        (givers[name], at)
        for at, layer in enumerate(graph.layers, first)
        for name in _taken(layer)
        if givers.get(name, at) < at
    )
    for at, tensor in enumerate(ends.outputs, len(boxes)):
        edges |= {(givers[tensor.name], at): None} if tensor.name in givers else {}
    boxes += [_end("output", tensor) for tensor in ends.outputs]
    return Diagram(tuple(boxes), tuple(edges), givers)


def with_rows(diagram: Diagram, rows: Sequence[LayerError], layers_of: Mapping[str, Sequence[str]]) -> Diagram:
    """The diagram of the user's network whose boxes know the rows that have their golden values."""
    last = {name: at for at, box in enumerate(diagram.boxes) for name in box.layers}
    rows_of: dict[int, list[str]] = {}
    for row in rows:
        layers = [last[name] for name in layers_of.get(row.tensor, ()) if name in last]
        place = diagram.index_of.get(origin(row, diagram.index_of), max(layers, default=-1))
        rows_of.setdefault(place, []).append(row.tensor)
    boxes = (replace(box, rows=tuple(rows_of.get(at, ()))) for at, box in enumerate(diagram.boxes))
    return replace(diagram, boxes=tuple(boxes))


def _deployed(model: Model, deployment: Deployment) -> "Deployed":
    from workbench.foundation.steps import drain
    from workbench.graph.converts import with_converts
    from workbench.graph.fusion import deploy

    graph = drain(deploy(model, deployment.weight_bytes, deployment.attention))
    return graph if graph.is_quantized or not deployment.stored else with_converts(graph, deployment.stored)


def _end(kind: str, tensor: Tensor) -> Box:
    return Box(kind, kind, short_name(tensor.name), (tensor.name,), (), tensor.shape)


def _box(graph: "Deployed", layer: "DeployedLayer") -> Box:
    given = tuple(name for name in layer.outputs if name)
    known = graph.tensors.get(given[0])
    return Box(
        "layer", layer.op, short_name(given[0]), given, layer.origins, known.shape if known else None, given
    )  # fmt: skip


def _taken(layer: "DeployedLayer") -> Iterator[str]:
    return (name for name in layer.inputs if name)

"""The rules that change calibrated ranges: activations narrow what feeds them, reshape-like layers share one range.

Source: quantization semantics §2.2.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from workbench.graph.deployed import CONVERT, Deployed, DeployedLayer

SAME_RANGE = frozenset(("MaxPool", "Resize", "Upsample", "Slice", "Gather", "Reshape", "Transpose", "Pad"))
SAME_RANGE |= {"Flatten", "Squeeze", "Unsqueeze", "DepthToSpace", "SpaceToDepth", "Expand", "Tile", CONVERT}
INFINITE = float("inf")


@dataclass(frozen=True)
class Range:
    """The smallest and the largest value seen."""

    low: float
    high: float

    def union(self, other: "Range") -> "Range":
        """The range that covers both."""
        return Range(min(self.low, other.low), max(self.high, other.high))


Ranges = Mapping[str, Range]


def narrowed(graph: Deployed, ranges: Ranges) -> dict[str, Range]:
    """The ranges that encodings are made of."""
    found = dict(ranges)
    for layer in reversed(graph.layers):
        _pull_back(graph, layer, found)
    for layer in graph.layers:
        _push_forward(graph, layer, found)
    return found


def _pull_back(graph: Deployed, layer: DeployedLayer, ranges: dict[str, Range]) -> None:
    """What a layer makes of its output narrows the tensors that only it takes."""
    name = layer.outputs[0]
    if name not in ranges:
        return
    limits = ranges[name] if layer.op in SAME_RANGE else _limits(graph, layer)
    if limits is not None and layer.inputs[0] in ranges and graph.sole_consumer(layer.inputs[0]) is layer:
        source = layer.inputs[0]
        ranges[source] = limits if layer.op in SAME_RANGE else _clipped(ranges[source], limits)
    if layer.op == "Concat":
        for source in set(layer.inputs):
            if source in ranges and graph.sole_consumer(source) is layer:
                ranges[source] = _clipped(ranges[source], ranges[name])


def _push_forward(graph: Deployed, layer: DeployedLayer, ranges: dict[str, Range]) -> None:
    source = layer.inputs[0] if layer.inputs else ""
    if source not in ranges or layer.outputs[0] not in ranges:
        return
    shared = layer.op in SAME_RANGE and graph.sole_consumer(source) is not layer
    if shared or layer.op in ("AveragePool", "Relu", "Clip"):
        limits = _limits(graph, layer)
        ranges[layer.outputs[0]] = ranges[source] if limits is None else _clipped(ranges[source], limits)


def _limits(graph: Deployed, layer: DeployedLayer) -> Range | None:
    """The part of its input that can change an activation's output."""
    match layer.op:
        case "Relu":
            return Range(0.0, INFINITE)
        case "Clip":
            return _clip_limits(graph, layer)
        case "HardSwish":
            return Range(-3.0, INFINITE)
        case "HardSigmoid" if layer.attributes.get("beta", 0.5) == 0.5:
            reach = 0.5 / layer.attributes.get("alpha", 0.2)
            return Range(-reach, reach)
        case "Tanh":
            return Range(-3.2, 3.2)
        case "Sigmoid":
            return Range(-7.0, 7.0)
    return None


def _clip_limits(graph: Deployed, layer: DeployedLayer) -> Range | None:
    bounds = [layer.attributes.get("min", -INFINITE), layer.attributes.get("max", INFINITE)]
    for position, name in enumerate(layer.inputs[1:3]):
        if name and name not in graph.constants:
            return None
        if name:
            bounds[position] = float(graph.constants[name].reshape(-1)[0])
    return Range(*bounds)


def _clipped(seen: Range, limits: Range) -> Range:
    low = min(max(seen.low, limits.low), limits.high)
    return Range(low, max(min(seen.high, limits.high), low))

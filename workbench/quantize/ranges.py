"""The rules that change calibrated ranges: activations narrow what feeds them, reshape-like layers share one range.

Source: quantization semantics §2.2.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce

from workbench.graph.deployed import CONVERT, SPREAD, Deployed, DeployedLayer

SAME_RANGE = frozenset(("MaxPool", "Resize", "Upsample", "Slice", "Gather", "Reshape", "Transpose", "Pad"))
SAME_RANGE |= {"Flatten", "Squeeze", "Unsqueeze", "DepthToSpace", "SpaceToDepth", "Expand", "Tile", CONVERT, SPREAD}
INFINITE = float("inf")
SATURATION = 7.0  # of a Sigmoid
KNEE = 3.0  # of a HardSwish


@dataclass(frozen=True)
class Range:
    """The smallest and the largest value seen."""

    low: float
    high: float

    def union(self, other: "Range") -> "Range":
        """The range that covers both."""
        return Range(min(self.low, other.low), max(self.high, other.high))

    def with_zero(self) -> "Range":
        """The range that covers zero too, as encodings must."""
        return self.union(Range(0.0, 0.0))

    def about_zero(self) -> "Range":
        """The range that reaches as far below zero as above."""
        reach = max(-self.low, self.high)
        return Range(-reach, reach)


Ranges = Mapping[str, Range]


def narrowed(graph: Deployed, ranges: Ranges) -> dict[str, Range]:
    """The ranges that encodings are made of.

    One pass from the last layer to the first, as the toolkit's log shows, then layers that store on their input's grid
    take its range. Checked against the toolkit's tables of 15 networks and 260 small ones (tests/benchmarks/fidelity).
    """
    found = dict(ranges)
    for layer in reversed(graph.layers):
        if layer.outputs[0] in found:
            _pull_back(graph, layer, found)
    for layer in graph.layers:
        source = layer.inputs[0] if layer.inputs else ""
        if layer.op in (*SAME_RANGE, "AveragePool") and source in found and layer.outputs[0] in found:
            found[layer.outputs[0]] = found[source]
    return found


def _pull_back(graph: Deployed, layer: DeployedLayer, ranges: dict[str, Range]) -> None:
    """What a layer makes of its input narrows the tensors that only it takes."""
    if layer.op == "Sigmoid":
        ranges[layer.outputs[0]] = _saturated(ranges[layer.outputs[0]], ranges.get(layer.inputs[0]))
    for source in dict.fromkeys(layer.inputs):
        if source not in ranges or graph.sole_consumer(source) is not layer:
            continue
        if layer.op == "Concat":
            ranges[source] = _clipped(ranges[source], ranges[layer.outputs[0]])
        elif source == layer.inputs[0]:
            ranges[source] = _passed(layer, ranges)


def _passed(layer: DeployedLayer, ranges: Ranges) -> Range:
    """The part of its first input's range that a layer lets through."""
    seen = ranges[layer.inputs[0]]
    if layer.op in SAME_RANGE or layer.op in ("Relu", "Clip"):
        return ranges[layer.outputs[0]]
    if layer.op == "Split":
        return _clipped(seen, reduce(Range.union, (ranges[name] for name in layer.outputs if name in ranges)))
    limits = _limits(layer)
    return seen if limits is None else _clipped(seen, limits)


def _saturated(seen: Range, taken: Range | None) -> Range:
    """The range of a Sigmoid's output: it reaches ½, and 0 or 1 where its input is cut."""
    if taken is None:
        return seen
    low = 0.0 if taken.low < -SATURATION else seen.low
    return Range(low, 1.0 if taken.high > SATURATION else max(seen.high, 0.5))


def _limits(layer: DeployedLayer) -> Range | None:
    """The part of its input that can change an activation's output."""
    match layer.op:
        case "HardSwish":
            return Range(-KNEE, INFINITE)
        case "HardSigmoid" if layer.attributes.get("beta", 0.5) == 0.5:
            reach = 0.5 / layer.attributes.get("alpha", 0.2)
            return Range(-reach, reach)
        case "Tanh":
            return Range(-3.2, 3.2)
        case "Sigmoid":
            return Range(-SATURATION, SATURATION)
    return None


def _clipped(seen: Range, limits: Range) -> Range:
    low = min(max(seen.low, limits.low), limits.high)
    return Range(low, max(min(seen.high, limits.high), low))

"""Which tensors of a network are linear in an input, but for a constant: there mean and std can be solved."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from workbench.graph.graph import Graph, Layer, Model

_OF_FIRST = frozenset(
    (
        "Conv", "ConvTranspose", "BatchNormalization", "Transpose", "Reshape", "Flatten", "Squeeze", "Unsqueeze",
        "Pad", "Slice", "Split", "AveragePool", "GlobalAveragePool", "ReduceMean", "ReduceSum", "Identity", "Resize",
        "Upsample", "DepthToSpace", "SpaceToDepth", "Gather", "Cast",
    )
)  # fmt: skip
_OF_ONE = frozenset(("Mul", "MatMul", "Gemm"))  # the product with a constant
_OF_ALL = frozenset(("Add", "Sub", "Sum", "Concat"))
_BENT = frozenset(("Relu", "Clip", "LeakyRelu"))
MOST_LOOKED_AT = 1 << 13  # elements of a tensor that equations are made of
SEED = 0


@dataclass(frozen=True)
class Straight:
    """A tensor `of` that is linear in the input; `tensor` is that one, or what an activation makes of it.

    `slope` is the activation's below zero: 1 where there is none, None where values below zero are lost.
    """

    tensor: str
    of: str
    slope: float | None = 1.0

    def told(self, values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Flat places at which dumped values tell those before the activation, and these, as float64."""
        flat = values.reshape(-1).astype(np.float64)
        is_told = np.isfinite(flat)
        if self.slope is None:
            is_told &= (flat > 0) & (flat < flat.max(initial=0.0, where=is_told))  # a clip may have cut the largest
        at = np.flatnonzero(is_told)
        if at.size > MOST_LOOKED_AT:
            at = np.sort(np.random.default_rng(SEED).choice(at, MOST_LOOKED_AT, replace=False))
        found = flat[at]
        if self.slope is not None and self.slope != 1:
            found = np.where(found < 0, found / self.slope, found)
        return at, found


def straight_tensors(model: Model, name: str) -> dict[str, Straight]:
    """Tensors by name that tell a linear function of the input `name`; all other inputs count as constants."""
    graph = model.graph
    moved = {name}
    found = {name: Straight(name, name)}
    for layer in graph.layers:
        if not any(item in moved for item in layer.inputs):
            continue
        moved.update(layer.outputs if layer.op != "Shape" else ())
        straight = _of_layer(layer, found, moved)
        if straight is not None:
            found.update({output: Straight(output, output) for output in layer.outputs if output})
        elif layer.op in _BENT and _is_straight(layer.inputs[0], found):
            of = layer.inputs[0]
            found[layer.outputs[0]] = Straight(layer.outputs[0], of, _slope(layer, graph, model.constants))
    return found


def _of_layer(layer: Layer, found: Mapping[str, Straight], moved: set[str]) -> Layer | None:
    """The layer where what it gives is linear in what is."""
    inputs = [item for item in layer.inputs if item]
    changing = [item for item in inputs if item in moved]
    if not all(_is_straight(item, found) for item in changing):
        return None
    is_straight = (
        (layer.op in _OF_FIRST and changing == inputs[:1])
        or (layer.op in _OF_ONE and len(changing) == 1)
        or (layer.op == "Div" and changing == inputs[:1])
        or layer.op in _OF_ALL
    )
    return layer if is_straight else None


def _is_straight(name: str, found: Mapping[str, Straight]) -> bool:
    return name in found and found[name].of == name


def _slope(layer: Layer, graph: Graph, constants: Mapping[str, np.ndarray]) -> float | None:
    if layer.op == "LeakyRelu":
        slope = float(layer.attributes.get("alpha", 0.01))
        return slope if slope > 0 else None
    return None

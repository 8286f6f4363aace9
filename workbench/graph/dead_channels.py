"""Channels that an activation provably cuts to zero: the toolkit sets their weights to zero.

Bounds of every channel follow from the range of the network's inputs by interval arithmetic. A channel whose upper
bound behind Relu or Clip is zero is dead; what leads to it and what reads it is zero then too. Source: quantization
semantics §6, and the toolkit's graphs of eleven networks, where exactly these weights are zero.
"""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from workbench.graph.deployed import CONVERT, Deployed, DeployedLayer

Bounds = tuple[np.ndarray, np.ndarray]
"""The smallest and the largest value of each channel."""
MIXED = frozenset(("Transpose", "Reshape", "Slice", "Split", "Pad"))
SAME = frozenset((CONVERT, "MaxPool", "Resize", "Upsample"))
NOTHING, TINY = 1e-20, 1e-18  # weights below are none


def without_dead_channels(graph: Deployed, inputs: Mapping[str, tuple[float, float]]) -> Deployed:
    """The graph with zeros in the weights and biases of dead channels; `inputs` are the ranges of the inputs."""
    bounds = _all_bounds(graph, inputs)
    dead = _dead(graph, bounds)
    constants = dict(graph.constants)
    layers = tuple(_zeroed(graph, layer, dead, constants) for layer in graph.layers)
    if constants.keys() == graph.constants.keys():
        return graph
    changed = {name for conv, mask in dead.items() if mask.any() for name in (conv, _activated(graph, conv))}
    golden = {name: source for name, source in graph.golden_of.items() if name not in changed}
    return replace(graph, layers=layers, constants=constants, golden_of=golden)


def _all_bounds(graph: Deployed, inputs: Mapping[str, tuple[float, float]]) -> dict[str, Bounds]:
    bounds: dict[str, Bounds] = {}
    for name, (low, high) in inputs.items():
        size = _channels(graph, name)
        if size:
            bounds[name] = np.full(size, low), np.full(size, high)
    for layer in graph.layers:
        name = layer.outputs[0]
        size = _channels(graph, name)
        if size:
            found = _bounds(graph, layer, bounds, size)
            infinite = np.full(size, -np.inf), np.full(size, np.inf)
            bounds[name] = found if found is not None and found[0].shape == (size,) else infinite
    return bounds


def _channels(graph: Deployed, name: str) -> int:
    shape = graph.tensors[name].static_shape if name in graph.tensors and graph.is_float(name) else None
    return shape[1] if shape is not None and len(shape) > 1 else 0


def _bounds(graph: Deployed, layer: DeployedLayer, bounds: Mapping[str, Bounds], size: int) -> Bounds | None:
    seen = bounds.get(layer.inputs[0]) if layer.inputs else None
    if layer.op in ("Relu", "Clip"):
        limits = limits_of(graph, layer)
        low, high = seen if seen is not None else (np.full(size, -np.inf), np.full(size, np.inf))
        return (np.clip(low, *limits), np.clip(high, *limits)) if limits is not None else None
    if seen is None:
        return None
    if layer.op == "Conv":
        return _of_conv(graph, layer, seen)
    if layer.op in SAME:
        return seen
    if layer.op in MIXED:
        return np.full(size, min(seen[0].min(), 0.0)), np.full(size, max(seen[1].max(), 0.0))
    if layer.op == "AveragePool":
        return np.minimum(seen[0], 0), np.maximum(seen[1], 0)
    if layer.op in ("Add", "Mul") and layer.inputs[1] in graph.constants:
        return _with_number(graph.constants[layer.inputs[1]], layer.op, seen)
    others = [bounds.get(name) for name in layer.inputs]
    if layer.op == "Add" and all(other is not None and other[0].shape == (size,) for other in others):
        low, high = (np.sum([other[end] for other in others if other], 0) for end in (0, 1))
        return low, high
    if layer.op == "Concat" and layer.attributes.get("axis") == 1 and all(other is not None for other in others):
        low, high = (np.concatenate([other[end] for other in others if other]) for end in (0, 1))
        return low, high
    return None


def _with_number(value: np.ndarray, op: str, seen: Bounds) -> Bounds | None:
    if value.size != 1:
        return None
    number = float(value.reshape(-1)[0])
    ends = [end + number if op == "Add" else end * number for end in seen]
    return np.minimum(*ends), np.maximum(*ends)


def limits_of(graph: Deployed, layer: DeployedLayer) -> tuple[float, float] | None:
    """Between what Relu or Clip keeps values; None where that is computed."""
    if layer.op == "Relu":
        return 0.0, np.inf
    found = [layer.attributes.get("min", -np.inf), layer.attributes.get("max", np.inf)]
    for position, name in enumerate(layer.inputs[1:3]):
        if name and name not in graph.constants:
            return None
        if name:
            found[position] = float(graph.constants[name].reshape(-1)[0])
    return found[0], found[1]


def _of_conv(graph: Deployed, conv: DeployedLayer, seen: Bounds) -> Bounds | None:
    weight = graph.constants.get(conv.inputs[1])
    groups = conv.attributes.get("group", 1)
    if weight is None or weight.shape[1] * groups != len(seen[0]) or len(weight) % groups:
        return None
    bias = _bias(graph, conv, len(weight))
    low, high = np.minimum(seen[0], 0.0), np.maximum(seen[1], 0.0)  # zeros of the padding
    if np.isneginf(low).all() and np.isposinf(high).all():
        is_something = weight.reshape(len(weight), -1).any(1)
        return np.where(is_something, -np.inf, bias), np.where(is_something, np.inf, bias)
    flat = weight.astype(np.float64).reshape(*weight.shape[:2], -1)
    positive, negative = (
        part.sum(2) if part.shape[2] > 1 else part[:, :, 0] for part in (flat.clip(0), flat.clip(None, 0))
    )
    of = np.arange(len(weight) if groups > 1 else 1) // (len(weight) // groups)  # all rows of one group see the same
    columns = of[:, None] * weight.shape[1] + np.arange(weight.shape[1])
    return tuple(
        bias + _product(positive, first[columns]) + _product(negative, second[columns])
        for first, second in ((low, high), (high, low))
    )


def _product(weights: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Their products' sums; a weight of zero makes zero of infinities. `values` are for all rows, or one for each."""
    if not values.any() and np.isfinite(weights.sum()):  # zero times what is no number is none
        return np.zeros(len(weights))
    if np.isfinite(values).all():
        return np.asarray((weights * values).sum(1))
    with np.errstate(invalid="ignore"):
        total: np.ndarray = np.where(weights != 0, weights * values, 0.0).sum(1)
    return total


def _bias(graph: Deployed, conv: DeployedLayer, size: int) -> np.ndarray:
    value = graph.constants.get(conv.inputs[2]) if len(conv.inputs) > 2 else None
    return np.zeros(size) if value is None else value.astype(np.float64)


def _dead(graph: Deployed, bounds: Mapping[str, Bounds]) -> dict[str, np.ndarray]:
    """Per Conv output a mask of its dead channels, those that only lead to dead ones included."""
    dead: dict[str, np.ndarray] = {}
    for layer in reversed(graph.layers):
        name = layer.outputs[0]
        if layer.op != "Conv" or name not in bounds or layer.inputs[1] not in graph.constants:
            continue
        end = _activated(graph, name)
        low, high = bounds[end]
        mask = (low == 0) & (high == 0)
        after = graph.sole_consumer(end)
        if after is not None and _is_depthwise(graph, after) and after.outputs[0] in dead:
            rows = np.abs(graph.constants[layer.inputs[1]]).reshape(len(mask), -1).max(1)
            mask = mask | (dead[after.outputs[0]] & (rows > NOTHING))
        dead[name] = mask
    return dead


def _activated(graph: Deployed, name: str) -> str:
    after = graph.sole_consumer(name)
    return after.outputs[0] if after is not None and after.op in ("Relu", "Clip") else name


def _is_depthwise(graph: Deployed, layer: DeployedLayer) -> bool:
    weight = graph.constants.get(layer.inputs[1]) if layer.op == "Conv" else None
    return weight is not None and weight.shape[1] == 1 and len(weight) == layer.attributes.get("group", 1) > 1


def _zeroed(
    graph: Deployed, layer: DeployedLayer, dead: Mapping[str, np.ndarray], constants: dict[str, np.ndarray]
) -> DeployedLayer:
    if layer.op != "Conv" or layer.inputs[1] not in graph.constants or layer.inputs[1] in graph.grids:
        return layer
    rows = dead.get(layer.outputs[0])
    columns = _dead_inputs(graph, layer, dead)
    original = graph.constants[layer.inputs[1]]
    tiny = _tiny_rows(original)
    if not any(mask is not None and mask.any() for mask in (rows, columns, tiny)):
        return layer
    weight = original.copy()
    weight[tiny] = 0
    inputs = list(layer.inputs)
    if columns is not None and len(columns) == weight.shape[1]:
        weight[:, columns] = 0
    if rows is not None and rows.any():
        weight[rows] = 0
        if len(inputs) > 2 and inputs[2] in graph.constants:
            bias = np.where(rows, np.float32(0), graph.constants[inputs[2]])
            inputs[2] = _added(constants, f"{inputs[2]}:{layer.outputs[0]}", bias)
    inputs[1] = _added(constants, f"{inputs[1]}:{layer.outputs[0]}", weight)
    return replace(layer, inputs=tuple(inputs))


def _tiny_rows(weight: np.ndarray) -> np.ndarray:
    """Output channels whose weights are next to nothing; their bias stays. Measured: 5e-30 is cleared, 1e-16 is not."""
    rows = np.abs(weight).reshape(len(weight), -1).max(1, initial=0.0)
    return np.asarray((rows > 0) & (rows < TINY))


def _dead_inputs(graph: Deployed, conv: DeployedLayer, dead: Mapping[str, np.ndarray]) -> np.ndarray | None:
    giver = graph.producers.get(conv.inputs[0])
    while giver is not None and giver.op in ("Relu", "Clip", *SAME) and giver.inputs:
        if giver.inputs[0] in dead:
            return dead[giver.inputs[0]]
        giver = graph.producers.get(giver.inputs[0])
    return None


def _added(constants: dict[str, np.ndarray], name: str, value: np.ndarray) -> str:
    constants[name] = value
    return name

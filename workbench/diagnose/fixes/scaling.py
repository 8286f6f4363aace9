"""Tensors of a network times factors, while its outputs stay as they are.

What an operator that multiplies by constants takes or gives is scaled by scaling its constants. Operators through which
a factor passes (Relu, pooling, …) need no change. Everywhere else a product with a constant is put in between.
"""

import math
from collections.abc import Mapping

import numpy as np

from workbench.graph.edit import Editor
from workbench.graph.graph import Layer, Model

Factors = Mapping[str, np.ndarray]
"""By tensor: one factor, or one for each index of axis 1; 1 for all others."""
ONE = np.ones((), np.float64)
PASSING = frozenset((
    "Relu", "LeakyRelu", "PRelu", "MaxPool", "AveragePool", "GlobalAveragePool", "GlobalMaxPool", "Identity", "Dropout",
    "Resize", "Upsample",
))  # fmt: skip
"""f(s·x) = s·f(x) for positive s, each channel by itself."""
EVENLY = PASSING | {
    "Clip", "Reshape", "Transpose", "Flatten", "Squeeze", "Unsqueeze", "Slice", "Split", "Gather", "Expand", "Tile",
    "DepthToSpace", "SpaceToDepth", "ReduceMean", "ReduceMax", "ReduceSum",
}  # fmt: skip
"""The same where all channels have one factor; Clip with its limits scaled."""
WEIGHED = frozenset(("Conv", "ConvTranspose", "Gemm", "MatMul"))
TRANSPOSED = "ConvTranspose"


def is_linear(model: Model, layer: Layer) -> bool:
    """Whether an operator takes one tensor and multiplies it by constants."""
    constants = [name in model.graph.constants for name in layer.inputs]
    if layer.op in WEIGHED:
        return all(constants[1:]) and not constants[0] and not layer.attributes.get("transA")
    if layer.op == "BatchNormalization":
        return all(constants[1:])
    return (layer.op in ("Mul", "Div") and constants == [False, True]) or (
        layer.op == "Mul" and constants == [True, False]
    )


def evenly(model: Model, seed: str) -> dict[str, np.ndarray]:
    """The tensors that must have one factor together with `seed`, so that few products are needed; each with 1."""
    ends = {tensor.name for tensor in (*model.graph.inputs, *model.graph.outputs)}
    found: dict[str, np.ndarray] = {}
    waiting = [seed]
    while waiting:
        name = waiting.pop()
        if name in found or name in ends or name in model.graph.constants or name not in model.graph.producers:
            continue
        found[name] = ONE
        for layer in (model.graph.producers[name], *model.graph.consumers.get(name, ())):
            if is_linear(model, layer):
                continue
            if layer.op in EVENLY:
                waiting += [layer.inputs[0], *layer.outputs] if name in (layer.inputs[0], *layer.outputs) else []
            elif layer.op in ("Add", "Sub", "Concat", "Max", "Min", "Sum"):
                waiting += [*layer.inputs, *layer.outputs]
    return found


def by_channel(model: Model, seed: str, factors: np.ndarray) -> dict[str, np.ndarray]:
    """The tensors that a factor for each channel of `seed` passes on to, up to operators with constants."""
    found: dict[str, np.ndarray] = {}
    waiting = [(seed, factors)]
    while waiting:
        name, own = waiting.pop()
        if name in found or name in model.graph.constants or name not in model.graph.producers:
            continue
        found[name] = own
        waiting += _above(model, name, own)
        for layer in model.graph.consumers.get(name, ()):
            if (layer.op in PASSING and layer.inputs[0] == name) or _adds_constant(model, layer):
                waiting.append((layer.outputs[0], own))
    return found


def needs_products(model: Model, factors: Factors) -> bool:
    """Whether products would have to be put in somewhere."""
    layers = {id(layer): layer for name in factors for layer in _around(model, name)}
    ends = {tensor.name for tensor in (*model.graph.inputs, *model.graph.outputs)}
    return bool(ends.intersection(factors)) or any(_lacks(model, layer, factors) for layer in layers.values())


def scale(model: Model, editor: Editor, factors: Factors) -> None:
    """Scale tensors (no outputs of the network) in an editor of the network."""
    layers = {layer.outputs[0]: layer for name in factors for layer in _around(model, name)}
    for layer in layers.values():
        if is_linear(model, layer):
            _scale_constants(model, editor, layer, factors)
            continue
        for name, ratio in _lacks(model, layer, factors).items():
            if name in layer.outputs:
                editor.scale_behind(name, _shaped(model, name, ratio))
            else:
                editor.scale_between(name, layer.outputs[0], _shaped(model, name, ratio))
        _scale_limits(model, editor, layer, factors)


def power_of_two(value: float) -> float:
    """The power of two next to a positive value, not above it."""
    return 2.0 ** math.floor(math.log2(value))


def _above(model: Model, name: str, factors: np.ndarray) -> list[tuple[str, np.ndarray]]:
    """What must be scaled so that the operator that gives a tensor gives it scaled."""
    layer = model.graph.producers[name]
    if layer.op in PASSING or _adds_constant(model, layer):
        return [(item, factors) for item in layer.inputs[:2] if item not in model.graph.constants and item][:1]
    if layer.op in ("Add", "Sum"):
        return [(item, factors) for item in layer.inputs]
    if layer.op == "Concat" and layer.attributes.get("axis") == 1:
        sizes = [_channels(model, item) for item in layer.inputs]
        ends = np.cumsum([0, *sizes])
        return [(item, factors[start:end]) for item, start, end in zip(layer.inputs, ends, ends[1:], strict=False)]
    return []


def _adds_constant(model: Model, layer: Layer) -> bool:
    return layer.op == "Add" and sum(name in model.graph.constants for name in layer.inputs) == 1


def _around(model: Model, name: str) -> tuple[Layer, ...]:
    return (model.graph.producers[name], *model.graph.consumers.get(name, ()))


def _lacks(model: Model, layer: Layer, factors: Factors) -> dict[str, np.ndarray]:
    """Which tensors of an operator need a product, and with what, so that it gives what it must."""
    if is_linear(model, layer):
        return {}
    given = next((factors[name] for name in layer.outputs if name in factors), ONE)
    live = [name for name in dict.fromkeys(layer.inputs) if name and name not in model.graph.constants]
    known = {name: factors.get(name, ONE) for name in live}
    if layer.op in ("Add", "Sub", "Sum", "Max", "Min"):
        return {name: given / own for name, own in known.items() if not np.array_equal(own, given)}
    if layer.op == "Concat":
        return _lacks_of_concat(model, layer, known, given)
    is_whole = all(name in factors for name in layer.outputs if name) or np.array_equal(given, ONE)
    passes = is_whole and (layer.op in PASSING or (layer.op in EVENLY and given.ndim == 0))
    if passes and live and known[layer.inputs[0]].ndim == given.ndim:
        own = known[layer.inputs[0]]
        return {} if np.array_equal(own, given) else {layer.inputs[0]: given / own}
    found = {name: 1.0 / own for name, own in known.items() if not np.array_equal(own, np.ones_like(own))}
    return found | {name: factors[name] for name in layer.outputs if name in factors}


def _lacks_of_concat(
    model: Model, layer: Layer, known: Mapping[str, np.ndarray], given: np.ndarray
) -> dict[str, np.ndarray]:
    found, start = {}, 0
    for name in layer.inputs:
        end = start + _channels(model, name)
        wanted = given if given.ndim == 0 else given[start:end]
        if name in known and np.any(known[name] != wanted):
            found[name] = wanted / known[name]
        start = end
    return found


def _scale_constants(model: Model, editor: Editor, layer: Layer, factors: Factors) -> None:
    """The constants of an operator whose input or output is scaled."""
    output = layer.outputs[0]
    live = 1 if layer.op == "Mul" and layer.inputs[0] in model.graph.constants else 0
    taken, given = factors.get(layer.inputs[live], ONE), factors.get(output, ONE)
    if layer.op == "BatchNormalization":
        _scale_norm(editor, output, taken, given)
    elif layer.op in ("Mul", "Div"):
        ratio = given / taken if layer.op == "Mul" else taken / given
        value = _constant(editor, output, 1 - live)
        _set(editor, output, 1 - live, value * (ratio if ratio.ndim == 0 else _shaped(model, output, ratio)))
    else:
        weight = _constant(editor, output, 1)
        _set(editor, output, 1, weighed(layer, weight, taken, given))
        if len(layer.inputs) > 2 and layer.inputs[2]:
            _set(editor, output, 2, _constant(editor, output, 2) * given)


def weighed(layer: Layer, weight: np.ndarray, taken: np.ndarray, given: np.ndarray) -> np.ndarray:
    """Weights for an input and an output that are scaled. Conv: [O, I/g, …], ConvTranspose: [I, O/g, …]."""
    if layer.op == "MatMul":
        return np.asarray(weight * given / (taken if taken.ndim == 0 else taken[:, None]))
    if layer.op == "Gemm":
        rows, columns = (given, taken) if layer.attributes.get("transB") else (1.0 / taken, 1.0 / given)
        return np.asarray(weight * (rows if np.ndim(rows) == 0 else rows[:, None]) / columns)
    groups = layer.attributes.get("group", 1)
    first, second = (1.0 / taken, 1.0 / given) if layer.op == TRANSPOSED else (given, taken)
    grouped = weight.reshape(groups, len(weight) // groups, weight.shape[1], -1).astype(np.float64)
    if first.ndim:
        grouped = grouped * first.reshape(groups, -1, 1, 1)
    if second.ndim:
        grouped = grouped / second.reshape(groups, 1, -1, 1)
    scalars = (first if not first.ndim else 1.0) / (second if not second.ndim else 1.0)
    found: np.ndarray = (grouped * scalars).reshape(weight.shape)
    return found


def _scale_norm(editor: Editor, output: str, taken: np.ndarray, given: np.ndarray) -> None:
    """y = gamma · (x - mean) / σ + beta."""
    for position, ratio in ((1, given / taken), (2, given), (3, taken)):
        _set(editor, output, position, _constant(editor, output, position) * ratio)


def _scale_limits(model: Model, editor: Editor, layer: Layer, factors: Factors) -> None:
    """Constants that are added, and the limits of a Clip, are scaled like what the operator gives."""
    given = next((factors[name] for name in layer.outputs if name in factors), ONE)
    if np.array_equal(given, np.ones_like(given)):
        return
    output = layer.outputs[0]
    if layer.op == "Clip":
        for attribute in editor.node(output).attribute:
            attribute.f = attribute.f * float(given)
    if layer.op not in ("Add", "Sub", "Sum", "Max", "Min", "Concat", "Clip"):
        return
    start = 0
    for position, name in enumerate(layer.inputs):
        end = start + (_channels(model, name) if layer.op == "Concat" else 0)
        if name in model.graph.constants:
            own = given[start:end] if layer.op == "Concat" and given.ndim else given
            value = _constant(editor, output, position)
            _set(editor, output, position, value * (own if own.ndim == 0 else _shaped(model, output, own)))
        start = end


def _constant(editor: Editor, output: str, position: int) -> np.ndarray:
    value = editor.constant(output, position)
    assert value is not None
    return value.astype(np.float64)


def _set(editor: Editor, output: str, position: int, value: np.ndarray) -> None:
    editor.set_constant(output, position, np.asarray(value, np.float32))


def _channels(model: Model, name: str) -> int:
    shape = model.graph.tensors[name].static_shape
    return shape[1] if shape is not None and len(shape) > 1 else 0


def _shaped(model: Model, name: str, factors: np.ndarray) -> np.ndarray:
    """Factors as float32, along axis 1 of a tensor."""
    shape = model.graph.tensors[name].static_shape or (1, 1)
    return np.asarray(factors if factors.ndim == 0 else factors.reshape(1, -1, *[1] * (len(shape) - 2)), np.float32)

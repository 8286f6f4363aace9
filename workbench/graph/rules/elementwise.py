"""Arithmetic with constants, in the few forms that the NPU has; two activations that make one.

Source: the toolkit's log and graphs for networks of one operator each (tests/benchmarks/fidelity/operators.py).
"""

from dataclasses import replace

import numpy as np

from workbench.graph.deployed import DeployedLayer, make_layer
from workbench.graph.draft import Draft
from workbench.graph.rules.identities import bypass, rename

ALIGNED = frozenset(("Add", "Mul", "Sub", "Div", "PRelu", "Greater", "Less"))
LOWEST, HIGHEST = float(np.finfo(np.float32).min), float(np.finfo(np.float32).max)


def align_constant(draft: Draft, layer: DeployedLayer) -> bool:
    """A constant operand gets as many dimensions as the result; the toolkit moves the layer to its input by that.

    Where the result has two or three, only a number does that is added or multiplied by.
    """
    shape = draft.shape(layer.outputs[0]) if layer.op in ALIGNED else None
    if shape is None or len(shape) not in (2, 3, 4):
        return False
    inputs = list(layer.inputs)
    for position, name in enumerate(inputs):
        value = draft.value(name)
        is_fitting = value is not None and (len(shape) == 4 or (value.size == 1 and layer.op in ("Add", "Mul")))
        if value is not None and is_fitting and value.dtype == np.float32 and value.ndim < len(shape):
            wide = value.reshape((1,) * (len(shape) - value.ndim) + value.shape)
            inputs[position] = draft.constant(f"{layer.outputs[0]}_i{position}", wide)
    if inputs == list(layer.inputs):
        return False
    draft.replace([layer], [make_layer(layer.op, inputs, layer.outputs)])
    return True


def negation_to_product(draft: Draft, layer: DeployedLayer) -> bool:
    """-x -> x · -1."""
    if layer.op != "Neg" or not _is_computed(draft, layer.inputs[0]):
        return False
    factor = draft.constant(f"{layer.outputs[0]}_i1", _single(draft, layer, -1.0))
    draft.replace([layer], [make_layer("Mul", (layer.inputs[0], factor), layer.outputs)])
    return True


def absolute_to_leaky(draft: Draft, layer: DeployedLayer) -> bool:
    """|x| -> LeakyRelu with the slope -1."""
    if layer.op != "Abs" or not _is_computed(draft, layer.inputs[0]):
        return False
    draft.replace([layer], [make_layer("LeakyRelu", layer.inputs, layer.outputs, alpha=-1.0)])
    return True


def reciprocal_to_division(draft: Draft, layer: DeployedLayer) -> bool:
    """Reciprocal -> 1 / x."""
    if layer.op != "Reciprocal" or not _is_computed(draft, layer.inputs[0]):
        return False
    one = draft.constant(f"{layer.outputs[0]}_i0", _single(draft, layer, 1.0))
    draft.replace([layer], [make_layer("Div", (one, layer.inputs[0]), layer.outputs)])
    return True


def division_to_product(draft: Draft, layer: DeployedLayer) -> bool:
    """x / constant -> x · (1 / constant)."""
    value = _second(draft, layer, "Div")
    if value is None or not np.all(value):
        return False
    with np.errstate(over="ignore"):
        factor = (np.float32(1) / value).astype(np.float32)
    if not np.isfinite(factor).all():
        return False
    name = draft.constant(f"{layer.outputs[0]}_2mul_i1", factor)
    draft.replace([layer], [make_layer("Mul", (layer.inputs[0], name), layer.outputs)])
    return True


def difference_to_sum(draft: Draft, layer: DeployedLayer) -> bool:
    """x - constant -> x + (-constant)."""
    value = _second(draft, layer, "Sub")
    if value is None:
        return False
    name = draft.constant(f"{layer.outputs[0]}_2add_i1", -value)
    draft.replace([layer], [make_layer("Add", (layer.inputs[0], name), layer.outputs)])
    return True


def sum_to_additions(draft: Draft, layer: DeployedLayer) -> bool:
    """Sum of n tensors -> n - 1 Adds, `…_2add1` and so on between them."""
    if layer.op != "Sum" or len(layer.inputs) < 2 or not draft.is_float(layer.outputs[0]):
        return False
    shapes = [draft.shape(name) for name in layer.inputs]
    if any(shape is None for shape in shapes):
        return False
    added, value, shape = [], layer.inputs[0], shapes[0] or ()
    for number, name in enumerate(layer.inputs[1:-1], 1):
        shape = np.broadcast_shapes(shape, shapes[number] or ())
        given = draft.tensor(f"{layer.origins[0]}_2add{number}", shape)
        added.append(make_layer("Add", (value, name), (given,)))
        value = given
    draft.replace([layer], [*added, make_layer("Add", (value, layer.inputs[-1]), layer.outputs)])
    return True


def merge_constants(draft: Draft, layer: DeployedLayer) -> bool:
    """(x · a) · b -> x · (a · b), and the same for sums, where nothing else takes what is between."""
    outer = _with_constant(draft, layer)
    before = draft.producer(outer[0]) if outer is not None else None
    inner = _with_constant(draft, before) if before is not None and before.op == layer.op else None
    if outer is None or inner is None or before is None or not _leads_to(draft, before, layer):
        return False
    a, b = inner[1], outer[1]
    both = a * b if layer.op == "Mul" else a + b
    if not np.isfinite(both).all():
        return False
    name = draft.constant(f"{layer.outputs[0]}_i1", both)
    draft.replace([before, layer], [make_layer(layer.op, (inner[0], name), layer.outputs)])
    return True


def merge_limits(draft: Draft, layer: DeployedLayer) -> bool:
    """Relu or Clip behind a Clip, and Relu behind Relu, are one; a Clip behind a Relu stays."""
    before = draft.producer(layer.inputs[0]) if layer.op in ("Relu", "Clip") else None
    if before is None or not draft.is_float(layer.outputs[0]) or before.outputs[0] in draft.outputs:
        return False
    if before.op == layer.op == "Relu":
        if draft.sole_consumer(before.outputs[0]) is not layer:
            return bypass(draft, layer) or rename(draft, layer)
        draft.replace([before, layer], [make_layer("Relu", before.inputs, layer.outputs)])
        return True
    outer, inner = limits_of(draft, layer), limits_of(draft, before)
    if before.op != "Clip" or outer is None or inner is None or not _leads_to(draft, before, layer):
        return False
    if max(outer[0], inner[0]) > min(outer[1], inner[1]):
        return False
    clip = clip_layer(draft, before.inputs[0], layer.outputs[0], max(outer[0], inner[0]), min(outer[1], inner[1]))
    if layer.op == "Clip":
        draft.replace([before, layer], [clip])
        return True
    origins, absorbed = (*before.origins, *layer.origins), (*before.absorbed, before.outputs[0])
    draft.replace([layer], [])
    draft.replace([before], [replace(clip, origins=origins, absorbed=absorbed)])  # it stays where it stood
    return True


def bounds_to_clip(draft: Draft, layer: DeployedLayer) -> bool:
    """Min(Max(x, a), b) -> Clip, where a and b are numbers."""
    outer = _bound(draft, layer, "Min")
    before = draft.producer(outer[0]) if outer is not None else None
    inner = _bound(draft, before, "Max") if before is not None else None
    if outer is None or inner is None or before is None or not _leads_to(draft, before, layer):
        return False
    if inner[1] > outer[1]:
        return False
    draft.replace([before, layer], [clip_layer(draft, inner[0], layer.outputs[0], inner[1], outer[1])])
    return True


def limits_of(draft: Draft, layer: DeployedLayer) -> tuple[float, float] | None:
    """The bounds of a Relu or Clip; None where they are computed."""
    if layer.op == "Relu":
        return 0.0, HIGHEST
    bounds = [layer.attributes.get("min", LOWEST), layer.attributes.get("max", HIGHEST)]
    for position, name in enumerate(layer.inputs[1:3]):
        value = draft.value(name) if name else None
        if name and (value is None or value.size != 1):
            return None
        if value is not None:
            bounds[position] = float(value.reshape(-1)[0])
    return bounds[0], bounds[1]


def clip_layer(draft: Draft, source: str, given: str, low: float, high: float) -> DeployedLayer:
    """A Clip in the form that the network's opset has."""
    opset = next((item.version for item in draft.model.proto.opset_import if item.domain in ("", "ai.onnx")), 1)
    if opset < 11:
        return make_layer("Clip", (source,), (given,), min=low, max=high)
    ends = (("min", low), ("max", high))
    bounds = [draft.constant(f"{given}_{end}", np.asarray(value, np.float32)) for end, value in ends]
    return make_layer("Clip", (source, *bounds), (given,))


def _with_constant(draft: Draft, layer: DeployedLayer) -> tuple[str, np.ndarray] | None:
    """The computed and the constant operand of a sum or product."""
    if layer.op not in ("Add", "Mul"):
        return None
    for name, other in (layer.inputs, layer.inputs[::-1]):
        value = draft.value(other)
        if value is not None and value.dtype == np.float32 and _is_computed(draft, name):
            return name, value
    return None


def _second(draft: Draft, layer: DeployedLayer, op: str) -> np.ndarray | None:
    """The constant that a layer divides by or subtracts."""
    if layer.op != op or not _is_computed(draft, layer.inputs[0]):
        return None
    value = draft.value(layer.inputs[1])
    return value if value is not None and value.dtype == np.float32 else None


def _bound(draft: Draft, layer: DeployedLayer, op: str) -> tuple[str, float] | None:
    """The computed operand of a Min or Max and the number that bounds it."""
    if layer.op != op or len(layer.inputs) != 2 or not draft.is_float(layer.outputs[0]):
        return None
    for name, other in (layer.inputs, layer.inputs[::-1]):
        value = draft.value(other)
        if value is not None and value.size == 1 and draft.shape(name) == draft.shape(layer.outputs[0]):
            return name, float(value.reshape(-1)[0])
    return None


def _leads_to(draft: Draft, before: DeployedLayer, layer: DeployedLayer) -> bool:
    """Whether only `layer` takes what is before it, and the network's own quantization does not store that."""
    return draft.sole_consumer(before.outputs[0]) is layer and before.outputs[0] not in draft.grids


def _is_computed(draft: Draft, name: str) -> bool:
    return draft.is_float(name) and name not in draft.constants


def _single(draft: Draft, layer: DeployedLayer, value: float) -> np.ndarray:
    """A constant of one number with as many dimensions as what the layer gives."""
    return np.full((1,) * len(draft.shape(layer.outputs[0]) or ()), value, np.float32)

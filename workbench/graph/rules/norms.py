"""Norms over one axis: InstanceNormalization, LayerNormalization, LpNormalization, however the network spells them.

Source: the toolkit's graphs of single operators; quantization semantics §5.1 (exNorm).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import onnx
from onnx import helper

from workbench.graph.deployed import NORM, DeployedLayer, make_layer
from workbench.graph.draft import Draft
from workbench.graph.rules.kernels import float_constant, numbered, own_name
from workbench.graph.rules.reshapes import reshape

LAYER, LENGTH, PIXEL = b"layer", b"l2", b"pixel"
PLACES_FIRST = [2, 3, 0, 1]


@dataclass(frozen=True)
class Kind:
    """(x − mean) / √(variance + ε) with factors and terms; x / max(√(Σ x²), ε); or x / √(Σ x² + ε), as `PIXEL`."""

    mode: bytes
    epsilon: float
    values: tuple[np.ndarray, ...] = ()


def instance_to_norm(draft: Draft, layer: DeployedLayer) -> bool:
    """Transpose, Reshape, exNorm, Mul, Add, Reshape and Transpose, for one picture of known size."""
    shape = draft.shape(layer.inputs[0]) if layer.op == "InstanceNormalization" else None
    if shape is None or len(shape) != 4 or shape[0] != 1 or not draft.is_float(layer.inputs[0]):
        return False
    values = [float_constant(draft, name) for name in layer.inputs[1:3]]
    if values[0] is None or values[1] is None or layer.inputs[0] in draft.grids:
        return False
    source, name = layer.inputs[0], own_name(layer)
    count, places = shape[1], shape[2] * shape[3]
    turned = draft.tensor(numbered(draft, f"{source}_tp"), (*shape[2:], 1, count))
    flat = draft.tensor(numbered(draft, f"{turned}_rs"), (1, places, 1, count))
    normed = draft.tensor(numbered(draft, f"{flat}_norm"), (1, places, 1, count))
    scaled = draft.tensor(numbered(draft, f"{normed}_mul"), (1, places, 1, count))
    moved = draft.tensor(f"{name}#1", (1, places, 1, count))
    back = draft.tensor(f"{name}#1_rs", (*shape[2:], 1, count))
    factor, term = (
        draft.constant(f"{given}_i1", value.reshape(1, 1, 1, -1))
        for given, value in zip((scaled, moved), values, strict=True)
        if value is not None
    )
    layers = [
        make_layer("Transpose", (source,), (turned,), perm=PLACES_FIRST),
        reshape(draft, turned, flat),
        norm_layer(draft, flat, normed, Kind(LAYER, float(layer.attributes.get("epsilon", 1e-5)))),
        make_layer("Mul", (normed, factor), (scaled,)),
        make_layer("Add", (scaled, term), (moved,)),
        reshape(draft, moved, back),
        make_layer("Transpose", (back,), layer.outputs, perm=PLACES_FIRST),
    ]
    draft.replace([layer], layers)
    return True


def norm_layer(draft: Draft, source: str, output: str, kind: Kind) -> DeployedLayer:
    """A norm over axis 1 of four.

    Its inputs are what it norms, ε, the axis if the opset wants it so, and factors and terms [1, C, 1, 1].
    """
    inputs = [source, draft.constant(f"{output}_epsilon", np.asarray(kind.epsilon, np.float32))]
    if _takes_axes(kind.mode, draft.opset):
        inputs.append(draft.constant(f"{output}_axes", np.asarray([1], np.int64)))
    for end, value in zip(("factor", "term"), kind.values, strict=False):
        inputs.append(draft.constant(f"{output}_{end}", value.reshape(1, -1, 1, 1)))
    return make_layer(NORM, inputs, (output,), axes=[1], eps=kind.epsilon, mode=kind.mode, opset=draft.opset)


def spelled_norm(layer: DeployedLayer, inputs: Sequence[str], outputs: Sequence[str]) -> list[onnx.NodeProto]:
    """The operators of a norm, in the toolkit's order."""
    source, target, mode = inputs[0], outputs[0], layer.attributes["mode"]
    takes_axes = _takes_axes(mode, layer.attributes["opset"])
    axes = [inputs[2]] if takes_axes else []
    known = {"keepdims": 1} if axes else {"keepdims": 1, "axes": list(layer.attributes["axes"])}
    values = list(inputs[3 if takes_axes else 2 :])
    steps = ["mean", "rest", "square", "variance", "sum", "root", "normed", "scaled"]
    mean, rest, square, variance, sum_, root, normed, scaled = (f"{target}:{name}" for name in steps)
    if mode != LAYER:
        bounded = [("Sqrt", [sum_], root), ("Max", [root, inputs[1]], normed)]
        added = [("Add", [sum_, inputs[1]], root), ("Sqrt", [root], normed)]
        return [
            helper.make_node("Mul", [source, source], [square]),
            helper.make_node("ReduceSum", [square, *axes], [sum_], **known),
            *(helper.make_node(op, taken, [given]) for op, taken, given in (bounded if mode == LENGTH else added)),
            helper.make_node("Div", [source, normed], [target]),
        ]
    nodes = [
        helper.make_node("ReduceMean", [source, *axes], [mean], **known),
        helper.make_node("Sub", [source, mean], [rest]),
        helper.make_node("Mul", [rest, rest], [square]),
        helper.make_node("ReduceMean", [square, *axes], [variance], **known),
        helper.make_node("Add", [variance, inputs[1]], [sum_]),
        helper.make_node("Sqrt", [sum_], [root]),
        helper.make_node("Div", [rest, root], [normed if values else target]),
    ]
    ends = [scaled, target] if len(values) > 1 else [target]
    for op, value, taken, given in zip(("Mul", "Add"), values, (normed, scaled), ends, strict=False):
        nodes.append(helper.make_node(op, [taken, value], [given]))
    return nodes


def _takes_axes(mode: bytes, opset: int) -> bool:
    """Whether the reduction that spells a norm takes its axes as an input."""
    return opset >= (18 if mode == LAYER else 13)

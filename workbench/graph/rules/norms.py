"""InstanceNormalization: on the NPU a norm over the places of a picture, a product and a sum.

Source: the toolkit's graphs of single operators; quantization semantics §5.1 (exNorm).
"""

from collections.abc import Sequence

import numpy as np
import onnx
from onnx import helper

from workbench.graph.deployed import DeployedLayer, make_layer
from workbench.graph.draft import Draft
from workbench.graph.rules.kernels import float_constant, numbered, opset_of, own_name
from workbench.graph.rules.reshapes import reshape

NORM = "exNorm"
PLACES_FIRST = [2, 3, 0, 1]


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
        _norm(draft, flat, normed, layer.attributes.get("epsilon", 1e-5)),
        make_layer("Mul", (normed, factor), (scaled,)),
        make_layer("Add", (scaled, term), (moved,)),
        reshape(draft, moved, back),
        make_layer("Transpose", (back,), layer.outputs, perm=PLACES_FIRST),
    ]
    draft.replace([layer], layers)
    return True


def spelled_norm(layer: DeployedLayer, inputs: Sequence[str], outputs: Sequence[str]) -> list[onnx.NodeProto]:
    """(x − mean) / √(variance + ε), in the toolkit's order of operations."""
    source, target = inputs[0], outputs[0]
    axes = [inputs[2]] if len(inputs) > 2 else []
    known = {"keepdims": 1} if axes else {"keepdims": 1, "axes": list(layer.attributes["axes"])}
    mean, rest, square, variance, sum_, root = (
        f"{target}:{name}" for name in ("mean", "rest", "square", "variance", "sum", "root")
    )
    return [
        helper.make_node("ReduceMean", [source, *axes], [mean], **known),
        helper.make_node("Sub", [source, mean], [rest]),
        helper.make_node("Mul", [rest, rest], [square]),
        helper.make_node("ReduceMean", [square, *axes], [variance], **known),
        helper.make_node("Add", [variance, inputs[1]], [sum_]),
        helper.make_node("Sqrt", [sum_], [root]),
        helper.make_node("Div", [rest, root], [target]),
    ]


def _norm(draft: Draft, source: str, output: str, epsilon: float) -> DeployedLayer:
    """A norm over axis 1; its inputs are what it norms, ε and, since opset 18, the axis."""
    inputs = [source, draft.constant(f"{output}_epsilon", np.asarray(epsilon, np.float32))]
    if opset_of(draft) >= 18:
        inputs.append(draft.constant(f"{output}_axes", np.asarray([1], np.int64)))
    return make_layer(NORM, inputs, (output,), axes=[1], eps=epsilon, mode=b"layer")

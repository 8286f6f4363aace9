"""Deployed layers as standard ONNX nodes."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import onnx
from onnx import helper

from workbench.graph.deployed import CONVERT, GELU, MISH, SOFTMAX, SWISH, DeployedLayer, rewired
from workbench.graph.execute import inputs_of
from workbench.graph.rules.averages import WINDOW, spelled_average

NUMBER = "number:"  # and its value: no name of a network's own constant
ONE = f"{NUMBER}1.0"


def needed_constants(nodes: Sequence[onnx.NodeProto], constants: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """The constants that some nodes read."""
    used = set().union(*(inputs_of(node) for node in nodes)) if nodes else set()
    found = {name: constants[name] for name in used if name in constants}
    numbers = {name: np.float32(name.removeprefix(NUMBER)) for name in used if name.startswith(NUMBER)}
    return {**found, **{name: np.asarray(value) for name, value in numbers.items()}}


def emit(layer: DeployedLayer, inputs: Sequence[str], outputs: Sequence[str]) -> list[onnx.NodeProto]:
    """The nodes that compute a layer in float from `inputs`, given in the order of `layer.inputs`."""
    if layer.op == CONVERT:
        return [helper.make_node("Identity", inputs, outputs)]
    if layer.op == SOFTMAX:
        return _softmax(layer, inputs[0], outputs[0])
    if layer.op == SWISH:
        return _swish(inputs[0], outputs[0], layer.attributes.get("beta", 1.0))
    if layer.op == GELU:
        return _gelu(inputs[0], outputs[0])
    if layer.op == MISH:
        return _mish(inputs[0], outputs[0])
    if layer.op == "BatchNormalization" and not layer.proto.op_type:
        scaled = helper.make_node("Mul", inputs[:2], [f"{outputs[0]}:scaled"])
        return [scaled, helper.make_node("Add", [f"{outputs[0]}:scaled", inputs[2]], outputs)]
    if WINDOW in layer.attributes:
        return spelled_average(layer, inputs, outputs)
    if layer.op == "HardSwish":
        return _hard_swish(inputs[0], outputs[0])
    if "reshape_input" in layer.attributes:
        column = f"{outputs[0]}:column"
        reshape = helper.make_node("Reshape", [inputs[0], layer.attributes["reshape_input"]], [column])
        return [reshape, rewired(layer.proto, (column, *inputs[1:]), outputs)]
    return [rewired(layer.proto, inputs, outputs)]


def _softmax(layer: DeployedLayer, source: str, target: str) -> list[onnx.NodeProto]:
    """Along one axis; before opset 13 Softmax knew that for the last one only."""
    order = layer.attributes.get("order")
    if order is None:
        return [helper.make_node("Softmax", [source], [target], axis=layer.attributes["axis"])]
    first, last = f"{target}:first", f"{target}:last"
    return [
        helper.make_node("Transpose", [source], [first], perm=order),
        helper.make_node("Softmax", [first], [last], axis=len(order) - 1),
        helper.make_node("Transpose", [last], [target], perm=[int(axis) for axis in np.argsort(order)]),
    ]


def _hard_swish(source: str, target: str) -> list[onnx.NodeProto]:
    """The definition of ONNX, which has the operator itself from opset 14 on only."""
    gate = helper.make_node("HardSigmoid", [source], [f"{target}:gate"], alpha=1 / 6, beta=0.5)
    return [gate, helper.make_node("Mul", [source, f"{target}:gate"], [target])]


Steps = tuple[tuple[str, list[str], str, dict[str, Any]], ...]
DOUBLE, FLOAT = {"to": onnx.TensorProto.DOUBLE}, {"to": onnx.TensorProto.FLOAT}


def _swish(source: str, target: str, beta: float) -> list[onnx.NodeProto]:
    """x / (1 + exp(-βx)) with the exponential in double: the toolkit's bits. Source: quantization semantics §11."""
    scaled = source if beta == 1.0 else f"{target}:scaled"
    steps: Steps = (
        ("Cast", [scaled], "double", DOUBLE),
        ("Neg", [f"{target}:double"], "negative", {}),
        ("Exp", [f"{target}:negative"], "power", {}),
        ("Cast", [f"{target}:power"], "single", FLOAT),
        ("Add", [f"{target}:single", ONE], "sum", {}),
        ("Div", [ONE, f"{target}:sum"], "gate", {}),
    )
    if beta != 1.0:
        steps = (("Mul", [source, f"{NUMBER}{np.float32(beta)!s}"], "scaled", {}), *steps)
    return [*_spelled(steps, target), helper.make_node("Mul", [source, f"{target}:gate"], [target])]


def _gelu(source: str, target: str) -> list[onnx.NodeProto]:
    """x · ½ · (1 + erf(x / √2)); the toolkit's erf differs by an ulp on 6 % of inputs. Source: §5.1."""
    steps: Steps = (
        ("Div", [source, f"{NUMBER}{np.float32(np.sqrt(2))!s}"], "scaled", {}),
        ("Erf", [f"{target}:scaled"], "erf", {}),
        ("Add", [f"{target}:erf", ONE], "gate", {}),
        ("Mul", [source, f"{NUMBER}0.5"], "half", {}),
    )
    return [*_spelled(steps, target), helper.make_node("Mul", [f"{target}:half", f"{target}:gate"], [target])]


def _mish(source: str, target: str) -> list[onnx.NodeProto]:
    """x · tanh(log(1 + exp(x))), every function in double and its value rounded to float."""
    steps: Steps = (
        ("Cast", [source], "double", DOUBLE),
        ("Exp", [f"{target}:double"], "power", {}),
        ("Cast", [f"{target}:power"], "single", FLOAT),
        ("Add", [f"{target}:single", ONE], "sum", {}),
        ("Cast", [f"{target}:sum"], "sum:double", DOUBLE),
        ("Log", [f"{target}:sum:double"], "softplus:double", {}),
        ("Cast", [f"{target}:softplus:double"], "softplus", FLOAT),
        ("Cast", [f"{target}:softplus"], "softplus:again", DOUBLE),
        ("Tanh", [f"{target}:softplus:again"], "gate:double", {}),
        ("Cast", [f"{target}:gate:double"], "gate", FLOAT),
    )
    return [*_spelled(steps, target), helper.make_node("Mul", [source, f"{target}:gate"], [target])]


def _spelled(steps: Steps, target: str) -> list[onnx.NodeProto]:
    return [helper.make_node(op, takes, [f"{target}:{gives}"], **more) for op, takes, gives, more in steps]

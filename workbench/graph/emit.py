"""Deployed layers as standard ONNX nodes."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import onnx
from onnx import helper

from workbench.graph.deployed import (
    ATTENTION,
    CONVERT,
    GELU,
    MISH,
    NORM,
    PRODUCT,
    SOFTMAX,
    SWISH,
    DeployedLayer,
    rewired,
)
from workbench.graph.execute import inputs_of
from workbench.graph.rules.attention import spelled_attention
from workbench.graph.rules.averages import WINDOW, spelled_average
from workbench.graph.rules.norms import spelled_norm
from workbench.graph.rules.products import spelled_product

NUMBER = "number:"  # and its value: no name of a network's own constant
ONE = f"{NUMBER}1.0"
WIDE = "number64:"
# of expf in the C library that the toolkit's SciPy calls: 2^(k/32) times a polynomial of degree 3 (glibc, e_expf.c)
STEPS = 32
INVERSE_LN2 = float.fromhex("0x1.71547652b82fep+0") * STEPS
POLYNOMIAL = tuple(
    float.fromhex(number) / STEPS**power
    for power, number in ((3, "0x1.c6af84b912394p-5"), (2, "0x1.ebfce50fac4f3p-3"), (1, "0x1.62e42ff0c52d6p-1"))
)
ROUNDING = 1.5 * 2**52  # added and subtracted again, it rounds a double to an integer


def needed_constants(nodes: Sequence[onnx.NodeProto], constants: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """The constants that some nodes read."""
    used = set().union(*(inputs_of(node) for node in nodes)) if nodes else set()
    found = {name: constants[name] for name in used if name in constants}
    wide = {name: np.asarray(float(name.removeprefix(WIDE))) for name in used if name.startswith(WIDE)}
    numbers = {name: np.float32(name.removeprefix(NUMBER)) for name in used if name.startswith(NUMBER)}
    return {**found, **wide, **{name: np.asarray(value) for name, value in numbers.items()}}


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
    if layer.op == PRODUCT:
        return spelled_product(inputs, outputs)
    if layer.op == ATTENTION:
        return spelled_attention(layer, inputs, outputs)
    if layer.op == NORM:
        return spelled_norm(layer, inputs, outputs)
    if WINDOW in layer.attributes:
        return spelled_average(layer, inputs, outputs)
    if layer.op == "HardSwish":
        return _hard_swish(inputs[0], outputs[0])
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


def emit_to_the_bit(layer: DeployedLayer, inputs: Sequence[str], outputs: Sequence[str]) -> list[onnx.NodeProto]:
    """As `emit`, with SiLU's last bit as well: 2.5 times slower, and only of use where nothing rounds it away.

    Checked against scipy.special.expit on 2.5 million float32 numbers: no difference (`emit`: 0.026 %).
    """
    return _swish_to_the_bit(layer, inputs[0], outputs[0]) if layer.op == SWISH else emit(layer, inputs, outputs)


def _swish_to_the_bit(layer: DeployedLayer, source: str, target: str) -> list[onnx.NodeProto]:
    beta = layer.attributes.get("beta", 1.0)

    def name(end: str) -> str:
        return f"{target}:{end}"

    def wide(number: float) -> str:
        return f"{WIDE}{number!r}"

    first: Steps = (("Mul", [source, f"{NUMBER}{np.float32(beta)!s}"], "scaled", {}),) if beta != 1.0 else ()
    steps: Steps = (
        *first,
        ("Cast", [name("scaled") if first else source], "double", DOUBLE),
        ("Mul", [name("double"), wide(-INVERSE_LN2)], "steps", {}),
        ("Add", [name("steps"), wide(ROUNDING)], "shifted", {}),
        ("Sub", [name("shifted"), wide(ROUNDING)], "whole", {}),
        ("Sub", [name("steps"), name("whole")], "rest", {}),
        ("Mul", [name("rest"), wide(POLYNOMIAL[0])], "cubic", {}),
        ("Add", [name("cubic"), wide(POLYNOMIAL[1])], "square", {}),
        ("Mul", [name("square"), name("rest")], "squared", {}),
        ("Add", [name("squared"), wide(POLYNOMIAL[2])], "linear", {}),
        ("Mul", [name("linear"), name("rest")], "part", {}),
        ("Mul", [name("whole"), wide(math.log(2) / STEPS)], "logarithm", {}),
        ("Exp", [name("logarithm")], "exponential", {}),
        ("Mul", [name("part"), name("exponential")], "more", {}),
        ("Add", [name("more"), name("exponential")], "power", {}),
        ("Cast", [name("power")], "single", FLOAT),
        ("Add", [name("single"), ONE], "sum", {}),
        ("Div", [ONE, name("sum")], "gate", {}),
    )
    return [*_spelled(steps, target), helper.make_node("Mul", [source, name("gate")], [target])]


def _swish(source: str, target: str, beta: float) -> list[onnx.NodeProto]:
    """x / (1 + exp(-βx)) with the exponential in double: the toolkit's bits. Source: quantization semantics §11."""
    scaled = source if beta == 1.0 else f"{target}:scaled"
    steps: Steps = (
        ("Neg", [scaled], "negative", {}),
        ("Cast", [f"{target}:negative"], "double", DOUBLE),
        ("Exp", [f"{target}:double"], "power", {}),
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

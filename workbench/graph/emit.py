"""Deployed layers as standard ONNX nodes."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import onnx
from onnx import helper

from workbench.graph.deployed import CONVERT, SWISH, DeployedLayer, rewired
from workbench.graph.execute import inputs_of

ONE = "one:"  # no name of a network's own constant


def needed_constants(nodes: Sequence[onnx.NodeProto], constants: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """The constants that some nodes read."""
    used = set().union(*(inputs_of(node) for node in nodes)) if nodes else set()
    found = {name: constants[name] for name in used if name in constants}
    return {**found, ONE: np.float32(1)} if ONE in used else found  # type: ignore[dict-item]


def emit(layer: DeployedLayer, inputs: Sequence[str], outputs: Sequence[str]) -> list[onnx.NodeProto]:
    """The nodes that compute a layer in float from `inputs`, given in the order of `layer.inputs`."""
    if layer.op == CONVERT:
        return [helper.make_node("Identity", inputs, outputs)]
    if layer.op == SWISH:
        return _swish(inputs[0], outputs[0])
    if layer.op == "HardSwish":
        return _hard_swish(inputs[0], outputs[0])
    if "reshape_input" in layer.attributes:
        column = f"{outputs[0]}:column"
        reshape = helper.make_node("Reshape", [inputs[0], layer.attributes["reshape_input"]], [column])
        return [reshape, rewired(layer.proto, (column, *inputs[1:]), outputs)]
    return [rewired(layer.proto, inputs, outputs)]


def _hard_swish(source: str, target: str) -> list[onnx.NodeProto]:
    """The definition of ONNX, which has the operator itself from opset 14 on only."""
    gate = helper.make_node("HardSigmoid", [source], [f"{target}:gate"], alpha=1 / 6, beta=0.5)
    return [gate, helper.make_node("Mul", [source, f"{target}:gate"], [target])]


def _swish(source: str, target: str) -> list[onnx.NodeProto]:
    """x / (1 + exp(-x)) with the exponential in double: the toolkit's bits. Source: quantization semantics §11."""
    steps: tuple[tuple[str, list[str], str, dict[str, Any]], ...] = (
        ("Cast", [source], "double", {"to": onnx.TensorProto.DOUBLE}),
        ("Neg", [f"{target}:double"], "negative", {}),
        ("Exp", [f"{target}:negative"], "power", {}),
        ("Cast", [f"{target}:power"], "single", {"to": onnx.TensorProto.FLOAT}),
        ("Add", [f"{target}:single", ONE], "sum", {}),
        ("Div", [ONE, f"{target}:sum"], "gate", {}),
    )
    nodes = [helper.make_node(op, takes, [f"{target}:{gives}"], **more) for op, takes, gives, more in steps]
    return [*nodes, helper.make_node("Mul", [source, f"{target}:gate"], [target])]

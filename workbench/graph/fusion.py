"""Derive the deployed graph of a network, with the way back to the user's layers.

Shape arithmetic is folded to constants, BatchNormalization into Conv; x·sigmoid(x) becomes one operator, global pooling
and Gemm become Conv. Source: quantization semantics §6.
"""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import onnx
from onnx import helper

from workbench.foundation.steps import Steps
from workbench.graph.dense import gemm_to_conv, pool_to_conv
from workbench.graph.deployed import SWISH, Deployed, DeployedLayer, free_name, rewired
from workbench.graph.execute import inputs_of
from workbench.graph.folding import fold_constants
from workbench.graph.graph import Model

PASS_THROUGH = frozenset({"Identity", "Dropout"})


def deploy(model: Model) -> Steps[Deployed]:
    """Derive the deployed graph of a network."""
    constants = dict(model.constants)
    constants |= yield from fold_constants(model)
    layers = [_layer(node) for node in model.proto.graph.node if not set(node.output) - {""} <= constants.keys()]
    deployed = Deployed(model, tuple(layers), constants, dict(model.graph.tensors), {})
    for rule in (_drop_identities, _fold_batch_norm, _merge_swish, pool_to_conv, gemm_to_conv):
        deployed = rule(deployed)
    golden = {name: name for layer in deployed.layers for name in layer.outputs if name in model.graph.tensors}
    golden |= {tensor.name: tensor.name for tensor in model.graph.inputs}
    return replace(deployed, golden_of={**golden, **deployed.golden_of})


def _layer(node: onnx.NodeProto) -> DeployedLayer:
    attributes = {
        item.name: helper.get_attribute_value(item)
        for item in node.attribute
        if item.type not in (onnx.AttributeProto.GRAPH, onnx.AttributeProto.GRAPHS)
    }
    return DeployedLayer(node.op_type, tuple(node.input), tuple(node.output), (node.name,), (), attributes, node)


def _drop_identities(graph: Deployed) -> Deployed:
    """Identity and Dropout compute nothing; one that gives an output of the network stays."""
    renamed: dict[str, str] = {}
    layers = []
    captured = set().union(*(inputs_of(layer.proto) - set(layer.inputs) for layer in graph.layers))
    masks = {name for layer in graph.layers for name in layer.outputs[1:]} & graph.consumers.keys()
    needed = graph.outputs | captured | masks  # names that subgraphs take cannot be changed from outside
    for layer in graph.layers:
        layer = _with_inputs(layer, renamed)
        if layer.op in PASS_THROUGH and not needed & set(layer.outputs) and graph.is_float(layer.outputs[0]):
            renamed[layer.outputs[0]] = layer.inputs[0]
        else:
            layers.append(layer)
    return replace(graph, layers=tuple(layers))


def _with_inputs(layer: DeployedLayer, renamed: Mapping[str, str]) -> DeployedLayer:
    if not any(name in renamed for name in layer.inputs):
        return layer
    inputs = tuple(renamed.get(name, name) for name in layer.inputs)
    return replace(layer, inputs=inputs, proto=rewired(layer.proto, inputs, layer.outputs))


def _fold_batch_norm(graph: Deployed) -> Deployed:
    """Conv + BatchNormalization -> Conv, with the toolkit's float32 arithmetic (bit-identical weights and biases).

    w' = w·(γ/√(σ²+ε)); b' = b·(γ/√(σ²+ε)) + (β − μ·γ/√(σ²+ε)). The result is named as BatchNormalization's output.
    """
    constants = dict(graph.constants)
    folded: dict[int, DeployedLayer] = {}
    gone: set[int] = set()
    for norm in graph.layers:
        conv = graph.producers.get(norm.inputs[0]) if norm.op == "BatchNormalization" else None
        if conv is None or not _folds(graph, conv, norm):
            continue
        weight, bias = _folded(graph.constants, conv, norm)
        names = [free_name(graph, f"{norm.outputs[0]}_{end}") for end in ("weight", "bias")]
        constants.update(zip(names, (weight, bias), strict=True))
        inputs = (conv.inputs[0], *names)
        folded[id(norm)] = replace(
            conv,
            inputs=inputs,
            outputs=(norm.outputs[0],),
            origins=(*conv.origins, *norm.origins),
            absorbed=(*conv.absorbed, conv.outputs[0]),
            proto=rewired(conv.proto, inputs, norm.outputs[:1]),
        )
        gone.add(id(conv))
    layers = tuple(folded.get(id(layer), layer) for layer in graph.layers if id(layer) not in gone)
    return replace(graph, layers=layers, constants=constants)


def _folds(graph: Deployed, conv: DeployedLayer, norm: DeployedLayer) -> bool:
    return (
        conv.op in ("Conv", "ConvTranspose")
        and graph.is_float(norm.outputs[0])
        and len([name for name in norm.outputs if name]) == 1
        and all(name in graph.constants for name in (*conv.inputs[1:], *norm.inputs[1:]) if name)
        and graph.sole_consumer(conv.outputs[0]) is norm
        and (conv.op == "Conv" or conv.attributes.get("group", 1) == 1)
    )


def _folded(
    constants: Mapping[str, np.ndarray], conv: DeployedLayer, norm: DeployedLayer
) -> tuple[np.ndarray, np.ndarray]:
    weight = constants[conv.inputs[1]]
    gamma, beta, mean, variance = (constants[name] for name in norm.inputs[1:5])
    bias = constants[conv.inputs[2]] if len(conv.inputs) > 2 and conv.inputs[2] else np.float32(0)
    deviation = np.sqrt(variance + np.float32(norm.attributes.get("epsilon", 1e-5)))
    shape = [1] * weight.ndim
    shape[0 if conv.op == "Conv" else 1] = -1
    return weight * (gamma / deviation).reshape(shape), bias * (gamma / deviation) + (beta - mean * gamma / deviation)


def _merge_swish(graph: Deployed) -> Deployed:
    """x · Sigmoid(x) -> exSwish, where nothing else takes the Sigmoid."""
    merged: dict[int, DeployedLayer] = {}
    gone: set[int] = set()
    for layer in graph.layers:
        gate = _gate_of(graph, layer)
        if gate is not None:
            merged[id(layer)] = DeployedLayer(
                SWISH, gate.inputs, layer.outputs, (*gate.origins, *layer.origins), gate.outputs
            )
            gone.add(id(gate))
    layers = tuple(merged.get(id(layer), layer) for layer in graph.layers if id(layer) not in gone)
    return replace(graph, layers=layers)


def _gate_of(graph: Deployed, layer: DeployedLayer) -> DeployedLayer | None:
    if layer.op != "Mul":
        return None
    for gated, other in (layer.inputs, layer.inputs[::-1]):
        gate = graph.producers.get(gated)
        if gate is not None and gate.op == "Sigmoid" and gate.inputs[0] == other and graph.is_float(other):
            return gate if graph.sole_consumer(gated) is layer else None
    return None

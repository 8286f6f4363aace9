"""The deployed graph: what the NPU computes of a network, with the way back to the user's layers.

Derived here: shape arithmetic folded to constants, BatchNormalization folded into Conv, x·sigmoid(x) made one
operator, global pooling and Gemm turned into Conv. Source: quantization semantics §6.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
import onnx
from onnx import helper

from workbench.foundation.steps import Steps
from workbench.graph.execute import assemble, inputs_of, open_session, run_session
from workbench.graph.graph import Model, Tensor

SWISH = "exSwish"
CONVERT = "exDataConvert"
PASS_THROUGH = frozenset({"Identity", "Dropout"})
OWN_QUANTIZATION = frozenset(
    {"QuantizeLinear", "DequantizeLinear", "DynamicQuantizeLinear", "MatMulInteger", "ConvInteger"}
)


@dataclass(frozen=True)
class DeployedLayer:
    """An operator of the deployed graph.

    `origins` are the names of the user's layers that it stands for, `absorbed` the user's tensors that vanished in it.
    `proto` computes it in float; SWISH and CONVERT are ours and have an empty one.
    """

    op: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    origins: tuple[str, ...]
    absorbed: tuple[str, ...] = ()
    attributes: Mapping[str, Any] = field(default_factory=dict)
    proto: onnx.NodeProto = field(default_factory=onnx.NodeProto)


@dataclass(frozen=True)
class Deployed:
    """Layers in execution order, and the constants they take.

    `golden_of` names the user's tensor that holds the same values, for every tensor that has one.
    """

    model: Model
    layers: tuple[DeployedLayer, ...]
    constants: Mapping[str, np.ndarray]
    tensors: Mapping[str, Tensor]
    golden_of: Mapping[str, str]

    @cached_property
    def producers(self) -> Mapping[str, DeployedLayer]:
        """The layer that gives each tensor."""
        return {name: layer for layer in self.layers for name in layer.outputs if name}

    @cached_property
    def consumers(self) -> Mapping[str, tuple[DeployedLayer, ...]]:
        """The layers that take each tensor."""
        found: dict[str, list[DeployedLayer]] = {}
        for layer in self.layers:
            names = inputs_of(layer.proto) if layer.proto.op_type else set(layer.inputs)
            for name in dict.fromkeys((*layer.inputs, *sorted(names))):
                if name:
                    found.setdefault(name, []).append(layer)
        return {name: tuple(layers) for name, layers in found.items()}

    @cached_property
    def outputs(self) -> frozenset[str]:
        """The names of the network's outputs."""
        return frozenset(tensor.name for tensor in self.model.graph.outputs)

    @property
    def is_quantized(self) -> bool:
        """Whether the network brings its own quantization: QDQ pairs or integer operators.

        A lone QuantizeLinear only gives an integer output; the network before it is float.
        """
        return any(
            layer.op in OWN_QUANTIZATION - {"QuantizeLinear"} or layer.op.startswith(("QLinear", "QGemm"))
            for layer in self.layers
        )

    def is_float(self, tensor: str) -> bool:
        """Whether a tensor is known to hold float32 values."""
        return tensor in self.tensors and self.tensors[tensor].dtype == "float32"

    def sole_consumer(self, tensor: str) -> DeployedLayer | None:
        """The only layer that takes `tensor`, unless it is also an output of the network."""
        takers = self.consumers.get(tensor, ())
        return takers[0] if len(takers) == 1 and tensor not in self.outputs else None


def deploy(model: Model) -> Steps[Deployed]:
    """Derive the deployed graph of a network."""
    constants = dict(model.constants)
    constants |= yield from _fold_constants(model)
    layers = [_layer(node) for node in model.proto.graph.node if not set(node.output) - {""} <= constants.keys()]
    deployed = Deployed(model, tuple(layers), constants, dict(model.graph.tensors), {})
    for rule in (_drop_identities, _fold_batch_norm, _merge_swish, _pool_to_conv, _gemm_to_conv):
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


def _fold_constants(model: Model) -> Steps[dict[str, np.ndarray]]:
    """Values that depend on no input: shape arithmetic of exported networks, mostly."""
    known = set(model.constants)
    nodes: list[onnx.NodeProto] = []
    outputs: list[str] = []
    for node in model.proto.graph.node:
        # a constant subgraph of a quantised network is its weights, which must stay as they are
        if node.op_type in OWN_QUANTIZATION or not _is_constant(node, known, model):
            continue
        known.update(node.output)
        nodes.append(node)
        outputs.extend(name for name in node.output if name)
    if not nodes:
        return {}
    shapes = {name: _shape_of(model, name) for node in nodes if node.op_type == "Shape" for name in node.input}
    feeds = {
        name: np.zeros(shape, model.graph.tensors[name].dtype or "float32")
        for name, shape in shapes.items()
        if shape is not None and name not in known
    }
    used = set().union(*(inputs_of(node) for node in nodes))
    proto = assemble(
        nodes,
        [
            helper.make_tensor_value_info(name, helper.np_dtype_to_tensor_dtype(array.dtype), array.shape)
            for name, array in feeds.items()
        ],
        outputs,
        [item for item in model.proto.graph.initializer if item.name in used],
        model.proto,
    )
    arrays = yield from run_session(open_session(proto), outputs, feeds, "prepare")
    values = zip(outputs, arrays, strict=True)
    return {name: array for name, array in values if isinstance(array, np.ndarray)}  # no sequences


def _is_constant(node: onnx.NodeProto, known: set[str], model: Model) -> bool:
    if node.op_type.startswith("Random") or node.op_type in ("Multinomial", "Bernoulli"):
        return False
    if node.op_type == "Shape" and node.domain in ("", "ai.onnx"):
        return _shape_of(model, node.input[0]) is not None
    return inputs_of(node) <= known


def _shape_of(model: Model, name: str) -> tuple[int, ...] | None:
    tensor = model.graph.tensors.get(name)
    return tensor.static_shape if tensor is not None else None


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


def rewired(proto: onnx.NodeProto, inputs: Iterable[str], outputs: Iterable[str]) -> onnx.NodeProto:
    """The same operator between other tensors, named after its first output: names must not repeat in a graph."""
    node = onnx.NodeProto()
    node.CopyFrom(proto)
    del node.input[:], node.output[:]
    node.input.extend(inputs)
    node.output.extend(outputs)
    node.name = next(name for name in node.output if name)
    return node


def free_name(graph: Deployed, name: str) -> str:
    """`name`, or something like it that no tensor of the graph has."""
    while name in graph.tensors or name in graph.constants:
        name += "_"
    return name


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


def _pool_to_conv(graph: Deployed) -> Deployed:
    """GlobalAveragePool over at most 7x7 -> a depthwise Conv with weights 1/(h·w), as the toolkit does."""
    constants = dict(graph.constants)
    layers = []
    for layer in graph.layers:
        shape = graph.tensors[layer.inputs[0]].static_shape if layer.op == "GlobalAveragePool" else None
        if shape is None or len(shape) != 4 or max(shape[2:]) > 7 or not graph.is_float(layer.inputs[0]):
            layers.append(layer)
            continue
        weight, bias = (free_name(graph, f"{layer.outputs[0]}_{end}") for end in ("weight", "bias"))
        constants[weight] = np.full((shape[1], 1, *shape[2:]), 1 / (shape[2] * shape[3]), np.float32)
        constants[bias] = np.zeros(shape[1], np.float32)
        inputs = (layer.inputs[0], weight, bias)
        attributes: dict[str, Any] = {"group": shape[1], "kernel_shape": shape[2:], "strides": shape[2:]}
        proto = helper.make_node("Conv", inputs, layer.outputs, **attributes)
        layers.append(replace(layer, op="Conv", inputs=inputs, attributes=attributes, proto=proto))
    return replace(graph, layers=tuple(layers), constants=constants)


def _gemm_to_conv(graph: Deployed) -> Deployed:
    """Gemm and MatMul with constant weights on a matrix -> a 1x1 Conv `…_mm` and a Reshape back."""
    constants, tensors, golden = dict(graph.constants), dict(graph.tensors), dict(graph.golden_of)
    layers: list[DeployedLayer] = []
    for layer in graph.layers:
        parts = _matrix_of(graph, layer)
        if parts is None:
            layers.append(layer)
            continue
        weight, bias = parts
        name = layer.outputs[0]
        rows = tensors[name].static_shape or (1, 1)
        middle, *names = (free_name(graph, f"{name}_{end}") for end in ("mm", "weight", "bias", "columns", "rows"))
        columns = np.asarray([rows[0], weight.shape[1], 1, 1], np.int64)
        values = (weight.reshape(*weight.shape, 1, 1), bias, columns, np.asarray(rows, np.int64))
        constants.update(zip(names, values, strict=True))
        tensors[middle] = Tensor(middle, (*rows, 1, 1), "float32")
        golden[middle] = name
        layers.extend(_dense(layer, middle, names))
    return replace(graph, layers=tuple(layers), constants=constants, tensors=tensors, golden_of=golden)


def _dense(layer: DeployedLayer, middle: str, names: Sequence[str]) -> Iterator[DeployedLayer]:
    weight, bias, columns, rows = names
    inputs = (layer.inputs[0], weight, bias)
    proto = helper.make_node("Conv", inputs, [middle], kernel_shape=[1, 1])
    yield DeployedLayer("Conv", inputs, (middle,), layer.origins, (), {"reshape_input": columns}, proto)
    back = helper.make_node("Reshape", [middle, rows], layer.outputs)
    yield DeployedLayer("Reshape", tuple(back.input), layer.outputs, layer.origins, (), {}, back)


def _matrix_of(graph: Deployed, layer: DeployedLayer) -> tuple[np.ndarray, np.ndarray] | None:
    """The weights as [out, in] and the bias of a dense layer; None where it is no such layer."""
    if layer.op not in ("Gemm", "MatMul") or layer.inputs[1] not in graph.constants:
        return None
    taken, given = (graph.tensors.get(name) for name in (layer.inputs[0], layer.outputs[0]))
    weight = graph.constants[layer.inputs[1]]
    attributes = layer.attributes
    if taken is None or given is None or weight.ndim != 2 or weight.dtype != np.float32:
        return None
    if taken.static_shape is None or given.static_shape is None or len(taken.static_shape) != 2:
        return None
    if attributes.get("transA", 0) or attributes.get("alpha", 1.0) != 1.0 or attributes.get("beta", 1.0) != 1.0:
        return None
    weight = weight if attributes.get("transB", 0) else np.ascontiguousarray(weight.T)
    bias = _dense_bias(graph, layer, len(weight))
    return None if bias is None else (weight, bias)


def _dense_bias(graph: Deployed, layer: DeployedLayer, size: int) -> np.ndarray | None:
    if len(layer.inputs) < 3 or not layer.inputs[2]:
        return np.zeros(size, np.float32)
    bias = graph.constants.get(layer.inputs[2])
    if bias is None or bias.size not in (1, size) or bias.shape[:-1].count(1) != max(bias.ndim - 1, 0):
        return None
    return np.ascontiguousarray(np.broadcast_to(bias.reshape(-1), (size,)))

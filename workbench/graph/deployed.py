"""The nouns of the deployed graph: what the NPU computes of a network."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import onnx
from onnx import helper

from workbench.graph.execute import inputs_of
from workbench.graph.graph import Model, Tensor
from workbench.graph.grids import Grid

SWISH, GELU, MISH = "exSwish", "exGelu", "exMish"
CONVERT, SOFTMAX, PRODUCT, NORM = "exDataConvert", "exSoftmax13", "exMatMul", "exNorm"
ATTENTION, SPREAD = "exSDPAttention", "exConvTransposePad"
OWN_QUANTIZATION = frozenset(
    {"QuantizeLinear", "DequantizeLinear", "DynamicQuantizeLinear", "MatMulInteger", "ConvInteger"}
)


def quantizes(op: str) -> bool:
    """Whether an operator of ONNX is of a network's own quantization."""
    return op in OWN_QUANTIZATION or op.startswith(("QLinear", "QGemm"))


@dataclass(frozen=True)
class DeployedLayer:
    """An operator of the deployed graph.

    `origins` are the names of the user's layers that it stands for, `absorbed` the user's tensors that vanished in it.
    `proto` computes it in float; vendor operators (`ex…`) have an empty one and are spelled out in `emit`.
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

    `golden_of` names the user's tensor that holds the same values, for every tensor that has one. `grids` are those of
    the tensors and constants that the network's own quantization stores.
    """

    model: Model
    layers: tuple[DeployedLayer, ...]
    constants: Mapping[str, np.ndarray]
    tensors: Mapping[str, Tensor]
    golden_of: Mapping[str, str]
    grids: Mapping[str, Grid] = field(default_factory=dict)

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

    @cached_property
    def is_quantized(self) -> bool:
        """Whether the network brings its own quantization: QDQ pairs or integer operators.

        A lone QuantizeLinear only gives an integer output, and a network of quantised weights alone computes in float.
        """
        return any(name not in self.constants for name in self.grids) or any(
            quantizes(layer.op) and layer.op != "QuantizeLinear" for layer in self.layers
        )

    def is_float(self, tensor: str) -> bool:
        """Whether a tensor is known to hold float32 values."""
        return tensor in self.tensors and self.tensors[tensor].dtype == "float32"

    def sole_consumer(self, tensor: str) -> DeployedLayer | None:
        """The only layer that takes `tensor`, unless it is also an output of the network."""
        takers = self.consumers.get(tensor, ())
        return takers[0] if len(takers) == 1 and tensor not in self.outputs else None


def as_it_is(model: Model) -> Deployed:
    """A network of which nothing is known that the NPU computes otherwise: its own layers."""
    layers = tuple(
        DeployedLayer(layer.op, layer.inputs, layer.outputs, (layer.name,), (), layer.attributes)
        for layer in model.graph.layers
    )
    names = [name for layer in layers for name in layer.outputs if name]
    names += [tensor.name for tensor in model.graph.inputs]
    return Deployed(model, layers, {}, model.graph.tensors, {name: name for name in names})


def make_layer(op: str, inputs: Iterable[str], outputs: Iterable[str], **attributes: Any) -> DeployedLayer:
    """A new operator; its origins are left to who puts it into a graph. Vendor operators (ex…) have no proto."""
    inputs, outputs = tuple(inputs), tuple(outputs)
    if op.startswith("ex"):
        return DeployedLayer(op, inputs, outputs, (), (), attributes)
    name = next(name for name in outputs if name)
    return DeployedLayer(
        op, inputs, outputs, (), (), attributes, helper.make_node(op, inputs, outputs, name, **attributes)
    )


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

"""Small networks for tests, and ONNX Runtime's own values of all their tensors."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper

from workbench.foundation.steps import drain
from workbench.graph.converts import with_converts
from workbench.graph.deployed import Deployed, DeployedLayer
from workbench.graph.emit import emit, needed_constants
from workbench.graph.execute import assemble
from workbench.graph.fusion import deploy
from workbench.graph.graph import Model
from workbench.graph.read import read_model

node = helper.make_node
Constants = Mapping[str, Any]
Declared = Sequence[str | onnx.ValueInfoProto]


def declared(name: str, shape: Sequence[Any] | None, kind: int = TensorProto.FLOAT) -> onnx.ValueInfoProto:
    return helper.make_tensor_value_info(name, kind, shape)


def write_network(
    path: Path,
    nodes: Sequence[onnx.NodeProto],
    constants: Constants | None = None,
    shape: Sequence[int] = (1, 3, 6, 6),
    outputs: Declared = ("y",),
    inputs: Sequence[onnx.ValueInfoProto] = (),
    opset: int = 17,
) -> Path:
    """A network whose input is x, unless `inputs` says otherwise; constants of Python numbers are float32."""
    arrays = {name: array_of(value) for name, value in (constants or {}).items()}
    graph = helper.make_graph(
        list(nodes),
        "net",
        list(inputs) or [declared("x", shape)],
        [declared(item, None) if isinstance(item, str) else item for item in outputs],
        [onnx.numpy_helper.from_array(array, name) for name, array in arrays.items()],
    )
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=8), path)
    return path


def network(folder: Path, nodes: Sequence[onnx.NodeProto], constants: Constants | None = None, **more: Any) -> Model:
    return read_model(write_network(folder / "net.onnx", nodes, constants, **more))


def deployed(
    folder: Path, nodes: Sequence[onnx.NodeProto], constants: Constants | None = None, **more: Any
) -> Deployed:
    return drain(deploy(network(folder, nodes, constants, **more)))


def as_written(
    folder: Path, nodes: Sequence[onnx.NodeProto], constants: Constants | None = None, **more: Any
) -> Deployed:
    """The layers of a network as a deployed graph, without any rewrite."""
    model = network(folder, nodes, constants, **more)
    layers = []
    for item in model.proto.graph.node:
        attributes = {own.name: helper.get_attribute_value(own) for own in item.attribute}
        ends = (tuple(item.input), tuple(item.output), (item.name,))
        layers.append(DeployedLayer(item.op_type, *ends, attributes=attributes, proto=item))
    return Deployed(model, tuple(layers), dict(model.constants), dict(model.graph.tensors), {})


def quantisable(
    folder: Path, nodes: Sequence[onnx.NodeProto], constants: Constants | None = None, **more: Any
) -> Deployed:
    """The deployed graph with the converts at its borders."""
    return with_converts(deployed(folder, nodes, constants, **more))


def array_of(value: Any) -> np.ndarray:
    return value if isinstance(value, np.ndarray) else np.asarray(value, np.float32)


def ops(graph: Deployed) -> list[str]:
    return [layer.op for layer in graph.layers]


def giver(graph: Deployed, tensor: str) -> DeployedLayer:
    return graph.producers[tensor]


def random(*shape: int, seed: int = 1, scale: float = 1.0) -> np.ndarray:
    values: np.ndarray = np.random.default_rng(seed).standard_normal(shape) * scale
    return values.astype(np.float32)


def own_values(model: onnx.ModelProto, feeds: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Every tensor of a network in one plain session: what the segments must equal."""
    proto = onnx.ModelProto()
    proto.CopyFrom(model)
    names = [name for item in proto.graph.node for name in item.output if name]
    del proto.graph.output[:]
    proto.graph.output.extend(helper.make_empty_tensor_value_info(name) for name in names)
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    options.log_severity_level = 4
    session = onnxruntime.InferenceSession(proto.SerializeToString(), options, providers=["CPUExecutionProvider"])
    return dict(zip(names, session.run(None, dict(feeds)), strict=True))


def float_values(graph: Deployed, feeds: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """What the deployed graph computes in float."""
    nodes = [item for layer in graph.layers for item in emit(layer, layer.inputs, layer.outputs)]
    constants = needed_constants(nodes, graph.constants)
    tensors = [onnx.numpy_helper.from_array(array_of(array), name) for name, array in constants.items()]
    proto = assemble(nodes, graph.model.proto.graph.input, [], tensors, graph.model.proto)
    return own_values(proto, feeds)


def unfused_and_fused(
    graph: Deployed, feeds: Mapping[str, np.ndarray], name: str = "y"
) -> tuple[np.ndarray, np.ndarray]:
    """A tensor as the network itself computes it, and as the deployed graph does."""
    return own_values(graph.model.proto, feeds)[name], float_values(graph, feeds)[name]


def conv_net(folder: Path, name: str = "net.onnx", norm: bool = True, opset: int = 17) -> Path:
    """Conv + BatchNormalization + Relu, a depthwise Conv + Relu, a residual Add, a SiLU, global pooling and a Gemm."""
    values = ["gamma", "beta", "mean", "variance"]
    nodes = [
        node("Conv", ["x", "w1", "b1"], ["c1"], kernel_shape=[3, 3], pads=[1, 1, 1, 1]),
        *([node("BatchNormalization", ["c1", *values], ["n1"], epsilon=1e-3)] if norm else []),
        node("Relu", ["n1" if norm else "c1"], ["r1"]),
        node("Conv", ["r1", "w2", "b2"], ["c2"], kernel_shape=[3, 3], pads=[1, 1, 1, 1], group=4),
        node("Relu", ["c2"], ["r2"]),
        node("Conv", ["r2", "w3"], ["c3"], kernel_shape=[1, 1]),
        node("Add", ["r1", "c3"], ["sum"]),
        node("Sigmoid", ["sum"], ["gate"]),
        node("Mul", ["sum", "gate"], ["silu"]),
        node("GlobalAveragePool", ["silu"], ["pooled"]),
        node("Flatten", ["pooled"], ["flat"]),
        node("Gemm", ["flat", "w4", "b4"], ["y"], transB=1),
    ]
    constants = {
        "w1": random(4, 3, 3, 3, seed=2),
        "b1": random(4, seed=3),
        "gamma": random(4, seed=4) + 2,
        "beta": random(4, seed=5),
        "mean": random(4, seed=6),
        "variance": np.abs(random(4, seed=7)) + np.float32(0.5),
        "w2": random(4, 1, 3, 3, seed=8),
        "b2": random(4, seed=9),
        "w3": random(4, 4, 1, 1, seed=10),
        "w4": random(5, 4, seed=11),
        "b4": random(5, seed=12),
    }
    return write_network(folder / name, nodes, constants, opset=opset)

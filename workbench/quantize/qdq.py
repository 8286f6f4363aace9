"""A plan as a QDQ network: what the simulator computes, in standard ONNX operators that any ONNX Runtime runs.

Activations pass QuantizeLinear and DequantizeLinear, weights are int8 and biases int32 behind a DequantizeLinear,
float16 parts pass Cast. A tensor of the deployed graph keeps its name, and has the value of the simulator's dump where
ONNX Runtime computes the pairs as they stand (see ABOUT).
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnx
from onnx import helper

import workbench
from workbench.foundation.files import atomic_path
from workbench.graph.deployed import Deployed, DeployedLayer
from workbench.graph.execute import inputs_of
from workbench.quantize.constants import weight_encoding
from workbench.quantize.encoding import Encoding
from workbench.quantize.plan import Plan
from workbench.quantize.rewrite import ENTIRE, GOLDEN, MICROSOFT, simulator

AXES_OPSET = 13  # from here on DequantizeLinear has an axis
IR_VERSION = 8
QUANTIZING = ("QuantizeLinear", "DequantizeLinear")
LARGEST_INT32 = 2**31 - 1
SIXTEEN_BITS = (onnx.TensorProto.INT16, onnx.TensorProto.UINT16)  # of ONNX from opset 21 on
# measured with ONNX Runtime 1.31: equal on every element of 24 networks at level DISABLE, and of two at BASIC
ABOUT = (
    "A quantization plan of RKNN Workbench. It gives the simulator's numbers with graph optimisations off or basic, "
    "or with session.disable_quant_qdq = 1; the default ones make integer operators of it, which round otherwise."
)


@dataclass(frozen=True)
class Stored:
    """A constant as integers on a grid."""

    values: np.ndarray
    encoding: Encoding


def write_qdq(graph: Deployed, plan: Plan, path: Path) -> None:
    """Write the QDQ network of a plan."""
    content = qdq_model(graph, plan).SerializeToString()
    with atomic_path(path) as part:
        part.write_bytes(content)


def qdq_model(graph: Deployed, plan: Plan) -> onnx.ModelProto:
    """The QDQ network of a plan, from the network's inputs to its outputs."""
    built = simulator(graph, plan, ())
    outputs = [tensor.name for tensor in graph.model.graph.outputs if tensor.name in graph.producers]
    nodes = _needed(built.nodes, [ENTIRE + name for name in outputs])
    used = {name for node in nodes for name in inputs_of(node)}
    constants = {name: np.asarray(value) for name, value in built.constants.items() if name in used}
    stored = {name: found for layer in graph.layers for name, found in _stored(graph, plan, layer, constants).items()}
    first, tensors = _dequantized(stored)
    tensors += [onnx.numpy_helper.from_array(value, name) for name, value in constants.items() if name not in stored]
    proto = _assembled(graph, [*first, *_plain(nodes)], tensors, outputs)
    _rename(proto, {*graph.producers, *graph.constants, *(info.name for info in proto.graph.input)})
    return _at_opset(proto)


def _needed(nodes: Iterable[onnx.NodeProto], wanted: Iterable[str]) -> list[onnx.NodeProto]:
    """The nodes that lead to `wanted`, in their order."""
    names, kept = set(wanted), []
    for node in reversed(list(nodes)):
        if names.intersection(node.output):
            kept.append(node)
            names |= inputs_of(node)
    return kept[::-1]


def _stored(
    graph: Deployed, plan: Plan, layer: DeployedLayer, constants: Mapping[str, np.ndarray]
) -> dict[str, Stored]:
    """The constants of a layer that integers say exactly, by their names in the simulator's network."""
    if not plan.is_integer(layer) or layer.op not in ("Conv", "ConvTranspose", "MatMul", "Gemm"):
        return {}
    weight, bias = (f"constant{place}:{layer.outputs[0]}" for place in (1, 2))
    original = graph.constants.get(layer.inputs[1])
    if weight not in constants or original is None:
        return {}
    encoding = plan.encodings.get(layer.inputs[1]) or weight_encoding(layer, original, plan)
    if layer.op == "MatMul" and original.ndim > 2 and len(encoding.scale) > 1:
        return {}  # ONNX Runtime's optimiser makes a QLinearMatMul of it that does not run
    integers = encoding.quantize(original)
    if encoding.dtype not in ("int8", "uint8") or not np.array_equal(encoding.dequantize(integers), constants[weight]):
        return {}
    found = {weight: Stored(integers, encoding)}
    taken = plan.encodings.get(layer.inputs[0])
    if bias in constants and taken is not None:
        on_grid = _bias(constants[bias], taken.scale[0], encoding.scale)
        found |= {} if on_grid is None else {bias: on_grid}
    return found


def _bias(value: np.ndarray, taken: float, scales: tuple[float, ...]) -> Stored | None:
    """A bias on the grid input scale x weight scale; None where it is not exactly on it."""
    scale = (taken * np.asarray(scales)).astype(np.float32)
    if scale.size not in (1, value.size):
        scale = np.tile(scale, value.size // scale.size)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        steps = np.rint(value / scale)
        if not (np.abs(steps) <= LARGEST_INT32).all() or not np.array_equal(steps * scale, value):
            return None
    encoding = Encoding("int32", tuple(scale.tolist()), (0,) * scale.size, 0 if scale.size > 1 else None)
    return Stored(steps.astype(np.int32), encoding)


def _dequantized(stored: Mapping[str, Stored]) -> tuple[list[onnx.NodeProto], list[onnx.TensorProto]]:
    nodes, tensors = [], []
    for name, item in stored.items():
        scale, zero = np.asarray(item.encoding.scale, np.float32), np.asarray(item.encoding.zero_point)
        is_single = scale.size == 1
        parts = {
            f"{name}:stored": item.values,
            f"{name}:scale": scale.reshape(()) if is_single else scale,
            f"{name}:zero_point": (zero.reshape(()) if is_single else zero).astype(item.values.dtype),
        }
        tensors += [onnx.numpy_helper.from_array(value, part) for part, value in parts.items()]
        nodes.append(helper.make_node("DequantizeLinear", list(parts), [name], name=name))
        if not is_single:
            nodes[-1].attribute.append(helper.make_attribute("axis", item.encoding.axis))
    return nodes, tensors


def _plain(nodes: Iterable[onnx.NodeProto]) -> list[onnx.NodeProto]:
    """The nodes with the names of the deployed graph; what only joins the branches of the simulator is left out."""
    found = []
    for node in nodes:
        item = onnx.NodeProto()
        item.CopyFrom(node)
        for names in (item.input, item.output):
            names[:] = [name.removeprefix(ENTIRE).removeprefix(GOLDEN) for name in names]
        item.name = next(name for name in item.output if name)
        if list(item.input) != list(item.output):
            found.append(item)
    return found


def _rename(proto: onnx.ModelProto, kept: Collection[str]) -> None:
    """Give what the simulator added names without colons: the simulator's own must stay free when it reads this."""
    body = proto.graph
    names = [name for node in body.node for name in node.output if name] + [item.name for item in body.initializer]
    taken, found = {*names, *kept}, {}
    for name in names:
        if name in kept or ":" not in name:
            continue
        plain = name.replace(":", "_")
        while plain in taken:
            plain += "_"
        taken.add(plain)
        found[name] = plain
    for node in body.node:
        for ends in (node.input, node.output):
            ends[:] = [found.get(name, name) for name in ends]
        node.name = next(name for name in node.output if name)
    for item in body.initializer:
        item.name = found.get(item.name, item.name)


def _assembled(
    graph: Deployed, nodes: list[onnx.NodeProto], tensors: list[onnx.TensorProto], outputs: list[str]
) -> onnx.ModelProto:
    own = graph.model.proto
    kinds = {info.name: info for info in (*own.graph.input, *own.graph.output)}
    ends = [_float_info(graph, name) if _is_real(graph, kinds[name]) else kinds[name] for name in outputs]
    body = helper.make_graph(nodes, own.graph.name or "network", list(own.graph.input), ends, tensors)
    opsets = {item.domain: item.version for item in own.opset_import if item.domain in ("", "ai.onnx")}
    opsets |= {item.domain: item.version for item in own.opset_import if any(n.domain == item.domain for n in nodes)}
    opsets |= {node.domain: 1 for node in nodes if node.domain == MICROSOFT}
    proto = helper.make_model(body, opset_imports=[helper.make_opsetid(*item) for item in opsets.items()])
    proto.ir_version = IR_VERSION
    proto.doc_string = ABOUT
    proto.producer_name, proto.producer_version = "RKNN Workbench", workbench.__version__
    return proto


def _is_real(graph: Deployed, info: onnx.ValueInfoProto) -> bool:
    """Whether the deployed graph gives in float what the user's network gives in integers."""
    return graph.is_float(info.name) and info.type.tensor_type.elem_type != onnx.TensorProto.FLOAT


def _float_info(graph: Deployed, name: str) -> onnx.ValueInfoProto:
    """An output that the user's network gives in integers: here it has their real values."""
    tensor = graph.tensors.get(name)
    return helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, tensor.shape if tensor is not None else None)


def _at_opset(proto: onnx.ModelProto) -> onnx.ModelProto:
    """The network at an opset whose DequantizeLinear has an axis; where that cannot be, with ONNX Runtime's own."""
    opset = max((item.version for item in proto.opset_import if item.domain in ("", "ai.onnx")), default=1)
    if opset >= AXES_OPSET:
        return proto
    import onnx.version_converter

    wide = {item.name for item in proto.graph.initializer if item.data_type in SIXTEEN_BITS}
    moved = {node.output[0] for node in proto.graph.node if node.op_type in QUANTIZING and node.input[2] not in wide}
    for node in proto.graph.node:
        if node.output[0] in moved:
            node.domain = MICROSOFT
    if all(item.domain != MICROSOFT for item in proto.opset_import):
        proto.opset_import.add(domain=MICROSOFT, version=1)
    try:
        newer = onnx.version_converter.convert_version(proto, AXES_OPSET)
    except (RuntimeError, ValueError):  # an operator that it has no newer form for
        return proto
    for node in newer.graph.node:
        if node.output[0] in moved:
            node.domain = ""
    others = {node.domain for node in newer.graph.node}
    kept = [item for item in newer.opset_import if item.domain in ("", "ai.onnx") or item.domain in others]
    del newer.opset_import[:]
    newer.opset_import.extend(kept)
    newer.ir_version = IR_VERSION
    return newer

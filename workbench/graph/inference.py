"""Shape inference that also knows what ONNX's own does not: computed shapes in old opsets, ONNX Runtime's operators.

Works on a light copy without large constants and without the shapes that others stored in the file.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import onnx

from workbench.graph.graph import Tensor
from workbench.graph.running import quiet_options, runtime_errors
from workbench.graph.shapes import DTYPES, set_shape, tensor_of

if TYPE_CHECKING:
    import onnxruntime

SMALL = 1024  # elements; a larger constant cannot be a shape
ROUNDS = 12  # each one goes past one more computed shape; deeper chains are rare and only lose shapes in the view
STANDARD = ("", "ai.onnx", "ai.onnx.ml")
LONGEST_RANGE = 1 << 24  # numbers; ONNX's inference writes them all out, whatever a file says
HIDDEN = "Range of unknown length"  # instead of an operator's domain
RANDOM = ("RandomNormal", "RandomUniform", "Multinomial", "Bernoulli", "RandomNormalLike", "RandomUniformLike")


def infer(proto: onnx.ModelProto) -> dict[str, Tensor]:
    """What can be found out about the tensors of `proto` without running it; what stays unknown is left out."""
    light = _light(proto)
    known = _infer_standard(light)
    for _ in range(ROUNDS):
        if not _unknown(light.graph, known):
            break
        if any(node.domain not in STANDARD for node in light.graph.node):
            known = {**known, **_infer_runtime(light)}
        values = _computed(light, known)
        if not values:
            break
        _replace(light.graph, values)
        known = {**known, **_infer_standard(light), **{name: _described(name, item) for name, item in values.items()}}
    return known


def _light(proto: onnx.ModelProto) -> onnx.ModelProto:
    light = onnx.ModelProto(ir_version=proto.ir_version, opset_import=proto.opset_import)
    graph = light.graph
    graph.name = proto.graph.name
    graph.node.extend(proto.graph.node)
    for node in graph.node:
        if node.op_type == "Range" and node.domain in STANDARD:
            node.domain = HIDDEN
    graph.input.extend(proto.graph.input)
    graph.sparse_initializer.extend(proto.graph.sparse_initializer)
    for item in proto.graph.initializer:
        if math.prod(item.dims) <= SMALL:
            graph.initializer.append(item)
        else:
            info = graph.input.add(name=item.name)
            info.type.tensor_type.elem_type = item.data_type
            set_shape(info, tuple(item.dims))
    for info in proto.graph.output:
        graph.output.add(name=info.name)
    return light


def _show_ranges(graph: onnx.GraphProto) -> None:
    """Range operators whose constants say that they are not too long become what they are."""
    constants = {item.name: item for item in graph.initializer}
    for node in graph.node:
        if node.domain != HIDDEN or not constants.keys() >= set(node.input):
            continue
        if _range_length([constants[name] for name in node.input]) <= LONGEST_RANGE:
            node.domain = ""


def _range_length(constants: Sequence[onnx.TensorProto]) -> float:
    """How many numbers from a start to a limit in steps; infinite where the constants make no sense."""
    try:
        start, limit, step = (float(onnx.numpy_helper.to_array(item).item()) for item in constants)
        return max(0.0, (limit - start) / step)
    except (ValueError, TypeError, ZeroDivisionError, OverflowError):
        return math.inf


def _infer_standard(light: onnx.ModelProto) -> dict[str, Tensor]:
    _show_ranges(light.graph)
    try:
        inferred = onnx.shape_inference.infer_shapes(light, data_prop=True)
    except (onnx.shape_inference.InferenceError, RuntimeError, ValueError, TypeError, MemoryError):
        return {}  # operators that ONNX does not know: shapes stay unknown, the network may run all the same
    found = (_anonymous(tensor_of(info)) for info in (*inferred.graph.value_info, *inferred.graph.output))
    return {item.name: item for item in found if item.shape is not None or item.dtype}


def _anonymous(tensor: Tensor) -> Tensor:
    """`tensor` without the symbols that shape inference invents."""
    if tensor.shape is None:
        return tensor
    shape = tuple(None if isinstance(size, str) and size.startswith("unk__") else size for size in tensor.shape)
    return replace(tensor, shape=shape)


def _infer_runtime(light: onnx.ModelProto) -> dict[str, Tensor]:
    """What ONNX Runtime's own inference says; it knows the operators of com.microsoft."""
    session = _session(light, [name for node in light.graph.node for name in node.output if name])
    if session is None:
        return {}
    found = (Tensor(item.name, _runtime_shape(item.shape), _runtime_dtype(item.type)) for item in session.get_outputs())
    return {item.name: item for item in found if item.static_shape is not None}


def _runtime_shape(shape: Sequence[int | str | None] | None) -> tuple[int | str | None, ...] | None:
    return None if shape is None else tuple(size if isinstance(size, int) and size > 0 else None for size in shape)


def _runtime_dtype(text: str) -> str:
    """`float32` of `tensor(float)`."""
    name = text.removeprefix("tensor(").removesuffix(")")
    name = {"float": "float32", "double": "float64", "string": "object"}.get(name, name)
    return name if name in DTYPES.values() else ""


def _session(model: onnx.ModelProto, outputs: Sequence[str]) -> "onnxruntime.InferenceSession | None":
    """A session of `model` that gives `outputs`; None when ONNX Runtime refuses it."""
    import onnxruntime

    exposed = onnx.ModelProto()
    exposed.CopyFrom(model)
    del exposed.graph.output[:]
    for name in outputs:
        exposed.graph.output.add(name=name)
    try:
        return onnxruntime.InferenceSession(
            exposed.SerializeToString(), quiet_options(), providers=["CPUExecutionProvider"]
        )
    except runtime_errors():
        return None  # check_runs tells the user why


def _unknown(graph: onnx.GraphProto, known: Mapping[str, Tensor]) -> bool:
    names = (name for node in graph.node for name in node.output if name)
    return any(name not in known or known[name].static_shape is None for name in names)


def _computed(light: onnx.ModelProto, known: Mapping[str, Tensor]) -> dict[str, np.ndarray]:
    """The small tensors that depend on constants and static shapes alone, with their values."""
    graph = light.graph
    inputs = {info.name: tensor_of(info) for info in graph.input}
    constants = {item.name for item in graph.initializer}
    shapes: dict[str, np.ndarray] = {}
    nodes: list[onnx.NodeProto] = []
    for node in graph.node:
        source = known.get(node.input[0], inputs.get(node.input[0])) if node.op_type == "Shape" else None
        if source is not None and source.static_shape is not None:
            shapes[node.output[0]] = _shape_value(node, source.static_shape)
        elif _foldable(node, constants, known):
            nodes.append(node)
        else:
            continue
        constants.update(name for name in node.output if name)
    return {**shapes, **_run(light, nodes, shapes)}


def _shape_value(node: onnx.NodeProto, shape: tuple[int, ...]) -> np.ndarray:
    bounds = {item.name: item.i for item in node.attribute}
    return np.array(shape[bounds.get("start", 0) : bounds.get("end", len(shape))], np.int64)


def _foldable(node: onnx.NodeProto, constants: set[str], known: Mapping[str, Tensor]) -> bool:
    if node.domain not in STANDARD or node.op_type in RANDOM or not node.input:
        return False
    if any(item.HasField("g") or item.graphs for item in node.attribute):
        return False
    sizes = (known[name].static_shape for name in node.output if name in known)
    small = len(node.output) == 1 and all(size is None or math.prod(size) <= SMALL for size in sizes)
    return small and all(name in constants for name in node.input if name)


def _run(
    model: onnx.ModelProto, nodes: Sequence[onnx.NodeProto], shapes: Mapping[str, np.ndarray]
) -> dict[str, np.ndarray]:
    """The values that `nodes` compute from the constants of `model` and from `shapes`."""
    folded = onnx.ModelProto(ir_version=model.ir_version, opset_import=model.opset_import)
    folded.graph.name = "computed"
    folded.graph.node.extend(nodes)
    folded.graph.initializer.extend(model.graph.initializer)
    folded.graph.initializer.extend(onnx.numpy_helper.from_array(item, name) for name, item in shapes.items())
    names = [node.output[0] for node in nodes]
    session = _session(folded, names) if nodes else None
    try:
        values = session.run(names, {}) if session else []
    except runtime_errors():
        return {}
    pairs = zip(names, values, strict=False)
    return {name: item for name, item in pairs if isinstance(item, np.ndarray) and item.size <= SMALL}


def _replace(graph: onnx.GraphProto, values: Mapping[str, np.ndarray]) -> None:
    """Put constants in the place of the nodes that compute them."""
    kept = [node for node in graph.node if node.output[0] not in values]
    del graph.node[:]
    graph.node.extend(kept)
    graph.initializer.extend(onnx.numpy_helper.from_array(item, name) for name, item in values.items())


def _described(name: str, value: np.ndarray) -> Tensor:
    return Tensor(name, value.shape, value.dtype.name)

"""Values of a network that depend on no input: the shape arithmetic of exported networks, mostly."""

import numpy as np
import onnx
from onnx import helper

from workbench.foundation.steps import Steps
from workbench.graph.deployed import OWN_QUANTIZATION
from workbench.graph.execute import assemble, inputs_of, open_session, run_session
from workbench.graph.graph import Model
from workbench.graph.running import explain, runtime_errors


def fold_constants(model: Model) -> Steps[dict[str, np.ndarray]]:
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
    try:
        arrays = yield from run_session(open_session(proto, constants=model.large), outputs, feeds, "prepare")
    except runtime_errors() as error:
        raise explain(model, error) from error
    values = zip(outputs, arrays, strict=True)
    return {name: array for name, array in values if isinstance(array, np.ndarray)}  # no sequences


def _is_constant(node: onnx.NodeProto, known: set[str], model: Model) -> bool:
    if node.op_type.startswith("Random") or node.op_type in ("Multinomial", "Bernoulli"):
        return False
    if node.op_type == "Range" and _shape_of(model, node.output[0]) is None:
        return False  # its length may be anything
    if node.op_type == "Shape" and node.domain in ("", "ai.onnx"):
        return _shape_of(model, node.input[0]) is not None
    return inputs_of(node) <= known


def _shape_of(model: Model, name: str) -> tuple[int, ...] | None:
    tensor = model.graph.tensors.get(name)
    return tensor.static_shape if tensor is not None else None

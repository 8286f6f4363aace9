"""Networks in the one form that the program works with (see `Model.proto`)."""

from collections import Counter, deque
from collections.abc import Sequence

import numpy as np
import onnx

from workbench.foundation.errors import ModelError
from workbench.graph.onnx_file import size_in_bytes

OLDEST_IR, NEWEST_IR = 4, 10  # 4: initialisers need not be inputs; ONNX Runtime refuses versions newer than itself
MAY_HOLD_GRAPHS = (onnx.AttributeProto.UNDEFINED, onnx.AttributeProto.GRAPH, onnx.AttributeProto.GRAPHS)
BROKEN = "Export the network again, or check it with onnx.checker."


def normalise(proto: onnx.ModelProto, file: str) -> onnx.ModelProto:
    """`proto` with functions inlined, constants as initialisers, named and sorted nodes; `proto` may be changed."""
    if proto.functions:
        proto = _inlined(proto, file)
    proto.ir_version = min(max(proto.ir_version, OLDEST_IR), NEWEST_IR)
    if not proto.opset_import:
        proto.opset_import.add(domain="", version=1)
    graph = proto.graph
    _lift_constants(graph)
    _drop_initializer_inputs(graph)
    del graph.value_info[:]
    _refuse_unusable(graph, file)
    _name_nodes(graph.node)
    _sort(graph, file)
    return proto


def initializer_names(graph: onnx.GraphProto) -> set[str]:
    """The names of all constants of `graph` itself."""
    return {item.name for item in graph.initializer} | {item.values.name for item in graph.sparse_initializer}


def captured(node: onnx.NodeProto) -> list[str]:
    """The tensors of the surrounding graph that the subgraphs of `node` use, besides its inputs."""
    graphs = _subgraphs(node)
    if not graphs:  # nearly always
        return []
    names = dict.fromkeys(name for graph in graphs for name in _free_names(graph))
    return [name for name in names if name not in node.input]


def _inlined(proto: onnx.ModelProto, file: str) -> onnx.ModelProto:
    import onnx.inliner

    try:
        return onnx.inliner.inline_local_functions(proto)
    except (RuntimeError, ValueError) as error:
        raise ModelError(f"The functions inside {file} cannot be expanded: {error}.", BROKEN) from error


def _lift_constants(graph: onnx.GraphProto) -> None:
    """Turn Constant nodes into initialisers; one that is an output of the network stays a node."""
    outputs = {info.name for info in graph.output}
    kept, constants = [], []
    for node in graph.node:
        value = _constant(node) if node.op_type == "Constant" and node.domain in ("", "ai.onnx") else None
        if value is None or node.output[0] in outputs:
            kept.append(node)
        else:
            value.name = node.output[0]
            constants.append(value)
    if constants:
        del graph.node[:]
        graph.node.extend(kept)
        graph.initializer.extend(constants)


def _constant(node: onnx.NodeProto) -> onnx.TensorProto | None:
    """The value of a Constant node; None for sparse ones."""
    if len(node.output) != 1 or len(node.attribute) != 1:
        return None
    attribute = node.attribute[0]
    if attribute.name == "value" and attribute.HasField("t"):
        value: onnx.TensorProto = attribute.t
        return value
    if attribute.name in ("value_float", "value_floats"):
        number = attribute.f if attribute.name == "value_float" else list(attribute.floats)
        return onnx.numpy_helper.from_array(np.array(number, np.float32))
    if attribute.name in ("value_int", "value_ints"):
        integer = attribute.i if attribute.name == "value_int" else list(attribute.ints)
        return onnx.numpy_helper.from_array(np.array(integer, np.int64))
    if attribute.name in ("value_string", "value_strings"):
        texts = [attribute.s] if attribute.name == "value_string" else list(attribute.strings)
        dims = [] if attribute.name == "value_string" else [len(texts)]
        return onnx.TensorProto(data_type=onnx.TensorProto.STRING, dims=dims, string_data=texts)
    return None


def _drop_initializer_inputs(graph: onnx.GraphProto) -> None:
    constants = initializer_names(graph)
    kept = [info for info in graph.input if info.name not in constants]
    if len(kept) != len(graph.input):
        del graph.input[:]
        graph.input.extend(kept)


def _refuse_unusable(graph: onnx.GraphProto, file: str) -> None:
    for what, items in (("operators", graph.node), ("outputs", graph.output), ("inputs", graph.input)):
        if not items:
            raise ModelError(f"{file} has no {what}, so there is nothing to run.", BROKEN)
    for info in graph.input:
        if info.type.WhichOneof("value") in ("sequence_type", "map_type", "optional_type", "opaque_type"):
            kind = str(info.type.WhichOneof("value")).removesuffix("_type")
            raise ModelError(
                f"Input '{info.name}' of {file} is a {kind}.", "Only networks that take tensors can be run."
            )
    for item in graph.initializer:
        expected = size_in_bytes(item)
        if item.HasField("raw_data") and expected is not None and len(item.raw_data) != expected:
            raise ModelError(
                f"The constant '{item.name}' of {file} does not hold as many values as its shape says.", BROKEN
            )
    _refuse_twice_given(graph, file)


def _refuse_twice_given(graph: onnx.GraphProto, file: str) -> None:
    givers = Counter(info.name for info in graph.input)
    givers.update(item.name for item in graph.initializer)
    givers.update(item.values.name for item in graph.sparse_initializer)
    givers.update(name for node in graph.node for name in node.output if name)
    twice = [name for name, count in givers.items() if count > 1]
    if twice:
        raise ModelError(f"{file} is ambiguous: the tensor '{twice[0]}' is given more than once.", BROKEN)


def _name_nodes(nodes: Sequence[onnx.NodeProto]) -> None:
    """Name what has no name `Op_k`, k its position, and make names unique; the first of two equal ones keeps it."""
    taken = {node.name for node in nodes}
    seen: set[str] = set()
    for position, node in enumerate(nodes):
        if not node.name or node.name in seen:
            node.name = _free_name(node.name or f"{node.op_type}_{position}", taken)
            taken.add(node.name)
        seen.add(node.name)


def _free_name(wish: str, taken: set[str]) -> str:
    number, name = 0, wish
    while name in taken:
        number += 1
        name = f"{wish}_{number}"
    return name


def _sort(graph: onnx.GraphProto, file: str) -> None:
    """Bring the nodes into an order in which every tensor is given before it is used; sorted nodes stay as they are."""
    needs = [[name for name in (*node.input, *captured(node)) if name] for node in graph.node]
    known = initializer_names(graph) | {info.name for info in graph.input}
    given = set(known)
    in_order = True
    for node, names in zip(graph.node, needs, strict=True):
        in_order = in_order and given.issuperset(names)
        given.update(node.output)
    _refuse_missing(graph, needs, given, file)
    if not in_order:
        nodes = [graph.node[index] for index in _execution_order(graph.node, needs, file)]
        del graph.node[:]
        graph.node.extend(nodes)


def _refuse_missing(graph: onnx.GraphProto, needs: Sequence[Sequence[str]], given: set[str], file: str) -> None:
    for node, names in zip(graph.node, needs, strict=True):
        for name in names:
            if name not in given:
                text = f"Node '{node.name}' ({node.op_type}) of {file} takes the tensor '{name}', which nothing gives."
                raise ModelError(text, BROKEN)
    for info in graph.output:
        if info.name not in given:
            raise ModelError(f"Nothing gives the output '{info.name}' of {file}.", BROKEN)


def _execution_order(nodes: Sequence[onnx.NodeProto], needs: Sequence[Sequence[str]], file: str) -> list[int]:
    producer = {name: index for index, node in enumerate(nodes) for name in node.output if name}
    before = [{producer[name] for name in names if name in producer} for names in needs]
    after: list[list[int]] = [[] for _ in nodes]
    for index, others in enumerate(before):
        for other in others:
            after[other].append(index)
    waiting = [len(others) for others in before]
    ready = deque(index for index, count in enumerate(waiting) if not count)
    order = []
    while ready:
        order.append(ready.popleft())
        for index in after[order[-1]]:
            waiting[index] -= 1
            if not waiting[index]:
                ready.append(index)
    if len(order) < len(nodes):
        stuck = nodes[next(index for index, count in enumerate(waiting) if count)]
        raise ModelError(f"The nodes of {file} form a circle that includes '{stuck.name}' ({stuck.op_type}).", BROKEN)
    return order


def _subgraphs(node: onnx.NodeProto) -> list[onnx.GraphProto]:
    found: list[onnx.GraphProto] = []
    for attribute in node.attribute:
        if attribute.type in MAY_HOLD_GRAPHS:
            found += [attribute.g] if attribute.HasField("g") else attribute.graphs
    return found


def _free_names(graph: onnx.GraphProto) -> list[str]:
    """The names that `graph` uses and does not give itself, in order of use."""
    own = initializer_names(graph) | {info.name for info in graph.input}
    own.update(name for node in graph.node for name in node.output)
    used = [name for node in graph.node for name in (*node.input, *captured(node))]
    used += [info.name for info in graph.output]
    return [name for name in dict.fromkeys(used) if name and name not in own]

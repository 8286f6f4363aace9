"""Frozen graphs of TensorFlow. Source: tensorflow/core/framework/{graph,node_def,attr_value,tensor_shape}.proto."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workbench.foundation.errors import ModelError
from workbench.graph.foreign import wire
from workbench.graph.foreign.kinds import read_bytes
from workbench.graph.foreign.sketch import Sketch
from workbench.graph.graph import Layer, Shape, Tensor

TYPES = {
    1: "float32", 2: "float64", 3: "int32", 4: "uint8", 5: "int16", 6: "int8", 7: "object", 9: "int64", 10: "bool",
    14: "bfloat16", 17: "uint16", 19: "float16", 22: "uint32", 23: "uint64",
}  # fmt: skip
SAYING_NOTHING = ("NoOp", "Assert")
SUBGRAPHS = ("While", "StatelessWhile", "If", "StatelessIf", "PartitionedCall", "StatefulPartitionedCall")


@dataclass(frozen=True)
class Node:
    """A node with its attributes as they lie in the file; `inputs` without what only orders execution."""

    name: str
    op: str
    inputs: tuple[str, ...]
    attributes: dict[str, wire.Fields]


def read(files: tuple[Path, ...]) -> Sketch:
    """The layers of a frozen graph; constants and what is computed from them alone are left out."""
    path = files[0]
    try:
        nodes = [_node(message) for message in wire.messages(wire.fields(read_bytes(path)), 1)]
        _refuse_unfrozen(nodes, path)
        return _sketch(_sorted(nodes, path))
    except wire.WireError as error:
        raise _no_graph(path, str(error)) from error


def _refuse_unfrozen(nodes: list[Node], path: Path) -> None:
    if not any(node.op for node in nodes):
        raise _no_graph(path, "it has no nodes")
    stored = next((node for node in nodes if node.op in ("VariableV2", "VarHandleOp", *SUBGRAPHS)), None)
    if stored is not None:
        message = f"{path} is no frozen graph: '{stored.name}' is a {stored.op}."
        raise ModelError(message, "Freeze it (convert_variables_to_constants_v2) and give that file.")


def _node(message: bytes) -> Node:
    found = wire.fields(message)
    inputs = [_tensor_name(text.decode("utf-8", "replace")) for text in wire.messages(found, 3)]
    attributes = {}
    for entry in map(wire.fields, wire.messages(found, 5)):
        attributes[wire.text(entry, 1)] = wire.fields(b"".join(wire.messages(entry, 2)))
    return Node(wire.text(found, 1), wire.text(found, 2), tuple(name for name in inputs if name), attributes)


def _tensor_name(text: str) -> str:
    """The first tensor of a node is written `name` or `name:0`; `^name` only says what comes first."""
    if text.startswith("^"):
        return ""
    return text if re.search(r":\d+$", text) else f"{text}:0"


def _owner(tensor: str) -> str:
    return re.sub(r":\d+$", "", tensor)


def _sorted(nodes: list[Node], path: Path) -> list[Node]:
    """Every node behind those that it takes from; a file that has them so already stays as it is."""
    waiting, done = {node.name: node for node in nodes}, set[str]()
    found: list[Node] = []
    while waiting:
        before = len(found)
        for node in list(waiting.values()):
            if done.issuperset(map(_owner, node.inputs)):
                found.append(waiting.pop(node.name))
                done.add(node.name)
        if len(found) == before:
            stuck = next(iter(waiting.values()))
            raise _no_graph(path, f"'{stuck.name}' takes what nothing gives, or stands in a circle")
    return found


def _sketch(nodes: list[Node]) -> Sketch:
    constant: set[str] = set()
    for node in nodes:
        if node.op == "Const" or (node.inputs and constant.issuperset(map(_owner, node.inputs))):
            constant.add(node.name)
    fed = [node for node in nodes if node.op in ("Placeholder", "PlaceholderV2", "PlaceholderWithDefault")]
    live = [node for node in nodes if node.name not in constant and node not in fed and node.op not in SAYING_NOTHING]
    taken = {name for node in live for name in node.inputs}
    layers = tuple(_layer(node, constant, taken) for node in live)
    inputs = [Tensor(f"{node.name}:0", _shape(node), _dtype(node, "dtype")) for node in fed]
    ends = tuple(layer.outputs[0] for layer in layers if not taken.intersection(layer.outputs))
    dtypes = {f"{node.name}:0": Tensor(f"{node.name}:0", None, _dtype(node, "T")) for node in live}
    return Sketch(layers, tuple(item for item in inputs if item.name in taken), ends, dtypes)


def _layer(node: Node, constant: set[str], taken: set[str]) -> Layer:
    first = f"{node.name}:0"
    more = sorted((name for name in taken if name != first and _owner(name) == node.name), key=_number)
    inputs = tuple(name for name in node.inputs if _owner(name) not in constant)
    return Layer(node.name, node.op, inputs, (first, *more), attributes=dict(_attributes(node)))


def _number(name: str) -> int:
    return int(name.rpartition(":")[2])


def _shape(node: Node) -> Shape | None:
    """The shape that a node states; open sizes are -1 in the file."""
    stated = [wire.fields(message) for message in wire.messages(node.attributes.get("shape", {}), 7)]
    if not stated or wire.integer(stated[-1], 3):
        return None
    sizes = [wire.integer(wire.fields(dim), 1) for dim in wire.messages(stated[-1], 2)]
    return tuple(size if size > 0 else None for size in sizes)


def _dtype(node: Node, attribute: str) -> str:
    return TYPES.get(wire.integer(node.attributes.get(attribute, {}), 6, 1), "")


def _attributes(node: Node) -> Iterator[tuple[str, Any]]:
    """Texts, numbers and lists of numbers; types and tensors say nothing to a user."""
    for name, value in node.attributes.items():
        if name.startswith("_"):
            continue
        if 2 in value and len(wire.text(value, 2)) < 100:
            yield name, wire.text(value, 2)
        elif 3 in value:
            yield name, wire.integer(value, 3)
        elif 4 in value:
            yield name, wire.decimal(value, 4)
        elif 5 in value:
            yield name, wire.integer(value, 5)
        elif 1 in value:
            yield from _list(name, wire.fields(b"".join(wire.messages(value, 1))))


def _list(name: str, value: wire.Fields) -> Iterator[tuple[str, Any]]:
    packed = [
        number for item in value.get(3, []) for number in (wire.integers(item) if isinstance(item, bytes) else [item])
    ]
    if packed:
        yield name, packed


def _no_graph(path: Path, reason: str) -> ModelError:
    return ModelError(
        f"{path} cannot be read as a frozen graph of TensorFlow: {reason}.",
        "Give the .pb file of a frozen graph; a SavedModel has to be frozen first.",
    )

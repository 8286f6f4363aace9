"""Change a network: other constants, operators between others, a part of it; and write it as an ONNX file."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import onnx
from onnx import helper, numpy_helper

from workbench.foundation.files import atomic_path
from workbench.graph.execute import inputs_of
from workbench.graph.graph import Model
from workbench.graph.large_constants import filled, whole
from workbench.graph.shapes import DTYPES

CODES = {name: code for code, name in DTYPES.items()}


class Editor:
    """A copy of a network that is changed step by step; one thread at a time.

    A constant that several operators take is changed for the one that is asked for only.
    """

    def __init__(self, model: Model) -> None:
        self.proto = whole(model.proto, model.large)
        self._constants = dict(model.constants)
        self._nodes = {node.output[0]: node for node in self.proto.graph.node}
        self._changed: dict[str, np.ndarray] = {}
        self._names = {name for node in self.proto.graph.node for name in (*node.input, *node.output)}
        self._names |= self._constants.keys()

    def node(self, output: str) -> onnx.NodeProto:
        """The operator whose first output has this name."""
        node: onnx.NodeProto = self._nodes[output]
        return node

    def constant(self, output: str, position: int) -> np.ndarray | None:
        """A constant that an operator takes; None where it takes none there."""
        node = self._nodes[output]
        name = node.input[position] if position < len(node.input) else ""
        return self._constants.get(name)

    def set_constant(self, output: str, position: int, value: np.ndarray) -> None:
        """Give an operator another constant; a position behind its last input adds one."""
        node = self._nodes[output]
        while len(node.input) <= position:
            node.input.append("")
        name = node.input[position]
        if name not in self._changed or self._uses(name) > 1:
            name = self._free(f"{name or output}:changed")
        self._constants[name] = self._changed[name] = value
        node.input[position] = name

    def bypass(self, output: str) -> None:
        """Take an operator out: the one before it gives its output, and nobody else may take what that gave."""
        node = self._nodes.pop(output)
        before = self._nodes.pop(node.input[0])
        before.output[0] = output
        self._nodes[output] = before
        self.proto.graph.node.remove(node)

    def scale_between(self, tensor: str, taker: str, factor: np.ndarray) -> None:
        """Put a product with a constant between a tensor and the operator that gives `taker`."""
        scaled = self._product(tensor, self._free(f"{tensor}:scaled"), factor, self._place(taker))
        node = self._nodes[taker]
        for position, name in enumerate(node.input):
            if name == tensor:
                node.input[position] = scaled

    def scale_behind(self, tensor: str, factor: np.ndarray) -> str:
        """Multiply what an operator gives by a constant; gives the new name of what it gave before.

        Whoever takes `tensor` takes the product.
        """
        node = next(node for node in self.proto.graph.node if tensor in node.output)
        old = self._free(f"{tensor}:unscaled")
        first = node.output[0]
        node.output[list(node.output).index(tensor)] = old
        self._nodes[node.output[0]] = self._nodes.pop(first)
        self._product(old, tensor, factor, self._place(node.output[0]) + 1)
        return old

    def save(self, path: Path) -> Path:
        """Write the network."""
        kept = [item for item in self.proto.graph.initializer if item.name not in self._changed]
        kept += [numpy_helper.from_array(np.ascontiguousarray(value), name) for name, value in self._changed.items()]
        used = set().union(*(inputs_of(node) for node in self.proto.graph.node))
        used |= {info.name for info in self.proto.graph.output}
        del self.proto.graph.initializer[:]
        self.proto.graph.initializer.extend(item for item in kept if item.name in used)
        return write(self.proto, path)

    def _product(self, tensor: str, name: str, factor: np.ndarray, place: int) -> str:
        constant = self._free(f"{name}:factor")
        self._constants[constant] = self._changed[constant] = factor
        node = helper.make_node("Mul", [tensor, constant], [name], name=f"{name}:product")
        self.proto.graph.node.insert(place, node)
        self._nodes[name] = self.proto.graph.node[place]
        return name

    def _place(self, output: str) -> int:
        return next(place for place, node in enumerate(self.proto.graph.node) if node.output[0] == output)

    def _uses(self, name: str) -> int:
        return sum(list(node.input).count(name) for node in self.proto.graph.node)

    def _free(self, name: str) -> str:
        while name in self._names:
            name += "_"
        self._names.add(name)
        return name


def part(
    model: Model, inputs: Sequence[str], outputs: Sequence[str], constants: Mapping[str, np.ndarray]
) -> onnx.ModelProto:
    """The operators that compute `outputs` from `inputs`; `constants` are values that depend on no input."""
    givers = {name: node for node in model.proto.graph.node for name in node.output if name}
    needed: set[str] = set()
    waiting = list(outputs)
    used: set[str] = set()
    while waiting:
        name = waiting.pop()
        used.add(name)
        node = givers.get(name)
        if name in inputs or name in constants or node is None or node.output[0] in needed:
            continue
        needed.add(node.output[0])
        waiting.extend(inputs_of(node))
    nodes = [node for node in model.proto.graph.node if node.output[0] in needed]
    own = model.graph.tensors
    graph = helper.make_graph(
        nodes,
        model.proto.graph.name or "part",
        [_declared(model, name) for name in inputs],
        [_declared(model, name) for name in outputs],
        [
            filled(item, model.large)
            for item in model.proto.graph.initializer
            if item.name in used and item.name not in constants
        ]
        + [numpy_helper.from_array(value, name) for name, value in constants.items() if name in used and name in own],
    )
    return helper.make_model(graph, opset_imports=model.proto.opset_import, ir_version=model.proto.ir_version)


def write(proto: onnx.ModelProto, path: Path) -> Path:
    """Write a network, completely or not at all."""
    with atomic_path(path) as unfinished:
        unfinished.write_bytes(proto.SerializeToString())
    return path


def _declared(model: Model, name: str) -> onnx.ValueInfoProto:
    tensor = model.graph.tensors[name]
    return helper.make_tensor_value_info(name, CODES[tensor.dtype or "float32"], tensor.shape)

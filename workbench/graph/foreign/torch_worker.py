"""Runs in an interpreter that has torch: the layers of a TorchScript network, and every tensor that they compute.

    python torch_worker.py '{"model": …, "shapes": {"x.1": [1, 3, 9, 9]}}'              the graph, with shapes if given
    python torch_worker.py '{"model": …, "feeds": ["0.npy"], "folder": …, "wanted": […]}'     its tensors: folder/N.npy

Writes JSON lines on standard output. It imports nothing of the workbench and runs on Python 3.8 as well.
"""

# ruff: noqa: B905 (zip has no `strict` in older Pythons)
from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any, Callable, Iterator  # noqa: UP035 (older Pythons)

OUT = os.dup(1)
os.dup2(2, 1)  # whatever else is printed must not stand among the lines

import numpy as np  # noqa: E402
import torch  # type: ignore[import-not-found]  # noqa: E402

SILENT = ("prim::Constant", "prim::GetAttr", "prim::ListConstruct", "prim::TupleConstruct", "prim::ListUnpack",
          "prim::TupleUnpack")  # fmt: skip


def say(**message: Any) -> None:
    """Write one JSON line for the workbench."""
    os.write(OUT, (json.dumps(message) + "\n").encode())


def loaded(path: str) -> tuple[Any, Any]:
    """The module in evaluation mode and its graph, calls of other modules put in their place.

    It is done in place, as the vendor's toolkit does it: a copy would number the nameless values anew.
    """
    module = torch.jit.load(path, map_location="cpu")
    module.eval()
    graph = module.graph
    torch._C._jit_pass_inline(graph)
    return module, graph


def name_of(value: Any) -> str:
    """The name of a value in the graph, as its text shows it behind the %."""
    return str(value.debugName())


def is_tensor(value: Any) -> bool:
    """Whether a value is a tensor, and not a number, a list or a module."""
    return bool(value.type().kind() == "TensorType")


def sources(value: Any) -> list[str]:
    """The tensors that a value is, or that the list or tuple holds that it is."""
    if is_tensor(value):
        return [] if value.node().kind() in ("prim::GetAttr", "prim::Constant") else [name_of(value)]
    if value.node().kind() in ("prim::ListConstruct", "prim::TupleConstruct"):
        return [name for item in value.node().inputs() for name in sources(item)]
    if value.type().kind() in ("ListType", "TupleType"):
        return [name for node in unpacking(value) for name in map(name_of, node.outputs())][:1]
    return []


def unpacking(value: Any) -> list[Any]:
    """The nodes that take a list or tuple apart."""
    return [use.user for use in value.uses() if use.user.kind() in ("prim::ListUnpack", "prim::TupleUnpack")]


def given(node: Any) -> list[str]:
    """The tensors that a node gives; of a list those that it is unpacked to."""
    found = []
    for value in node.outputs():
        if is_tensor(value):
            found.append(name_of(value))
        else:
            found += [name_of(item) for taker in unpacking(value) for item in taker.outputs() if is_tensor(item)]
    return found


def layers(graph: Any) -> Iterator[dict[str, Any]]:
    """The nodes that compute tensors, in the order in which they run."""
    for node in graph.nodes():
        names = given(node)
        if node.kind() in SILENT or not names:
            continue
        taken = [name for value in node.inputs() for name in sources(value)]
        kind, module = node.kind().replace("aten::", ""), module_of(node)
        yield {"op": kind, "name": names[0], "inputs": taken, "outputs": names, "module": module}


def module_of(node: Any) -> str:
    """The module whose weights a node takes, as named_modules() calls it; "" where it takes none."""
    for value in node.inputs():
        if value.node().kind() == "prim::GetAttr":
            return path_of(value.node()).rpartition(".")[0]
    return ""


def path_of(node: Any) -> str:
    """Where a value lies in the network: a.b.weight."""
    owner = next(iter(node.inputs())).node()
    name = str(node.s("name"))
    return f"{path_of(owner)}.{name}" if owner.kind() == "prim::GetAttr" else name


def inputs_of(graph: Any) -> list[Any]:
    """The tensors that the network is fed with."""
    return [value for value in graph.inputs() if name_of(value) != "self" and is_tensor(value)]


class Run:
    """Computes a graph node by node; `keep` gets every tensor at once, for a later node may write into it."""

    def __init__(self, module: Any, keep: Callable[[str, Any], None]) -> None:
        self.module = module
        self.keep = keep

    def block(self, block: Any, values: dict[str, Any]) -> list[Any]:
        """Run a block, of a branch or a loop; `values` holds what is known by name. Gives what the block gives."""
        for node in block.nodes():
            self.node(node, values)
        return [values[name_of(value)] for value in block.outputs()]

    def node(self, node: Any, values: dict[str, Any]) -> None:
        """Run a node and put what it gives into `values`; `keep` gets the tensors."""
        kind = node.kind()
        taken = [values[name_of(value)] for value in node.inputs()]
        if kind == "prim::Constant":
            found = [node.output().toIValue()]
        elif kind == "prim::GetAttr":
            found = [getattr(taken[0], node.s("name"))]
        elif kind == "prim::ListConstruct":
            found = [list(taken)]
        elif kind == "prim::TupleConstruct":
            found = [tuple(taken)]
        elif kind in ("prim::ListUnpack", "prim::TupleUnpack"):
            found = list(taken[0])
        elif kind == "prim::If":
            found = self.block(list(node.blocks())[0 if taken[0] else 1], values)
        elif kind == "prim::Loop":
            found = self.loop(node, taken, values)
        else:
            found = self.operator(node, taken)
        for value, array in zip(node.outputs(), found):
            values[name_of(value)] = array
            if isinstance(array, torch.Tensor) and kind not in ("prim::GetAttr", "prim::Constant"):
                self.keep(name_of(value), array)

    def loop(self, node: Any, taken: list[Any], values: dict[str, Any]) -> list[Any]:
        """Run a loop; `taken` are its largest count, its condition, and what it carries on and gives at last."""
        block = next(iter(node.blocks()))
        most, going, carried = taken[0], taken[1], taken[2:]
        count = 0
        while going and count < most:
            for value, array in zip(block.inputs(), [count, *carried]):
                values[name_of(value)] = array
            going, *carried = self.block(block, values)
            count += 1
        return carried

    def operator(self, node: Any, taken: list[Any]) -> list[Any]:
        """Call an operator of torch; raises RuntimeError for one that this torch does not have."""
        operation, _ = torch._C._jit_get_operation(node.kind())
        if operation is None:
            raise RuntimeError(f"the operator {node.kind()} is not known here")
        arguments = torch._C.parse_schema(node.schema()).arguments
        named = {item.name: value for item, value in zip(arguments, taken) if item.kwarg_only}
        found = operation(*taken[: len(taken) - len(named)], **named)
        return list(found) if node.outputsSize() > 1 else [found]


def run(module: Any, graph: Any, arrays: list[Any], keep: Callable[[str, Any], None]) -> None:
    """Feed `arrays` in the order of the inputs; `keep` gets every tensor by name."""
    block_inputs = list(graph.inputs())
    values = {name_of(block_inputs[0]): module}
    for value, array in zip(inputs_of(graph), arrays):
        values[name_of(value)] = array
    with torch.no_grad():
        runner = Run(module, keep)
        for node in graph.nodes():
            runner.node(node, values)


def describe(request: dict[str, Any]) -> None:
    """Tell the graph; with shapes for all inputs also the shape and type of every tensor, found by a run on zeros."""
    module, graph = loaded(request["model"])
    shapes: dict[str, list[int]] = {}
    dtypes: dict[str, str] = {}

    def keep(name: str, array: Any) -> None:
        shapes[name] = list(array.shape)
        dtypes[name] = str(array.dtype).replace("torch.", "")

    wanted, names = request["shapes"], [name_of(value) for value in inputs_of(graph)]
    if names and all(name in wanted for name in names):
        run(module, graph, [torch.zeros(*wanted[name]) for name in names], keep)
    say(
        version=torch.__version__,
        inputs=names,
        outputs=[name for value in graph.outputs() for name in sources(value)],
        layers=list(layers(graph)),
        shapes=shapes,
        dtypes=dtypes,
    )


def dump(request: dict[str, Any]) -> None:
    """Compute the tensors that are wanted, each told as soon as its file is there."""
    module, graph = loaded(request["model"])
    wanted, count = set(request["wanted"]), [0]

    def keep(name: str, array: Any) -> None:
        if name in wanted and array.dtype not in (torch.bfloat16, torch.complex64, torch.complex128):
            file = f"{count[0]}.npy"
            count[0] += 1
            np.save(Path(request["folder"]) / file, array.detach().numpy())
            say(tensor=name, file=file)

    feeds = [torch.from_numpy(np.load(file, allow_pickle=False)) for file in request["feeds"]]
    run(module, graph, feeds, keep)
    say(done=True)


def main() -> None:
    request = json.loads(sys.argv[1])
    try:
        dump(request) if "feeds" in request else describe(request)
    except Exception as error:  # noqa: BLE001 (all that torch says goes to the workbench as one sentence)
        say(error=" ".join(str(error).split())[:600], kind=type(error).__name__)
        sys.exit(3)


if __name__ == "__main__":
    main()

"""Operators that compute nothing vanish, and their tensors are found again."""

from collections.abc import Sequence
from pathlib import Path

import onnx
import pytest

from tests.unit.networks import as_written, giver, node, ops
from workbench.graph.deployed import Deployed
from workbench.graph.draft import Draft, apply
from workbench.graph.rules.identities import drop_identity, drop_neutral

CONSTANTS = {"one": 1.0, "zero": 0.0}


def rewritten(folder: Path, nodes: Sequence[onnx.NodeProto], outputs: Sequence[str] = ("y",)) -> Deployed:
    draft = Draft(as_written(folder, nodes, CONSTANTS, outputs=outputs, shape=(1, 4, 6, 6)))
    apply(draft, [drop_identity, drop_neutral])
    return draft.graph()


def test_that_the_layer_before_an_identity_gives_its_tensor(tmp_path: Path) -> None:
    nodes = [node("Tanh", ["x"], ["t"]), node("Identity", ["t"], ["i"]), node("Relu", ["i"], ["y"])]
    graph = rewritten(tmp_path, [*nodes, node("Exp", ["t"], ["z"])], ["y", "z"])

    assert ops(graph) == ["Tanh", "Relu", "Exp"]
    assert (giver(graph, "y").inputs, giver(graph, "z").inputs) == (("i",), ("i",))
    assert giver(graph, "i").absorbed == ("t",)


def test_that_an_identity_of_the_input_leaves_the_input(tmp_path: Path) -> None:
    graph = rewritten(tmp_path, [node("Identity", ["x"], ["i"]), node("Relu", ["i"], ["y"])])

    assert giver(graph, "y").inputs == ("x",)


@pytest.mark.parametrize(
    "layer",
    [
        node("Mul", ["t", "one"], ["m"]),
        node("Mul", ["one", "t"], ["m"]),
        node("Div", ["t", "one"], ["m"]),
        node("Add", ["zero", "t"], ["m"]),
        node("Sub", ["t", "zero"], ["m"]),
        node("Cast", ["t"], ["m"], to=1),
        node("Concat", ["t"], ["m"], axis=1),
    ],
    ids=lambda layer: " ".join((layer.op_type, *layer.input)),
)
def test_that_what_takes_a_neutral_result_takes_its_input(tmp_path: Path, layer: onnx.NodeProto) -> None:
    graph = rewritten(tmp_path, [node("Tanh", ["x"], ["t"]), layer, node("Relu", ["m"], ["y"])])

    assert ops(graph) == ["Tanh", "Relu"]
    assert giver(graph, "t").absorbed == ("m",)


def test_that_a_neutral_result_that_is_an_output_keeps_its_name(tmp_path: Path) -> None:
    graph = rewritten(tmp_path, [node("Tanh", ["x"], ["t"]), node("Mul", ["t", "one"], ["y"])])

    assert [(layer.op, layer.outputs) for layer in graph.layers] == [("Tanh", ("y",))]


@pytest.mark.parametrize("layer", [node("Div", ["one", "t"], ["m"]), node("Sub", ["zero", "t"], ["m"])])
def test_that_a_neutral_constant_on_the_left_is_not_neutral(tmp_path: Path, layer: onnx.NodeProto) -> None:
    graph = rewritten(tmp_path, [node("Tanh", ["x"], ["t"]), layer, node("Relu", ["m"], ["y"])])

    assert ops(graph) == ["Tanh", layer.op_type, "Relu"]

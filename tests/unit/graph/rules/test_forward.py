"""Activations that go behind a Reshape or Transpose of what they give."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnx
import pytest

from tests.unit.networks import declared, deployed, node, random, unfused_and_fused
from workbench.graph.deployed import Deployed

TRANSPOSE, RESHAPE = node("Transpose", ["a"], ["y"], perm=[0, 1, 3, 2]), node("Reshape", ["a", "s"], ["y"])
FIRST, OTHER = node("Sin", ["x"], ["f"]), node("Cos", ["f"], ["z"])


def built(folder: Path, nodes: Sequence[onnx.NodeProto], outputs: tuple[str, ...]) -> Deployed:
    inputs = [declared("x", (1, 4, 6, 8))]
    graph = deployed(folder, nodes, {"s": np.asarray([1, 2, 12, 8])}, inputs=inputs, outputs=outputs)
    before, after = unfused_and_fused(graph, {"x": random(1, 4, 6, 8)})
    np.testing.assert_allclose(after, before, rtol=1e-6, atol=1e-6)
    return graph


def rows(graph: Deployed) -> list[tuple[str, str]]:
    return [(layer.op, layer.outputs[0]) for layer in graph.layers]


@pytest.mark.parametrize("last", [TRANSPOSE, RESHAPE])
def test_that_an_activation_of_what_others_take_goes_behind(tmp_path: Path, last: onnx.NodeProto) -> None:
    graph = built(tmp_path, [FIRST, node("Relu", ["f"], ["a"]), last, OTHER], ("y", "z"))
    assert {(last.op_type, "a_sw"), ("Relu", "y")} <= set(rows(graph))


def test_that_several_activations_go_together(tmp_path: Path) -> None:
    nodes = [FIRST, node("Tanh", ["f"], ["t"]), node("Relu", ["t"], ["a"]), RESHAPE, OTHER]
    graph = built(tmp_path, nodes, ("y", "z"))
    assert {("Reshape", "t_sw"), ("Tanh", "a_sw"), ("Relu", "y")} <= set(rows(graph))
    assert (graph.golden_of["t_sw"], graph.golden_of["a_sw"]) == ("f", "t")


def test_that_an_activation_that_is_alone_stays(tmp_path: Path) -> None:
    graph = built(tmp_path, [FIRST, node("Relu", ["f"], ["a"]), RESHAPE], ("y",))
    assert rows(graph) == [("Sin", "f"), ("Relu", "a"), ("Reshape", "y")]

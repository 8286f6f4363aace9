"""Rules of Transposes, as networks for pictures with channels last have them."""

from pathlib import Path

import numpy as np
import onnx
import pytest

from tests.unit.networks import Constants, deployed, node, ops, random, unfused_and_fused
from workbench.graph.deployed import Deployed

SHAPE = (1, 3, 4, 4)
LAST, FIRST = [0, 2, 3, 1], [0, 3, 1, 2]
CONV = {"w": random(6, 3, 1, 1), "v": random(2, 6, 1, 1)}


def checked(folder: Path, nodes: list[onnx.NodeProto], constants: Constants, opset: int = 17) -> Deployed:
    graph = deployed(folder, nodes, constants, shape=SHAPE, opset=opset)
    before, after = unfused_and_fused(graph, {"x": random(*SHAPE, seed=5)})
    np.testing.assert_allclose(after, before, rtol=1e-5, atol=1e-6)
    return graph


def test_that_an_activation_between_transposes_needs_none(tmp_path: Path) -> None:
    nodes = [
        node("Conv", ["x", "w"], ["c"]),
        node("Transpose", ["c"], ["t"], perm=LAST),
        node("Relu", ["t"], ["r"]),
        node("Transpose", ["r"], ["u"], perm=FIRST),
        node("Conv", ["u", "v"], ["y"]),
    ]
    graph = checked(tmp_path, nodes, CONV)
    assert [(layer.op, layer.outputs[0]) for layer in graph.layers] == [("Conv", "c"), ("Relu", "t_sw"), ("Conv", "y")]
    assert "t_sw" not in graph.golden_of


def test_that_a_transpose_with_another_taker_stays(tmp_path: Path) -> None:
    nodes = [
        node("Conv", ["x", "w"], ["c"]),
        node("Transpose", ["c"], ["t"], perm=LAST),
        node("Relu", ["t"], ["r"]),
        node("Add", ["r", "t"], ["y"]),
    ]
    assert ops(checked(tmp_path, nodes, CONV)) == ["Conv", "Transpose", "Relu", "Add"]


def test_that_a_sum_of_transposed_tensors_is_computed_before(tmp_path: Path) -> None:
    nodes = [
        node("Conv", ["x", "w"], ["c"]),
        node("Sin", ["c"], ["s"]),
        node("Transpose", ["c"], ["t"], perm=LAST),
        node("Transpose", ["s"], ["u"], perm=LAST),
        node("Add", ["t", "u"], ["sum"]),
        node("Transpose", ["sum"], ["back"], perm=FIRST),
        node("Conv", ["back", "v"], ["y"]),
    ]
    graph = checked(tmp_path, nodes, CONV)
    assert "Transpose" not in ops(graph)
    assert graph.tensors["sum"].static_shape == (1, 6, 4, 4)
    assert "sum" not in graph.golden_of  # the user's tensor of this name has its values in another order


@pytest.mark.parametrize("opset", [11, 13])
def test_that_a_softmax_over_the_last_axis_is_one_over_the_channels(tmp_path: Path, opset: int) -> None:
    nodes = [
        node("Conv", ["x", "w"], ["c"]),
        node("Transpose", ["c"], ["t"], perm=LAST),
        node("Softmax", ["t"], ["s"], axis=3),
        node("Transpose", ["s"], ["u"], perm=FIRST),
        node("Conv", ["u", "v"], ["y"]),
    ]
    graph = checked(tmp_path, nodes, CONV, opset)
    assert ops(graph) == ["Conv", "exSoftmax13", "Conv"]
    assert graph.layers[1].attributes["axis"] == 1


def test_that_a_slice_between_transposes_needs_none(tmp_path: Path) -> None:
    nodes = [
        node("Conv", ["x", "w"], ["c"]),
        node("Transpose", ["c"], ["t"], perm=LAST),
        node("Slice", ["t", "zero", "five", "three"], ["p"]),
        node("Transpose", ["p"], ["u"], perm=FIRST),
        node("Sin", ["u"], ["y"]),
    ]
    numbers = {name: np.asarray([value]) for name, value in (("zero", 0), ("five", 5), ("three", 3))}
    assert "Transpose" not in ops(checked(tmp_path, nodes, {**CONV, **numbers}))


def test_that_a_slice_of_everything_vanishes(tmp_path: Path) -> None:
    numbers = {name: np.asarray([value]) for name, value in (("zero", 0), ("end", 99), ("one", 1))}
    nodes = [node("Sin", ["x"], ["s"]), node("Slice", ["s", "zero", "end", "one"], ["p"]), node("Exp", ["p"], ["y"])]
    assert ops(checked(tmp_path, nodes, numbers)) == ["Sin", "Exp"]

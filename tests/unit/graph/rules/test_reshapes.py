"""Rules of Reshapes, of operators on fewer than four axes, of matrices and of Softmax."""

from pathlib import Path

import numpy as np
import onnx
import pytest

from tests.unit.networks import Constants, deployed, node, ops, random, unfused_and_fused
from workbench.graph.deployed import Deployed


def checked(folder: Path, nodes: list[onnx.NodeProto], constants: Constants, shape: tuple[int, ...]) -> Deployed:
    """The deployed graph, after its values were found to be those of the network."""
    graph = deployed(folder, nodes, constants, shape=shape)
    before, after = unfused_and_fused(graph, {"x": random(*shape, seed=5)})
    np.testing.assert_allclose(after, before, rtol=1e-5, atol=1e-6)
    return graph


def made(graph: Deployed) -> list[tuple[str, str]]:
    return [(layer.op, layer.outputs[0]) for layer in graph.layers]


def shape_of(*sizes: int) -> np.ndarray:
    return np.asarray(sizes, np.int64)


def test_that_reshapes_in_a_row_are_one(tmp_path: Path) -> None:
    nodes = [
        node("Exp", ["x"], ["e"]),
        node("Reshape", ["e", "a"], ["r1"]),
        node("Reshape", ["r1", "b"], ["y"]),
    ]
    graph = checked(tmp_path, nodes, {"a": shape_of(1, 12, 4), "b": shape_of(1, 6, 8)}, (1, 3, 4, 4))
    assert made(graph) == [("Exp", "e"), ("Reshape", "y")]


def test_that_a_reshape_and_the_way_back_vanish(tmp_path: Path) -> None:
    nodes = [
        node("Exp", ["x"], ["e"]),
        node("Reshape", ["e", "a"], ["r1"]),
        node("Reshape", ["r1", "b"], ["r2"]),
        node("Sin", ["r2"], ["y"]),
    ]
    graph = checked(tmp_path, nodes, {"a": shape_of(1, 12, 4), "b": shape_of(1, 3, 4, 4)}, (1, 3, 4, 4))
    assert made(graph) == [("Exp", "e"), ("Sin", "y")]


def test_that_every_layer_leads_back_to_those_that_vanished(tmp_path: Path) -> None:
    nodes = [node("Exp", ["x"], ["e"], name="e"), node("Flatten", ["e"], ["f"], name="f")]
    nodes += [node("Reshape", ["f", "b"], ["r"], name="r"), node("Sin", ["r"], ["y"], name="s")]
    graph = checked(tmp_path, nodes, {"b": shape_of(1, 3, 4, 4)}, (1, 3, 4, 4))
    assert {name for layer in graph.layers for name in layer.origins} == {"e", "f", "r", "s"}
    assert {name for layer in graph.layers for name in layer.absorbed} >= {"f", "r"}


def test_that_an_activation_moves_before_a_reshape(tmp_path: Path) -> None:
    nodes = [
        node("Conv", ["x", "w"], ["c"]),
        node("Reshape", ["c", "a"], ["r"]),
        node("Sigmoid", ["r"], ["y"]),
    ]
    graph = checked(tmp_path, nodes, {"w": random(1, 3, 1, 1), "a": shape_of(1, 16, 1)}, (1, 3, 4, 4))
    assert made(graph) == [("Conv", "c"), ("Sigmoid", "r_sw"), ("Reshape", "y")]
    assert graph.golden_of["r_sw"] == "y"


def test_that_an_operator_on_three_axes_gets_reshapes_around_it(tmp_path: Path) -> None:
    graph = checked(tmp_path, [node("Add", ["x", "c"], ["y"])], {"c": random(1, 5, 4)}, (1, 5, 4))
    assert made(graph) == [("Reshape", "x_rs"), ("Add", "y-rs"), ("Reshape", "y")]
    assert graph.tensors["y-rs"].static_shape == (1, 5, 1, 4)
    assert graph.golden_of["y-rs"] == "y"


def test_that_a_transpose_that_keeps_the_order_is_part_of_a_reshape(tmp_path: Path) -> None:
    nodes = [
        node("Conv", ["x", "w"], ["c"]),
        node("Transpose", ["c"], ["t"], perm=[0, 2, 3, 1]),
        node("Reshape", ["t", "a"], ["y"]),
    ]
    graph = checked(tmp_path, nodes, {"w": random(1, 3, 1, 1), "a": shape_of(1, 16, 1)}, (1, 3, 4, 4))
    assert ops(graph) == ["Conv", "Reshape"]


def test_that_reshapes_before_a_concat_follow_the_one_that_can_go(tmp_path: Path) -> None:
    """Heads of a detector: [1, h, w, 2·4] -> [1, 2·h·w, 4], joined along axis 1."""
    nodes = []
    for name, stride in (("a", 1), ("b", 2)):
        nodes += [
            node("Conv", ["x", f"w{name}"], [f"c{name}"], strides=[stride, stride]),
            node("Transpose", [f"c{name}"], [f"t{name}"], perm=[0, 2, 3, 1]),
            node("Reshape", [f"t{name}", "rows"], [f"r{name}"]),
        ]
    nodes.append(node("Concat", ["ra", "rb"], ["y"], axis=1))
    constants = {"wa": random(8, 3, 1, 1), "wb": random(8, 3, 1, 1), "rows": shape_of(1, -1, 4)}
    graph = checked(tmp_path, nodes, constants, (1, 3, 4, 4))
    concat = next(layer for layer in graph.layers if layer.op == "Concat")
    assert concat.inputs == ("ta", "rb_rs")
    assert graph.tensors[concat.outputs[0]].static_shape == (1, 5, 4, 8)


def test_that_a_classifier_is_a_conv_on_the_picture(tmp_path: Path) -> None:
    nodes = [
        node("Relu", ["x"], ["r"]),
        node("Flatten", ["r"], ["f"]),
        node("Gemm", ["f", "w", "b"], ["y"], transB=1),
    ]
    graph = checked(tmp_path, nodes, {"w": random(5, 48), "b": random(5)}, (1, 3, 4, 4))
    assert made(graph) == [("Relu", "r"), ("Conv", "y_mm"), ("Reshape", "y")]
    conv = graph.producers["y_mm"]
    assert (conv.inputs[0], graph.constants[conv.inputs[1]].shape) == ("r", (5, 3, 4, 4))


def test_that_a_constant_added_to_a_product_is_its_bias(tmp_path: Path) -> None:
    nodes = [node("Relu", ["x"], ["r"]), node("Flatten", ["r"], ["f"]), node("MatMul", ["f", "w"], ["m"])]
    nodes.append(node("Add", ["m", "b"], ["y"]))
    graph = checked(tmp_path, nodes, {"w": random(3, 5), "b": random(5)}, (1, 3, 1, 1))
    assert made(graph) == [("Relu", "r"), ("Conv", "m_rs_sw"), ("Reshape", "y")]


def test_that_rows_of_a_matrix_are_the_width_of_a_conv(tmp_path: Path) -> None:
    graph = checked(tmp_path, [node("MatMul", ["x", "w"], ["y"])], {"w": random(4, 5)}, (3, 4))
    assert graph.tensors["y_mm"].static_shape == (1, 5, 1, 3)
    assert "y_mm" not in graph.golden_of


@pytest.mark.parametrize("opset", [11, 13])
def test_that_softmax_works_along_one_axis(tmp_path: Path, opset: int) -> None:
    graph = deployed(tmp_path, [node("Softmax", ["x"], ["y"], axis=3)], shape=(1, 3, 4, 4), opset=opset)
    before, after = unfused_and_fused(graph, {"x": random(1, 3, 4, 4)})
    assert ops(graph) == ["exSoftmax13"]
    np.testing.assert_allclose(after, before, rtol=1e-6)


def test_that_an_old_softmax_over_several_axes_stays(tmp_path: Path) -> None:
    graph = deployed(tmp_path, [node("Softmax", ["x"], ["y"], axis=1)], shape=(1, 3, 4, 4), opset=11)
    assert ops(graph) == ["Softmax"]

"""MatMul of tensors of several axes, with the toolkit's rows and the same values."""

from pathlib import Path

import numpy as np
import onnx
import pytest

from tests.unit.networks import Constants, declared, deployed, node, ops, random, unfused_and_fused
from workbench.graph.deployed import Deployed

RIGHT, LEFT = random(32, 24, scale=0.2), random(24, 16, scale=0.2)
Rows = list[tuple[str, str]]


def rows(graph: Deployed) -> Rows:
    return [(layer.op, layer.outputs[0]) for layer in graph.layers]


def same(graph: Deployed, **feeds: np.ndarray) -> None:
    before, after = unfused_and_fused(graph, feeds)
    np.testing.assert_allclose(after, before, rtol=1e-4, atol=1e-5)


def with_constant(folder: Path, inputs: list[str], shape: tuple[int, ...], constant: np.ndarray) -> Deployed:
    graph = deployed(folder, [node("MatMul", inputs, ["y"])], {"w": constant}, shape=shape)
    same(graph, x=random(*shape, seed=3))
    return graph


def of_two(folder: Path, first: tuple[int, ...], second: tuple[int, ...]) -> Deployed:
    inputs = [declared("x", first), declared("z", second)]
    graph = deployed(folder, [node("MatMul", ["x", "z"], ["y"])], inputs=inputs)
    same(graph, x=random(*first, seed=3), z=random(*second, seed=4))
    return graph


@pytest.mark.parametrize(
    ("shape", "turned"),
    [((16, 32), (1, 32, 1, 16)), ((1, 16, 32), (1, 32, 1, 16)), ((4, 16, 32), (1, 32, 4, 16))],
)
def test_that_a_constant_behind_a_tensor_is_a_conv_on_its_lines(
    tmp_path: Path, shape: tuple[int, ...], turned: tuple[int, ...]
) -> None:
    graph = with_constant(tmp_path, ["x", "w"], shape, RIGHT)
    assert rows(graph) == [
        ("Reshape", "x_rs"), ("Transpose", "x_tp-rs"), ("Conv", "y_mm"), ("Transpose", "y_mm_tp"), ("Reshape", "y"),
    ]  # fmt: skip
    assert graph.tensors["x_tp-rs"].static_shape == turned


def test_that_four_axes_need_no_reshape(tmp_path: Path) -> None:
    right = with_constant(tmp_path, ["x", "w"], (1, 5, 16, 32), RIGHT)
    assert rows(right) == [("Transpose", "x_tp_rs"), ("Conv", "y_mm"), ("Transpose", "y")]
    left = with_constant(tmp_path, ["w", "x"], (1, 5, 16, 32), LEFT)
    assert rows(left) == [("Transpose", "x_rs"), ("Conv", "y_mm"), ("Transpose", "y")]


@pytest.mark.parametrize("shape", [(16, 32), (1, 16, 32), (4, 16, 32)])
def test_that_a_constant_before_a_tensor_is_a_conv_on_its_columns(tmp_path: Path, shape: tuple[int, ...]) -> None:
    graph = with_constant(tmp_path, ["w", "x"], shape, LEFT)
    assert rows(graph) == [("Reshape", "x_rs"), ("Conv", "y_mm"), ("Reshape", "y")]
    assert graph.golden_of["y_mm"] == "y"


def test_that_a_constant_with_an_axis_of_one_is_a_matrix(tmp_path: Path) -> None:
    assert "Conv" in ops(with_constant(tmp_path, ["x", "w"], (1, 16, 32), RIGHT[np.newaxis]))


def test_that_activations_around_a_product_are_computed_on_its_axes(tmp_path: Path) -> None:
    nodes = [node("Relu", ["x"], ["r"]), node("MatMul", ["r", "w"], ["m"]), node("Relu", ["m"], ["y"])]
    graph = deployed(tmp_path, nodes, {"w": RIGHT}, shape=(1, 16, 32))
    assert rows(graph) == [
        ("Reshape", "x_rs"), ("Relu", "r-rs"), ("Transpose", "r_tp-rs"), ("Conv", "m_mm"), ("Relu", "m_mm_tp_sw"),
        ("Transpose", "y-rs"), ("Reshape", "y"),
    ]  # fmt: skip
    same(graph, x=random(1, 16, 32))


def test_that_a_constant_added_to_a_product_is_the_bias_of_its_conv(tmp_path: Path) -> None:
    nodes = [node("MatMul", ["x", "w"], ["m"]), node("Add", ["m", "b"], ["y"])]
    graph = deployed(tmp_path, nodes, {"w": RIGHT, "b": random(24)}, shape=(1, 16, 32))
    assert ops(graph) == ["Reshape", "Transpose", "Conv", "Transpose", "Reshape"]
    assert graph.layers[2].outputs == ("m_mm_tp_sw",)
    same(graph, x=random(1, 16, 32))


@pytest.mark.parametrize("batch", [(), (1,), (4,)])
def test_that_two_tensors_are_multiplied_on_four_axes(tmp_path: Path, batch: tuple[int, ...]) -> None:
    graph = of_two(tmp_path, (*batch, 16, 32), (*batch, 32, 24))
    assert rows(graph) == [
        ("Reshape", "z_rs"), ("Reshape", "x_rs"), ("Transpose", "x_tp-rs"), ("exMatMul", "y_mm"), ("Reshape", "y"),
    ]  # fmt: skip
    assert graph.golden_of["y_mm"] == "y"


def test_that_heads_become_the_first_axis(tmp_path: Path) -> None:
    graph = of_two(tmp_path, (1, 4, 16, 32), (1, 4, 32, 24))
    assert rows(graph) == [("Transpose", "z_rs"), ("Transpose", "x_tp_rs"), ("exMatMul", "y_mm"), ("Transpose", "y")]
    assert graph.tensors["y_mm"].static_shape == (4, 16, 1, 24)


def test_that_a_transpose_before_a_product_is_part_of_its_own(tmp_path: Path) -> None:
    inputs = [declared("x", (1, 4, 16, 32)), declared("z", (1, 4, 24, 32))]
    nodes = [node("Transpose", ["z"], ["t"], perm=[0, 1, 3, 2]), node("MatMul", ["x", "t"], ["y"])]
    graph = deployed(tmp_path, nodes, inputs=inputs)
    assert sorted(rows(graph)) == sorted(
        [("Transpose", "t_rs"), ("Transpose", "x_tp_rs"), ("exMatMul", "y_mm"), ("Transpose", "y")]
    )
    same(graph, x=random(1, 4, 16, 32), z=random(1, 4, 24, 32))


@pytest.mark.parametrize(
    ("first", "second"), [((2, 4, 16, 32), (2, 4, 32, 24)), ((1, 4, 16, 32), (1, 32, 24)), ((4, 16, 32), (1, 32, 24))]
)
def test_that_products_of_several_batches_or_repeated_operands_stay(
    tmp_path: Path, first: tuple[int, ...], second: tuple[int, ...]
) -> None:
    assert ops(of_two(tmp_path, first, second)) == ["MatMul"]


def test_that_a_product_of_a_tensor_with_itself_has_its_values(tmp_path: Path) -> None:
    nodes: list[onnx.NodeProto] = [node("Transpose", ["x"], ["t"]), node("MatMul", ["x", "t"], ["y"])]
    constants: Constants = {}
    graph = deployed(tmp_path, nodes, constants, shape=(3, 4))
    assert "exMatMul" in ops(graph)
    same(graph, x=random(3, 4))


def test_that_a_product_of_one_row_is_a_column_of_operands_that_changed_places(tmp_path: Path) -> None:
    graph = of_two(tmp_path, (1, 3, 1, 21), (1, 3, 21, 16))
    product = next(layer for layer in graph.layers if layer.op == "exMatMul")
    assert product.inputs == ("z_rs", "x_tp_rs")
    assert graph.tensors["y_mm"].static_shape == (3, 16, 1, 1)

"""MatMul with one constant matrix a head, with the toolkit's rows and the same values."""

from pathlib import Path

import numpy as np
import pytest

from tests.unit.networks import declared, deployed, node, ops, random, unfused_and_fused
from workbench.graph.deployed import Deployed

Shape = tuple[int, ...]


def product(folder: Path, shape: Shape, constant: Shape, is_right: bool = True) -> Deployed:
    inputs = ["x", "w"] if is_right else ["w", "x"]
    graph = deployed(folder, [node("MatMul", inputs, ["y"])], {"w": random(*constant)}, shape=shape)
    same(graph, x=random(*shape, seed=3))
    return graph


def same(graph: Deployed, **feeds: np.ndarray) -> None:
    before, after = unfused_and_fused(graph, feeds)
    np.testing.assert_allclose(after, before, rtol=1e-4, atol=1e-5)


def rows(graph: Deployed) -> list[tuple[str, str, Shape | None]]:
    return [(layer.op, name, graph.tensors[name].static_shape) for layer in graph.layers for name in layer.outputs]


@pytest.mark.parametrize("heads", [1, 3])
def test_that_matrices_behind_four_axes_come_first(tmp_path: Path, heads: int) -> None:
    graph = product(tmp_path, (1, heads, 21, 16), (3, 16, 5))
    assert rows(graph) == [
        ("Transpose", "x_tp_rs", (heads, 16, 1, 21)), ("exMatMul", "y_mm", (3, 5, 1, 21)),
        ("Transpose", "y", (1, 3, 21, 5)),
    ]  # fmt: skip
    assert graph.layers[1].inputs[1] == "x_tp_rs"


def test_that_matrices_before_four_axes_stay_there(tmp_path: Path) -> None:
    graph = product(tmp_path, (1, 3, 21, 16), (1, 3, 5, 21), is_right=False)
    assert rows(graph)[:2] == [("Transpose", "x_rs", (3, 21, 1, 16)), ("exMatMul", "y_mm", (3, 5, 1, 16))]


def test_that_matrices_of_one_row_change_places_with_the_tensor(tmp_path: Path) -> None:
    graph = product(tmp_path, (1, 3, 21, 16), (1, 3, 1, 21), is_right=False)
    assert rows(graph)[1] == ("exMatMul", "y_mm", (3, 16, 1, 1))
    assert graph.layers[1].inputs[0] == "x_rs"


@pytest.mark.parametrize("is_right", [True, False])
def test_that_three_axes_are_multiplied_on_four(tmp_path: Path, is_right: bool) -> None:
    graph = product(tmp_path, (3, 21, 16), (3, 16, 5) if is_right else (3, 5, 21), is_right)
    names = ["x_rs", "x_tp-rs", "y_mm_tp", "y"] if is_right else ["x_rs", "y_mm", "y"]
    assert [name for _, name, _ in rows(graph)] == names


def test_that_a_matrix_for_every_place_is_one_product(tmp_path: Path) -> None:
    graph = product(tmp_path, (1, 1, 21, 1, 64), (3, 21, 64, 16))
    assert rows(graph) == [
        ("Reshape", "x_tp_rs", (21, 64, 1, 1)), ("exMatMul", "x_tp_rs_mm", (21, 1, 1, 48)),
        ("Reshape", "x_tp_rs_mm_rs_rs", (21, 1, 3, 16)), ("Transpose", "y-rs", (3, 21, 1, 16)),
        ("Reshape", "y", (1, 3, 21, 1, 16)),
    ]  # fmt: skip


def test_that_more_batches_stay(tmp_path: Path) -> None:
    assert ops(product(tmp_path, (2, 3, 21, 16), (3, 16, 5))) == ["MatMul"]


def test_that_operands_of_a_product_that_is_turned_change_places(tmp_path: Path) -> None:
    nodes = [node("MatMul", ["x", "z"], ["m"]), node("Transpose", ["m"], ["y"], perm=[0, 2, 1])]
    inputs = [declared("x", (1, 7, 5)), declared("z", (1, 5, 12))]
    graph = deployed(tmp_path, nodes, inputs=inputs)
    same(graph, x=random(1, 7, 5), z=random(1, 5, 12, seed=4))
    made = next(layer for layer in graph.layers if layer.op == "exMatMul")
    assert (made.inputs, made.outputs) == (("z_rs", "x_tp-rs"), ("y-rs",))

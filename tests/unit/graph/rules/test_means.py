"""Rules of means over width and height, in this order."""

from pathlib import Path

import numpy as np
import pytest

from tests.unit.networks import deployed, node, ops, random, unfused_and_fused


@pytest.mark.parametrize(
    ("shape", "expected"),
    [
        ((1, 24, 4, 4), ["Reshape", "Transpose", "Conv", "Transpose"]),
        ((1, 8, 14, 14), ["Reshape", "Conv", "Transpose"]),
    ],
)
def test_that_the_mean_is_a_product_with_a_row(tmp_path: Path, shape: tuple, expected: list[str]) -> None:
    graph = deployed(tmp_path, [node("ReduceMean", ["x"], ["y"], axes=[-1, -2])], shape=shape)
    before, after = unfused_and_fused(graph, {"x": random(*shape)})
    assert ops(graph) == expected
    np.testing.assert_allclose(after, before, atol=1e-6)


def test_that_many_channels_become_the_width(tmp_path: Path) -> None:
    graph = deployed(tmp_path, [node("ReduceMean", ["x"], ["y"], axes=[-1, -2])], shape=(1, 24, 4, 4))
    assert [layer.outputs[0] for layer in graph.layers] == ["x_rs", "x_rs_tp", "x_rs_tp_conv", "y"]


@pytest.mark.parametrize("keepdims", [0, 1])
def test_that_short_rows_are_added_by_a_wide_kernel(tmp_path: Path, keepdims: int) -> None:
    nodes = [node("ReduceMean", ["x"], ["y"], axes=[-1, -2], keepdims=keepdims)]
    graph = deployed(tmp_path, nodes, shape=(1, 8, 4, 5))
    before, after = unfused_and_fused(graph, {"x": random(1, 8, 4, 5)})
    assert ops(graph)[:2] == ["Transpose", "Conv"]
    np.testing.assert_allclose(after, before, atol=1e-6)


BETWEEN = ["Transpose", "Conv", "Transpose"]


@pytest.mark.parametrize(("axis", "expected"), [(1, ["Conv"]), (2, BETWEEN), (3, BETWEEN)])
def test_that_the_mean_over_one_axis_is_a_conv(tmp_path: Path, axis: int, expected: list[str]) -> None:
    nodes = [node("Relu", ["x"], ["r"]), node("ReduceMean", ["r"], ["m"], axes=[axis]), node("Sin", ["m"], ["y"])]
    graph = deployed(tmp_path, nodes, shape=(1, 8, 5, 6))
    before, after = unfused_and_fused(graph, {"x": random(1, 8, 5, 6)})
    assert ops(graph)[1:-1] == expected
    np.testing.assert_allclose(after, before, rtol=1e-5)


def test_that_the_mean_over_the_channels_of_what_others_take_is_one_row(tmp_path: Path) -> None:
    nodes = [node("Relu", ["x"], ["r"]), node("ReduceMean", ["r"], ["m"], axes=[1]), node("Mul", ["r", "m"], ["y"])]
    graph = deployed(tmp_path, nodes, shape=(1, 8, 5, 6))
    before, after = unfused_and_fused(graph, {"x": random(1, 8, 5, 6)})
    assert [layer.outputs[0] for layer in graph.layers] == ["r", "r_rs", "r_rs_mm", "m", "y"]
    np.testing.assert_allclose(after, before, rtol=1e-5)


@pytest.mark.parametrize("axes", [[0], [1, 2], [0, 1]])
def test_that_a_mean_over_other_axes_stays(tmp_path: Path, axes: list[int]) -> None:
    assert "ReduceMean" in ops(deployed(tmp_path, [node("ReduceMean", ["x"], ["y"], axes=axes)]))


@pytest.mark.parametrize("axes", [[1], [2, 3]])
def test_that_a_sum_is_a_conv_of_ones(tmp_path: Path, axes: list[int]) -> None:
    nodes = [node("Relu", ["x"], ["r"]), node("ReduceSum", ["r", "axes"], ["y"])]
    graph = deployed(tmp_path, nodes, {"axes": np.asarray(axes)}, shape=(1, 8, 5, 9))
    before, after = unfused_and_fused(graph, {"x": random(1, 8, 5, 9)})
    conv = next(layer for layer in graph.layers if layer.op == "Conv")
    assert set(graph.constants[conv.inputs[1]].ravel().tolist()) == {1.0}
    np.testing.assert_allclose(after, before, rtol=1e-5)


@pytest.mark.parametrize(
    ("to", "op"), [((5, 3, 1, 1), "Transpose"), ((1, 5, 1, 3), "Transpose"), ((3, 5, 1, 1), "Reshape")]
)
def test_that_a_reshape_that_only_moves_axes_of_one_is_a_transpose(
    tmp_path: Path, to: tuple[int, ...], op: str
) -> None:
    nodes = [node("Exp", ["x"], ["e"]), node("Reshape", ["e", "s"], ["r"]), node("Sin", ["r"], ["y"])]
    graph = deployed(tmp_path, nodes, {"s": np.asarray(to)}, shape=(1, 5, 3, 1))
    before, after = unfused_and_fused(graph, {"x": random(1, 5, 3, 1)})
    assert [layer.op for layer in graph.layers if layer.op in ("Reshape", "Transpose")] == [op]
    np.testing.assert_allclose(after, before, rtol=1e-6)

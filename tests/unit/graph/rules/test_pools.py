"""Rules of pooling over much: the pieces, their names, and the same values."""

from pathlib import Path

import numpy as np
import pytest

from tests.unit.networks import deployed, node, ops, random, unfused_and_fused
from workbench.graph.rules.pools import pieces_of

SIZES = [(7, 7), (8, 8), (3, 100), (33, 17), (50, 50), (1, 3)]


@pytest.mark.parametrize(
    ("spatial", "pieces"),
    [
        ((7, 7), [((7, 7), (0, 0, 0, 0))]),
        ((8, 8), [((7, 7), (3, 3, 3, 3)), ((2, 2), (0, 0, 0, 0))]),
        ((9, 9), [((7, 7), (2, 2, 3, 3)), ((2, 2), (0, 0, 0, 0))]),
        ((3, 8), [((3, 7), (0, 3, 0, 3)), ((1, 2), (0, 0, 0, 0))]),
        ((50, 50), [((7, 7), (3, 3, 3, 3)), ((7, 7), (3, 3, 3, 3)), ((2, 2), (0, 0, 0, 0))]),
    ],
)
def test_that_each_piece_is_at_most_seven_a_side_and_padded_more_at_the_end(spatial: tuple, pieces: list) -> None:
    assert pieces_of(spatial) == pieces


@pytest.mark.parametrize("size", SIZES)
def test_that_global_pooling_is_depthwise_convs_of_the_same_values(tmp_path: Path, size: tuple[int, int]) -> None:
    graph = deployed(tmp_path, [node("GlobalAveragePool", ["x"], ["y"], name="pool")], shape=(2, 3, *size))
    before, after = unfused_and_fused(graph, {"x": random(2, 3, *size)})
    names = [layer.outputs[0] for layer in graph.layers]
    assert set(ops(graph)) == {"Conv"}
    assert names == [*(f"pool_2conv{number}" for number in range(len(names) - 1)), "y"]
    np.testing.assert_allclose(after, before, atol=1e-6)


def test_that_the_weights_of_the_pieces_are_roots_of_the_share(tmp_path: Path) -> None:
    graph = deployed(tmp_path, [node("GlobalAveragePool", ["x"], ["y"])], shape=(1, 3, 8, 8))
    assert {float(graph.constants[layer.inputs[1]].min()) for layer in graph.layers} == {0.125}


def test_that_global_pooling_of_one_value_vanishes(tmp_path: Path) -> None:
    nodes = [node("GlobalAveragePool", ["x"], ["p"]), node("Sigmoid", ["p"], ["y"])]
    assert ops(deployed(tmp_path, nodes, shape=(1, 3, 1, 1))) == ["Sigmoid"]


@pytest.mark.parametrize(("keepdims", "last"), [(1, "Conv"), (0, "Reshape")])
def test_that_a_mean_over_height_and_width_is_named_gavg_after_its_input(
    tmp_path: Path, keepdims: int, last: str
) -> None:
    nodes = [node("Exp", ["x"], ["e"]), node("ReduceMean", ["e"], ["y"], axes=[2, 3], keepdims=keepdims)]
    graph = deployed(tmp_path, nodes, shape=(1, 3, 9, 9))
    before, after = unfused_and_fused(graph, {"x": random(1, 3, 9, 9)})
    assert graph.layers[1].outputs == ("e_gavg_2conv0",)
    assert graph.layers[-1].op == last
    np.testing.assert_allclose(after, before, rtol=1e-5)


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        ({"kernel_shape": [12, 12]}, ["Conv", "Conv"]),
        ({"kernel_shape": [8, 8]}, ["Conv"]),
        ({"kernel_shape": [7, 7]}, ["AveragePool"]),
        ({"kernel_shape": [9, 9], "pads": [4, 4, 4, 4]}, ["AveragePool"]),
        ({"kernel_shape": [9, 9], "pads": [4, 4, 4, 4], "count_include_pad": 1}, ["Conv"]),
    ],
)
def test_that_large_average_pooling_is_a_conv(tmp_path: Path, attributes: dict, expected: list[str]) -> None:
    graph = deployed(tmp_path, [node("AveragePool", ["x"], ["y"], **attributes)], shape=(1, 3, 12, 12))
    before, after = unfused_and_fused(graph, {"x": random(1, 3, 12, 12)})
    assert ops(graph) == expected
    np.testing.assert_allclose(after, before, atol=1e-6)


@pytest.mark.parametrize(("size", "count"), [(7, 1), (8, 2), (30, 2), (50, 3)])
def test_that_a_global_maximum_is_taken_in_tiles(tmp_path: Path, size: int, count: int) -> None:
    graph = deployed(tmp_path, [node("GlobalMaxPool", ["x"], ["y"], name="top")], shape=(1, 3, size, size))
    before, after = unfused_and_fused(graph, {"x": random(1, 3, size, size)})
    assert ops(graph) == ["MaxPool"] * count
    assert [layer.outputs[0] for layer in graph.layers[:-1]] == [f"top_tile{number}" for number in range(count - 1)]
    np.testing.assert_array_equal(after, before)


@pytest.mark.parametrize(
    ("attributes", "names"),
    [
        ({"kernel_shape": [8, 8]}, ["x_mp", "y"]),
        ({"kernel_shape": [13, 13], "pads": [6] * 4}, ["x_mp", "y"]),
        ({"kernel_shape": [21, 21], "pads": [10] * 4}, ["x_mp", "x_mp_mp", "x_mp_mp_mp", "y"]),
        ({"kernel_shape": [9, 9], "pads": [4] * 4, "strides": [2, 2]}, ["x_mp", "y"]),
        ({"kernel_shape": [1, 9], "pads": [0, 4, 0, 4]}, ["x_mp", "y"]),
        ({"kernel_shape": [7, 7], "pads": [3] * 4}, ["y"]),
        ({"kernel_shape": [9, 9], "strides": [2, 2], "ceil_mode": 1}, ["y"]),
    ],
)
def test_that_a_large_maximum_is_taken_in_steps_of_seven(tmp_path: Path, attributes: dict, names: list[str]) -> None:
    graph = deployed(tmp_path, [node("MaxPool", ["x"], ["y"], **attributes)], shape=(1, 3, 28, 28))
    before, after = unfused_and_fused(graph, {"x": random(1, 3, 28, 28)})
    assert [layer.outputs[0] for layer in graph.layers] == names
    np.testing.assert_array_equal(after, before)


def test_that_what_is_no_float_is_left_alone(tmp_path: Path) -> None:
    nodes = [
        node("Cast", ["x"], ["d"], to=11),
        node("GlobalAveragePool", ["d"], ["p"]),
        node("Cast", ["p"], ["y"], to=1),
    ]
    assert "GlobalAveragePool" in ops(deployed(tmp_path, nodes))

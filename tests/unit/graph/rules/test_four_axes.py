"""Operators on other than four axes."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnx
import pytest

from tests.unit.networks import deployed, giver, node, ops, random, unfused_and_fused

ROWS = {"row": random(8, seed=2)}


@pytest.mark.parametrize(
    ("shape", "wide"),
    [((8,), (1, 8, 1, 1)), ((4, 8), (4, 8, 1, 1)), ((1, 4, 8), (1, 4, 1, 8)), ((1, 2, 3, 4, 8), (2, 3, 4, 8))],
)
def test_that_an_operator_is_reshaped_around(tmp_path: Path, shape: tuple[int, ...], wide: tuple[int, ...]) -> None:
    graph = deployed(tmp_path, [node("Add", ["x", "row"], ["a"]), node("Sin", ["a"], ["y"])], ROWS, shape=shape)
    before, after = unfused_and_fused(graph, {"x": random(*shape)})
    assert ops(graph) == ["Reshape", "Add", "Sin", "Reshape"]
    assert graph.tensors["a-rs"].static_shape == wide
    np.testing.assert_allclose(after, before, rtol=1e-6)


@pytest.mark.parametrize(
    ("nodes", "shape"),
    [
        ([node("Relu", ["x"], ["y"])], (2, 3, 2, 4, 8)),
        ([node("Concat", ["x", "x"], ["y"], axis=0)], (1, 3, 2, 4, 8)),
        ([node("Transpose", ["x"], ["y"], perm=[0, 4, 3, 2, 1])], (2, 3, 2, 4, 8)),
    ],
    ids=["batch", "first axis", "five of a Transpose"],
)
def test_that_what_needs_all_of_five_axes_stays(
    tmp_path: Path, nodes: Sequence[onnx.NodeProto], shape: tuple[int, ...]
) -> None:
    graph = deployed(tmp_path, nodes, shape=shape)
    assert ops(graph) == [nodes[0].op_type]


@pytest.mark.parametrize(
    ("shape", "perm", "order"),
    [
        ((1, 2, 3, 4, 8), [0, 1, 3, 2, 4], [0, 2, 1, 3]),
        ((2, 3, 1, 4, 8), [0, 4, 3, 2, 1], [0, 3, 2, 1]),
        ((1, 1, 2, 3, 4, 8), [0, 5, 4, 3, 2, 1], [3, 2, 1, 0]),
        ((1, 5, 3, 4, 8), [2, 0, 3, 1, 4], [1, 2, 0, 3]),
    ],
)
def test_that_a_transpose_does_without_axes_of_one_value(
    tmp_path: Path, shape: tuple[int, ...], perm: list[int], order: list[int]
) -> None:
    graph = deployed(tmp_path, [node("Transpose", ["x"], ["y"], perm=perm)], shape=shape)
    before, after = unfused_and_fused(graph, {"x": random(*shape)})
    assert ops(graph) == ["Reshape", "Transpose", "Reshape"]
    assert giver(graph, "y-rs").attributes["perm"] == order
    np.testing.assert_array_equal(after, before)

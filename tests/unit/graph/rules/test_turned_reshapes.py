"""Reshapes between Transposes."""

from pathlib import Path

import numpy as np
import pytest

from tests.unit.networks import deployed, node, ops, random, unfused_and_fused
from workbench.graph.rules.turned_reshapes import keeps_order

SHAPE = (1, 12, 1, 5)


@pytest.mark.parametrize(
    ("shape", "first", "given", "second"),
    [
        ((1, 32, 1, 16), (0, 3, 2, 1), (1, 16, 4, 8), (2, 3, 0, 1)),
        ((4, 8, 1, 16), (2, 3, 0, 1), (1, 16, 1, 32), (0, 3, 2, 1)),
        ((1, 32, 1, 16), (0, 3, 2, 1), (1, 16, 8, 4), (0, 3, 2, 1)),
        ((1, 6, 1, 4), (0, 3, 2, 1), (1, 8, 3, 1), (0, 2, 1, 3)),
        ((2, 3, 4, 5), (0, 1, 2, 3), (2, 3, 20, 1), (0, 1, 3, 2)),
    ],
)
def test_that_it_is_told_whether_the_order_of_the_values_stays(
    shape: tuple[int, ...], first: tuple[int, ...], given: tuple[int, ...], second: tuple[int, ...]
) -> None:
    values = np.arange(np.prod(shape))
    moved = values.reshape(shape).transpose(first).reshape(given).transpose(second)
    assert keeps_order(shape, first, given, second) == np.array_equal(moved.reshape(-1), values)


def test_that_the_three_are_one_reshape(tmp_path: Path) -> None:
    nodes = [
        node("Transpose", ["x"], ["a"], perm=[0, 3, 2, 1]),
        node("Reshape", ["a", "heads"], ["b"]),
        node("Transpose", ["b"], ["y"], perm=[2, 3, 0, 1]),
    ]
    graph = deployed(tmp_path, nodes, {"heads": np.array([1, 5, 3, 4])}, shape=SHAPE)
    before, after = unfused_and_fused(graph, {"x": random(*SHAPE)})
    assert ops(graph) == ["Reshape"]
    np.testing.assert_array_equal(after, before)


def test_that_they_stay_where_the_order_changes(tmp_path: Path) -> None:
    nodes = [
        node("Transpose", ["x"], ["a"], perm=[0, 3, 2, 1]),
        node("Reshape", ["a", "heads"], ["b"]),
        node("Transpose", ["b"], ["y"], perm=[0, 3, 2, 1]),
    ]
    graph = deployed(tmp_path, nodes, {"heads": np.array([1, 5, 3, 4])}, shape=SHAPE)
    before, after = unfused_and_fused(graph, {"x": random(*SHAPE)})
    assert ops(graph).count("Transpose") == 2
    np.testing.assert_array_equal(after, before)

"""Operands that are repeated before a Div or Sub."""

from pathlib import Path

import numpy as np
import pytest

from tests.unit.networks import declared, deployed, node, ops, random, unfused_and_fused
from workbench.graph.deployed import Deployed


def combined(folder: Path, op: str, second: tuple[int, ...]) -> Deployed:
    inputs = [declared("x", (1, 7, 3, 4)), declared("z", second)]
    graph = deployed(folder, [node(op, ["x", "z"], ["y"])], inputs=inputs)
    before, after = unfused_and_fused(graph, {"x": random(1, 7, 3, 4), "z": 2 + abs(random(*second))})
    np.testing.assert_array_equal(after, before)
    return graph


@pytest.mark.parametrize("second", [(1, 7, 1, 1), (1, 1, 3, 1), (1, 1, 1, 1)])
@pytest.mark.parametrize("op", ["Div", "Sub"])
def test_that_what_is_repeated_along_the_last_axis_is_repeated_before(
    tmp_path: Path, op: str, second: tuple[int, ...]
) -> None:
    graph = combined(tmp_path, op, second)
    assert [(layer.op, layer.outputs[0]) for layer in graph.layers] == [("Expand", "z_expand"), (op, "y")]


def test_that_other_repetitions_are_left_to_the_operator(tmp_path: Path) -> None:
    assert ops(combined(tmp_path, "Div", (1, 1, 3, 4))) == ["Div"]


@pytest.mark.parametrize("op", ["Add", "Mul", "Max"])
def test_that_other_operators_repeat_by_themselves(tmp_path: Path, op: str) -> None:
    assert ops(combined(tmp_path, op, (1, 7, 1, 1))) == [op]

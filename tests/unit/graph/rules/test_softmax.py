"""Softmax in several operators, and in old networks."""

from pathlib import Path

import numpy as np
import pytest

from tests.unit.networks import deployed, node, random, unfused_and_fused
from workbench.graph.deployed import Deployed

POWER, RATIO = node("Exp", ["x"], ["e"]), node("Div", ["e", "s"], ["y"])


def spelled(folder: Path, shape: tuple[int, ...], axis: int, **known: int) -> Deployed:
    nodes = [POWER, node("ReduceSum", ["e"], ["s"], axes=[axis], **known), RATIO]
    graph = deployed(folder, nodes, shape=shape, opset=11)
    before, after = unfused_and_fused(graph, {"x": random(*shape, seed=2)})
    np.testing.assert_allclose(after, before, rtol=1e-5)
    return graph


def rows(graph: Deployed) -> list[tuple[str, str]]:
    return [(layer.op, layer.outputs[0]) for layer in graph.layers]


@pytest.mark.parametrize("axis", [1, 3])
def test_that_powers_over_their_sum_are_a_softmax(tmp_path: Path, axis: int) -> None:
    graph = spelled(tmp_path, (1, 3, 4, 21), axis)
    assert rows(graph) == [("exSoftmax13", "y")]
    assert graph.layers[0].attributes["axis"] == axis


def test_that_three_axes_get_a_fourth(tmp_path: Path) -> None:
    graph = spelled(tmp_path, (1, 3, 21), 1)
    assert rows(graph) == [("Reshape", "x_rs"), ("exSoftmax13", "y-rs"), ("Reshape", "y")]


def test_that_powers_over_the_sum_of_others_are_none(tmp_path: Path) -> None:
    nodes = [POWER, node("Exp", ["z"], ["o"]), node("ReduceSum", ["o"], ["s"], axes=[1]), RATIO]
    graph = deployed(tmp_path, [node("Sin", ["x"], ["z"]), *nodes], shape=(1, 3, 4, 4), opset=11)
    assert "exSoftmax13" not in {layer.op for layer in graph.layers}

"""Sums over one axis, with the toolkit's rows and the same values."""

from pathlib import Path

import numpy as np
import pytest

from tests.unit.networks import deployed, node, random, unfused_and_fused
from workbench.graph.deployed import Deployed


def summed(folder: Path, shape: tuple[int, ...], axis: int, keepdims: int = 1, opset: int = 13) -> Deployed:
    if opset < 13:
        nodes, constants = [node("ReduceSum", ["x"], ["y"], axes=[axis], keepdims=keepdims)], {}
    else:
        nodes, constants = [node("ReduceSum", ["x", "axes"], ["y"], keepdims=keepdims)], {"axes": np.asarray([axis])}
    graph = deployed(folder, nodes, constants, shape=shape, opset=opset)
    before, after = unfused_and_fused(graph, {"x": random(*shape, seed=2)})
    np.testing.assert_allclose(after, before, rtol=1e-5, atol=1e-5)
    return graph


def rows(graph: Deployed) -> list[tuple[str, str]]:
    return [(layer.op, layer.outputs[0]) for layer in graph.layers]


def test_that_a_sum_over_channels_is_a_conv_of_ones(tmp_path: Path) -> None:
    graph = summed(tmp_path, (1, 3, 4, 12), 1)
    assert rows(graph) == [("Conv", "y")]
    assert np.array_equal(graph.constants[graph.layers[0].inputs[1]], np.ones((1, 3, 1, 1)))


def test_that_a_sum_over_rows_is_a_depthwise_conv(tmp_path: Path) -> None:
    graph = summed(tmp_path, (1, 3, 4, 12), 2)
    assert rows(graph) == [("Conv", "y")]
    assert graph.layers[0].attributes["group"] == 3
    assert graph.constants[graph.layers[0].inputs[1]].shape == (3, 1, 4, 1)


@pytest.mark.parametrize("opset", [11, 13])
def test_that_a_sum_over_the_last_axis_is_a_conv_between_transposes(tmp_path: Path, opset: int) -> None:
    graph = summed(tmp_path, (1, 3, 4, 12), -1, opset=opset)
    assert rows(graph) == [("Transpose", "x_tp"), ("Conv", "y_conv"), ("Transpose", "y")]


@pytest.mark.parametrize("axis", [1, 2])
def test_that_a_sum_without_its_axis_is_reshaped(tmp_path: Path, axis: int) -> None:
    assert rows(summed(tmp_path, (1, 3, 4, 12), axis, keepdims=0)) == [("Conv", "y_conv"), ("Reshape", "y")]


@pytest.mark.parametrize("keepdims", [0, 1])
@pytest.mark.parametrize("opset", [11, 13])
def test_that_three_axes_are_summed_on_four(tmp_path: Path, keepdims: int, opset: int) -> None:
    graph = summed(tmp_path, (1, 7, 12), 1, keepdims, opset)
    assert rows(graph) == [("Reshape", "x_rs"), ("Conv", "y-rs"), ("Reshape", "y")]


def test_that_a_sum_over_the_batch_stays(tmp_path: Path) -> None:
    assert rows(summed(tmp_path, (2, 3, 4, 12), 0)) == [("ReduceSum", "y")]

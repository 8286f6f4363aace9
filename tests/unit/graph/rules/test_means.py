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


def test_that_a_mean_over_other_axes_stays(tmp_path: Path) -> None:
    assert "ReduceMean" in ops(deployed(tmp_path, [node("ReduceMean", ["x"], ["y"], axes=[1])]))

"""Rules of convolutions and pooling along one axis."""

from pathlib import Path

import numpy as np
import pytest

from tests.unit.networks import deployed, node, ops, random, unfused_and_fused

CONV = {"w": random(4, 3, 3), "b": random(4), "v": random(3, 2, 2), "d": random(3, 1, 5)}
NODES = [
    node("Conv", ["x", "w", "b"], ["y"], pads=[1, 2], strides=[2]),
    node("Conv", ["x", "d"], ["y"], group=3, dilations=[2]),
    node("ConvTranspose", ["x", "v"], ["y"], strides=[2], output_padding=[1]),
    node("MaxPool", ["x"], ["y"], kernel_shape=[3], pads=[1, 1]),
    node("AveragePool", ["x"], ["y"], kernel_shape=[2], strides=[2]),
]


@pytest.mark.parametrize("layer", NODES, ids=lambda layer: layer.op_type)
def test_that_they_are_such_on_pictures_of_one_row(tmp_path: Path, layer: object) -> None:
    graph = deployed(tmp_path, [layer], CONV, shape=(1, 3, 20))
    before, after = unfused_and_fused(graph, {"x": random(1, 3, 20)})
    assert ops(graph) == ["Reshape", layer.op_type, "Reshape"]
    assert [item.outputs[0] for item in graph.layers] == ["x_rs", "y-rs", "y"]
    np.testing.assert_allclose(after, before, rtol=1e-5, atol=1e-5)


def test_that_neighbours_share_the_picture(tmp_path: Path) -> None:
    nodes = [
        node("Conv", ["x", "w", "b"], ["c"]),
        node("Relu", ["c"], ["r"]),
        node("MaxPool", ["r"], ["y"], kernel_shape=[2]),
    ]
    graph = deployed(tmp_path, nodes, CONV, shape=(1, 3, 20))
    assert [item.outputs[0] for item in graph.layers] == ["x_rs", "c-rs", "r-rs", "y-rs", "y"]


def test_that_the_mean_along_the_axis_is_convs(tmp_path: Path) -> None:
    graph = deployed(tmp_path, [node("GlobalAveragePool", ["x"], ["y"])], shape=(1, 3, 20))
    before, after = unfused_and_fused(graph, {"x": random(1, 3, 20)})
    assert ops(graph) == ["Reshape", "Conv", "Conv", "Reshape"]
    np.testing.assert_allclose(after, before, atol=1e-6)

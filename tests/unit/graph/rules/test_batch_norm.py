"""Rules of a BatchNormalization in front of a convolution."""

from pathlib import Path

import numpy as np
import pytest

from tests.unit.networks import deployed, node, ops, random, unfused_and_fused

NORM = {
    "gamma": random(3, seed=4) + 2,
    "beta": random(3, seed=5),
    "mean": random(3, seed=6),
    "variance": np.abs(random(3, seed=7)) + np.float32(0.5),
}
NODES = [node("Relu", ["x"], ["r"]), node("BatchNormalization", ["r", *NORM], ["n"])]


@pytest.mark.parametrize("bias", [True, False])
def test_that_it_is_part_of_a_conv_without_padding(tmp_path: Path, bias: bool) -> None:
    conv = node("Conv", ["n", "w", "b"] if bias else ["n", "w"], ["y"])
    graph = deployed(tmp_path, [*NODES, conv], {**NORM, "w": random(4, 3, 3, 3), "b": random(4)})
    before, after = unfused_and_fused(graph, {"x": random(1, 3, 6, 6, seed=9)})
    assert ops(graph) == ["Relu", "Conv"]
    assert graph.layers[1].inputs[0] == "r"
    np.testing.assert_allclose(after, before, rtol=1e-4, atol=1e-4)


def test_that_a_conv_with_padding_or_with_groups_leaves_it(tmp_path: Path) -> None:
    padded = node("Conv", ["n", "w"], ["y"], pads=[1, 1, 1, 1])
    assert ops(deployed(tmp_path, [*NODES, padded], {**NORM, "w": random(4, 3, 3, 3)}))[1] == "BatchNormalization"
    depthwise = node("Conv", ["n", "w"], ["y"], group=3)
    assert ops(deployed(tmp_path, [*NODES, depthwise], {**NORM, "w": random(3, 1, 3, 3)}))[1] == "BatchNormalization"


def test_that_another_taker_leaves_it(tmp_path: Path) -> None:
    nodes = [*NODES, node("Conv", ["n", "w"], ["c"]), node("Max", ["n", "c"], ["y"])]
    assert "BatchNormalization" in ops(deployed(tmp_path, nodes, {**NORM, "w": random(3, 3, 1, 1)}))

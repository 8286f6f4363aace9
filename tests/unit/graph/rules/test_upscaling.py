"""Rules of enlarging."""

from pathlib import Path

import numpy as np
import pytest

from tests.unit.networks import deployed, node, ops, random, unfused_and_fused


@pytest.mark.parametrize("mode", ["DCR", "CRD"])
@pytest.mark.parametrize("size", [2, 4])
def test_that_depth_to_space_is_a_transposed_conv(tmp_path: Path, mode: str, size: int) -> None:
    shape = (1, 3 * size**2, 2, 3)
    graph = deployed(tmp_path, [node("DepthToSpace", ["x"], ["y"], blocksize=size, mode=mode)], shape=shape)
    before, after = unfused_and_fused(graph, {"x": random(*shape)})
    assert ops(graph) == ["ConvTranspose"]
    np.testing.assert_array_equal(after, before)


def test_that_blocks_of_three_stay(tmp_path: Path) -> None:
    graph = deployed(tmp_path, [node("DepthToSpace", ["x"], ["y"], blocksize=3)], shape=(1, 9, 2, 2))
    assert ops(graph) == ["DepthToSpace"]


@pytest.mark.parametrize("size", [2, 3])
@pytest.mark.parametrize("channels_first", [True, False])
def test_that_a_shuffle_of_pixels_in_three_steps_is_a_transposed_conv(
    tmp_path: Path, size: int, channels_first: bool
) -> None:
    blocks, perm = ([3, size, size], [0, 1, 4, 2, 5, 3]) if channels_first else ([size, size, 3], [0, 3, 4, 1, 5, 2])
    constants = {"inner": np.asarray([1, *blocks, 4, 5]), "outer": np.asarray([1, 3, 4 * size, 5 * size])}
    nodes = [
        node("Reshape", ["x", "inner"], ["a"]),
        node("Transpose", ["a"], ["b"], perm=perm),
        node("Reshape", ["b", "outer"], ["y"]),
    ]
    shape = (1, 3 * size**2, 4, 5)
    graph = deployed(tmp_path, nodes, constants, shape=shape)
    before, after = unfused_and_fused(graph, {"x": random(*shape)})
    assert ops(graph) == (["ConvTranspose"] if size == 2 else ["exConvTransposePad", "Conv"])
    np.testing.assert_array_equal(after, before)


@pytest.mark.parametrize(
    ("attributes", "weight"),
    [
        ({"strides": [3, 3]}, (3, 4, 3, 3)),
        ({"strides": [3, 1], "pads": [1, 0, 1, 2]}, (3, 4, 5, 3)),
        ({"strides": [5, 6], "output_padding": [1, 2], "pads": [1, 1, 1, 1]}, (3, 4, 5, 6)),
        ({"strides": [3, 3], "group": 3}, (3, 2, 3, 3)),
    ],
)
def test_that_strides_that_are_no_power_of_two_become_zeros_between_the_values(
    tmp_path: Path, attributes: dict, weight: tuple[int, ...]
) -> None:
    nodes = [node("ConvTranspose", ["x", "w", "b"], ["y"], **attributes)]
    constants = {"w": random(*weight), "b": random(weight[1] * attributes.get("group", 1))}
    graph = deployed(tmp_path, nodes, constants)
    before, after = unfused_and_fused(graph, {"x": random(1, 3, 6, 6, seed=9)})
    assert [(layer.op, layer.outputs[0]) for layer in graph.layers] == [("exConvTransposePad", "x_pad"), ("Conv", "y")]
    np.testing.assert_allclose(after, before, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("stride", [1, 2, 4, 8])
def test_that_other_transposed_convs_stay(tmp_path: Path, stride: int) -> None:
    nodes = [node("ConvTranspose", ["x", "w"], ["y"], strides=[stride, stride])]
    assert ops(deployed(tmp_path, nodes, {"w": random(3, 4, 3, 3)})) == ["ConvTranspose"]


def test_that_upsample_is_called_resize_and_computes_the_same(tmp_path: Path) -> None:
    scales = {"scales": np.asarray([1, 1, 2, 2], np.float32)}
    graph = deployed(tmp_path, [node("Upsample", ["x", "scales"], ["y"], mode="nearest")], scales, opset=9)
    before, after = unfused_and_fused(graph, {"x": random(1, 3, 6, 6)})
    assert ops(graph) == ["Resize"]
    np.testing.assert_array_equal(after, before)

"""Rules of convolutions that the NPU has in another form."""

from pathlib import Path

import numpy as np
import pytest

from tests.unit.networks import deployed, node, ops, random, unfused_and_fused, write_network
from workbench.foundation.steps import drain
from workbench.graph.deployed import Deployed
from workbench.graph.fusion import deploy
from workbench.graph.read import read_model
from workbench.graph.rules.convolutions import parts_of

NODES_OF_80 = [node("Relu", ["x"], ["r"]), node("Conv", ["r", "w"], ["y"])]


def same(graph: Deployed, x: np.ndarray) -> None:
    before, after = unfused_and_fused(graph, {"x": x})
    np.testing.assert_allclose(after, before, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize(
    ("groups", "inputs", "outputs", "kept"),
    [(2, 4, 3, False), (4, 1, 2, False), (4, 1, 1, True), (2, 16, 8, True), (2, 24, 24, False), (3, 8, 8, False)],
)
def test_that_groups_become_dense_unless_their_channels_fill_the_width(
    tmp_path: Path, groups: int, inputs: int, outputs: int, kept: bool
) -> None:
    shape = (1, groups * inputs, 5, 5)
    nodes = [node("Conv", ["x", "w", "b"], ["y"], group=groups)]
    constants = {"w": random(groups * outputs, inputs, 3, 3), "b": random(groups * outputs)}
    graph = deployed(tmp_path, nodes, constants, shape=shape)
    assert (graph.layers[0].attributes["group"] != 1) is kept
    same(graph, random(*shape, seed=9))


@pytest.mark.parametrize(
    ("channels", "weights", "parts"),
    [
        (336, 9, [336]),
        (340, 9, [336, 4]),
        (512, 9, [256, 256]),
        (700, 9, [336, 336, 28]),
        (3072, 1, [3072]),
        (256, 25, [112, 112, 32]),
        (64, 49, [32, 32]),
        (4, 4000, [4]),
    ],
)
def test_that_no_part_has_more_than_3072_bytes_a_channel(channels: int, weights: int, parts: list[int]) -> None:
    assert parts_of(channels, weights) == parts


@pytest.mark.parametrize("opset", [11, 17])
def test_that_a_conv_of_many_channels_is_cut(tmp_path: Path, opset: int) -> None:
    nodes = [node("Relu", ["x"], ["r"]), node("Conv", ["r", "w", "b"], ["y"], pads=[1, 1, 1, 1])]
    constants = {"w": random(2, 768, 3, 3, scale=0.1), "b": random(2)}
    graph = deployed(tmp_path, nodes, constants, shape=(1, 768, 3, 3), opset=opset)
    assert [layer.outputs[0] for layer in graph.layers[1:]] == [
        "r_split", "y_tile0_conv", "y_tile1_conv", "y_tile2_conv", "y_tile0_conv_add", "y",
    ]  # fmt: skip
    assert [len(graph.producers[f"y_tile{number}_conv"].inputs) for number in (0, 1, 2)] == [3, 2, 2]
    same(graph, random(1, 768, 3, 3, seed=9))


def test_that_weights_of_two_bytes_make_smaller_parts(tmp_path: Path) -> None:
    path = write_network(tmp_path / "net.onnx", NODES_OF_80, {"w": random(2, 80, 5, 5)}, shape=(1, 80, 7, 7))
    weights = {size: drain(deploy(read_model(path), size)) for size in (1, 2)}
    shapes = {size: [graph.constants[conv.inputs[1]].shape[1] for conv in graph.layers if conv.op == "Conv"]
              for size, graph in weights.items()}  # fmt: skip
    assert shapes == {1: [80], 2: [48, 32]}


def test_that_convs_of_the_same_tensor_share_the_parts_of_the_second_split(tmp_path: Path) -> None:
    nodes = [node("Relu", ["x"], ["r"]), *(node("Conv", ["r", name], [f"c{name}"]) for name in "wv")]
    nodes.append(node("Mul", ["cw", "cv"], ["y"]))
    constants = {"w": random(2, 512, 3, 3), "v": random(2, 512, 3, 3, seed=4)}
    graph = deployed(tmp_path, nodes, constants, shape=(1, 512, 4, 4))
    assert [layer.outputs for layer in graph.layers if layer.op == "Split"] == [("r_split#1", "r_split#1_o1")]


REP = {"w": random(3, 3, 3, 3), "b": random(3), "v": random(3, 3, 1, 1, seed=4), "d": random(3, seed=5)}


@pytest.mark.parametrize("order", [["p", "q"], ["q", "p"]])
def test_that_a_conv_and_its_own_smaller_one_are_one(tmp_path: Path, order: list[str]) -> None:
    nodes = [
        node("Conv", ["x", "w", "b"], ["p"], pads=[1, 1, 1, 1]),
        node("Conv", ["x", "v", "d"], ["q"]),
        node("Add", order, ["y"]),
    ]
    graph = deployed(tmp_path, nodes, REP)
    assert [(layer.op, layer.outputs) for layer in graph.layers] == [("Conv", ("y",))]
    same(graph, random(1, 3, 6, 6, seed=9))


def test_that_convs_with_strides_or_of_other_tensors_stay_two(tmp_path: Path) -> None:
    strided = [
        node("Conv", ["x", "w", "b"], ["p"], pads=[1, 1, 1, 1], strides=[2, 2]),
        node("Conv", ["x", "v", "d"], ["q"], strides=[2, 2]),
        node("Add", ["p", "q"], ["y"]),
    ]
    assert ops(deployed(tmp_path, strided, REP)) == ["Conv", "Conv", "Add"]
    others = [
        node("Exp", ["x"], ["e"]),
        node("Conv", ["x", "w", "b"], ["p"], pads=[1, 1, 1, 1]),
        node("Conv", ["e", "v", "d"], ["q"]),
        node("Add", ["p", "q"], ["y"]),
    ]
    assert ops(deployed(tmp_path, others, REP)) == ["Exp", "Conv", "Conv", "Add"]


@pytest.mark.parametrize("group", [1, 3])
@pytest.mark.parametrize("dilation", [1, 2])
def test_that_a_conv_of_x_plus_x_is_a_conv(tmp_path: Path, group: int, dilation: int) -> None:
    conv = node("Conv", ["x", "w", "b"], ["c"], pads=[dilation] * 4, dilations=[dilation] * 2, group=group)
    constants = {**REP, "w": REP["w"][:, : 3 // group].copy()}
    graph = deployed(tmp_path, [conv, node("Add", ["x", "c"], ["y"])], constants)
    assert ops(graph) == ["Conv"]
    same(graph, random(1, 3, 6, 6, seed=9))


def test_that_a_residual_over_two_layers_stays(tmp_path: Path) -> None:
    conv = node("Conv", ["r", "w", "b"], ["c"], pads=[1, 1, 1, 1])
    assert ops(deployed(tmp_path, [node("Relu", ["x"], ["r"]), conv, node("Add", ["x", "c"], ["y"])], REP))[-1] == "Add"


@pytest.mark.parametrize(
    ("stride", "strides"), [(7, [[7, 7]]), (8, [[4, 4], [2, 2]]), (16, [[4, 4], [4, 4]]), (9, [[9, 9]])]
)
def test_that_a_large_stride_is_taken_in_two_steps(tmp_path: Path, stride: int, strides: list) -> None:
    nodes = [node("Conv", ["x", "w", "b"], ["y"], strides=[stride, stride], pads=[1, 1, 1, 1])]
    constants = {"w": random(4, 3, 8, 8), "b": random(4)}
    graph = deployed(tmp_path, nodes, constants, shape=(1, 3, 40, 40))
    assert [list(layer.attributes["strides"]) for layer in graph.layers] == strides
    same(graph, random(1, 3, 40, 40, seed=9))

"""Rules of networks that bring their own quantization: which operators are left, on which grids, under which names."""

from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from onnx import TensorProto

from tests.unit.networks import declared, deployed, giver, node, ops
from workbench.graph.deployed import Deployed
from workbench.graph.graph import Tensor
from workbench.graph.grids import Grid

WEIGHT = np.arange(-8, 8, dtype=np.int8).reshape(4, 4, 1, 1)
CONSTANTS: dict[str, Any] = {
    "s": np.float32(0.5), "z": np.asarray(3, np.uint8), "so": np.float32(0.25), "zo": np.asarray(128, np.uint8),
    "w": WEIGHT, "ws": np.full(4, 0.1, np.float32), "wz": np.zeros(4, np.int8),
    "b": np.arange(4, dtype=np.int32), "bs": np.full(4, 0.05, np.float32), "bz": np.zeros(4, np.int32),
}  # fmt: skip
PARAMETERS = ["s", "z"]


def pair(taken: str, given: str, scale: str = "s", zero: str = "z") -> list[onnx.NodeProto]:
    quantized = f"{given}_q"
    return [
        node("QuantizeLinear", [taken, scale, zero], [quantized], f"Q {given}"),
        node("DequantizeLinear", [quantized, scale, zero], [given], f"DQ {given}"),
    ]


def qdq(folder: Path) -> Deployed:
    """x -> Q/DQ -> Conv -> Relu -> Q/DQ -> y, weights and bias dequantised."""
    nodes = [
        *pair("x", "xd"),
        node("DequantizeLinear", ["w", "ws", "wz"], ["wd"], "DQ w", axis=0),
        node("DequantizeLinear", ["b", "bs", "bz"], ["bd"], "DQ b", axis=0),
        node("Conv", ["xd", "wd", "bd"], ["c"], "conv"),
        node("Relu", ["c"], ["r"], "relu"),
        *pair("r", "y", "so", "zo"),
    ]
    return deployed(folder, nodes, CONSTANTS, shape=(1, 4, 2, 2))


def test_that_pairs_vanish_and_converts_stand_at_the_borders(tmp_path: Path) -> None:
    graph = qdq(tmp_path)

    assert ops(graph) == ["exDataConvert", "Conv", "Relu", "exDataConvert"]
    assert [layer.outputs[0] for layer in graph.layers] == ["xd_q", "c", "r", "y"]
    assert graph.is_quantized


def test_that_every_stored_tensor_has_the_grid_of_its_pair(tmp_path: Path) -> None:
    graph = qdq(tmp_path)

    assert graph.grids["xd_q"] == Grid("uint8", (0.5,), (3,))
    assert graph.grids["r"] == Grid("uint8", (0.25,), (128,))
    assert "c" not in graph.grids
    assert "y" not in graph.grids


def test_that_dequantised_weights_are_constants_with_their_grid(tmp_path: Path) -> None:
    graph = qdq(tmp_path)

    assert graph.constants["wd"].tolist() == (WEIGHT.astype(np.float32) * np.float32(0.1)).tolist()
    assert graph.grids["wd"] == Grid("int8", (pytest.approx(0.1),) * 4, (0,) * 4, 0)


def test_that_golden_is_what_the_framework_goes_on_with(tmp_path: Path) -> None:
    graph = qdq(tmp_path)

    assert graph.golden_of["r"] == "y_q"


def test_that_a_layer_stands_for_the_pairs_that_vanished_in_it(tmp_path: Path) -> None:
    graph = qdq(tmp_path)

    assert {"conv", "DQ w", "DQ b"} <= set(giver(graph, "c").origins)
    assert "xd" in giver(graph, "xd_q").absorbed


def test_that_a_tensor_that_is_needed_in_float_too_gets_a_convert(tmp_path: Path) -> None:
    nodes = [*pair("x", "xd"), node("Relu", ["xd"], ["r"]), *pair("r", "rd"), node("Add", ["r", "rd"], ["y"])]

    graph = deployed(tmp_path, nodes, CONSTANTS, shape=(1, 4, 2, 2))

    assert giver(graph, "rd_q").op == "exDataConvert"
    assert giver(graph, "y").inputs == ("r", "rd_q")
    assert "r" not in graph.grids


def qlinear_conv(folder: Path, **more: Any) -> Deployed:
    nodes = [
        node("QuantizeLinear", ["x", "s", "z"], ["xq"]),
        node("QLinearConv", ["xq", "s", "z", "w", "ws", "wz", "so", "zo", "b"], ["yq"], "conv", **more),
        node("MaxPool", ["yq"], ["pq"], kernel_shape=[2, 2]),
        node("DequantizeLinear", ["pq", "so", "zo"], ["y"]),
    ]
    return deployed(folder, nodes, CONSTANTS, shape=(1, 4, 2, 2))


def test_that_integer_operators_become_float_ones_on_grids(tmp_path: Path) -> None:
    graph = qlinear_conv(tmp_path)

    assert ops(graph) == ["exDataConvert", "Conv", "MaxPool", "exDataConvert"]
    assert graph.grids["yq"] == graph.grids["pq"] == Grid("uint8", (0.25,), (128,))
    assert graph.tensors["yq"] == Tensor("yq", (1, 4, 2, 2), "float32")


def test_that_the_bias_of_an_integer_operator_has_the_scale_of_its_product(tmp_path: Path) -> None:
    graph = qlinear_conv(tmp_path)

    bias = graph.constants[giver(graph, "yq").inputs[2]]
    assert bias == pytest.approx(np.arange(4) * 0.05)


def test_that_a_dequantised_integer_input_is_read_before_it_is_moved_about(tmp_path: Path) -> None:
    nodes = [
        node("Transpose", ["x"], ["t"], perm=[0, 3, 1, 2]),
        node("DequantizeLinear", ["t", "s", "z"], ["td"]),
        node("Relu", ["td"], ["r"]),
        *pair("r", "y"),
    ]
    inputs = [declared("x", (1, 2, 3, 4), TensorProto.UINT8)]

    graph = deployed(tmp_path, nodes, CONSTANTS, inputs=inputs)

    assert ops(graph) == ["DequantizeLinear", "Transpose", "Relu", "exDataConvert"]
    assert graph.grids["t"] == Grid("uint8", (0.5,), (3,))


@pytest.mark.parametrize(
    "nodes",
    [
        pytest.param(
            [
                node("DynamicQuantizeLinear", ["x"], ["q", "qs", "qz"]),
                node("DequantizeLinear", ["q", "qs", "qz"], ["y"]),
            ],
            id="dynamic",
        ),
        pytest.param(
            [
                node("QuantizeLinear", ["x", "s", "z"], ["q"]),
                node("Cast", ["q"], ["y"], to=TensorProto.FLOAT),
                node("DequantizeLinear", ["q", "s", "z"], ["d"]),
            ],
            id="integers that something else computes with",
        ),
    ],
)
def test_that_quantization_that_no_grid_can_say_is_left_alone(tmp_path: Path, nodes: list[onnx.NodeProto]) -> None:
    graph = deployed(tmp_path, nodes, CONSTANTS, shape=(1, 4, 2, 2))

    assert ops(graph) == [item.op_type for item in nodes]
    assert graph.is_quantized
    assert not graph.grids


def test_that_a_network_of_quantised_weights_alone_is_a_float_network(tmp_path: Path) -> None:
    nodes = [node("DequantizeLinear", ["w", "ws", "wz"], ["wd"], axis=0), node("Conv", ["x", "wd"], ["y"])]

    graph = deployed(tmp_path, nodes, CONSTANTS, shape=(1, 4, 2, 2))

    assert (ops(graph), graph.is_quantized) == (["Conv"], False)

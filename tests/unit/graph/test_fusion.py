"""Rules of the deployed graph: what is folded, merged and rewritten, under which names, and that the values stay."""

from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from onnx import helper

from tests.unit.networks import (
    Constants,
    conv_net,
    declared,
    deployed,
    float_values,
    giver,
    node,
    ops,
    own_values,
    random,
    unfused_and_fused,
)
from workbench.foundation.steps import drain
from workbench.graph.deployed import Deployed
from workbench.graph.fusion import deploy
from workbench.graph.read import read_model

NORM = {
    "gamma": random(4, seed=4) + 2,
    "beta": random(4, seed=5),
    "mean": random(4, seed=6),
    "variance": np.abs(random(4, seed=7)) + np.float32(0.5),
}


def conv_and_norm(folder: Path, op: str = "Conv", bias: bool = True, **more: Any) -> Deployed:
    weight = random(4, 3, 2, 2) if op == "Conv" else random(3, 4, 2, 2)
    nodes = [
        node(op, ["x", "w", "b"] if bias else ["x", "w"], ["c"]),
        node("BatchNormalization", ["c", *NORM], ["n"], epsilon=1e-3),
        node("Relu", ["n"], ["y"]),
    ]
    return deployed(folder, nodes, {"w": weight, "b": random(4, seed=3), **NORM}, **more)


@pytest.mark.parametrize("op", ["Conv", "ConvTranspose"])
@pytest.mark.parametrize("bias", [True, False])
def test_that_a_folded_batch_norm_computes_what_the_two_layers_computed(tmp_path: Path, op: str, bias: bool) -> None:
    graph = conv_and_norm(tmp_path, op, bias)

    unfused, fused = unfused_and_fused(graph, {"x": random(1, 3, 6, 6)})

    assert ops(graph) == [op, "Relu"]
    assert np.abs(unfused - fused).max() < 1e-5 * np.abs(unfused).max()


def test_that_folded_weights_and_bias_follow_the_formula(tmp_path: Path) -> None:
    conv = conv_and_norm(tmp_path).layers[0]
    graph = conv_and_norm(tmp_path)
    gamma, beta, mean, variance = (value.astype(np.float64) for value in NORM.values())

    factor = gamma / np.sqrt(variance + 1e-3)
    weight, bias = graph.constants[conv.inputs[1]], graph.constants[conv.inputs[2]]

    np.testing.assert_allclose(weight, random(4, 3, 2, 2) * factor.reshape(4, 1, 1, 1), rtol=1e-6)
    np.testing.assert_allclose(bias, (random(4, seed=3) - mean) * factor + beta, rtol=1e-5, atol=1e-6)


def test_that_a_folded_layer_takes_the_name_of_the_batch_norm_and_absorbs_the_conv(tmp_path: Path) -> None:
    layer = conv_and_norm(tmp_path).layers[0]

    assert (layer.outputs, layer.absorbed, len(layer.origins)) == (("n",), ("c",), 2)


def test_that_a_conv_with_another_consumer_keeps_its_batch_norm(tmp_path: Path) -> None:
    nodes = [
        node("Conv", ["x", "w"], ["c"]),
        node("BatchNormalization", ["c", *NORM], ["n"]),
        node("Add", ["c", "n"], ["y"]),
    ]

    assert ops(deployed(tmp_path, nodes, {"w": random(4, 3, 1, 1), **NORM})) == ["Conv", "BatchNormalization", "Add"]


def test_that_a_conv_whose_tensor_is_an_output_keeps_its_batch_norm(tmp_path: Path) -> None:
    graph = conv_and_norm(tmp_path, outputs=["c", "y"])

    assert ops(graph) == ["Conv", "BatchNormalization", "Relu"]


def test_that_a_batch_norm_of_the_input_stays(tmp_path: Path) -> None:
    graph = deployed(tmp_path, [node("BatchNormalization", ["x", *NORM], ["y"])], NORM, shape=(1, 4, 3, 3))

    assert ops(graph) == ["BatchNormalization"]


def test_that_a_float16_network_is_left_as_it_is(tmp_path: Path) -> None:
    half = {name: value.astype(np.float16) for name, value in {"w": random(4, 3, 1, 1), **NORM}.items()}
    nodes = [
        node("Conv", ["x", "w"], ["c"]),
        node("BatchNormalization", ["c", *NORM], ["n"]),
        node("GlobalAveragePool", ["n"], ["y"]),
    ]
    inputs, outputs = [declared("x", (1, 3, 4, 4), 10)], [declared("y", None, 10)]

    graph = deployed(tmp_path, nodes, half, inputs=inputs, outputs=outputs)

    assert ops(graph) == ["Conv", "BatchNormalization", "GlobalAveragePool"]


def test_that_a_new_constant_never_takes_the_place_of_the_networks_own(tmp_path: Path) -> None:
    nodes = [node("Gemm", ["x", "fc_weight"], ["fc"], transB=1), node("Gemm", ["fc", "fc_weight"], ["y"], alpha=2.0)]
    graph = deployed(tmp_path, nodes, {"fc_weight": random(4, 4)}, shape=(1, 4))

    unfused, fused = unfused_and_fused(graph, {"x": random(1, 4, seed=9)})

    np.testing.assert_allclose(fused, unfused, rtol=1e-5)


@pytest.mark.parametrize("inputs", [["x", "gate"], ["gate", "x"]])
def test_that_x_times_its_sigmoid_becomes_one_operator(tmp_path: Path, inputs: list[str]) -> None:
    graph = deployed(tmp_path, [node("Sigmoid", ["x"], ["gate"]), node("Mul", inputs, ["y"])], shape=(1, 64, 1, 1))
    x = random(1, 64, 1, 1, scale=4)

    assert ops(graph) == ["exSwish"]
    assert giver(graph, "y").absorbed == ("gate",)
    expected = x.astype(np.float64) / (1 + np.exp(-x.astype(np.float64)))
    np.testing.assert_allclose(float_values(graph, {"x": x})["y"], expected, rtol=1e-6, atol=1e-7)


def test_that_a_sigmoid_with_another_consumer_is_not_merged(tmp_path: Path) -> None:
    nodes = [node("Sigmoid", ["x"], ["gate"]), node("Mul", ["x", "gate"], ["m"]), node("Add", ["m", "gate"], ["y"])]

    assert ops(deployed(tmp_path, nodes, shape=(1, 4, 1, 1))) == ["Sigmoid", "Mul", "Add"]


def test_that_a_sigmoid_that_is_an_output_is_not_merged(tmp_path: Path) -> None:
    nodes = [node("Sigmoid", ["x"], ["gate"]), node("Mul", ["x", "gate"], ["y"])]

    assert ops(deployed(tmp_path, nodes, shape=(1, 4, 1, 1), outputs=["gate", "y"])) == ["Sigmoid", "Mul"]


def test_that_a_sigmoid_of_something_else_is_a_gate_and_not_merged(tmp_path: Path) -> None:
    nodes = [node("Relu", ["x"], ["r"]), node("Sigmoid", ["r"], ["gate"]), node("Mul", ["x", "gate"], ["y"])]

    assert ops(deployed(tmp_path, nodes, shape=(1, 4, 1, 1))) == ["Relu", "Sigmoid", "Mul"]


@pytest.mark.parametrize(("size", "convs"), [(7, 1), (8, 2)])
def test_that_global_pooling_becomes_depthwise_convs_of_at_most_seven(tmp_path: Path, size: int, convs: int) -> None:
    graph = deployed(tmp_path, [node("GlobalAveragePool", ["x"], ["y"])], shape=(2, 3, 5, size))
    x = random(2, 3, 5, size)

    assert ops(graph) == ["Conv"] * convs
    expected = x.astype(np.float64).mean((2, 3), keepdims=True)
    np.testing.assert_allclose(float_values(graph, {"x": x})["y"], expected, atol=1e-6)


def test_that_the_conv_of_a_global_pooling_has_one_group_a_channel(tmp_path: Path) -> None:
    layer = deployed(tmp_path, [node("GlobalAveragePool", ["x"], ["y"])]).layers[0]

    assert layer.attributes["group"] == 3


GEMMS: dict[str, tuple[list[onnx.NodeProto], Constants]] = {
    "transposed": ([node("Gemm", ["x", "w", "b"], ["y"], transB=1)], {"w": random(5, 4), "b": random(5)}),
    "not transposed": ([node("Gemm", ["x", "w", "b"], ["y"])], {"w": random(4, 5), "b": random(5)}),
    "bias of one": ([node("Gemm", ["x", "w", "b"], ["y"])], {"w": random(4, 5), "b": random(1)}),
    "bias as a row": ([node("Gemm", ["x", "w", "b"], ["y"])], {"w": random(4, 5), "b": random(1, 5)}),
    "scalar bias": ([node("Gemm", ["x", "w", "b"], ["y"])], {"w": random(4, 5), "b": np.float32(3)}),
    "no bias": ([node("Gemm", ["x", "w"], ["y"])], {"w": random(4, 5)}),
    "matmul": ([node("MatMul", ["x", "w"], ["y"])], {"w": random(4, 5)}),
}


@pytest.mark.parametrize("case", GEMMS)
def test_that_a_dense_layer_becomes_a_conv_named_mm_and_a_reshape(tmp_path: Path, case: str) -> None:
    nodes, constants = GEMMS[case]
    graph = deployed(tmp_path, nodes, constants, shape=(3, 4))

    unfused, fused = unfused_and_fused(graph, {"x": random(3, 4, seed=8)})

    assert [layer.outputs for layer in graph.layers if layer.op == "Conv"] == [("y_mm",)]
    assert (graph.layers[-1].op, graph.layers[-1].outputs) == ("Reshape", ("y",))
    np.testing.assert_allclose(fused, unfused, rtol=1e-5, atol=1e-6)


def test_that_the_tensor_mm_has_the_golden_values_of_the_dense_layer(tmp_path: Path) -> None:
    nodes, constants = GEMMS["matmul"]
    graph = deployed(tmp_path, nodes, constants, shape=(1, 4))

    assert (graph.golden_of["y_mm"], graph.tensors["y_mm"].shape) == ("y", (1, 5, 1, 1))


@pytest.mark.parametrize(
    ("attributes", "constants"),
    [
        ({"alpha": 0.5}, {"w": random(4, 5), "b": random(5)}),
        ({"beta": 0.5}, {"w": random(4, 5), "b": random(5)}),
        ({"transA": 1}, {"w": random(3, 5), "b": random(5)}),
        ({}, {"w": random(4, 5), "b": random(3, 1)}),
    ],
)
def test_that_a_dense_layer_that_is_no_plain_one_stays(tmp_path: Path, attributes: Any, constants: Constants) -> None:
    graph = deployed(tmp_path, [node("Gemm", ["x", "w", "b"], ["y"], **attributes)], constants, shape=(3, 4))

    assert ops(graph) == ["Gemm"]


def test_that_shape_arithmetic_is_folded_to_constants(tmp_path: Path) -> None:
    nodes = [
        node("Shape", ["x"], ["shape"]),
        node("Gather", ["shape", "zero"], ["batch"]),
        node("Unsqueeze", ["batch", "axes"], ["rows"]),
        node("Concat", ["rows", "rest"], ["target"], axis=0),
        node("Reshape", ["x", "target"], ["y"]),
    ]
    constants = {"zero": np.asarray(0), "axes": np.asarray([0]), "rest": np.asarray([-1])}

    graph = deployed(tmp_path, nodes, constants, shape=(2, 3, 4))

    assert ops(graph) == ["Reshape"]
    assert graph.constants["target"].tolist() == [2, -1]


def test_that_random_values_are_not_folded(tmp_path: Path) -> None:
    nodes = [node("RandomNormal", [], ["noise"], shape=[1, 4, 1, 1]), node("Add", ["x", "noise"], ["y"])]

    assert ops(deployed(tmp_path, nodes, shape=(1, 4, 1, 1))) == ["RandomNormal", "Add"]


def test_that_a_constant_sequence_is_no_constant_tensor(tmp_path: Path) -> None:
    nodes = [
        node("SequenceConstruct", ["a", "b"], ["pair"]),
        node("ArgMax", ["x"], ["index"], axis=0, keepdims=0),
        node("SequenceAt", ["pair", "index"], ["y"]),
    ]
    graph = deployed(tmp_path, nodes, {"a": random(2), "b": random(2)}, shape=(2,))

    assert all(isinstance(value, np.ndarray) for value in graph.constants.values())
    assert "SequenceConstruct" in ops(graph)


def test_that_constant_quantised_weights_are_float_constants(tmp_path: Path) -> None:
    nodes = [node("DequantizeLinear", ["w", "scale", "zero"], ["weight"]), node("Add", ["x", "weight"], ["y"])]
    constants = {"w": np.asarray([[1, 2]], np.int8), "scale": np.float32(0.5), "zero": np.asarray(0, np.int8)}

    graph = deployed(tmp_path, nodes, constants, shape=(1, 2))

    assert graph.constants["weight"].tolist() == [[0.5, 1.0]]
    assert not graph.is_quantized


def test_that_a_lone_quantize_at_the_end_is_no_quantization_of_its_own(tmp_path: Path) -> None:
    nodes = [node("Relu", ["x"], ["r"]), node("QuantizeLinear", ["r", "scale", "zero"], ["y"])]
    constants = {"scale": np.float32(0.5), "zero": np.asarray(0, np.int8)}

    assert not deployed(tmp_path, nodes, constants, shape=(1, 2), outputs=[declared("y", None, 3)]).is_quantized


def test_that_identity_and_dropout_vanish(tmp_path: Path) -> None:
    nodes = [
        node("Identity", ["x"], ["i"]),
        node("Dropout", ["i"], ["d"]),
        node("Relu", ["d"], ["y"]),
    ]
    graph = deployed(tmp_path, nodes, shape=(1, 4, 1, 1))

    assert [(layer.op, layer.inputs) for layer in graph.layers] == [("Relu", ("x",))]


def test_that_the_layer_before_an_identity_gives_the_output(tmp_path: Path) -> None:
    nodes = [node("Relu", ["x"], ["r"]), node("Identity", ["r"], ["y"])]

    assert ops(deployed(tmp_path, nodes, shape=(1, 4, 1, 1))) == ["Relu"]


def branches(taken: str) -> dict[str, onnx.GraphProto]:
    return {
        "then_branch": helper.make_graph([node("Add", [taken, "one"], ["t"])], "then", [], [declared("t", None)]),
        "else_branch": helper.make_graph([node("Sub", [taken, "one"], ["e"])], "else", [], [declared("e", None)]),
    }


def test_that_an_identity_that_a_subgraph_takes_stays(tmp_path: Path) -> None:
    nodes = [
        node("Relu", ["x"], ["r"]),
        node("Identity", ["r"], ["i"]),
        node("ReduceMax", ["x"], ["top"], keepdims=0),
        node("Greater", ["top", "one"], ["large"]),
        node("If", ["large"], ["y"], **branches("i")),
    ]
    graph = deployed(tmp_path, nodes, {"one": 1.0}, shape=(1, 3))

    assert float_values(graph, {"x": np.asarray([[1, 2, 3]], np.float32)})["y"].tolist() == [[2, 3, 4]]


def test_that_what_a_subgraph_takes_counts_as_consumed(tmp_path: Path) -> None:
    nodes = [
        node("Sigmoid", ["x"], ["gate"]),
        node("Mul", ["x", "gate"], ["m"]),
        node("ReduceMax", ["m"], ["top"], keepdims=0),
        node("Greater", ["top", "one"], ["large"]),
        node("If", ["large"], ["y"], **branches("gate")),
    ]
    graph = deployed(tmp_path, nodes, {"one": 1.0}, shape=(1, 3))

    assert "exSwish" not in ops(graph)


def test_that_a_whole_network_gives_the_same_values_deployed(tmp_path: Path) -> None:
    graph = drain(deploy(read_model(conv_net(tmp_path))))
    feeds = {"x": random(1, 3, 6, 6)}

    deployed_values, own = float_values(graph, feeds), own_values(graph.model.proto, feeds)

    assert ops(graph) == [
        "Conv", "Relu", "Conv", "Relu", "Conv", "Add", "exSwish", "Conv", "Conv", "Reshape",
    ]  # fmt: skip
    for name, source in graph.golden_of.items():
        if name in deployed_values:
            np.testing.assert_allclose(deployed_values[name].ravel(), own[source].ravel(), rtol=1e-4, atol=1e-5)


def test_that_every_layer_of_the_network_is_the_origin_of_a_deployed_one(tmp_path: Path) -> None:
    model = read_model(conv_net(tmp_path))

    origins = {name for layer in drain(deploy(model)).layers for name in layer.origins}

    assert origins == {layer.name for layer in model.graph.layers}

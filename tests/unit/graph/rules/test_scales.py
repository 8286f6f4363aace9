"""Rules of folding products and sums with constants into the convolution beside them."""

from pathlib import Path

import numpy as np
import pytest

from tests.unit.networks import deployed, node, ops, random, unfused_and_fused

X = random(1, 3, 6, 6, seed=9)
CONV = {"w": random(4, 3, 2, 2), "b": random(4, seed=3)}
SHAPES = [(1, 4, 1, 1), (4, 1, 1), (1,), ()]


@pytest.mark.parametrize("op", ["Mul", "Add", "Sub", "Div"])
@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("bias", [True, False])
def test_that_a_constant_behind_a_conv_is_part_of_it(tmp_path: Path, op: str, shape: tuple, bias: bool) -> None:
    nodes = [node("Conv", ["x", "w", "b"] if bias else ["x", "w"], ["c"]), node(op, ["c", "k"], ["y"])]
    graph = deployed(tmp_path, nodes, {**CONV, "k": np.asarray(random(*shape, seed=5) if shape else 1.5, np.float32)})
    before, after = unfused_and_fused(graph, {"x": X})
    assert [(layer.op, layer.outputs) for layer in graph.layers] == [("Conv", ("y",))]
    assert graph.layers[0].absorbed[0] == "c"
    np.testing.assert_allclose(after, before, rtol=1e-5, atol=1e-5)


def test_that_folded_weights_are_products_of_single_precision(tmp_path: Path) -> None:
    factor = random(1, 4, 1, 1, seed=5)
    nodes = [node("Conv", ["x", "w", "b"], ["c"]), node("Mul", ["k", "c"], ["y"])]
    layer = (graph := deployed(tmp_path, nodes, {**CONV, "k": factor})).layers[0]
    assert np.array_equal(graph.constants[layer.inputs[1]], CONV["w"] * factor.reshape(4, 1, 1, 1))
    assert np.array_equal(graph.constants[layer.inputs[2]], CONV["b"] * factor.reshape(4))


@pytest.mark.parametrize("shape", [(1, 4, 5, 5), (5,), (1, 1, 1, 5)])
def test_that_a_constant_that_varies_along_a_row_stays(tmp_path: Path, shape: tuple) -> None:
    nodes = [node("Conv", ["x", "w", "b"], ["c"]), node("Mul", ["c", "k"], ["y"])]
    assert ops(deployed(tmp_path, nodes, {**CONV, "k": random(*shape)})) == ["Conv", "Mul"]


def test_that_a_constant_behind_a_conv_that_something_else_takes_stays(tmp_path: Path) -> None:
    nodes = [node("Conv", ["x", "w", "b"], ["c"]), node("Mul", ["c", "k"], ["m"]), node("Max", ["c", "m"], ["y"])]
    assert ops(deployed(tmp_path, nodes, {**CONV, "k": 2.0})) == ["Conv", "Mul", "Max"]


def test_that_a_product_behind_a_transposed_conv_stays(tmp_path: Path) -> None:
    nodes = [node("ConvTranspose", ["x", "w"], ["c"]), node("Mul", ["c", "k"], ["y"])]
    assert ops(deployed(tmp_path, nodes, {"w": random(3, 4, 2, 2), "k": 2.0})) == ["ConvTranspose", "Mul"]


def test_that_a_product_before_a_conv_is_part_of_it_even_with_padding(tmp_path: Path) -> None:
    nodes = [node("Mul", ["x", "k"], ["m"]), node("Conv", ["m", "w", "b"], ["y"], pads=[1, 1, 1, 1])]
    graph = deployed(tmp_path, nodes, {**CONV, "k": random(1, 3, 1, 1, seed=5)})
    before, after = unfused_and_fused(graph, {"x": X})
    assert [(layer.op, layer.inputs[0]) for layer in graph.layers] == [("Conv", "x")]
    np.testing.assert_allclose(after, before, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("op", ["Add", "Mul"])
def test_that_a_sum_before_a_conv_and_a_product_before_a_depthwise_one_stay(tmp_path: Path, op: str) -> None:
    conv = node("Conv", ["m", "w"], ["y"], group=1 if op == "Add" else 3)
    weight = random(4, 3, 2, 2) if op == "Add" else random(3, 1, 2, 2)
    graph = deployed(tmp_path, [node(op, ["x", "k"], ["m"]), conv], {"w": weight, "k": random(1, 3, 1, 1)})
    assert ops(graph) == [op, "Conv"]

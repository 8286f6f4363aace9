"""Rules of sums between Transposes."""

from pathlib import Path

import numpy as np

from tests.unit.networks import deployed, node, ops, random, unfused_and_fused

ROWS = (1, 6, 8)
CONSTANTS = {"w": random(8, 8, scale=0.3), "u": random(8, 8, seed=2, scale=0.3)}
BLOCK = [
    node("MatMul", ["x", "w"], ["a"]),
    node("MatMul", ["a", "u"], ["b"]),
    node("Add", ["b", "a"], ["s"]),
]


def test_that_a_sum_of_products_needs_one_transpose_behind(tmp_path: Path) -> None:
    graph = deployed(tmp_path, [*BLOCK, node("Relu", ["s"], ["y"])], CONSTANTS, shape=ROWS)
    before, after = unfused_and_fused(graph, {"x": random(*ROWS)})
    assert ops(graph).count("Transpose") == 2
    np.testing.assert_allclose(after, before, rtol=1e-4, atol=1e-5)


def test_that_sums_of_sums_stay_as_the_products_before_them_are(tmp_path: Path) -> None:
    nodes = [*BLOCK, node("MatMul", ["s", "u"], ["c"]), node("Add", ["c", "s"], ["z"]), node("Sin", ["z"], ["y"])]
    graph = deployed(tmp_path, nodes, CONSTANTS, shape=ROWS)
    before, after = unfused_and_fused(graph, {"x": random(*ROWS)})
    assert ops(graph).count("Transpose") == 2
    np.testing.assert_allclose(after, before, rtol=1e-4, atol=1e-5)


def test_that_what_is_turned_has_no_tensor_of_the_users(tmp_path: Path) -> None:
    graph = deployed(tmp_path, [*BLOCK, node("MatMul", ["s", "u"], ["y"])], CONSTANTS, shape=ROWS)
    turned = next(layer for layer in graph.layers if layer.op == "Add")
    assert graph.tensors[turned.outputs[0]].shape == (1, 8, 1, 6)
    assert turned.outputs[0] not in graph.golden_of


def test_that_a_sum_with_what_is_not_transposed_stays(tmp_path: Path) -> None:
    nodes = [node("MatMul", ["x", "w"], ["a"]), node("Add", ["a", "x"], ["s"]), node("Sin", ["s"], ["y"])]
    graph = deployed(tmp_path, nodes, CONSTANTS, shape=ROWS)
    assert graph.tensors["s-rs"].shape == (1, 6, 1, 8)


def test_that_a_gelu_between_transposes_is_named_after_the_last(tmp_path: Path) -> None:
    gelu = [
        node("Div", ["a", "root"], ["scaled"]),
        node("Erf", ["scaled"], ["erf"]),
        node("Add", ["erf", "one"], ["more"]),
        node("Mul", ["a", "more"], ["whole"]),
        node("Mul", ["whole", "half"], ["g"]),
    ]
    nodes = [BLOCK[0], *gelu, node("MatMul", ["g", "u"], ["y"])]
    constants = {**CONSTANTS, "root": float(np.sqrt(2)), "one": 1.0, "half": 0.5}
    graph = deployed(tmp_path, nodes, constants, shape=ROWS)
    before, after = unfused_and_fused(graph, {"x": random(*ROWS)})
    assert graph.producers["g_tp-rs"].op == "exGelu"
    np.testing.assert_allclose(after, before, rtol=1e-3, atol=1e-5)

"""Rules of pictures that are reshaped to one row."""

from pathlib import Path

import numpy as np

from tests.unit.networks import deployed, node, ops, random, unfused_and_fused

PATCHES = [
    node("Conv", ["x", "k"], ["c"], kernel_shape=[1, 1]),
    node("Reshape", ["c", "rows"], ["flat"]),
    node("Transpose", ["flat"], ["t"], perm=[0, 2, 1]),
]
CONSTANTS = {"k": random(8, 3, 1, 1), "rows": np.array([1, 8, 36]), "w": random(8, 4, seed=2)}


def test_that_a_product_of_a_row_is_one_of_the_picture(tmp_path: Path) -> None:
    graph = deployed(tmp_path, [*PATCHES, node("MatMul", ["t", "w"], ["y"])], CONSTANTS)
    before, after = unfused_and_fused(graph, {"x": random(1, 3, 6, 6)})
    assert ops(graph) == ["Conv", "Conv", "Transpose", "Reshape"]
    assert graph.tensors["flat_rs_sw"].shape == (1, 4, 6, 6)
    np.testing.assert_allclose(after, before, rtol=1e-4, atol=1e-6)


def test_that_a_norm_of_a_row_is_one_of_the_picture(tmp_path: Path) -> None:
    constants = {**CONSTANTS, "g": random(8), "b": random(8, seed=3)}
    nodes = [*PATCHES, node("LayerNormalization", ["t", "g", "b"], ["n"]), node("MatMul", ["n", "w"], ["y"])]
    graph = deployed(tmp_path, nodes, constants)
    before, after = unfused_and_fused(graph, {"x": random(1, 3, 6, 6)})
    assert ops(graph) == ["Conv", "exNorm", "Conv", "Transpose", "Reshape"]
    np.testing.assert_allclose(after, before, rtol=1e-4, atol=1e-5)


def test_that_a_row_that_others_take_stays(tmp_path: Path) -> None:
    nodes = [*PATCHES, node("MatMul", ["t", "w"], ["y"]), node("Sin", ["flat"], ["z"])]
    graph = deployed(tmp_path, nodes, CONSTANTS, outputs=("y", "z"))
    assert graph.tensors["y_mm"].shape == (1, 4, 1, 36)


def test_that_a_constant_for_each_value_is_added_to_the_picture(tmp_path: Path) -> None:
    constants = {**CONSTANTS, "p": random(1, 36, 8)}
    nodes = [*PATCHES, node("Add", ["t", "p"], ["s"]), node("MatMul", ["s", "w"], ["y"])]
    graph = deployed(tmp_path, nodes, constants)
    before, after = unfused_and_fused(graph, {"x": random(1, 3, 6, 6)})
    assert graph.producers["flat_sw"].op == "Add"
    assert graph.tensors["flat_sw"].shape == (1, 8, 6, 6)
    np.testing.assert_allclose(after, before, rtol=1e-4, atol=1e-5)

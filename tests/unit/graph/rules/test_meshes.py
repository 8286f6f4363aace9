"""Element-wise operators behind a Transpose that take on the order of axes before it."""

from pathlib import Path

import numpy as np

from tests.unit.networks import Constants, declared, deployed, node, ops, random, unfused_and_fused
from workbench.graph.deployed import Deployed

# v · |v|² / (1 + |v|²) / |v|, as capsules have it
SQUASH = [
    node("MatMul", ["x", "z"], ["v"]), node("Mul", ["v", "v"], ["s"]), node("ReduceSum", ["s", "last"], ["n"]),
    node("Add", ["n", "one"], ["m"]), node("Div", ["n", "m"], ["f"]), node("Mul", ["f", "v"], ["p"]),
    node("Sqrt", ["n"], ["r"]), node("Div", ["p", "r"], ["q"]),
]  # fmt: skip
KNOWN: Constants = {"last": np.asarray([-1]), "one": 1.0, "flat": np.asarray([1, 48])}


def squashed(folder: Path, rows: int, last: list[object]) -> Deployed:
    inputs = [declared("x", (1, 3, rows, 21)), declared("z", (1, 3, 21, 16))]
    graph = deployed(folder, [*SQUASH, *last], KNOWN, inputs=inputs, opset=13)
    before, after = unfused_and_fused(graph, {"x": random(1, 3, rows, 21), "z": random(1, 3, 21, 16, seed=2)})
    np.testing.assert_allclose(after, before, rtol=1e-4, atol=1e-5)
    return graph


def test_that_sums_behind_a_product_of_one_row_need_no_transposes(tmp_path: Path) -> None:
    graph = squashed(tmp_path, 1, [node("Reshape", ["q", "flat"], ["y"])])
    shapes = {name: graph.tensors[name].static_shape for name in ("v_mm", "s", "n_conv", "q_tp")}

    assert "Transpose" not in ops(graph)[3:]
    assert shapes == {"v_mm": (3, 16, 1, 1), "s": (3, 16, 1, 1), "n_conv": (3, 1, 1, 1), "q_tp": (3, 16, 1, 1)}


def test_that_a_transpose_at_the_end_is_merged_with_the_first(tmp_path: Path) -> None:
    graph = squashed(tmp_path, 1, [node("Transpose", ["q"], ["y"], perm=[0, 1, 3, 2])])
    assert (graph.layers[-1].op, graph.layers[-1].inputs) == ("Transpose", ("q",))
    assert ops(graph).count("Transpose") == 3


def test_that_more_rows_keep_their_transposes(tmp_path: Path) -> None:
    graph = squashed(tmp_path, 5, [node("Transpose", ["q"], ["y"], perm=[0, 1, 3, 2])])
    assert ops(graph).count("Transpose") > 4

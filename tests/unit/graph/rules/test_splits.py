"""Splits of Splits, and Splits whose parts are reshaped."""

from pathlib import Path

import numpy as np

from tests.unit.networks import as_written, float_values, node, ops, own_values, random
from workbench.graph.draft import Draft, apply
from workbench.graph.rules.splits import merge_splits, split_behind_reshape

SPLITS = [node("Split", ["x"], ["a", "b"], axis=1), node("Split", ["b"], ["c", "d"], axis=1)]


def test_that_a_split_of_a_part_is_a_split_into_more_parts(tmp_path: Path) -> None:
    nodes = [*SPLITS, node("Concat", ["d", "c", "a"], ["y"], axis=1)]
    draft = Draft(as_written(tmp_path, nodes, shape=(1, 8, 4, 4), opset=12))
    apply(draft, [merge_splits])
    graph = draft.graph()
    feeds = {"x": random(1, 8, 4, 4)}

    assert (ops(graph), graph.layers[0].outputs) == (["Split", "Concat"], ("a", "c", "d"))
    assert np.array_equal(float_values(graph, feeds)["y"], own_values(graph.model.proto, feeds)["y"])


def test_that_a_part_that_others_take_is_kept(tmp_path: Path) -> None:
    nodes = [*SPLITS, node("Concat", ["b", "c", "d", "a"], ["y"], axis=1)]
    draft = Draft(as_written(tmp_path, nodes, shape=(1, 8, 4, 4), opset=12))
    apply(draft, [merge_splits])

    assert ops(draft.graph()) == ["Split", "Split", "Concat"]


def flattened(folder: Path, axis: int) -> Draft:
    parts = [node("Reshape", [name, "flat"], [f"{name}r"]) for name in ("a", "b")]
    nodes = [node("Split", ["x"], ["a", "b"], axis=axis), *parts, node("Add", ["ar", "br"], ["y"])]
    draft = Draft(as_written(folder, nodes, {"flat": np.asarray([1, -1])}, shape=(1, 4, 6), opset=12))
    apply(draft, [split_behind_reshape])
    return draft


def test_that_parts_that_are_all_flattened_are_parts_of_a_row(tmp_path: Path) -> None:
    graph = flattened(tmp_path, 1).graph()
    feeds = {"x": random(1, 4, 6)}

    assert ops(graph) == ["Reshape", "Split", "Add"]
    assert graph.layers[0].outputs == ("x_rs",)
    assert np.array_equal(float_values(graph, feeds)["y"], own_values(graph.model.proto, feeds)["y"])


def test_that_parts_along_a_later_axis_are_not(tmp_path: Path) -> None:
    assert ops(flattened(tmp_path, 2).graph()) == ["Split", "Reshape", "Reshape", "Add"]

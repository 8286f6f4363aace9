"""Reshapes in front of a Concat, a sum or a product."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from tests.unit.networks import as_written, declared, deployed, node, ops, random, unfused_and_fused
from workbench.graph.deployed import Deployed
from workbench.graph.draft import Draft, apply
from workbench.graph.rules.around_concat import combine_before_reshapes, concat_before_reshapes

Shape = tuple[int, ...]


def joined(folder: Path, shapes: Sequence[Shape], to: Shape, axis: int) -> Deployed:
    names = [f"x{number}" for number in range(len(shapes))]
    nodes = [node("Reshape", [name, "shape"], [f"{name}r"]) for name in names]
    nodes.append(node("Concat", [f"{name}r" for name in names], ["y"], axis=axis))
    inputs = [declared(name, shape) for name, shape in zip(names, shapes, strict=True)]
    graph = deployed(folder, nodes, {"shape": np.asarray(to)}, inputs=inputs)
    feeds = {name: random(*shape, seed=3) for name, shape in zip(names, shapes, strict=True)}
    before, after = unfused_and_fused(graph, feeds)
    np.testing.assert_array_equal(after, before)
    return graph


def rows(graph: Deployed) -> list[tuple[str, str]]:
    return [(layer.op, layer.outputs[0]) for layer in graph.layers]


@pytest.mark.parametrize(("to", "axis", "place"), [((1, 8, 16), 1, 0), ((1, 8, 16), 2, 2), ((1, 128), 0, 0)])
def test_that_tensors_of_one_shape_are_joined_before(tmp_path: Path, to: Shape, axis: int, place: int) -> None:
    graph = joined(tmp_path, [(1, 8, 4, 4)] * 2, to, axis)
    assert rows(graph) == [("Concat", "y-rs"), ("Reshape", "y")]
    assert graph.layers[0].attributes["axis"] == place


def test_that_others_take_the_shape_of_the_first_that_all_fit(tmp_path: Path) -> None:
    graph = joined(tmp_path, [(1, 85, 52, 52), (1, 85, 26, 26), (1, 85, 13, 13)], (1, 85, -1), 2)
    assert rows(graph) == [("Reshape", "x0r"), ("Reshape", "x1r"), ("Concat", "y-rs"), ("Reshape", "y")]
    assert graph.tensors["y-rs"].static_shape == (1, 85, 273, 13)


def test_that_sizes_that_do_not_fit_leave_the_concat_as_it_is(tmp_path: Path) -> None:
    graph = joined(tmp_path, [(1, 6, 4, 4), (1, 6, 3, 3)], (1, 6, -1), 2)
    assert next(layer for layer in graph.layers if layer.op == "Concat").inputs == ("x0r_rs", "x1r_rs")


def test_that_shapes_that_differ_behind_the_axis_leave_the_concat_as_it_is(tmp_path: Path) -> None:
    nodes = [node("Reshape", [name, "shape"], [f"{name}r"]) for name in ("x", "z")]
    nodes.append(node("Concat", ["xr", "zr"], ["y"], axis=1))
    inputs = [declared("x", (1, 4, 4, 8)), declared("z", (1, 2, 2, 8))]
    draft = Draft(as_written(tmp_path, nodes, {"shape": np.asarray((1, -1, 4))}, inputs=inputs))
    apply(draft, [concat_before_reshapes])
    assert ops(draft.graph()) == ["Reshape", "Reshape", "Concat"]


@pytest.mark.parametrize(("op", "expected"), [("Add", ["Add", "Reshape"]), ("Mul", ["Mul", "Reshape"])])
def test_that_reshaped_tensors_are_combined_before(tmp_path: Path, op: str, expected: list[str]) -> None:
    nodes = [node("Reshape", [name, "shape"], [f"{name}r"]) for name in ("x", "z")]
    inputs = [declared("x", (1, 8, 4, 4)), declared("z", (1, 8, 4, 4))]
    nodes.append(node(op, ["xr", "zr"], ["y"]))
    graph = deployed(tmp_path, nodes, {"shape": np.asarray((1, 128))}, inputs=inputs)
    before, after = unfused_and_fused(graph, {"x": random(1, 8, 4, 4), "z": random(1, 8, 4, 4, seed=2)})
    np.testing.assert_array_equal(after, before)
    assert ops(graph) == expected
    assert graph.layers[0].outputs == ("y-rs",)


def test_that_tensors_of_several_shapes_are_not(tmp_path: Path) -> None:
    nodes = [node("Reshape", [name, "shape"], [f"{name}r"]) for name in ("x", "z")]
    inputs = [declared("x", (1, 8, 4, 4)), declared("z", (1, 4, 8, 4))]
    nodes.append(node("Add", ["xr", "zr"], ["y"]))
    draft = Draft(as_written(tmp_path, nodes, {"shape": np.asarray((1, 128))}, inputs=inputs))
    apply(draft, [combine_before_reshapes])
    assert ops(draft.graph()) == ["Reshape", "Reshape", "Add"]

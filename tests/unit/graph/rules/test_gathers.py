"""Gather of neighbouring places."""

from pathlib import Path

import numpy as np
import pytest

from tests.unit.networks import deployed, node, ops, random, unfused_and_fused
from workbench.graph.deployed import Deployed

SHAPE = (1, 4, 3, 5)


def gathered(folder: Path, places: object, axis: int, shape: tuple[int, ...] = SHAPE) -> Deployed:
    nodes = [node("Gather", ["x", "i"], ["y"], "pick", axis=axis)]
    graph = deployed(folder, nodes, {"i": np.asarray(places, np.int64)}, shape=shape)
    before, after = unfused_and_fused(graph, {"x": random(*shape, seed=5)})
    np.testing.assert_array_equal(after, before)
    return graph


def rows(graph: Deployed) -> list[tuple[str, str]]:
    return [(layer.op, layer.outputs[0]) for layer in graph.layers]


@pytest.mark.parametrize("place", [2, -1])
def test_that_one_place_is_a_slice_without_its_axis(tmp_path: Path, place: int) -> None:
    assert rows(gathered(tmp_path, place, 1)) == [("Slice", "pick_2sl"), ("Reshape", "y")]


def test_that_the_only_place_of_an_axis_is_reshaped(tmp_path: Path) -> None:
    assert rows(gathered(tmp_path, 0, 0)) == [("Reshape", "y")]


@pytest.mark.parametrize("places", [[1], [1, 2]])
def test_that_a_list_of_neighbours_is_a_slice(tmp_path: Path, places: list[int]) -> None:
    assert ops(gathered(tmp_path, places, 2)) == ["Slice"]


@pytest.mark.parametrize("places", [[2, 0], [0, 2], [[0, 1]]])
def test_that_other_lists_stay(tmp_path: Path, places: object) -> None:
    assert ops(gathered(tmp_path, places, 2)) == ["Gather"]


def test_that_three_axes_are_sliced_on_four(tmp_path: Path) -> None:
    graph = gathered(tmp_path, 1, 2, shape=(1, 4, 3))
    assert rows(graph) == [("Reshape", "x_rs"), ("Slice", "pick_2sl-rs"), ("Reshape", "y")]


def test_that_places_of_one_tensor_make_a_split(tmp_path: Path) -> None:
    nodes = [node("Gather", ["x", name], [f"g{name}"], f"pick{name}", axis=2) for name in "012"]
    nodes += [node("Mul", ["g0", "g1"], ["m"]), node("Add", ["m", "g2"], ["y"])]
    graph = deployed(tmp_path, nodes, {name: np.asarray(int(name)) for name in "012"}, shape=(1, 4, 3))
    before, after = unfused_and_fused(graph, {"x": random(1, 4, 3)})
    split = next(layer for layer in graph.layers if layer.op == "Split")

    np.testing.assert_array_equal(after, before)
    assert split.outputs == ("pick0_2sl-rs", "pick1_2sl-rs", "pick2_2sl-rs")
    assert ops(graph).count("Reshape") <= 2

"""Rules of parts of tensors."""

from pathlib import Path

import numpy as np
import pytest

from tests.unit.networks import deployed, node, ops, own_values, random, unfused_and_fused

SHAPE = (1, 8, 6, 6)
X = random(*SHAPE, seed=9)
ENDS = {f"i{number}": np.asarray([number]) for number in (0, 2, 3, 4, 6, 8, 99)} | {"neg": np.asarray([-4])}


def part(given: str, start: int | str, end: int, axis: str = "one", source: str = "r") -> object:
    start = start if isinstance(start, str) else f"i{start}"
    return node("Slice", [source, start, f"i{end}", axis], [given], name=f"cut_{given}")


CONSTANTS = {**ENDS, "one": np.asarray([1]), "two": np.asarray([2]), "three": np.asarray([3])}
FIRST, LAST = node("Relu", ["x"], ["r"]), [node("Exp", ["p"], ["y"]), node("Tanh", ["q"], ["z"])]


@pytest.mark.parametrize(
    ("parts", "outputs"),
    [
        ([part("p", 0, 4), part("q", 4, 8)], ("p", "q")),
        ([part("p", "neg", 99), part("q", 0, 4)], ("q", "p")),
        ([part("p", 0, 2), part("q", 4, 8)], ("p", "cut_p_2sp_invalid1", "q")),
        ([part("p", 0, 2), part("q", 2, 4)], ("p", "q", "cut_p_2sp_invalid2")),
    ],
)
def test_that_slices_side_by_side_are_a_split(tmp_path: Path, parts: list, outputs: tuple[str, ...]) -> None:
    graph = deployed(tmp_path, [FIRST, *parts, *LAST], CONSTANTS, shape=SHAPE, outputs=["y", "z"])
    split = graph.producers["p"]
    assert (split.op, split.outputs) == ("Split", outputs)
    for name in ("y", "z"):
        before, after = unfused_and_fused(graph, {"x": X}, name)
        np.testing.assert_allclose(after, before, rtol=1e-6)


def test_that_overlapping_slices_and_a_single_one_stay(tmp_path: Path) -> None:
    nodes = [FIRST, part("p", 0, 6), part("q", 4, 8), *LAST]
    assert ops(deployed(tmp_path, nodes, CONSTANTS, shape=SHAPE, outputs=["y", "z"])).count("Slice") == 2
    nodes = [FIRST, part("p", 0, 6), LAST[0]]
    assert ops(deployed(tmp_path, nodes, CONSTANTS, shape=SHAPE)) == ["Relu", "Slice", "Exp"]


def test_that_slices_along_two_axes_are_one(tmp_path: Path) -> None:
    nodes = [FIRST, part("a", 2, 6, "two"), part("p", 3, 6, "three", "a"), LAST[0]]
    graph = deployed(tmp_path, nodes, CONSTANTS, shape=SHAPE)
    before, after = unfused_and_fused(graph, {"x": X})
    assert ops(graph) == ["Relu", "Slice", "Exp"]
    np.testing.assert_allclose(after, before, rtol=1e-6)


def test_that_a_split_of_a_concat_into_its_parts_vanishes(tmp_path: Path) -> None:
    nodes = [
        FIRST,
        node("Sigmoid", ["x"], ["s"]),
        node("Concat", ["r", "s"], ["joined"], axis=1),
        node("Split", ["joined"], ["p", "q"], axis=1),
        *LAST,
    ]
    graph = deployed(tmp_path, nodes, shape=SHAPE, outputs=["y", "z"])
    assert sorted(ops(graph)) == ["Exp", "Relu", "Sigmoid", "Tanh"]
    before, after = unfused_and_fused(graph, {"x": X}, "z")
    np.testing.assert_allclose(after, before, rtol=1e-6)


@pytest.mark.parametrize("bias", [True, False])
def test_that_each_part_of_a_conv_is_a_conv(tmp_path: Path, bias: bool) -> None:
    nodes = [
        node("Conv", ["x", "w", "b"] if bias else ["x", "w"], ["c"]),
        node("Split", ["c", "sizes"], ["p", "q"], axis=1),
        *LAST,
    ]
    constants = {"w": random(5, 8, 3, 3, scale=0.1), "b": random(5), "sizes": np.asarray([2, 3])}
    graph = deployed(tmp_path, nodes, constants, shape=SHAPE, outputs=["y", "z"])
    assert [layer.op for layer in (graph.producers["p"], graph.producers["q"])] == ["Conv", "Conv"]
    for name in ("y", "z"):
        before, after = unfused_and_fused(graph, {"x": X}, name)
        np.testing.assert_allclose(after, before, rtol=1e-4, atol=1e-5)


def test_that_a_conv_that_something_else_takes_keeps_its_split(tmp_path: Path) -> None:
    nodes = [
        node("Conv", ["x", "w"], ["c"]),
        node("Split", ["c"], ["p", "q"], axis=1),
        *LAST,
        node("Neg", ["c"], ["v"]),
    ]
    graph = deployed(tmp_path, nodes, {"w": random(4, 8, 1, 1)}, shape=SHAPE, outputs=["y", "z", "v"])
    assert "Split" in ops(graph)


def test_that_channels_in_another_order_are_a_conv_or_rows_of_one(tmp_path: Path) -> None:
    constants = {"i": np.asarray([3, 1, -1]), "w": random(8, 8, 1, 1)}
    graph = deployed(tmp_path, [FIRST, node("Gather", ["r", "i"], ["y"], axis=1)], constants, shape=SHAPE)
    assert ops(graph) == ["Relu", "Conv"]
    before, after = unfused_and_fused(graph, {"x": X})
    np.testing.assert_array_equal(after, before)
    nodes = [node("Conv", ["x", "w"], ["c"]), node("Gather", ["c", "i"], ["y"], axis=1)]
    graph = deployed(tmp_path, nodes, constants, shape=SHAPE)
    assert [layer.outputs for layer in graph.layers] == [("y",)]
    np.testing.assert_allclose(*unfused_and_fused(graph, {"x": X}), rtol=1e-5, atol=1e-5)


def test_that_a_slice_that_gives_an_output_of_the_network_keeps_its_name(tmp_path: Path) -> None:
    nodes = [FIRST, part("y", 0, 4), part("z", 4, 8)]
    graph = deployed(tmp_path, nodes, CONSTANTS, shape=SHAPE, outputs=["y", "z"])
    assert graph.layers[-1].outputs == ("y", "z")
    assert own_values(graph.model.proto, {"x": X})["z"].shape == (1, 4, 6, 6)

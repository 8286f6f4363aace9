"""Rules of Concat in front of a convolution."""

from pathlib import Path

import numpy as np
import pytest

from tests.unit.networks import deployed, node, ops, random, unfused_and_fused

X = random(1, 3, 6, 6, seed=9)


def branches(sizes: list[int], given: int, size: int = 1) -> tuple[list, dict[str, np.ndarray]]:
    nodes, constants = [], {"w": random(given, sum(sizes), size, size), "b": random(given, seed=2)}
    for number, count in enumerate(sizes):
        constants[f"w{number}"] = random(count, 3, 1, 1, seed=number)
        nodes += [node("Conv", ["x", f"w{number}"], [f"c{number}"]), node("Exp", [f"c{number}"], [f"e{number}"])]
    nodes.append(node("Concat", [f"e{number}" for number in range(len(sizes))], ["joined"], axis=1))
    return [*nodes, node("Conv", ["joined", "w", "b"], ["y"], pads=[size // 2] * 4)], constants


@pytest.mark.parametrize("size", [1, 3])
def test_that_each_branch_gets_a_conv_and_the_last_one_the_bias(tmp_path: Path, size: int) -> None:
    graph = deployed(tmp_path, *branches([4, 8, 4], 5, size))
    before, after = unfused_and_fused(graph, {"x": X})
    assert [layer.outputs[0] for layer in graph.layers] == [
        "c0", "e0", "e0_conv", "c1", "e1", "e1_conv", "e0_conv_add", "c2", "e2", "e2_conv", "y",
    ]  # fmt: skip
    assert [len(graph.producers[name].inputs) for name in ("e0_conv", "e1_conv", "e2_conv")] == [2, 2, 3]
    assert graph.producers["y"].op == "Add"
    np.testing.assert_allclose(after, before, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize(
    ("sizes", "given", "kept"),
    [
        ([16, 16], 15, False),
        ([16, 16], 16, True),
        ([8, 24], 14, False),
        ([8, 24], 16, True),
        ([16, 4], 10, True),
        ([4, 16], 40, False),
        ([16, 12], 14, True),
        ([12, 12], 40, False),
    ],
)
def test_that_aligned_branches_stay_unless_the_sums_are_smaller(
    tmp_path: Path, sizes: list[int], given: int, kept: bool
) -> None:
    assert ("Concat" in ops(deployed(tmp_path, *branches(sizes, given)))) is kept


def test_that_another_taker_of_the_concat_keeps_it(tmp_path: Path) -> None:
    nodes, constants = branches([4, 4], 8)
    nodes[-1] = node("Conv", ["joined", "w", "b"], ["c"])
    graph = deployed(tmp_path, [*nodes, node("Max", ["joined", "c"], ["y"])], constants)
    assert "Concat" in ops(graph)


def test_that_a_concat_of_a_concat_is_one(tmp_path: Path) -> None:
    nodes = [
        node("Exp", ["x"], ["e"]),
        node("Concat", ["x", "e"], ["inner"], axis=1),
        node("Concat", ["e", "inner"], ["joined"], axis=-3),
        node("Tanh", ["joined"], ["y"]),
    ]
    graph = deployed(tmp_path, nodes)
    before, after = unfused_and_fused(graph, {"x": X})
    assert graph.producers["joined"].inputs == ("e", "x", "e")
    np.testing.assert_array_equal(after, before)

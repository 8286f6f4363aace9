"""Rules of operators that compute the same twice."""

from pathlib import Path

import numpy as np
import pytest

from tests.unit.networks import deployed, node, ops, random, unfused_and_fused

LAST = [node("Sigmoid", ["a"], ["s"]), node("Tanh", ["b"], ["t"]), node("Add", ["s", "t"], ["y"])]


@pytest.mark.parametrize(
    ("op", "inputs", "attributes", "count"),
    [
        ("MaxPool", ["x"], {"kernel_shape": [2, 2]}, 1),
        ("LeakyRelu", ["x"], {"alpha": 0.1}, 1),
        ("Mul", ["x", "k"], {}, 1),
        ("Conv", ["x", "w"], {}, 1),
        ("Sigmoid", ["x"], {}, 2),
        ("Add", ["x", "k"], {}, 2),
    ],
)
def test_that_those_the_toolkit_merges_are_one(
    tmp_path: Path, op: str, inputs: list[str], attributes: dict, count: int
) -> None:
    nodes = [node(op, inputs, [name], **attributes) for name in ("a", "b")]
    graph = deployed(tmp_path, [*nodes, *LAST], {"k": random(1, 3, 1, 1), "w": random(4, 3, 1, 1)})
    before, after = unfused_and_fused(graph, {"x": random(1, 3, 6, 6)})
    assert len(graph.layers) == count + 3
    np.testing.assert_allclose(after, before, rtol=1e-5, atol=1e-6)


def test_that_the_steps_of_pyramid_pooling_are_shared(tmp_path: Path) -> None:
    pools = [node("MaxPool", ["r"], [f"m{k}"], kernel_shape=[k, k], pads=[k // 2] * 4) for k in (9, 13)]
    nodes = [node("Relu", ["x"], ["r"]), *pools, node("Concat", ["r", "m9", "m13"], ["y"], axis=1)]
    graph = deployed(tmp_path, nodes, shape=(1, 3, 20, 20))
    before, after = unfused_and_fused(graph, {"x": random(1, 3, 20, 20)})
    assert [layer.outputs[0] for layer in graph.layers] == ["r", "r_mp#1", "m13", "m9", "y"]
    np.testing.assert_array_equal(after, before)


def test_that_other_attributes_or_constants_keep_two(tmp_path: Path) -> None:
    pools = [node("MaxPool", ["x"], [name], kernel_shape=[3, 3], pads=[1, 1, 1, 1]) for name in ("a", "b")]
    pools[1] = node("MaxPool", ["x"], ["b"], kernel_shape=[5, 5], pads=[2, 2, 2, 2])
    assert ops(deployed(tmp_path, [*pools, *LAST])).count("MaxPool") == 2
    products = [node("Mul", ["x", name], [given]) for name, given in (("k", "a"), ("l", "b"))]
    graph = deployed(tmp_path, [*products, *LAST], {"k": random(1, 3, 1, 1), "l": random(1, 3, 1, 1, seed=2)})
    assert ops(graph).count("Mul") == 2

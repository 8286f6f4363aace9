"""Activations that networks spell with several operators, as the toolkit recognises them."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnx
import pytest

from tests.unit.networks import as_written, float_values, node, ops, own_values, random
from workbench.graph.deployed import Deployed
from workbench.graph.draft import Draft, apply
from workbench.graph.rules.activations import merge_gelu, merge_mish, merge_scaled_swish, merge_swish

SHAPE = (1, 4, 6, 6)
CONSTANTS = {"root": 2**0.5, "one": 1.0, "half": 0.5, "beta": 1.702}
GATE = [node("Div", ["x", "root"], ["d"]), node("Erf", ["d"], ["e"]), node("Add", ["e", "one"], ["g"])]
MERGED: dict[str, tuple[Sequence[onnx.NodeProto], str]] = {
    "gelu": ([*GATE, node("Mul", ["x", "g"], ["p"]), node("Mul", ["p", "half"], ["y"])], "exGelu"),
    "gelu halved first": ([*GATE, node("Mul", ["x", "half"], ["h"]), node("Mul", ["h", "g"], ["y"])], "exGelu"),
    "scaled swish": (
        [node("Mul", ["x", "beta"], ["b"]), node("Sigmoid", ["b"], ["s"]), node("Mul", ["s", "x"], ["y"])],
        "exSwish",
    ),
    "mish": (
        [node("Softplus", ["x"], ["s"]), node("Tanh", ["s"], ["t"]), node("Mul", ["x", "t"], ["y"])],
        "exMish",
    ),
    "mish with a logarithm": (
        [
            node("Exp", ["x"], ["e"]),
            node("Add", ["e", "one"], ["a"]),
            node("Log", ["a"], ["s"]),
            node("Tanh", ["s"], ["t"]),
            node("Mul", ["t", "x"], ["y"]),
        ],
        "exMish",
    ),
}
KEPT: dict[str, Sequence[onnx.NodeProto]] = {
    "gelu with the factors swapped": [*GATE, node("Mul", ["g", "x"], ["p"]), node("Mul", ["p", "half"], ["y"])],
    "gelu whose gate others take": [
        *GATE,
        node("Mul", ["x", "g"], ["p"]),
        node("Mul", ["p", "half"], ["z"]),
        node("Add", ["z", "g"], ["y"]),
    ],
    "swish scaled from the left": [
        node("Mul", ["beta", "x"], ["b"]),
        node("Sigmoid", ["b"], ["s"]),
        node("Mul", ["x", "s"], ["y"]),
    ],
}


def rewritten(folder: Path, nodes: Sequence[onnx.NodeProto]) -> Deployed:
    draft = Draft(as_written(folder, nodes, CONSTANTS, shape=SHAPE))
    apply(draft, [merge_gelu, merge_mish, merge_scaled_swish, merge_swish])
    return draft.graph()


@pytest.mark.parametrize("name", MERGED)
def test_that_an_activation_is_one_operator_with_the_same_values(tmp_path: Path, name: str) -> None:
    nodes, op = MERGED[name]
    graph = rewritten(tmp_path, nodes)
    feeds = {"x": random(*SHAPE, seed=5) * 3}

    assert ops(graph) == [op]
    np.testing.assert_allclose(float_values(graph, feeds)["y"], own_values(graph.model.proto, feeds)["y"], atol=2e-6)


@pytest.mark.parametrize("name", KEPT)
def test_that_a_spelling_that_the_toolkit_does_not_know_stays(tmp_path: Path, name: str) -> None:
    assert ops(rewritten(tmp_path, KEPT[name])) == [item.op_type for item in KEPT[name]]

"""Rules of merging the operators of a HardSwish."""

from pathlib import Path

import numpy as np
import onnx
import pytest

from tests.unit.networks import deployed, node, ops

CONSTANTS = {name: np.float32(value) for name, value in (("3", 3), ("6", 6), ("0", 0), ("s", 1 / 6))}
GATE = [node("Add", ["x", "3"], ["shifted"]), node("Clip", ["shifted", "0", "6"], ["gate"])]
SPELLINGS = [
    [*GATE, node("Mul", ["x", "gate"], ["p"]), node("Div", ["p", "6"], ["y"])],
    [*GATE, node("Mul", ["gate", "x"], ["p"]), node("Mul", ["p", "s"], ["y"])],
    [*GATE, node("Div", ["gate", "6"], ["q"]), node("Mul", ["x", "q"], ["y"])],
    [node("HardSigmoid", ["x"], ["q"], alpha=1 / 6, beta=0.5), node("Mul", ["x", "q"], ["y"])],
]


@pytest.mark.parametrize("nodes", SPELLINGS)
def test_that_every_spelling_becomes_one_operator(tmp_path: Path, nodes: list[onnx.NodeProto]) -> None:
    graph = deployed(tmp_path, nodes, CONSTANTS)
    assert ops(graph) == ["HardSwish"]
    assert graph.layers[0].inputs == ("x",)
    assert len(graph.layers[0].origins) == len(nodes)


@pytest.mark.parametrize("nodes", [SPELLINGS[0], SPELLINGS[3]])
def test_that_an_inner_value_that_is_needed_elsewhere_keeps_the_operators(
    tmp_path: Path, nodes: list[onnx.NodeProto]
) -> None:
    inner = "shifted" if len(nodes) > 2 else "q"
    graph = deployed(tmp_path, [*nodes, node("Abs", [inner], ["z"])], CONSTANTS, outputs=("y", "z"))
    assert "HardSwish" not in ops(graph)


def test_that_other_numbers_are_no_hard_swish(tmp_path: Path) -> None:
    other = {**CONSTANTS, "3": np.float32(2.5)}
    assert "HardSwish" not in ops(deployed(tmp_path, SPELLINGS[0], other))

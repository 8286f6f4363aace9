"""What the rows of the table say of their operators."""

from pathlib import Path

import onnx
import pytest

from tests.unit.networks import node, quantisable, random
from workbench.foundation.steps import drain
from workbench.project.rows import NOT_KNOWN_EXACT, rows_of
from workbench.quantize.calibrate import calibrate
from workbench.quantize.planner import make_plan
from workbench.quantize.schemes import QuantSettings

ATTENTION = [
    node("Transpose", ["x"], ["t"], perm=[0, 1, 3, 2]),
    node("MatMul", ["x", "t"], ["p"]),
    node("Mul", ["p", "scale"], ["m"]),
    node("Softmax", ["m"], ["s"], axis=-1),
    node("MatMul", ["s", "x"], ["y"]),
]
ALONE = [node("Relu", ["x"], ["r"]), node("Softmax", ["r"], ["s"], axis=-1), node("Sin", ["s"], ["y"])]


@pytest.mark.parametrize(("nodes", "doubted"), [(ATTENTION, True), (ALONE, False)])
def test_that_the_softmax_of_an_attention_in_parts_is_doubted(
    tmp_path: Path, nodes: list[onnx.NodeProto], doubted: bool
) -> None:
    graph = quantisable(tmp_path, nodes, {"scale": random(1) * 0 + 0.5}, shape=(1, 2, 6, 4))
    plan = make_plan(graph, drain(calibrate(graph, [{"x": random(1, 2, 6, 4)}], 1)), QuantSettings())

    notes = [row.note for row in rows_of(graph, plan) if row.op == "exSoftmax13"]

    assert notes
    assert all((NOT_KNOWN_EXACT in note) == doubted for note in notes)

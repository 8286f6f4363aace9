"""Rules of InstanceNormalization."""

from pathlib import Path

import numpy as np
import pytest

from tests.unit.networks import deployed, node, ops, random, unfused_and_fused

CONSTANTS = {"s": random(3, seed=2), "b": random(3, seed=3)}
NODES = [node("Relu", ["x"], ["r"]), node("InstanceNormalization", ["r", "s", "b"], ["n"], name="norm", epsilon=1e-3)]


@pytest.mark.parametrize("opset", [11, 17, 18])
def test_that_it_is_a_norm_over_the_places_a_product_and_a_sum(tmp_path: Path, opset: int) -> None:
    graph = deployed(tmp_path, [*NODES, node("Sin", ["n"], ["y"])], CONSTANTS, opset=opset)
    before, after = unfused_and_fused(graph, {"x": random(1, 3, 6, 6)})
    names = [layer.outputs[0] for layer in graph.layers]
    assert [name for name in names if "norm" in name] == ["r_tp_rs_norm", "r_tp_rs_norm_mul", "norm#1", "norm#1_rs"]
    assert graph.producers["r_tp_rs_norm"].op == "exNorm"
    np.testing.assert_allclose(after, before, rtol=1e-4)


def test_that_a_norm_of_several_pictures_stays(tmp_path: Path) -> None:
    graph = deployed(tmp_path, [*NODES, node("Exp", ["n"], ["y"])], CONSTANTS, shape=(2, 3, 6, 6))
    assert "InstanceNormalization" in ops(graph)

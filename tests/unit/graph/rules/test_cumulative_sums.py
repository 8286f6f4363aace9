"""Rules of CumSum and ReduceL2."""

from pathlib import Path

import numpy as np
import pytest

from tests.unit.networks import deployed, node, ops, random, unfused_and_fused


@pytest.mark.parametrize("known", [{}, {"reverse": 1}, {"exclusive": 1}, {"reverse": 1, "exclusive": 1}])
@pytest.mark.parametrize(
    ("shape", "axis"),
    [((1, 4, 6, 8), 1), ((1, 4, 6, 8), 2), ((1, 4, 6, 8), -1), ((1, 6, 8), 1), ((1, 6, 8), 2), ((6, 8), 0)],
)
def test_that_a_running_sum_is_a_conv(tmp_path: Path, shape: tuple[int, ...], axis: int, known: dict[str, int]) -> None:
    nodes = [node("Relu", ["x"], ["r"]), node("CumSum", ["r", "a"], ["s"], **known), node("Sin", ["s"], ["y"])]
    graph = deployed(tmp_path, nodes, {"a": np.array(axis)}, shape=shape, opset=14)
    before, after = unfused_and_fused(graph, {"x": random(*shape)})
    assert "CumSum" not in ops(graph)
    assert ops(graph).count("Conv") == 1
    np.testing.assert_allclose(after, before, rtol=1e-5, atol=1e-5)


def test_that_a_running_sum_of_several_samples_stays(tmp_path: Path) -> None:
    nodes = [node("Relu", ["x"], ["r"]), node("CumSum", ["r", "a"], ["s"]), node("Sin", ["s"], ["y"])]
    graph = deployed(tmp_path, nodes, {"a": np.array(0)}, shape=(2, 4, 6, 8), opset=14)
    assert "CumSum" in ops(graph)


@pytest.mark.parametrize("opset", [11, 13])
@pytest.mark.parametrize(("shape", "axes"), [((1, 4, 6, 8), [1]), ((1, 4, 6, 8), [3]), ((1, 6, 8), [2]), ((6, 8), [1])])
def test_that_a_length_is_the_root_of_a_sum_of_squares(
    tmp_path: Path, opset: int, shape: tuple[int, ...], axes: list[int]
) -> None:
    nodes = [node("Relu", ["x"], ["r"]), node("ReduceL2", ["r"], ["s"], axes=axes), node("Sin", ["s"], ["y"])]
    graph = deployed(tmp_path, nodes, shape=shape, opset=opset)
    before, after = unfused_and_fused(graph, {"x": random(*shape)})
    assert [op for op in ops(graph) if op in ("Pow", "Conv", "ReduceL2")] == ["Pow", "Conv", "Pow"]
    np.testing.assert_allclose(after, before, rtol=1e-5, atol=1e-5)

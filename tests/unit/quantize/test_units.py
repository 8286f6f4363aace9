"""Layers as the search for scales takes them."""

from pathlib import Path

from tests.unit.networks import node, quantisable, random
from workbench.foundation.steps import drain
from workbench.quantize.calibrate import calibrate
from workbench.quantize.planner import make_plan
from workbench.quantize.schemes import QuantSettings
from workbench.quantize.squared_error import least_error
from workbench.quantize.units import neighbours, units_of


def test_that_layers_that_share_an_input_are_neighbours(tmp_path: Path) -> None:
    nodes = [
        node("Relu", ["x"], ["r"]),
        node("Conv", ["r", "w"], ["c"]),
        node("Sigmoid", ["r"], ["s"]),
        node("Mul", ["c", "s"], ["y"]),
    ]
    graph = quantisable(tmp_path, nodes, {"w": random(3, 3, 1, 1)}, shape=(1, 3, 8, 8))
    plan = make_plan(graph, drain(calibrate(graph, [{"x": random(1, 3, 8, 8)}], 1)), QuantSettings())
    units = list(units_of(graph, plan))
    conv = next(unit for unit in units if unit.first.op == "Conv")

    assert [unit.first.op for unit in neighbours(units)[conv]] == ["Conv", "Sigmoid"]


def test_that_the_input_of_a_residual_block_keeps_its_scale(tmp_path: Path) -> None:
    nodes = [
        node("Conv", ["x", "v"], ["c"]),
        node("Relu", ["c"], ["r"]),
        node("Conv", ["r", "w"], ["d"]),
        node("Mul", ["d", "r"], ["y"]),
    ]
    weights = {"v": random(3, 3, 1, 1), "w": random(3, 3, 1, 1, seed=2)}
    graph = quantisable(tmp_path, nodes, weights, shape=(1, 3, 16, 16))
    feeds = {"x": random(1, 3, 16, 16)}
    plan = make_plan(graph, drain(calibrate(graph, [feeds], 1)), QuantSettings())

    found = drain(least_error(graph, plan, [feeds])).ranges

    assert "x_int8" in found
    assert not {"r", "d"} & set(found)

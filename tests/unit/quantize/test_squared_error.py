"""The search for the scales with the least squared error."""

from pathlib import Path

import numpy as np
import pytest

from tests.unit.networks import conv_net, node, quantisable, random
from workbench.dump.store import Dump
from workbench.foundation.steps import drain
from workbench.graph.converts import with_converts
from workbench.graph.deployed import Deployed
from workbench.graph.fusion import deploy
from workbench.graph.read import read_model
from workbench.quantize.calibrate import calibrate
from workbench.quantize.configs.matching import planned
from workbench.quantize.configs.own_json import write_plan
from workbench.quantize.configs.plan_file import read_plan
from workbench.quantize.constants import weight_encoding
from workbench.quantize.plan import Plan, make_plan
from workbench.quantize.schemes import QuantSettings
from workbench.quantize.squared_error import FACTORS, Factors, least_error, with_factors
from workbench.sources.onnxrt import Reference
from workbench.sources.simulator import EmbeddedSimulator
from workbench.sources.source import DumpRequest

SAMPLES = [{"x": random(1, 3, 6, 6, seed=seed)} for seed in (1, 2, 3)]


def network(folder: Path) -> tuple[Deployed, Plan]:
    graph = with_converts(drain(deploy(read_model(conv_net(folder)))))
    return graph, make_plan(graph, drain(calibrate(graph, SAMPLES, 3)), QuantSettings())


def squared_error(folder: Path, graph: Deployed, plan: Plan, feeds: dict[str, np.ndarray]) -> float:
    names = [name for layer in graph.model.graph.layers for name in layer.outputs if name]
    golden = drain(Reference(graph.model, names).dump(DumpRequest(feeds), folder / "golden.h5"))
    source = EmbeddedSimulator(graph, plan, list(graph.producers))
    path = drain(source.dump(DumpRequest(feeds, golden=golden), folder / "out.h5"))
    with Dump(golden) as expected, Dump(path) as dump:
        return float(np.square(dump["y"] - expected["y"]).sum())


def test_that_the_output_is_nearer_to_golden(tmp_path: Path) -> None:
    graph, plan = network(tmp_path)
    better = with_factors(plan, drain(least_error(graph, plan, SAMPLES)))

    errors = [sum(squared_error(tmp_path, graph, own, feeds) for feeds in SAMPLES) for own in (better, plan)]
    assert errors[0] < errors[1]


def test_that_a_range_that_is_too_wide_is_halved(tmp_path: Path) -> None:
    graph = quantisable(tmp_path, [node("Conv", ["x", "w"], ["y"])], {"w": random(4, 3, 1, 1)}, shape=(1, 3, 40, 40))
    feeds = {"x": np.random.default_rng(1).uniform(-1, 1, (1, 3, 40, 40)).astype(np.float32)}
    wide = QuantSettings(ranges=(("x_int8", -2.0, 2.0),))
    plan = make_plan(graph, drain(calibrate(graph, [feeds], 1)), wide)

    factors = drain(least_error(graph, plan, [feeds]))

    assert 0.5 <= factors.activations["x_int8"] < 0.56
    assert set(factors.activations.values()) <= set(FACTORS.tolist())


@pytest.mark.parametrize(("side", "many"), [(13, False), (14, True)])
def test_that_a_weight_of_few_places_has_one_factor(tmp_path: Path, side: int, many: bool) -> None:
    shape = (1, 3, side, side)
    graph = quantisable(tmp_path, [node("Conv", ["x", "w"], ["y"])], {"w": random(8, 3, 1, 1)}, shape=shape)
    feeds = {"x": random(*shape)}
    plan = make_plan(graph, drain(calibrate(graph, [feeds], 1)), QuantSettings())

    (factors,) = drain(least_error(graph, plan, [feeds])).weights.values()

    assert len(factors) == (8 if many else 1)


def test_that_layers_that_move_numbers_share_the_factor(tmp_path: Path) -> None:
    nodes = [
        node("Relu", ["x"], ["r"]),
        node("MaxPool", ["r"], ["p"], kernel_shape=[2, 2]),
        node("Conv", ["p", "w"], ["y"]),
    ]
    graph = quantisable(tmp_path, nodes, {"w": random(4, 3, 1, 1)}, shape=(1, 3, 20, 20))
    feeds = {"x": random(1, 3, 20, 20)}
    plan = make_plan(graph, drain(calibrate(graph, [feeds], 1)), QuantSettings())

    found = drain(least_error(graph, plan, [feeds])).activations

    assert found["r"] == found["p"]


def test_that_factors_multiply_scales_and_leave_zero_points(tmp_path: Path) -> None:
    graph, plan = network(tmp_path)
    layer = next(layer for layer in graph.layers if layer.op == "Conv")
    weight = graph.constants[layer.inputs[1]]
    factors = Factors({"x_int8": 1.5, "unknown": 2.0}, {layer.outputs[0]: (0.5,)})

    changed = with_factors(plan, factors)
    own, other = (weight_encoding(layer, weight, item) for item in (plan, changed))

    assert changed.encodings["x_int8"].scale[0] == plan.encodings["x_int8"].scale[0] * 1.5
    assert changed.encodings["x_int8"].zero_point == plan.encodings["x_int8"].zero_point
    assert np.allclose(np.array(other.scale), np.array(own.scale) / 2)
    assert with_factors(plan, factors, ["x_int8"]).encodings == plan.encodings


def test_that_an_exported_plan_has_the_factors(tmp_path: Path) -> None:
    graph, plan = network(tmp_path)
    better = with_factors(plan, drain(least_error(graph, plan, SAMPLES)))

    write_plan(better, tmp_path / "plan.json")

    assert planned(graph, read_plan(tmp_path / "plan.json"), QuantSettings()) == (better, ())

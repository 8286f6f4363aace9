"""The search for the scales with the least squared error."""

from dataclasses import replace
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
from workbench.quantize.configs.read import read_plan
from workbench.quantize.constants import weight_encoding
from workbench.quantize.plan import Plan
from workbench.quantize.planner import make_plan
from workbench.quantize.schemes import QuantSettings
from workbench.quantize.squared_error import FACTORS, Found, least_error
from workbench.sources.onnxrt import Reference
from workbench.sources.simulator import EmbeddedSimulator
from workbench.sources.source import DumpRequest

SAMPLES = [{"x": random(1, 3, 6, 6, seed=seed)} for seed in (1, 2, 3)]


def network(folder: Path) -> tuple[Deployed, Plan]:
    graph = with_converts(drain(deploy(read_model(conv_net(folder)))))
    return graph, make_plan(graph, drain(calibrate(graph, SAMPLES, 3)), QuantSettings())


def improved(graph: Deployed, found: Found) -> Plan:
    ranges = {**drain(calibrate(graph, SAMPLES, 3)), **found.ranges}
    return replace(make_plan(graph, ranges, QuantSettings()), weight_factors=found.factors)


def squared_error(folder: Path, graph: Deployed, plan: Plan, feeds: dict[str, np.ndarray]) -> float:
    names = [name for layer in graph.model.graph.layers for name in layer.outputs if name]
    golden = drain(Reference(graph.model, names).dump(DumpRequest(feeds), folder / "golden.h5"))
    source = EmbeddedSimulator(graph, plan, list(graph.producers))
    path = drain(source.dump(DumpRequest(feeds, golden=golden), folder / "out.h5"))
    with Dump(golden) as expected, Dump(path) as dump:
        return float(np.square(dump["y"] - expected["y"]).sum())


def test_that_the_output_is_nearer_to_golden(tmp_path: Path) -> None:
    graph, plan = network(tmp_path)
    better = improved(graph, drain(least_error(graph, plan, SAMPLES)))

    errors = [sum(squared_error(tmp_path, graph, own, feeds) for feeds in SAMPLES) for own in (better, plan)]
    assert errors[0] < errors[1]


def test_that_a_range_that_is_too_wide_is_halved(tmp_path: Path) -> None:
    graph = quantisable(tmp_path, [node("Conv", ["x", "w"], ["y"])], {"w": random(4, 3, 1, 1)}, shape=(1, 3, 40, 40))
    feeds = {"x": np.random.default_rng(1).uniform(-1, 1, (1, 3, 40, 40)).astype(np.float32)}
    wide = QuantSettings(ranges=(("x_int8", -2.0, 2.0),))
    plan = make_plan(graph, drain(calibrate(graph, [feeds], 1)), wide)

    found = drain(least_error(graph, plan, [feeds])).ranges["x_int8"]

    tried = np.float32(plan.encodings["x_int8"].scale[0]) * FACTORS.astype(np.float32)
    assert (found.high - found.low) / 255 in tried[:3].tolist()


@pytest.mark.parametrize(("side", "many"), [(13, False), (14, True)])
def test_that_a_weight_of_few_places_has_one_factor(tmp_path: Path, side: int, many: bool) -> None:
    shape = (1, 3, side, side)
    graph = quantisable(tmp_path, [node("Conv", ["x", "w"], ["y"])], {"w": random(8, 3, 1, 1)}, shape=shape)
    feeds = {"x": random(*shape)}
    plan = make_plan(graph, drain(calibrate(graph, [feeds], 1)), QuantSettings())

    (factors,) = drain(least_error(graph, plan, [feeds])).factors.values()

    assert len(factors) == (8 if many else 1)


def test_that_layers_that_move_numbers_share_the_range(tmp_path: Path) -> None:
    nodes = [
        node("Relu", ["x"], ["r"]),
        node("MaxPool", ["r"], ["p"], kernel_shape=[2, 2]),
        node("Conv", ["p", "w"], ["y"]),
    ]
    graph = quantisable(tmp_path, nodes, {"w": random(4, 3, 1, 1)}, shape=(1, 3, 20, 20))
    feeds = {"x": random(1, 3, 20, 20)}
    plan = make_plan(graph, drain(calibrate(graph, [feeds], 1)), QuantSettings())

    found = drain(least_error(graph, plan, [feeds])).ranges

    assert found["r"] == found["p"]


def test_that_the_range_of_what_is_moved_stays_where_another_layer_keeps_that_of_its_source(tmp_path: Path) -> None:
    nodes = [
        node("Relu", ["x"], ["r"]),
        node("MaxPool", ["r"], ["p"], kernel_shape=[3, 3], pads=[1, 1, 1, 1]),
        node("Conv", ["p", "w"], ["c"]),
        node("Mul", ["c", "r"], ["y"]),
    ]
    graph = quantisable(tmp_path, nodes, {"w": random(3, 3, 1, 1)}, shape=(1, 3, 20, 20))
    feeds = {"x": random(1, 3, 20, 20)}
    ranges = drain(calibrate(graph, [feeds], 1))
    plan = make_plan(graph, ranges, QuantSettings())

    found = drain(least_error(graph, plan, [feeds]))

    better = make_plan(graph, {**ranges, **found.ranges}, QuantSettings())
    assert "r" not in found.ranges
    assert better.encodings["p"] == better.encodings["r"] == plan.encodings["r"]


def test_that_factors_multiply_the_scales_of_weights(tmp_path: Path) -> None:
    graph, plan = network(tmp_path)
    layer = next(layer for layer in graph.layers if layer.op == "Conv")
    weight = graph.constants[layer.inputs[1]]

    changed = improved(graph, Found(factors={layer.outputs[0]: (0.5,)}))
    own, other = (weight_encoding(layer, weight, item) for item in (plan, changed))

    assert np.allclose(np.array(other.scale), np.array(own.scale) / 2)


def test_that_an_exported_plan_has_the_factors(tmp_path: Path) -> None:
    graph, plan = network(tmp_path)
    better = improved(graph, drain(least_error(graph, plan, SAMPLES)))

    write_plan(better, tmp_path / "plan.json")

    assert planned(graph, read_plan(tmp_path / "plan.json"), QuantSettings()) == (better, ())

"""Rules of what simulators of one graph share: constants are quantised anew only where the plan says something else."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.unit.networks import conv_net, random
from workbench.foundation.steps import drain
from workbench.graph.converts import with_converts
from workbench.graph.deployed import Deployed
from workbench.graph.fusion import deploy
from workbench.graph.read import read_model
from workbench.quantize.calibrate import calibrate
from workbench.quantize.constants import constants_of
from workbench.quantize.kept import Kept
from workbench.quantize.plan import Plan
from workbench.quantize.planner import make_plan
from workbench.quantize.schemes import QuantSettings


@pytest.fixture
def graph(tmp_path: Path) -> Deployed:
    return with_converts(drain(deploy(read_model(conv_net(tmp_path)))))


def plan_of(graph: Deployed, **settings: object) -> Plan:
    ranges = drain(calibrate(graph, [{"x": random(1, 3, 6, 6)}], 1))
    return make_plan(graph, ranges, replace(QuantSettings(), **settings))  # type: ignore[arg-type]


def all_constants(graph: Deployed, plan: Plan, kept: Kept) -> list[dict[int, np.ndarray]]:
    return [kept.constants_of(graph, layer, plan) for layer in graph.layers]


def test_that_constants_of_layers_that_a_plan_leaves_alone_are_those_of_before(graph: Deployed) -> None:
    kept = Kept()
    before = all_constants(graph, plan_of(graph), kept)

    after = all_constants(graph, plan_of(graph, float_tensors=("c3",)), kept)

    same = {layer.outputs[0] for layer, one, other in zip(graph.layers, before, after, strict=True) if one is other}
    assert {"c1", "r2", "pooled", "y_mm"} & set(graph.producers) <= same
    assert "c3" not in same


@pytest.mark.parametrize("settings", [{"method": "layer"}, {"float_tensors": ("c3",)}, {"dtype": "fp16"}])
def test_that_kept_constants_are_those_that_the_plan_asks_for(graph: Deployed, settings: dict[str, object]) -> None:
    kept = Kept()
    all_constants(graph, plan_of(graph), kept)

    plan = plan_of(graph, **settings)

    for layer in graph.layers:
        wanted, found = constants_of(graph, layer, plan), kept.constants_of(graph, layer, plan)
        assert wanted.keys() == found.keys()
        assert all(np.array_equal(wanted[at], found[at]) for at in wanted)

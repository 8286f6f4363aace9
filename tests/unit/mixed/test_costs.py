"""Costs of choices: counted by hand where that is possible."""

from pathlib import Path

import numpy as np
import pytest

from tests.unit.mixed.made import made_network
from tests.unit.networks import deployed, node
from workbench.compare.compare import LayerError
from workbench.foundation.errors import SettingsError
from workbench.mixed.costs import costs_of, macs
from workbench.mixed.times import START, Times, times_for
from workbench.project.mixed.mixing import costs_for
from workbench.project.results import Results, save_results
from workbench.quantize.plan import Plan


def test_that_multiply_accumulates_are_those_of_the_loops(tmp_path: Path) -> None:
    constants = {"w": np.ones((8, 3, 3, 3), np.float32), "d": np.ones((8, 1, 3, 3), np.float32),
                 "t": np.ones((8, 4, 2, 2), np.float32)}  # fmt: skip
    nodes = [
        node("Conv", ["x", "w"], ["a"], pads=[1, 1, 1, 1]),
        node("Relu", ["a"], ["r"]),
        node("Conv", ["r", "d"], ["b"], group=8, pads=[1, 1, 1, 1], strides=[2, 2]),
        node("ConvTranspose", ["b", "t"], ["y"], strides=[2, 2]),
    ]
    graph = deployed(tmp_path, nodes, constants)
    counted = {layer.op + layer.outputs[0]: macs(graph, layer) for layer in graph.layers}

    assert counted["Conva"] == 8 * 6 * 6 * 3 * 9
    assert counted["Relur"] == 0
    assert counted["Convb"] == 8 * 3 * 3 * 9
    assert counted["ConvTransposey"] == 8 * 3 * 3 * 4 * 4


def test_that_a_chain_of_layers_forces_one_conversion_at_each_end(tmp_path: Path) -> None:
    network = made_network(tmp_path)
    costs = costs_of("bytes", network.graph, network.plan, "float16")
    layers = ("/conv4/Conv_output_0", "/clip5/Clip_output_0", "/conv6/Conv_output_0")

    found = costs.conversions(layers)

    assert [(one.tensor, one.given, one.taken) for one in found] == [
        ("/clip3/Clip_output_0", "int8", "float16"),
        ("/conv6/Conv_output_0", "float16", "int8"),
    ]
    assert found[0].takers == ("/conv4/Conv_output_0",)
    shape = network.graph.tensors["/clip3/Clip_output_0"].static_shape
    assert shape is not None
    assert found[0].bytes == int(np.prod(shape)) * 3


def test_that_two_islands_that_meet_cost_less_than_apart(tmp_path: Path) -> None:
    network = made_network(tmp_path)
    costs = costs_of("time", network.graph, network.plan, "float16", times_for("rk3588", {}))
    one = {"/conv4/Conv_output_0", "/clip5/Clip_output_0"}
    other = {"/conv6/Conv_output_0"}
    apart = {"/conv9/Conv_output_0", "/clip10/Clip_output_0"}

    assert costs.of(one | other) < costs.of(one) + costs.of(other)
    assert costs.of(other | apart) >= costs.of(other)
    assert costs.of(one | other) - costs.saved(other, one | other) == pytest.approx(costs.of(one))


def test_that_layers_are_counted_as_layers_and_shares_make_a_whole(tmp_path: Path) -> None:
    network = made_network(tmp_path)
    every = [name for name, precision in network.plan.precision.items() if precision == "int8"]

    assert costs_of("layers", network.graph, network.plan, "float16").of(every[2:5]) == 3
    share = costs_of("macs", network.graph, network.plan, "float16").of(every)
    assert share == pytest.approx(100, abs=0.5)


def test_that_a_measured_time_counts_before_a_reckoned_one() -> None:
    times = times_for("rk3588", {"a": 110.0})
    assert times.added("a", 0, 0) == 110 - START
    assert times.added("b", 10**9, 0) > times.added("b", 10**6, 0)
    assert isinstance(times, Times)


def test_that_a_boards_time_of_a_fused_group_is_that_of_its_conv(tmp_path: Path) -> None:
    network = made_network(tmp_path)
    group = ("/conv4/Conv_output_0",)
    row = LayerError(3, "Clip", "/clip5/Clip_output_0", "", group, (), None, {}, "name", "", time_us=250.0)
    save_results(Results((row,)), tmp_path / "session")

    costs = costs_for(network, "time", "float16", tmp_path / "session")

    assert costs.own["/conv4/Conv_output_0"] == 250 - START
    assert costs.own["/clip5/Clip_output_0"] == 0


def test_that_an_unknown_cost_or_chip_is_refused(tmp_path: Path) -> None:
    network = made_network(tmp_path)
    with pytest.raises(SettingsError, match="'beauty' is no kind of costs"):
        costs_of("beauty", network.graph, Plan({}, {}), "float16")
    with pytest.raises(SettingsError, match="no figures of rk0000"):
        times_for("rk0000", {})

"""Rules of channels that an activation provably cuts to zero."""

from pathlib import Path

import numpy as np
import pytest

from tests.unit.networks import deployed, giver, node, random
from workbench.graph.dead_channels import without_dead_channels
from workbench.graph.deployed import Deployed

NODES = [
    node("Conv", ["x", "w1", "b1"], ["c1"]),
    node("Relu", ["c1"], ["r1"]),
    node("Conv", ["r1", "w2", "b2"], ["c2"], group=4),
    node("Relu", ["c2"], ["r2"]),
    node("Conv", ["r2", "w3", "b3"], ["y"]),
]


def network(folder: Path, **changes: np.ndarray) -> Deployed:
    constants = {
        "w1": random(4, 3, 1, 1), "b1": random(4), "w2": np.abs(random(4, 1, 1, 1)), "b2": np.ones(4, np.float32),
        "w3": random(5, 4, 1, 1), "b3": random(5),
    }  # fmt: skip
    return deployed(folder, NODES, {**constants, **changes})


def weights(graph: Deployed, tensor: str) -> np.ndarray:
    return graph.constants[giver(graph, tensor).inputs[1]]


def test_that_a_channel_below_zero_loses_its_weights_and_what_reads_it(tmp_path: Path) -> None:
    weight, bias = random(4, 3, 1, 1), random(4)
    weight[2], bias[2] = 0.1, -1.0
    graph = without_dead_channels(network(tmp_path, w1=weight, b1=bias), {"x": (-1.0, 1.0)})

    assert not weights(graph, "c1")[2].any()
    assert graph.constants[giver(graph, "c1").inputs[2]][2] == 0
    assert weights(graph, "c1")[[0, 1, 3]].any()


def test_that_bounds_of_the_input_decide(tmp_path: Path) -> None:
    weight, bias = random(4, 3, 1, 1), random(4)
    weight[2], bias[2] = 0.1, -1.0
    graph = network(tmp_path, w1=weight, b1=bias)

    assert without_dead_channels(graph, {"x": (-9.0, 9.0)}) is graph
    assert without_dead_channels(graph, {}) is graph


def test_that_a_channel_that_only_leads_to_a_dead_one_is_dead(tmp_path: Path) -> None:
    bias = np.ones(4, np.float32)
    bias[1] = -1e6
    graph = without_dead_channels(network(tmp_path, b2=bias), {"x": (-1.0, 1.0)})

    assert not weights(graph, "c1")[1].any()
    assert not weights(graph, "c2")[1].any()
    assert not weights(graph, "y")[:, 1].any()
    assert {"c1", "r1", "c2", "r2"}.isdisjoint(graph.golden_of)


def test_that_weights_shared_with_another_layer_are_left_to_it(tmp_path: Path) -> None:
    bias = np.ones(4, np.float32)
    bias[1] = -1e6
    before = network(tmp_path, b2=bias)
    without_dead_channels(before, {"x": (-1.0, 1.0)})

    assert before.constants["w1"][1].any()


def test_that_weights_next_to_nothing_are_none_and_keep_their_bias(tmp_path: Path) -> None:
    weight, bias = random(4, 3, 1, 1), np.ones(4, np.float32)
    weight[1] = 5e-30
    weight[2] = 1e-16
    graph = without_dead_channels(network(tmp_path, w1=weight, b1=bias), {"x": (-1.0, 1.0)})

    assert not weights(graph, "c1")[1].any()
    assert weights(graph, "c1")[2].any()
    assert graph.constants[giver(graph, "c1").inputs[2]][1] == 1


@pytest.mark.parametrize("group", [1, 2, 4])
@pytest.mark.parametrize("range_", [(0.0, 0.0), (0.0, 1.5), (-2.0, 0.5), (-np.inf, 1.0), (0.0, np.inf)])
def test_that_a_channel_is_dead_if_no_input_can_make_it_positive(
    tmp_path: Path, group: int, range_: tuple[float, float]
) -> None:
    weight, bias = random(8, 4 // group, 3, 3), random(8) - np.float32(3)
    weight[3] = 0
    nodes = [node("Conv", ["x", "w1", "b1"], ["c1"], group=group), node("Relu", ["c1"], ["y"])]
    graph = deployed(tmp_path, nodes, {"w1": weight, "b1": bias}, shape=(1, 4, 8, 8))
    low, high = min(range_[0], 0.0), max(range_[1], 0.0)
    highest = []
    for channel in range(8):
        products = [float(value) * (high if value > 0 else low) for value in weight[channel].reshape(-1) if value]
        highest.append(float(bias[channel]) + sum(products))
    expected = np.array(highest) <= 0

    found = without_dead_channels(graph, {"x": range_})

    assert not weights(found, "c1")[expected].any()
    assert weights(found, "c1")[~expected].any((1, 2, 3)).all()


def test_that_a_channel_whose_weights_are_no_numbers_is_not_dead(tmp_path: Path) -> None:
    weight, bias = random(4, 3, 1, 1), np.full(4, -1, np.float32)
    weight[2, 0] = np.nan
    graph = without_dead_channels(network(tmp_path, w1=weight, b1=bias), {"x": (0.0, 0.0)})

    assert np.isnan(weights(graph, "c1")[2]).any()
    assert not weights(graph, "c1")[[0, 1, 3]].any()

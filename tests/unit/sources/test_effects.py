from pathlib import Path

import numpy as np
import pytest

from tests.unit.networks import as_written, conv_net, node, own_values, random
from workbench.foundation.steps import drain
from workbench.graph.converts import with_converts
from workbench.graph.deployed import Deployed
from workbench.graph.fusion import deploy
from workbench.graph.read import read_model
from workbench.quantize.constants import constants_of
from workbench.quantize.planner import make_plan
from workbench.quantize.ranges import Range
from workbench.quantize.rewrite import ENTIRE
from workbench.quantize.schemes import QuantSettings
from workbench.sources import effects

FEEDS = {"x": random(1, 3, 6, 6)}


@pytest.fixture
def graph(tmp_path: Path) -> Deployed:
    return with_converts(drain(deploy(read_model(conv_net(tmp_path)))))


def output(graph: Deployed) -> str:
    return next(iter(graph.outputs))


def middle(graph: Deployed) -> str:
    return graph.layers[len(graph.layers) // 2].outputs[0]


def replaced(run: effects.Replaceable, point: str, value: np.ndarray) -> dict[str, np.ndarray]:
    found: dict[str, dict[str, np.ndarray]] = {}
    drain(run.replaced_each([(point, value)], lambda name, outputs: found.update({name: dict(outputs)}), ("one", 1)))
    return found[point]


def test_that_the_run_in_float_is_the_networks_own(graph: Deployed) -> None:
    run = effects.in_float(graph, [middle(graph)], [output(graph)])
    drain(run.start(FEEDS))

    own = own_values(graph.model.proto, FEEDS)[output(graph)]
    assert np.allclose(run.base[output(graph)], own, rtol=1e-5, atol=1e-6)


def test_that_a_tensor_in_its_own_place_changes_nothing(graph: Deployed) -> None:
    run = effects.in_float(graph, [middle(graph)], [output(graph)])
    drain(run.start(FEEDS))

    again = replaced(run, middle(graph), run.value(middle(graph)))

    assert (again[output(graph)] == run.base[output(graph)]).all()


def test_that_what_is_added_to_two_tensors_arrives_as_both(tmp_path: Path) -> None:
    nodes = [node("Mul", ["x", "two"], ["a"]), node("Mul", ["a", "two"], ["b"]), node("Neg", ["b"], ["y"])]
    run = effects.in_float(as_written(tmp_path, nodes, {"two": [2.0]}), ["a", "b"], ["y"])
    drain(run.start(FEEDS))

    shifted = drain(run.shifted(dict.fromkeys(("a", "b"), np.ones((1, 3, 6, 6), np.float32))))

    assert np.allclose(shifted["y"], run.base["y"] - 3.0)


def test_that_what_does_not_lie_behind_a_tensor_is_not_computed_again(tmp_path: Path) -> None:
    nodes = [
        node("Exp", ["x"], ["b"]),
        node("Neg", ["b"], ["z"]),
        node("Sqrt", ["x"], ["a"]),
        node("Neg", ["a"], ["y"]),
    ]
    run = effects.in_float(as_written(tmp_path, nodes, outputs=("y", "z")), ["a", "b"], ["y", "z"])
    drain(run.start({"x": np.abs(FEEDS["x"])}))

    other = replaced(run, "a", np.zeros((1, 3, 6, 6), np.float32))

    assert other["z"] is run.base["z"]
    assert (other["y"] == 0).all()


def test_that_many_changes_are_run_each_by_itself_and_told_in_order(tmp_path: Path) -> None:
    nodes = [node("Mul", ["x", "two"], ["a"]), node("Mul", ["a", "two"], ["b"]), node("Neg", ["b"], ["y"])]
    run = effects.in_float(as_written(tmp_path, nodes, {"two": [2.0]}), ["a", "b"], ["y"])
    drain(run.start(FEEDS))
    changes = [(name, np.full((1, 3, 6, 6), number, np.float32)) for number in range(9) for name in "ab"]
    found: list[tuple[str, float]] = []

    drain(run.replaced_each(changes, lambda name, outputs: found.append((name, outputs["y"].max())), ("many", 18)))

    assert found == [(name, -number * factor) for number in range(9) for name, factor in (("a", 2), ("b", 1))]
    assert np.allclose(run.base["y"], FEEDS["x"] * -4)


def test_that_a_quantised_run_without_change_is_the_simulators(graph: Deployed) -> None:
    ranges = {name: Range(-4.0, 4.0) for name in graph.producers} | {"x": Range(-4.0, 4.0)}
    plan = make_plan(graph, ranges, QuantSettings())
    run = effects.quantised(graph, plan, constants_of, [middle(graph)], [output(graph)])
    whole = effects.quantised(graph, plan, constants_of, [], [output(graph)])
    drain(run.start(effects.fed(FEEDS)))
    drain(whole.start(effects.fed(FEEDS)))

    again = replaced(run, ENTIRE + middle(graph), run.value(ENTIRE + middle(graph)))

    assert (again[ENTIRE + output(graph)] == whole.base[ENTIRE + output(graph)]).all()


def test_that_a_layer_in_float_is_computed_from_the_values_that_it_was_given(tmp_path: Path) -> None:
    graph = as_written(tmp_path, [node("Sqrt", ["x"], ["a"]), node("Exp", ["a"], ["y"])])
    given = random(1, 3, 6, 6, seed=2)

    found = drain(effects.layers_in_float(graph, ["y"], {"a": given}))

    assert np.allclose(found["y"], np.exp(given))


def test_that_a_layer_whose_values_are_missing_is_left_out(graph: Deployed) -> None:
    assert drain(effects.layers_in_float(graph, [middle(graph)], {})) == {}


@pytest.mark.parametrize(
    ("golden", "other", "share"),
    [
        ([3.0, 4.0], [3.0, 4.0], 0.0),
        ([3.0, 4.0], [3.0, 9.0], 1.0),
        ([3.0, 4.0], [3.0, np.nan], np.inf),
        ([0.0, 0.0], [0.0, 0.0], 0.0),
        ([0.0, 0.0], [0.0, 1.0], np.inf),
        ([5.0, np.inf], [5.0, 1.0], 0.0),
    ],
)
def test_that_an_error_is_a_share_of_the_golden_energy(golden: list[float], other: list[float], share: float) -> None:
    assert effects.share_of_error(np.asarray(golden), np.asarray(other)) == share

"""The search: what it promises of targets, budgets, locked layers and its front."""

from itertools import pairwise
from pathlib import Path

import pytest

from tests.unit.mixed.made import made_estimate, made_mixtures, made_network, made_session
from workbench.foundation.errors import SettingsError
from workbench.foundation.steps import drain
from workbench.mixed.costs import costs_of
from workbench.mixed.estimate import peeled
from workbench.mixed.mixtures import Outcome
from workbench.mixed.parts import choosable, closed, needed_by
from workbench.mixed.search import Goal, Point, front
from workbench.project.mixed.mixing import Wish, search


def found(folder: Path, goal: Goal, cost: str = "layers"):  # noqa: ANN201
    return drain(search(made_session(folder), folder / "session", Wish(goal, cost)))


def test_that_the_cheapest_choice_that_was_run_and_reaches_the_target_is_chosen(tmp_path: Path) -> None:
    made = found(tmp_path, Goal(cos=0.9998))

    assert made.found.is_reached
    assert made.found.chosen.outcome.cos >= 0.9998
    assert 0 < len(made.found.chosen.layers) < len(choosable(made.network.graph, made.network.plan)) / 2
    cheaper = [point for point in made.found.points if point.cost < made.found.chosen.cost]
    assert all(point.outcome.cos < 0.9998 for point in cheaper)


def test_that_no_single_layer_can_be_left_out_of_what_was_chosen(tmp_path: Path) -> None:
    made = found(tmp_path, Goal(cos=0.9998))
    graph, chosen = made.network.graph, frozenset(made.found.chosen.layers)
    needs = needed_by(graph, choosable(graph, made.network.plan))
    mixtures = made_mixtures(made.network)

    for name in chosen:
        less = chosen - {other for other in chosen if name in needs[other]}
        assert drain(mixtures.run(dict.fromkeys(less, "float16"))).cos < 0.9998


def test_that_nothing_is_spared_where_the_target_is_reached_without(tmp_path: Path) -> None:
    made = found(tmp_path, Goal(cos=0.5))
    assert made.found.chosen.layers == ()
    assert made.found.runs == 1


def test_that_the_best_of_all_is_told_where_no_choice_reaches_the_target(tmp_path: Path) -> None:
    made = found(tmp_path, Goal(cos=1.0))
    assert not made.found.is_reached
    assert made.found.chosen.outcome.loss == min(point.outcome.loss for point in made.found.points)


@pytest.mark.parametrize("most", [1, 4])
def test_that_a_budget_is_kept_and_used(most: int, tmp_path: Path) -> None:
    made = found(tmp_path, Goal(most=most))
    within = [point for point in made.found.points if point.cost <= most]
    assert 0 < len(made.found.chosen.layers) <= most
    assert made.found.chosen.outcome.loss == min(point.outcome.loss for point in within)


def test_that_locked_layers_keep_their_precision(tmp_path: Path) -> None:
    free = found(tmp_path, Goal(cos=0.9998)).found.chosen.layers
    held, wanted = free[0], "/clip36/Clip_output_0"

    made = found(tmp_path, Goal(cos=0.9998, locked={held: "int8", wanted: "float16"}))

    assert all(held not in point.layers for point in made.found.points)
    assert all(wanted in point.layers for point in made.found.points)
    assert all("/conv35/Conv_output_0" in point.layers for point in made.found.points)  # which it is fused to


@pytest.mark.parametrize(
    ("locked", "sentence"),
    [
        ({"/conv0/Conv_output_0": "int8", "/clip1/Clip_output_0": "float16"}, "/conv0/Conv_output_0 is locked"),
        ({"/conv0/Conv_output_0": "int16"}, "cannot be locked in int16"),
        ({"input_int8": "float16"}, "input_int8 has no choice"),
    ],
)
def test_that_locks_that_cannot_be_are_refused(locked: dict[str, str], sentence: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=sentence):
        found(tmp_path, Goal(cos=0.9999, locked=locked))


def test_that_an_unknown_locked_layer_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="No layer gives nothing_like_it"):
        found(tmp_path, Goal(cos=0.9999, locked={"nothing_like_it": "int8"}))


def test_that_every_choice_holds_what_is_fused_to_its_layers(tmp_path: Path) -> None:
    made = found(tmp_path, Goal(cos=0.9998))
    needs = needed_by(made.network.graph, choosable(made.network.graph, made.network.plan))
    assert all(closed(point.layers, needs) == set(point.layers) for point in made.found.points)


def test_that_a_single_layer_that_is_enough_is_found(tmp_path: Path) -> None:
    made = found(tmp_path, Goal(most=1))
    best = made.found.chosen
    singles = made_mixtures(made.network)
    needs = needed_by(made.network.graph, choosable(made.network.graph, made.network.plan))
    alone = [drain(singles.run(dict.fromkeys(own, "float16"))).loss for own in needs.values() if len(own) == 1]
    assert best.outcome.loss <= sorted(alone)[2]

    again = found(tmp_path / "again", Goal(cos=1 - best.outcome.loss))
    assert len(again.found.chosen.layers) == 1


def test_that_a_front_has_no_point_that_another_betters() -> None:
    def point(cost: float, loss: float) -> Point:
        return Point((), cost, Outcome({"y": ({"one_minus_cos": loss},)}))

    kept = front([point(3, 0.1), point(1, 0.3), point(2, 0.4), point(3, 0.05), point(5, 0.05)])
    assert [(one.cost, one.outcome.loss) for one in kept] == [(1, 0.3), (3, 0.05)]


def test_that_choices_are_peeled_one_after_another_down_to_what_is_kept(tmp_path: Path) -> None:
    network = made_network(tmp_path)
    needs = needed_by(network.graph, choosable(network.graph, network.plan))
    kept = closed(["/clip3/Clip_output_0"], needs)
    costs = costs_of("layers", network.graph, network.plan, "float16")

    chain = peeled(made_estimate(network), costs, frozenset(needs), needs, kept)

    assert chain[0] == needs.keys()
    assert chain[-1] == kept
    assert all(after < before for before, after in pairwise(chain))
    assert all(closed(one, needs) == one for one in chain)


def test_that_an_estimate_comes_nearer_to_what_was_run_by_learning(tmp_path: Path) -> None:
    network = made_network(tmp_path)
    estimate, mixtures = made_estimate(network), made_mixtures(network)
    names = list(choosable(network.graph, network.plan))
    needs = needed_by(network.graph, names)
    choices = [closed(names[at : at + 12], needs) for at in range(0, len(names), 6)]
    losses = []
    for choice in choices:
        outcome = drain(mixtures.run(dict.fromkeys(choice, "float16")))
        losses.append([outcome.lost(name) for name in estimate.outputs])

    def off() -> float:
        known = zip(choices, losses, strict=True)
        return sum(abs(estimate.predicted(choice)[0] - lost[0]) / lost[0] for choice, lost in known)

    before = off()
    estimate.learn(list(zip(choices, losses, strict=True)))
    assert off() < before / 2

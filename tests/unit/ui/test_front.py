"""Choices of layers as points of a plot."""

import numpy as np
import pytest

from workbench.ui.models.mixed.front import FLOOR, Front, nearest


def made(*costs: float, losses: tuple[float, ...] = ()) -> Front:
    """Choices of these costs."""
    return Front(np.array(costs), np.array(losses or [10.0**-at for at in range(len(costs))]))


def test_that_the_axis_of_the_cost_begins_with_0_and_doubles_by_steps() -> None:
    front = made(0, 4, 12, 28)
    assert front.unit == 4
    assert front.places.tolist() == [0, 1, 2, 3]


def test_that_ticks_are_round_costs_within_those_there_are() -> None:
    costs = [cost for _, cost in made(0, 1, 7, 33).ticks()]
    assert costs[0] == 0
    assert costs == sorted(costs)
    assert set(costs[1:]) <= {1, 2, 5, 10, 20}


@pytest.mark.parametrize("costs", [(), (0,), (0, 0)])
def test_that_what_costs_nothing_has_one_tick(costs: tuple[float, ...]) -> None:
    assert made(*costs).ticks() == [(0.0, 0.0)]


def test_that_no_error_and_a_lost_output_have_a_height() -> None:
    heights = made(0, 1, 2, losses=(np.inf, 0.01, 0.0)).heights
    assert heights.tolist() == pytest.approx([np.log10(2), -2, np.log10(FLOOR)])


def test_that_only_a_point_within_reach_is_hit() -> None:
    places = [(0.0, 0.0), (10.0, 0.0)]
    assert nearest(places, (8.0, 1.0), 5) == 1
    assert nearest(places, (8.0, 9.0), 5) == -1
    assert nearest([], (0.0, 0.0), 5) == -1

"""Intervals: numbers from the literature, and what must hold for all of them."""

import math

import numpy as np
import pytest

from workbench.evaluate import intervals


@pytest.mark.parametrize(
    ("hits", "count", "low", "high"),
    [(8, 10, 0.4901625, 0.9433178), (0, 10, 0.0, 0.2775328), (10, 10, 0.7224672, 1.0)],
)
def test_that_a_share_has_wilsons_interval(hits: int, count: int, low: float, high: float) -> None:
    """Numbers of R's `binom::binom.wilson`."""
    found = intervals.share(hits, count)
    assert found.value == hits / count
    assert found.low == pytest.approx(low, abs=2e-6)
    assert found.high == pytest.approx(high, abs=2e-6)


@pytest.mark.parametrize(("hits", "count"), [(195, 200), (9891, 10000), (1, 3)])
def test_that_the_measured_share_is_just_likely_for_the_ends_of_its_interval(hits: int, count: int) -> None:
    found = intervals.share(hits, count)
    for end in (found.low, found.high):
        deviation = math.sqrt(end * (1 - end) / count)
        assert abs(found.value - end) / deviation == pytest.approx(intervals.Z, rel=1e-9)


def test_that_a_share_of_nothing_is_no_number() -> None:
    assert math.isnan(intervals.share(0, 0).value)


@pytest.mark.parametrize(
    ("won", "lost", "chance"), [(0, 0, 1.0), (1, 1, 1.0), (0, 5, 0.0625), (5, 0, 0.0625), (2, 10, 0.03857422)]
)
def test_that_mcnemar_is_the_binomial_test_of_two_sides(won: int, lost: int, chance: float) -> None:
    assert intervals.mcnemar(won, lost) == pytest.approx(chance, rel=1e-6)


def test_that_a_difference_counts_images_that_only_one_gets_right() -> None:
    one = np.array([True, True, False, False, True])
    other = np.array([True, False, True, True, True])
    found = intervals.difference_of_shares(one, other)
    assert (found.won, found.lost) == (1, 2)
    assert found.value == pytest.approx(-0.2)
    assert found.low < found.value < found.high


def test_that_the_interval_of_a_difference_holds_the_truth_19_times_in_20() -> None:
    random = np.random.default_rng(3)
    held = 0
    for _ in range(1000):
        both = random.random((300, 1)) < 0.8
        lost, won = random.random((300, 1)) < 0.10, random.random((300, 1)) < 0.10
        one, other = (both & ~lost)[:, 0] | (~both & won)[:, 0], both[:, 0]
        found = intervals.difference_of_shares(one, other)
        held += found.low <= 0.2 * 0.10 - 0.8 * 0.10 <= found.high
    assert 930 <= held <= 970


def test_that_the_bootstrap_of_a_mean_is_as_wide_as_its_standard_error() -> None:
    values = np.random.default_rng(1).normal(5.0, 2.0, 400)
    found = intervals.mean(values)
    assert found.value == pytest.approx(values.mean())
    assert (found.high - found.low) / 2 == pytest.approx(1.96 * values.std() / 20, rel=0.12)


def test_that_the_same_images_give_the_same_interval() -> None:
    values = np.arange(20.0)
    assert intervals.mean(values) == intervals.mean(values)


def test_that_a_difference_far_from_zero_is_no_chance() -> None:
    assert intervals.difference(1.0, np.linspace(0.8, 1.2, 100)).chance == 0
    assert intervals.difference(0.0, np.linspace(-1, 1, 101)).chance == 1

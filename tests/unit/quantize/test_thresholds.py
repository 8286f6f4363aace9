"""Rules of where a distribution is cut off. What is expected is what toolkit 2.5.0 took for these counts."""

from collections.abc import Mapping

import numpy as np
import pytest

from tests.unit.networks import random
from workbench.quantize.divergence import histogram
from workbench.quantize.thresholds import BINS, threshold


def filled(bins: int, tail: int = 0) -> np.ndarray:
    """Uneven counts in the first bins, and some in the last one."""
    counts = np.zeros(BINS, np.int64)
    counts[:bins] = np.random.default_rng(1).integers(200, 800, bins)
    counts[-1] = tail
    return counts


def counted(counts: Mapping[int, int]) -> np.ndarray:
    found = np.zeros(BINS, np.int64)
    found[list(counts)] = list(counts.values())
    return found


def flat(bins: int, tail: int) -> np.ndarray:
    return counted({**dict.fromkeys(range(bins), 200), **({1000: tail} if tail else {})})


@pytest.mark.parametrize(("bins", "tail"), [(400, 10), (400, 500), (402, 50), (403, 50)])
def test_that_rare_values_far_out_are_cut_off_two_bins_behind_the_others(bins: int, tail: int) -> None:
    # the toolkit's thresholds for such counts: 401 for 400 filled bins, 403 and 404 for 402 and 403
    assert threshold(filled(bins, tail)) == bins + 1


def test_that_values_far_out_are_kept_where_they_are_many() -> None:
    assert threshold(filled(400, 2000)) is None


def test_that_nothing_is_cut_off_where_every_level_is_one_bin() -> None:
    counts = filled(0)
    counts[[3, 17, 40]] = 500, 20, 90

    assert threshold(counts) is None


def test_that_too_few_values_to_judge_by_are_all_kept() -> None:
    array = random(1, 200)
    largest = float(np.abs(array).max())

    assert threshold(histogram(array, largest)) is None


def test_that_the_first_bin_does_not_matter() -> None:
    counts = filled(400, 10)
    many = counts.copy()
    many[0] = 10**7

    assert threshold(many) == threshold(counts)


TAKEN_BY_THE_TOOLKIT = {
    "one value and one far out": (counted({10: 99994, 1000: 5}), 237),
    "another rare one": (counted({10: 99524, 1000: 475}), 255),
    "two values at the last level": (counted({10: 94899, 128: 5000, 1000: 100}), 130),
    "the last kept bin is filled": (counted({10: 4000, 200: 9}), 201),
    "levels of one bin": (counted({11: 1000, 101: 50000, 102: 50000, 254: 3}), 245),
    "levels of two bins": (counted({11: 1000, 101: 50000, 102: 50000, 254: 100}), 381),
    "other levels of two bins": (counted({11: 1000, 101: 50000, 102: 50000, 254: 3000}), 362),
    "too many far out": (counted({11: 1000, 101: 50000, 102: 50000, 254: 30000}), None),
    "flat": (flat(100, tail=0), 289),
    "flat with some far out": (flat(100, tail=100), 456),
    "flat over half of the bins": (flat(512, tail=100), 963),
    "a level of full width at the end": (flat(512, tail=0), 514),
    "the only one that is not perfect": (counted({**dict.fromkeys(range(384), 20), 0: 29}), 769),
    "equal but for the logarithm's last bit": (counted({**dict.fromkeys(range(160), 20), 0: 29}), 644),
}


@pytest.mark.parametrize("name", TAKEN_BY_THE_TOOLKIT)
def test_that_the_toolkits_threshold_is_found_among_those_that_are_all_but_equal(name: str) -> None:
    counts, expected = TAKEN_BY_THE_TOOLKIT[name]

    assert threshold(counts) == expected


def test_that_nothing_but_zeros_is_not_cut_off() -> None:
    assert threshold(counted({0: 4000})) is None

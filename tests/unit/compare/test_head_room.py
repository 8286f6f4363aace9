"""Rules of what float16 holds beside what a tensor needs."""

import math
from collections.abc import Sequence

import numpy as np
import pytest

from workbench.compare.head_room import BLOCK, Extremes, bits, extremes, head_room


def test_that_extremes_are_those_of_all_arrays() -> None:
    assert extremes([np.array([[1, -2]], np.float32), np.array([5, 0], np.float16)]) == (-2, 5)


def test_that_no_block_of_a_large_array_is_left_out() -> None:
    array = np.zeros((3, BLOCK), np.float32)
    array[2, -1], array[1, 0] = 7, -9

    assert extremes([array]) == (-9, 7)


def test_that_nan_is_left_out_and_infinities_are_not() -> None:
    assert extremes([np.array([math.nan, 1, -math.inf], np.float32)]) == (-math.inf, 1)


@pytest.mark.parametrize("arrays", [[], [np.zeros(0, np.float32)], [np.array([math.nan], np.float32)]])
def test_that_there_are_no_extremes_without_a_number(arrays: Sequence[np.ndarray]) -> None:
    assert extremes(arrays) is None


@pytest.mark.parametrize(
    ("seen", "factor"), [((-65504, 3), 1), ((0, 16376), 4), ((-131008, 0), 0.5), ((0, 0), math.inf), ((0, math.inf), 0)]
)
def test_that_head_room_is_what_the_largest_value_may_grow_by(seen: Extremes, factor: float) -> None:
    assert head_room(seen) == factor


@pytest.mark.parametrize(("factor", "power"), [(8, 3), (0.5, -1), (math.inf, math.inf), (0, -math.inf)])
def test_that_bits_are_powers_of_two(factor: float, power: float) -> None:
    assert bits(factor) == power

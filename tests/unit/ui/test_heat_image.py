"""Values as colours."""

import numpy as np
import pytest

from workbench.ui.models.tensors.heat_image import (
    INFINITE,
    LEVELS,
    NAN,
    NEGATIVE,
    common_range,
    indices,
    symmetric_range,
)


def test_that_the_limits_are_the_first_and_last_colour_and_what_is_outside_too() -> None:
    values = np.array([-5, -1, 0, 1, 9], np.float32)

    assert indices(values, (-1.0, 1.0)).tolist() == [0, 0, LEVELS // 2, LEVELS - 1, LEVELS - 1]


def test_that_nan_and_infinity_have_colours_of_their_own() -> None:
    values = np.array([np.nan, np.inf, -np.inf, 0], np.float32)

    assert indices(values, (0.0, 1.0)).tolist() == [NAN, INFINITE, NEGATIVE, 0]


def test_that_a_range_is_common_to_all_planes_and_ignores_what_is_no_number() -> None:
    planes = [np.array([1, np.nan], np.float32), np.array([-4, np.inf], np.float32)]

    assert common_range(planes) == (-4.0, 1.0)


def test_that_a_central_range_leaves_out_the_outermost_values() -> None:
    plane = np.concatenate([np.linspace(0, 1, 1000), [1e6]])

    assert common_range([plane], central=True)[1] < 1.01


def test_that_the_range_of_a_difference_has_zero_in_its_middle() -> None:
    assert symmetric_range(np.array([-3, 1], np.float32)) == (-3.0, 3.0)
    assert symmetric_range(np.zeros(4, np.float32)) == (-1.0, 1.0)


def test_that_a_plane_without_numbers_has_a_range() -> None:
    assert common_range([np.full(3, np.nan)]) == (0.0, 1.0)


def test_that_a_constant_plane_has_a_range_around_it() -> None:
    assert common_range([np.full(3, 7.0)]) == (6.5, 7.5)


@pytest.mark.parametrize("size", [1e-39, 1e-36, 1e30, 3e38])
def test_that_very_small_and_very_large_ranges_have_all_colours(size: float) -> None:
    values = np.array([-size, 0, size, np.nan], np.float32)

    assert indices(values, (float(values[0]), float(values[2]))).tolist() == [0, LEVELS // 2, LEVELS - 1, NAN]

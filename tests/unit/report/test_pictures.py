import base64

import cv2
import numpy as np
import pytest

from workbench.report.pictures import LIMIT, difference_to_rgb, heatmaps, png, values_to_rgb, worst_channel
from workbench.report.plots import MOST, chosen_indices, histogram, profile


def decode(uri: str) -> np.ndarray:
    data = np.frombuffer(base64.b64decode(uri.partition(",")[2]), np.uint8)
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR))[..., ::-1]


def test_that_the_channel_with_the_largest_error_is_shown() -> None:
    golden = np.zeros((1, 3, 5, 5), np.float32)
    other = golden.copy()
    other[0, 1] = 0.1
    other[0, 2, 4, 4] = 9
    assert heatmaps(golden, other).channel == 2


def test_that_a_channel_with_nan_is_worse_than_any_other() -> None:
    planes = np.zeros((3, 4, 4), np.float32)
    others = planes + 5
    others[1, 0, 0] = np.nan
    assert worst_channel(planes, others) == 1


def test_that_values_outside_the_numbers_have_a_colour_of_their_own() -> None:
    colours = values_to_rgb(np.array([[0, 1], [np.nan, np.inf]], np.float32), 0, 1)
    assert (colours[1] == (213, 94, 0)).all()
    assert not (colours[0] == (213, 94, 0)).all()


def test_that_equality_is_white_below_blue_and_above_vermilion() -> None:
    colours = difference_to_rgb(np.array([[0.0, -1.0, 1.0]]), 1.0)
    np.testing.assert_array_equal(colours[0], [[255, 255, 255], [0, 114, 178], [213, 94, 0]])


def test_that_a_large_picture_becomes_small_and_a_small_one_stays() -> None:
    assert decode(png(np.zeros((1000, 500, 3), np.uint8))).shape == (LIMIT, LIMIT // 2, 3)
    assert decode(png(np.zeros((7, 5, 3), np.uint8))).shape == (7, 5, 3)


def test_that_a_constant_tensor_has_pictures_too() -> None:
    maps = heatmaps(np.ones((1, 1, 4, 4), np.float32), np.ones((1, 1, 4, 4), np.float32))
    assert (maps.low, maps.high, maps.peak) == (1.0, 1.0, 1.0)


def test_that_a_long_vector_is_shown_around_its_worst_value() -> None:
    golden = np.zeros(10 * MOST)
    other = golden.copy()
    other[7000 % golden.size] = 1
    chosen = chosen_indices(golden, other)
    assert len(chosen) == MOST
    assert 7000 % golden.size in chosen


@pytest.mark.parametrize("values", [[np.nan, np.inf], [1.0], [0.0, 0.0], [1e38, -1e38]])
def test_that_curves_of_odd_values_hold_only_numbers(values: list[float]) -> None:
    array = np.array(values, np.float32)
    for plot in (histogram(array, array), profile(array, array)):
        assert "nan" not in plot.golden + plot.other
        assert "inf" not in plot.golden + plot.other

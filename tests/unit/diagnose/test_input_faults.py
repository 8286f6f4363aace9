"""What distinguishes one mean and std from another, in a word."""

import pytest

from workbench.diagnose.input_faults import number_cause
from workbench.diagnose.numbers import Numbers, in_use, known, numbers_of, rounded
from workbench.preprocess.preprocess import Preprocess

IMAGENET = Numbers((123.675, 116.28, 103.53), (58.395, 57.12, 57.375))
HALF = Numbers((127.5,) * 3, (127.5,) * 3)
NONE = Numbers((0.0,) * 3, (1.0,) * 3)
UNIT = Numbers((0.0,) * 3, (255.0,) * 3)


@pytest.mark.parametrize(
    ("is_", "should", "cause"),
    [
        (Numbers((127.5,) * 3, (255.0,) * 3), HALF, "input-std"),
        (Numbers((0.0,) * 3, (127.5,) * 3), HALF, "input-mean"),
        (NONE, IMAGENET, "input-not-normalised"),
        (IMAGENET, NONE, "input-normalised-twice"),
        (HALF.after(HALF), HALF, "input-normalised-twice"),
        (HALF, HALF.after(HALF), "input-normalised-twice"),
        (IMAGENET.scaled(1 / 255), IMAGENET, "input-scale"),
        (IMAGENET.scaled(255.0), IMAGENET, "input-scale"),
        (NONE, UNIT, "input-scale"),
        (UNIT, NONE, "input-scale"),
        (Numbers((104.0, 117.0, 123.0), (1.0,) * 3), NONE, "input-mean"),
    ],
)
def test_that_numbers_which_differ_have_one_name(is_: Numbers, should: Numbers, cause: str) -> None:
    assert number_cause(is_, should) == cause


def test_that_the_scale_of_settings_is_one_of_mean_and_std() -> None:
    settings = Preprocess(mean=(0.5,), std=(0.5,), scale=1 / 255)
    assert numbers_of(settings, 3).is_like(HALF)


def test_that_numbers_become_settings_which_give_the_same() -> None:
    assert numbers_of(IMAGENET.in_settings(Preprocess(scale=3.0)), 3).is_like(IMAGENET)


def test_that_numbers_applied_twice_are_those_after_themselves() -> None:
    value = 200.0
    once = (value - HALF.mean[0]) / HALF.std[0]
    twice = HALF.after(HALF)
    assert (value - twice.mean[0]) / twice.std[0] == pytest.approx((once - HALF.mean[0]) / HALF.std[0])


def test_that_the_sessions_own_numbers_are_tried_first() -> None:
    assert next(known(IMAGENET)) == IMAGENET


@pytest.mark.parametrize("numbers", [NONE, UNIT, HALF, IMAGENET])
def test_that_numbers_of_known_networks_are_in_use(numbers: Numbers) -> None:
    assert in_use(numbers)


def test_that_half_of_numbers_is_not_in_use() -> None:
    assert not in_use(Numbers((127.5,) * 3, (255.0,) * 3))


def test_that_rounded_numbers_are_those_that_were_solved() -> None:
    assert rounded(Numbers((100.99999,), (63.99998,))) == Numbers((101.0,), (64.0,))

"""Rules of the layer table."""

import math

import numpy as np
import pytest

from workbench.compare.compare import (
    Errors,
    LayerError,
    compare_tensors,
    summarise,
    worst,
)


def row(tensor: str, **mean: float) -> LayerError:
    errors = {"simulator.entire": Errors(mean, mean, dict.fromkeys(mean, 0), 1)}
    return LayerError(0, "Conv", tensor, tensor, (), (1,), None, errors, "name", "")


def test_that_a_summary_has_the_mean_the_worst_and_its_sample() -> None:
    found = summarise([{"cos": 0.9, "euc": 1.0}, {"cos": 0.7, "euc": 3.0}, {"cos": 0.8, "euc": 2.0}])

    assert found.mean == pytest.approx({"cos": 0.8, "euc": 2.0})
    assert (found.worst, found.worst_sample, found.samples) == ({"cos": 0.7, "euc": 3.0}, {"cos": 1, "euc": 1}, 3)


def test_that_a_summary_leaves_out_what_a_sample_has_not() -> None:
    found = summarise([{"euc": 1.0}, {"cos": 0.5, "euc": 3.0}])

    assert (found.mean, found.worst_sample["cos"]) == ({"cos": 0.5, "euc": 2.0}, 1)


def test_that_nan_is_the_worst_sample_and_spoils_the_mean() -> None:
    found = summarise([{"cos": 0.1}, {"cos": math.nan}])

    assert (math.isnan(found.mean["cos"]), found.worst_sample["cos"]) == (True, 1)


def test_that_a_perfect_sample_does_not_hide_the_others() -> None:
    found = summarise([{"sqnr_db": math.inf}, {"sqnr_db": 30.0}])

    assert (found.mean["sqnr_db"], found.worst["sqnr_db"]) == (30.0, 30.0)
    assert summarise([{"sqnr_db": math.inf}]).mean["sqnr_db"] == math.inf


def test_that_a_summary_of_nothing_is_empty() -> None:
    assert summarise([]) == Errors({}, {}, {}, 0)


def test_that_the_worst_row_follows_the_direction_of_the_metric() -> None:
    rows = [row("a", cos=0.9, euc=1.0), row("b", cos=0.5, euc=0.5), row("c")]

    assert worst(rows, "simulator.entire", "cos") is rows[1]
    assert worst(rows, "simulator.entire", "euc") is rows[0]


def test_that_nan_is_worse_than_any_number_and_the_first_of_equals_wins() -> None:
    rows = [row("a", cos=-1.0), row("b", cos=math.nan), row("c", cos=math.nan)]

    assert worst(rows, "simulator.entire", "cos") is rows[1]


def test_that_there_is_no_worst_row_without_numbers() -> None:
    assert worst([row("a")], "simulator.entire", "cos") is None
    assert worst([row("a", cos=1.0)], "runtime.entire", "cos") is None


def test_that_tensors_of_another_size_are_not_compared_and_the_note_says_so() -> None:
    values, note = compare_tensors(np.zeros((1, 3, 2)), np.zeros((1, 4, 2)))

    assert (values, note) == ({}, "Not compared: golden is 1×3×2, other is 1×4×2.")


def test_that_tensors_of_another_shape_are_compared_in_their_order_and_the_note_says_so() -> None:
    values, note = compare_tensors(np.arange(6.0).reshape(2, 3), np.arange(6.0).reshape(3, 2))

    assert (values["cos"], note) == (
        1.0,
        "Golden is 2×3, other is 3×2: compared element by element as they are stored.",
    )


@pytest.mark.parametrize("shape", [(6,), (2, 3), (1, 2, 3, 1)])
def test_that_flat_values_and_sides_of_one_need_no_note(shape: tuple[int, ...]) -> None:
    values, note = compare_tensors(np.arange(6.0).reshape(2, 3, 1), np.arange(6.0).reshape(shape))

    assert (values["cos"], note) == (1.0, "")

import math

import numpy as np
import pytest

from workbench.compare.compare import COLUMNS
from workbench.compare.grades import Grade, beyond, grade, grades, ranges
from workbench.compare.metrics import METRICS


@pytest.mark.parametrize(
    ("metric", "column", "at_limit", "beyond"),
    [
        ("cos", "simulator.entire", 0.95, 0.9499),
        ("cos", "simulator.single", 0.999, 0.9989),
        ("cos", "runtime.entire", 0.95, 0.9499),
        ("cos", "runtime.single_sim", 0.999, 0.9989),
        ("cos_toolkit", "simulator.entire", 0.95, 0.9499),
        ("euc", "simulator.entire", 100.0, 100.1),
        ("euc", "simulator.single", 20.0, 20.1),
        ("one_minus_cos", "simulator.single", 0.001, 0.0011),
    ],
)
def test_that_bad_begins_at_the_toolkits_limits(metric: str, column: str, at_limit: float, beyond: float) -> None:
    assert column in COLUMNS
    assert grade(metric, column, at_limit) != Grade.BAD
    assert grade(metric, column, beyond) == Grade.BAD


@pytest.mark.parametrize(
    ("cos", "key"), [(1.0, "good"), (0.999, "good"), (0.995, "fair"), (0.95, "poor"), (0.9, "bad"), (None, "none")]
)
def test_that_a_cosine_has_its_grade(cos: float | None, key: str) -> None:
    assert grade("cos", "simulator.entire", cos).key == key


def test_that_the_complement_of_a_cosine_has_the_same_grade() -> None:
    for column in ("simulator.entire", "simulator.single"):
        for cos in (0.99999, 0.9997, 0.9992, 0.9985, 0.995, 0.97, 0.3):
            assert grade("cos", column, cos) == grade("one_minus_cos", column, 1 - cos)


@pytest.mark.parametrize(
    ("metric", "value"),
    [("cos", math.nan), ("euc", math.inf), ("sqnr_db", -math.inf), ("nan", 1.0), ("inf", 3.0), ("nan", 0.5)],
)
def test_that_nan_and_infinities_are_bad(metric: str, value: float) -> None:
    assert grade(metric, "simulator.entire", value) == Grade.BAD


@pytest.mark.parametrize(("metric", "value"), [("sqnr_db", math.inf), ("nan", 0.0), ("inf", 0.0), ("max_abs", 9e9)])
def test_that_perfect_and_unlimited_numbers_are_good(metric: str, value: float) -> None:
    assert grade(metric, "simulator.entire", value) == Grade.GOOD


def test_that_many_numbers_are_graded_as_one_is() -> None:
    values = np.array(
        [1.0, 0.9999, 0.9995, 0.999, 0.99, 0.95, 0.9, 0.0, 20.0, 100.0, 101.0, math.nan, math.inf, -math.inf]
    )
    there = np.arange(len(values)) != 3
    for metric in METRICS:
        for column in COLUMNS:
            one_by_one = [grade(metric, column, value) for value in values]
            one_by_one[3] = Grade.NONE
            assert grades(metric, column, values, there).tolist() == one_by_one


def test_that_a_scale_is_told_in_signs() -> None:
    assert ranges("cos", "simulator.entire") == ("≥ 0.999", "≥ 0.99", "≥ 0.95", "< 0.95")
    assert ranges("euc", "simulator.single")[-1] == "> 20"
    assert ranges("max_abs", "simulator.entire") == ()
    assert beyond("one_minus_cos", "simulator.single") == ("", "> 0.0001", "> 0.0005", "> 0.001")

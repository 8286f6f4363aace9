"""Rules of a tensor's statistics."""

import math

import numpy as np
import pytest

from workbench.dump.statistics import BLOCK, statistics
from workbench.quantize.encoding import Encoding

RNG = np.random.default_rng(3)


@pytest.mark.parametrize("size", [1, 1000, BLOCK, BLOCK + 1, 3 * BLOCK + 5])
def test_that_they_agree_with_long_double(size: int) -> None:
    values = RNG.standard_normal(size, dtype=np.float32)
    exact = values.astype(np.longdouble)

    found = statistics(values)

    assert (found["min"], found["max"], found["count"]) == (values.min(), values.max(), size)
    assert found["mean"] == pytest.approx(float(exact.mean()), rel=1e-9)
    assert found["std"] == pytest.approx(float(exact.std()), rel=1e-12)


def test_that_a_large_mean_does_not_hide_a_small_deviation() -> None:
    values = 1e6 + RNG.standard_normal(3 * BLOCK)

    assert statistics(values)["std"] == pytest.approx(float(values.std()), rel=1e-10)


def test_that_nan_and_infinities_are_counted_and_left_out() -> None:
    values = np.asarray([1, 3, np.nan, np.inf, -np.inf, 0], np.float32)

    found = statistics(values)

    assert (found["nan"], found["inf"], found["zeros"], found["count"]) == (1, 2, 1, 6)
    assert (found["min"], found["max"], found["mean"]) == (0, 3, pytest.approx(4 / 3))


@pytest.mark.parametrize("values", [np.zeros(0, np.float32), np.full(3, np.nan, np.float32)])
def test_that_without_a_finite_value_the_moments_are_nan(values: np.ndarray) -> None:
    found = statistics(values)

    assert all(math.isnan(found[key]) for key in ("min", "max", "mean", "std"))
    assert found["count"] == values.size


def test_that_an_encoding_along_an_axis_is_followed() -> None:
    encoding = Encoding("int8", (1.0, 10.0), (0, 1), 0)

    found = statistics(np.asarray([[1, 2], [3, 4]], np.int8), encoding)

    assert (found["min"], found["max"], found["mean"]) == (1, 30, 53 / 4)

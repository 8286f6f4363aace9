"""Rules of the logarithm in float32."""

import ctypes
import ctypes.util
import sys

import numpy as np
import pytest

from workbench.quantize.logarithm import log


@pytest.mark.parametrize(("low", "high"), [(0.7, 1.4), (0.1, 10.0), (1e-30, 1e30)])
def test_that_the_logarithm_is_the_nearest_float_or_the_one_beside_it(low: float, high: float) -> None:
    values = np.exp(np.random.default_rng(1).uniform(np.log(low), np.log(high), 100_000)).astype(np.float32)

    exact = np.log(values.astype(np.float64))

    assert np.all(np.abs(log(values) - exact) <= np.spacing(np.abs(exact).astype(np.float32)))


def test_that_one_has_none() -> None:
    assert log(np.float32([1.0])) == 0.0


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="it is the GNU C library's")
def test_that_the_gnu_c_librarys_results_are_met() -> None:
    name = ctypes.util.find_library("m")
    if name is None or not hasattr(library := ctypes.CDLL(name), "gnu_get_libc_version"):
        pytest.skip("no GNU C library here")
    library.logf.restype, library.logf.argtypes = ctypes.c_float, [ctypes.c_float]
    values = np.random.default_rng(2).uniform(0.7, 3.0, 20_000).astype(np.float32)

    expected = np.float32([library.logf(value) for value in values.tolist()])

    assert np.count_nonzero(log(values) != expected) <= 1

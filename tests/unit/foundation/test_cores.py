import os

import pytest

from workbench.foundation.cores import count, limited, threads


def test_that_a_limit_counts_inside_the_block_only() -> None:
    before = count()
    with limited(3):
        assert count() == 3
    assert count() == before


@pytest.mark.parametrize(("cores", "expected"), [(1, 1), (2, 1), (3, 1), (8, 4)])
def test_that_half_of_the_cores_compute(cores: int, expected: int) -> None:
    with limited(cores):
        assert threads() == expected


def test_that_no_limit_is_every_core() -> None:
    before = count()
    with limited(0):
        assert count() == before


def test_that_a_limit_ends_with_an_error_too() -> None:
    before = count()
    with pytest.raises(ZeroDivisionError), limited(1):
        raise ZeroDivisionError
    assert count() == before


@pytest.mark.skipif(not hasattr(os, "sched_getaffinity"), reason="the system cannot bind a process to cores")
def test_that_the_process_stays_on_the_allowed_cores() -> None:
    before = os.sched_getaffinity(0)
    with limited(1):
        assert len(os.sched_getaffinity(0)) == 1
    assert os.sched_getaffinity(0) == before

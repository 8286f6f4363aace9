import os

import pytest

from workbench.foundation.cores import limited, threads


def test_that_a_limit_counts_inside_the_block_only() -> None:
    with limited(3):
        assert threads() == 3
    assert threads() == 0


def test_that_no_limit_leaves_the_choice_to_the_library() -> None:
    with limited(0):
        assert threads() == 0


def test_that_a_limit_ends_with_an_error_too() -> None:
    with pytest.raises(ZeroDivisionError), limited(1):
        raise ZeroDivisionError
    assert threads() == 0


@pytest.mark.skipif(not hasattr(os, "sched_getaffinity"), reason="the system cannot bind a process to cores")
def test_that_the_process_stays_on_the_allowed_cores() -> None:
    before = os.sched_getaffinity(0)
    with limited(1):
        assert len(os.sched_getaffinity(0)) == 1
    assert os.sched_getaffinity(0) == before

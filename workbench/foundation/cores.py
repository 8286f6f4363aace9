"""How many processor cores the program may use (`--jobs`)."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

_limit = 0


@contextmanager
def limited(count: int) -> Iterator[None]:
    """Use at most `count` cores inside the block, 0 all; for the whole process, so for its main thread only."""
    global _limit
    before, allowed = _limit, _allowed()
    if count < 1:
        yield
        return
    _limit = count
    try:
        _allow(set(sorted(allowed)[:count]))
        yield
    finally:
        _limit = before
        _allow(allowed)


def threads() -> int:
    """How many threads a library may start; 0 leaves it to the library.

    ONNX Runtime must be told: threads that it counts itself go to every core, whatever the process is allowed.
    """
    return _limit


def count() -> int:
    """How many cores there are to use."""
    return _limit or len(_allowed()) or os.cpu_count() or 1


def _allowed() -> set[int]:
    return os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else set()


def _allow(cores: set[int]) -> None:
    if cores and hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, cores)

"""How many processor cores the program may use (`--jobs`)."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

_limit = 0
_is_shared = False


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


def share(count: int) -> None:
    """Let this process, one of several that work at a time, count with so many cores; it is not bound to them.

    So does numpy, if it is not loaded yet: a thread too many waits for a core that another process has.
    """
    global _limit, _is_shared
    _limit, _is_shared = max(1, count), True
    os.environ.setdefault("OPENBLAS_NUM_THREADS", str(_limit))


def has_one_of_several() -> bool:
    """Whether this is one of several processes that work at a time, with a single core."""
    return _is_shared and _limit == 1


def threads() -> int:
    """How many threads ONNX Runtime may start: half of the cores.

    The others write what it has computed and feed it. On two cores, one thread is 10 to 15 % faster than two.
    """
    return max(1, count() // 2)


def count() -> int:
    """How many cores there are to use."""
    return _limit or len(_allowed()) or os.cpu_count() or 1


def _allowed() -> set[int]:
    return os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else set()


def _allow(cores: set[int]) -> None:
    if cores and hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, cores)

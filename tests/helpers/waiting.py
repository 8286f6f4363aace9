"""Waiting in tests on a machine that does other things too: that something comes or ends, never how fast.

How fast is what tests/benchmarks measures, with nothing beside it.
"""

import time
from collections.abc import Callable

SOON = 30.0
"""Seconds that are plenty for what takes a fraction of one: what a test would wait for otherwise takes minutes."""
LONG = int(1000 * SOON)
"""The same in milliseconds, for what waits by Qt."""


def until(condition: Callable[[], object], what: str) -> None:
    """Wait until something holds; `what` is said when it does not."""
    end = time.monotonic() + SOON
    while not condition():
        assert time.monotonic() < end, f"not in {SOON:.0f} s: {what}"
        time.sleep(0.02)

"""How fast this machine is at the moment: figures of different machines, or of a busy one, compare only beside this."""

import time

import numpy as np

REFERENCE = 0.055
"""Seconds that the loop takes on the machine on which the limits were set (2 cores of an AMD EPYC, otherwise idle)."""
TRIES = 5


def factor() -> tuple[float, float]:
    """The loop's time here beside the reference, best of some tries and their median: 2.0 is half as fast."""
    seconds = sorted(_seconds() for _ in range(TRIES))
    return seconds[0] / REFERENCE, seconds[TRIES // 2] / REFERENCE


def _seconds() -> float:
    values, names = np.linspace(-1, 1, 1_000_000, dtype=np.float32), {}
    start = time.perf_counter()
    for _ in range(10):
        np.sqrt(np.abs(values * values - 0.5)).sum(dtype=np.float64)
    for number in range(150_000):
        names[f"layer{number % 1000}"] = number * 3 % 7
    return time.perf_counter() - start

"""What float16 holds beside what a tensor needs: its golden range, and how far that may still grow."""

import math
from collections.abc import Iterable

import numpy as np

FLOAT16_LIMIT = 65504.0  # the largest finite number
BLOCK = 1 << 17  # elements; a block stays in a core's cache while it is read twice
Extremes = tuple[float, float]
"""The least and the greatest value."""


def extremes(arrays: Iterable[np.ndarray]) -> Extremes | None:
    """The extremes over some arrays, NaN left out; None where nothing is left."""
    blocks = [_block_extremes(block) for array in arrays for block in _blocks(array.reshape(-1))]
    found = [ends for ends in blocks if not math.isnan(ends[0])]
    return (min(low for low, _ in found), max(high for _, high in found)) if found else None


def head_room(seen: Extremes) -> float:
    """65504 / max|x|: by which factor values may grow in float16; below 1 they overflow, infinite for all-zero ones."""
    largest = max(map(abs, seen))
    return FLOAT16_LIMIT / largest if largest else math.inf


def bits(factor: float) -> float:
    """A factor as powers of two."""
    return -math.inf if factor == 0 else math.log2(factor)


def _blocks(flat: np.ndarray) -> Iterable[np.ndarray]:
    return (flat[start : start + BLOCK] for start in range(0, flat.size, BLOCK))


def _block_extremes(block: np.ndarray) -> Extremes:
    """NaN where a block has nothing else."""
    return float(np.fmin.reduce(block)), float(np.fmax.reduce(block))

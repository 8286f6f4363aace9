"""Where an error jumps: how 1 − cosine has grown at a layer against the worst of what it takes. No Qt."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

FLOOR = 1e-4
"""A smaller 1 − cosine counts as this: rounding to eight bits alone gives as much, and zero has no multiples."""
LARGE = 3.0
"""A growth that is marked."""


@dataclass(frozen=True)
class Jumps:
    """For each row: how many times its error is the worst of its inputs', whether it has an error, and that input.

    `errors` are 1 − cosine, infinite for NaN, `before` those of the worst input; `worst_input` is the row that has it,
    -1 where the layer takes only inputs of the network.
    """

    errors: np.ndarray
    growth: np.ndarray
    there: np.ndarray
    before: np.ndarray
    worst_input: np.ndarray


def jumps(
    tensors: Sequence[str], errors: np.ndarray, there: np.ndarray, inputs_of: Mapping[str, Sequence[str]]
) -> Jumps:
    """The jumps of rows in execution order; a row without an error passes on the worst of its inputs'."""
    number = {tensor: at for at, tensor in enumerate(tensors)}
    bad = np.where(np.isnan(errors), np.inf, errors).tolist()  # NaN is as bad as it gets
    has = there.tolist()
    worst: list[tuple[float, int]] = []
    passed: list[tuple[float, int]] = []
    for at, tensor in enumerate(tensors):
        found = (0.0, -1)
        for name in inputs_of.get(tensor, ()):
            place = number.get(name, at)
            if place < at and (passed[place] > found or found[1] < 0):
                found = passed[place]
        worst.append(found)
        passed.append((bad[at], at) if has[at] else found)
    before = np.array([item[0] for item in worst], float)
    own = np.array(bad, float)
    known = there & np.fromiter((tensor in inputs_of for tensor in tensors), bool, len(tensors))
    return Jumps(own, _growth(own, before), known, before, np.array([item[1] for item in worst], int))


def _growth(errors: np.ndarray, before: np.ndarray) -> np.ndarray:
    """The ratio; 1 where both are infinite."""
    with np.errstate(invalid="ignore"):
        ratio = np.maximum(errors, FLOOR) / np.maximum(before, FLOOR)
    return np.where(np.isinf(errors) & np.isinf(before), 1.0, ratio)

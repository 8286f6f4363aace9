"""What a search for the preprocessing is given, and what it gives."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from workbench.diagnose.numbers import Numbers
from workbench.diagnose.pictures import Look, Pictures
from workbench.graph.graph import Model
from workbench.quantize.encoding import Encoding

STAGE = "diagnose"
EXACT = 2e-3  # of the values: other libraries round otherwise
NOTHING = 1e-7  # values that are less are rounding errors
MOST_TOLD = 6  # tries that are told of


@dataclass(frozen=True)
class Wanted:
    """Values that the inputs have to lead to, by tensor of the network; `noise` is what they differ by anyway.

    `stored` tells by input in which integers it was fed: what is beyond them was cut off.
    """

    model: Model
    inputs: tuple[Pictures, ...]
    feeds: Mapping[str, np.ndarray]
    values: Mapping[str, np.ndarray]
    noise: float = 0.0
    stored: Mapping[str, Encoding] = field(default_factory=dict)

    @property
    def limit(self) -> float:
        """The difference up to which values count as the same."""
        return max(EXACT, 1.2 * self.noise)


@dataclass(frozen=True)
class Found:
    """What was done to `inputs`: `look` and `numbers`; the differences are parts of the values' norm.

    `tensors` are those that tell it, `tried` what else was tried, with what it left.
    """

    inputs: tuple[str, ...]
    look: Look
    numbers: Numbers
    before: float
    after: float
    tensors: tuple[str, ...]
    is_solved: bool = False
    tried: tuple[tuple[str, float], ...] = ()


def distance(found: np.ndarray, wanted: np.ndarray) -> float:
    """The norm of the difference as a part of the wanted norm; what is not finite counts as zero.

    0 where both are nothing but rounding errors. Lost values, which `distances.apart` calls infinitely far, must not
    end a search.
    """
    one, two = told(found), told(wanted)
    if one.size != two.size:
        return 1.0
    if max(np.abs(one).max(initial=0.0), np.abs(two).max(initial=0.0)) < NOTHING:
        return 0.0
    square, away = product(two, two), one - two
    return math.sqrt(product(away, away) / square) if square else 1.0


def told(values: np.ndarray) -> np.ndarray:
    """Flat, in float64, with zero where a value is not finite."""
    return np.nan_to_num(values.reshape(-1).astype(np.float64), posinf=0.0, neginf=0.0)


def product(one: np.ndarray, two: np.ndarray) -> float:
    """Of flat arrays; BLAS would have its threads wait for each other, each time, where all cores are in use."""
    return float(np.einsum("i,i->", one, two))


def spelled(look: Look, numbers: Numbers) -> str:
    """A try, for the eye."""
    parts = [look.order.upper(), look.resize, str(numbers)]
    return ", ".join(part for part in (*parts, "grey" if look.is_grey else "", look.bytes) if part)

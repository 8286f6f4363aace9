"""What is wrong with one side's preprocessing, in a word: from what it does and what it should do."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from workbench.capi.expected import NetworkInput
from workbench.diagnose.numbers import Numbers
from workbench.diagnose.pictures import PACKED, UNPACKED, Look

ORDER = {"bgr": "input-order-bgr", "rgb": "input-order-rgb"}
MEAN, STD, SCALE, TWICE, NOT_NORMALISED = (
    "input-mean", "input-std", "input-scale", "input-normalised-twice", "input-not-normalised",
)  # fmt: skip
LAYOUT, RESIZE, GREY, OTHER = "input-layout", "input-resize", "input-gray", "input-other"
BYTE = 255.0


@dataclass(frozen=True)
class Fault:
    """A cause's key, and what fills its text: what the faulty side does, and what the right one does."""

    cause: str
    is_: str
    should: str

    @property
    def values(self) -> Mapping[str, str]:
        """Both, by the names that the texts have for them."""
        return {"is": self.is_, "should": self.should}


@dataclass(frozen=True)
class Fed:
    """What one side does with a file.

    `is_done`: the file's values are normalised already. `by_program`: a program that normalises, and may do it besides
    the driver.
    """

    look: Look
    numbers: Numbers
    is_done: bool = False
    by_program: bool = False


def faults(network: NetworkInput, is_: Fed, should: Fed) -> tuple[Fault, ...]:
    """What distinguishes the faulty side's input from the right one, the gravest first."""
    found = []
    if is_.look.bytes != should.look.bytes:
        found.append(_layout(network, is_.look, should.look))
    if is_.look.is_grey != should.look.is_grey:
        found.append(Fault(GREY, *(("colour", "grey") if should.look.is_grey else ("grey", "colour"))))
    if is_.look.order != should.look.order:
        found.append(Fault(ORDER[is_.look.order], is_.look.order.upper(), should.look.order.upper()))
    if is_.look.resize != should.look.resize:
        found.append(Fault(RESIZE, is_.look.resize, should.look.resize))
    if not is_.numbers.is_like(should.numbers):
        is_twice = (should.numbers.is_none and is_.is_done) or (
            is_.by_program and is_.numbers.is_like(should.numbers.after(should.numbers))
        )
        cause = TWICE if is_twice else number_cause(is_.numbers, should.numbers)
        found.append(Fault(cause, str(is_.numbers), str(should.numbers)))
    return tuple(found)


def number_cause(is_: Numbers, should: Numbers) -> str:
    """What distinguishes one mean and std from another."""
    is_twice = is_.is_like(should.after(should)) or should.is_like(is_.after(is_))
    if is_twice and any(should.mean):
        return TWICE
    if _is_byte_scale(is_, should):
        return SCALE
    if is_.has_mean_of(should):
        return STD
    if is_.has_std_of(should):
        return MEAN
    if is_.is_none:
        return NOT_NORMALISED
    if should.is_none:
        return TWICE
    return MEAN if _shift(is_, should) > _stretch(is_, should) else STD


def _is_byte_scale(is_: Numbers, should: Numbers) -> bool:
    """Whether one is the other of pixels from 0 to 1."""
    return any(is_.scaled(factor).is_like(should) for factor in (BYTE, 1 / BYTE))


def _shift(is_: Numbers, should: Numbers) -> float:
    """How far zero is moved, in spreads of the pixels that the right numbers take for one."""
    return float(np.mean(np.abs(np.subtract(is_.mean, should.mean)) / np.abs(should.std)))


def _stretch(is_: Numbers, should: Numbers) -> float:
    """By which power of e the one are wider."""
    return float(np.mean(np.abs(np.log(np.abs(np.divide(is_.std, should.std))))))


def _layout(network: NetworkInput, is_: Look, should: Look) -> Fault:
    own = network.settings.layout.upper()
    other = "NHWC" if own == "NCHW" else "NCHW"
    is_other = is_.bytes == PACKED or should.bytes == UNPACKED
    return Fault(LAYOUT, other, own) if is_other else Fault(LAYOUT, own, other)

"""What a plan in a file says, before it is fitted to a network, and the checks of its values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from workbench.quantize.encoding import RANGES, Encoding
from workbench.quantize.ranges import Range

MOST_SCALES = 2**20
SMALLEST_SCALE = 1.2e-38  # the smallest normal float32


@dataclass(frozen=True)
class Entry:
    """A tensor: how it is stored (None: in float) and the range that this covers, where the file says so."""

    encoding: Encoding | None
    range: Range | None = None


@dataclass(frozen=True)
class PlanFile:
    """Tensors and layers under the names that the file has for them.

    `kind` is "toolkit2", "toolkit1" or "workbench". `custom` is the precision of single layers, `notes` what is odd
    about the file, `dtype` the data type, "" where the file does not say. What follows is as in a `Plan`; None or empty
    where the format has no such thing.
    """

    kind: str
    entries: Mapping[str, Entry]
    custom: Mapping[str, str] = field(default_factory=dict)
    method: str = ""
    notes: tuple[str, ...] = ()
    dtype: str = ""
    unstored: frozenset[str] | None = None
    grouped: frozenset[str] | None = None
    wide: Mapping[str, Encoding] = field(default_factory=dict)
    factors: Mapping[str, Encoding] = field(default_factory=dict)
    weight_factors: Mapping[str, tuple[float, ...]] = field(default_factory=dict)


class BadPlanError(ValueError):
    """What a file says cannot be; the text completes the sentence "FILE cannot be used: …"."""


def mapping(value: Any, where: str) -> dict[str, Any]:
    """A mapping with names as keys; YAML reads unquoted numbers as such."""
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise BadPlanError(f"{where} is no mapping")
    if any(not isinstance(key, str | int) or isinstance(key, bool) for key in value):
        raise BadPlanError(f"{where} has a key that is no name")
    return {str(key): item for key, item in value.items()}


def numbers(value: Any, where: str) -> tuple[float, ...]:
    """A number or a list of numbers; () for nothing."""
    items = [] if value is None else value if isinstance(value, list) else [value]
    if len(items) > MOST_SCALES:
        raise BadPlanError(f"{where} has {len(items)} values")
    for item in items:
        if isinstance(item, bool) or not isinstance(item, int | float) or not abs(item) < 1e38:
            raise BadPlanError(f"{where} has {str(item)[:40]!r} where a number must be")
    return tuple(float(item) for item in items)


def encoding(dtype: str, scale: tuple[float, ...], zero_point: tuple[float, ...], where: str) -> Encoding:
    """A checked encoding of one scale; a `BadPlanError` where it can be none."""
    if dtype not in RANGES:
        raise BadPlanError(f"{where} has the type {dtype[:40]!r}")
    low, high = RANGES[dtype]
    if len(scale) != len(zero_point) or not scale:
        raise BadPlanError(f"{where} has {len(scale)} scales and {len(zero_point)} zero points")
    if any(not value > SMALLEST_SCALE for value in scale):
        raise BadPlanError(f"the scale of {where} is not above 0")
    if any(not low <= value <= high or value != int(value) for value in zero_point):
        raise BadPlanError(f"the zero point of {where} is no {dtype}")
    return Encoding(dtype, scale, tuple(int(value) for value in zero_point))


def text(value: Any, where: str) -> str:
    """A word."""
    if not isinstance(value, str):
        raise BadPlanError(f"{where} is {str(value)[:40]!r}")
    return value


def one_range(low: tuple[float, ...], high: tuple[float, ...], where: str) -> Range | None:
    """The range of a tensor with one; None where a file has none, or one a channel."""
    if len(low) != len(high):
        raise BadPlanError(f"{where} has {len(low)} lower and {len(high)} upper limits")
    if len(low) != 1:
        return None
    if low > high:
        raise BadPlanError(f"the lower limit of {where} is above the upper one")
    return Range(low[0], high[0])

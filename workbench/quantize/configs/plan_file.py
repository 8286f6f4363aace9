"""What a plan in a file says, before it is fitted to a network, and how any of the formats is read."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from workbench.foundation.errors import PlanError
from workbench.quantize.encoding import RANGES, Encoding
from workbench.quantize.ranges import Range

LARGEST = 64 * 2**20  # bytes; the toolkit's own are below 1 MB
MOST_SCALES = 2**20
SMALLEST_SCALE = 1.2e-38  # the smallest normal float32
HINT = "Choose a quantization.cfg that the toolkit wrote, or a plan that RKNN Workbench exported."


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


def read_plan(path: Path) -> PlanFile:
    """Read a plan in any format that we know; a `PlanError` says what is wrong with the file."""
    from workbench.quantize.configs import own_json, toolkit1, toolkit2  # they name this module's types

    document = _document(path)
    with _explained(path):
        for reader in (own_json, toolkit2, toolkit1):
            if reader.recognises(document):
                found: PlanFile = reader.read(document)
                return found
    raise PlanError(f"{path} is no quantization plan: it has no quantize_parameters.", HINT)


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


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    try:
        yield
    except (ValueError, RecursionError, OverflowError) as error:
        said = str(error) if isinstance(error, BadPlanError) else "it holds values that no plan has"
        raise PlanError(f"{path} cannot be used: {said}.", HINT) from error


def _document(path: Path) -> Any:
    """The YAML or JSON document in a file; only plain values, whatever its tags say."""
    from ruamel.yaml import YAML  # only needed to read
    from ruamel.yaml.error import YAMLError

    try:
        if path.stat().st_size > LARGEST:
            raise PlanError(f"{path} is too large for a quantization plan.", HINT)
        content = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is no text"
        raise PlanError(f"{path} cannot be read: {reason}.", HINT) from error
    try:
        if content.lstrip().startswith("{"):  # the YAML reader takes long for large JSON
            with suppress(ValueError):
                return json.loads(content)
        return YAML(typ="safe", pure=True).load(content)
    except (YAMLError, ValueError, RecursionError, KeyError, TypeError, AttributeError) as error:
        mark = getattr(error, "problem_mark", None)
        where = "" if mark is None else f" in line {mark.line + 1}"
        problem = " ".join(str(getattr(error, "problem", None) or type(error).__name__).split())[:100]
        raise PlanError(f"{path} is no YAML{where}: {problem}.", HINT) from error

"""The index of a dump file: what its tensors are called, and how each is stored.

It is one JSON document in one dataset, so that opening a dump of hundreds of tensors reads one block. Everything that
is read back is checked: a dump may have been sent by somebody else.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from workbench.quantize.encoding import RANGES, Encoding

FORMAT = "rknn-workbench dump"
VERSION = 1
DTYPES = frozenset(
    ("float16", "float32", "float64", "int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "uint64", "bool")
)
MAX_DIMENSIONS = 32


@dataclass(frozen=True, slots=True)
class Entry:
    """One stored tensor; `dtype` is the stored one, `offset` where in the file its values stand (None: not known)."""

    name: str
    op: str
    shape: tuple[int, ...]
    dtype: str
    encoding: Encoding | None
    offset: int | None = None


class BadIndexError(ValueError):
    """An index that is not ours; the text completes the sentence "The dump … cannot be read: …"."""


def to_json(info: Mapping[str, Any], entries: list[Entry]) -> bytes:
    """The index as it is stored, ASCII only."""
    tensors = [_entry_to_json(entry) for entry in entries]
    document = {"format": FORMAT, "version": VERSION, "info": dict(info), "tensors": tensors}
    return json.dumps(document, separators=(",", ":")).encode("ascii")


def from_json(text: bytes) -> tuple[dict[str, Any], list[Entry]]:
    """`info` and the entries in their order; an `BadIndexError` says what is wrong."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadIndexError("its index is damaged") from error
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise BadIndexError("its index is not one of RKNN Workbench")
    if document.get("version") != VERSION:
        raise BadIndexError(f"it has version {document.get('version')!r:.20}, and this program reads version {VERSION}")
    info, tensors = document.get("info"), document.get("tensors")
    if not isinstance(info, dict) or not isinstance(tensors, list):
        raise BadIndexError("its index is incomplete")
    return info, [_entry_from_json(number, item) for number, item in enumerate(tensors)]


def _entry_to_json(entry: Entry) -> dict[str, Any]:
    item: dict[str, Any] = {"name": entry.name, "op": entry.op, "shape": list(entry.shape), "dtype": entry.dtype}
    if entry.offset is not None:
        item["offset"] = entry.offset
    if entry.encoding is not None:
        encoding = entry.encoding
        item["encoding"] = {"dtype": encoding.dtype, "scale": list(encoding.scale), "axis": encoding.axis}
        item["encoding"] |= {"zero_point": list(encoding.zero_point), "layout": encoding.layout}
    return item


def _entry_from_json(number: int, item: object) -> Entry:
    if not isinstance(item, dict) or not isinstance(item.get("name"), str) or not isinstance(item.get("op", ""), str):
        raise BadIndexError(f"entry {number} of its index has no name")
    shape, dtype = item.get("shape"), item.get("dtype")
    if not isinstance(shape, list) or len(shape) > MAX_DIMENSIONS or not all(_is_int(side, 0) for side in shape):
        raise BadIndexError(f"entry {number} of its index has no usable shape")
    if not isinstance(dtype, str) or dtype not in DTYPES:
        raise BadIndexError(f"entry {number} of its index has an unknown type")
    encoding = None
    if item.get("encoding") is not None:
        encoding = _encoding_from_json(item["encoding"], shape)
        if encoding is None:
            raise BadIndexError(f"entry {number} of its index has no usable encoding")
    offset = item["offset"] if _is_int(item.get("offset"), 0) else None
    return Entry(item["name"], item.get("op", ""), tuple(shape), dtype, encoding, offset)


def _encoding_from_json(item: object, shape: list[int]) -> Encoding | None:
    if not isinstance(item, dict):
        return None
    dtype, scale, zero_point = item.get("dtype"), item.get("scale"), item.get("zero_point")
    axis, layout = item.get("axis"), item.get("layout", "")
    known = isinstance(dtype, str) and (dtype in RANGES or dtype in ("float16", "float32"))
    if not known or not isinstance(scale, list) or not isinstance(zero_point, list) or not isinstance(layout, str):
        return None
    if not all(_is_number(value) for value in scale) or not all(_is_int(value, -(2**31)) for value in zero_point):
        return None
    if not _fits(len(scale), len(zero_point), axis, shape):
        return None
    return Encoding(str(dtype), tuple(map(float, scale)), tuple(zero_point), axis, layout)


def _fits(scales: int, zero_points: int, axis: object, shape: list[int]) -> bool:
    """Whether there is one scale and zero point for the tensor, or one for each position along `axis`, or none."""
    if scales != zero_points:
        return False
    if axis is None:
        return scales <= 1
    if not isinstance(axis, int) or isinstance(axis, bool) or not -len(shape) <= axis < len(shape):
        return False
    return scales in (1, shape[axis])


def _is_int(value: object, low: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and low <= value < 2**48


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e300  # NaN is not below

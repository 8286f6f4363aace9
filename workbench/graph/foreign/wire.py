"""The wire format of protocol buffers, as far as it takes to read a file without its schema.

Source: protobuf.dev, "Encoding": a message is a sequence of (number << 3 | wire type) varints, each with its value.
"""

import struct
from collections.abc import Iterator

VARINT, FIXED64, BYTES, FIXED32 = 0, 1, 2, 5
Value = int | bytes
Fields = dict[int, list[Value]]


class WireError(ValueError):
    """Bytes that are no message."""


def fields(message: bytes) -> Fields:
    """The values of a message by field number, in order: integers, or bytes of texts, messages and packed numbers.

    Fixed numbers are given as their bytes.
    """
    found: Fields = {}
    for number, value in _values(message):
        found.setdefault(number, []).append(value)
    return found


def messages(found: Fields, number: int) -> list[bytes]:
    """The texts or messages of a field."""
    values = found.get(number, [])
    if not all(isinstance(value, bytes) for value in values):
        raise WireError(f"field {number} holds no messages")
    return [value for value in values if isinstance(value, bytes)]


def text(found: Fields, number: int) -> str:
    """The last text of a field; "" without one."""
    values = messages(found, number)
    return values[-1].decode("utf-8", "replace") if values else ""


def integer(found: Fields, number: int, default: int = 0) -> int:
    """The last integer of a field, with its sign."""
    values = found.get(number, [])
    if not values or not isinstance(values[-1], int):
        return default
    return values[-1] - (1 << 64) if values[-1] >> 63 else values[-1]


def decimal(found: Fields, number: int) -> float | None:
    """The last float of a field."""
    values = messages(found, number)
    return struct.unpack("<f", values[-1])[0] if values and len(values[-1]) == 4 else None


def integers(packed: bytes) -> list[int]:
    """Packed varints."""
    found, place = [], 0
    while place < len(packed):
        value, place = _varint(packed, place)
        found.append(value - (1 << 64) if value >> 63 else value)
    return found


def _values(message: bytes) -> Iterator[tuple[int, Value]]:
    place = 0
    while place < len(message):
        tag, place = _varint(message, place)
        number, kind = tag >> 3, tag & 7
        if number == 0 or kind not in (VARINT, FIXED64, BYTES, FIXED32):
            raise WireError(f"no field begins at byte {place}")
        if kind == VARINT:
            value, place = _varint(message, place)
            yield number, value
            continue
        size = {FIXED64: 8, FIXED32: 4}.get(kind, 0)
        if kind == BYTES:
            size, place = _varint(message, place)
        if place + size > len(message):
            raise WireError(f"field {number} goes beyond the end")
        yield number, message[place : place + size]
        place += size


def _varint(message: bytes, place: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        if place >= len(message) or shift > 63:
            raise WireError("a number goes beyond the end")
        byte = message[place]
        value |= (byte & 127) << shift
        place, shift = place + 1, shift + 7
        if byte < 128:
            return value & (1 << 64) - 1, place

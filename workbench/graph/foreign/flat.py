"""FlatBuffers, as far as it takes to read a file without generated code.

Source: flatbuffers.dev, "Internals": a table begins with the signed distance back to its vtable, which holds 16-bit
offsets of the fields (0: absent); texts, vectors and tables are 32-bit distances forward.
"""

import struct
from dataclasses import dataclass

import numpy as np


class FlatError(ValueError):
    """Bytes that are no table."""


@dataclass(frozen=True)
class Table:
    """A table at a place of the buffer; fields are asked for by their number."""

    buffer: bytes
    place: int

    def number(self, field: int, kind: str = "i", default: int = 0) -> int:
        """A scalar; `kind` is struct's letter."""
        at = self._at(field)
        return default if at is None else int(_unpacked(kind, self.buffer, at))

    def text(self, field: int) -> str:
        """A text; "" where there is none."""
        at = self._at(field)
        if at is None:
            return ""
        start, size = self._vector(at)
        return _part(self.buffer, start, size).decode("utf-8", "replace")

    def table(self, field: int) -> "Table | None":
        """A table."""
        at = self._at(field)
        return None if at is None else Table(self.buffer, _forward(self.buffer, at))

    def tables(self, field: int) -> "list[Table]":
        """A vector of tables."""
        at = self._at(field)
        if at is None:
            return []
        start, size = self._vector(at)
        return [Table(self.buffer, _forward(self.buffer, start + 4 * index)) for index in range(size)]

    def array(self, field: int, dtype: str) -> np.ndarray:
        """A vector of numbers; empty where there is none."""
        at = self._at(field)
        if at is None:
            return np.empty(0, dtype)
        start, size = self._vector(at)
        return np.frombuffer(_part(self.buffer, start, size * np.dtype(dtype).itemsize), dtype)

    def _at(self, field: int) -> int | None:
        vtable = self.place - int(_unpacked("i", self.buffer, self.place))
        if 4 + 2 * field >= int(_unpacked("H", self.buffer, vtable)):
            return None
        offset = int(_unpacked("H", self.buffer, vtable + 4 + 2 * field))
        return self.place + offset if offset else None

    def _vector(self, at: int) -> tuple[int, int]:
        start = _forward(self.buffer, at)
        return start + 4, int(_unpacked("I", self.buffer, start))


def root(buffer: bytes) -> Table:
    """The table that a buffer holds."""
    return Table(buffer, _forward(buffer, 0))


def _forward(buffer: bytes, at: int) -> int:
    return at + int(_unpacked("I", buffer, at))


def _part(buffer: bytes, start: int, size: int) -> bytes:
    if start < 0 or size < 0 or start + size > len(buffer):
        raise FlatError("it goes beyond its end")
    return buffer[start : start + size]


def _unpacked(kind: str, buffer: bytes, at: int) -> float:
    value: float = struct.unpack(f"<{kind}", _part(buffer, at, struct.calcsize(kind)))[0]
    return value

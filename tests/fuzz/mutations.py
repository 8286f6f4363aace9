"""Files as they come from hostile or broken places: small edits of good ones, as strategies of hypothesis.

A case is the files of one input by name; an edit changes one of them. Texts are changed word by word, protocol buffers
field by field with the lengths around them mended, everything else byte by byte.
"""

import re
import struct
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from hypothesis import strategies as st

Case = Mapping[str, bytes]
WORD = re.compile(rb"[A-Za-z_]+|[-+]?[0-9][0-9.eE+-]*|[^\S\n]+|\n|[^\sA-Za-z0-9_]")
NASTY_WORDS: tuple[bytes, ...] = (
    b"", b"0", b"-1", b"1", b"2147483648", b"99999999999999999999", b"1e400", b"nan", b"inf", b"-inf", b"NaN", b"null",
    b"true", b"[]", b"{}", b'""', b'"\\ud800"', b'"\\u0000"', b"[" * 3000, b'{"a":' * 3000, b"\0", b"\xff\xfe", b"\r",
    b"\n", b"\t", b'"', b"'", b"\\", b"..", b"../../../../etc/passwd", b"/dev/zero", b"/dev/tty", b"C:\\CON", b"%s%n",
    b"<script>alert(1)</script>", b"!!python/object/apply:os.system ['true']", b"&a [*a]", b"*a", b"{{7*7}}",
    b"${HOME}", b"$(id)", b"`id`", "网络".encode(), "\u202e\u0301".encode(), b"a" * 70000, b"1," * 5000, b"1 " * 5000,
    b"=", b":", b"|", b"#", b"[section]", b"1" * 5000,
)  # fmt: skip
NASTY_NUMBERS = (0, 1, 2, 3, 127, 128, 255, 65535, 1 << 20, (1 << 31) - 1, 1 << 31, (1 << 32) - 1, 1 << 40, 1 << 62,
                 (1 << 63) - 1, 1 << 63, (1 << 64) - 1)  # fmt: skip
DEEPEST = 12  # messages within messages that are looked into
PLACES = 1 << 20  # of an edit, as a share of the file


@dataclass(frozen=True)
class Edit:
    """A change: `file` and `place` choose where (modulo what there is), `kind` how, `nasty` with what."""

    file: int
    kind: int
    place: int
    nasty: int
    size: int


EDITS = st.builds(
    Edit, st.integers(0, 7), st.integers(0, 7), st.integers(0, PLACES), st.integers(0, 63), st.integers(0, 40)
)


def edits(most: int = 4) -> st.SearchStrategy[list[Edit]]:
    """A few changes, mostly one or two."""
    return st.lists(EDITS, min_size=1, max_size=most)


def changed(case: Case, edit: Edit) -> dict[str, bytes]:
    """A case with one edit made; the names of its files stay."""
    names = sorted(case)
    name = names[edit.file % len(names)]
    return {**case, name: _way(name, case[name])(case[name], edit)}


def _way(name: str, data: bytes) -> Callable[[bytes, Edit], bytes]:
    if name.endswith((".onnx", ".pb", ".caffemodel")):
        return in_message
    return in_text if _is_text(data) else in_bytes


def _is_text(data: bytes) -> bool:
    return b"\0" not in data[:4096] and sum(byte > 126 or byte < 9 for byte in data[:400]) < 40


def in_bytes(data: bytes, edit: Edit) -> bytes:
    """Bytes overwritten, cut out, doubled, put in; or the rest cut off."""
    at = edit.place * max(1, len(data)) // PLACES
    number = NASTY_NUMBERS[edit.nasty % len(NASTY_NUMBERS)]
    if edit.kind == 0:
        return data[:at]
    if edit.kind == 1:
        return data[:at] + data[at + edit.size :]
    if edit.kind == 2:
        return data[:at] + data[at : at + edit.size] * 2 + data[at + edit.size :]
    if edit.kind == 3:
        return data[:at] + NASTY_WORDS[edit.nasty % len(NASTY_WORDS)] + data[at:]
    form = "<>"[edit.kind % 2] + "BHIQ"[edit.size % 4]
    at -= at % 4 if edit.kind > 5 else 0
    packed = struct.pack(form, number & (1 << 8 * struct.calcsize(form)) - 1)
    return data[:at] + packed + data[at + len(packed) :]


def in_text(data: bytes, edit: Edit) -> bytes:
    """A word replaced, put in, taken out or doubled, or a line; what is no text any more is changed as bytes."""
    words = WORD.findall(data)
    if not words or edit.kind == 7:
        return in_bytes(data, edit)
    at = min(edit.place * len(words) // PLACES, len(words) - 1)
    nasty = NASTY_WORDS[edit.nasty % len(NASTY_WORDS)]
    if edit.kind < 3:
        while at < len(words) - 1 and not words[at].strip():
            at += 1
        words[at] = nasty
    elif edit.kind == 3:
        words.insert(at, nasty)
    elif edit.kind == 4:
        del words[at : at + 1 + edit.size]
    elif edit.kind == 5:
        words[at:at] = words[max(0, at - edit.size) : at] * (2 + edit.nasty)
    else:
        other = words[(at + edit.size + 1) * 7919 % len(words)]
        words[at] = other
    return b"".join(words)


def in_message(data: bytes, edit: Edit) -> bytes:
    """A field of a protocol buffer, however deep, with another value; doubled, left out or in another's place."""
    leaves = list(_fields(data, (), 0))
    if not leaves or edit.kind == 7:
        return in_bytes(data, edit)
    path = leaves[edit.place * (len(leaves) - 1) // PLACES]
    return _replaced(data, path, edit)


Field = tuple[int, int, int, int, int]  # where its tag begins, number, wire type, where its value begins, its end


def _parsed(data: bytes) -> list[Field] | None:
    """The fields of a message; None where the bytes are none."""
    found, at = [], 0
    while at < len(data):
        start = at
        tag, at = _varint(data, at)
        number, kind = tag >> 3, tag & 7
        if at < 0 or not 0 < number < 1 << 20 or kind not in (0, 1, 2, 5):
            return None
        if kind == 0:
            value_at = at
            _, at = _varint(data, at)
        elif kind == 2:
            size, value_at = _varint(data, at)
            at = value_at + size if value_at >= 0 else -1
        else:
            value_at, at = at, at + (8 if kind == 1 else 4)
        if at < 0 or at > len(data):
            return None
        found.append((start, number, kind, value_at, at))
    return found


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while 0 <= at < len(data) and shift < 70:
        byte = data[at]
        value |= (byte & 127) << shift
        at, shift = at + 1, shift + 7
        if byte < 128:
            return value, at
    return 0, -1


def _fields(data: bytes, path: tuple[int, ...], depth: int) -> Iterator[tuple[int, ...]]:
    """The places of all fields: of each message inside the other, which field it is."""
    for at, (_, _, kind, begin, end) in enumerate(_parsed(data) or ()):
        yield (*path, at)
        if kind == 2 and depth < DEEPEST and 2 <= end - begin < 1 << 16:
            yield from _fields(data[begin:end], (*path, at), depth + 1)


def _replaced(data: bytes, path: tuple[int, ...], edit: Edit) -> bytes:
    fields = _parsed(data)
    assert fields is not None
    start, number, kind, begin, end = fields[path[0]]
    if len(path) > 1:
        return data[:start] + _field(number, 2, _replaced(data[begin:end], path[1:], edit)) + data[end:]
    whole = data[start:end]
    if edit.kind == 0:
        return data[:start] + data[end:]
    if edit.kind == 1:
        return data[:end] + whole * (1 + edit.nasty) + data[end:]
    if edit.kind == 2:
        other = fields[edit.size % len(fields)]
        return data[:start] + _field(number, other[2], data[other[3] : other[4]]) + data[end:]
    if kind == 0:
        return data[:start] + _field(number, 0, _as_varint(NASTY_NUMBERS[edit.nasty % len(NASTY_NUMBERS)])) + data[end:]
    if kind == 2 and edit.kind == 3 and end > begin:
        packed = b"".join(_as_varint(NASTY_NUMBERS[(edit.nasty + step) % len(NASTY_NUMBERS)]) for step in range(4))
        return data[:start] + _field(number, 2, packed) + data[end:]
    value = NASTY_WORDS[edit.nasty % len(NASTY_WORDS)] if kind == 2 else b"\xff" * (end - begin)
    return data[:start] + _field(number, kind, value) + data[end:]


def _field(number: int, kind: int, value: bytes) -> bytes:
    tag = _as_varint(number << 3 | kind)
    return tag + (_as_varint(len(value)) + value if kind == 2 else value)


def _as_varint(number: int) -> bytes:
    found = b""
    while number > 127:
        found, number = found + bytes([number & 127 | 128]), number >> 7
    return found + bytes([number])

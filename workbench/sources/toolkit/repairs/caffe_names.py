"""Names of Caffe layers that the toolkit allows, in the prototxt and in the weights, which are found by these names.

The rule is TensorFlow's for scopes at the root: [A-Za-z0-9.][A-Za-z0-9_.\\-/]* ("Rockchip Trouble Shooting RKNN
Toolkit" 1.7.5, "Not a valid scope name").
"""

import re
from collections.abc import Iterator, Mapping
from itertools import chain, count
from pathlib import Path

from workbench.sources.toolkit.repairs.patched import Patched, RepairError, patched_text, read, read_text, unified
from workbench.sources.toolkit.repairs.prototxt import Field, edited, parse

VALID = re.compile(r"[A-Za-z0-9.][A-Za-z0-9_.\\/-]*")
LAYERS = {100: 1, 2: 4}
"""Fields of NetParameter that hold layers (`layer`, the V1 format's `layers`), and the field of a layer's name in each:
BVLC caffe.proto."""
BYTES = 2  # wire type of strings and messages


def valid_names(path: Path, weights: Path | None) -> tuple[Patched, ...]:
    """The prototxt, and the .caffemodel where there is one, with other names for layers whose names are not allowed."""
    text = read_text(path)
    names = list(_names(parse(text)))
    new = _renamed([part.string for part in names])
    after = edited(
        text, [(part.start, part.end, f'name: "{new[part.string]}"') for part in names if part.string in new]
    )
    weights = weights or _beside(path)
    if weights is None or not new:
        notes = ("The weights have the old names: give the .caffemodel file too.",) if new else ()
        return (patched_text(path, text, after, notes),)
    return patched_text(path, text, after), _with_names(weights, new)


def _names(network: Field) -> Iterator[Field]:
    for layer in network.all("layer", "layers"):
        yield from layer.all("name")


def _beside(path: Path) -> Path | None:
    weights = path.with_suffix(".caffemodel")
    return weights if weights.is_file() else None


def _renamed(names: list[str]) -> dict[str, str]:
    """New names for those that are not allowed, each used once."""
    new: dict[str, str] = {}
    for name in names:
        if name not in new and not VALID.fullmatch(name):
            new[name] = _unused(_cleaned(name), {*names, *new.values()})
    return new


def _cleaned(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9_.\\/-]", "_", name).lstrip("_-/\\") or "layer"


def _unused(name: str, used: set[str]) -> str:
    names = chain([name], (f"{name}_{number}" for number in count(2)))
    return next(found for found in names if found not in used)


def _with_names(path: Path, new: Mapping[str, str]) -> Patched:
    data = read(path)
    try:
        content = b"".join(_network(data, new))
    except IndexError as error:
        raise RepairError(f"{path} is no .caffemodel file.", "Give the weights that belong to the prototxt.") from error
    before, after = [f"layer {old!r}" for old in new], [f"layer {name!r}" for name in new.values()]
    return Patched(path, content, unified(path.name, before, after))


def _network(data: bytes, new: Mapping[str, str]) -> Iterator[bytes]:
    for number, value, raw in _fields(data):
        yield _entry(number, b"".join(_layer(value, LAYERS[number], new))) if number in LAYERS and value else raw


def _layer(data: bytes, name_field: int, new: Mapping[str, str]) -> Iterator[bytes]:
    for number, value, raw in _fields(data):
        name = value.decode("utf-8", "replace") if number == name_field else ""
        yield _entry(number, new[name]) if name in new else raw


def _entry(number: int, value: bytes | str) -> bytes:
    data = value.encode() if isinstance(value, str) else value
    return _varint(number << 3 | BYTES) + _varint(len(data)) + data


def _fields(data: bytes) -> Iterator[tuple[int, bytes, bytes]]:
    """(number, content of a string or message, the field's bytes) of a message; an `IndexError` where it is none."""
    at = 0
    while at < len(data):
        start = at
        key, at = _number(data, at)
        content, at = _value(data, at, key & 7)
        if at > len(data):
            raise IndexError(at)
        yield key >> 3, content, data[start:at]


def _value(data: bytes, at: int, wire_type: int) -> tuple[bytes, int]:
    """What stands at a place and where the next field begins (protobuf.dev, Encoding)."""
    if wire_type == BYTES:
        length, at = _number(data, at)
        return data[at : at + length], at + length
    if wire_type == 0:
        return b"", _number(data, at)[1]
    if wire_type in (1, 5):
        return b"", at + (8 if wire_type == 1 else 4)
    raise IndexError(at)


def _number(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return value, at


def _varint(value: int) -> bytes:
    found = bytearray()
    while value > 0x7F:
        found.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*found, value])

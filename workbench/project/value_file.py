"""A value of frozen dataclasses as a JSON file of a session that can be made again.

What is damaged, or of another program's version, is as good as absent. With it stands a key that says what the value
is of, so that whoever reads it knows whether it still holds.
"""

import json
import math
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from workbench.foundation.files import UNREADABLE, write_text

if TYPE_CHECKING:
    from pydantic import TypeAdapter

VERSION = 1
MOST_BYTES = 1 << 26
INSIDE = "session:"
"""Before the names of files that lie in the session's folder."""
T = TypeVar("T")
_adapters: dict[type, Any] = {}  # making one takes a while


def save_value(path: Path, kind: type[T], value: T, key: str) -> None:
    """Write a value and the key of what it is of."""
    content = _plain(_adapter(kind).dump_python(value), path.parent.resolve())
    document = {"version": VERSION, "results": key, "content": content}
    write_text(path, json.dumps(document, allow_nan=False) + "\n")


def load_value(path: Path, kind: type[T]) -> tuple[T, str] | None:
    """The value and the key of what it is of; None where there is none that can be read."""
    with suppress(*UNREADABLE):
        if path.stat().st_size > MOST_BYTES:
            return None
        document = json.loads(path.read_text(encoding="utf-8"))
        if document["version"] != VERSION:
            return None
        content = _rooted(document["content"], path.parent.resolve())
        return _adapter(kind).validate_python(content), str(document["results"])
    return None


def _adapter(kind: type[T]) -> "TypeAdapter[T]":
    from pydantic import TypeAdapter  # slow to import

    if kind not in _adapters:
        _adapters[kind] = TypeAdapter(kind)
    found: TypeAdapter[T] = _adapters[kind]
    return found


def _plain(value: Any, folder: Path) -> Any:
    """As JSON values: numbers that JSON has not and names of files as strings."""
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if isinstance(value, Path):
        return INSIDE + value.relative_to(folder).as_posix() if value.is_relative_to(folder) else value.as_posix()
    if isinstance(value, dict):
        return {str(key): _plain(item, folder) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(item, folder) for item in value]
    return value


def _rooted(value: Any, folder: Path) -> Any:
    """The same with names of files where the session is now."""
    if isinstance(value, str) and value.startswith(INSIDE):
        return (folder / value.removeprefix(INSIDE)).as_posix()
    if isinstance(value, dict):
        return {key: _rooted(item, folder) for key, item in value.items()}
    if isinstance(value, list):
        return [_rooted(item, folder) for item in value]
    return value

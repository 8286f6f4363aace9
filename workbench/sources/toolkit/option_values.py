"""Values of the toolkit's options: read from text, checked, written. One sentence says what is wrong with one."""

import json
import math
from collections.abc import Callable, Mapping
from typing import Any

from workbench.foundation.errors import SettingsError
from workbench.sources.toolkit.options import (
    CHOICE,
    COUNT,
    FLAG,
    FORMATS,
    NAMES,
    NUMBER,
    PLACES,
    SHAPES,
    TEXT,
    Option,
    option_of,
)

WORDS = {"true": True, "false": False, "on": True, "off": False, "none": None}
LARGEST = 2**31 - 1
FORMS = {
    FLAG: "true or false", TEXT: "a text", NUMBER: "a number above 0", COUNT: "a whole number from 0 on",
    NAMES: "names with commas between them", PLACES: "NAME:cpu with commas between them",
    SHAPES: "JSON, for example [[[1,3,224,224]],[[1,3,160,160]]]", FORMATS: "a format an input, with commas between",
}  # fmt: skip


def checked(options: Mapping[str, Any]) -> dict[str, Any]:
    """The options as the toolkit takes them, without those that are as they are by default."""
    found = {name: check(option_of(name), value) for name, value in options.items()}
    return {name: value for name, value in found.items() if value != option_of(name).default}


def parsed(option: Option, text: str) -> Any:
    """The value that a text says; raises SettingsError for one that the option does not take. "" is the default."""
    text = text.strip()
    if not text:
        return option.default
    return check(option, _parsed(option, text))


def written(option: Option, value: Any) -> str:
    """The value as text that `parsed` reads; "" for nothing."""
    if value is None or value in ({}, []):
        return ""
    if option.kind == PLACES:
        return ", ".join(f"{name}:{place}" for name, place in value.items())
    if option.kind in (NAMES, FORMATS):
        return ", ".join(item or "" for item in value)
    if option.kind == NUMBER:
        return f"{value:g}"
    return value if isinstance(value, str) else json.dumps(value)


def check(option: Option, value: Any) -> Any:
    """The value in the toolkit's form; raises SettingsError where it is none."""
    if value == option.default and type(value) is type(option.default):
        return value
    if not _TAKES[option.kind](option, value):
        raise _refused(option, value)
    return float(value) if option.kind == NUMBER else value


def _parsed(option: Option, text: str) -> Any:
    if option.kind == TEXT:
        return text
    if option.kind == FLAG and text.lower() in WORDS:
        return WORDS[text.lower()]
    if text.startswith(("[", "{")) or option.kind not in (NAMES, FORMATS, PLACES, CHOICE):
        try:
            return json.loads(text)
        except (ValueError, RecursionError):
            raise _refused(option, text) from None
    parts = [part.strip() for part in text.split(",")]
    if option.kind == PLACES:
        return dict(_pair(part) for part in parts if part)
    if option.kind == FORMATS:
        return [part or None for part in parts]
    return [part for part in parts if part] if option.kind == NAMES else text


def _pair(text: str) -> tuple[str, str]:
    """`NAME:cpu`, a name may hold colons."""
    name, _, place = text.rpartition(":")
    return name.strip(), place.strip()


def _is_number(option: Option, value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < math.inf


def _is_count(option: Option, value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= LARGEST


def _are_names(option: Option, value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) and item for item in value)


def _are_formats(option: Option, value: Any) -> bool:
    return isinstance(value, list) and all(item is None or (isinstance(item, str) and item) for item in value)


def _are_places(option: Option, value: Any) -> bool:
    return isinstance(value, dict) and all(
        isinstance(name, str) and name and place in option.choices for name, place in value.items()
    )


def _are_shapes(option: Option, value: Any) -> bool:
    """Sets of shapes, each with one shape for every input."""
    if not isinstance(value, list) or not all(isinstance(shapes, list) and shapes for shapes in value):
        return False
    if len({len(shapes) for shapes in value}) > 1:
        return False
    return all(
        isinstance(shape, list) and shape and all(_is_count(option, size) and size > 0 for size in shape)
        for shapes in value
        for shape in shapes
    )


_TAKES: dict[str, Callable[[Option, Any], bool]] = {
    FLAG: lambda _, value: isinstance(value, bool),
    CHOICE: lambda option, value: value in option.choices,
    TEXT: lambda _, value: isinstance(value, str),
    NUMBER: _is_number,
    COUNT: _is_count,
    NAMES: _are_names,
    PLACES: _are_places,
    SHAPES: _are_shapes,
    FORMATS: _are_formats,
}


def _refused(option: Option, value: Any) -> SettingsError:
    told = value if isinstance(value, str) else json.dumps(value, default=str)
    if len(told) > 60:
        told = f"{told[:57]}…"
    form = FORMS.get(option.kind) or f"one of {', '.join(option.choices)}"
    return SettingsError(f"{option.name} cannot be {told}.", f"It takes {form}.")

"""Files of the settings that describe a thing, a toolkit or a board: TOML, a table of variables at its end."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeGuard

from workbench.foundation.files import write_text

LONGEST_STEM = 100  # characters of a file's name, whose bytes a file system limits


def write_description(path: Path, values: Mapping[str, str | float], environment: Mapping[str, str]) -> None:
    """Write values and variables, complete or not at all."""
    lines = [f"{key} = {_spelled(value)}" for key, value in values.items()]
    if environment:
        lines += ["", "[environment]", *(f"{_spelled(key)} = {_spelled(text)}" for key, text in environment.items())]
    write_text(path, "\n".join(lines) + "\n")


def stem_of(name: str, usual: str) -> str:
    """What a file may be called after a thing of any name; `usual` where nothing of it can stay."""
    return re.sub(r"[^0-9A-Za-z._-]+", "-", name)[:LONGEST_STEM].strip("-.") or usual


def is_environment(found: Any) -> TypeGuard[dict[str, str]]:
    """Whether a value that was read is a table of variables."""
    return isinstance(found, dict) and all(isinstance(text, str) for text in found.values())


def _spelled(value: str | float) -> str:
    """A number, or a text as TOML wants it: JSON's, but for one control character."""
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    return str(value)

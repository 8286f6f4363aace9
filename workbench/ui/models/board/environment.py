"""Variables of a board as lines that are typed. No Qt."""

import re
from collections.abc import Mapping

from workbench.foundation.errors import SettingsError

NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def environment_of(text: str) -> dict[str, str]:
    """Variables from lines NAME=value; raises SettingsError for a line that is none."""
    found: dict[str, str] = {}
    for line in filter(None, map(str.strip, text.splitlines())):
        name, sign, value = line.partition("=")
        if not sign or not NAME.fullmatch(name.strip()):
            raise SettingsError(f"{line} is no variable.", "Write NAME=value, a line each.")
        found[name.strip()] = value.strip()
    return found


def environment_text(variables: Mapping[str, str]) -> str:
    """The same as lines."""
    return "\n".join(f"{name}={value}" for name, value in variables.items())

"""Writes the help page of all commands and options, in every language, from the command line's own help.

    python packaging/reference.py

Chinese texts stand in packaging/options_zh_CN.json, by the English ones; what has none there stays English.
"""

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from typer.main import get_command  # noqa: E402

from workbench.cli.app import app  # noqa: E402

LANGUAGES = ("en", "zh_CN")
Told = Callable[[str], str]
ABOUT = "What `--help` says of each command. Their use, and how they go together: [the command line](commandline.md)."
COMMON = ("json", "quiet", "jobs")
"""What every command takes is said once."""


def page(told: Told) -> str:
    """The page as Markdown; `told` gives an English text in the page's language."""
    parts = [f"# {told('Every command and option')}", told(ABOUT), f"## {told('All commands')}"]
    parts.append(_table(next(iter(commands()))[1], told, only=COMMON))
    for name, command in commands():
        parts += [f"## {name}", told(_joined(command.help or "")), _table(command, told, without=COMMON)]
    return "\n\n".join(part for part in parts if part) + "\n"


def commands() -> Iterator[tuple[str, Any]]:
    """Every command with its name, those of groups behind them."""
    for name, command in get_command(app).commands.items():  # type: ignore[attr-defined]
        members = getattr(command, "commands", None)
        if members is None:
            yield name, command
        else:
            yield from ((f"{name} {member}", found) for member, found in members.items())


def texts(language: str) -> dict[str, str]:
    """What is translated, by the English texts."""
    path = ROOT / "packaging" / f"options_{language}.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}  # type: ignore[no-any-return]


def written(language: str) -> str:
    """The page in a language."""
    known = texts(language)
    return page(lambda text: known.get(text, text))


def _table(command: Any, told: Told, only: tuple[str, ...] = (), without: tuple[str, ...] = ()) -> str:
    shown = [item for item in command.params if item.name not in without and (not only or item.name in only)]
    rows = [f"| {_names(item)} | {_cell(_meaning(item, told))} |" for item in shown]
    return "\n".join(["| | |", "|---|---|", *rows]) if rows else ""


def _names(item: Any) -> str:
    """As it is written: `-o, --output SESSION`; an argument by its name."""
    if item.param_type_name == "argument":
        name = item.metavar.strip("{}[]") or item.name.upper()
        return _plain(name if item.required else f"[{name}]")
    names = ", ".join(f"`{name}`" for name in item.opts)
    return names if item.is_flag else f"{names} {_plain(item.metavar or 'N')}"


def _meaning(item: Any, told: Told) -> str:
    said = [told(_joined(getattr(item, "help", None) or ""))]
    if item.param_type_name == "option" and item.required:
        said.append(told("Needed."))
    if _has_default(item):
        said.append(told("If absent: {}.").format(f"`{item.default}`"))
    return " ".join(part for part in said if part)


def _has_default(item: Any) -> bool:
    return isinstance(item.default, str | int | float) and not isinstance(item.default, bool) and item.default != ""


def _joined(text: str) -> str:
    return " ".join(text.split())


def _plain(text: str) -> str:
    """Not as code: there the window's Markdown shows a stroke of a table with what keeps it from being one."""
    return "".join(f"\\{sign}" if sign in r"\`*_<>[]|#" else sign for sign in text)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    for language in LANGUAGES:
        (ROOT / "resources" / "help" / language / "options.md").write_text(written(language), encoding="utf-8")

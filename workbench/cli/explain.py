"""`explain`: what the toolkit's messages in a log mean, and what helps."""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from workbench.cli.console import harmless, print_json, write_out
from workbench.cli.options import Common
from workbench.foundation.errors import SettingsError, WorkbenchError

if TYPE_CHECKING:
    from workbench.sources.knowledge import Found

STANDARD_INPUT = Path("-")
LANGUAGES = ("en", "zh_CN")
LARGEST = 1 << 28  # bytes
SHOWN = 160  # characters of a line
SYMBOLS = {"cause": "✖", "symptom": "▲", "warning": "▲", "harmless": "●"}


@dataclass(frozen=True)
class Shown:
    """What is told, and in which language."""

    language: Annotated[str, typer.Option("--language", metavar="|".join(LANGUAGES), help="Of the explanations.")] = (
        "en"
    )
    all: Annotated[bool, typer.Option("--all", help="Harmless messages too.")] = False


def explain(
    common: Common,
    shown: Shown,
    logs: Annotated[
        list[Path] | None, typer.Argument(metavar="[LOG…]", help="Log files; - or none: what is piped in.")
    ] = None,
) -> int:
    """Say what the toolkit's messages in a log mean and what helps."""
    from workbench.sources.knowledge import likeliest, recognise

    if shown.language not in LANGUAGES:
        raise SettingsError(f"--language {shown.language!r} is not spoken.", f"Choose one of {', '.join(LANGUAGES)}.")
    lines = list(_lines(logs or [STANDARD_INPUT]))
    found = [hit for hit in recognise(lines) if shown.all or hit.known.kind != "harmless"]
    best = likeliest(lines)
    if common.json:
        messages = [_document(hit, shown.language) for hit in found]
        print_json({"schema": 1, "messages": messages, "likeliest": "" if best is None else best.key})
    else:
        told = "\n".join(_text(hit, shown.language, hit == best) for hit in found)
        write_out(harmless(told) or _nothing(len(lines)))
    return 0


def _lines(logs: Sequence[Path]) -> Iterator[str]:
    for log in logs:
        yield from _text_of(log).split("\n")


def _text_of(log: Path) -> str:
    if log == STANDARD_INPUT:
        return sys.stdin.read()
    try:
        with log.open("rb") as file:  # a pipe and a device have no size
            content = file.read(LARGEST + 1)
    except OSError as error:
        reason = error.strerror or str(error)
        raise WorkbenchError(f"Cannot open {log}: {reason}.", "Give a file with the toolkit's output.") from error
    if len(content) > LARGEST:
        raise WorkbenchError(f"{log} is larger than {LARGEST >> 20} MiB.", "Give the part of it with the error.")
    return content.decode("utf-8", "replace").replace("\r\n", "\n")


def _text(hit: "Found", language: str, is_best: bool) -> str:
    from workbench.sources.knowledge import about

    title, meaning, fix = about(hit, language)
    mark = "  ← likeliest cause" if is_best else ""
    repair = f"  → rknn-workbench repair FILE --how {hit.known.repair}\n" if hit.known.repair else ""
    head = f"{SYMBOLS[hit.known.kind]} {title}{mark}\n  line {hit.number}: {hit.line[:SHOWN]}\n"
    return f"{head}  {meaning}\n  {fix}\n{repair}"


def _document(hit: "Found", language: str) -> dict[str, Any]:
    from workbench.sources.knowledge import about

    known = hit.known
    place = {"line": hit.number, "text": hit.line, "values": dict(hit.values)}
    return {"key": known.key, "kind": known.kind, **place, **about(hit, language)._asdict(), "repair": known.repair}


def _nothing(lines: int) -> str:
    return f"None of {lines} lines is a known message of the toolkit.\n"

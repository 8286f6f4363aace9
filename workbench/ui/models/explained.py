"""What the toolkit printed, in the words of the window. Nothing here knows Qt: the worker process reads logs so."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.foundation.errors import WorkbenchError
from workbench.ui.models import spoken

if TYPE_CHECKING:
    from workbench.sources.knowledge import Found

LARGEST = 32 << 20
"""Bytes at the end of a log that are read; what went wrong stands there."""
MOST_LINES = 20_000
"""Lines at the end of a log that are shown."""
LOGS = (".log", ".txt", ".out", ".err")


@dataclass(frozen=True)
class Explained:
    """A known message: `kind` is "cause", "symptom", "warning" or "harmless", `number` its line in the log from 1 on.

    `repair` is the key of a repair that mends the user's file, or nothing.
    """

    kind: str
    title: str
    meaning: str
    fix: str
    line: str
    number: int
    repair: str = ""


@dataclass(frozen=True)
class ReadLog:
    """The lines of a log that are shown, what is known of them, and which of it (its place) explains most.

    `skipped` counts the lines before those that are shown.
    """

    name: str
    lines: tuple[str, ...]
    found: tuple[Explained, ...]
    likeliest: int | None
    skipped: int = 0


def explained(lines: Iterable[str]) -> Explained | None:
    """What explains most of some lines, in the window's language; None where nothing of them is known."""
    lines = tuple(lines)
    if not lines:
        return None
    from workbench.sources.knowledge import likeliest  # it reads a table: only once something went wrong

    hit = likeliest(lines)
    return None if hit is None else _in_words(hit, spoken.language())


def read_log(path: Path, language: str) -> ReadLog:
    """Read a log and look for what is known in it."""
    try:
        with path.open("rb") as file:
            file.seek(max(0, path.stat().st_size - LARGEST))
            text = file.read().decode("utf-8", "replace")
    except OSError as error:
        raise WorkbenchError(f"{path} cannot be read: {error.strerror}.", "Check its permissions.") from error
    return explain_text(text, path.name, language)


def explain_text(text: str, name: str, language: str) -> ReadLog:
    """Look for what is known in a log that was copied."""
    from workbench.sources.knowledge import likeliest, recognise
    from workbench.sources.toolkit.pasted import plain_lines

    lines = tuple(plain_lines(text.rstrip("\n")))
    skipped = max(0, len(lines) - MOST_LINES)
    lines = lines[skipped:]
    hits = recognise(lines)
    best = likeliest(hit.line for hit in hits)  # of what is known already: a log has many lines
    at = None if best is None else best.number - 1
    return ReadLog(name, lines, tuple(_in_words(hit, language) for hit in hits), at, skipped)


def is_known(text: str) -> bool:
    """Whether anything of a text is known."""
    from workbench.sources.knowledge import recognise

    return bool(recognise(text.splitlines()))


def _in_words(hit: "Found", language: str) -> Explained:
    from workbench.sources.knowledge import about

    title, meaning, fix = about(hit, language)
    return Explained(hit.known.kind, title, meaning, fix, hit.line, hit.number, hit.known.repair)

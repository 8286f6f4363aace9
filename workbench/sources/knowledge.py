"""What the toolkit's messages mean and what helps, in English and Chinese.

The messages stand in a table (`resources/knowledge/toolkit.toml`); here a log is searched for them, line by line.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal, NamedTuple

from workbench.foundation.resources import resource

Kind = Literal["cause", "symptom", "warning", "harmless"]
KINDS: tuple[Kind, ...] = ("harmless", "warning", "symptom", "cause")
"""How much a message explains, the least first: a cause stands behind the symptoms of the same log."""
ENGLISH = "en"
COLOURS = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
UNSAID = "…"
TRACE = "D RKNN:"
"""How the compiler's lines about its own steps and tables begin: tens of thousands, of which none is a message."""
LONGEST = 4000
"""Characters of a line that are searched; a longer one is a list of tensors or a dump."""


class About(NamedTuple):
    """What a user is told: a few words, what has happened, what to do."""

    title: str
    meaning: str
    fix: str


@dataclass(frozen=True)
class Known:
    """A message of the toolkit, its runtime or what it stands on.

    `repair` is the key of a repair of `sources.toolkit.repairs` that mends the user's file, or nothing.
    """

    key: str
    kind: Kind
    patterns: tuple[re.Pattern[str], ...]
    texts: Mapping[str, About]
    repair: str = ""

    @property
    def weight(self) -> int:
        """The more a message explains, the more it weighs."""
        return KINDS.index(self.kind)


@dataclass(frozen=True)
class Found:
    """A known message in a log; `values` are the names and numbers that it holds."""

    known: Known
    line: str
    number: int
    values: Mapping[str, str]

    @property
    def key(self) -> str:
        """The key of the message."""
        return self.known.key


@cache
def known() -> tuple[Known, ...]:
    """All messages of the table, the more special ones first."""
    path = resource("knowledge", "toolkit.toml")
    table: Mapping[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    return tuple(_known(key, entry) for key, entry in table.items())


def recognise(lines: Iterable[str]) -> tuple[Found, ...]:
    """The known messages of a log in its order; what is repeated with the same names counts once."""
    found: dict[tuple[str, tuple[str, ...]], Found] = {}
    for number, line in enumerate(_lines(lines), start=1):
        hit = _of_line(line, number)
        if hit is not None:
            found.setdefault((hit.key, tuple(hit.values.values())), hit)
    return tuple(found.values())


def likeliest(lines: Iterable[str]) -> Found | None:
    """The message that explains most; of several like it the last, which is nearest to the end of the run."""
    found = [hit for hit in recognise(lines) if hit.known.kind != "harmless"]
    return max(reversed(found), key=lambda hit: hit.known.weight, default=None)


def is_harmless(line: str) -> bool:
    """Whether a line is known to mean nothing: who follows a run need not see it."""
    return any(hit.known.kind == "harmless" for hit in recognise((line,)))


def about(found: Found, language: str = ENGLISH) -> About:
    """What a message means, in a language (English where it is not spoken), with its names and numbers."""
    texts = found.known.texts.get(language) or found.known.texts[ENGLISH]
    return About(*(_filled(text, found.values) for text in texts))


def hint(lines: Iterable[str]) -> str:
    """What the likeliest message means and what helps, in English; nothing where no message is known."""
    found = likeliest(lines)
    return "" if found is None else " ".join(about(found)[1:])


def _known(key: str, entry: Mapping[str, Any]) -> Known:
    patterns = tuple(re.compile(pattern, re.IGNORECASE) for pattern in entry["patterns"])
    texts = {language: About(*entry[language]) for language in ("en", "zh_CN")}
    return Known(key, entry["kind"], patterns, texts, entry.get("repair", ""))


def _lines(lines: Iterable[str]) -> Iterator[str]:
    """Lines without colours; a bar that redraws itself is several lines of which the last is read."""
    for line in lines:
        yield COLOURS.sub("", line).rstrip("\r\n").rpartition("\r")[2].strip()


def _of_line(line: str, number: int) -> Found | None:
    if line.startswith(TRACE):
        return None
    searched = line[:LONGEST]
    small = searched.lower()
    for needed, pattern, entry in _patterns():
        match = pattern.search(searched) if needed in small else None
        if match is not None:
            values = {name: value or "" for name, value in match.groupdict().items()}
            return Found(entry, line, number, values)
    return None


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str], Known], ...]:
    """All patterns in the table's order, each with what a line must have to be searched, which is much faster."""
    return tuple((_needed(pattern.pattern), pattern, entry) for entry in known() for pattern in entry.patterns)


def _needed(pattern: str) -> str:
    """The longest run of letters, in small ones, that stands in every line that a pattern fits."""
    bare = re.sub(r"\\x..|\\.|\[[^\]]*\]", "\0", pattern)  # escapes and classes
    while (shorter := re.sub(r"\([^()]*\)", "\0", bare)) != bare:
        bare = shorter
    if "|" in bare:
        return ""
    bare = re.sub(r".(?:[*?]|\{.*?\})", "\0", bare)  # what may be absent
    return max(re.split(r"[\0.^$+]", bare), key=len).lower()


def _filled(text: str, values: Mapping[str, str]) -> str:
    """A text with the names and numbers of its message, which may hold braces themselves; … for what it did not say."""
    return re.sub(r"\{(\w+)\}", lambda place: values.get(place[1]) or UNSAID, text)

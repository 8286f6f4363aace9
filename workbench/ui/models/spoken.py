"""Texts of the core in the language of the window.

The core speaks English, to a terminal as to a window. Here its finished texts are recognised by the templates that
they were made from; what is in the places of a template (paths, names, numbers) is kept unless it is a text itself.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple

from workbench.foundation.resources import resource

PLACE = re.compile(r"\{(\d+)\}")
BETWEEN = re.compile(r"((?<=[.!?:]) |; |\n)")
"""What joins sentences; a colon, because the name of a file often stands before one."""
COUNT = re.compile(r"(?:\{\d\} (?:file|input)s?(?: for )?)+(?:, [a-z ]+)?")
"""Templates whose places are numbers."""
CHINESE = re.compile("[\u4e00-\u9fff]")
MOST = 2000
"""Characters: what is longer is no sentence of ours, and to search it would take long."""
LONGEST = 6
"""Sentences of a text that are tried together: what is in a place may hold such signs too."""


class Reading(NamedTuple):
    """What a text says: the more `letters` were recognised and the less was `left`, the better."""

    letters: int
    left: int
    text: str

    @property
    def worth(self) -> tuple[int, int]:
        return self.letters, -self.left


@dataclass(frozen=True)
class Template:
    """An English text with numbered places, and its translation."""

    source: str
    translation: str

    @cached_property
    def literals(self) -> tuple[str, ...]:
        return tuple(PLACE.split(self.source)[::2])

    @cached_property
    def letters(self) -> int:
        return sum(letter.isalpha() for literal in self.literals for letter in literal)

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        parts = PLACE.split(self.source)
        kind = r"\d+" if COUNT.fullmatch(self.source) else ".*?"
        places = (f"(?P<p{part}>{kind})" if at % 2 else re.escape(part) for at, part in enumerate(parts))
        return re.compile("".join(places), re.DOTALL)

    def places(self, text: str) -> dict[str, str] | None:
        """What stands in the places of a text that was made from this; None: it was not."""
        at = 0
        for literal in self.literals:  # much faster than a pattern, which is seldom needed then
            at = text.find(literal, at)
            if at < 0:
                return None
            at += len(literal)
        found = self._pattern.fullmatch(text)
        return None if found is None else {name[1:]: part for name, part in found.groupdict().items()}


_ends: list[tuple[str, str, Template]] = []
"""How the texts of a template begin and end: most are left out by that."""
_sources: set[str] = set()
_language = ["en"]


def use(language: str) -> None:
    """Speak a language from now on: "en", or one that the core's texts are translated into."""
    _language[:] = [language]
    path = resource("translations") / f"messages_{language}.json"
    texts: Mapping[str, str] = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    templates = [Template(source, translation) for source, translation in texts.items()]
    _ends[:] = [(template.literals[0], template.literals[-1], template) for template in templates]
    _sources.clear()
    _sources.update(texts)
    spoken.cache_clear()
    _of_one.cache_clear()


def language() -> str:
    """The language that is spoken."""
    return _language[0]


def sentences(*texts: str) -> str:
    """Sentences one after the other; behind a Chinese one stands no blank."""
    return "".join(text if text.endswith("。") else f"{text} " for text in texts if text).rstrip()


@lru_cache(maxsize=4096)
def spoken(text: str) -> str:
    """A text of the core in the language of the window; one that is not known stays as it is."""
    return _of_several(text).text if 0 < len(text) <= MOST and _ends else text


def _of_several(text: str) -> Reading:
    """The best reading of all ways to cut a text into sentences."""
    parts = BETWEEN.split(text)
    best: list[Reading] = [Reading(0, 0, "")]
    for end in range(1, len(parts) + 1, 2):
        best.append(max(_endings(parts, end, best), key=lambda reading: reading.worth))
    return max(best[-1], _of_one(text), key=lambda reading: reading.worth)


def _endings(parts: list[str], end: int, best: list[Reading]) -> Iterator[Reading]:
    """The sentences up to a place, the last one being the last 1, 2 … of them."""
    for start in range(end - 1, max(-1, end - 1 - 2 * LONGEST), -2):
        before, last = best[start // 2 + start % 2], _of_one("".join(parts[start:end]))
        sign = parts[start - 1] if start else ""
        yield Reading(before.letters + last.letters, before.left + last.left, _joined(before, sign, last))


def _joined(before: Reading, sign: str, last: Reading) -> str:
    """Two sentences; Chinese ones have no blank between them."""
    if sign == " " and before.text.endswith(("。", "：", "；")):
        sign = ""
    elif sign == "; " and (before.letters or last.letters):
        sign = "；"
    return before.text + sign + last.text


@lru_cache(maxsize=4096)
def _of_one(text: str) -> Reading:
    """The best reading of a text as one sentence."""
    readings = [Reading(0, len(text), text)]
    for first, last, template in _ends:
        places = template.places(text) if text.startswith(first) and text.endswith(last) else None
        if places is not None:
            readings.append(_filled(template, places))
    if text.endswith("."):  # a reason that a sentence ends with
        reason = _of_one(text[:-1])
        readings += [reason._replace(text=reason.text + "。")] if reason.letters else []
    return max(readings, key=lambda reading: reading.worth)


def _spaced(before: str, after: str) -> str:
    """Two parts of a sentence; between Chinese and Latin letters stands a blank, between Chinese ones none."""
    first, last = before[-1:], after[:1]
    if first and last.isalnum() and first.isalnum() and bool(CHINESE.match(first)) != bool(CHINESE.match(last)):
        return f"{before} {after}"
    if first == " " and CHINESE.match(before[-2:-1]) and CHINESE.match(last):
        return before[:-1] + after
    return before + after


def _of_place(text: str) -> Reading:
    """A reason or a count is a text itself; what looks like a path is not, whatever words are in it."""
    is_path = ("/" in text or "\\" in text) and text not in _sources
    return Reading(0, len(text), text) if is_path else _of_several(text)


def _filled(template: Template, places: Mapping[str, str]) -> Reading:
    inside = {number: _of_place(part) for number, part in places.items()}
    text = ""
    for at, part in enumerate(PLACE.split(template.translation)):
        text = _spaced(text, inside[part].text if at % 2 else part)
    letters = template.letters + sum(reading.letters for reading in inside.values())
    return Reading(letters, sum(reading.left for reading in inside.values()), text)

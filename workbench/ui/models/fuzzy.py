"""Finding by a few letters: every letter of the query occurs in the text, in this order."""

from collections.abc import Sequence
from dataclasses import dataclass

START, FOLLOWS, GAP, LATER = 8.0, 5.0, 0.3, 4.0
"""For a letter that begins a word, for one right after the last found; off for each letter between two, and for each
text before the one in which it is found."""


@dataclass(frozen=True)
class Match:
    """How well a query fits, and at which letters of the text."""

    score: float
    places: tuple[int, ...] = ()


def match(query: str, text: str) -> Match | None:
    """How well the letters of `query` are found in `text`; None where they are not. Blanks in a query mean nothing."""
    wanted, low = [letter for letter in query.lower() if not letter.isspace()], text.lower()
    if len(low) != len(text):  # a letter whose small form is two
        low = text
    if not wanted:
        return Match(0.0)
    starts = [start for start, letter in enumerate(low) if letter == wanted[0]]
    found = [_from(start, wanted, low, words=words) for start in starts for words in (True, False)]
    matches = [item for item in found if item is not None]
    return max(matches, key=lambda item: item.score, default=None)


def best(query: str, texts: Sequence[str]) -> tuple[int, Match] | None:
    """The text that fits best, by its place, and how; None where none does. Earlier texts count more."""
    found = [(at, item) for at, text in enumerate(texts) if (item := match(query, text)) is not None]
    return max(found, key=lambda pair: (pair[1].score - LATER * pair[0], -pair[0]), default=None)


def _from(start: int, wanted: Sequence[str], text: str, *, words: bool) -> Match | None:
    """The letters from a place on: where words begin if possible, or each where it occurs first."""
    places, at = [], start
    for letter in wanted:
        at = _next(letter, text, at) if words else text.find(letter, at)
        if at < 0:
            return None
        places.append(at)
        at += 1
    return Match(_score(places, text), tuple(places))


def _next(letter: str, text: str, start: int) -> int:
    """Where a letter occurs next; one that goes on at `start` first, else one that begins a word."""
    if text.startswith(letter, start):
        return start
    places = [at for at in range(start, len(text)) if text[at] == letter]
    return next((at for at in places if _begins(text, at)), places[0] if places else -1)


def _score(places: Sequence[int], text: str) -> float:
    score = 0.0
    for before, at in zip([-2, *places], places, strict=False):
        if _begins(text, at):
            score += START
        if at == before + 1:
            score += FOLLOWS
        elif before >= 0:
            score -= GAP * (at - before - 1)
    return score - GAP * places[0] - 0.01 * len(text)


def _begins(text: str, at: int) -> bool:
    return at == 0 or not text[at - 1].isalnum() or ord(text[at]) > 0x2E7F  # every Chinese letter is a word

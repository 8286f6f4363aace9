"""Protobuf's text format with the places of its fields, so that a repair changes these bytes alone.

The format: name: value, name { … } or name: { … }, also with < … >; # begins a comment; strings stand in " or '
(https://protobuf.dev/reference/protobuf/textformat-spec/).
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from workbench.sources.toolkit.repairs.patched import RepairError

TOKEN = re.compile(
    r"""
    (?P<skip>[\s,;]+|\#[^\n]*)
    |(?P<text>"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')
    |(?P<word>[^\s{}<>:,;\#"']+)
    |(?P<sign>[{}<>:])
    """,
    re.VERBOSE,
)
OPEN, CLOSE = "{<", "}>"


@dataclass(frozen=True)
class Field:
    """One field from its name at `start` to the end of its value at `end`; a message has `fields` instead of text."""

    name: str
    text: str
    start: int
    end: int
    fields: tuple["Field", ...] = ()

    @property
    def string(self) -> str:
        """The value without its quotes."""
        return self.text[1:-1] if self.text[:1] in ('"', "'") else self.text

    def all(self, *names: str) -> Iterator["Field"]:
        """The fields of these names inside this message."""
        return (inside for inside in self.fields if inside.name in names)

    def first(self, name: str) -> str:
        """The value of a field, or nothing."""
        return next((inside.string for inside in self.all(name)), "")


def parse(text: str) -> Field:
    """The whole file as one message without a name."""
    tokens = _Tokens(text)
    try:
        fields = tuple(_fields(tokens, ""))
    except RecursionError:
        raise RepairError("The prototxt cannot be read: it is nested too deeply.", "Check braces there.") from None
    return Field("", "", 0, len(text), fields)


def edited(text: str, edits: Iterable[tuple[int, int, str]]) -> str:
    """`text` with parts replaced: (from, to, what comes there)."""
    for start, end, new in sorted(edits, reverse=True):
        text = text[:start] + new + text[end:]
    return text


def line_of(text: str, part: Field) -> tuple[int, int]:
    """From where to where a field is taken out: with its whole lines where nothing else stands on them."""
    start, end = part.start, part.end
    line_start, line_end = text.rfind("\n", 0, start) + 1, text.find("\n", end)
    line_end = len(text) if line_end < 0 else line_end + 1
    behind = text[end:line_end].strip()
    if text[line_start:start].strip() or (behind and not behind.startswith("#")):
        return start, end
    return line_start, line_end


@dataclass
class _Tokens:
    text: str
    at: int = 0
    kind: str = field(default="", init=False)
    start: int = field(default=0, init=False)

    def next(self) -> str:
        """The next token; nothing at the end."""
        while self.at < len(self.text):
            match = TOKEN.match(self.text, self.at)
            if match is None:
                raise self.error()
            self.start, self.at, self.kind = self.at, match.end(), match.lastgroup or ""
            if self.kind != "skip":
                return match[0]
        self.start, self.kind = self.at, ""
        return ""

    def peek(self) -> str:
        """The next token, which stays the next one."""
        at = self.at
        token = self.next()
        self.at = at
        return token

    def error(self) -> RepairError:
        """What is wrong, and on which line."""
        line = self.text.count("\n", 0, self.at) + 1
        return RepairError(f"The prototxt cannot be read: line {line}.", "Check braces and quotes there.")


def _fields(tokens: _Tokens, close: str) -> Iterator[Field]:
    while (name := tokens.next()) not in ("", "}", ">"):
        if tokens.kind != "word":
            raise tokens.error()
        yield _field(tokens, name, tokens.start)
    if name != close:
        raise tokens.error()


def _field(tokens: _Tokens, name: str, start: int) -> Field:
    if has_colon := tokens.peek() == ":":
        tokens.next()
    token = tokens.next()
    if token and token in OPEN:
        inside = tuple(_fields(tokens, CLOSE[OPEN.index(token)]))
        return Field(name, "", start, tokens.at, inside)
    if not has_colon or tokens.kind not in ("word", "text"):
        raise tokens.error()
    return Field(name, token, start, tokens.at)

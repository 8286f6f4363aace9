"""Protocol buffers in text form, as Caffe describes its networks: `name: value` and `name { … }`, in any order."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

TOKEN = re.compile(
    r"""(?P<skip>[\s,;]+|\#[^\n]*)|(?P<text>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')|(?P<mark>[{}<>:\[\]])
    |(?P<word>[^\s,;{}<>:\[\]"'#]+)""",
    re.VERBOSE,
)
ENDS = {"{": "}", "<": ">"}


class ProtoTextError(ValueError):
    """Text that is no message."""


@dataclass(frozen=True)
class Message:
    """Values by name, in order; a value is a text (numbers and words as they are written) or a message."""

    values: "dict[str, list[str | Message]]" = field(default_factory=dict)

    def text(self, name: str, default: str = "") -> str:
        """The last value of a name."""
        found = self.texts(name)
        return found[-1] if found else default

    def texts(self, name: str) -> list[str]:
        """All values of a name."""
        return [value for value in self.values.get(name, []) if isinstance(value, str)]

    def messages(self, name: str) -> "list[Message]":
        """All messages of a name."""
        return [value for value in self.values.get(name, []) if isinstance(value, Message)]

    def numbers(self, name: str) -> list[int]:
        """The values of a name as integers."""
        try:
            return [int(value) for value in self.texts(name)]
        except ValueError as error:
            raise ProtoTextError(f"{name} is {self.texts(name)}, not a number") from error


def parse(text: str) -> Message:
    """The message that a text says."""
    return _message(_tokens(text), "")


def _tokens(text: str) -> Iterator[tuple[str, str, int]]:
    """Kind, text and line of each token."""
    place, line = 0, 1
    while place < len(text):
        match = TOKEN.match(text, place)
        if match is None:
            raise ProtoTextError(f"line {line} has a text without an end")
        kind, found = str(match.lastgroup), match.group()
        if kind != "skip":
            yield kind, found, line
        line += found.count("\n")
        place = match.end()


def _message(tokens: Iterator[tuple[str, str, int]], end: str) -> Message:
    found = Message()
    for kind, name, line in tokens:
        if name == end and kind == "mark":
            return found
        if kind != "word":
            raise ProtoTextError(f"line {line} has {name} where a name should stand")
        found.values.setdefault(name, []).extend(_value(tokens, name, line))
    if end:
        raise ProtoTextError(f"a {end} is missing at the end")
    return found


def _value(tokens: Iterator[tuple[str, str, int]], name: str, line: int) -> "list[str | Message]":
    kind, text, line = next(tokens, ("", "the end", line))
    if (kind, text) == ("mark", ":"):
        kind, text, line = next(tokens, ("", "the end", line))
    if kind == "mark" and text in ENDS:
        return [_message(tokens, ENDS[text])]
    if (kind, text) == ("mark", "["):
        return _list(tokens)
    if kind not in ("word", "text"):
        raise ProtoTextError(f"line {line} has {text} where the value of {name} should stand")
    return [_plain(kind, text)]


def _list(tokens: Iterator[tuple[str, str, int]]) -> "list[str | Message]":
    found: list[str | Message] = []
    for kind, text, _ in tokens:
        if (kind, text) == ("mark", "]"):
            return found
        found.append(_message(tokens, ENDS[text]) if text in ENDS and kind == "mark" else _plain(kind, text))
    raise ProtoTextError("a ] is missing at the end")


def _plain(kind: str, text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text[1:-1]) if kind == "text" else text

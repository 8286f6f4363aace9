"""What the toolkit prints while it works: coloured lines with a letter in front, and progress bars."""

import re
from dataclasses import dataclass

COLOUR = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
BAR = re.compile(r"^(?:[IWED] )?(?P<name>[^|%]*?)\s*:\s*\d+%\|.*?\|\s*(?P<done>\d+)/(?P<total>\d+)\s*\[")
MARK = re.compile(r"^\x1e(\d{1,4})$")
TAGGED = re.compile(r"^[IWED] ")


@dataclass(frozen=True)
class Bar:
    """How far a progress bar is."""

    name: str
    done: int
    total: int


def plain(text: str) -> str:
    """A line without colours and without blanks at its end."""
    return COLOUR.sub("", text).rstrip()


def bar_of(text: str) -> Bar | None:
    """The progress bar that a line shows; None where it shows none."""
    found = BAR.match(text)
    return found and Bar(found["name"].strip(), int(found["done"]), int(found["total"]))


def is_tagged(text: str) -> bool:
    """Whether a line is a message of the toolkit: information, warning, error or debug."""
    return TAGGED.match(text) is not None


def mark_of(text: str) -> int | None:
    """The number of the call that begins with a line; the worker writes such lines among the toolkit's."""
    found = MARK.match(text)
    return found and int(found[1])

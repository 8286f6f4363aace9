"""What logs of the vendor's toolkits say of a network: rewritten nodes, outliers, ranges, versions.

Source: rknn_facts §1.1 (rewrites), §5 (outliers, float16), and logs of rknn-toolkit2 1.4 to 2.5.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from workbench.sources.toolkit.pasted import unquoted_lines
from workbench.sources.toolkit.report_cells import number

TAGGED = re.compile(r"^\s*([IWED])(?::|\b)\s?(?:(\w+): )?(.*)$")
VERSION = re.compile(r"rknn-toolkit(2?) version:?\s*([\w.+-]+)", re.IGNORECASE)
TARGET = re.compile(r"target set by user is:\s*(\w+)|target is (RK\w+|RV\w+)", re.IGNORECASE)
REWRITE = re.compile(r"(\w+): remove node = (\[.*?\])(?:, add node = (\[.*\]))?\s*$")
FOLDED = re.compile(r"(fold_constant) remove nodes = (\[.*\])\s*$")
QUOTED = re.compile(r"'((?:[^'\\]|\\.)*)'|\"((?:[^\"\\]|\\.)*)\"")
OUTLIERS = re.compile(r"found outlier value")
OUTLIER_HEAD = re.compile(r"const name\s*abs_mean")
OUTLIER = re.compile(r"^\s*(\S.*?)\s{2,}(-?[\d.]+)\s+(-?[\d.]+)\s+(-?[\d.]+)\s*$")
OUT_OF_FLOAT16 = re.compile(r"The range \[(\S+), (\S+)\] of '(.+?)' is out of the float16")


@dataclass(frozen=True, slots=True)
class LogLine:
    """A line with its level, one of "I", "W", "E", "D" or "", and the function that said it, "" where none is named."""

    number: int
    level: str
    function: str
    text: str


@dataclass(frozen=True, slots=True)
class Rewrite:
    """A rule of the toolkit that took nodes out of the graph and put others in."""

    rule: str
    removed: tuple[str, ...]
    added: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Outlier:
    """A constant with a value far from the others."""

    tensor: str
    mean: float
    std: float
    value: float


@dataclass(frozen=True, slots=True)
class FloatRange:
    """A tensor whose values float16 does not hold."""

    tensor: str
    low: float
    high: float


@dataclass(frozen=True)
class ToolkitLog:
    """`version` and `target` are "" where the log does not name them; `is_toolkit1` tells whose version it is."""

    lines: tuple[LogLine, ...]
    version: str = ""
    is_toolkit1: bool = False
    target: str = ""
    rewrites: tuple[Rewrite, ...] = ()
    outliers: tuple[Outlier, ...] = ()
    ranges: tuple[FloatRange, ...] = ()

    @property
    def errors(self) -> tuple[LogLine, ...]:
        """The lines that the toolkit calls errors."""
        return tuple(line for line in self.lines if line.level == "E")


def read_log(text: str) -> ToolkitLog:
    """What a log says; of several values the last counts."""
    plain = unquoted_lines(text)
    lines = tuple(map(_line, range(1, len(plain) + 1), plain))
    versions = VERSION.findall(text)
    targets = [first or second for first, second in TARGET.findall(text)]
    return ToolkitLog(
        lines,
        versions[-1][1] if versions else "",
        bool(versions) and not versions[-1][0],
        targets[-1].lower() if targets else "",
        tuple(_rewrites(plain)),
        tuple(_outliers(plain)),
        tuple(FloatRange(name, number(low), number(high)) for low, high, name in OUT_OF_FLOAT16.findall(text)),
    )


def names_in(text: str) -> tuple[str, ...]:
    """The names in a list as Python prints it; a list that was cut short gives those that are whole."""
    return tuple(first or second for first, second in QUOTED.findall(text))


def _line(place: int, text: str) -> LogLine:
    found = TAGGED.match(text)
    if found is None:
        return LogLine(place, "", "", text.rstrip())
    return LogLine(place, found[1], found[2] or "", found[3].rstrip())


def _rewrites(lines: Iterable[str]) -> Iterator[Rewrite]:
    for line in lines:
        if "remove node" not in line:  # the patterns take long for long words
            continue
        if found := REWRITE.search(line):
            yield Rewrite(found[1], names_in(found[2]), names_in(found[3] or ""))
        elif found := FOLDED.search(line):
            yield Rewrite(found[1], names_in(found[2]), ())


def _outliers(lines: Sequence[str]) -> Iterator[Outlier]:
    """The rows of the table behind the warning."""
    for start, line in enumerate(lines):
        if not OUTLIERS.search(line):
            continue
        for row in lines[start + 1 :]:
            found = OUTLIER.match(row)
            if found:
                yield Outlier(found[1], float(found[2]), float(found[3]), float(found[4]))
            elif not OUTLIER_HEAD.search(row):
                break

"""What a check found out: one sentence of evidence, and what to do where something is wrong."""

from collections.abc import Iterable
from dataclasses import dataclass

LEVELS = ("bad", "doubt", "note", "good")


@dataclass(frozen=True, slots=True)
class Finding:
    """`key` is stable ("layout", "unit"); `level` is one of `LEVELS`; `fix` is "" where nothing is wrong."""

    key: str
    level: str
    text: str
    fix: str = ""


def worst(findings: Iterable[Finding]) -> str:
    """The level that decides: "bad", "doubt" or "good"."""
    return min((one.level for one in findings if one.level != "note"), key=LEVELS.index, default="good")


def spelled(shape: Iterable[object], mark: str = "×") -> str:
    """A shape for the eye."""
    return mark.join(map(str, shape)) or "()"


def shifted(zero_point: int) -> str:
    """A stored integer less its zero point, as one would write it."""
    if not zero_point:
        return "q"
    return f"(q {'+' if zero_point < 0 else '-'} {abs(zero_point)})"

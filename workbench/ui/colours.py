"""The colours that views draw with, light and dark, and mixtures of them."""

from dataclasses import dataclass
from itertools import pairwise

from PySide6.QtGui import QColor

from workbench.compare.grades import Grade

RAMP = ((0.0, "#2f6fb7"), (0.5, "#f0c843"), (1.0, "#d5431b"))  # blue, yellow, vermilion: read by the colour-blind too


@dataclass(frozen=True)
class Band:
    """How a grade of an error looks: never told by its colour alone."""

    symbol: str
    colour: QColor


@dataclass(frozen=True)
class Theme:
    """The colours that views draw with. `golden`, `simulator` and `runtime` mean the same everywhere."""

    name: str
    background: QColor
    surface: QColor
    text: QColor
    muted: QColor
    line: QColor
    accent: QColor
    golden: QColor
    simulator: QColor
    runtime: QColor
    difference: QColor
    bands: tuple[Band, ...]
    """By `Grade`."""

    @property
    def bad(self) -> QColor:
        """The colour of errors."""
        return self.bands[Grade.BAD].colour

    def source(self, name: str) -> QColor:
        """The colour of a source, or of the difference."""
        colour: QColor = getattr(self, name.split("_")[0])
        return colour


def mix(first: QColor, second: QColor, share: float) -> QColor:
    """`share` of the second colour in the first."""

    def part(a: float, b: float) -> float:
        return a + (b - a) * share

    return QColor.fromRgbF(
        part(first.redF(), second.redF()), part(first.greenF(), second.greenF()), part(first.blueF(), second.blueF())
    )


def ramp(fraction: float) -> QColor:
    """The colour of an error: 0 is good (blue), 1 is bad (vermilion)."""
    position = min(1.0, max(0.0, fraction))
    for (low, first), (high, second) in pairwise(RAMP):
        if position <= high:
            return mix(QColor(first), QColor(second), (position - low) / (high - low))
    return QColor(RAMP[-1][1])


def _bands(good: str, fair: str, poor: str, bad: str, none: str) -> tuple[Band, ...]:
    colours = (good, fair, poor, bad, none)
    return tuple(Band(grade.symbol, QColor(colour)) for grade, colour in zip(Grade, colours, strict=True))


LIGHT = Theme(
    "light", QColor("#f3f4f6"), QColor("#ffffff"), QColor("#1b2026"), QColor("#66707c"), QColor("#dde1e6"),
    QColor("#0b7f73"), QColor("#b26b00"), QColor("#2467c4"), QColor("#ae2a86"), QColor("#5b6672"),
    _bands("#2f6fb7", "#5d9bb8", "#a06a00", "#cf3d17", "#98a1ab"),
)  # fmt: skip
DARK = Theme(
    "dark", QColor("#16191d"), QColor("#1e2227"), QColor("#e3e7ec"), QColor("#929daa"), QColor("#31373f"),
    QColor("#3cc4b0"), QColor("#f0b03f"), QColor("#66a8f7"), QColor("#e877c0"), QColor("#a3adb9"),
    _bands("#5b9be3", "#7fb9cf", "#f0c843", "#f4694a", "#6d7783"),
)  # fmt: skip

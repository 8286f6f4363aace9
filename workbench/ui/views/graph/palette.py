"""The colours of the classes of a colouring, and the words of the legend."""

from functools import lru_cache

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QColor

from workbench.ui import theme
from workbench.ui.colours import mix, ramp
from workbench.ui.models.graph.colours import BINS, KIND_NAMES, kind_of

KIND_HUES = (215, 35, 165, 280, 190, 225, 0)
"""One hue per kind of operator, in the order of KIND_NAMES; the last two are nearly grey."""


def colours(scale: str) -> list[QColor]:
    """One colour per class of a scale; the last is "no value"."""
    shown = theme.active()
    if scale == "grades":
        return [band.colour for band in shown.bands]
    if scale == "ramp":
        return [ramp(number / (BINS - 1)) for number in range(BINS)] + [shown.bands[-1].colour]
    return [_kind(number) for number in range(len(KIND_NAMES))] + [mix(shown.muted, shown.background, 0.4)]


def kind_titles() -> list[str]:
    """What the kinds of operators are called."""
    translate = QCoreApplication.translate
    return [
        translate("GraphLegend", "Convolution, matrix"),
        translate("GraphLegend", "Activation"),
        translate("GraphLegend", "Arithmetic"),
        translate("GraphLegend", "Normalization"),
        translate("GraphLegend", "Pooling, resize"),
        translate("GraphLegend", "Shape"),
        translate("GraphLegend", "Other"),
    ]


@lru_cache(maxsize=1024)
def _kind_colour(op: str, _theme: str) -> QColor:
    return _kind(kind_of(op))


def kind_colour(op: str) -> QColor:
    """The colour of an operator's kind."""
    return _kind_colour(op, theme.active().name)


def blend(first: QColor, second: QColor, share: float) -> QColor:
    """As `mix`, made once and for all: thousands of boxes are painted in the same colours. Not to be changed."""
    return _blended(first.rgba(), second.rgba(), share)


@lru_cache(maxsize=1024)
def _blended(first: int, second: int, share: float) -> QColor:
    return mix(QColor(first), QColor(second), share)


def _kind(number: int) -> QColor:
    dark = theme.active().name == "dark"
    strength = (0.10 if number == 5 else 0.02) if number >= 5 else 0.38
    return QColor.fromHslF(KIND_HUES[number] / 360, strength, 0.62 if dark else 0.56)

"""The numbers and words of a sweep's places."""

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from workbench.compare.compare import ENTIRE
from workbench.compare.grades import Grade, grade
from workbench.ui.numbers import seconds_text, value_text
from workbench.ui.titles import metric_title, setting_titles, short_title

if TYPE_CHECKING:
    from workbench.project.sweeps.file import Place

WORST, SECONDS = "worst", "seconds"
NUMBERS = ("cos", WORST, "euc", "sqnr_db", SECONDS)
UPSIDE = ("cos", WORST, "sqnr_db")
"""Numbers of which more is better."""
TITLES = {"type": "dtype", "level": "optimization_level"}
translate = QCoreApplication.translate


def axis_title(axis: str) -> str:
    """An axis in words, as the settings call it."""
    own = {
        "calibration": translate("Sweep", "calibration inputs"), "order": translate("Sweep", "channel order"),
        "level": translate("Sweep", "level"), "type": translate("Sweep", "data type"),
    }  # fmt: skip
    return own.get(axis) or setting_titles()[TITLES.get(axis, axis)]


def value_title(axis: str, value: str) -> str:
    """A value of an axis in words; "" says nothing there."""
    if not value:
        return "–"
    if axis == "calibration" and value == "all":
        return translate("Sweep", "all")
    return value.upper() if axis == "order" else value


def number_title(key: str) -> str:
    """A number's title, for headers."""
    own = {WORST: translate("Sweep", "worst input"), SECONDS: translate("Sweep", "time [s]")}
    return own.get(key) or short_title(key)


def number_tip(key: str) -> str:
    """What a number is."""
    own = {
        "cos": translate("Sweep", "Cosine of the worst output with golden, the mean over the inputs"),
        WORST: translate("Sweep", "Cosine of the worst output for the input where it is worst"),
        SECONDS: translate("Sweep", "How long it was computed"),
    }
    return own.get(key) or metric_title(key)


def number(place: "Place", key: str) -> float | None:
    """A number of a place; None where it is not computed."""
    if not place.outputs:
        return None
    if key == WORST:
        values = [errors.worst["cos"] for errors in place.outputs.values() if "cos" in errors.worst]
        return min(values, default=None)
    return place.seconds if key == SECONDS else place.value(key)


def number_text(place: "Place", key: str) -> str:
    """It as text; "" where it is not computed."""
    value = number(place, key)
    if value is None:
        return ""
    return f"{value:.1f}" if key == SECONDS else value_text("cos" if key == WORST else key, value)


def badness(place: "Place", key: str) -> float:
    """The less the better; what is no number is worse than all, what is not computed worst."""
    value = number(place, key)
    if value is None:
        return math.inf
    return 1e300 if math.isnan(value) else -value if key in UPSIDE else value


def grade_of(place: "Place") -> Grade:
    """How bad a place is by its cosine."""
    return grade("cos", ENTIRE, number(place, "cos"))


def told(place: "Place") -> str:
    """All of a place in lines, for tool-tips."""
    lines = [f"{axis_title(axis)}: {value_title(axis, value)}" for axis, value in place.at.items() if value]
    if place.problem:
        return "\n".join((*lines, place.problem, place.hint))
    if not place.outputs:
        return "\n".join((*lines, translate("Sweep", "not computed yet")))
    lines += [f"{number_title(key)}: {number_text(place, key)}" for key in NUMBERS if key != SECONDS]
    lines.append(translate("Sweep", "computed in {0}").format(seconds_text(place.seconds)))
    return "\n".join((*lines, *place.warnings))

"""Numbers as the window writes them: NaN and infinity in words, never a number without its digits' meaning."""

import math
from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication

from workbench.compare.metrics import NUMBERS

LEAST_POWER = 1e6
"""From here on a power of ten is easier to read than all the digits."""


def value_text(metric: str, value: float) -> str:
    """A metric's value in the digits that the metric has."""
    if math.isnan(value):
        return QCoreApplication.translate("Numbers", "NaN")
    if math.isinf(value):
        infinite = QCoreApplication.translate("Numbers", "infinite")
        return infinite if value > 0 else f"−{infinite}"
    return format(value, NUMBERS[metric].digits)


def real_text(value: float, figures: int = 5) -> str:
    """Some significant digits; what is no number in words."""
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    text = f"{value:.{figures}g}"
    if "e+0" in text and abs(value) < LEAST_POWER:  # 4799 instead of 4.8e+03
        text = f"{value:.0f}"
    digits, _, power = text.partition("e")
    return (f"{digits}e{int(power)}" if power else digits).replace("-", "−")


def range_text(low: float, high: float, figures: int = 5) -> str:
    """The smallest and the largest value, or the only one."""
    return real_text(low, figures) if low == high else f"{real_text(low, figures)} … {real_text(high, figures)}"


def number_text(value: float) -> str:
    """A setting as a user would type it."""
    return f"{value:.10g}"


def list_text(values: Sequence[float]) -> str:
    """Several settings, separated by blanks."""
    return " ".join(number_text(value) for value in values)


def parse_list(text: str) -> tuple[float, ...] | None:
    """The numbers in a text (blanks, commas or semicolons between them); None where something is no finite number."""
    try:
        values = tuple(float(part) for part in text.replace(",", " ").replace(";", " ").strip("[]() ").split())
    except ValueError:
        return None
    return values if values and all(math.isfinite(value) for value in values) else None


def seconds_text(seconds: float) -> str:
    """A duration, roughly."""
    if seconds < 10:
        return QCoreApplication.translate("Numbers", "{0} s").format(f"{seconds:.1f}")
    if seconds < 60:
        return QCoreApplication.translate("Numbers", "{0} s").format(round(seconds))
    return QCoreApplication.translate("Numbers", "{0} min {1} s").format(int(seconds) // 60, int(seconds) % 60)

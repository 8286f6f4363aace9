"""Figures of an evaluation in words."""

from PySide6.QtCore import QCoreApplication

from workbench.ui.models.accuracy.figures import SHARES, Figure
from workbench.ui.numbers import real_text

translate = QCoreApplication.translate


def metric_title(metric: str) -> str:
    """What a figure is called; the name of an output stays as it is."""
    titles = {
        "top1": "top-1", "top5": "top-5", "agreement": translate("Accuracy", "as float"),
        "map": "mAP", "map50": "mAP@0.5", "map75": "mAP@0.75",
        "map_small": translate("Accuracy", "mAP, small"), "map_medium": translate("Accuracy", "mAP, medium"),
        "map_large": translate("Accuracy", "mAP, large"),
        "recall": translate("Accuracy", "recall"), "recall50": translate("Accuracy", "recall@0.5"),
    }  # fmt: skip
    return titles.get(metric, metric)


def value_text(metric: str, figure: Figure) -> str:
    """A figure."""
    return f"{100 * figure.value:.2f} %" if metric in SHARES else real_text(figure.value)


def interval_text(metric: str, figure: Figure) -> str:
    """Where it lies with 95 %."""
    if metric in SHARES:
        return f"{100 * figure.low:.2f} – {100 * figure.high:.2f}"
    return f"{real_text(figure.low)} – {real_text(figure.high)}"


def difference_text(metric: str, figure: Figure) -> str:
    """By how much it differs from float, in points where it is a share."""
    if metric in SHARES:
        return f"{100 * figure.value:+.2f}".replace("-", "−")
    return f"+{real_text(figure.value)}" if figure.value >= 0 else real_text(figure.value)


def chance_text(chance: float | None) -> str:
    """How likely chance alone gives a difference."""
    return "" if chance is None else f"{chance:.2g}"

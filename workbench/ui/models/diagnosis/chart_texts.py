"""What charts of findings are labelled with, in the language of the window."""

from dataclasses import replace

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from workbench.diagnose.findings import Chart
from workbench.ui.models.graph.model import plain_name
from workbench.ui.models.spoken import spoken

ANALYSED = " (analysed)"
SETTINGS = "preprocessing", "mean and std"
"""Axes along which settings stand in words; along others stand names."""
TENSORS = "tensor", "layer", "part"
"""Those along which tensors stand."""
GROWTH = "calibration inputs"
"""The axis of a chart whose rows of numbers are those of tensors."""
WORDS = (
    QT_TRANSLATE_NOOP("Charts", "board"),
    QT_TRANSLATE_NOOP("Charts", "channel"),
    QT_TRANSLATE_NOOP("Charts", "deviation"),
    QT_TRANSLATE_NOOP("Charts", "difference"),
    QT_TRANSLATE_NOOP("Charts", "divergence"),
    QT_TRANSLATE_NOOP("Charts", "extent"),
    QT_TRANSLATE_NOOP("Charts", "largest"),
    QT_TRANSLATE_NOOP("Charts", "layer"),
    QT_TRANSLATE_NOOP("Charts", "magnitude"),
    QT_TRANSLATE_NOOP("Charts", "needed"),
    QT_TRANSLATE_NOOP("Charts", "part"),
    QT_TRANSLATE_NOOP("Charts", "preprocessing"),
    QT_TRANSLATE_NOOP("Charts", "rounding"),
    QT_TRANSLATE_NOOP("Charts", "session"),
    QT_TRANSLATE_NOOP("Charts", "share"),
    QT_TRANSLATE_NOOP("Charts", "simulator"),
    QT_TRANSLATE_NOOP("Charts", "tensor"),
    QT_TRANSLATE_NOOP("Charts", "weight"),
)
"""Words that stand alone; a text of several is one of the core's."""


def told(chart: Chart) -> Chart:
    """The chart with its words in the language of the window; names of tensors, inputs and layers stay."""
    series = {_of_tensor(name) if chart.x == GROWTH else _word(name): values for name, values in chart.series.items()}
    name = _word if chart.x in SETTINGS else plain_name if chart.x in TENSORS else str
    labels = tuple(map(name, chart.labels))
    return replace(chart, x=_word(chart.x), y=_word(chart.y), series=series, labels=labels)


def _word(text: str) -> str:
    return QCoreApplication.translate("Charts", text) if text in WORDS else spoken(text)


def _of_tensor(name: str) -> str:
    """A row of numbers of one tensor."""
    if not name.endswith(ANALYSED):
        return plain_name(name)
    return QCoreApplication.translate("Charts", "{0} (analysed)").format(plain_name(name.removesuffix(ANALYSED)))

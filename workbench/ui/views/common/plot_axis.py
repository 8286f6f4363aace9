"""The axes of our plots: a true minus sign, and no more labels than a logarithmic axis has room for."""

import math
from collections.abc import Sequence

import pyqtgraph as pg

MOST_LABELS = 6
FEW = 3  # below, 2 and 5 times a power of ten get labels too


class PlotAxis(pg.AxisItem):
    """An axis whose labels can be read."""

    def tickStrings(self, values: Sequence[float], scale: float, spacing: float) -> list[str]:
        return [text.replace("-", "−") for text in super().tickStrings(values, scale, spacing)]

    def logTickValues(
        self, minVal: float, maxVal: float, size: int, stdTicks: Sequence[tuple[float, Sequence[float]]]
    ) -> list[tuple[float, list[float]]]:
        """Powers of ten, and what lies between where there are few."""
        first, last = math.floor(minVal), math.ceil(maxVal)
        step = max(1, math.ceil((last - first) / MOST_LABELS))
        factors = (1, 2, 5) if maxVal - minVal < FEW else (1,)
        powers = [power for power in range(first, last + 1) if power % step == 0]
        found = [power + math.log10(factor) for power in powers for factor in factors]
        return [(1.0, [value for value in found if minVal <= value <= maxVal])]

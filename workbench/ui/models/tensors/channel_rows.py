"""The channels of a tensor - or what another axis counts - with their errors and golden's ranges: rows of a table."""

import math
from typing import Any

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QCoreApplication, QObject, Qt

from workbench.ui.models.qt_index import NOWHERE, Index
from workbench.ui.models.tensors.histogram import Grid
from workbench.ui.models.tensors.moments import Moments
from workbench.ui.models.tensors.summary import ChannelErrors
from workbench.ui.numbers import range_text, real_text
from workbench.ui.titles import channel_title

CHANNEL, ERROR, RANGE = range(3)
METRICS = ("rms", "relative", "max_abs", "cos")
LENGTH_ROLE = Qt.ItemDataRole.UserRole + 1
"""Of the error's bar: 0 to 1."""
SPAN_ROLE = Qt.ItemDataRole.UserRole + 2
"""Golden's range, as two shares of the width that all channels have in common; None without finite values."""
FIGURES, FEW_FIGURES = 4, 2
UNKNOWN = "–"
FAR_WIDER = 4.0


class ChannelRows(QAbstractTableModel):
    """The worst first, until the user sorts by something else. A NaN is the worst."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.metric = METRICS[0]
        self.counted, self.reference = "", ""
        """What a row is one of, and whose ranges are shown."""
        self.errors: ChannelErrors | None = None
        self._golden: Moments | None = None
        self._grid: Grid | None = None
        self._order, self._bad, self._ends = np.zeros(0, np.intp), np.zeros(0), (-1.0, 1.0)
        self._sorted = ERROR, Qt.SortOrder.DescendingOrder

    def show_channels(self, errors: ChannelErrors | None, golden: Moments | None, grid: Grid | None) -> None:
        """Take another tensor; `grid` are the levels that the source which is compared can hold."""
        self.beginResetModel()
        self.errors, self._golden, self._grid = errors, golden, grid
        self._ends = self._spanned()
        self._bad = self._badness()
        self._order = self._ordered()
        self.endResetModel()

    def set_metric(self, metric: str) -> None:
        """Rank by another metric."""
        self.beginResetModel()
        self.metric = metric
        self._bad = self._badness()
        self._order = self._ordered()
        self.endResetModel()

    def channel(self, row: int) -> int:
        """The channel of a row."""
        return int(self._order[row])

    def row_of(self, channel: int) -> int:
        """The row of a channel; -1 when there is none."""
        found = np.flatnonzero(self._order == channel)
        return int(found[0]) if found.size else -1

    def imbalance(self) -> float:
        """The widest golden range of a channel over the narrowest that is not zero; NaN where there are no two."""
        if self._golden is None:
            return math.nan
        widths = self._golden.high - self._golden.low
        widths = widths[widths > 0]
        return float(widths.max() / widths.min()) if widths.size > 1 else math.nan

    def ends(self) -> tuple[float, float]:
        """What the bars of ranges span: all channels, zero, and what can be held unless that is far wider."""
        return self._ends

    def held(self) -> tuple[float, float] | None:
        """What of the span can be held, as shares of it."""
        if self._grid is None:
            return None
        low, high = self.ends()
        left, right = ((end - low) / (high - low) for end in (self._grid.low, self._grid.high))
        return max(0.0, left), min(1.0, right)

    def zero(self) -> float:
        """Where zero is, as a share of the span."""
        low, high = self.ends()
        return -low / (high - low)

    def rowCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._order)

    def columnCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else 3

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal or role != Qt.ItemDataRole.DisplayRole:
            return None
        titles = (
            self.counted,
            channel_title(self.metric),
            QCoreApplication.translate("Channels", "range of {0}").format(self.reference),
        )
        return titles[section]

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if self.errors is None or self._golden is None:
            return None
        channel = self.channel(index.row())
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(channel, index.column())
        if role == LENGTH_ROLE:
            return self._length(channel)
        if role == SPAN_ROLE:
            return self._share(channel)
        return None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        self._sorted = column, order
        self.layoutAboutToBeChanged.emit()
        self._order = self._ordered()
        self.layoutChanged.emit()

    def _spanned(self) -> tuple[float, float]:
        ends = [0.0]
        if self._golden is not None and np.isfinite(self._golden.low).any():
            ends += [float(np.nanmin(self._golden.low)), float(np.nanmax(self._golden.high))]
        width = max(ends) - min(ends)
        if self._grid is not None and self._grid.high - self._grid.low <= FAR_WIDER * width:
            ends += [self._grid.low, self._grid.high]
        return (min(ends), max(ends)) if max(ends) > min(ends) else (-1.0, 1.0)

    def _values(self) -> np.ndarray:
        """One number a channel."""
        assert self.errors is not None
        assert self._golden is not None
        if self.metric != "relative":
            values: np.ndarray = getattr(self.errors, self.metric)
            return values
        power = np.where(self._golden.power > 0, self._golden.power, np.nan)  # nothing is relative to zero
        relative: np.ndarray = self.errors.rms * np.sqrt(self._golden.count / power)
        return relative

    def _badness(self) -> np.ndarray:
        if self.errors is None or self._golden is None:
            return np.zeros(0)
        return 1 - self._values() if self.metric == "cos" else self._values()

    def _ordered(self) -> np.ndarray:
        if self.errors is None or self._golden is None:
            return np.zeros(0, np.intp)
        column, direction = self._sorted
        if column == CHANNEL:
            keys = np.arange(len(self._golden.low), dtype=np.float64)
        elif column == ERROR:
            keys = np.where(np.isnan(self._bad), np.where(self._is_unknown(), -np.inf, np.inf), self._bad)
        else:
            keys = np.nan_to_num(self._golden.high - self._golden.low, nan=-1.0)
        return np.argsort(-keys if direction == Qt.SortOrder.DescendingOrder else keys, kind="stable")

    def _is_unknown(self) -> np.ndarray:
        """What has no cos or relative error though all is finite is zero: not the worst; any other NaN is."""
        assert self.errors is not None
        return np.isnan(self._bad) & np.isfinite(self.errors.rms)

    def _length(self, channel: int) -> float:
        bad = float(self._bad[channel])
        if not math.isfinite(bad):
            return 0.0 if self._is_unknown()[channel] else 1.0
        most = float(np.max(self._bad, where=np.isfinite(self._bad), initial=0.0))
        return max(0.0, bad / most) if most > 0 else 0.0

    def _share(self, channel: int) -> tuple[float, float] | None:
        assert self._golden is not None
        ends = float(self._golden.low[channel]), float(self._golden.high[channel])
        if math.isnan(ends[0]):
            return None
        low, high = self.ends()
        return (ends[0] - low) / (high - low), (ends[1] - low) / (high - low)

    def _text(self, channel: int, column: int) -> str:
        assert self._golden is not None
        if column == CHANNEL:
            return str(channel)
        if column == RANGE:
            return _range(float(self._golden.low[channel]), float(self._golden.high[channel]))
        value = float(self._values()[channel])
        if self.metric == "cos" and math.isfinite(value):
            return f"{value:.5f}".replace("-", "−")
        if self.metric == "relative" and math.isfinite(value):
            return f"{value * 100:.3g} %"
        return UNKNOWN if self._is_unknown()[channel] else real_text(value, FIGURES)


def _range(low: float, high: float) -> str:
    """Shorter where powers of ten take room."""
    if math.isnan(low):
        return UNKNOWN
    text = range_text(low, high, FIGURES)
    return range_text(low, high, FEW_FIGURES) if "e" in text else text

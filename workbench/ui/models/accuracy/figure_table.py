"""The sources of an evaluation: a figure of each with its interval, and what it loses against float. A table model."""

from typing import Any

from PySide6.QtCore import QAbstractTableModel, Qt
from PySide6.QtGui import QBrush

from workbench.ui import theme
from workbench.ui.models.accuracy.figures import FLOAT, SHARES, Figure, Figures, SourceFigures
from workbench.ui.models.accuracy.texts import (
    chance_text,
    difference_text,
    interval_text,
    metric_title,
    value_text,
)
from workbench.ui.models.qt_index import NOWHERE, Index
from workbench.ui.numbers import seconds_text
from workbench.ui.tips import plain_tip

SOURCE, BAR, VALUE, INTERVAL, DIFFERENCE, CHANCE, TIME = COLUMNS = range(7)
FIGURE = Qt.ItemDataRole.UserRole
"""Of the column of bars: the `Figure`, or None."""
LIKELY = 0.05
NAME = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
NUMBER = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class FigureTable(QAbstractTableModel):
    """`metric` is the figure that is shown; `limits` are the ends of the bars' scale."""

    def __init__(self) -> None:
        super().__init__()
        self.metric = ""
        self.limits = (0.0, 1.0)
        self._figures: Figures | None = None

    def show(self, figures: Figures | None, metric: str) -> None:
        """Show others."""
        self.beginResetModel()
        self._figures, self.metric = figures, metric
        self.limits = figures.limits(metric) if figures is not None else (0.0, 1.0)
        self.endResetModel()

    def source(self, row: int) -> SourceFigures:
        """That of a row."""
        assert self._figures is not None
        return self._figures.sources[row]

    def rowCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() or self._figures is None else len(self._figures.sources)

    def columnCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return NUMBER if section > BAR else NAME
        if role == Qt.ItemDataRole.DisplayRole:
            apart = self.tr("points from float") if self.metric in SHARES else self.tr("from float")
            return (
                self.tr("Source"), self.tr("95 %"), metric_title(self.metric), self.tr("interval"), apart, "p",
                self.tr("time"),
            )[section]  # fmt: skip
        if role == Qt.ItemDataRole.ToolTipRole:
            return {
                BAR: self.tr("Where the figure lies with a certainty of 95 %; the line is float's"),
                DIFFERENCE: self.tr("Measured on the same images"),
                CHANCE: self.tr("How likely chance alone gives such a difference"),
            }.get(section, "")
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        source, column = self.source(index.row()), index.column()
        if role == FIGURE:
            return source.values.get(self.metric)
        if role == Qt.ItemDataRole.TextAlignmentRole and column > BAR:
            return NUMBER
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(self._tip(source))
        if role == Qt.ItemDataRole.AccessibleTextRole and column == BAR and self.metric in source.values:
            return interval_text(self.metric, source.values[self.metric])
        if role == Qt.ItemDataRole.ForegroundRole and column in (DIFFERENCE, CHANCE):
            return QBrush(theme.active().bad) if _is_worse(source.differences.get(self.metric)) else None
        return self._text(source, column) if role == Qt.ItemDataRole.DisplayRole else None

    @property
    def reference(self) -> Figure | None:
        """Float's figure."""
        sources = self._figures.sources if self._figures is not None else ()
        return next((one.values.get(self.metric) for one in sources if one.text == FLOAT), None)

    def _text(self, source: SourceFigures, column: int) -> str:
        figure, apart = source.values.get(self.metric), source.differences.get(self.metric)
        if column == SOURCE:
            return source.name
        if column == TIME:
            return seconds_text(source.seconds) if source.computed else self.tr("known")
        if column in (VALUE, INTERVAL) and figure is not None:
            return (value_text if column == VALUE else interval_text)(self.metric, figure)
        if column == DIFFERENCE and apart is not None:
            mark = "✖ " if _is_worse(apart) else ""
            return f"{mark}{difference_text(self.metric, apart)}"
        return chance_text(apart.chance) if column == CHANCE and apart is not None else ""

    def _tip(self, source: SourceFigures) -> str:
        lines = [source.text]
        lines += [
            f"{metric_title(key)}: {value_text(key, one)}  [{interval_text(key, one)}]"
            for key, one in source.values.items()
        ]
        if source.unanswered:
            lines.append(self.tr("no answer: {0}").format(source.unanswered))
        return "\n".join(lines)


def _is_worse(apart: Figure | None) -> bool:
    """Whether it is worse than float by more than chance gives."""
    return apart is not None and apart.value < 0 and (apart.chance is None or apart.chance < LIKELY)

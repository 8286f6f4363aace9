"""What every part of the network does to the outputs, quantised alone and spared alone. A table model."""

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from workbench.ui.models.graph.model import plain_name
from workbench.ui.numbers import real_text

if TYPE_CHECKING:
    from workbench.mixed.sensitivity import Effect, Sensitivity

Index = QModelIndex | QPersistentModelIndex
SHARE = Qt.ItemDataRole.UserRole
"""Of a column of numbers: how long its bar is, from 0 to 1; None where there is no number."""
NAME = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
NUMBER = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
LAYER, ONLY, SPARED, WEIGHTS = COLUMNS = range(4)
DECADES = 6
"""Powers of ten below the largest number that bars reach over."""


class EffectsTable(QAbstractTableModel):
    """Rows in the order of the network until a column is sorted by; `output` "" for the worst one."""

    def __init__(self) -> None:
        super().__init__()
        self._effects: tuple[Effect, ...] = ()
        self._quantised: Mapping[str, float] = {}
        self._order: list[int] = []
        self._sorted = (ONLY, Qt.SortOrder.DescendingOrder)
        self._largest: dict[int, float] = {}
        self.output = ""

    def show_effects(self, found: "Sensitivity | None", output: str = "") -> None:
        """Show others, or those on one output."""
        self.beginResetModel()
        self._effects = () if found is None else found.effects
        self._quantised = {} if found is None else found.quantised
        self.output = output
        self._largest = {
            column: max((value for one in self._effects if (value := self.value(one, column)) is not None), default=0.0)
            for column in (ONLY, SPARED)
        }
        self._put_in_order()
        self.endResetModel()

    @property
    def has_spared(self) -> bool:
        """Whether anything was spared alone."""
        return any(one.spared for one in self._effects)

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """By a column; by the layers' own means in the order of the network."""
        self.beginResetModel()
        self._sorted = (column, order)
        self._put_in_order()
        self.endResetModel()

    def tensor(self, at: int) -> str:
        """The tensor of a row."""
        return self._effects[self._order[at]].tensor

    def place(self, tensor: str) -> int:
        """The row of a tensor; -1 where it has none."""
        return next((at for at, number in enumerate(self._order) if self._effects[number].tensor == tensor), -1)

    def value(self, one: "Effect", column: int) -> float | None:
        """1 - cosine with it alone quantised; how much less there is with it alone spared; the share of its weights."""
        if column == WEIGHTS:
            return one.weights
        if column == ONLY:
            return self._of_output(one.only)
        if not one.spared:
            return None
        before, after = self._of_output(self._quantised), self._of_output(one.spared)
        return None if before is None or after is None else before - after

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 (Qt's signature)
        return 0 if parent.isValid() else len(self._order)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return NUMBER if section > LAYER else NAME
        if role == Qt.ItemDataRole.DisplayRole:
            return (self.tr("Layer"), self.tr("Costs"), self.tr("Saves"), self.tr("Weights"))[section]
        if role == Qt.ItemDataRole.ToolTipRole:
            return (
                "", self.tr("1 − cos of the outputs where only this layer is quantized"),
                self.tr("How much smaller 1 − cos of the outputs is where only this layer is spared"),
                self.tr("How much of what it costs comes of its weights; the rest is the rounding of its tensor"),
            )[section]  # fmt: skip
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        one, column = self._effects[self._order[index.row()]], index.column()
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return NUMBER if column > LAYER else NAME
        if role == Qt.ItemDataRole.ToolTipRole:
            return "\n".join(one.layers) if column == LAYER else None
        if role == SHARE:
            return self._share(one, column)
        return self._text(one, column) if role == Qt.ItemDataRole.DisplayRole else None

    def _text(self, one: "Effect", column: int) -> str:
        if column == LAYER:
            return plain_name(one.tensor)
        value = self.value(one, column)
        if value is None:
            return ""
        return f"{100 * value:.0f} %" if column == WEIGHTS else real_text(value, 3)

    def _share(self, one: "Effect", column: int) -> float | None:
        """Bars of powers of ten: effects of layers lie far apart."""
        value, largest = self.value(one, column), self._largest.get(column, 0.0)
        if column == WEIGHTS:
            return value
        if column == LAYER or value is None or largest <= 0:
            return None
        if not value > 0:
            return 0.0
        return max(0.02, 1 + math.log10(min(value, largest) / largest) / DECADES)

    def _of_output(self, losses: Mapping[str, float]) -> float | None:
        """That of the output that is looked at, or the largest."""
        values = [losses[self.output]] if self.output in losses else list(losses.values())
        return max(values, default=None)

    def _put_in_order(self) -> None:
        column, order = self._sorted
        numbers = list(range(len(self._effects)))
        is_down = order == Qt.SortOrder.DescendingOrder
        if column != LAYER:
            values = [self.value(one, column) for one in self._effects]
            sign = -1 if is_down else 1
            numbers.sort(key=lambda at: math.inf if (value := values[at]) is None else sign * value)
        elif is_down:
            numbers.reverse()
        self._order = numbers

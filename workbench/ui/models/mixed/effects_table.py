"""What every part of the network does to the outputs, quantised alone and spared alone. A table model."""

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt

from workbench.ui.models.graph.model import plain_name
from workbench.ui.models.layer_figures import LAYER, LayerFigures
from workbench.ui.models.qt_index import Index
from workbench.ui.numbers import real_text
from workbench.ui.tips import plain_tip

if TYPE_CHECKING:
    from workbench.mixed.sensitivity import Effect, Sensitivity

SHARE = Qt.ItemDataRole.UserRole
"""Of a column of numbers: how long its bar is, from 0 to 1; None where there is no number."""
ONLY, SPARED, WEIGHTS = NUMBERS = range(1, 4)
DECADES = 6
"""Powers of ten below the largest number that bars reach over."""


class EffectsTable(LayerFigures["Effect"]):
    """`output` is the one that effects are shown of, "" for the worst one."""

    def __init__(self) -> None:
        super().__init__(numbers=ONLY, by=ONLY)
        self._quantised: Mapping[str, float] = {}
        self._largest: dict[int, float] = {}
        self.output = ""

    def show_effects(self, found: "Sensitivity | None", output: str = "") -> None:
        """Show others, or those on one output."""
        effects = () if found is None else found.effects
        self._quantised = {} if found is None else found.quantised
        self.output = output
        self._largest = {
            column: max((value for one in effects if (value := self.value(one, column)) is not None), default=0.0)
            for column in (ONLY, SPARED)
        }
        self._show_rows(effects)

    @property
    def has_spared(self) -> bool:
        """Whether anything was spared alone."""
        return any(one.spared for one in self._rows)

    def titles(self) -> tuple[str, ...]:
        return self.tr("Layer"), self.tr("Costs"), self.tr("Saves"), self.tr("Weights")

    def tips(self) -> tuple[str, ...]:
        return (
            "", self.tr("1 − cos of the outputs where only this layer is quantized"),
            self.tr("How much smaller 1 − cos of the outputs is where only this layer is spared"),
            self.tr("How much of what it costs comes of its weights; the rest is the rounding of its tensor"),
        )  # fmt: skip

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

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        one, column = self.row(index.row()), index.column()
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self._alignment(column)
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip("\n".join(one.layers)) if column == LAYER else None
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

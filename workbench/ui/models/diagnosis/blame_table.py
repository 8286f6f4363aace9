"""The layers: what each step costs one, what it adds and inherits, and what it does to the outputs. A table model."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, Qt

from workbench.diagnose.parts import LOST, STEPS, LayerBlame
from workbench.ui.models.graph.model import plain_name
from workbench.ui.models.layer_figures import LAYER, LayerFigures
from workbench.ui.models.qt_index import Index
from workbench.ui.tips import plain_tip

if TYPE_CHECKING:
    from workbench.diagnose.divergence import Divergence, LayerShare

SHARES = Qt.ItemDataRole.UserRole
"""Of the column of bars: the three parts as numbers, None where one was not measured."""
BARS, TOTAL, OWN, INHERITED, ONLY, WITHOUT = range(1, 7)


class BlameTable(LayerFigures[LayerBlame]):
    """`highest` is the largest error that is told by bars."""

    def __init__(self) -> None:
        super().__init__(numbers=TOTAL, by=BARS)
        self._shares: dict[str, LayerShare] = {}
        self._total: Mapping[str, float] = {}
        self.highest = 0.0

    def show_blame(self, blame: Sequence[LayerBlame], divergence: "Divergence | None" = None) -> None:
        """Show others."""
        self._shares = {} if divergence is None else {share.tensor: share for share in divergence.shares}
        self._total = {} if divergence is None else divergence.total
        self.highest = max((value for one in blame if (value := total(one)) < LOST), default=0.0)
        self._show_rows(tuple(blame))

    def titles(self) -> tuple[str, ...]:
        return (
            self.tr("Layer"), self.tr("Lost by step"), self.tr("Error"), self.tr("Adds"),
            self.tr("Inherits"), self.tr("Costs"), self.tr("Saves"),
        )  # fmt: skip

    def tips(self) -> tuple[str, ...]:
        return (
            "", self.tr("Squared relative errors of the steps, which add up"),
            self.tr("Relative error of the layer, all steps together"),
            self.tr("Relative error that the layer adds itself, on golden inputs"),
            self.tr("What is left of its error: it comes from the layers before"),
            self.tr("Share of the outputs' error that is there when only this layer is quantised"),
            self.tr("Share of the outputs' error that goes when only this layer is float"),
        )  # fmt: skip

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        one = self.row(index.row())
        if role == SHARES:
            return tuple(getattr(one, part) for part in STEPS)
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole) and index.column() <= BARS:
            told = one.tensor if index.column() == LAYER else self._said(one)
            return plain_tip(told) if role == Qt.ItemDataRole.ToolTipRole else told
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self._alignment(index.column())
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(one, index.column())
        return None

    def _text(self, one: LayerBlame, column: int) -> str:
        if column == LAYER:
            return plain_name(one.tensor)
        value = None if column == BARS else self.value(one, column)
        if value is None:
            return ""
        return f"{100 * value:.0f} %" if column in (ONLY, WITHOUT) else percent(value)

    def value(self, one: LayerBlame, column: int) -> float | None:
        """A squared relative error, or a share; None where it was not measured."""
        if column in (BARS, TOTAL):
            return total(one)
        share = self._shares.get(one.tensor)
        if share is None:
            return None
        if column in (OWN, INHERITED):
            return share.own if column == OWN else share.inherited
        measured = share.only if column == ONLY else share.without
        parts = [value / self._total[name] for name, value in measured.items() if self._total.get(name)]
        if not parts:
            return None
        return max(parts) if column == ONLY else 1 - min(parts)

    def _said(self, one: LayerBlame) -> str:
        titles = (self.tr("conversion"), self.tr("quantization"), self.tr("runtime"))
        return "\n".join(
            f"{title}: {percent(value)}"
            for title, part in zip(titles, STEPS, strict=True)
            if (value := getattr(one, part)) is not None
        )


def total(one: LayerBlame) -> float:
    """All parts that were measured, as they stack."""
    return float(sum(one.parts.values()))


def percent(squared: float) -> str:
    """A squared relative error as the relative error in percent."""
    if squared >= LOST:
        return QCoreApplication.translate("Diagnosis", "lost")
    return f"{100 * squared**0.5:#.3g} %"

"""Suggestions which tensor of a dump is which of the network, as rows that are ticked."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from workbench.ui.tips import plain_tip
from workbench.ui.widgets import one_line

if TYPE_CHECKING:
    from workbench.compare.content import Suggestion

THEIRS, OURS, CONFIDENCE, SIMILARITY, VALUES, LAYOUT, RIVAL = range(7)
Index = QModelIndex | QPersistentModelIndex
NAME = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
NUMBER = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_ALIGNMENTS = dict.fromkeys((CONFIDENCE, SIMILARITY, VALUES), NUMBER) | {LAYOUT: Qt.AlignmentFlag.AlignCenter}


class Suggestions(QAbstractTableModel):
    """The surest first. What is ticked is confirmed; `ticked_changed` tells that something else is."""

    ticked_changed = Signal()

    def __init__(self, found: "Sequence[Suggestion]", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.found = tuple(found)
        self._ticked: set[int] = set()

    @property
    def confirmed(self) -> "tuple[Suggestion, ...]":
        """Those that are ticked."""
        return tuple(item for at, item in enumerate(self.found) if at in self._ticked)

    def tick_above(self, confidence: float) -> None:
        """Tick exactly those of a confidence, or a greater one."""
        self._tick(at for at, item in enumerate(self.found) if item.confidence >= confidence)

    def tick(self, rows: Iterable[int]) -> None:
        """Tick rows, or untick them where all are ticked already."""
        rows = set(rows)
        self._tick(self._ticked - rows if rows <= self._ticked else self._ticked | rows)

    def _tick(self, rows: Iterable[int]) -> None:
        self._ticked = set(rows)
        self.dataChanged.emit(self.index(0, 0), self.index(max(0, len(self.found) - 1), 0))
        self.ticked_changed.emit()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.found)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else RIVAL + 1

    def flags(self, index: Index) -> Qt.ItemFlag:
        tick = Qt.ItemFlag.ItemIsUserCheckable if index.column() == THEIRS else Qt.ItemFlag.NoItemFlags
        return super().flags(index) | tick

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == Qt.ItemDataRole.CheckStateRole and index.column() == THEIRS:
            return Qt.CheckState.Checked if index.row() in self._ticked else Qt.CheckState.Unchecked
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _ALIGNMENTS.get(index.column(), NAME)
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(self.found[index.row()], index.column())
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(self._tip(self.found[index.row()], index.column()))
        return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if role != Qt.ItemDataRole.CheckStateRole or index.column() != THEIRS:
            return False
        is_on = Qt.CheckState(value) == Qt.CheckState.Checked
        self._tick(self._ticked | {index.row()} if is_on else self._ticked - {index.row()})
        return True

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.TextAlignmentRole:
            return _ALIGNMENTS.get(section, NAME)
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return (
                self.tr("In the dump"), self.tr("In the network"), self.tr("Confidence"), self.tr("Similarity"),
                self.tr("Values"), self.tr("Layout"), self.tr("Next best"),
            )[section]  # fmt: skip
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.ToolTipRole:
            return {
                CONFIDENCE: self.tr("How much nearer this one is than the next best; 1 is certain"),
                SIMILARITY: self.tr("Agreement of the values (Lin's concordance; of integers their correlation)"),
                VALUES: self.tr("How many values were compared"),
            }.get(section)
        return super().headerData(section, orientation, role)

    def _text(self, item: "Suggestion", column: int) -> str:
        if column == RIVAL:
            return f"{item.rival_similarity:.3f}  {one_line(item.rival)}" if item.rival else "–"
        texts = {
            THEIRS: one_line(item.other), OURS: one_line(item.golden), CONFIDENCE: f"{item.confidence:.2f}",
            SIMILARITY: f"{item.similarity:.5f}", VALUES: f"{item.values}", LAYOUT: item.layout.upper(),
        }  # fmt: skip
        return texts[column]

    def _tip(self, item: "Suggestion", column: int) -> str:
        if column == CONFIDENCE and item.twins:
            names = ", ".join(map(one_line, item.twins[:5]))
            return self.tr("Other tensors have the very same values; only the order tells them apart: {0}").format(
                names
            )
        return self._text(item, column) if column in (THEIRS, OURS, RIVAL) else ""

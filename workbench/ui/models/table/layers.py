"""The layer table as Qt asks for it; sorting and filtering are index arrays (Qt's proxy is 400 times slower)."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, Qt, Signal

from workbench.compare.compare import LayerError
from workbench.project.session import Session
from workbench.ui.models.qt_index import NOWHERE, Index
from workbench.ui.models.table.columns import Column, chosen, column_of, usual
from workbench.ui.models.table.filter import Filter
from workbench.ui.models.table.layer_cells import Cells
from workbench.ui.models.table.layer_order import Order, arranged, pinned_on_top, tensors_of
from workbench.ui.models.table.layer_values import LayerValues, known_of
from workbench.ui.models.table.row_scopes import Arrangement, Heading, refolded
from workbench.ui.workspace import Workspace

DOWN, UP = "▾", "▴"
"""Before the title of the column that orders: the worst on top, or the best."""


class LayersModel(QAbstractTableModel):
    """Rows of the workspace, filtered, sorted, and under headings where that is wanted."""

    columns_changed = Signal()
    """The columns are others, or everything in them."""

    def __init__(self, workspace: Workspace, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._wanted = Order()
        self._keys: tuple[str, ...] = ()
        self._worst_of_inputs = False
        self.columns: tuple[Column, ...] = ()
        self._take(self._look_at(()))
        self._arrange()
        workspace.results_changed.connect(self.refresh)
        workspace.colouring_changed.connect(self._on_colouring_changed)
        workspace.session_changed.connect(self._on_known_changed)
        workspace.inputs_found.connect(self._on_known_changed)
        workspace.spared.changed.connect(self._on_known_changed)
        self.refresh()

    def refresh(self) -> None:
        """Take the rows of the workspace anew; where only their numbers are others, the view stays where it is."""
        after = self._look_at(self._workspace.rows)
        columns = self._find_columns(after)
        if columns == self.columns and self.values.tensors == after.tensors:
            self._take(after)
            self._rearrange()
        else:
            self.beginResetModel()
            self.columns = columns
            self._take(after)
            self._arrange()
            self.endResetModel()
        self.columns_changed.emit()

    def set_filter(self, wanted: Filter) -> None:
        """Show only what satisfies all terms."""
        self._want(replace(self._wanted, filter=wanted))

    def set_worst_of_inputs(self, worst: bool) -> None:
        """Show each value's worst input, or the mean of all."""
        self._worst_of_inputs = worst
        self._take(self._look_at(self.values.rows))
        self._rearrange()
        self.columns_changed.emit()

    def set_columns(self, keys: Iterable[str]) -> None:
        """Show chosen columns, those that the program knows; without any the usual ones."""
        self._keys = tuple(key for key in keys if column_of(key) is not None)
        columns = self._find_columns(self.values)
        if columns != self.columns:
            self.beginResetModel()
            self.columns = columns
            self.endResetModel()
        self.columns_changed.emit()

    @property
    def chosen_columns(self) -> tuple[str, ...]:
        """The keys of the columns that the user chose; () where they are the usual ones."""
        return self._keys

    def sort_by(self, column: Column | None, *, worst_first: bool = True) -> None:
        """Order by a column, the worst (or the first) on top; None is the network's order."""
        self._want(replace(self._wanted, sorting=None if column is None else (column, worst_first)))

    @property
    def sorting(self) -> tuple[Column, bool] | None:
        """The column that orders, and whether the worst is on top."""
        return self._wanted.sorting

    def set_grouped(self, is_grouped: bool) -> None:
        """Put the rows under the headings of their scopes."""
        self._want(replace(self._wanted, folded=frozenset() if is_grouped else None))

    @property
    def is_grouped(self) -> bool:
        """Whether rows stand under headings."""
        return self._wanted.is_grouped

    def fold(self, path: str, is_folded: bool) -> None:
        """Hide or show what stands under a heading."""
        folded = self._wanted.folded or frozenset()
        self._fold(folded | {path} if is_folded else folded - {path})

    def fold_all(self, is_folded: bool) -> None:
        """Hide or show what stands under all headings."""
        self._fold(frozenset(self.values.scopes().paths if is_folded else ()))

    def reveal(self, tensor: str) -> None:
        """Unfold what hides a tensor's row."""
        folded = self._wanted.folded
        if folded and tensor in self.values.tensors:
            scopes, at = self.values.scopes(), self.values.tensors.index(tensor)
            hiding = {scopes.paths[scope] for scope in scopes.above[at] if scope >= 0} & folded
            if hiding:
                self._fold(folded - hiding)

    @property
    def has_headings(self) -> bool:
        """Whether there are scopes to put rows under."""
        return bool(self._arrangement.spans.size)

    @property
    def session(self) -> Session | None:
        """Where precisions, notes and pins are."""
        return self._workspace.session

    @property
    def sides(self) -> Mapping[str, str]:
        """Titles of sources that stand for the sides of another comparison."""
        return self._workspace.sides

    @property
    def total(self) -> int:
        """How many rows there are without the filter."""
        return len(self.values)

    @property
    def shown(self) -> int:
        """How many rows the filter leaves, those under folded headings too."""
        return int(self._arrangement.order.size)

    @property
    def tensor_section(self) -> int:
        """Where the tensors' names stand."""
        return self.columns.index(Column("tensor"))

    def row_at(self, position: int) -> LayerError | None:
        """The row that is shown at a position; None for a heading."""
        entry = self.entry_at(position)
        return self.values.rows[entry] if entry >= 0 else None

    def heading_at(self, position: int) -> Heading | None:
        """The heading that is shown at a position; None for a row."""
        return self._arrangement.heading(position)

    def entry_at(self, position: int) -> int:
        """The place in the network's order of the row at a position; negative for a heading."""
        return int(self._arrangement.entries[position])

    def level_at(self, position: int) -> int:
        """How many headings stand above a position."""
        heading = self.heading_at(position)
        return heading.level if heading else self._arrangement.level(self.entry_at(position))

    def tensors_at(self, positions: Sequence[int]) -> list[str]:
        """The tensors of what is shown at positions; of a folded heading all that it hides."""
        found: dict[str, None] = {}
        for position, entry in zip(positions, self._arrangement.entries[positions].tolist(), strict=True):
            if entry >= 0:
                found[self.values.tensors[entry]] = None
            elif (heading := self.heading_at(position)) is not None and not heading.is_open:
                found |= dict.fromkeys(self.tensors_under(heading))
        return list(found)

    def tensors_under(self, heading: Heading) -> list[str]:
        """The tensors of a heading's rows."""
        return tensors_of(self.values, heading.rows)

    def shown_tensors(self) -> list[str]:
        """The tensors of all rows that the filter leaves, in their order."""
        return tensors_of(self.values, self._arrangement.order)

    def places(self, tensors: Iterable[str]) -> list[int]:
        """Where tensors stand in the network's order."""
        number = {tensor: at for at, tensor in enumerate(self.values.tensors)}
        return [number[tensor] for tensor in tensors if tensor in number]

    def scope_around(self, entry: int) -> tuple[int, str]:
        """How many headings stand above the row at a place of the network's order, and the path of the nearest."""
        level = self._arrangement.level(entry)
        return level, self._arrangement.scope_above(entry) if level else ""

    def position(self, tensor: str) -> int | None:
        """Where a tensor's row is shown; None where the filter or a heading hides it."""
        found = int(self._places[self.values.tensors.index(tensor)]) if tensor in self.values.tensors else -1
        return found if found >= 0 else None

    def rowCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else int(self._arrangement.entries.size)

    def columnCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        column = self.columns[index.column()]
        heading = self.heading_at(index.row())
        if heading is not None:
            return self.cells.of_heading(heading, column, role)
        return self.cells.of_row(self.entry_at(index.row()), column, role)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal or section >= len(self.columns):
            return None
        found = self.cells.of_header(self.columns[section], role)
        return self._marked(section, found) if role == Qt.ItemDataRole.DisplayRole else found

    def show_again(self, kinds: Collection[str] = ()) -> None:
        """Let views ask for all cells anew, or for those of some kinds of columns: not their order has changed."""
        last = self.rowCount() - 1
        chosen = [at for at, column in enumerate(self.columns) if not kinds or column.kind in kinds]
        if last >= 0 and len(chosen) == len(self.columns):
            self.dataChanged.emit(self.index(0, 0), self.index(last, len(self.columns) - 1))
        elif last >= 0:
            for at in chosen:
                self.dataChanged.emit(self.index(0, at), self.index(last, at))

    def _marked(self, section: int, title: str) -> str:
        """The title of the column that orders has an arrow before its last line."""
        wanted, worst_first = self._wanted.sorting or (None, True)
        first, line, last = title.rpartition("\n")
        return f"{first}{line}{DOWN if worst_first else UP} {last}" if self.columns[section] == wanted else title

    def _find_columns(self, values: LayerValues) -> tuple[Column, ...]:
        if self._keys:
            return tuple(chosen(values.filled, self._keys))
        has = {
            "golden": bool(self.sides) and values.has_other_names, "time": values.is_timed, "on": values.has_places,
            "note": values.has_remarks,
        }  # fmt: skip
        return tuple(usual(values.filled, self._workspace.metric, [kind for kind, there in has.items() if there]))

    def _look_at(self, rows: Sequence[LayerError]) -> LayerValues:
        return LayerValues(rows, known_of(self._workspace), worst_of_inputs=self._worst_of_inputs)

    def _take(self, values: LayerValues) -> None:
        """Show these rows; what was looked up of others is forgotten."""
        self.values, self.cells = values, Cells(self._workspace, values)

    def _on_colouring_changed(self) -> None:
        if self._find_columns(self.values) != self.columns:
            self.refresh()
        else:
            self.values.tell(known_of(self._workspace))
            self._rearrange()

    def _on_known_changed(self) -> None:
        """Notes, pins, precisions, the choice that is looked at or the rows before each row are others."""
        before, now = self.values.known, known_of(self._workspace)
        self.values.tell(now)
        self.values.forget("precision")
        if (before.pinned, before.notes, before.spared) != (now.pinned, now.notes, now.spared):
            self._rearrange()
        elif before.inputs_of is not now.inputs_of:
            self._rearrange_if_other()
        elif Column("precision") in self.columns:
            self.show_again()

    def _want(self, wanted: Order) -> None:
        self._wanted = wanted
        self._rearrange()

    def _fold(self, folded: frozenset[str]) -> None:
        if self._wanted.is_grouped:
            self._wanted = replace(self._wanted, folded=folded)
            self._rearrange(lambda: refolded(self._arrangement, folded))

    def _rearrange(self, arrange: Callable[[], Arrangement] | None = None) -> None:
        """Order anew without losing the view's place: a layout change, no reset."""
        self.layoutAboutToBeChanged.emit()
        before, old = self.persistentIndexList(), self._arrangement
        self._arrange(arrange)
        after = [self._moved(index, old) for index in before]
        self.changePersistentIndexList(before, after)
        self.layoutChanged.emit()

    def _rearrange_if_other(self) -> None:
        """After what changes cells only where they order or are filtered by it; they are shown again by who knows."""
        arrangement = self._as_wanted()
        if not np.array_equal(arrangement.entries, self._arrangement.entries):
            self._rearrange(lambda: arrangement)

    def _moved(self, index: QModelIndex, old: Arrangement) -> QModelIndex:
        entry = int(old.entries[index.row()])
        position = int(self._places[entry]) if entry >= 0 else self._arrangement.place_of(old.scope_at(index.row()))
        return QModelIndex() if position < 0 else self.index(position, index.column())

    def _arrange(self, arrange: Callable[[], Arrangement] | None = None) -> None:
        self._arrangement: Arrangement = (arrange or self._as_wanted)()
        entries = self._arrangement.entries
        is_row = entries >= 0
        self._places = np.full(len(self.values), -1)
        self._places[entries[is_row]] = np.flatnonzero(is_row)
        self.pinned = pinned_on_top(self.values, self._arrangement)

    def _as_wanted(self) -> Arrangement:
        return arranged(self.values, self._workspace.session, self._wanted)

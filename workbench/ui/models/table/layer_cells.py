"""What a cell of the layer table has for each of Qt's roles. No Qt widgets."""

from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Qt

from workbench.compare.compare import LayerError
from workbench.compare.grades import Grade, grade
from workbench.ui.models.table import layer_texts as texts
from workbench.ui.models.table import layer_tips as tips
from workbench.ui.models.table.changes import direction
from workbench.ui.models.table.columns import Column
from workbench.ui.models.table.jumps import LARGE
from workbench.ui.models.table.layer_values import LayerValues
from workbench.ui.models.table.row_scopes import Heading
from workbench.ui.numbers import value_text
from workbench.ui.tips import plain_tip
from workbench.ui.workspace import Workspace

ROW_ROLE = Qt.ItemDataRole.UserRole
GRADE_ROLE = Qt.ItemDataRole.UserRole + 1
"""How bad a value is."""
CHANGE_ROLE = Qt.ItemDataRole.UserRole + 2
"""Of a value that a what-if changed: the old value's text and "better" or "worse"; else None."""
HEADING_ROLE = Qt.ItemDataRole.UserRole + 3
BAR_ROLE = Qt.ItemDataRole.UserRole + 4
"""How long the bar of a value is, from 0 to 1; None where there is no value."""
MARKS_ROLE = Qt.ItemDataRole.UserRole + 5
"""Of a row: by how much its error jumps (0.0: it does not), whether it is pinned, whether it has a note."""
SPOKEN_ROLE = Qt.ItemDataRole.AccessibleTextRole
TEXT_ROLES = (Qt.ItemDataRole.DisplayRole, SPOKEN_ROLE)


@dataclass(frozen=True, slots=True)
class Look:
    """What is painted of a value: the four roles at once, for a screenful of cells is painted in a few ms."""

    text: str
    grade: Grade
    length: float | None
    change: tuple[str, str] | None = None


class Cells:
    """The cells of some rows."""

    def __init__(self, workspace: Workspace, values: LayerValues) -> None:
        self._workspace, self._values = workspace, values
        self._changed: dict[Column, bool] = {}
        self._largest: dict[Column, float] = {}

    def of_header(self, column: Column, role: int) -> Any:
        """A role of a column's header."""
        sides = self._workspace.results.sides if self._workspace.results else {}
        if role == Qt.ItemDataRole.DisplayRole:
            return texts.title_of(column, sides)
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(tips.of_header(column, sides))
        return _alignment(column, Qt.AlignmentFlag.AlignBottom) if role == Qt.ItemDataRole.TextAlignmentRole else None

    def of_row(self, at: int, column: Column, role: int) -> Any:
        """A role of a row's cell; `at` is the row's place in the network's order."""
        row = self._values.rows[at]
        if role in TEXT_ROLES:
            text = texts.cell_text(self._values, self._workspace.session, at, column)
            return self._spoken(at, column, text) if role == SPOKEN_ROLE else text
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(self._tip(at, row, column))
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(column, Qt.AlignmentFlag.AlignVCenter)
        if role == ROW_ROLE:
            return row
        if role == MARKS_ROLE:
            return self._marks(at, row)
        if column.kind != "value":
            return Grade.NONE if role == GRADE_ROLE else None
        if role == CHANGE_ROLE:
            return self.change(row, column)
        return self._of_value(self._values.value(row, column.column, column.metric), column, role)

    def of_heading(self, heading: Heading, column: Column, role: int) -> Any:
        """A role of a heading's cell."""
        if role in TEXT_ROLES:
            text = texts.heading_text(self._values, heading.rows, heading.title, column)
            return (
                tips.spoken_heading(text, heading.is_open) if role == SPOKEN_ROLE and column.kind == "tensor" else text
            )
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(tips.of_heading(heading.path, len(heading.rows)))
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(column, Qt.AlignmentFlag.AlignVCenter)
        if role == HEADING_ROLE:
            return heading
        if column.kind != "value" or role not in (GRADE_ROLE, BAR_ROLE):
            return Grade.NONE if role == GRADE_ROLE else None
        return self._of_value(texts.worst_of(self._values, heading.rows, column), column, role)

    def look_of_row(self, at: int, column: Column) -> Look:
        """How a row's cell of a column of values looks."""
        row = self._values.rows[at]
        return self._look(self._values.value(row, column.column, column.metric), column, self.change(row, column))

    def look_of_heading(self, heading: Heading, column: Column) -> Look:
        """How a heading's cell of a column of values looks."""
        value = texts.worst_of(self._values, heading.rows, column)
        return self._look(value, column) if value is not None else Look("", Grade.NONE, None)

    def marks(self, at: int) -> tuple[LayerError, tuple[float, bool, bool]]:
        """A row, and what `MARKS_ROLE` has of it."""
        row = self._values.rows[at]
        return row, self._marks(at, row)

    def spared(self, row: LayerError) -> str:
        """What a layer of a row would compute in, in the choice that is looked at; "" where none is in it."""
        return self._values.known.spared.get(row.tensor, "")

    def change(self, row: LayerError, column: Column) -> tuple[str, str] | None:
        """The old value's text and "better" or "worse", where a what-if changed the value that is shown."""
        old = self._workspace.row_before(row.tensor) if column.kind == "value" else None
        was = self._values.value(old, column.column, column.metric) if old is not None else None
        now = self._values.value(row, column.column, column.metric) if was is not None else None
        if was is None or now is None:
            return None
        turned = direction(column.metric, was, now)
        return (value_text(column.metric, was), turned) if turned else None

    def has_changes(self, column: Column) -> bool:
        """Whether a what-if changed a value of a column."""
        if column not in self._changed:
            results = self._workspace.results
            before = results.before.rows if results and results.before else ()
            rows = [row for tensor in before if (row := self._workspace.row(tensor)) is not None]
            self._changed[column] = any(self.change(row, column) for row in rows)
        return self._changed[column]

    def _look(self, value: float | None, column: Column, change: tuple[str, str] | None = None) -> Look:
        length = None if value is None else texts.bar(column.metric, value, self._largest_of(column))
        text = texts.MISSING if value is None else value_text(column.metric, value)
        return Look(text, grade(column.metric, column.column, value), length, change)

    def _of_value(self, value: float | None, column: Column, role: int) -> Any:
        if role == GRADE_ROLE:
            return grade(column.metric, column.column, value)
        if role != BAR_ROLE or value is None:
            return None
        return texts.bar(column.metric, value, self._largest_of(column))

    def _largest_of(self, column: Column) -> float:
        """The largest number of a column; 0 until the column has been looked up: no cell waits for all others."""
        is_known = column in self._largest or not self._values.has_numbers(column.metric, column.column)
        if not is_known:
            self._largest[column] = texts.largest(self._values, column)
        return self._largest.get(column, 0.0)

    def _marks(self, at: int, row: LayerError) -> tuple[float, bool, bool]:
        known = self._values.known
        return self._jump(at), row.tensor in known.pinned, row.tensor in known.notes

    def _jump(self, at: int) -> float:
        """How many times the error of the row's inputs its own is, where that is a jump; else 0."""
        found = self._values.known_jumps(self._workspace.column)
        is_jump = found is not None and bool(found.there[at]) and found.growth[at] > LARGE
        return float(found.growth[at]) if found is not None and is_jump else 0.0

    def _spoken(self, at: int, column: Column, text: str) -> str:
        """A text with what its marks mean, for a screen reader."""
        row = self._values.rows[at]
        if column.kind == "tensor":
            return ". ".join([text, *self._tips_of_marks(at, row)])
        value = self._values.value(row, column.column, column.metric) if column.kind == "value" else None
        told = tips.of_grade(column.column, column.metric, value) if value is not None else ""
        return f"{text}. {told}" if told else text

    def _tip(self, at: int, row: LayerError, column: Column) -> str:
        if column.kind == "value":
            text, change = tips.of_value(row, column.column, column.metric), self.change(row, column)
            return text if change is None else f"{text}\n{tips.of_change(*change)}"
        if column.kind not in ("index", "op", "tensor", "jump"):
            return texts.cell_text(self._values, self._workspace.session, at, column)
        sides = self._workspace.results.sides if self._workspace.results else {}
        about = tips.of_row(row, self._workspace.operators_of(row.tensor), sides)
        return "\n".join([about, *self._tips_of_marks(at, row)])

    def _tips_of_marks(self, at: int, row: LayerError) -> list[str]:
        known, found, parts = self._values.known, self._values.known_jumps(self._workspace.column), list[str]()
        if found is not None and self._jump(at):
            source = int(found.worst_input[at])
            name = self._values.rows[source].tensor if source >= 0 else ""
            parts.append(
                tips.of_jump(float(found.growth[at]), (float(found.errors[at]), float(found.before[at])), name)
            )
        parts += [tips.of_pin()] if row.tensor in known.pinned else []
        parts += [tips.of_spared(known.spared[row.tensor])] if row.tensor in known.spared else []
        parts += [tips.of_note(known.notes[row.tensor])] if row.tensor in known.notes else []
        return parts


def _alignment(column: Column, vertical: Qt.AlignmentFlag) -> int:
    side = Qt.AlignmentFlag.AlignRight if column.is_numeric else Qt.AlignmentFlag.AlignLeft
    return int(side | vertical)

"""Names and values in aligned columns."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from workbench.ui.widgets import ElidedLabel, digits, label, set_role

Cell = str | tuple[str, str]
"""A text, or a text and its role in the style sheet."""


class FactGrid(QWidget):
    """The first column names, the others hold values; labels are used again when the rows change."""

    def __init__(self, columns: int, *, numbers: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._columns, self._numbers = columns, numbers
        self._labels: list[list[QLabel]] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(3)
        self._grid.setColumnStretch(columns - 1 if not numbers else 0, 1)

    def show_rows(self, rows: Sequence[Sequence[Cell]]) -> None:
        """Show other rows; a row may have fewer cells than there are columns."""
        while len(self._labels) < len(rows):
            self._add_row()
        for line, labels in enumerate(self._labels):
            cells = rows[line] if line < len(rows) else ()
            for place, item in enumerate(labels):
                item.setVisible(place < len(cells))
                if place < len(cells):
                    _fill(item, cells[place], "muted" if place == 0 else "")

    def texts(self) -> list[list[str]]:
        """What is shown."""
        return [
            [item.full_text if isinstance(item, ElidedLabel) else item.text() for item in labels if not item.isHidden()]
            for labels in self._labels
            if not labels[0].isHidden()
        ]

    def _add_row(self) -> None:
        line = len(self._labels)
        labels: list[QLabel] = [label("", "muted")]
        labels += [self._value() for _ in range(self._columns - 1)]
        for place, item in enumerate(labels):
            self._grid.addWidget(item, line, place)
        self._labels.append(labels)

    def _value(self) -> QLabel:
        if not self._numbers:
            return ElidedLabel("", "", Qt.TextElideMode.ElideRight)
        item = label()
        item.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        item.setFont(digits(item.font()))
        item.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        return item


def _fill(item: QLabel, cell: Cell, role: str) -> None:
    text, role = cell if isinstance(cell, tuple) else (cell, role)
    set_role(item, role)
    if isinstance(item, ElidedLabel):
        item.set_text(text)
    else:
        item.setText(text)

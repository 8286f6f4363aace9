"""Tensors whose names say nothing, matched by what is in them: what was found, with its evidence, is confirmed here."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QDoubleSpinBox, QHeaderView, QTableView, QWidget

from workbench.ui import keys
from workbench.ui.dialogs import choose_target, dialog_buttons
from workbench.ui.models.board.suggestions import (
    CONFIDENCE,
    LAYOUT,
    OURS,
    RIVAL,
    SIMILARITY,
    THEIRS,
    VALUES,
    Suggestions,
)
from workbench.ui.text_size import pixels
from workbench.ui.views.common.copy_rows import let_copy
from workbench.ui.widgets import button, column, label, row, show_lines

if TYPE_CHECKING:
    from workbench.compare.content import Suggestion

SIZE = (980, 560)
WIDTHS = {THEIRS: 190, OURS: 230, CONFIDENCE: 84, SIMILARITY: 84, VALUES: 70, LAYOUT: 84}
STEP, LINE_WIDTH = 0.05, 64
NO_BUTTONS = "QDoubleSpinBox::up-button, QDoubleSpinBox::down-button { width: 0; height: 0; border: none; }"


class MatchDialog(QDialog):
    """`chosen` gives the suggestions that are confirmed; `map_wanted` these and the file that keeps them."""

    chosen = Signal(tuple)
    map_wanted = Signal(tuple, Path)

    def __init__(self, parent: QWidget, found: "Sequence[Suggestion]", likely: float) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Tensors matched by content"))
        self.resize(*map(pixels, SIZE))
        self.rows = Suggestions(found, self)
        self.table = self._make_table()
        self.line = QDoubleSpinBox()
        self.line.setRange(0.0, 1.0)
        self.line.setSingleStep(STEP)
        self.line.setStyleSheet(NO_BUTTONS)
        self.line.setValue(likely)
        self.line.setFixedWidth(pixels(LINE_WIDTH))
        self.line.setAccessibleName(self.tr("Least confidence"))
        self.all_above = button(self.tr("Confirm all from this confidence on"), "", self._tick_above)
        self.none = button(self.tr("None"), "", lambda: self.rows.tick_above(2.0))
        self.state = label("", "muted")
        self.save_map = button(self.tr("Save the map…"), "save", self._choose_map)
        self.buttons = dialog_buttons(self, self.tr("Use these"))
        self._lay_out()
        self.rows.ticked_changed.connect(self._show)
        self.accepted.connect(lambda: self.chosen.emit(self.rows.confirmed))
        self._tick_above()
        self.table.setFocus()

    def _make_table(self) -> QTableView:
        result = QTableView()
        result.setModel(self.rows)
        show_lines(result)
        result.verticalHeader().hide()
        result.setWordWrap(False)
        result.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        result.setAccessibleName(self.tr("Tensors matched by content"))
        for at, width in WIDTHS.items():
            result.setColumnWidth(at, pixels(width))
        result.horizontalHeader().setSectionResizeMode(RIVAL, QHeaderView.ResizeMode.Stretch)
        keys.set_place(result, self.tr("Tensors matched by content"))
        keys.bind(result, "Space", self.tr("Confirm the chosen rows, or not"), self._tick_chosen)
        let_copy(result, self.tr("Copy the table"))
        return result

    def _lay_out(self) -> None:
        story = self.tr(
            "These names say nothing, so the values were compared in every layout. Confirm what is right: nothing is "
            "taken that is not ticked."
        )
        above = row(label(self.tr("Confidence from")), self.line, self.all_above, self.none, None, self.state)
        foot = row(self.save_map, None, self.buttons)
        layout = column(label(story, "muted", wrap=True), self.table, above, foot, spacing=12)
        layout.setStretch(1, 1)
        layout.setContentsMargins(24, 20, 24, 16)
        self.setLayout(layout)

    def _tick_above(self) -> None:
        self.rows.tick_above(self.line.value())
        self._show()

    def _tick_chosen(self) -> None:
        self.rows.tick(index.row() for index in self.table.selectionModel().selectedRows())

    def _show(self) -> None:
        count, total = len(self.rows.confirmed), len(self.rows.found)
        self.state.setText(self.tr("{0} of {1} confirmed").format(count, total))
        self.buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(count > 0)
        self.save_map.setEnabled(count > 0)

    def _choose_map(self) -> None:
        patterns = {"txt": self.tr("Maps of names") + " (*.txt)"}
        choose_target(
            self, self.tr("Save the map"), patterns, lambda path: self.map_wanted.emit(self.rows.confirmed, path)
        )

"""Chooses what is compared with what, and says at once how much of it fits together and what differs."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QLabel,
    QLayout,
    QLineEdit,
    QPushButton,
    QWidget,
)

from workbench.project.comparison.sides import LETTERS, Side
from workbench.ui.comparing import Comparison
from workbench.ui.dialogs import DUMP_LAYOUTS, choose_file, dialog_buttons
from workbench.ui.jobs import JobPool
from workbench.ui.models.spoken import spoken
from workbench.ui.reading import look_at_sides
from workbench.ui.views.compare.difference_table import DifferenceTable
from workbench.ui.views.compare.side_row import SideRow
from workbench.ui.widgets import button, column, label, row, set_role, tool

if TYPE_CHECKING:
    from workbench.project.comparison.comparing import Look

WIDTH = 720
KEY = "compare.look"


class CompareDialog(QDialog):
    """`home` is the open session's folder, `others` are sessions that were open lately, `inputs` are called so.

    `chosen` gives the comparison. The dialog asks the worker process what fits together whenever a side is another one.
    """

    chosen = Signal(object)

    def __init__(
        self, parent: QWidget, jobs: JobPool, home: Path, others: Sequence[Path], inputs: Sequence[str] = ()
    ) -> None:
        super().__init__(parent)
        self._jobs, self._home = jobs, home
        self._names: Mapping[str, str] = {}
        self.setWindowTitle(self.tr("Compare"))
        self.setMinimumWidth(WIDTH)
        self.rows = tuple(SideRow(self, letter, jobs) for letter in "ABC")
        self.swap_button = tool("swap", self.tr("Exchange A and B"), self.swap)
        self.names_edit, self.layout_combo, self.input_combo = QLineEdit(), QComboBox(), QComboBox()
        self.input_combo.addItems([f"{number}  {name}" for number, name in enumerate(inputs, 1)])
        self.found, self.differs = label("", wrap=True), label("", "muted", wrap=True)
        self.table = DifferenceTable()
        self.buttons = dialog_buttons(self, self.tr("Compare"))
        story = self.tr(
            "Each side is a source of a session or saved dumps. B and C are measured against A; tensors are matched by "
            "their names in both networks."
        )
        layout = column(
            label(story, "muted", wrap=True), self._grid(), self.found, self.differs, self.table, None, self.buttons,
            spacing=12,
        )  # fmt: skip
        layout.setContentsMargins(24, 20, 24, 16)
        self.setLayout(layout)
        self._connect(home, others)

    def choose(self, sides: Sequence[Side]) -> None:
        """Show these sides; what is missing is the usual one of the open session."""
        given = dict(zip("ABC", sides, strict=False))
        usual = {"A": Side(self._home, "golden"), "B": Side(self._home, "simulator")}
        for side in sides:
            if not side.is_live:
                self.layout_combo.setCurrentIndex(max(0, DUMP_LAYOUTS.index(side.layout or DUMP_LAYOUTS[0])))
                self.input_combo.setCurrentIndex(side.sample)
        for item in self.rows:
            item.choose(given.get(item.letter, usual.get(item.letter)))

    def swap(self) -> None:
        """Exchange A and B."""
        first, second = (item.side() for item in self.rows[:2])
        if first is not None and second is not None:
            self.rows[0].choose(second)
            self.rows[1].choose(first)

    def sides(self) -> tuple[Side, ...] | None:
        """What is chosen; None while something is not."""
        wanted = [item for item in self.rows if not (item.letter == "C" and item.is_empty)]
        of_dumps = DUMP_LAYOUTS[self.layout_combo.currentIndex()], max(0, self.input_combo.currentIndex())
        found = [item.side(*of_dumps) for item in wanted]
        return None if None in found else tuple(side for side in found if side is not None)

    def done(self, result: int) -> None:
        for key in (KEY, *(f"compare.sources.{item.letter}" for item in self.rows)):
            self._jobs.forget(key)
        super().done(result)

    def accept(self) -> None:
        sides = self.sides()
        if sides is not None:
            self.chosen.emit(Comparison(sides, self._names))
            super().accept()

    def _grid(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(8)
        stories = (self.tr("reference"), self.tr("measured"), self.tr("measured too"))
        for at, (item, story) in enumerate(zip(self.rows, stories, strict=True)):
            parts = (item.dot, item.title, label(story, "muted"), item.place, item.source, item.more)
            for number, part in enumerate(parts):
                grid.addWidget(part, at, number)
        grid.addWidget(self.swap_button, 0, 6, 2, 1)
        grid.setColumnStretch(3, 1)
        names = button(self.tr("File…"), "open", self._choose_map)
        self.names_edit.setPlaceholderText(self.tr("Only where names differ: a line a pair, theirs and A's"))
        self.names_edit.setAccessibleName(self.tr("Map of names"))
        self.layout_combo.addItems([name.upper() for name in DUMP_LAYOUTS])
        self.layout_combo.setToolTip(self.tr("The memory layout of dumps that are no session's"))
        self.layout_combo.setAccessibleName(self.tr("Layout of dumps"))
        self._add_named(grid, 3, self.tr("Map of names"), row(self.names_edit, names, spacing=4))
        self.input_combo.setToolTip(self.tr("From which input dumps that are no session's were computed"))
        self.input_combo.setAccessibleName(self.tr("Input of dumps"))
        inputs = (QLabel(self.tr("Input of dumps")), self.input_combo) if self.input_combo.count() > 1 else ()
        self._of_dumps = (self.layout_combo, *inputs, self._add_named(
            grid, 4, self.tr("Layout of dumps"), row(self.layout_combo, *inputs, None)
        ))  # fmt: skip
        return grid

    @staticmethod
    def _add_named(grid: QGridLayout, at: int, text: str, content: QLayout) -> QLabel:
        title = QLabel(text)
        grid.addWidget(title, at, 0, 1, 3)
        grid.addLayout(content, at, 3, 1, 4)
        return title

    def _connect(self, home: Path, others: Sequence[Path]) -> None:
        for item in self.rows:
            item.offer(home, [path for path in others if path != home])
            item.changed.connect(self._look)
            item.failed.connect(self._fail)
        self.names_edit.editingFinished.connect(self._look)
        self.layout_combo.currentIndexChanged.connect(self._look)
        self.input_combo.currentIndexChanged.connect(self._look)
        self._clear(self.tr("Looking…"))

    def _choose_map(self) -> None:
        def take(path: Path) -> None:
            self.names_edit.setText(str(path))
            self._look()

        choose_file(self, self.tr("Map of names"), self.tr("Maps of names") + " (*.txt *.json *.yaml *.yml)", take)

    def _look(self) -> None:
        sides = self.sides()
        for item in self._of_dumps:
            item.setVisible(any(not side.is_live for side in sides or ()))
        self._clear(self._missing() if sides is None else self.tr("Looking…"))
        if sides is None:
            self._jobs.forget(KEY)
            return
        text = self.names_edit.text().strip()
        names = Path(text).expanduser() if text else None
        self._jobs.ask_process(KEY, look_at_sides, (sides, names, self._home), self._take, self._fail)

    def _missing(self) -> str:
        """What is to be done before anything can be looked at."""
        unrun = next((item.letter for item in self.rows if item.has_no_values), "")
        if unrun:
            return self.tr("{0} has no values yet: open that session and run it.").format(unrun)
        return self.tr("Choose A and B.")

    def _take(self, answer: "tuple[Look, Mapping[str, str]]") -> None:
        look, self._names = answer
        problems, cautions = (" ".join(map(spoken, texts)) for texts in look.strangers)
        if problems:
            self.found.setText(problems + "\n" + self.tr("Choose values of the same network, or give a map of names."))
        else:
            self.found.setText("\n".join(filter(None, (self._matched(look), cautions))))
        set_role(self.found, "bad" if problems else "warning" if cautions else "")
        count = len(look.differences)
        text = self.tr("What differs: {0}").format(count)
        self.differs.setText(text if count else self.tr("Nothing that is known of the sides differs."))
        self.table.show_differences(look.differences, look.titles)
        self.table.setVisible(bool(count))
        self._ok().setEnabled(not problems)
        self.adjustSize()

    def _matched(self, look: "Look") -> str:
        parts = [
            self.tr("{0}: {1} tensors match, {2} have no partner.").format(letter, matched, alone)
            for letter, matched, alone in zip(LETTERS[1:], look.matched[1:], look.alone[1:], strict=False)
        ]
        return "   ".join((*parts, self.tr("Inputs in common: {0}.").format(look.inputs)))

    def _fail(self, error: BaseException) -> None:
        self._clear(spoken(str(error)))
        set_role(self.found, "bad")

    def _clear(self, text: str) -> None:
        set_role(self.found, "muted")
        self.found.setText(text)
        self.differs.setText("")
        self.table.hide()
        self._ok().setEnabled(False)

    def _ok(self) -> QPushButton:
        return self.buttons.button(QDialogButtonBox.StandardButton.Ok)

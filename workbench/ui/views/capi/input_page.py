"""A buffer that the program feeds: is it what the network expects, and if not, what was done to it."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFormLayout

from workbench.ui.dialogs import input_pattern
from workbench.ui.models.board.c_program import Answer, Fed
from workbench.ui.models.told import Told
from workbench.ui.views.capi.path_field import DropPage, PathField
from workbench.ui.views.common.findings import Findings
from workbench.ui.widgets import Choice, button, column, label, row

TYPES = ("float32", "float16", "int8", "uint8", "int16")
FORMATS = ("NHWC", "NCHW", "NC1HWC2", "UNDEFINED")


class InputPage(DropPage):
    """`wanted` gives the `Fed` to be checked, `proof_wanted` the one whose input may or may not take raw pixels."""

    wanted = Signal(object)
    proof_wanted = Signal(object)

    def __init__(self, inputs: Sequence[str]) -> None:
        super().__init__()
        pattern = self.tr("Buffers") + " (*.bin *.raw *.dat *.npy);;" + self.tr("All files") + " (*)"
        told = self.tr("What the program hands to rknn_inputs_set, or the board's InputOperator dump: drop it here")
        self.file = PathField(self.tr("Buffer"), pattern, told)
        pictures = self.tr("What was fed: one of the session's inputs, or another file")
        self.picture = PathField(self.tr("Picture"), input_pattern(), pictures)
        self.input = self._choice(self.tr("Input of the network"), [(name, name) for name in inputs])
        unknown = (self.tr("not known"), "")
        self.type = self._choice("type", [unknown, *((name.upper(), name) for name in TYPES)])
        self.fmt = self._choice("fmt", [unknown, *((name, name) for name in FORMATS)])
        self.passing = self._choice("pass_through", [(unknown[0], None), ("0", 0), ("1", 1)])
        self.check = button(self.tr("Check"), "search", self._ask)
        self.prove = button(self.tr("May raw pixels pass through?"), "help", self._ask_proof)
        self.prove.setToolTip(self.tr("Prove whether pass_through=1 with the raw picture is the same for this network"))
        self.found = Findings()
        form = QFormLayout()
        form.setHorizontalSpacing(16)
        form.setVerticalSpacing(8)
        form.addRow(self.tr("Buffer"), self.file)
        form.addRow(self.tr("Picture"), self.picture)
        form.addRow(self.tr("Input of the network"), self.input)
        said = row(self.type, label("fmt", "muted"), self.fmt, label("pass_through", "muted"), self.passing, None)
        said.insertWidget(0, label("type", "muted"))
        form.addRow(self.tr("The program says"), said)
        layout = column(form, row(self.check, self.prove, None), self.found, spacing=12)
        layout.setStretch(2, 1)
        layout.setContentsMargins(16, 16, 16, 16)
        self.setLayout(layout)
        self.file.changed.connect(self._on_file_changed)
        self.dropped.connect(self.take)
        self._show_state()

    def take(self, path: Path) -> None:
        """Check a file."""
        self.file.take(path)
        self._ask()

    def show_answer(self, answer: Answer) -> None:
        """Show what was found out about the buffer."""
        self.found.show_found(answer.findings)

    def show_proof(self, answer: Answer | None) -> None:
        """Show whether raw pixels may pass through."""
        told = self.tr("The NPU takes floats at this input: raw pixels with pass_through=1 are never right.")
        self.found.show_found((Told(told, "bad"),) if answer is None else answer.findings)

    def _choice(self, name: str, entries: Sequence[tuple[str, object]]) -> Choice:
        result = Choice()
        for text, value in entries:
            result.addItem(text, value)
        result.setAccessibleName(name)
        return result

    def _on_file_changed(self) -> None:
        self.found.show_found(())
        self._show_state()

    def _show_state(self) -> None:
        has_inputs = self.input.count() > 0
        self.check.setEnabled(has_inputs and self.file.path is not None)
        self.prove.setEnabled(has_inputs)

    def _fed(self) -> Fed:
        said = self.type.currentData(), self.fmt.currentData(), self.passing.currentData()
        return Fed(self.file.path, self.input.currentText(), *said, self.picture.path)

    def _ask(self) -> None:
        if self.check.isEnabled():
            self.wanted.emit(self._fed())

    def _ask_proof(self) -> None:
        self.proof_wanted.emit(self._fed())

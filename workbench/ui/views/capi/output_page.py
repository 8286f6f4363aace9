"""Buffers that the program gets from rknn_outputs_get: what they say, for want_float 0 and 1."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFormLayout, QPlainTextEdit

from workbench.ui.models.board.c_program import Answer, Got
from workbench.ui.text_size import pixels
from workbench.ui.views.capi.path_field import DropPage, PathField
from workbench.ui.views.common.findings import Findings
from workbench.ui.views.log_dialog import fixed_font
from workbench.ui.widgets import Choice, button, column, row

HEIGHT = 56
LAYOUTS = ("", "NHWC", "NC1HWC2")


class OutputPage(DropPage):
    """`wanted` gives the `Got` that is to be read."""

    wanted = Signal(object)

    def __init__(self, outputs: Sequence[str]) -> None:
        super().__init__()
        pattern = self.tr("Buffers") + " (*.bin *.raw *.dat *.npy);;" + self.tr("All files") + " (*)"
        self.file = PathField(self.tr("Buffer"), pattern, self.tr("What rknn_outputs_get gave: drop it here"))
        self.other = PathField(
            self.tr("Second buffer"), pattern, self.tr("The same with the other want_float, to compare: may be missing")
        )
        self.output = Choice()
        self.output.addItems(list(outputs))
        self.output.setAccessibleName(self.tr("Output of the network"))
        self.layout_choice = Choice()
        for text, name in zip((self.tr("as the network"), *LAYOUTS[1:]), LAYOUTS, strict=True):
            self.layout_choice.addItem(text, name)
        self.layout_choice.setAccessibleName(self.tr("Layout"))
        self.attr = QPlainTextEdit()
        self.attr.setFont(fixed_font())
        self.attr.setTabChangesFocus(True)
        self.attr.setFixedHeight(pixels(HEIGHT))
        self.attr.setPlaceholderText(
            self.tr("Its printed rknn_tensor_attr; without it the session's encoding is taken")
        )
        self.attr.setAccessibleName(self.tr("Printed attributes"))
        self.read = button(self.tr("Read"), "values", self._ask)
        self.found = Findings()
        form = QFormLayout()
        form.setHorizontalSpacing(16)
        form.setVerticalSpacing(8)
        for title, field in (
            (self.tr("Buffer"), self.file), (self.tr("Second buffer"), self.other),
            (self.tr("Output of the network"), self.output), (self.tr("Layout"), self.layout_choice),
            (self.tr("Attributes"), self.attr),
        ):  # fmt: skip
            form.addRow(title, field)
        layout = column(form, row(self.read, None), self.found, spacing=12)
        layout.setStretch(2, 1)
        layout.setContentsMargins(16, 16, 16, 16)
        self.setLayout(layout)
        for changed in (self.file.changed, self.attr.textChanged):
            changed.connect(self._show_state)
        self.dropped.connect(self._take)
        self._show_state()

    def show_answer(self, answer: Answer) -> None:
        """Show what the buffer says: the first values of each reading."""
        self.found.show_found(answer.findings, answer.facts, in_columns=True)

    def _take(self, path: Path) -> None:
        (self.file if self.file.path is None else self.other).take(path)
        self._ask()

    def _show_state(self) -> None:
        is_known = self.output.count() > 0 or bool(self.attr.toPlainText().strip())
        self.read.setEnabled(is_known and self.file.path is not None)

    def _ask(self) -> None:
        path = self.file.path
        if path is None or not self.read.isEnabled():
            return
        said = self.output.currentText(), self.attr.toPlainText(), self.layout_choice.currentData()
        self.wanted.emit(Got(path, *said, self.other.path))

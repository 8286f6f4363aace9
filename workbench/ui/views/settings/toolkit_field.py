"""One option of the vendor's toolkit as something to tick, to choose or to type."""

from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QCheckBox, QFormLayout, QLineEdit, QWidget

from workbench.foundation.errors import SettingsError
from workbench.sources.toolkit.option_values import parsed, written
from workbench.sources.toolkit.options import CHOICE, FLAG, Option
from workbench.ui.models.spoken import sentences, spoken
from workbench.ui.widgets import Choice, label, set_role

EXAMPLES = {
    "op_target": "Resize: cpu, /head/Softmax_output_0: cpu", "disable_rules": "fuse_conv_gather",
    "dynamic_input": "[[[1,3,224,224]],[[1,3,160,160]]]", "inputs_yuv_fmt": "nv12",
}  # fmt: skip
"""What is typed where a value has a form of its own."""


class ToolkitField(QObject):
    """Shows the value of an option; `edited` tells another valid one, `problem` why what is typed is none."""

    edited = Signal(str, object)
    checked = Signal()

    def __init__(self, option: Option, form: QFormLayout, parent: QWidget) -> None:
        super().__init__(parent)
        self.option = option
        self.problem = ""
        self.title = label(option.name, "muted")
        self.field = self._made()
        self._describe(form)

    def show_value(self, value: Any) -> None:
        """Show what the session has; a text that means the same already is left as it was typed."""
        field, is_usual = self.field, value == self.option.default
        set_role(self.title, "muted" if is_usual else "")
        if isinstance(field, QCheckBox):
            set_role(field, "muted" if is_usual else "")
            field.setChecked(value)
        elif isinstance(field, Choice):
            field.setCurrentText(value)
        elif self._meaning_of(field.text()) != [value]:
            field.setText("" if is_usual else written(self.option, value))
            self._mark(field, "")

    def clear(self) -> None:
        """Take back what is typed, also what is not valid."""
        if isinstance(self.field, QLineEdit):
            self.field.clear()
            self._mark(self.field, "")

    def _made(self) -> QCheckBox | Choice | QLineEdit:
        option = self.option
        if option.kind == FLAG:
            tick = QCheckBox(option.name)
            tick.clicked.connect(lambda is_on: self.edited.emit(option.name, is_on))
            return tick
        if option.kind == CHOICE:
            choice = Choice()
            choice.addItems(list(option.choices))
            choice.activated.connect(lambda: self.edited.emit(option.name, choice.currentText()))
            return choice
        edit = QLineEdit()
        edit.setPlaceholderText(written(option, option.default) or self._example(option))
        edit.textEdited.connect(lambda text: self._on_typed(edit, text))
        return edit

    def _example(self, option: Option) -> str:
        return self.tr("e.g. {0}").format(EXAMPLES[option.name]) if option.name in EXAMPLES else ""

    def _describe(self, form: QFormLayout) -> None:
        meaning = spoken(self.option.meaning)
        for part in (self.title, self.field):
            part.setToolTip(meaning)
        self.field.setAccessibleName(self.option.name)
        self.field.setAccessibleDescription(meaning)
        if isinstance(self.field, QCheckBox):
            form.addRow(self.field)
        else:
            self.title.setBuddy(self.field)
            form.addRow(self.title, self.field)

    def _meaning_of(self, text: str) -> list[Any]:
        try:
            return [parsed(self.option, text)]
        except SettingsError:
            return []

    def _on_typed(self, edit: QLineEdit, text: str) -> None:
        try:
            value = parsed(self.option, text)
        except SettingsError as error:
            self._mark(edit, sentences(spoken(error.message), spoken(error.hint)))
            return
        self._mark(edit, "")
        self.edited.emit(self.option.name, value)

    def _mark(self, edit: QLineEdit, problem: str) -> None:
        self.problem = problem
        if edit.property("invalid") != bool(problem):
            edit.setProperty("invalid", bool(problem))
            edit.style().unpolish(edit)
            edit.style().polish(edit)
        self.checked.emit()

"""The lines that the program needs, with the constants of this network."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QCheckBox, QPlainTextEdit, QWidget

from workbench.ui.models.board.c_program import Answer
from workbench.ui.models.spoken import sentences, spoken
from workbench.ui.views.log_dialog import fixed_font
from workbench.ui.widgets import Choice, button, column, label, row

LANGUAGES = {"c++": "C++", "python": "Python"}


class CodePage(QWidget):
    """`wanted` gives the language, and whether raw pixels pass through."""

    wanted = Signal(str, bool)

    def __init__(self, *, has_session: bool) -> None:
        super().__init__()
        self.language = Choice()
        for name, title in LANGUAGES.items():
            self.language.addItem(title, name)
        self.language.setAccessibleName(self.tr("Language"))
        self.raw = QCheckBox(self.tr("pass_through=1: the program quantises itself"))
        self.copy = button(self.tr("Copy"), "copy", self._copy)
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.text.setFont(fixed_font())
        self.text.setAccessibleName(self.tr("Code"))
        self.note = label("", "muted", wrap=True)
        self._usual = (
            self.tr("Preprocessing and encodings are those of the open session.")
            if has_session
            else self.tr("Open a network first: the constants are those of its session.")
        )
        layout = column(self.note, row(self.language, self.raw, None, self.copy), self.text, spacing=12)
        layout.setStretch(2, 1)
        layout.setContentsMargins(16, 16, 16, 16)
        self.setLayout(layout)
        self.language.setEnabled(has_session)
        self.raw.setEnabled(has_session)
        self.language.currentIndexChanged.connect(self.ask)
        self.raw.toggled.connect(self.ask)
        self.show_code("")

    def ask(self) -> None:
        """Ask for the code of the chosen language."""
        if self.language.isEnabled():
            self.wanted.emit(self.language.currentData(), self.raw.isChecked())

    def show_code(self, text: str) -> None:
        """Show the lines."""
        self.note.setText(self._usual)
        self.text.setPlainText(text)
        self.copy.setEnabled(bool(text))

    def show_answer(self, answer: Answer) -> None:
        """Show why there is no code."""
        self.show_code("")
        self.note.setText("\n".join(sentences(spoken(told.title), spoken(told.fix)) for told in answer.findings))

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.text.toPlainText())

"""What a repair would change in the user's file, before a copy is written: the original stays as it is."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QSyntaxHighlighter, QTextCharFormat, QTextDocument
from PySide6.QtWidgets import QCheckBox, QDialog, QPlainTextEdit, QVBoxLayout, QWidget

from workbench.ui import theme
from workbench.ui.dialogs import choose_target
from workbench.ui.models.repaired import Preview
from workbench.ui.text_size import pixels
from workbench.ui.views.log_dialog import fixed_font
from workbench.ui.widgets import Choice, ElidedLabel, button, column, label, row

SIZE = (760, 520)


class RepairDialog(QDialog):
    """Shows one of several repairs of a file. `chosen` asks for the preview of another one, `wanted` for the copy."""

    chosen = Signal(str)
    wanted = Signal(object, Path, bool)
    """The preview whose copy is to be written, where to, and whether it is opened then."""

    def __init__(self, parent: QWidget, path: Path, repairs: Sequence[tuple[str, str]], *, can_open: bool) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Repair {0}").format(path.name))
        self.resize(*map(pixels, SIZE))
        self._path = path
        self.preview: Preview | None = None
        self.choice = Choice()
        self.choice.setAccessibleName(self.tr("Repair"))
        for key, title in repairs:
            self.choice.addItem(title, key)
        self.file, self.notes = ElidedLabel(str(path), "muted"), label("", wrap=True)
        self.diff = self._make_diff()
        self.open_copy = QCheckBox(self.tr("Open the copy when it is written"))
        self.open_copy.setVisible(can_open)
        self.open_copy.setChecked(can_open)
        self.save_button = button(self.tr("Save copy as…"), "", self._choose_target, primary=True)
        self._arrange()
        self.choice.currentIndexChanged.connect(lambda: self._on_chosen())
        self.save_button.setEnabled(False)

    def show_preview(self, preview: Preview, notes: Sequence[str]) -> None:
        """Show what one of the repairs would change, and what is to be known about it."""
        self.preview = preview
        at = self.choice.findData(preview.key)
        if at >= 0 and at != self.choice.currentIndex():
            self.choice.blockSignals(True)
            self.choice.setCurrentIndex(at)
            self.choice.blockSignals(False)
        self.notes.setText("\n".join(notes))
        self.notes.setVisible(bool(notes))
        self.diff.setPlainText(preview.diff)
        self.save_button.setEnabled(True)

    def _make_diff(self) -> QPlainTextEdit:
        result = QPlainTextEdit()
        result.setReadOnly(True)
        result.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        result.setFont(fixed_font())
        result.setAccessibleName(self.tr("What changes"))
        result.setPlaceholderText(self.tr("Looking at the file…"))
        self._highlighter = DiffHighlighter(result.document())
        return result

    def _arrange(self) -> None:
        story = label(self.tr("A copy is written; {0} stays as it is.").format(self._path.name), "muted", wrap=True)
        what = label(self.tr("What changes: − goes, + comes"), "title")
        head = self.choice if self.choice.count() > 1 else label(self.choice.currentText(), "title", wrap=True)
        close = button(self.tr("Close"), "", self.close)
        foot = row(self.open_copy, None, close, self.save_button)
        layout: QVBoxLayout = column(head, self.file, self.notes, what, self.diff, story, foot, spacing=12)
        layout.setStretch(4, 1)
        layout.setContentsMargins(24, 20, 24, 16)
        self.setLayout(layout)

    def _on_chosen(self) -> None:
        self.save_button.setEnabled(False)
        self.diff.clear()
        self.chosen.emit(str(self.choice.currentData()))

    def _choose_target(self) -> None:
        ending = self._path.suffix.lstrip(".")
        patterns = {ending: f"{ending} (*.{ending})"} if ending else {"": "*"}
        dialog = choose_target(self, self.tr("Save the repaired copy"), patterns, self.take_target)
        dialog.setDirectory(str(self._path.parent))
        dialog.selectFile(f"{self._path.stem}_repaired{self._path.suffix}")

    def take_target(self, target: Path) -> None:
        """Ask for the copy, and close."""
        if self.preview is not None:
            self.wanted.emit(self.preview, target, self.open_copy.isChecked())
            self.close()


class DiffHighlighter(QSyntaxHighlighter):
    """Lines that go and lines that come in colours of their own; their signs say the same."""

    def __init__(self, document: QTextDocument) -> None:
        super().__init__(document)
        theme.changes.changed.connect(self.rehighlight)

    def highlightBlock(self, text: str) -> None:
        colour = self._colour(text)
        if colour is not None:
            style = QTextCharFormat()
            style.setForeground(colour)
            self.setFormat(0, len(text), style)

    def _colour(self, text: str) -> QColor | None:
        colours = theme.active()
        if text.startswith(("+++", "---", "@@")):
            return colours.muted
        return colours.accent if text.startswith("+") else colours.bad if text.startswith("-") else None

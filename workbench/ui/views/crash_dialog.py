"""The report of a defect, for the user to read before it is sent."""

from pathlib import Path

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QPlainTextEdit, QWidget

from workbench.ui.desktop import show_folder
from workbench.ui.text_size import pixels
from workbench.ui.views.log_dialog import fixed_font
from workbench.ui.widgets import button, column, label, row

SIZE = (760, 560)


class CrashDialog(QDialog):
    """Shows the text of a report that lies at `path`."""

    def __init__(self, parent: QWidget, path: Path, text: str) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Report of a defect"))
        self.resize(*map(pixels, SIZE))
        story = self.tr(
            "This was written down and not sent. Read it, take out what is nobody's business, and send it to where you "
            "have the program from, with a sentence about what you did."
        )
        self.text = QPlainTextEdit(text)
        self.text.setReadOnly(True)
        self.text.setProperty("role", "plain")
        self.text.setFont(fixed_font())
        self.text.setAccessibleName(self.windowTitle())
        self.copy_button = button(self.tr("Copy"), "copy", self._copy)
        self.folder_button = button(self.tr("Open folder"), "folder", lambda: show_folder(path))
        close = button(self.tr("Close"), "", self.close)
        foot = row(self.copy_button, self.folder_button, None, close)
        layout = column(label(story, "muted", wrap=True), self.text, foot, spacing=12)
        layout.setStretch(1, 1)
        layout.setContentsMargins(16, 16, 16, 16)
        self.setLayout(layout)
        self.copy_button.setFocus()

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.text.toPlainText())

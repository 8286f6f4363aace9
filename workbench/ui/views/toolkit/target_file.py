"""The .rknn that is written: its path, and whether something would be replaced."""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from workbench.ui.dialogs import choose_target
from workbench.ui.widgets import button, column, label, row

ENDING = "rknn"


class TargetFile(QWidget):
    """A path that can be typed or chosen."""

    changed = Signal()

    def __init__(self, proposed: Path) -> None:
        super().__init__()
        self._proposed = proposed
        self.edit = QLineEdit(str(proposed))
        self.edit.setAccessibleName(self.tr("File"))
        self.browse = button(self.tr("Choose…"), "folder", self._browse)
        self.note = label(self.tr("It exists already and will be replaced."), "muted")
        self.setLayout(column(row(self.edit, self.browse, spacing=4), self.note, spacing=4))
        self.edit.textChanged.connect(self._show)
        self._show()

    def propose(self, path: Path) -> None:
        """Show another path, unless the user wrote one."""
        if self.edit.text().strip() in ("", str(self._proposed)):
            self._proposed = path
            self.edit.setText(str(path))

    @property
    def path(self) -> Path | None:
        """The file; None where nothing is written in the field."""
        text = self.edit.text().strip()
        if not text:
            return None
        path = Path(text).expanduser().absolute()
        return path if path.suffix.lower() == f".{ENDING}" else path.with_name(f"{path.name}.{ENDING}")

    def _browse(self) -> None:
        patterns = {ENDING: f"RKNN (*.{ENDING})"}
        choose_target(self, self.tr("Write the .rknn"), patterns, lambda path: self.edit.setText(str(path)))

    def _show(self) -> None:
        self.note.setVisible(self.path is not None and self.path.exists())
        self.changed.emit()

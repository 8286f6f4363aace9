"""A file that is typed, chosen or dropped."""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from workbench.ui.dialogs import choose_file
from workbench.ui.dropping import local_files
from workbench.ui.widgets import button, row


class PathField(QWidget):
    """`changed` tells that another file is meant."""

    changed = Signal()
    chosen = Signal()
    """It was chosen in a dialog or taken, not typed."""

    def __init__(self, title: str, pattern: str, placeholder: str = "") -> None:
        super().__init__()
        self._title, self._pattern = title, pattern
        self.edit = QLineEdit()
        self.edit.setAccessibleName(title)
        self.edit.setPlaceholderText(placeholder)
        self.edit.setAcceptDrops(False)  # a file that is dropped is taken by the page
        self.edit.textChanged.connect(self.changed)
        self.browse = button(self.tr("Choose…"), "open", self._browse)
        self.setLayout(row(self.edit, self.browse, spacing=4))

    @property
    def path(self) -> Path | None:
        """The file; None where nothing is written in the field."""
        text = self.edit.text().strip()
        return Path(text).expanduser().absolute() if text else None

    def take(self, path: Path) -> None:
        """Mean another file."""
        self.edit.setText(str(path))
        self.chosen.emit()

    def _browse(self) -> None:
        choose_file(self, self._title, self._pattern, self.take)


class DropPage(QWidget):
    """A page that takes a file that is dropped on it."""

    dropped = Signal(Path)

    def __init__(self) -> None:
        super().__init__()
        self.setAcceptDrops(True)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if local_files(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        event.acceptProposedAction()
        self.dropped.emit(local_files(event.mimeData())[0])

"""A small sheet to write a note on, beside the layer that it is about."""

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QHideEvent, QKeyEvent
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QWidget

from workbench.ui import keys
from workbench.ui.marks import note_of, set_note
from workbench.ui.models.graph.model import short_name
from workbench.ui.text_size import pixels
from workbench.ui.widgets import column, label
from workbench.ui.workspace import Workspace

WIDTH, HEIGHT = 300, 132


class NotePopup(QFrame):
    """Keeps what is written when it is closed, by Ctrl+Enter or a click elsewhere; Esc leaves the note as it was."""

    def __init__(self, parent: QWidget, workspace: Workspace, tensors: list[str]) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self._workspace, self._tensors, self._is_wanted = workspace, tensors, True
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setProperty("role", "card")
        self.edit = QPlainTextEdit(note_of(workspace, tensors))
        several = self.tr("Note on {0} layers").format(len(tensors))
        title = self.tr("Note on {0}").format(short_name(tensors[0], 34)) if len(tensors) == 1 else several
        self.edit.setAccessibleName(title)
        self.edit.setTabChangesFocus(True)
        layout = column(
            label(title, "title"), self.edit, label(self.tr("Ctrl+Enter keeps it, Esc does not"), "muted"), spacing=6
        )
        layout.setContentsMargins(8, 8, 8, 8)
        self.setLayout(layout)
        for pressed in ("Ctrl+Return", "Ctrl+Enter"):
            keys.bind(self, pressed, self.tr("Keep the note"), self.close)
        keys.set_place(self, self.tr("Note on a layer"))
        keys.tell(self, ("Esc", self.tr("Leave the note as it was")))

    def show_at(self, corner: QPoint) -> None:
        """Show it with its corner somewhere on the screen."""
        self.resize(pixels(WIDTH), pixels(HEIGHT))
        room = self.screen().availableGeometry()
        self.move(min(corner.x(), room.right() - self.width()), min(corner.y(), room.bottom() - self.height()))
        self.show()
        self.edit.setFocus()
        self.edit.selectAll()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self._is_wanted = False
            self.close()
            return
        super().keyPressEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if self._is_wanted:
            self._is_wanted = False
            set_note(self._workspace, self._tensors, self.edit.toPlainText())

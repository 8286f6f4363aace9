"""What the window asks for before it opens or saves something."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt

from workbench.project.session import Session
from workbench.ui import dialogs
from workbench.ui.models.dropped import LOGS, TEXTS
from workbench.ui.reading import OpenShapes

if TYPE_CHECKING:
    from workbench.ui.main_window import MainWindow


class Choosing(QObject):
    """The dialogs of the menu "File", and those that a network or dumps need."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        actions, opener = window.actions_, window.opener
        for action, done in (
            (actions.open, self.ask_file), (actions.open_session, self.ask_session), (actions.save_as, self.ask_target),
        ):  # fmt: skip
            action.triggered.connect(lambda _=False, done=done: done())
        opener.shapes_wanted.connect(self.ask_shapes)

    def ask_file(self) -> None:
        """Let the user choose what is opened."""
        title = self.tr("Open a network, a session or a report")
        dialogs.choose_file(self._window, title, dialogs.open_pattern(), self.open)

    def open(self, path: Path) -> None:
        """Open a network or a session; a text of the toolkit is taken as one that is dropped."""
        if path.suffix.lower() in (*TEXTS, *LOGS):
            self._window.flow.drop([path])
        else:
            self._window.opener.open(path)

    def ask_session(self) -> None:
        """Let the user choose a session's folder."""
        dialogs.choose_folder(self._window, self.tr("Open a session's folder"), self._window.opener.open)

    def ask_target(self) -> None:
        """Let the user name the folder that the session is saved as."""
        title = self.tr("Save the session as a new folder")
        dialogs.choose_folder(self._window, title, self._window.opener.save_as, new=True)

    def ask_shapes(self, session: Session, wanted: OpenShapes) -> None:
        """Ask for the dimensions that a network leaves open."""
        dialog = dialogs.ShapesDialog(self._window, session.model, wanted)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.accepted.connect(lambda: self._window.opener.open_model(session.model, dialog.shapes(), session.weights))
        dialog.open()

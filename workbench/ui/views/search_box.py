"""Go to a layer by a part of its name (Ctrl+K)."""

from PySide6.QtCore import QStringListModel, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCompleter, QLineEdit

from workbench.ui import theme
from workbench.ui.workspace import Workspace

MOST_SHOWN = 14


class SearchBox(QLineEdit):
    """Types ahead over operators and tensors; Enter selects the layer everywhere."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__()
        self._workspace = workspace
        self._tensors: dict[str, str] = {}
        self._texts = QStringListModel(self)
        self._action = self.addAction(theme.icon("search", "muted"), QLineEdit.ActionPosition.LeadingPosition)
        theme.decorate(self._action, "search", "muted")
        self.setPlaceholderText(self.tr("Find a layer  Ctrl+K"))
        self.setAccessibleName(self.tr("Find a layer"))
        self.setClearButtonEnabled(True)
        completer = QCompleter(self._texts, self)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setMaxVisibleItems(MOST_SHOWN)
        completer.activated.connect(self._on_activated)
        self.setCompleter(completer)
        self.returnPressed.connect(self._on_return)
        workspace.results_changed.connect(self._on_rows_changed)
        self._on_rows_changed()

    def start(self) -> None:
        """Take the focus for a new search."""
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.selectAll()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.clear()
            self.clearFocus()
            return
        super().keyPressEvent(event)

    def _on_rows_changed(self) -> None:
        self._tensors = {f"{row.tensor}   {row.op}": row.tensor for row in self._workspace.rows}
        self._texts.setStringList(list(self._tensors))
        self.setEnabled(bool(self._tensors))

    def _on_activated(self, text: str) -> None:
        self._workspace.select(self._tensors.get(text, self._workspace.selected))

    def _on_return(self) -> None:
        wanted = self.text().strip().lower()
        if wanted and (found := next((key for key in self._tensors if wanted in key.lower()), None)):
            self._workspace.select(self._tensors[found])

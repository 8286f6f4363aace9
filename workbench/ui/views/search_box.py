"""Go to a layer by a part of its name (Ctrl+K)."""

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize, QStringListModel, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCompleter, QLineEdit, QListView

from workbench.ui import theme
from workbench.ui.workspace import Workspace

MOST_SHOWN, POPUP_WIDTH = 14, 460


class SearchBox(QLineEdit):
    """Types ahead over operators and tensors; Enter selects the layer everywhere."""

    searched = Signal(str)
    """What Enter was pressed on: the graph marks all that it finds."""

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
        self._popup = QListView()
        completer.setPopup(self._popup)
        self._popup.setProperty("role", "popup")
        self._popup.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self._popup.installEventFilter(self)
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

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The list is wider than the field: names are long."""
        is_placed = event.type() in (QEvent.Type.Show, QEvent.Type.Resize)
        if watched is self._popup and is_placed and self._popup.width() != POPUP_WIDTH:
            corner = self.mapToGlobal(QPoint(self.width() - POPUP_WIDTH, self.height() + 2))
            self._popup.setGeometry(QRect(corner, QSize(POPUP_WIDTH, self._popup.height())))
        return super().eventFilter(watched, event)

    def _on_rows_changed(self) -> None:
        self._tensors = {f"{row.tensor}   {row.op}": row.tensor for row in self._workspace.rows}
        self._texts.setStringList(list(self._tensors))
        self.setEnabled(bool(self._tensors))

    def _on_activated(self, text: str) -> None:
        self._workspace.select(self._tensors.get(text, self._workspace.selected))
        QTimer.singleShot(0, self._leave)  # the completer writes the text after this

    def _leave(self) -> None:
        self.clear()
        self.clearFocus()

    def _on_return(self) -> None:
        wanted = self.text().strip().lower()
        self.searched.emit(wanted)
        if wanted and (found := next((key for key in self._tensors if wanted in key.lower()), None)):
            self._workspace.select(self._tensors[found])
            self._leave()

"""Find layers in the graph (Ctrl+K): by name, or in the language of the table's filter; Enter goes from hit to hit."""

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize, QStringListModel, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QCompleter, QLabel, QLineEdit, QListView

from workbench.ui import keys, theme
from workbench.ui.models.table.filter_texts import unclear_text
from workbench.ui.tips import plain_tip
from workbench.ui.views.filter_memory import Field
from workbench.ui.views.graph.search import GraphSearch
from workbench.ui.widgets import set_role
from workbench.ui.workspace import Workspace

MOST_SHOWN, POPUP_WIDTH = 14, 460
WAIT_MS = 150
"""How long after a key the graph marks what is found so far."""


class SearchBox(Field):
    """Types ahead over operators and tensors, marks what is typed, and tells how many hits there are."""

    typed = Signal(str)
    """What stands in the box: the graph marks what it finds."""
    searched = Signal(str)
    """Enter was pressed: go to the first hit, or, of the same text, to the next."""
    stepped = Signal(int)
    """Shift+Enter was pressed: go back by one hit."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__()
        self._workspace = workspace
        self._tensors: dict[str, str] = {}
        self._are_known = False
        self._texts = QStringListModel(self)
        self._count = QLabel(self)
        set_role(self._count, "muted")
        self._count.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._timer = QTimer(self, singleShot=True, interval=WAIT_MS)
        self.icon = self.addAction(theme.icon("search", "muted"), QLineEdit.ActionPosition.LeadingPosition)
        theme.decorate(self.icon, "search", "muted")
        self.setPlaceholderText(self.tr("Find a layer  Ctrl+K"))
        self.setAccessibleName(self.tr("Find a layer"))
        self.setToolTip(self._story())
        self._make_completer()
        keys.set_place(self, self.tr("Search"))
        keys.tell(
            self,
            ("Enter / Shift+Enter", self.tr("Next or previous hit")),
            ("Esc", self.tr("End the search")),
        )
        self.returnPressed.connect(self._on_return)
        self.textChanged.connect(self._on_text_changed)
        self._timer.timeout.connect(lambda: self.typed.emit(self.text()))
        workspace.results_changed.connect(self._on_rows_changed)
        self._on_rows_changed()

    def start(self) -> None:
        """Take the focus for a new search."""
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.selectAll()

    def show_search(self, search: GraphSearch) -> None:
        """Tell how many hits there are, and which terms mean nothing."""
        if not search.text:
            self._count.setText("")
            if not self._timer.isActive() and self.text():
                self.clear()  # the search was ended elsewhere
        else:
            self._count.setText(f"{search.at + 1}/{len(search.hits)}" if search.at >= 0 else str(len(search.hits)))
        bad = bool(search.unclear) or bool(search.text and not search.hits)
        set_role(self._count, "warning" if bad else "muted")
        self.setToolTip(plain_tip(unclear_text(search.unclear)) or self._story())
        self.setAccessibleDescription(self._count.text())
        self._place_count()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if event.key() == Qt.Key.Key_Escape:
            self.clear()
            self.clearFocus()
        elif enter and event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.stepped.emit(-1)
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_count()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The list is wider than the field: names are long."""
        is_placed = event.type() in (QEvent.Type.Show, QEvent.Type.Resize)
        if watched is self._popup and is_placed and self._popup.width() != POPUP_WIDTH:
            corner = self.mapToGlobal(QPoint(self.width() - POPUP_WIDTH, self.height() + 2))
            self._popup.setGeometry(QRect(corner, QSize(POPUP_WIDTH, self._popup.height())))
        return super().eventFilter(watched, event)

    def _make_completer(self) -> None:
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

    def _story(self) -> str:
        return self.tr(
            "A part of a name, op:Conv, shape:1x64, cos<0.99, -op:Relu …\nEnter: next hit, Shift+Enter: back"
        )

    def _place_count(self) -> None:
        self._count.adjustSize()
        wide = self._count.width() if self._count.text() else 0
        self._count.move(self.width() - wide - 8, (self.height() - self._count.height()) // 2)
        self.setTextMargins(0, 0, wide + 6 if wide else 0, 0)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._offer_names()

    def _on_rows_changed(self) -> None:
        self._are_known = False
        self.setEnabled(bool(self._workspace.rows))
        if self.hasFocus():
            self._offer_names()

    def _offer_names(self) -> None:
        """Offer the names of the rows, when somebody is about to type one."""
        if not self._are_known:
            self._are_known = True
            self._tensors = {f"{row.tensor}   {row.op}": row.tensor for row in self._workspace.rows}
            self._texts.setStringList(list(self._tensors))

    def _on_text_changed(self, text: str) -> None:
        if text.strip():
            self._timer.start()
        else:
            self._timer.stop()
            self.typed.emit("")

    def _on_activated(self, text: str) -> None:
        self._workspace.select(self._tensors.get(text, self._workspace.selected))
        QTimer.singleShot(0, self._leave)  # the completer writes the text after this

    def _leave(self) -> None:
        self.clear()
        self.clearFocus()

    def _on_return(self) -> None:
        self._timer.stop()
        if self.text().strip():
            self.searched.emit(self.text())

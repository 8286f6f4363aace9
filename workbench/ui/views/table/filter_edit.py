"""The field for the filter language: it proposes how a term may go on, and marks what it does not understand."""

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, QModelIndex, QPoint, QRect, QSize, QStringListModel, Qt, Signal
from PySide6.QtGui import QInputMethodEvent, QKeyEvent, QTextCharFormat
from PySide6.QtWidgets import QCompleter, QLineEdit, QListView

from workbench.ui import keys, theme
from workbench.ui.models.table import filter as filters
from workbench.ui.models.table.completions import proposed
from workbench.ui.models.table.filter_texts import unclear_text
from workbench.ui.tips import plain_tip
from workbench.ui.views.filter_memory import Field

MOST_VISIBLE = 10
POPUP_KEYS = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab, Qt.Key.Key_Escape)


class FilterEdit(Field):
    """`changed` gives the filter; `left` is the wish to go to what is filtered (Enter or Down)."""

    changed = Signal(object)
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.terms: list[str] = []
        self.filter = filters.Filter()
        """What is typed."""
        self.unclear = ""
        """What is wrong with the text, in sentences; "" where nothing is."""
        self._typed = ""
        self._proposals = QStringListModel(self)
        self._completer = QCompleter(self._proposals, self)
        self._completer.setWidget(self)
        self._completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        self._completer.setMaxVisibleItems(MOST_VISIBLE)
        self.popup = QListView()
        self.popup.setProperty("role", "popup")
        self._completer.setPopup(self.popup)
        self._completer.activated.connect(self._complete)
        self.icon = self.addAction(theme.icon("filter", "muted"), QLineEdit.ActionPosition.LeadingPosition)
        theme.decorate(self.icon, "filter", "muted")
        self.setPlaceholderText(self.tr("Filter: name, op:Conv, cos<0.99"))
        self.setClearButtonEnabled(True)
        self.setAccessibleName(self.tr("Filter of the layer table"))
        keys.set_place(self, self.tr("Filter"))
        keys.tell(
            self,
            ("Ctrl+Space / Alt+Down", self.tr("Show what can be typed")),
            ("Tab", self.tr("Take the proposal")),
            ("Enter / Down", self.tr("Go to the rows")),
            ("Esc", self.tr("Clear the filter")),
        )
        self.textChanged.connect(self._on_text_changed)
        self.textEdited.connect(lambda _: self.propose())
        self._on_text_changed("")

    def set_terms(self, terms: Sequence[str]) -> None:
        """Propose among these."""
        self.terms = list(terms)

    def propose(self, *, everything: bool = False) -> None:
        """Show how the term at the cursor may go on; on wish all terms there are."""
        self._typed, found = proposed(self.terms, self.text(), self.cursorPosition())
        if everything and not found:
            self._typed, found = "", self.terms
        self._proposals.setStringList(found)
        if not found:
            self.popup.hide()
            return
        left = self.cursorRect().left() - self.fontMetrics().horizontalAdvance(self._typed)
        width = self.popup.sizeHintForColumn(0) + 40
        self._show_proposals(QRect(QPoint(max(0, left), 0), QSize(max(140, width), self.height())))

    def _show_proposals(self, place: QRect) -> None:
        """Nothing is chosen until an arrow key or the mouse does: Enter keeps what was typed."""
        self._completer.complete(place)
        self.popup.setCurrentIndex(QModelIndex())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        held = event.modifiers()
        wants_all = event.key() == Qt.Key.Key_Space and bool(held & Qt.KeyboardModifier.ControlModifier)
        wants_all |= event.key() == Qt.Key.Key_Down and bool(held & Qt.KeyboardModifier.AltModifier)
        if self.popup.isVisible() and event.key() in POPUP_KEYS:
            event.ignore()  # the list of proposals takes what its field does not
        elif wants_all:  # an input method may take Ctrl+Space
            self.propose(everything=True)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Down):
            self.left.emit()
        elif event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
        else:
            super().keyPressEvent(event)

    def _complete(self, term: str) -> None:
        """Put a proposal in the place of what was typed; a whole term is followed by a blank."""
        end = self.cursorPosition()
        text, begin = self.text(), end - len(self._typed)
        is_whole = term[-1] not in ":.<>" and not text[end:]
        inserted = term + (" " if is_whole else "")
        self.setText(text[:begin] + inserted + text[end:])
        self.setCursorPosition(begin + len(inserted))
        if not is_whole:
            self.propose()

    def _on_text_changed(self, text: str) -> None:
        chosen = self.filter = filters.parse(text)
        self.unclear = unclear_text(chosen.unclear)
        help_text = self.tr(
            "Words match the operator, the tensor or its group; op: also the operators of a fused layer.\n"
            "op:Conv|Add   name:conv_3   scope:head   shape:1x64   type:int8   note:   pinned   spared\n"
            "cos<0.99   single.euc>10   runtime.cos<0.9   sqnr<20   jump>3   head<2   macs>1e6\n"
            "All terms must hold; | means or, a leading - not, quotes keep blanks. Ctrl+Space proposes terms."
        )
        self.setToolTip(plain_tip(self.unclear or help_text))
        self.setAccessibleDescription(self.unclear)
        self.setProperty("invalid", bool(self.unclear))
        self.style().unpolish(self)
        self.style().polish(self)
        self._underline(chosen.unclear)
        self.changed.emit(chosen)

    def _underline(self, parts: Sequence[filters.Unclear]) -> None:
        """Mark the parts that mean nothing: a field takes formats only as an input method's."""
        look = QTextCharFormat()
        look.setUnderlineStyle(QTextCharFormat.UnderlineStyle.SingleUnderline)
        look.setUnderlineColor(theme.active().bad)
        kind, at = QInputMethodEvent.AttributeType.TextFormat, self.cursorPosition()
        marks = [QInputMethodEvent.Attribute(kind, part.begin - at, len(part.text), look) for part in parts]
        QCoreApplication.sendEvent(self, QInputMethodEvent("", marks))

"""What the graph is being asked, over its upper left corner: the search and its hits, the path and its length."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QLabel, QSizePolicy, QWidget

from workbench.ui import theme
from workbench.ui.models.graph.model import short_name
from workbench.ui.models.graph.path import BOTH, DOWN, UP
from workbench.ui.models.table.filter_texts import unclear_text
from workbench.ui.tips import plain_tip
from workbench.ui.views.graph.path import PathHighlight
from workbench.ui.views.graph.search import GraphSearch
from workbench.ui.widgets import label, tool

SMALL = 12
MOST_TEXT = 60
"""Characters of a search that are repeated."""


class GraphStatus(QWidget):
    """One card for the search and one for the path, each with what can be done with it."""

    resized = Signal()

    def __init__(self, search: GraphSearch, path: PathHighlight, parent: QWidget) -> None:
        super().__init__(parent)
        self._search, self._path = search, path
        self._searched = _Card("search")
        self._searched.add("chevron-up", self.tr("Previous hit (Shift+F3)"), lambda: search.step(-1))
        self._searched.add("chevron-down", self.tr("Next hit (F3)"), lambda: search.step(1))
        self._searched.add("close", self.tr("End the search (Esc)"), search.end)
        self._unclear = label("", "warning")
        self._searched.box.insertWidget(2, self._unclear)
        self._on_path = _Card("path")
        self._on_path.add("close", self.tr("End the path (Esc)"), path.end)
        self._box = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(4)
        for card in (self._searched, self._on_path):
            self._box.addWidget(card, 0, Qt.AlignmentFlag.AlignLeft)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._room = 10_000

    def fit(self, room: int) -> None:
        """Stand in one line where it is no wider than this, else one card below the other."""
        self._room = room
        cards = [card for card in (self._searched, self._on_path) if not card.isHidden()]
        for card in cards:
            card.updateGeometry()  # else this widget's layout only hears of longer texts after its size is set
        wide = sum(card.sizeHint().width() for card in cards) + 4
        self._box.setDirection(QBoxLayout.Direction.LeftToRight if wide <= room else QBoxLayout.Direction.TopToBottom)
        self.adjustSize()

    def show_state(self, layers_on_path: int) -> None:
        """Say what is searched and how long the path is; `layers_on_path` are those that can be seen."""
        search, path = self._search, self._path.path
        self._searched.setVisible(bool(search.text))
        self._searched.text.setText(f"{search.text[:MOST_TEXT]}   {self._count()}")
        self._unclear.setText(self._what_is_unclear())
        self._unclear.setVisible(bool(search.unclear))
        self._on_path.setVisible(path is not None)
        if path is not None:
            told = self._story(path.direction).format(short_name(path.anchor), layers_on_path)
            self._on_path.text.setText(told)
            self._on_path.setToolTip(plain_tip(path.anchor))
        self.setVisible(bool(search.text) or path is not None)
        self.fit(self._room)
        self.resized.emit()

    def texts(self) -> list[str]:
        """What is said."""
        shown = (self._searched.text, self._unclear, self._on_path.text)
        return [part.text() for part in shown if part.isVisibleTo(self)]

    def _count(self) -> str:
        search = self._search
        if not search.hits:
            return self.tr("nothing found")
        if search.at < 0:
            return self.tr("{0} found").format(len(search.hits))
        return self.tr("{0} of {1}").format(search.at + 1, len(search.hits))

    def _what_is_unclear(self) -> str:
        return unclear_text(self._search.unclear)

    def _story(self, direction: str) -> str:
        return {
            UP: self.tr("Up from {0}: {1} layers"),
            DOWN: self.tr("Down from {0}: {1} layers"),
            BOTH: self.tr("Up and down from {0}: {1} layers"),
        }[direction]


class _Card(QFrame):
    def __init__(self, icon: str) -> None:
        super().__init__()
        self.setProperty("role", "card")
        picture = QLabel()
        self._icon, self._picture = icon, picture
        self.text = label()
        self.box = QHBoxLayout(self)
        self.box.setContentsMargins(8, 2, 3, 2)
        self.box.setSpacing(4)
        self.box.addWidget(picture)
        self.box.addWidget(self.text)
        theme.changes.changed.connect(self._tint)
        self._tint()

    def add(self, icon: str, tip: str, clicked: object) -> None:
        """Another button."""
        assert callable(clicked)
        button = tool(icon, tip, clicked)
        button.setIconSize(QSize(SMALL, SMALL))
        button.setFixedSize(SMALL + 16, SMALL + 10)
        self.box.addWidget(button)

    def _tint(self) -> None:
        self._picture.setPixmap(theme.icon(self._icon, "muted").pixmap(SMALL, SMALL))

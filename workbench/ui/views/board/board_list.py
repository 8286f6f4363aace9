"""The boards that are known, a row each: how it is reached, whether it answers, what it is."""

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTreeWidget, QTreeWidgetItem

from workbench.ui import keys, theme
from workbench.ui.boards import Boards, Tried
from workbench.ui.models.spoken import spoken
from workbench.ui.text_size import pixels, row_height
from workbench.ui.tips import plain_tip
from workbench.ui.widgets import one_line, set_role

NAME, LINK, STATE, CHIP = range(4)
WIDTHS = {NAME: 150, LINK: 260, STATE: 170}
SHOWN_ROWS = 5


class BoardList(QTreeWidget):
    """`chosen_changed` tells that another row is chosen; `remove_wanted` that its board is to be forgotten."""

    chosen_changed = Signal()
    remove_wanted = Signal()

    def __init__(self, boards: Boards) -> None:
        super().__init__()
        self._boards = boards
        self.setAccessibleName(self.tr("Boards"))
        self.setRootIsDecorated(False)
        self.setUniformRowHeights(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHeaderLabels([self.tr("Board"), self.tr("Link"), self.tr("State"), self.tr("Chip")])
        self.header().setStretchLastSection(False)
        set_role(self.header(), "plain")
        self.header().setSectionResizeMode(CHIP, QHeaderView.ResizeMode.Stretch)
        for at, width in WIDTHS.items():
            self.header().resizeSection(at, pixels(width))
        self.setFixedHeight((SHOWN_ROWS + 1) * row_height() + 8)
        self.itemSelectionChanged.connect(self.chosen_changed)
        keys.set_place(self, self.tr("Boards"))
        keys.bind(self, "Del", self.tr("Forget the chosen board"), self.remove_wanted.emit)

    @property
    def chosen(self) -> str:
        """The name of the chosen board; "" without one."""
        known, at = self._boards.known, self.indexOfTopLevelItem(item) if (item := self.currentItem()) else -1
        return known[at].name if 0 <= at < len(known) else ""

    def choose(self, name: str) -> None:
        """Choose a board by its name."""
        for at, board in enumerate(self._boards.known):
            if board.name == name:
                self.setCurrentIndex(self.model().index(at, NAME))

    def show_all(self) -> None:
        """Show what is known now; the chosen row stays."""
        known, now = self._boards.known, self.indexFromItem(item).row() if (item := self.currentItem()) else 0
        self.blockSignals(True)
        while self.topLevelItemCount() > len(known):
            self.takeTopLevelItem(self.topLevelItemCount() - 1)
        while self.topLevelItemCount() < len(known):
            QTreeWidgetItem(self).setSizeHint(NAME, QSize(0, row_height()))
        for at, board in enumerate(known):
            tried = self._boards.tried.get(board.name, Tried())
            self._show(at, (board.name, board.link, self._state(tried), tried.chip or board.chip), tried)
        if known:
            self.setCurrentIndex(self.model().index(max(0, min(now, len(known) - 1)), NAME))
        self.blockSignals(False)
        self.chosen_changed.emit()

    def _show(self, at: int, texts: tuple[str, ...], tried: Tried) -> None:
        item, colours = self.topLevelItem(at), theme.active()
        assert item is not None
        for column, text in enumerate(map(one_line, texts)):
            item.setText(column, text)
            item.setToolTip(column, plain_tip(spoken(tried.problem) or text))
        item.setForeground(STATE, colours.bands[3].colour if tried.problem else colours.text)

    def _state(self, tried: Tried) -> str:
        states = {
            "": self.tr("◌ not tried"), "trying": self.tr("◌ trying…"), "examining": self.tr("◌ looking…"),
            "failed": self.tr("✖ not reached"), "reached": self.tr("● answers"),
            "fine": self.tr("● examined: fine"), "findings": self.tr("▲ findings: {0}").format(tried.count),
        }  # fmt: skip
        return states[tried.state]

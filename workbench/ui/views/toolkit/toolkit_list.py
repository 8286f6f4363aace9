"""The toolkits that are known, a row each: whether it can be used, its versions, what networks it loads."""

from collections.abc import Mapping

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTreeWidget, QTreeWidgetItem

from workbench.ui import keys, theme
from workbench.ui.models.spoken import spoken
from workbench.ui.text_size import pixels, row_height
from workbench.ui.tips import plain_tip
from workbench.ui.toolkit import Look, Toolkits

NAME, STATE, VERSION, PYTHON, LOADS = range(5)
WIDTHS = {NAME: 170, STATE: 120, VERSION: 64, PYTHON: 64}
SHOWN_ROWS = 4
OWN = ("Caffe", "Darknet")
"""What the toolkit loads by itself; the others need the framework."""
FRAMEWORKS = {"onnx": ("ONNX",), "torch": ("PyTorch",), "tensorflow": ("TensorFlow", "TFLite")}


class ToolkitList(QTreeWidget):
    """`chosen_changed` tells that another row is chosen; `remove_wanted` that its toolkit is to be forgotten."""

    chosen_changed = Signal()
    remove_wanted = Signal()

    def __init__(self, toolkits: Toolkits) -> None:
        super().__init__()
        self._toolkits = toolkits
        self._items: list[QTreeWidgetItem] = []
        self.setAccessibleName(self.tr("Toolkits"))
        self.setRootIsDecorated(False)
        self.setUniformRowHeights(True)
        self.setAllColumnsShowFocus(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHeaderLabels(
            [self.tr("Toolkit"), self.tr("State"), self.tr("Version"), self.tr("Python"), self.tr("Loads")]
        )
        self.header().setStretchLastSection(False)
        self.header().setSectionResizeMode(LOADS, QHeaderView.ResizeMode.Stretch)
        for at, width in WIDTHS.items():
            self.header().resizeSection(at, pixels(width))
        self.setFixedHeight((SHOWN_ROWS + 1) * row_height() + 8)
        self.itemSelectionChanged.connect(self.chosen_changed)
        keys.set_place(self, self.tr("Toolkits"))
        keys.bind(self, "Del", self.tr("Forget the chosen toolkit"), self.remove_wanted.emit)

    @property
    def chosen(self) -> int:
        """The number of the chosen toolkit; -1 without one."""
        now = self.currentItem()
        return next((at for at, item in enumerate(self._items) if item is now), -1)

    def show_all(self) -> None:
        """Show what is known now; the chosen row stays."""
        known, chosen = self._toolkits.known, max(0, self.chosen)
        self.blockSignals(True)
        while len(self._items) > len(known):
            self.takeTopLevelItem(len(self._items) - 1)
            self._items.pop()
        while len(self._items) < len(known):
            self._items.append(QTreeWidgetItem(self))
            self._items[-1].setSizeHint(NAME, QSize(0, row_height()))
        for at, toolkit in enumerate(known):
            self._show(at, toolkit.name, self._toolkits.looks.get(toolkit.python, Look()))
        if known:
            self.setCurrentItem(self._items[min(chosen, len(known) - 1)])
        self.blockSignals(False)
        self.chosen_changed.emit()

    def _show(self, at: int, name: str, look: Look) -> None:
        item, versions = self._items[at], look.versions
        known = (
            (versions.version, versions.python, ", ".join(loaded(versions.frameworks))) if versions else ("", "", "")
        )
        texts = (name, self._state(at, look), *known)
        for column, text in enumerate(texts):
            item.setText(column, text)
            item.setToolTip(column, plain_tip(spoken(look.problem) or text))
        colours = theme.active()
        item.setForeground(STATE, colours.bands[3].colour if look.problem else colours.text)

    def _state(self, at: int, look: Look) -> str:
        if look.problem:
            return self.tr("✖ cannot be used")
        if look.versions is None:
            return self.tr("◌ looking…")
        return self.tr("● ready, used") if at == 0 else self.tr("● ready")


def loaded(frameworks: Mapping[str, str]) -> tuple[str, ...]:
    """The kinds of networks that a toolkit loads with these packages."""
    found = tuple(title for name, titles in FRAMEWORKS.items() if name in frameworks for title in titles)
    return (*found, *OWN)

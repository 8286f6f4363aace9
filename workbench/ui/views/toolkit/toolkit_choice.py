"""The toolkit that does the work: the only one, one of several, or the way to get one."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from workbench.ui.tips import plain_tip
from workbench.ui.toolkit import Toolkits
from workbench.ui.widgets import Choice, button, label, row

if TYPE_CHECKING:
    from workbench.sources.toolkit.descriptions import Toolkit


class ToolkitChoice(QWidget):
    """`chosen` names the one that is proposed. Says so where there is no toolkit, and leads to setting one up."""

    changed = Signal()
    setup_wanted = Signal()

    def __init__(self, toolkits: Toolkits, chosen: str = "") -> None:
        super().__init__()
        self._wanted = chosen
        self._toolkits = toolkits
        self.combo = Choice()
        self.combo.setAccessibleName(self.tr("Toolkit"))
        self.none = label(self.tr("The vendor's toolkit is not set up."), "warning", wrap=True)
        self.setup = button(self.tr("Set up toolkit…"), "chip", self.setup_wanted.emit)
        layout = row(self.combo, self.none, self.setup)
        layout.setStretch(0, 1)
        layout.setStretch(1, 1)
        self.setLayout(layout)
        self.combo.currentIndexChanged.connect(self.changed)
        toolkits.changed.connect(self._show)
        self._show()
        toolkits.refresh()

    @property
    def chosen(self) -> "Toolkit | None":
        """The toolkit; None where there is none."""
        at, known = self.combo.currentIndex(), self._toolkits.known
        return known[at] if 0 <= at < len(known) else None

    def _show(self) -> None:
        toolkits = self._toolkits
        names = [item.name for item in toolkits.known]
        if [self.combo.itemText(at) for at in range(self.combo.count())] != names:
            kept = self.combo.currentText() or self._wanted
            self.combo.clear()
            self.combo.addItems(names)
            self.combo.setCurrentIndex(max(0, self.combo.findText(kept)) if names else -1)
        for at, item in enumerate(toolkits.known):
            self.combo.setItemData(at, plain_tip(str(item.python)), Qt.ItemDataRole.ToolTipRole)
        is_missing = toolkits.is_read and not names
        self.combo.setVisible(not is_missing)
        for part in (self.none, self.setup):
            part.setVisible(is_missing)
        self.changed.emit()

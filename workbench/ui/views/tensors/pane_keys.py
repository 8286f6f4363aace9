"""The keys that enlarge one of the tensor's panes and bring the others back."""

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

KEYS = {"1": "golden", "2": "simulator", "3": "runtime", "4": "difference", "D": "difference"}


class PaneKeys(QObject):
    """Valid in a part of the window. `chosen` gives the source of a pane, or "" for all of them."""

    chosen = Signal(str)

    def __init__(self, part: QWidget) -> None:
        super().__init__(part)
        for key, source in KEYS.items():
            shortcut = QShortcut(QKeySequence(key), part)
            title = self.tr("difference") if source == "difference" else source
            shortcut.setWhatsThis(self.tr("Enlarge or shrink: {0}").format(title))
            shortcut.activated.connect(lambda source=source: self.chosen.emit(source))
        self._back = QShortcut(QKeySequence(Qt.Key.Key_Escape), part)
        self._back.setWhatsThis(self.tr("Back from the enlarged pane"))
        self._back.activated.connect(lambda: self.chosen.emit(""))
        self.show_enlarged("")

    def show_enlarged(self, source: str) -> None:
        """Esc means other things while no pane is enlarged."""
        self._back.setEnabled(bool(source))

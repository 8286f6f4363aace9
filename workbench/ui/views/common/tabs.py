"""Tabs that paint no more than has changed."""

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QTabWidget


class Tabs(QTabWidget):
    """Tabs that paint their pages anew only where another room is wanted: Qt does it for each text that changes."""

    _wishes: object = None

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest and self.isVisible():
            before, self._wishes = self._wishes, self._wanted()
            if self._wishes == before:
                return True
        return super().event(event)

    def _wanted(self) -> object:
        bars = [bar for bar in (self.tabBar(), self.cornerWidget()) if bar is not None and not bar.isHidden()]
        return self.minimumSizeHint(), [bar.sizeHint() for bar in bars], self.count()

"""Tabs that paint no more than has changed, and list themselves where there is no room for all of them."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QMenu, QTabBar, QTabWidget, QToolButton, QWidget

from workbench.ui.widgets import row


class Tabs(QTabWidget):
    """Tabs that paint their pages anew only where another room is wanted: Qt does it for each text that changes.

    Where some do not fit beside the tools they are left out, but never the current one; `more` lists them all.
    """

    def __init__(self) -> None:
        super().__init__()
        self._wishes: object = None
        self._tools: QWidget | None = None
        self._bar = TabBar()
        self.setTabBar(self._bar)
        self.setDocumentMode(True)
        self.more = QToolButton(popupMode=QToolButton.ToolButtonPopupMode.InstantPopup)
        self.more.setToolTip(self.tr("All tabs"))
        self.more.setAccessibleName(self.tr("All tabs"))
        self.more.setText("+1")  # as wide as it will be
        self._menu = QMenu(self.more)
        self._menu.aboutToShow.connect(self._list)
        self.more.setMenu(self._menu)
        self.more.hide()
        corner, self._corner = QWidget(), row(self.more, spacing=0)
        corner.setLayout(self._corner)
        self.setCornerWidget(corner)
        self.currentChanged.connect(lambda _: self._fit())

    def set_tools(self, tools: QWidget) -> None:
        """Put tools at the end of the row."""
        self._tools = tools
        self._corner.addWidget(tools)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fit()
        super().resizeEvent(event)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest and self.isVisible():
            self._fit()
            before, self._wishes = self._wishes, self._wanted()
            if self._wishes == before:
                return True
        return super().event(event)

    def _fit(self) -> None:
        tools = self._tools.sizeHint().width() if self._tools is not None and not self._tools.isHidden() else 0
        room = self.width() - tools
        widths = [self._bar.width_of(number) for number in range(self.count())]
        shown = set(range(self.count()))
        if sum(widths) > room:
            shown = _fitting(widths, self.currentIndex(), room - self.more.sizeHint().width())
        for number in range(self.count()):
            if self._bar.isTabVisible(number) != (number in shown):
                self._bar.setTabVisible(number, number in shown)
        self.more.setText(f"+{self.count() - len(shown)}")
        self.more.setHidden(len(shown) == self.count() or self._bar.isHidden())

    def _list(self) -> None:
        self._menu.clear()
        for number in range(self.count()):
            action = self._menu.addAction(self.tabText(number).replace("&", "&&"))
            action.setCheckable(True)
            action.setChecked(number == self.currentIndex())
            action.triggered.connect(lambda _, number=number: self.setCurrentIndex(number))

    def _wanted(self) -> object:
        bars = [bar for bar in (self.tabBar(), self.cornerWidget()) if bar is not None and not bar.isHidden()]
        return self.minimumSizeHint(), [bar.sizeHint() for bar in bars], self.count()


class TabBar(QTabBar):
    """Tells how wide a tab is, or would be."""

    def width_of(self, number: int) -> int:
        return self.tabSizeHint(number).width()


def _fitting(widths: Sequence[int], current: int, room: int) -> set[int]:
    """The current one, and the first ones as far as there is room beside it."""
    shown, room = {current}, room - widths[current]
    for number, width in enumerate(widths):
        if number != current:
            room -= width
            if room < 0:
                break
            shown.add(number)
    return shown

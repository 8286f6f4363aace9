"""The views of a tensor as a menu, where there is no room for a button each."""

from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QMenu, QToolButton, QWidget


class ViewMenu(QToolButton):
    """Shows which button of a group is pressed, and presses another one."""

    def __init__(self, buttons: QButtonGroup, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._buttons = buttons
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setAccessibleName(self.tr("View"))
        menu = QMenu(self)
        self._group = QActionGroup(self)
        for button in buttons.buttons():
            action = menu.addAction(button.toolTip())
            action.setCheckable(True)
            action.triggered.connect(lambda _=False, button=button: button.click())
            self._group.addAction(action)
        menu.aboutToShow.connect(self._show_state)
        self.setMenu(menu)
        buttons.buttonToggled.connect(self._on_toggled)
        self._show_state()

    def _on_toggled(self, button: QAbstractButton, is_pressed: bool) -> None:
        if is_pressed:
            self._show_state()

    def _show_state(self) -> None:
        """Icons are asked for anew: the theme may be another."""
        for action, button in zip(self._group.actions(), self._buttons.buttons(), strict=True):
            action.setIcon(button.icon())
            action.setChecked(button.isChecked())
            if button.isChecked():
                self.setIcon(button.icon())
                self.setToolTip(button.toolTip())

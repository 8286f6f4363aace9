"""The graph's own buttons, beside its tab."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QMenu, QToolButton, QWidget

from workbench.ui.keys import plain
from workbench.ui.views.graph.commands import GraphCommands


class GraphTools(QWidget):
    """Flat buttons that are only icons; their tool-tips are their names, with the key."""

    def __init__(self, commands: GraphCommands) -> None:
        super().__init__()
        self.layout_ = QHBoxLayout(self)
        self.layout_.setContentsMargins(0, 0, 4, 0)
        self.layout_.setSpacing(0)
        self._add_with_menu(commands.cycle, (commands.up, commands.down, commands.cycle))
        self._add_with_menu(commands.toggle, (commands.toggle, commands.fold_all, commands.unfold_all))
        for action in (commands.growth, commands.twins, commands.fit, commands.export):
            self.add(action)

    def add(self, action: QAction) -> QToolButton:
        """A button for an action."""
        result = QToolButton()
        result.setDefaultAction(action)
        result.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
        result.setIconSize(QSize(16, 16))
        result.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        result.setAccessibleName(plain(action.text()))
        keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        action.setToolTip(f"{plain(action.text())}  ({keys})" if keys else plain(action.text()))
        self.layout_.addWidget(result)
        return result

    def _add_with_menu(self, action: QAction, actions: Sequence[QAction]) -> None:
        """A button that opens a menu with these actions."""
        button = self.add(action)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(button)
        menu.addActions(actions)
        button.setMenu(menu)

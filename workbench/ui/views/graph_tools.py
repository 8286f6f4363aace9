"""The graph's own buttons, beside its tab."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QMenu, QToolButton, QWidget

from workbench.ui.keys import plain
from workbench.ui.views.graph_commands import GraphCommands


class GraphTools(QWidget):
    """Flat buttons that are only icons; their tool-tips are their names, with the key."""

    def __init__(self, commands: GraphCommands) -> None:
        super().__init__()
        self.layout_ = QHBoxLayout(self)
        self.layout_.setContentsMargins(0, 0, 4, 0)
        self.layout_.setSpacing(0)
        path = self.add(commands.cycle)
        path.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(path)
        menu.addActions([commands.up, commands.down, commands.cycle])
        path.setMenu(menu)
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

"""Which number colours graph and table: a metric of a comparison."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QMenu, QToolButton

from workbench.compare.compare import COLUMNS
from workbench.ui import theme
from workbench.ui.tips import plain_tip
from workbench.ui.titles import colouring_tip, colouring_title, column_title, metric_title
from workbench.ui.widgets import spaced
from workbench.ui.workspace import Workspace


class ColouringButton(QToolButton):
    """A button whose menu has the comparisons above and the metrics below."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__()
        self._workspace = workspace
        theme.decorate(self, "palette")
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setMenu(QMenu(self))
        self.menu().aboutToShow.connect(self._fill)
        workspace.colouring_changed.connect(self._show)
        workspace.results_changed.connect(self._show)
        self._show()

    def title(self, column: str) -> str:
        """What a comparison is called."""
        return column_title(column, self._workspace.sides)

    def _show(self) -> None:
        told = self._workspace.metric, self._workspace.column, self._workspace.sides
        self.setText(spaced(colouring_title(*told)))
        self.setToolTip(plain_tip(self.tr("Coloured by: {0}").format(colouring_tip(*told))))

    def _fill(self) -> None:
        menu = self.menu()
        menu.clear()
        filled = {column for row in self._workspace.rows for column in row.errors}
        columns, metrics = QActionGroup(menu), QActionGroup(menu)
        for name in COLUMNS:
            action = menu.addAction(self.title(name))
            action.setCheckable(True)
            action.setChecked(name == self._workspace.column)
            action.setEnabled(name in filled)
            action.triggered.connect(
                lambda _=False, name=name: self._workspace.set_colouring(name, self._workspace.metric)
            )
            columns.addAction(action)
        menu.addSeparator()
        for key in self._workspace.numbers:
            action = menu.addAction(metric_title(key))
            action.setCheckable(True)
            action.setChecked(key == self._workspace.metric)
            action.triggered.connect(
                lambda _=False, key=key: self._workspace.set_colouring(self._workspace.column, key)
            )
            metrics.addAction(action)

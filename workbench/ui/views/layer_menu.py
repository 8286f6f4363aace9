"""What can be done with one layer, as the menu of table and graph: its precision, keep or undo, copy the name."""

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QActionGroup, QGuiApplication
from PySide6.QtWidgets import QMenu, QWidget

from workbench.compare.compare import LayerError
from workbench.ui.precision import choices, has_range, precision_of, set_precision, undo
from workbench.ui.views.range_dialog import ask_range
from workbench.ui.workspace import Workspace

translate = QCoreApplication.translate


def layer_menu(parent: QWidget, workspace: Workspace, tensor: str) -> QMenu:
    """The menu of the row whose tensor this is; it goes when it is closed."""
    menu = QMenu(parent)
    menu.aboutToHide.connect(menu.deleteLater)
    menu.setToolTipsVisible(True)
    row = workspace.row(tensor)
    if row is not None and workspace.session is not None:
        _add_precisions(menu, workspace, row)
        if has_range(workspace, row):
            edit = menu.addAction(translate("LayerMenu", "Edit the range…"))
            edit.triggered.connect(lambda: ask_range(parent, workspace, row))
        menu.addSeparator()
    if workspace.results is not None and workspace.results.before is not None:
        menu.addAction(translate("LayerMenu", "Undo the what-if")).triggered.connect(lambda: undo(workspace))
        menu.addSeparator()
    menu.addAction(translate("LayerMenu", "Copy the tensor's name")).triggered.connect(
        lambda: QGuiApplication.clipboard().setText(tensor)
    )
    return menu


def _add_precisions(menu: QMenu, workspace: Workspace, row: LayerError) -> None:
    """One entry a precision; choosing another computes it at once."""
    session = workspace.session
    assert session is not None
    offered = choices(workspace, row)
    if not offered:
        menu.addAction(translate("LayerMenu", "No other precision is possible here")).setEnabled(False)
        return
    group = QActionGroup(menu)
    for name in offered:
        action = menu.addAction(translate("LayerMenu", "Compute in {0}").format(name))
        action.setCheckable(True)
        action.setChecked(precision_of(session, row) == name)
        action.triggered.connect(lambda _=False, name=name: set_precision(workspace, row, name))
        group.addAction(action)

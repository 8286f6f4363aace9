"""Goes to any row of a box that stands for several: its number is only that of the worst."""

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QMenu

from workbench.compare.compare import LayerError
from workbench.compare.grades import grade
from workbench.ui.models.graph.model import Box, short_name
from workbench.ui.models.graph.rows import rows_of
from workbench.ui.numbers import value_text
from workbench.ui.workspace import Workspace

MOST = 12


def add_rows(menu: QMenu, workspace: Workspace, box: Box) -> None:
    """The rows of a box as a submenu, the worst first; nothing for a box of one row."""
    rows = rows_of(workspace, box)
    if len(rows) < 2:
        return
    title = QCoreApplication.translate("GraphRows", "Worst rows of this box ({0})").format(len(rows))
    inner = QMenu(title, menu)
    for row in rows[:MOST]:
        action = inner.addAction(_text(row, workspace))
        action.setCheckable(True)
        action.setChecked(row.tensor == workspace.selected)
        action.triggered.connect(lambda _=False, tensor=row.tensor: workspace.select(tensor))
    menu.insertMenu(menu.actions()[0], inner)
    menu.insertSeparator(menu.actions()[1])


def _text(row: LayerError, workspace: Workspace) -> str:
    value = workspace.value(row)
    assert value is not None
    symbol, number = grade(workspace.metric, workspace.column, value).symbol, value_text(workspace.metric, value)
    return f"{symbol} {number}   {row.op}  {short_name(row.tensor, 48)}".replace("&", "&&")

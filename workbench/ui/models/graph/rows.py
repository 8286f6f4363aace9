"""The rows of the table that a box stands for: a fused group and a folded scope have several. No Qt widgets."""

from workbench.compare.compare import LayerError
from workbench.ui.models.graph.model import Box
from workbench.ui.workspace import Workspace


def rows_of(workspace: Workspace, box: Box) -> list[LayerError]:
    """Those that have a value of what colours, the worst first: the first one gives the box its number."""
    return workspace.worst_first(row for name in box.rows if (row := workspace.row(name)) is not None)


def worst_of(workspace: Workspace, box: Box) -> str:
    """The tensor of the worst row; that of the box where none has a value."""
    rows = rows_of(workspace, box)
    return rows[0].tensor if rows else box.tensor

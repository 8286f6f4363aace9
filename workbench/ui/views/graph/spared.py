"""Marks the layers of the choice that is looked at in the graph."""

from PySide6.QtCore import QObject

from workbench.ui.views.graph.pane import GraphPane
from workbench.ui.workspace import Workspace


class SparedMarks(QObject):
    """Follows the choice, and the diagram, which folds and unfolds."""

    def __init__(self, workspace: Workspace, pane: GraphPane) -> None:
        super().__init__(pane)
        self._workspace, self._pane = workspace, pane
        workspace.spared.changed.connect(self._mark)
        pane.recoloured.connect(lambda _: self._mark())

    def _mark(self) -> None:
        """A box that stands for several rows is marked for any of them."""
        diagram, canvas = self._pane.diagram, self._pane.canvas
        whole = diagram.whole
        index_of = diagram.index_of if whole is None else whole.diagram.index_of
        rows = self._workspace.spared.rows(self._workspace.rows)
        found = {index_of[name]: precision for name, precision in rows.items() if name in index_of}
        canvas.marks.spared = {int(at if whole is None else whole.places[at]): kind for at, kind in found.items()}
        canvas.update()

"""What lies over the graph: the legend, and what is searched and on the path; the legend hides no selected box."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, QRect, Signal
from PySide6.QtWidgets import QWidget

from workbench.project.results import Results
from workbench.ui.models.graph.colours import Colouring
from workbench.ui.views.graph.legend import GraphLegend
from workbench.ui.views.graph.path import PathHighlight
from workbench.ui.views.graph.search import GraphSearch
from workbench.ui.views.graph.status import GraphStatus
from workbench.ui.workspace import Workspace

MARGIN = 10
Choices = tuple[tuple[str, ...], tuple[str, ...]]
"""Columns and metrics."""


class GraphOverlays(QObject):
    """Stands on `stage`, the widget that holds the graph or graphs."""

    settled = Signal()
    """The legend stands elsewhere."""

    def __init__(self, workspace: Workspace, searching: GraphSearch, path: PathHighlight, stage: QWidget) -> None:
        super().__init__(stage)
        self._workspace, self._stage = workspace, stage
        self._avoid: Sequence[QRect] = ()
        self._ground = QRect()
        self._results: Results | None = None
        self._found: Choices | None = None
        self.legend = GraphLegend(lambda: workspace.sides, stage)
        self.status = GraphStatus(searching, path, stage)
        self.legend.colouring_chosen.connect(workspace.set_colouring)
        self.legend.moved.connect(self._settle)
        self.status.resized.connect(self._settle)
        self.hide()

    def hide(self) -> None:
        """There is no graph."""
        self.legend.hide()
        self.status.hide()

    def show_colouring(self, colouring: Colouring) -> None:
        """Let the legend explain a colouring."""
        workspace = self._workspace
        columns, numbers = self._choices()
        self.legend.show_colouring(colouring, workspace.column, workspace.metric, columns, numbers)
        self.legend.setVisible(self.legend.has_something)
        self.raise_()
        self._arrange()
        self._settle()

    def raise_(self) -> None:
        """Lie above whichever graph the stage shows: it brings what it turns to to the front."""
        self.legend.raise_()
        self.status.raise_()

    def place(self, ground: QRect, avoid: Sequence[QRect]) -> None:
        """Stand within a part of the stage; the legend hides nothing of what it shall avoid."""
        if (ground, avoid) == (self._ground, self._avoid):
            return
        is_other_ground = ground != self._ground
        self._ground, self._avoid = ground, avoid
        if is_other_ground:
            self._arrange()
        self._settle()

    def _arrange(self) -> None:
        ground = self._ground
        self.legend.fit(ground.width() - 2 * MARGIN)
        self.status.fit(ground.width() - 2 * MARGIN)
        self.status.move(ground.left() + MARGIN, ground.top() + MARGIN)

    def covered(self, floor: int) -> float:
        """How many pixels above `floor` (on the stage) the legend covers, where it stands at the bottom."""
        if self.legend.isHidden() or floor - self.legend.geometry().bottom() > 2 * MARGIN:
            return 0.0
        return float(self.legend.height() + MARGIN)

    def _choices(self) -> Choices:
        """The comparisons that have values, and what can colour; all rows are looked at once, not at every folding."""
        results = self._workspace.results
        if self._found is None or results is not self._results:
            found = (column for row in results.rows for column in row.errors) if results else ()
            self._results, self._found = results, (tuple(dict.fromkeys(found)), self._workspace.numbers)
        return self._found

    def _settle(self) -> None:
        others = [] if self.status.isHidden() else [self.status.geometry()]
        self.legend.settle(self._ground, [*others, *(rect for rect in self._avoid if rect.intersects(self._ground))])
        self.settled.emit()

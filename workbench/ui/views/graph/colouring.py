"""The colours of a diagram's boxes, as the workspace wants them."""

from functools import partial

from workbench.compare.metrics import METRICS
from workbench.project.results import Results
from workbench.ui.models.graph.colours import BoxValues, Colouring, by_metric, by_operator
from workbench.ui.models.graph.model import Diagram
from workbench.ui.models.table.layer_values import LayerValues
from workbench.ui.numbers import value_text
from workbench.ui.workspace import Workspace


class GraphColouring:
    """Keeps what does not change from one colouring to the next: another value shows at once."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._results: Results | None = None
        self._values = LayerValues(())
        self._boxes: tuple[Diagram, BoxValues] | None = None

    def of(self, diagram: Diagram) -> Colouring:
        """By the value and the comparison that are chosen; before a run by operators."""
        workspace = self._workspace
        if workspace.results is None:
            return by_operator(diagram)
        if workspace.results is not self._results:
            self._results, self._values, self._boxes = workspace.results, LayerValues(workspace.rows), None
        write = partial(value_text, workspace.metric)
        return by_metric(self._values_of(diagram), workspace.column, workspace.metric, write)

    def prepare(self) -> None:
        """Look up every value that may be wanted next; takes long for ten thousands of rows. Any thread may call it."""
        values = self._values
        for column in sorted(values.filled):
            for metric in METRICS:
                values.numbers(metric, column)

    def _values_of(self, diagram: Diagram) -> BoxValues:
        """A folded diagram has those of the whole one: only that one is looked through row by row."""
        whole = diagram if diagram.whole is None else diagram.whole.diagram
        if self._boxes is None or self._boxes[0] is not whole:
            self._boxes = whole, BoxValues(whole, self._values)
        return self._boxes[1] if diagram.whole is None else self._boxes[1].shown(diagram.whole)

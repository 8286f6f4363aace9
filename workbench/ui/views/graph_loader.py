"""Turns the workspace's network into a placed diagram, away from the GUI thread."""

from PySide6.QtCore import QObject, Signal

from workbench.graph.graph import Model
from workbench.project.results import Results
from workbench.ui.jobs import JobPool
from workbench.ui.models.graph_geometry import Geometry, arrange
from workbench.ui.models.graph_model import Diagram, build
from workbench.ui.workspace import Workspace


class GraphLoader(QObject):
    """Listens to the workspace; boxes are made on the reading thread, placed in the worker process."""

    network_left = Signal()
    """The network that was shown is no longer the workspace's."""
    placed = Signal(object, object)
    """A `Diagram` and its `Geometry`."""
    failed = Signal(object)

    def __init__(self, workspace: Workspace, jobs: JobPool, parent: QObject) -> None:
        super().__init__(parent)
        self._workspace, self._jobs = workspace, jobs
        self._model: Model | None = None
        self._results: Results | None = None
        self._diagram = Diagram()
        self._geometry: Geometry | None = None
        workspace.session_changed.connect(self.load)
        workspace.results_changed.connect(self.load)

    def load(self) -> None:
        """Make the diagram anew if the network or its groups are others."""
        model, results = self._workspace.model, self._workspace.results
        if model is self._model and results is self._results:
            return
        if model is not self._model:
            self._diagram, self._geometry = Diagram(), None
            self.network_left.emit()
        self._model, self._results = model, results
        if model is None:
            self._jobs.forget("graph.build")
            self._jobs.forget("graph.layout")
            return
        graph, rows, layers_of = model.graph, results.rows if results else (), results.layers_of if results else {}
        self._jobs.ask("graph.build", lambda: build(graph, rows, layers_of), self._on_built, self.failed.emit)

    def _on_built(self, diagram: Diagram) -> None:
        same = (diagram.edges, diagram.widths) == (self._diagram.edges, self._diagram.widths)
        if same and self._geometry is not None:
            self._diagram = diagram
            self.placed.emit(diagram, self._geometry)
            return
        self._jobs.ask_process(
            "graph.layout",
            arrange,
            (diagram.widths, diagram.edges),
            lambda geometry: self._on_arranged(diagram, geometry),
            self.failed.emit,
        )

    def _on_arranged(self, diagram: Diagram, geometry: Geometry) -> None:
        self._diagram, self._geometry = diagram, geometry
        self.placed.emit(diagram, geometry)

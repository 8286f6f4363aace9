"""Turns the workspace's network into a placed diagram, away from the GUI thread, and folds and unfolds its scopes."""

from functools import partial

from PySide6.QtCore import QObject, Signal

from workbench.graph.graph import Graph, Model
from workbench.project.results import Results
from workbench.ui.jobs import JobPool
from workbench.ui.models.graph.drawing import Sketch, draw, sketch
from workbench.ui.models.graph.folding import Folding, Network, Shown, first_folding, make_network, show
from workbench.ui.models.graph.geometry import Geometry
from workbench.ui.models.graph.model import Diagram, build
from workbench.ui.workspace import Workspace

MadeOf = tuple[tuple[tuple[object, ...], ...], dict[str, tuple[str, ...]]]
"""What the boxes are made of besides the network: names, operators and shapes of the rows, and their layers."""


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
        self.network = Network()
        self.shown: Shown | None = None
        self._made_of: MadeOf | None = None
        self._folding: Folding | None = None
        self._sketch: Sketch | None = None
        self._geometry: Geometry | None = None
        self._in_place = ""
        self.anchor = ""
        """A tensor whose box shall stay where it is when the folding changes; "" for none in particular."""
        workspace.session_changed.connect(self.load)
        workspace.results_changed.connect(self.load)
        workspace.selection_changed.connect(self._on_selection_changed)

    @property
    def full(self) -> Diagram:
        """Every box, nothing folded."""
        return self.network.full

    @property
    def folding(self) -> Folding:
        """Which scopes and groups are open."""
        return self._folding or Folding()

    def load(self) -> None:
        """Make the diagram anew if the network or its groups are others."""
        model, results = self._workspace.model, self._workspace.results
        if model is self._model and results is self._results:
            return
        if model is not self._model:
            self.network, self._folding, self._sketch, self._geometry = Network(), None, None, None
            self._made_of = None
            self.network_left.emit()
        self._model, self._results = model, results
        if model is None:
            self._jobs.forget("graph.build")
            self._jobs.forget("graph.layout")
            return
        self._build(model.graph, results)

    def select_in_place(self, tensor: str) -> None:
        """Select a layer without unfolding what it lies in."""
        self._in_place = tensor
        self._workspace.select(tensor)

    def can_toggle(self, box: int) -> bool:
        """Whether a shown box is a folded scope or a group of layers."""
        if self.shown is None or not 0 <= box < len(self.shown.diagram.boxes):
            return False
        return self.shown.scope(box) >= 0 or self.shown.diagram.boxes[box].can_open

    def toggle(self, box: int) -> None:
        """Unfold a folded scope; open or close a group."""
        if self.shown is None or not self.can_toggle(box):
            return
        scope = self.shown.scope(box)
        self.anchor = self.shown.diagram.boxes[box].tensors[-1]
        if scope >= 0:
            self.fold(self.folding.with_scopes([self.network.scopes.names[scope]]))
        else:
            self.fold(self.folding.with_group(self.shown.diagram.boxes[box].tensor))

    def scope_around(self, box: int) -> int:
        """The innermost open scope that a shown box lies in; -1 for none."""
        if self.shown is None or not 0 <= box < len(self.shown.numbers):
            return -1
        scope, scopes = self.shown.scope(box), self.network.scopes
        return int(scopes.parents[scope] if scope >= 0 else scopes.of_box[self.shown.numbers[box]])

    def close(self, scope: int) -> None:
        """Fold a scope, and forget what was open inside it."""
        if scope >= 0:
            chosen = self.full.index_of.get(self._workspace.selected, -1)
            is_inside = chosen >= 0 and scope in self.network.scopes.around(chosen)
            self.anchor = self._workspace.selected if is_inside else self.network.box_of(scope).tensors[-1]
            self.fold(self.folding.with_scopes(closed=[self.network.scopes.names[scope]]))

    def fold_all(self) -> None:
        """Only the outermost scopes are left."""
        self.fold(Folding())

    def unfold_all(self) -> None:
        """Every layer is a box of its own."""
        self.fold(Folding(frozenset(self.network.scopes.names), self.folding.groups))

    def fold(self, folding: Folding) -> None:
        """Show the network folded so."""
        if folding != self._folding and self.full.boxes:
            self._folding = folding
            self._show()

    def _build(self, graph: Graph, results: Results | None) -> None:
        """Make the boxes, unless only their values are others."""
        rows, layers_of = (results.rows, results.layers_of) if results else ((), {})
        network, known = self.network, self._made_of

        def made() -> tuple[Network, MadeOf]:
            made_of = tuple((row.tensor, row.golden, row.op, row.shape) for row in rows), dict(layers_of)
            return (network if made_of == known else make_network(build(graph, rows, layers_of))), made_of

        self._jobs.ask("graph.build", made, self._on_built, self.failed.emit)

    def _on_built(self, made: tuple[Network, MadeOf]) -> None:
        self.network, self._made_of = made
        if self._folding is None:
            worst = self._workspace.worst()
            self._folding = first_folding(self.network, worst.tensor if worst else "")
            self._open_to_selected()
        self._show()

    def _show(self) -> None:
        shown = show(self.network, self.folding)
        drawn = sketch(self.network, shown)
        if self._geometry is not None and drawn == self._sketch:
            self._place(shown, drawn, self._geometry)
            return
        self._jobs.ask_process("graph.layout", draw, (drawn,), partial(self._place, shown, drawn), self.failed.emit)

    def _place(self, shown: Shown, drawn: Sketch, geometry: Geometry) -> None:
        self.shown, self._sketch, self._geometry = shown, drawn, geometry
        self.placed.emit(shown.diagram, geometry)
        self.anchor = ""

    def _on_selection_changed(self) -> None:
        selected = self._workspace.selected
        if selected != self._in_place and self._open_to_selected():
            self._show()
        self._in_place = ""

    def _open_to_selected(self) -> bool:
        """Unfold what the selected layer lies in; whether anything was folded."""
        number = self.full.index_of.get(self._workspace.selected)
        if number is None or self._folding is None:
            return False
        names = {self.network.scopes.names[scope] for scope in self.network.scopes.around(number)}
        opened = names - self._folding.scopes
        self._folding = self._folding.with_scopes(opened)
        return bool(opened)

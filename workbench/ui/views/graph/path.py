"""The path up or down from a layer: which layers lie on it, kept while the selection walks along it."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Signal

from workbench.graph.graph import Model
from workbench.ui.jobs import JobPool
from workbench.ui.models.graph.model import Diagram
from workbench.ui.models.graph.path import BOTH, DOWN, UP, Flow, Path, look_up
from workbench.ui.workspace import Workspace

DIRECTIONS = (UP, DOWN, BOTH)


class PathHighlight(QObject):
    """One path at a time. It is found on the reading thread: a network may have ten thousands of layers.

    `diagrams` gives those in which it will be shown, with nothing folded.
    """

    changed = Signal()

    def __init__(
        self, workspace: Workspace, jobs: JobPool, diagrams: Callable[[], Sequence[Diagram]], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._workspace, self._jobs, self._diagrams = workspace, jobs, diagrams
        self._model: Model | None = None
        self._flow: Flow | None = None
        self._wanted = ("", "")
        self.path: Path | None = None
        workspace.session_changed.connect(self._on_session_changed)

    @property
    def flow(self) -> Flow | None:
        """The network's layers as they follow each other."""
        model = self._workspace.model
        if model is not self._model:
            self._model, self._flow = model, None if model is None else Flow(model.graph)
        return self._flow

    def show(self, direction: str) -> None:
        """Highlight the path from the selected layer; the same path once more ends it."""
        if self._wanted == (self._workspace.selected, direction):
            self.end()
        elif self._workspace.selected:
            self.begin(self._workspace.selected, direction)

    def cycle(self) -> None:
        """Up, down, both, none."""
        anchor, direction = self._wanted
        if anchor != self._workspace.selected and not self._is_on(self._workspace.selected):
            direction = ""
        order = (*DIRECTIONS, "")
        following = order[(order.index(direction) + 1) % len(order)] if direction else UP
        if following and (anchor or self._workspace.selected):
            self.begin(anchor if direction else self._workspace.selected, following)
        else:
            self.end()

    def begin(self, anchor: str, direction: str) -> None:
        """Highlight the path from a tensor."""
        flow, (start, layers) = self.flow, _start(self._diagrams()[0], anchor, self._workspace.layers_of)
        if flow is None or direction not in DIRECTIONS:
            return
        self._wanted = anchor, direction
        diagrams = self._diagrams()

        def found() -> Path:
            path = flow.path(start, layers, direction)
            look_up(diagrams, path)
            return path

        self._jobs.ask("graph.path", found, self._on_found)

    @property
    def layers_of(self) -> Callable[[str], tuple[str, ...]]:
        """Gives the layers of the box that shows a row: where a network is rearranged, a row names more than these."""
        full, otherwise = self._diagrams()[0], self._workspace.layers_of
        return lambda tensor: _start(full, tensor, otherwise)[1]

    def end(self) -> None:
        """No path stands out any more."""
        self._jobs.forget("graph.path")
        self._wanted = "", ""
        if self.path is not None:
            self.path = None
            self.changed.emit()

    def _is_on(self, tensor: str) -> bool:
        path = self.path
        return path is not None and not path.layers.isdisjoint(self.layers_of(tensor))

    def _on_found(self, path: Path) -> None:
        self.path = path
        self.changed.emit()

    def _on_session_changed(self) -> None:
        if self._workspace.model is not self._model:
            self.end()


def _start(full: Diagram, tensor: str, otherwise: Callable[[str], tuple[str, ...]]) -> tuple[str, tuple[str, ...]]:
    """The network's own name of an input or output; of any other row its name and the layers of its box."""
    if tensor not in full.index_of:
        return tensor, otherwise(tensor)
    box = full.boxes[full.index_of[tensor]]
    return (tensor, box.layers) if box.kind == "layer" else (box.tensors[-1], ())

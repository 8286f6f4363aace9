"""The user's network and what the NPU computes of it, side by side: what is chosen in one is marked in the other."""

from collections.abc import Callable, Mapping
from functools import partial

from PySide6.QtCore import QPoint, QRect, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from workbench.project.session import Session
from workbench.quantize.platforms import WITH_ATTENTION
from workbench.ui import theme
from workbench.ui.jobs import JobPool
from workbench.ui.models.graph.deployed_diagram import Deployment, Placed, Side, deployed_side, original_side, with_rows
from workbench.ui.models.graph.path import Path
from workbench.ui.reading import with_network
from workbench.ui.views.graph.search import GraphSearch
from workbench.ui.views.graph.twin_half import TwinHalf
from workbench.ui.widgets import Splitter, column
from workbench.ui.workspace import Workspace


class TwinView(QWidget):
    """Asks the worker process for the two graphs while it is shown, before a run and after it."""

    recoloured = Signal(object)
    looked_elsewhere = Signal()
    menu_wanted = Signal(str, QPoint)

    def __init__(self, workspace: Workspace, jobs: JobPool, searching: GraphSearch) -> None:
        super().__init__()
        self._workspace, self._jobs, self._searching = workspace, jobs, searching
        self._wanted: tuple[object, Deployment] | None = None
        self._picked: tuple[TwinHalf, int] | None = None
        self._path: Path | None = None
        self._faded: frozenset[int] = frozenset()
        self.left = TwinHalf(workspace, self.tr("Graph of the original network"))
        self.right = TwinHalf(workspace, self.tr("Graph of the optimised network"))
        halves = Splitter(Qt.Orientation.Horizontal)
        for half in self.halves:
            halves.addWidget(half)
            half.picked.connect(partial(self._on_picked, half))
            half.menu_wanted.connect(partial(self._on_menu_wanted, half))
            half.canvas.view_moved.connect(self.looked_elsewhere)
        self.setLayout(column(halves, spacing=0))
        self.setFocusProxy(self.left)
        workspace.session_changed.connect(self.load)
        workspace.results_changed.connect(self._on_results_changed)
        workspace.selection_changed.connect(self._show_selection)
        workspace.colouring_changed.connect(self._recolour)
        theme.changes.changed.connect(self._recolour)
        searching.changed.connect(self._mark_found)

    @property
    def halves(self) -> tuple[TwinHalf, TwinHalf]:
        """The user's network, and the deployed graph."""
        return self.left, self.right

    def load(self) -> None:
        """Derive and place both graphs, where the network or the settings are others."""
        session, model = self._workspace.session, self._workspace.model
        if not self.isVisible() or session is None or model is None:
            return
        wanted = model, deployment_of(session)
        if wanted == self._wanted:
            return
        before, self._wanted = self._wanted, wanted
        ask = partial(self._ask, session)
        if before is None or before[0] is not model:
            self.left.show_side(None)
            ask(self.left, original_side, ())
        self.right.show_side(None)
        ask(self.right, deployed_side, (wanted[1],))
        self._name()

    def light(self, path: Path | None, faded: frozenset[int]) -> None:
        """Let everything fade that is not on the path, or whose class of colour shall."""
        self._path, self._faded = path, faded
        for half in self.halves:
            half.light(path, faded)

    def fit(self) -> None:
        """Show both graphs as wholes."""
        for half in self.halves:
            half.canvas.fit()

    def ground(self) -> QRect:
        """The part below the titles."""
        top = self.left.canvas.mapTo(self, QPoint(0, 0)).y()
        return QRect(0, top, self.width(), self.height() - top)

    def chosen_rects(self) -> list[QRect]:
        """Where the selected boxes are, on this widget."""
        found = ((half, half.canvas.chosen_rect()) for half in self.halves)
        return [rect.translated(half.canvas.mapTo(self, QPoint(0, 0))) for half, rect in found if rect is not None]

    def cover(self, height: float) -> None:
        """So many pixels at the bottom are covered by something."""
        for half in self.halves:
            half.canvas.covered = height

    def showEvent(self, event: object) -> None:
        self.load()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.looked_elsewhere.emit()

    def _ask(self, session: Session, half: TwinHalf, make: Callable[..., Placed], args: tuple[object, ...]) -> None:
        half.say(self.tr("Laying out the graph…"))
        self._jobs.ask_process(
            f"graph.{make.__name__}",
            with_network,
            (session.model, session.shapes, make, *args),
            partial(self._on_placed, half),
            partial(self._on_failed, half),
        )

    def _on_placed(self, half: TwinHalf, placed: Placed) -> None:
        half.say("")
        half.show_side(self._with_rows(half, Side(*placed)))
        self._name()
        self._recolour()
        self._mark_found()
        self._show_selection()

    def _on_failed(self, half: TwinHalf, error: BaseException) -> None:
        half.say(self.tr("The graph cannot be drawn: {0}").format(error))

    def _with_rows(self, half: TwinHalf, side: Side) -> Side:
        if half is self.right or self._workspace.results is None:
            return side
        return Side(with_rows(side.diagram, self._workspace.rows, self._layers_of()), side.geometry)

    def _on_results_changed(self) -> None:
        if self.left.side is not None:
            self.left.show_side(self._with_rows(self.left, self.left.side))
        self._recolour()
        self._show_selection()

    def _name(self) -> None:
        session = self._workspace.session
        if session is None:
            return
        layers = sum(box.kind == "layer" for box in self.left.boxes)
        operators = sum(box.kind == "layer" for box in self.right.boxes)
        quant = session.quant
        self.left.title.set_text(self.tr("Original: {0} layers").format(layers or "…"))
        told = self.tr("Optimised for {0}, {1}: {2} operators").format(quant.target, quant.dtype, operators or "…")
        self.right.title.set_text(told)

    def _recolour(self) -> None:
        for half in self.halves:
            colouring = half.recolour()
            half.light(self._path, self._faded)
            if half is self.right and colouring is not None:
                self.recoloured.emit(colouring)

    def _on_picked(self, half: TwinHalf, index: int) -> None:
        self._picked = half, index
        tensor = self._row_of(half, index)
        if tensor and tensor != self._workspace.selected:
            self._workspace.select(tensor)
        else:
            self._show_selection()

    def _on_menu_wanted(self, half: TwinHalf, index: int, position: QPoint) -> None:
        if index >= 0:
            self._on_picked(half, index)
        tensor = self._workspace.selected or half.boxes[index].tensor if index >= 0 else ""
        self.menu_wanted.emit(tensor, position)

    def _row_of(self, half: TwinHalf, index: int) -> str:
        """The row of the table that a box belongs to; "" where none speaks of it."""
        workspace, box = self._workspace, half.boxes[index]
        own = next((name for name in (*box.rows, *box.tensors) if workspace.row(name) is not None), "")
        if own or box.kind in ("input", "output"):
            return own or box.tensor
        row_of = self._row_of_layer()
        return next((row_of[name] for name in reversed(box.layers) if name in row_of), "")

    def _row_of_layer(self) -> Mapping[str, str]:
        return {name: tensor for tensor, layers in self._layers_of().items() for name in layers}

    def _layers_of(self) -> Mapping[str, tuple[str, ...]]:
        return {row.tensor: self._workspace.layers_of(row.tensor) for row in self._workspace.rows}

    def _show_selection(self) -> None:
        """Mark what is selected in both graphs, and bring it into sight."""
        if self.left.side is None and self.right.side is None:
            return
        picked, self._picked = self._picked, self._picked if self._is_selected(self._picked) else None
        for half in self.halves:
            boxes = self._boxes(half)
            own = self._picked[1] if self._picked is not None and self._picked[0] is half else -1
            chosen = own if own >= 0 else self._best(half, boxes)
            half.choose(chosen, boxes, reveal=own < 0 or picked is None)
        self.looked_elsewhere.emit()

    def _is_selected(self, picked: tuple[TwinHalf, int] | None) -> bool:
        """Whether the box that was chosen here still is what is selected."""
        if picked is None or picked[1] >= len(picked[0].boxes):
            return False
        row = self._row_of(*picked)
        return not row or row == self._workspace.selected

    def _boxes(self, half: TwinHalf) -> list[int]:
        """The boxes of a graph that stand for what is selected."""
        if half.side is None:
            return []
        if self._picked is not None:
            origin = self._picked[0].boxes[self._picked[1]]
            return half.side.counterparts(origin)
        tensor = self._workspace.selected
        found = {at for name in self._workspace.layers_of(tensor) for at in half.side.boxes_of.get(name, ())}
        exact = half.side.diagram.index_of.get(tensor, -1)
        return sorted(found | ({exact} if exact >= 0 and not found else set()))

    def _best(self, half: TwinHalf, boxes: list[int]) -> int:
        """Of several boxes the one that has the selected tensor, else the last."""
        exact = half.side.diagram.index_of.get(self._workspace.selected, -1) if half.side is not None else -1
        return exact if exact in boxes else max(boxes, default=-1)

    def _mark_found(self) -> None:
        current = self._searching.current
        for half in self.halves:
            if half.side is not None:
                found = [self._found_in(half, name) for name in self._searching.hits]
                half.mark_found([at for at in found if at >= 0], self._found_in(half, current) if current else -1)

    def _found_in(self, half: TwinHalf, tensor: str) -> int:
        assert half.side is not None
        boxes = [at for name in self._workspace.layers_of(tensor) for at in half.side.boxes_of.get(name, ())]
        return int(half.side.diagram.index_of.get(tensor, max(boxes, default=-1)))


def deployment_of(session: Session) -> Deployment:
    """What the settings say of the deployed graph."""
    kind = session.quant.type
    stored = kind.activations if kind.is_quantized and session.simulator != "none" else ""
    return Deployment(kind.weight_bytes, session.quant.target in WITH_ATTENTION, stored)

"""The network of the workspace on a canvas beside its minimap: what is chosen, found and on the path is marked."""

import numpy as np
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolTip, QWidget

from workbench.ui import theme
from workbench.ui.jobs import JobPool
from workbench.ui.models.graph.colours import lit_boxes
from workbench.ui.models.graph.geometry import BOX_HEIGHT, Geometry, neighbour
from workbench.ui.models.graph.model import Diagram
from workbench.ui.models.graph.path import Path
from workbench.ui.models.graph.rows import worst_of
from workbench.ui.views.graph.canvas import GraphCanvas
from workbench.ui.views.graph.colouring import GraphColouring
from workbench.ui.views.graph.loader import GraphLoader
from workbench.ui.views.graph.minimap import Minimap
from workbench.ui.views.graph.palette import colours
from workbench.ui.views.graph.scenery import Scenery
from workbench.ui.views.graph.search import GraphSearch
from workbench.ui.views.graph.sheet import layers_text
from workbench.ui.views.graph.tip import box_tip
from workbench.ui.workspace import Workspace

READABLE, COMFORTABLE = 0.6, 0.9
"""A graph that fits only below the first scale opens at its beginning, at the second."""
SMALL, MARGIN = 0.3, 10
"""A graph below this scale is brought nearer where a search goes to a hit."""


class GraphPane(QWidget):
    """Follows the workspace's network, selection and colouring, and changes the selection."""

    network_left = Signal()
    """Nothing of the old network is shown any more."""
    recoloured = Signal(object)
    """Another `Colouring`, of the same diagram or of another."""
    looked_elsewhere = Signal()
    """The view or the selected box moved."""
    menu_wanted = Signal(str, QPoint)
    """The tensor whose menu is wanted, "" for the ground's, and where on the screen."""

    def __init__(self, workspace: Workspace, jobs: JobPool, searching: GraphSearch) -> None:
        super().__init__()
        self._workspace, self._jobs, self._searching = workspace, jobs, searching
        self._colours = GraphColouring(workspace)
        self._path: Path | None = None
        self._faded: frozenset[int] = frozenset()
        self._moved_by_hand = False
        self.canvas = GraphCanvas()
        self.minimap = Minimap()
        self.message = QLabel(self.canvas, alignment=Qt.AlignmentFlag.AlignCenter, wordWrap=True)
        self.message.setProperty("role", "muted")
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(0)
        self._row.addWidget(self.canvas, 1)
        self._row.addWidget(self.minimap)
        self.setFocusProxy(self.canvas)
        self.loader = GraphLoader(workspace, jobs, self)
        self._connect()

    @property
    def diagram(self) -> Diagram:
        """What is shown."""
        return self.canvas.scenery.diagram if self.canvas.scenery else Diagram()

    def load(self) -> None:
        """Show the workspace's network."""
        self._on_network_left()
        self.loader.load()

    def fit(self) -> None:
        """Show the whole network."""
        self.canvas.fit()
        self._moved_by_hand = True

    def toggle(self) -> None:
        """Open or close the selected box; one that cannot be folds the scope around it."""
        index = self.canvas.marks.selected
        if self.loader.can_toggle(index):
            self._on_toggle_wanted(index)
        else:
            self._on_fold_wanted(self.loader.scope_around(index))

    def fold_all(self) -> None:
        """Fold every scope."""
        self._moved_by_hand = True
        self.loader.fold_all()

    def unfold_all(self) -> None:
        """Show every layer."""
        self._moved_by_hand = True
        self.loader.unfold_all()

    def light(self, path: Path | None, faded: frozenset[int]) -> None:
        """Let everything fade that is not on the path, or whose class of colour shall."""
        self._path, self._faded = path, faded
        scenery = self.canvas.scenery
        self.canvas.marks.lit = lit_boxes(scenery.diagram, scenery.classes, path, faded) if scenery else None
        self.canvas.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._row.activate()
        self.message.setGeometry(self.canvas.rect().adjusted(MARGIN, MARGIN, -MARGIN, -MARGIN))
        self.looked_elsewhere.emit()
        if not self._moved_by_hand:
            self._show_start()

    def _connect(self) -> None:
        workspace, canvas = self._workspace, self.canvas
        self.loader.network_left.connect(self._on_network_left)
        self.loader.placed.connect(self._on_placed)
        self.loader.failed.connect(self._on_failed)
        workspace.selection_changed.connect(self._on_selection_changed)
        workspace.colouring_changed.connect(self._recolour)
        workspace.run_wanted.connect(self._on_moved_by_hand)  # what is looked at stays, whatever gets narrower
        theme.changes.changed.connect(self._recolour)
        self._searching.changed.connect(self._mark_found)
        canvas.box_clicked.connect(self._on_box_clicked)
        canvas.row_clicked.connect(self._on_row_clicked)
        canvas.arrow_pressed.connect(self._on_arrow_pressed)
        canvas.toggle_wanted.connect(self._on_toggle_wanted)
        canvas.fold_wanted.connect(self._on_fold_wanted)
        canvas.view_moved.connect(self._on_view_moved)
        canvas.moved_by_hand.connect(self._on_moved_by_hand)
        canvas.tip_wanted.connect(self._on_tip_wanted)
        canvas.menu_wanted.connect(self._on_menu_wanted)
        self.minimap.moved_to.connect(self._on_minimap_moved)

    def _on_network_left(self) -> None:
        self._moved_by_hand = False
        self.canvas.show_scenery(None)
        self.minimap.show_scenery(None)
        self.minimap.hide()
        empty = self._workspace.model is None
        self._say(self.tr("Open a network to see its graph.") if empty else self.tr("Laying out the graph…"))
        self.network_left.emit()

    def _on_failed(self, error: BaseException) -> None:
        self._say(self.tr("The graph cannot be drawn: {0}").format(error))

    def _on_placed(self, diagram: Diagram, geometry: Geometry) -> None:
        anchor, before = self.loader.anchor or self._anchor(), self.canvas.scenery
        held = self._middle(anchor)
        chosen = self.canvas.marks.selected
        colouring = self._colours.of(diagram)
        self.canvas.show_scenery(Scenery(diagram, geometry, colouring, colours(colouring.scale)))
        self._jobs.ask("graph.values", self._colours.prepare, lambda _: None)
        self._mark_found()
        self._say("" if diagram.boxes else self.tr("This network has no layers."))
        self.minimap.show()
        self._tell_colouring()
        if before is not None and before.geometry is geometry:
            self.canvas.marks.selected = chosen  # nothing moves, whatever is out of sight
        elif before is None or not (self._moved_by_hand or self._is_what_if()):
            self._show_start()
        elif anchor in diagram.index_of:
            self.canvas.hold(diagram.index_of[anchor], held)
        self._on_selection_changed()

    def _is_what_if(self) -> bool:
        results = self._workspace.results
        return results is not None and results.before is not None

    def _on_selection_changed(self) -> None:
        index, before = self._index(self._workspace.selected), self.canvas.marks.selected
        self.canvas.marks.selected, self.canvas.marks.row = index, self._workspace.selected
        if index >= 0 and index != before:  # another input of the same layer moves nothing
            is_hit = self._workspace.selected == self._searching.current
            self.canvas.reveal(index, READABLE if is_hit and self.canvas.scale < SMALL else None)
        self.canvas.setAccessibleDescription(self._described(index))
        self._on_view_moved()
        self.canvas.update()

    def _described(self, index: int) -> str:
        """The selected box in words."""
        scenery = self.canvas.scenery
        if scenery is None or index < 0:
            return ""
        box = scenery.diagram.boxes[index]
        inside = layers_text(box.inside) if box.kind == "scope" else ""
        worst = self.tr("worst of {0}").format(len(box.rows)) if scenery.colouring.extreme(index) else ""
        parts = (box.title, box.label, inside, worst, scenery.colouring.texts[index])
        return ", ".join(text for text in parts if text)

    def _on_box_clicked(self, index: int) -> None:
        if index >= 0:
            self._choose(index)

    def _on_row_clicked(self, index: int, row: int) -> None:
        self._moved_by_hand = True
        self._workspace.select(self.diagram.boxes[index].row_lines[row])

    def _on_toggle_wanted(self, index: int) -> None:
        self._moved_by_hand = True
        self.loader.toggle(index)

    def _on_fold_wanted(self, scope: int) -> None:
        self._moved_by_hand = True
        self.loader.close(scope)

    def _on_arrow_pressed(self, direction: str) -> None:
        scenery, index = self.canvas.scenery, self.canvas.marks.selected
        if scenery is None:
            return
        following = neighbour(scenery.diagram, scenery.geometry, index, direction) if index >= 0 else 0
        if following >= 0:
            self._choose(following)

    def _on_view_moved(self) -> None:
        self.minimap.show_view(self.canvas.visible(), self.canvas.marks.selected)
        self.looked_elsewhere.emit()

    def _on_moved_by_hand(self) -> None:
        self._moved_by_hand = True

    def _on_minimap_moved(self, x: float, y: float) -> None:
        self._moved_by_hand = True
        self.canvas.look_at(x, y)

    def _on_tip_wanted(self, index: int, position: QPoint) -> None:
        area = self.canvas.widget_rect(index).toAlignedRect()
        QToolTip.showText(position, box_tip(self.diagram.boxes[index], self._workspace), self.canvas, area)

    def _on_menu_wanted(self, index: int, position: QPoint) -> None:
        if index < 0:
            self.menu_wanted.emit("", position)
            return
        self._choose(index)
        self.menu_wanted.emit(self._workspace.selected or self.diagram.boxes[index].tensor, position)

    def _choose(self, index: int) -> None:
        """Select a box; an input or output that is no row of its own selects what the workspace knows by its name."""
        self._moved_by_hand = True
        box = self.diagram.boxes[index]
        if self._workspace.selected in box.tensors:
            self.canvas.reveal(index)
        else:  # whose number the box shows
            self.loader.select_in_place(worst_of(self._workspace, box))

    def _recolour(self) -> None:
        scenery = self.canvas.scenery
        if scenery is not None:
            colouring = self._colours.of(scenery.diagram)
            scenery.recolour(colouring, colours(colouring.scale))
            self._tell_colouring()

    def _tell_colouring(self) -> None:
        """Show the colours of the scenery everywhere."""
        scenery = self.canvas.scenery
        if scenery is not None:
            self.minimap.show_scenery(scenery)
            self.light(self._path, self._faded)
            self.recoloured.emit(scenery.colouring)
        self.canvas.update()

    def _mark_found(self) -> None:
        marks, diagram, hits = self.canvas.marks, self.diagram, self._searching.hits
        whole, index_of = diagram.whole, diagram.index_of if diagram.whole is None else diagram.whole.diagram.index_of
        found = np.array([index_of[name] for name in hits if name in index_of], np.intp)
        marks.found = frozenset((found if whole is None else whole.places[found]).tolist())
        marks.current = self._index(self._searching.current)
        self.canvas.update()

    def _index(self, tensor: str) -> int:
        return self.diagram.index_of.get(tensor, -1)

    def _middle(self, tensor: str) -> QPointF:
        """Where the middle of a tensor's box is on the canvas; the canvas's own where it is not shown."""
        index = self._index(tensor)
        return self.canvas.widget_rect(index).center() if index >= 0 else QRectF(self.canvas.rect()).center()

    def _anchor(self) -> str:
        """The tensor of the box nearest to the middle of the view."""
        scenery = self.canvas.scenery
        if scenery is None:
            return ""
        x0, y0, x1, y1 = self.canvas.visible()
        index = scenery.geometry.box_at((x0 + x1) / 2, (y0 + y1) / 2, max(x1 - x0, y1 - y0))
        return scenery.diagram.boxes[index].tensor if index >= 0 else ""

    def _show_start(self) -> None:
        """Everything where that is readable, else the selection or the inputs."""
        scenery = self.canvas.scenery
        if scenery is None or not scenery.diagram.boxes:
            return
        self.canvas.fit()
        if self.canvas.scale < READABLE:
            chosen = self._index(self._workspace.selected)
            x, y = scenery.geometry.centre(max(0, chosen))
            below = 0.0 if chosen >= 0 else self.canvas.height() / 2 / COMFORTABLE - 1.5 * BOX_HEIGHT
            self.canvas.look_at(x, y + below, COMFORTABLE)

    def _say(self, text: str) -> None:
        self.message.setText(text)
        self.message.setVisible(bool(text))

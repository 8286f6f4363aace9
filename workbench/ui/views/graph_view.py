"""The network as a graph, coloured by how far its layers are from golden."""

from functools import partial

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolTip, QWidget

from workbench.ui import theme
from workbench.ui.jobs import JobPool
from workbench.ui.models.graph_colours import Colouring, by_metric, by_operator
from workbench.ui.models.graph_geometry import BOX_HEIGHT, Geometry, neighbour
from workbench.ui.models.graph_model import Diagram
from workbench.ui.numbers import value_text
from workbench.ui.precision import toggle_precision
from workbench.ui.views.graph_canvas import GraphCanvas
from workbench.ui.views.graph_legend import GraphLegend
from workbench.ui.views.graph_loader import GraphLoader
from workbench.ui.views.graph_palette import colours
from workbench.ui.views.graph_scenery import Scenery
from workbench.ui.views.graph_tip import box_tip
from workbench.ui.views.layer_menu import layer_menu
from workbench.ui.views.minimap import Minimap
from workbench.ui.workspace import Workspace

READABLE, COMFORTABLE = 0.6, 0.8
"""A graph that fits only below the first scale opens at its beginning, at the second."""
MARGIN = 10


class GraphView(QWidget):
    """Follows the workspace's network, selection and colouring, and changes the selection."""

    def __init__(self, workspace: Workspace, jobs: JobPool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._found: list[int] = []
        self._current = -1
        self._moved_by_hand = False
        self.canvas = GraphCanvas()
        self.minimap = Minimap()
        self.legend = GraphLegend(self.canvas)
        self.message = QLabel(self.canvas, alignment=Qt.AlignmentFlag.AlignCenter, wordWrap=True)
        self.message.setProperty("role", "muted")
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(0)
        self._row.addWidget(self.canvas, 1)
        self._row.addWidget(self.minimap)
        self.setFocusProxy(self.canvas)
        self._loader = GraphLoader(workspace, jobs, self)
        self._connect()
        self._on_network_left()
        self._loader.load()

    @property
    def diagram(self) -> Diagram:
        """What is shown."""
        return self.canvas.scenery.diagram if self.canvas.scenery else Diagram()

    def search(self, text: str) -> list[str]:
        """Mark the boxes that match and select the first; gives their tensors. An empty text ends the search."""
        self._found, self._current = self.diagram.find(text), -1
        self._mark_found()
        if self._found:
            self.canvas.setFocus()  # F3 goes on from here
        self.find_next()
        return [self.diagram.boxes[index].tensor for index in self._found]

    def find_next(self, step: int = 1) -> str:
        """Select the next match (with -1 the previous) and give its tensor; "" when there is none."""
        if not self._found:
            return ""
        self._current = (self._current + step) % len(self._found)
        self._mark_found()
        self._choose(self._found[self._current])
        return self._workspace.selected

    def fit(self) -> None:
        """Show the whole network."""
        self.canvas.fit()
        self._moved_by_hand = True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._found:
            self.search("")
        elif event.key() == Qt.Key.Key_F3:
            self.find_next(-1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1)
        elif event.key() == Qt.Key.Key_Space:
            toggle_precision(self._workspace)
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._row.activate()
        self._place_overlays()
        if not self._moved_by_hand:
            self._show_start()

    def _connect(self) -> None:
        workspace, canvas = self._workspace, self.canvas
        self._loader.network_left.connect(self._on_network_left)
        self._loader.placed.connect(self._on_placed)
        self._loader.failed.connect(self._on_failed)
        workspace.selection_changed.connect(self._on_selection_changed)
        workspace.colouring_changed.connect(self._recolour)
        workspace.run_wanted.connect(self._on_moved_by_hand)  # what is looked at stays, whatever gets narrower
        theme.changes.changed.connect(self._recolour)
        canvas.box_clicked.connect(self._on_box_clicked)
        canvas.arrow_pressed.connect(self._on_arrow_pressed)
        canvas.view_moved.connect(self._on_view_moved)
        canvas.moved_by_hand.connect(self._on_moved_by_hand)
        canvas.tip_wanted.connect(self._on_tip_wanted)
        canvas.menu_wanted.connect(self._on_menu_wanted)
        self.minimap.moved_to.connect(self._on_minimap_moved)
        self.legend.colouring_chosen.connect(workspace.set_colouring)

    def _on_network_left(self) -> None:
        """Nothing of the old network stays visible."""
        self._found, self._current, self._moved_by_hand = [], -1, False
        self.canvas.show_scenery(None)
        self.minimap.show_scenery(None)
        self.minimap.hide()
        self.legend.hide()
        empty = self._workspace.model is None
        self._say(self.tr("Open a network to see its graph.") if empty else self.tr("Laying out the graph…"))

    def _on_failed(self, error: BaseException) -> None:
        self._say(self.tr("The graph cannot be drawn: {0}").format(error))

    def _on_placed(self, diagram: Diagram, geometry: Geometry) -> None:
        anchor, before = self._anchor(), self.canvas.scenery
        chosen = self.canvas.marks.selected
        colouring = self._colouring(diagram)
        self.canvas.show_scenery(Scenery(diagram, geometry, colouring, colours(colouring.scale)))
        self._found, self._current = [], -1
        self._say("" if diagram.boxes else self.tr("This network has no layers."))
        self.minimap.show()
        self._recolour()
        if before is not None and before.geometry is geometry:
            self.canvas.marks.selected = chosen  # nothing moves, whatever is out of sight
        elif before is None or not (self._moved_by_hand or self._is_what_if()):
            self._show_start()
        elif anchor in diagram.index_of:
            self.canvas.look_at(*geometry.centre(diagram.index_of[anchor]))
        self._on_selection_changed()

    def _is_what_if(self) -> bool:
        results = self._workspace.results
        return results is not None and results.before is not None

    def _on_selection_changed(self) -> None:
        index, before = self._index(self._workspace.selected), self.canvas.marks.selected
        self.canvas.marks.selected = index
        if index >= 0 and index != before:  # another input of the same layer moves nothing
            self.canvas.reveal(index)
        self._on_view_moved()
        self.canvas.update()

    def _on_box_clicked(self, index: int) -> None:
        if index >= 0:
            self._choose(index)

    def _on_arrow_pressed(self, direction: str) -> None:
        scenery, index = self.canvas.scenery, self.canvas.marks.selected
        if scenery is None:
            return
        following = neighbour(scenery.diagram, scenery.geometry, index, direction) if index >= 0 else 0
        if following >= 0:
            self._choose(following)

    def _on_view_moved(self) -> None:
        self.minimap.show_view(self.canvas.visible(), self.canvas.marks.selected)

    def _on_moved_by_hand(self) -> None:
        self._moved_by_hand = True

    def _on_minimap_moved(self, x: float, y: float) -> None:
        self._moved_by_hand = True
        self.canvas.look_at(x, y)

    def _on_tip_wanted(self, index: int, position: QPoint) -> None:
        area = self.canvas.widget_rect(index).toAlignedRect()
        QToolTip.showText(position, box_tip(self.diagram.boxes[index], self._workspace), self.canvas, area)

    def _on_menu_wanted(self, index: int, position: QPoint) -> None:
        self._choose(index)
        tensor = self._workspace.selected or self.diagram.boxes[index].tensor
        layer_menu(self, self._workspace, tensor).popup(position)

    def _choose(self, index: int) -> None:
        """Select a box; an input or output that is no row of its own selects what the workspace knows by its name."""
        self._moved_by_hand = True
        tensors = self.diagram.boxes[index].tensors
        if self._workspace.selected in tensors:
            self.canvas.reveal(index)
        else:
            self._workspace.select(tensors[0])

    def _recolour(self) -> None:
        scenery = self.canvas.scenery
        if scenery is not None:
            colouring = self._colouring(scenery.diagram)
            scenery.recolour(colouring, colours(colouring.scale))
            self.minimap.show_scenery(scenery)
            rows = self._workspace.results.rows if self._workspace.results else ()
            columns = dict.fromkeys(column for row in rows for column in row.errors)
            self.legend.show_colouring(colouring, self._workspace.column, self._workspace.metric, columns)
            self.legend.show()
            self._place_overlays()
        self.canvas.update()

    def _colouring(self, diagram: Diagram) -> Colouring:
        workspace = self._workspace
        if workspace.results is None:
            return by_operator(diagram)
        write = partial(value_text, workspace.metric)
        return by_metric(diagram, workspace.row, workspace.column, workspace.metric, write)

    def _mark_found(self) -> None:
        marks = self.canvas.marks
        marks.found = frozenset(self._found)
        marks.current = self._found[self._current] if self._current >= 0 else -1
        self.canvas.update()

    def _index(self, tensor: str) -> int:
        return self.diagram.index_of.get(tensor, -1)

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

    def _place_overlays(self) -> None:
        self.legend.fit(self.canvas.width() - 2 * MARGIN)
        self.legend.move(MARGIN, self.canvas.height() - self.legend.height() - MARGIN)
        self.canvas.covered = float(self.legend.height() + MARGIN) if self.legend.isVisibleTo(self) else 0.0
        self.message.setGeometry(self.canvas.rect().adjusted(MARGIN, MARGIN, -MARGIN, -MARGIN))

    def _say(self, text: str) -> None:
        self.message.setText(text)
        self.message.setVisible(bool(text))

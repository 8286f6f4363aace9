"""The network as a graph, coloured by how far its layers are from golden, with what can be asked of it."""

from functools import cached_property

from PySide6.QtCore import QPoint, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QMenu, QStackedWidget, QWidget

from workbench.ui import keys
from workbench.ui.jobs import JobPool
from workbench.ui.models.graph.colours import Colouring
from workbench.ui.models.graph.model import Diagram
from workbench.ui.models.graph.path import UP, layers_shown
from workbench.ui.precision import toggle_precision
from workbench.ui.views.graph.canvas import GraphCanvas
from workbench.ui.views.graph.commands import GraphCommands
from workbench.ui.views.graph.export import GraphExport
from workbench.ui.views.graph.growth_panel import GrowthPanel
from workbench.ui.views.graph.legend import GraphLegend
from workbench.ui.views.graph.overlays import GraphOverlays
from workbench.ui.views.graph.pane import GraphPane
from workbench.ui.views.graph.path import PathHighlight
from workbench.ui.views.graph.rows_menu import add_rows
from workbench.ui.views.graph.search import GraphSearch
from workbench.ui.views.graph.spared import SparedMarks
from workbench.ui.views.graph.tools import GraphTools
from workbench.ui.views.graph.twin_view import TwinView
from workbench.ui.views.table.layer_menu import layer_menu
from workbench.ui.widgets import Splitter, column
from workbench.ui.workspace import Workspace

GROWTH_HEIGHT = 150


class GraphView(QWidget):
    """Puts the graph, what lies over it and its commands together."""

    search_changed = Signal(object)
    """The `GraphSearch` has other hits, or looks at another one."""

    def __init__(self, workspace: Workspace, jobs: JobPool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workspace, self._jobs = workspace, jobs
        self.searching = GraphSearch(workspace, jobs, self)
        self.path = PathHighlight(workspace, jobs, self._whole_diagrams, self)
        self.commands = GraphCommands(self.searching, self.path, self)
        self.tools = GraphTools(self.commands)
        """Stands where the owner puts it."""
        self.pane = GraphPane(workspace, jobs, self.searching)
        self.pages = QStackedWidget()
        self.pages.addWidget(self.pane)
        self.overlays = GraphOverlays(workspace, self.searching, self.path, self.pages)
        self.growth = GrowthPanel(workspace, jobs, self.path)
        self.growth.hide()
        self.parts = Splitter(Qt.Orientation.Vertical)
        self.parts.addWidget(self.pages)
        self.parts.addWidget(self.growth)
        self.parts.setStretchFactor(0, 1)
        self.setLayout(column(self.parts, spacing=0))
        self.export = GraphExport(workspace, jobs, self._canvases, self)
        self.setFocusProxy(self.canvas)
        keys.set_place(self, self.tr("Graph"))
        keys.tell(
            self,
            ("Space", self.tr("Switch the layer between integers and float16")),
            ("Esc", self.tr("End the search, the path, the growth; bring back faded layers")),
        )
        self._connect()
        self.pane.load()

    @property
    def canvas(self) -> GraphCanvas:
        """Where the network is drawn."""
        return self.pane.canvas

    @property
    def legend(self) -> GraphLegend:
        """What the colours mean."""
        return self.overlays.legend

    @property
    def diagram(self) -> Diagram:
        """What is shown."""
        return self.pane.diagram

    @cached_property
    def twins(self) -> TwinView:
        """The two graphs side by side, made when they are asked for."""
        result = TwinView(self._workspace, self._jobs, self.searching)
        self.pages.addWidget(result)
        result.recoloured.connect(self._on_recoloured)
        result.looked_elsewhere.connect(self._place)
        result.menu_wanted.connect(self._on_menu_wanted)
        return result

    def take_over(self, old: "GraphView") -> None:
        """Stand as another view does."""
        self.legend.place = old.legend.place
        self.show_twins(old.commands.twins.isChecked())
        if old.growth.isVisible():
            self.show_growth(True)

    def fit(self) -> None:
        """Show the whole network."""
        (self.twins if self._is_twin else self.pane).fit()

    def show_growth(self, is_shown: bool) -> None:
        """Show how the error grows along the path, or hide it; without a path that of the selected layer."""
        if is_shown and self.path.path is None and self._workspace.selected:
            self.path.begin(self._workspace.selected, UP)
        self.growth.setVisible(is_shown)
        self.commands.growth.setChecked(is_shown)
        if is_shown:
            high = min(GROWTH_HEIGHT, 2 * self.height() // 5)
            self.parts.setSizes([self.height() - high, high])
            self.growth.setFocus(Qt.FocusReason.ShortcutFocusReason)
        else:
            self.canvas.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def show_twins(self, are_shown: bool) -> None:
        """Show the user's network and the deployed graph side by side, or the network alone."""
        self.commands.twins.setChecked(are_shown)
        self.pages.setCurrentWidget(self.twins if are_shown else self.pane)
        self.overlays.raise_()
        self.setFocusProxy(self.twins if are_shown else self.canvas)
        self._light()
        self._place()
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._end_one():
            return
        if event.key() == Qt.Key.Key_Space:
            toggle_precision(self._workspace)
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def _connect(self) -> None:
        self.pane.network_left.connect(self._on_network_left)
        self.pane.recoloured.connect(self._on_recoloured)
        self.pane.looked_elsewhere.connect(self._place)
        self.pane.menu_wanted.connect(self._on_menu_wanted)
        self.path.changed.connect(self._light)
        self.legend.faded_changed.connect(self._light)
        self.searching.changed.connect(self._on_search_changed)
        self.overlays.settled.connect(self._on_settled)
        self.commands.colour_wanted.connect(self.legend.open_menu)
        self.commands.fit_wanted.connect(self.fit)
        self.commands.toggle_wanted.connect(self.pane.toggle)
        self.commands.fold_all_wanted.connect(self.pane.fold_all)
        self.commands.unfold_all_wanted.connect(self.pane.unfold_all)
        self.commands.export_wanted.connect(self.export.ask)
        self.commands.twins_wanted.connect(self.show_twins)
        self.commands.growth_wanted.connect(self.show_growth)
        self.growth.closed.connect(lambda: self.show_growth(False))
        SparedMarks(self._workspace, self.pane)

    def _end_one(self) -> bool:
        """What Escape ends first; whether there was something."""
        if self.searching.text:
            self.searching.end()
        elif self.path.path is not None:
            self.path.end()
        elif self.legend.key.faded:
            self.legend.key.show_all()
        elif self.growth.isVisible():
            self.show_growth(False)
        else:
            return False
        return True

    def _on_network_left(self) -> None:
        self.searching.end()
        self.path.end()
        self.overlays.hide()
        self.commands.set_open(self._workspace.model is not None, self._workspace.results is not None)

    def _on_recoloured(self, colouring: Colouring) -> None:
        self.overlays.show_colouring(colouring)
        self.commands.set_open(True, self._workspace.results is not None)
        self._place()

    def _on_search_changed(self) -> None:
        self.commands.set_hits(len(self.searching.hits))
        self._show_status()
        self.search_changed.emit(self.searching)

    def _light(self) -> None:
        self.pane.light(self.path.path, self.legend.key.faded)
        if self._is_twin:
            self.twins.light(self.path.path, self.legend.key.faded)
        self._show_status()

    def _show_status(self) -> None:
        path = self.path.path
        self.overlays.status.show_state(layers_shown(self.diagram, path) if path is not None else 0)

    def _place(self) -> None:
        self.overlays.place(self._ground(), self._to_avoid())

    @property
    def _is_twin(self) -> bool:
        return self.pages.currentWidget() is not self.pane

    def _whole_diagrams(self) -> list[Diagram]:
        sides = [half.side for half in self.twins.halves if half.side is not None] if self._is_twin else []
        return [self.pane.loader.full, *(side.diagram for side in sides)]

    def _canvases(self) -> list[GraphCanvas]:
        return [half.canvas for half in self.twins.halves] if self._is_twin else [self.canvas]

    def _ground(self) -> QRect:
        """Where the overlays may stand, on the stage."""
        return self.twins.ground() if self._is_twin else QRect(QPoint(0, 0), self.canvas.size())

    def _to_avoid(self) -> list[QRect]:
        if self._is_twin:
            return self.twins.chosen_rects()
        chosen = self.pane.canvas.chosen_rect()
        return [] if chosen is None else [chosen]

    def _on_settled(self) -> None:
        covered = self.overlays.covered(self.pages.height())
        self.canvas.covered = covered
        if self._is_twin:
            self.twins.cover(covered)

    def _on_menu_wanted(self, tensor: str, position: QPoint) -> None:
        if tensor:
            menu = layer_menu(self, self._workspace, tensor)
            self.commands.add_paths(menu)
            if not self._is_twin:
                add_rows(menu, self._workspace, self.diagram.boxes[self.canvas.marks.selected])
        else:
            menu = QMenu(self)
            menu.aboutToHide.connect(menu.deleteLater)
            self.commands.fill(menu)
        menu.popup(position)

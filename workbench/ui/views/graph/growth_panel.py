"""Below the graph: how the error grows along the path. Arrows walk along it, J goes from jump to jump."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from workbench.ui import keys, theme
from workbench.ui.jobs import JobPool
from workbench.ui.models.graph.growth import Growth, growth, is_on
from workbench.ui.models.graph.model import short_name
from workbench.ui.models.graph.path import BOTH, DOWN, UP
from workbench.ui.models.table.layer_values import known_of
from workbench.ui.numbers import value_text
from workbench.ui.titles import metric_title
from workbench.ui.views.graph.path import PathHighlight
from workbench.ui.widgets import ElidedLabel, label, row, tool
from workbench.ui.workspace import Workspace

if TYPE_CHECKING:  # its library takes half a second to import
    from workbench.ui.views.graph.growth_plot import GrowthPlot

LEAST_HEIGHT = 110


class GrowthPanel(QWidget):
    """Follows the path, the colouring and the selection while it is shown."""

    closed = Signal()

    def __init__(self, workspace: Workspace, jobs: JobPool, path: PathHighlight) -> None:
        super().__init__()
        self._workspace, self._jobs, self._path = workspace, jobs, path
        self.growth = Growth()
        self.plot: GrowthPlot | None = None
        self.title, self.here = ElidedLabel(), ElidedLabel(role="muted")
        self._legend = label(self.tr("━ entire   ┅ single   ↑ jump"), "muted")
        head = row(
            self.title, self.here, None, self._legend, tool("close", self.tr("Close (G)"), self.closed.emit), spacing=12
        )
        head.setContentsMargins(10, 2, 4, 0)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(2)
        self._column.addLayout(head)
        self.setMinimumHeight(LEAST_HEIGHT)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setProperty("role", "surface")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(self.tr("Error growth along the path"))
        keys.set_place(self, self.tr("Error growth"))
        keys.tell(
            self,
            ("Left / Right", self.tr("Layer before or behind on the path")),
            ("Home / End", self.tr("First or last layer of the path")),
            ("J / Shift+J", self.tr("Next or previous jump of the error")),
        )
        self._connect()

    def refresh(self) -> None:
        """Look along the path anew, on the reading thread."""
        if not self.isVisible():
            return
        workspace, path, known = self._workspace, self._path.path, known_of(self._workspace)
        rows, layers_of, metric = workspace.rows, self._path.layers_of, workspace.error_metric
        self._jobs.ask("graph.growth", lambda: growth(rows, known, path, layers_of, metric), self._on_found)

    def showEvent(self, event: object) -> None:
        if self.plot is None:
            from workbench.ui.views.graph.growth_plot import GrowthPlot

            self.plot = GrowthPlot()
            self.plot.chosen.connect(self._on_chosen)
            self.plot.pointed.connect(self._show_layer)
            self._column.addWidget(self.plot, 1)
        self.refresh()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        at, last = self._at(), len(self.growth.tensors) - 1
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        places = {
            Qt.Key.Key_Left: max(0, at - 1), Qt.Key.Key_Right: min(last, at + 1),
            Qt.Key.Key_Home: 0, Qt.Key.Key_End: last, Qt.Key.Key_J: self._jump(at, back=shift),
        }  # fmt: skip
        if event.key() in places and last >= 0:
            self._on_chosen(places[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)

    def _connect(self) -> None:
        workspace = self._workspace
        workspace.results_changed.connect(self.refresh)
        workspace.colouring_changed.connect(self.refresh)
        workspace.inputs_found.connect(self.refresh)
        workspace.selection_changed.connect(self._on_selection_changed)
        self._path.changed.connect(self.refresh)
        theme.changes.changed.connect(self._on_theme_changed)

    def _at(self) -> int:
        selected = self._workspace.selected
        return self.growth.tensors.index(selected) if selected in self.growth.tensors else -1

    def _jump(self, at: int, *, back: bool) -> int:
        """The next jump behind, or before, a place; round and round."""
        places = sorted(self.growth.jumps, reverse=back)
        if not places:
            return max(0, at)
        return next((place for place in places if (place < at if back else place > at)), places[0])

    def _on_chosen(self, at: int) -> None:
        self._workspace.select(self.growth.tensors[at])

    def _on_found(self, found: Growth) -> None:
        self.growth = found
        source = self._workspace.column.partition(".")[0]
        assert self.plot is not None
        self.plot.show_growth(found, source)
        metric = metric_title(found.metric)
        self.title.set_text(f"{metric} · {self._story()}", shorter=(metric,))
        self._show_here()

    def _on_selection_changed(self) -> None:
        path, selected = self._path.path, self._workspace.selected
        if not self.isVisible():
            return
        if path is not None and selected and not is_on(path, selected, self._path.layers_of):
            self._path.begin(selected, path.direction)  # who leaves the path asks for another one
        self._show_here()

    def _show_here(self) -> None:
        """Mark the layer that is chosen, and say what it has."""
        if self.plot is not None:
            self.plot.select(self._at())
        self._show_layer(-1)

    def _show_layer(self, pointed: int) -> None:
        """Say what the layer under the pointer has, or the one that is chosen."""
        at, found = pointed if pointed >= 0 else self._at(), self.growth
        if not 0 <= at < len(found.tensors):
            self.here.set_text(self.tr("{0} layers, {1} jumps").format(len(found.tensors), len(found.jumps)))
            return
        parts = [f"{at + 1}/{len(found.tensors)}  {short_name(found.tensors[at])}"]
        for line, name in ((found.entire, "entire"), (found.single, "single")):
            if line.there[at]:
                parts.append(f"{name} {value_text(found.metric, float(line.values[at]))}")
        if at in found.jumps:
            parts.append(self.tr("↑ {0} times its inputs'").format(f"{found.factors[at]:.3g}"))
        self.here.set_text("   ".join(parts))

    def _story(self) -> str:
        path = self._path.path
        if path is None:
            return self.tr("all layers in order")
        name = short_name(path.anchor)
        return {
            UP: self.tr("from the inputs to {0}").format(name),
            DOWN: self.tr("from {0} to the outputs").format(name),
            BOTH: self.tr("through {0}").format(name),
        }[path.direction]

    def _on_theme_changed(self) -> None:
        if self.plot is not None:
            self.plot.recolour()

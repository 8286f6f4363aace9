"""Where the views stand: layers and settings left, graph above tensors in the middle, the inspector right."""

from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QStackedWidget, QTabWidget, QWidget

from workbench.ui.text_size import pixels
from workbench.ui.views.details_panel import DetailsPanel
from workbench.ui.views.empty_state import EmptyState
from workbench.ui.views.graph_view import GraphView
from workbench.ui.views.inspector import Inspector
from workbench.ui.views.jobs_panel import JobsStrip
from workbench.ui.views.layer_table import LayerTable
from workbench.ui.views.settings_panel import SettingsPanel
from workbench.ui.views.tensor_panes import TensorPanes
from workbench.ui.widgets import GRAB_WIDTH, Island, Splitter, column, rule

LEFT_WIDTH, MIDDLE_WIDTH = 340, 590  # px at least, with texts of any size: with the inspector no more than 1280
SHARES = ((400, 0.32, 640), (276, 0.17, 340))  # of the table, of the inspector: least px, share, most px


@dataclass(frozen=True)
class Views:
    """What stands on the desk."""

    empty: EmptyState
    table: LayerTable
    settings: SettingsPanel
    graph: GraphView
    panes: TensorPanes
    inspector: Inspector
    details: DetailsPanel
    strip: JobsStrip


class Desk(QWidget):
    """The window's content below its bars; `bars` are the slim ones above everything."""

    def __init__(self, views: Views, bars: tuple[QWidget, ...]) -> None:
        super().__init__()
        self._views, self.is_divided = views, False
        self.tabs = _tabs((views.table, self.tr("Layers")), (views.settings, self.tr("Settings")))
        self.tabs.setMinimumWidth(LEFT_WIDTH)
        self.maps = _tabs((views.graph, self.tr("Graph")))
        self.maps.tabBar().setVisible(False)
        self.maps.setCornerWidget(views.graph.tools)
        self.maps.currentChanged.connect(
            lambda _: views.graph.tools.setVisible(self.maps.currentWidget() is views.graph)
        )
        self.middle = _split(Qt.Orientation.Vertical, self.maps, views.panes)
        self.middle.setMinimumWidth(MIDDLE_WIDTH)  # else its content pushes the table aside
        self.across = _split(Qt.Orientation.Horizontal, self.tabs, self.middle, views.inspector)
        self.across.setStretchFactor(1, 1)
        self.stack = QStackedWidget()
        self.stack.addWidget(views.empty)
        self.stack.addWidget(self.across)
        self.down = _split(Qt.Orientation.Vertical, self.stack, views.details)
        self.down.setStretchFactor(0, 1)
        named = {"tabs": self.tabs, "maps": self.maps, "middle": self.middle, "across": self.across, "down": self.down}
        for name, part in named.items():
            part.setObjectName(name)
        self._divide_heights()
        views.details.hide()
        layout = column(*bars, self.down, rule(), Island(views.strip), spacing=0)
        layout.setStretchFactor(self.down, 1)
        self.setLayout(layout)

    def show_session(self, is_open: bool) -> None:
        """The views, or what invites to open a network."""
        self.stack.setCurrentWidget(self.across if is_open else self._views.empty)

    def share_width(self) -> None:
        """Divide the width among table, graph and inspector, once; later the user does."""
        if not self.is_divided:
            wanted = ((pixels(least), int(self.width() * share), pixels(most)) for least, share, most in SHARES)
            left, right = (min(max(least, width), most) for least, width, most in wanted)
            self.across.setSizes([left, self.width() - left - right - 2 * GRAB_WIDTH, right])
            self.is_divided = True

    def arrange(self) -> None:
        """Divide as in a new window."""
        self.is_divided = False
        self._divide_heights()
        self.share_width()
        self._views.details.hide()

    def _divide_heights(self) -> None:
        self.middle.setSizes([360, 320])
        self.down.setSizes([600, 180])

    def show_layers(self) -> None:
        """Bring the layer table to the front."""
        self.tabs.setCurrentWidget(self._views.table)

    def show_settings(self) -> None:
        """Bring the settings to the front."""
        self.tabs.setCurrentWidget(self._views.settings)

    def take_over(self, other: "Desk") -> None:
        """Stand as another desk does."""
        for part, old in ((self.across, other.across), (self.middle, other.middle), (self.down, other.down)):
            part.setSizes(old.sizes())
        for tabs, before in ((self.tabs, other.tabs), (self.maps, other.maps)):
            tabs.setCurrentIndex(before.currentIndex())
        self._views.details.setVisible(not other._views.details.isHidden())
        self._views.graph.take_over(other._views.graph)
        self._views.table.take_over(other._views.table)

    def add_map(self, view: QWidget, title: str) -> None:
        """Another view beside the graph, as a tab."""
        self.maps.addTab(view, title)
        self.maps.tabBar().setVisible(True)


def _tabs(*pages: tuple[QWidget, str]) -> QTabWidget:
    result = QTabWidget()
    result.setDocumentMode(True)
    for page, title in pages:
        result.addTab(page, title)
    return result


def _split(orientation: Qt.Orientation, *parts: QWidget) -> Splitter:
    result = Splitter(orientation)
    for part in parts:
        result.addWidget(part)
    return result

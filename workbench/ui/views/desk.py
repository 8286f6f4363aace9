"""Where the views stand: layers and settings left, graph above tensors in the middle, the inspector right.

In a window that is too narrow for three columns the inspector is a tab beside the graph.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from workbench.ui.text_size import pixels
from workbench.ui.views.common.tabs import Tabs
from workbench.ui.views.diagnosis.view import DiagnosisView
from workbench.ui.views.empty_state import EmptyState
from workbench.ui.views.graph.view import GraphView
from workbench.ui.views.inspector.inspector import Inspector
from workbench.ui.views.jobs.details_panel import DetailsPanel
from workbench.ui.views.jobs.strip import JobsStrip
from workbench.ui.views.mixed.page import MixedPage
from workbench.ui.views.settings.panel import SettingsPanel
from workbench.ui.views.table.layer_table import LayerTable
from workbench.ui.views.tensors.panes import TensorPanes
from workbench.ui.widgets import GRAB_WIDTH, Island, Splitter, column, rule, tab_after

LEFT_WIDTH, MIDDLE_WIDTH = 324, 460  # px at least; the middle with texts of any size
THREE_COLUMNS = 1100
"""Least px of the window for all three, more than what they need at least."""
COLUMNS = {False: "across", True: "across_narrow"}
"""What the division of the width is called where the inspector is a column, and where it is a tab."""
SHARES = ((400, 0.32, 640), (276, 0.17, 340))  # of the table, of the inspector: least px, share, most px


@dataclass(frozen=True)
class Views:
    """What stands on the desk."""

    empty: EmptyState
    table: LayerTable
    findings: DiagnosisView
    settings: SettingsPanel
    mixed: MixedPage
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
        self.is_folded = False  # whether the inspector is a tab
        self._columns: dict[bool, tuple[int, ...]] = {}
        self._are_columns_due = False
        self.tabs = _tabs(
            (views.table, self.tr("Layers")), (views.findings, self.tr("Findings")),
            (views.settings, self.tr("Settings")), (views.mixed, self.tr("Mixed")),
        )  # fmt: skip
        self.tabs.setMinimumWidth(pixels(LEFT_WIDTH))
        self.maps = _tabs((views.graph, self.tr("Graph")))
        self.maps.tabBar().setVisible(False)
        self.maps.set_tools(views.graph.tools)
        self._alone: list[QWidget] = []
        self.maps.currentChanged.connect(lambda _: self._show_map())
        self.middle = _split(Qt.Orientation.Vertical, self.maps, views.panes)
        self.middle.setMinimumWidth(MIDDLE_WIDTH)  # else its content pushes the table aside
        self.across = _split(Qt.Orientation.Horizontal, self.tabs, self.middle, views.inspector)
        self.across.setStretchFactor(1, 1)
        self.across.splitterMoved.connect(self._note_columns)
        self.across.setMinimumWidth(pixels(LEFT_WIDTH) + MIDDLE_WIDTH + GRAB_WIDTH)  # the inspector makes way
        self.stack = QStackedWidget()
        self.stack.addWidget(views.empty)
        self.stack.addWidget(self.across)
        self.down = _split(Qt.Orientation.Vertical, self.stack, views.details)
        self.down.setStretchFactor(0, 1)
        named = {"tabs": self.tabs, "maps": self.maps, "middle": self.middle, "down": self.down}
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

    def receive(self) -> None:
        """Show the views, still empty, at their widths: that takes a while, before a network takes its own."""
        self.show_session(True)
        self.share_width()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit(self.width())
        if self._are_columns_due:
            self._are_columns_due = False
            self._divide_columns()

    def fit(self, width: int) -> None:
        """Let the inspector be a column of its own, or a tab beside the graph where there is no room for three."""
        is_folded = width < pixels(THREE_COLUMNS)
        if is_folded == self.is_folded:
            return
        self.is_folded, inspector = is_folded, self._views.inspector
        if is_folded:
            self.maps.addTab(inspector, self.tr("Inspector"))
        else:
            self.across.addWidget(inspector)
            inspector.show()  # a tab in the back was hidden
            tab_after(self._views.panes, inspector)
        if not self._divide_columns() and self.is_divided:
            self.is_divided = False
            self.share_width()

    def columns(self) -> dict[str, tuple[int, ...]]:
        """How the user divided the width among two and among three columns."""
        return {COLUMNS[is_folded]: sizes for is_folded, sizes in self._columns.items()}

    def set_columns(self, kept: Mapping[str, Sequence[int]]) -> None:
        """Divide the width as it was; what is not known is shared when a session opens."""
        for is_folded, name in COLUMNS.items():
            if len(sizes := kept.get(name, ())) == 3 - is_folded and any(sizes):
                self._columns[is_folded] = tuple(sizes)
        self._are_columns_due = not self.isVisible()  # the width is not known before
        if self.isVisible():
            self._divide_columns()

    def _note_columns(self) -> None:
        self._columns[self.is_folded] = tuple(self.across.sizes())
        self.is_divided = True

    def _divide_columns(self) -> bool:
        """Give the columns the widths that they had, or shares of them in a narrower window; False where none had."""
        sizes = self._columns.get(self.is_folded)
        if sizes is None:
            return False
        room = self.width() - (len(sizes) - 1) * GRAB_WIDTH
        shares = [int(size * min(1.0, room / sum(sizes))) for size in sizes]
        self.across.setSizes([shares[0], room - sum(shares) + shares[1], *shares[2:]])
        self.is_divided = True
        return True

    def share_width(self) -> None:
        """Divide the width among table, graph and inspector, once; later the user does."""
        if not self.is_divided:
            wanted = ((pixels(least), int(self.width() * share), pixels(most)) for least, share, most in SHARES)
            left, right = (min(max(least, width), most) for least, width, most in wanted)
            columns = [left] if self.is_folded else [left, right]
            self.across.setSizes([left, self.width() - sum(columns) - len(columns) * GRAB_WIDTH, *columns[1:]])
            self.is_divided = True

    def go_to_layers(self) -> None:
        """Bring the layer table to the front and give it the focus."""
        self.show_layers()
        self._views.table.view.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def go_to_settings(self) -> None:
        """Bring the settings to the front and give them the focus."""
        self.show_settings()
        self._views.settings.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def uncover_inspector(self) -> None:
        """Bring the inspector to the front where it is a tab."""
        if self.is_folded:
            self.maps.setCurrentWidget(self._views.inspector)

    def go_to_inspector(self) -> None:
        """Bring the inspector to the front and give it the focus."""
        self.uncover_inspector()
        self._views.inspector.take_focus()

    def arrange(self) -> None:
        """Divide as in a new window."""
        self.is_divided = False
        self._columns.clear()
        self._divide_heights()
        self.share_width()
        self._views.details.hide()

    def _divide_heights(self) -> None:
        self.middle.setSizes([360, 320])
        self.down.setSizes([600, 180])

    def show_layers(self) -> None:
        """Bring the layer table to the front."""
        self.tabs.setCurrentWidget(self._views.table)

    def go_to_findings(self) -> None:
        """Bring the findings to the front and give them the focus."""
        self.tabs.setCurrentWidget(self._views.findings)
        self._views.findings.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def show_tab(self, view: QWidget) -> None:
        """Bring a view beside the layer table to the front and give it the focus."""
        self.tabs.setCurrentWidget(view)
        view.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def show_settings(self) -> None:
        """Bring the settings to the front."""
        self.tabs.setCurrentWidget(self._views.settings)

    def take_over(self, other: "Desk") -> None:
        """Stand as another desk does."""
        self.set_columns(other.columns())
        for part, old in ((self.middle, other.middle), (self.down, other.down)):
            part.setSizes(old.sizes())
        for tabs, before in ((self.tabs, other.tabs), (self.maps, other.maps)):
            tabs.setCurrentIndex(before.currentIndex())
        self._views.details.setVisible(not other._views.details.isHidden())
        self._views.details.take_over(other._views.details)
        self._views.graph.take_over(other._views.graph)
        self._views.table.take_over(other._views.table)

    def show_map(self, view: QWidget) -> None:
        """Bring one of the views beside the graph to the front, or the graph itself."""
        self.maps.setCurrentWidget(view)

    def add_map(self, view: QWidget, title: str, *, alone: bool = False) -> None:
        """Another view beside the graph, as a tab; one that stands `alone` has the room of the tensors, too."""
        self.maps.addTab(view, title)
        self.maps.tabBar().setVisible(True)
        if alone:
            self._alone.append(view)

    def _show_map(self) -> None:
        shown = self.maps.currentWidget()
        self._views.graph.tools.setVisible(shown is self._views.graph)
        self._views.panes.setVisible(shown not in self._alone)


def _tabs(*pages: tuple[QWidget, str]) -> Tabs:
    result = Tabs()
    for page, title in pages:
        result.addTab(page, title)
    return result


def _split(orientation: Qt.Orientation, *parts: QWidget) -> Splitter:
    result = Splitter(orientation)
    for part in parts:
        result.addWidget(part)
    return result

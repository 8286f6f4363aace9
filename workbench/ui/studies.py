"""What is done with many runs of a session: sweeps and accuracy, on this machine or a cluster."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from workbench.ui.actions import offer
from workbench.ui.clusters import Clusters
from workbench.ui.evaluating import Evaluating
from workbench.ui.sweeping import Sweeping
from workbench.ui.views.accuracy.page import AccuracyPage
from workbench.ui.views.sweep.page import SweepPage

if TYPE_CHECKING:
    from workbench.ui.main_window import MainWindow


class Studies(QObject):
    """`sweep` and `accuracy` are tabs beside the graph."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        workspace, jobs, messages = window.workspace, window.jobs, window.messages
        self.sweeping = Sweeping(workspace, jobs, messages, window.comparisons.comparer)
        self.sweep = SweepPage(workspace, self.sweeping)
        self.evaluating = Evaluating(workspace, jobs, messages, window.opener, window.boarding.boards.asking)
        self.accuracy = AccuracyPage(workspace, self.evaluating)
        self.clusters = Clusters(window, jobs, messages)
        self.sweeping.cluster = self.evaluating.cluster = lambda: self.clusters.used

    def connect_views(self) -> None:
        """Show the tabs, and let the menu's actions lead to them."""
        window, actions = self._window, self._window.actions_
        window.desk.add_map(self.sweep, self.tr("Sweep"), alone=True)
        window.desk.add_map(self.accuracy, self.tr("Accuracy"), alone=True)
        actions.sweep.triggered.connect(lambda: self._go_to(self.sweep, self.sweep.view))
        actions.accuracy.triggered.connect(lambda: self._go_to(self.accuracy, self.accuracy.form.images.edit))
        self.clusters.connect_actions(actions)
        self.evaluating.image_opened.connect(lambda: window.desk.show_map(window.graph))
        window.strip.add_button(self.clusters.button)
        self.sweep.add_wanted.connect(actions.add_inputs.trigger)
        window.workspace.session_changed.connect(self._show_state)
        self._show_state()

    def _go_to(self, page: QWidget, first: QWidget) -> None:
        """Bring a tab to the front and give it the focus."""
        self._window.desk.show_map(page)
        first.setFocus()

    def _show_state(self) -> None:
        is_open = self._window.workspace.session is not None
        for action in (self._window.actions_.sweep, self._window.actions_.accuracy):
            offer(action, is_open, self.tr("No network is open."))

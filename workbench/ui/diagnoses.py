"""The window's dealings with diagnoses: the tab of findings, the blame beside the graph, what a finding leads to."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from workbench.diagnose.findings import Evidence, Finding
from workbench.ui.actions import offer
from workbench.ui.diagnosing import Diagnosing
from workbench.ui.models.graph.path import DOWN
from workbench.ui.models.tensors.planes import CHANNEL, STRANGE
from workbench.ui.views.diagnosis.blame import BlameView
from workbench.ui.views.diagnosis.view import DiagnosisView

if TYPE_CHECKING:
    from workbench.ui.main_window import MainWindow

HEATMAP, HISTOGRAM, VALUES, SCATTER, CHANNELS, WEIGHTS = range(6)
VIEWS = {
    "picture": HEATMAP, "nan": HEATMAP, "histogram": HISTOGRAM, "worst": VALUES, "scatter": SCATTER,
    "channels": CHANNELS, "weights": WEIGHTS,
}  # fmt: skip
"""The view of the tensor panes that shows a piece of evidence."""


class Diagnoses(QObject):
    """`findings` is a tab beside the layers, `blame` one beside the graph."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        self.diagnosing = Diagnosing(
            window, window.workspace, window.jobs, window.messages, window.runner, window.opener
        )
        self.findings = DiagnosisView(self.diagnosing)
        self.blame = BlameView(window.workspace, self.diagnosing)

    def connect_views(self) -> None:
        """Let findings lead through the other views, and the menu's actions do it."""
        window, findings, actions = self._window, self.findings, self._window.actions_
        window.desk.add_map(self.blame, self.tr("Blame"))
        findings.evidence_chosen.connect(self._look_at)
        findings.chain_wanted.connect(self._show_chain)
        findings.blame_wanted.connect(lambda: window.desk.show_map(self.blame))
        actions.diagnose.triggered.connect(lambda: self._diagnose())
        findings.bundle_wanted.connect(actions.bundle.trigger)
        actions.automatic.setChecked(window.settings.diagnoses)
        actions.automatic.toggled.connect(self._choose_automatic)
        self.diagnosing.is_automatic = window.settings.diagnoses
        actions.findings.triggered.connect(lambda: window.desk.go_to_findings())
        for known in (self.diagnosing.busy_changed, self.diagnosing.changed, window.workspace.results_changed):
            known.connect(self._show_state)
        self._show_state()

    def _choose_automatic(self, is_automatic: bool) -> None:
        self.diagnosing.is_automatic = is_automatic
        self._window.remember_choice("diagnoses", is_automatic)

    def _diagnose(self) -> None:
        self._window.desk.go_to_findings()
        self.diagnosing.diagnose()

    def _look_at(self, evidence: Evidence) -> None:
        """Show the tensor, the input and the view that a piece of evidence speaks of."""
        workspace, panes = self._window.workspace, self._window.panes
        if evidence.sample is not None:
            workspace.set_sample(evidence.sample)
        workspace.select(evidence.tensor)
        view = VIEWS.get(evidence.view)
        if view is not None:
            panes.controls.views.button(view).click()
        if evidence.view in ("nan", "picture"):
            panes.controls.way.way_chosen.emit(STRANGE if evidence.view == "nan" else CHANNEL)

    def _show_chain(self, finding: Finding) -> None:
        """Light the way from the guilty layer down to the outputs."""
        window = self._window
        window.workspace.select(finding.layers[0])
        window.desk.show_map(window.graph)
        window.graph.path.begin(finding.layers[0], DOWN)

    def _show_state(self) -> None:
        can, is_busy = self.diagnosing.can_diagnose, self.diagnosing.is_busy
        why = self.tr("Something runs.") if can else self.tr("Run first: there are no results yet.")
        for action in (self._window.actions_.diagnose, self._window.actions_.bundle):
            offer(action, can and not is_busy, why)

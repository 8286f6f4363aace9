"""The window's dealings with comparisons: the dialog, the bar, and the matrices of inputs and of runs."""

from pathlib import Path

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QWidget

from workbench.project.comparison.sides import Side
from workbench.ui.actions import Actions, offer
from workbench.ui.comparing import Comparer
from workbench.ui.jobs import JobPool
from workbench.ui.messages import Messages
from workbench.ui.opening import MODEL_SUFFIXES, Opener
from workbench.ui.views.compare.bar import CompareBar
from workbench.ui.views.matrix.inputs_matrix import InputsMatrix
from workbench.ui.views.matrix.runs_matrix import RunsMatrix
from workbench.ui.workspace import Workspace


class Comparisons(QObject):
    """`bar` stands above the views; `inputs` and `runs` stand beside the graph."""

    def __init__(
        self, window: QWidget, workspace: Workspace, jobs: JobPool, messages: Messages, opener: Opener
    ) -> None:
        super().__init__(window)
        self._window, self._workspace, self._jobs, self._opener = window, workspace, jobs, opener
        self.comparer = Comparer(workspace, jobs, messages)
        self.bar = CompareBar(workspace, self.comparer)
        self.inputs = InputsMatrix(workspace, jobs)
        self.runs = RunsMatrix(workspace, jobs, messages, self.comparer, self._sessions)
        self.bar.change_wanted.connect(self.ask)

    def connect_actions(self, actions: Actions) -> None:
        """Let the menu's actions do it."""
        actions.compare.triggered.connect(lambda: self.ask())
        actions.own_results.triggered.connect(lambda: self.comparer.back())
        actions.worst_input.triggered.connect(self._workspace.look_at_worst_input)
        self.inputs.add_wanted.connect(actions.add_inputs.trigger)

        def show_state() -> None:
            why = self.tr("The session's own results are shown.")
            offer(actions.own_results, self._workspace.is_comparing, why)

        self._workspace.results_changed.connect(show_state)
        show_state()

    def ask(self, *sides: Side) -> None:
        """Ask what to compare; the last comparison is proposed where no sides are given."""
        from workbench.ui.views.compare.dialog import CompareDialog

        if self._workspace.folder is None:
            return
        samples = self._workspace.session.samples if self._workspace.session else ()
        names = [sample.files[0].name for sample in samples]
        dialog = CompareDialog(self._window, self._jobs, self._workspace.folder, self._sessions(), names)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.chosen.connect(self.comparer.compare)
        shown = self.comparer.shown
        dialog.choose(sides or (shown.sides if shown else ()))
        dialog.open()

    def take_over(self, other: "Comparisons") -> None:
        """Know what another window's knows."""
        self.comparer.take_over(other.comparer)

    def _sessions(self) -> list[Path]:
        return [path for path in self._opener.recents if path.suffix.lower() not in MODEL_SUFFIXES]

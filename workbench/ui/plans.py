"""A plan in a file takes the place of the calibration."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog, QWidget

from workbench.quantize.schemes import QuantSettings
from workbench.ui.actions import Actions, offer
from workbench.ui.dialogs import choose_file
from workbench.ui.jobs import JobPool
from workbench.ui.messages import Messages
from workbench.ui.tips import plain_tip
from workbench.ui.workspace import Workspace


class Plans(QObject):
    """Imports the session's plan, and removes it. It does what two actions ask for."""

    def __init__(
        self, window: QWidget, workspace: Workspace, jobs: JobPool, messages: Messages, actions: Actions
    ) -> None:
        super().__init__(window)
        self._window, self._workspace, self._jobs, self._messages = window, workspace, jobs, messages
        self._drop = actions.drop_plan
        actions.import_plan.triggered.connect(lambda: self.ask_import())
        actions.drop_plan.triggered.connect(lambda: workspace.change(plan=None))
        workspace.session_changed.connect(self._show)
        self._show()

    def ask_import(self) -> QFileDialog:
        """Let the user choose the file of a plan."""
        pattern = self.tr("Plans") + " (*.cfg *.json *.yaml *.yml)"
        return choose_file(self._window, self.tr("Import a plan"), pattern, self.import_plan)

    def import_plan(self, path: Path) -> None:
        """Read a plan and let the session use it; a file that is none changes nothing."""
        self._jobs.ask("plan", lambda: told_by(path), lambda told: self._take(path, *told), self._messages.fail)

    def _take(self, path: Path, count: int, layers: Mapping[str, str]) -> None:
        session = self._workspace.session
        if session is None:
            return
        quant = session.quant if session.quant.type.calibrates else replace(session.quant, dtype="w8a8")
        if not count:
            self._take_layers(path, quant, layers)
            return
        self._workspace.change(plan=path, quant=quant)
        told = self.tr("The next run takes the encodings of {0} tensors from {1}; nothing is calibrated.")
        self._messages.inform(told.format(count, path.name))

    def _take_layers(self, path: Path, quant: QuantSettings, layers: Mapping[str, str]) -> None:
        """A file that only says which layers have another precision is no plan: the rest is calibrated."""
        for name, precision in layers.items():
            quant = quant.with_layer(name, (), precision)
        self._workspace.change(quant=quant)
        told = self.tr("{0} only says which layers have another precision: {1} of them. The rest is calibrated.")
        self._messages.inform(told.format(path.name, len(layers)))

    def _show(self) -> None:
        session = self._workspace.session
        plan = session.plan if session is not None else None
        offer(self._drop, plan is not None, self.tr("No plan has been imported."))
        self._drop.setToolTip("" if plan is None else plain_tip(str(plan)))


def told_by(path: Path) -> tuple[int, Mapping[str, str]]:
    """How many tensors a plan's file says the storage of, and its layers' precisions; it is refused if it is none."""
    from workbench.quantize.configs.read import read_plan  # slow to import

    file = read_plan(path)
    return len(file.entries), file.custom

"""Plans in files: one takes the place of the calibration, and what was planned leaves as a network or a file."""

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog, QWidget

from workbench.foundation.steps import Steps
from workbench.project.session import Session
from workbench.ui.actions import Actions
from workbench.ui.child import in_child
from workbench.ui.dialogs import choose_file, choose_target
from workbench.ui.jobs import JobPool
from workbench.ui.messages import Messages
from workbench.ui.workspace import Workspace


class Plans(QObject):
    """Imports and exports the session's plan. It does what three actions ask for."""

    def __init__(
        self, window: QWidget, workspace: Workspace, jobs: JobPool, messages: Messages, actions: Actions
    ) -> None:
        super().__init__(window)
        self._window, self._workspace, self._jobs, self._messages = window, workspace, jobs, messages
        self._drop = actions.drop_plan
        actions.import_plan.triggered.connect(lambda: self.ask_import())
        actions.export_plan.triggered.connect(lambda: self.ask_export())
        actions.drop_plan.triggered.connect(lambda: workspace.change(plan=None))
        workspace.session_changed.connect(self._show)
        workspace.results_changed.connect(self._show)
        self._export = actions.export_plan
        self._show()

    def ask_import(self) -> QFileDialog:
        """Let the user choose the file of a plan."""
        pattern = self.tr("Plans") + " (*.cfg *.json *.yaml *.yml)"
        return choose_file(self._window, self.tr("Import a plan"), pattern, self.import_plan)

    def import_plan(self, path: Path) -> None:
        """Read a plan and let the session use it; a file that is none changes nothing."""
        self._jobs.ask("plan", lambda: tensors_in(path), lambda count: self._take(path, count), self._messages.fail)

    def ask_export(self) -> QFileDialog:
        """Let the user choose where the plan goes; the ending says as what."""
        patterns = {
            "onnx": self.tr("QDQ network") + " (*.onnx)",
            "json": self.tr("Plan") + " (*.json)",
            "cfg": self.tr("The toolkit's cfg") + " (*.cfg)",
        }
        return choose_target(self._window, self.tr("Export the plan"), patterns, self.export_plan)

    def export_plan(self, path: Path) -> None:
        """Write the plan of the session; `.onnx` is a QDQ network, `.cfg` the toolkit's, anything else our own."""
        session, folder = self._workspace.session, self._workspace.folder
        if session is None or folder is None:
            return
        kind = {".onnx": "qdq", ".cfg": "cfg"}.get(path.suffix.lower(), "plan")
        job = self._jobs.start(
            self.tr("Export {0}").format(path.name), lambda: in_child(exported, session, folder, kind, path)
        )
        job.succeeded.connect(lambda _: self._messages.inform(self.tr("Written: {0}").format(path)))
        job.failed.connect(self._messages.fail)

    def _take(self, path: Path, count: int) -> None:
        session = self._workspace.session
        if session is None:
            return
        quant = session.quant if session.quant.type.calibrates else replace(session.quant, dtype="w8a8")
        self._workspace.change(plan=path, quant=quant)
        told = self.tr("The next run takes the encodings of {0} tensors from {1}; nothing is calibrated.")
        self._messages.inform(told.format(count, path.name))

    def _show(self) -> None:
        session = self._workspace.session
        plan = session.plan if session is not None else None
        self._drop.setEnabled(plan is not None)
        self._drop.setToolTip("" if plan is None else str(plan))
        self._export.setEnabled(self._workspace.results is not None)


def tensors_in(path: Path) -> int:
    """How many tensors a plan's file speaks of; it is refused if it is none."""
    from workbench.quantize.configs.plan_file import read_plan  # slow to import

    return len(read_plan(path).entries)


def exported(session: Session, folder: Path, kind: str, path: Path) -> Steps[Path]:
    """`export_plan`, where it is needed: it brings all that a run needs."""
    from workbench.project.plans import export_plan

    return export_plan(session, folder, kind, path)

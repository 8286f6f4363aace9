"""Converts the session's network with the vendor's toolkit, also with single layers in another precision."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QDialog, QWidget

from workbench.foundation.steps import Steps
from workbench.project.session import Session, is_session, save_session
from workbench.ui.actions import Actions, offer
from workbench.ui.child import computer
from workbench.ui.jobs import Job, JobPool
from workbench.ui.messages import Messages
from workbench.ui.running import Runner
from workbench.ui.toolkit import Toolkits
from workbench.ui.workspace import Workspace

if TYPE_CHECKING:
    from workbench.project.toolkit.hybrid import HybridOutcome
    from workbench.ui.views.toolkit.convert_dialog import Conversion
    from workbench.ui.views.toolkit.mixed_dialog import Mixture


class Conversions(QObject):
    """Does what three actions of the menu "Tools" ask for."""

    settings_wanted = Signal()
    layers_wanted = Signal()

    def __init__(
        self, window: QWidget, workspace: Workspace, jobs: JobPool, messages: Messages, runner: Runner
    ) -> None:
        super().__init__(window)
        self._window, self._workspace, self._jobs, self._messages = window, workspace, jobs, messages
        self._runner = runner
        self.toolkits = Toolkits(jobs, messages, self)

    def connect_actions(self, actions: Actions) -> None:
        """Let the menu's actions do it."""
        actions.setup_toolkit.triggered.connect(lambda: self.ask_setup())
        actions.convert.triggered.connect(lambda: self.ask_convert())
        actions.mixed_precision.triggered.connect(lambda: self.ask_mixed())

        def show_state() -> None:
            is_open = self._workspace.session is not None
            for action in (actions.convert, actions.mixed_precision):
                offer(action, is_open, self.tr("No network is open."))

        self._workspace.session_changed.connect(show_state)
        show_state()

    def ask_setup(self) -> QDialog:
        """Show which toolkits there are, and how to get one."""
        from workbench.sources.toolkit.setting_up import usual_place
        from workbench.ui.views.toolkit.setup_dialog import SetupDialog

        dialog = SetupDialog(self._window, self.toolkits, usual_place())
        dialog.open()
        return dialog

    def ask_convert(self) -> QDialog | None:
        """Ask what the .rknn is for, and where it goes."""
        from workbench.ui.views.toolkit.convert_dialog import ConvertDialog

        session, folder = self._workspace.session, self._workspace.folder
        if session is None or folder is None:
            return None
        dialog = ConvertDialog(self._window, self.toolkits, session, folder)
        dialog.toolkit.setup_wanted.connect(self.ask_setup)
        dialog.settings_wanted.connect(self.settings_wanted)
        dialog.mixed_wanted.connect(self.ask_mixed)
        dialog.chosen.connect(self.convert)
        dialog.open()
        return dialog

    def ask_mixed(self) -> QDialog | None:
        """Show which layers are kept precise, and ask what comes out."""
        from workbench.ui.views.toolkit.mixed_dialog import MixedDialog

        session, folder = self._workspace.session, self._workspace.folder
        if session is None or folder is None:
            return None
        dialog = MixedDialog(self._window, self.toolkits, session, folder)
        dialog.toolkit.setup_wanted.connect(self.ask_setup)
        dialog.layers_wanted.connect(self.layers_wanted)
        dialog.chosen.connect(self.mix)
        dialog.open()
        return dialog

    def convert(self, wanted: "Conversion") -> Job | None:
        """Write the .rknn."""
        session, folder = self._workspace.session, self._workspace.folder
        if session is None or folder is None:
            return None
        session = replace(session, quant=replace(session.quant, target=wanted.target))
        job = self._jobs.start(
            self.tr("Convert to {0}").format(wanted.path.name), lambda: _convert(session, folder, wanted)
        )
        job.succeeded.connect(lambda path: self._messages.wrote(self.tr("Converted: {0}").format(path), path))
        return self._followed(job)

    def mix(self, wanted: "Mixture") -> Job | None:
        """Quantize with single layers in another precision; write the .rknn, and let the toolkit analyse it."""
        session, folder = self._workspace.session, self._workspace.folder
        if session is None or folder is None:
            return None
        if wanted.path is None and not wanted.is_proposed:
            self._analyse(folder, wanted.layers)
            return None
        job = self._jobs.start(self.tr("Mixed precision"), lambda: _mix(session, folder, wanted))
        job.succeeded.connect(lambda outcome: self._on_mixed(folder, wanted, outcome))
        return self._followed(job)

    def _followed(self, job: Job) -> Job:
        job.reported.connect(self._messages.hear)
        job.failed.connect(self._messages.fail)
        title = job.title
        job.cancelled.connect(lambda: self._messages.inform(self.tr("{0} was cancelled.").format(title)))
        return job

    def _on_mixed(self, folder: Path, wanted: "Mixture", outcome: "HybridOutcome") -> None:
        if wanted.is_analysed:
            self._analyse(folder, outcome.layers)
        elif wanted.is_proposed:
            self._take_layers(folder, outcome.layers)
        text = self.tr("Layers in another precision: {0}.").format(len(outcome.layers))
        if outcome.rknn is not None:  # last: a job that begins hides what was told before
            self._messages.wrote(f"{text} {self.tr('Converted: {0}').format(outcome.rknn)}", outcome.rknn)
        else:
            self._messages.inform(text)

    def _analyse(self, folder: Path, layers: Mapping[str, str]) -> None:
        """Run the session with these layers and the toolkit as its simulator: its errors, layer by layer."""
        self._take_layers(folder, layers, simulator="toolkit")
        if folder == self._workspace.folder:
            self._runner.run_soon()

    def _take_layers(self, folder: Path, layers: Mapping[str, str], **further: str) -> None:
        """Let the session have what the toolkit was given, and what it proposed; the user can undo it."""
        session = self._workspace.session
        if session is None or folder != self._workspace.folder:
            return
        quant = session.quant
        for name, precision in layers.items():
            if name not in (*quant.float_tensors, *quant.int16_tensors):
                quant = quant.with_layer(name, (), precision)
        changes = {"quant": quant, **further}
        found = {name: value for name, value in changes.items() if getattr(session, name) != value}
        if found:
            self._workspace.change(**found)


def _saved(session: Session, folder: Path) -> None:
    """The .rknn lies in the session's folder, so there has to be a session."""
    if not is_session(folder):
        save_session(session, folder)


def _convert(session: Session, folder: Path, wanted: "Conversion") -> Steps[Path]:
    from workbench.project.toolkit.converting import convert

    _saved(session, folder)
    return (yield from computer.steps(convert, session, folder, wanted.toolkit, wanted.path))


def _mix(session: Session, folder: Path, wanted: "Mixture") -> Steps["HybridOutcome"]:
    from workbench.project.toolkit.hybrid import HybridWish, hybrid

    _saved(session, folder)
    wish = HybridWish(dict(wanted.layers), wanted.is_proposed, False, wanted.path)
    return (yield from computer.steps(hybrid, session, folder, wanted.toolkit, wish))

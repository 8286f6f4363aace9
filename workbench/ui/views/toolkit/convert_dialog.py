"""What becomes an .rknn, for which chip, and where it lands."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, SignalInstance
from PySide6.QtWidgets import QDialogButtonBox, QFormLayout, QWidget

from workbench.project.session import Session
from workbench.ui.dialogs import dialog_buttons
from workbench.ui.toolkit import Toolkits
from workbench.ui.views.toolkit.facts import TARGETS, facts, problems
from workbench.ui.views.toolkit.fitted import FittedDialog
from workbench.ui.views.toolkit.target_file import TargetFile
from workbench.ui.views.toolkit.toolkit_choice import ToolkitChoice
from workbench.ui.widgets import Choice, ElidedLabel, button, column, label, row

if TYPE_CHECKING:
    from workbench.sources.toolkit.descriptions import Toolkit

WIDTH = 600


@dataclass(frozen=True)
class Conversion:
    """The toolkit that converts, the chip, the file."""

    toolkit: "Toolkit"
    target: str
    path: Path


class ConvertDialog(FittedDialog):
    """`chosen` gives the `Conversion`."""

    chosen = Signal(object)
    settings_wanted = Signal()
    mixed_wanted = Signal()

    def __init__(self, parent: QWidget, toolkits: Toolkits, session: Session, folder: Path) -> None:
        super().__init__(parent, WIDTH)
        self.setWindowTitle(self.tr("Convert to .rknn"))
        self._session, self._folder = session, folder
        self.toolkit = ToolkitChoice(toolkits, session.toolkit)
        self.target = self._make_targets(session.quant.target)
        self.file = TargetFile(self._proposed())
        self.problem = label("", "bad", wrap=True)
        self.settings = button(self.tr("Change settings…"), "settings", lambda: self._leave(self.settings_wanted))
        self.mixed = button(self.tr("Mixed precision…"), "layers", lambda: self._leave(self.mixed_wanted))
        self.buttons = dialog_buttons(self, self.tr("Convert"))
        self._lay_out()
        self.target.currentTextChanged.connect(self._on_target_changed)
        self.toolkit.changed.connect(self._check)
        self.file.changed.connect(self._check)
        self.accepted.connect(self._choose)
        self._check()
        self.buttons.button(QDialogButtonBox.StandardButton.Ok).setFocus()

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setHorizontalSpacing(16)
        form.setVerticalSpacing(8)
        form.addRow(self.tr("Toolkit"), self.toolkit)
        form.addRow(self.tr("Target"), self.target)
        for title, value in facts(self._session):
            form.addRow(ElidedLabel(title, "muted"), ElidedLabel(value))
        form.addRow(ElidedLabel(self.tr("Single layers"), "muted"), ElidedLabel(self._layers()))
        form.addRow("", row(self.settings, self.mixed, None, spacing=4))
        form.addRow(self.tr("File"), self.file)
        layout = column(form, self.problem, None, self.buttons, spacing=16)
        self.fill(layout)

    def _make_targets(self, current: str) -> Choice:
        result = Choice()
        result.addItems([*TARGETS, *([] if current in TARGETS else [current])])
        result.setCurrentText(current)
        result.setAccessibleName(self.tr("Target"))
        return result

    def _layers(self) -> str:
        """How many go another way than the rest."""
        quant = self._session.quant
        count = len((*quant.float_tensors, *quant.int16_tensors)) if quant.type.is_quantized else 0
        if count == 0:
            return self.tr("none in another precision")
        return self.tr("{0} stay in float16 or int16 as in the settings; the toolkit quantizes in two steps").format(
            count
        )

    def _proposed(self) -> Path:
        quant = self._session.quant
        return self._folder / f"{self._session.model.stem}-{self.target.currentText()}-{quant.dtype}.rknn"

    def _on_target_changed(self) -> None:
        self.file.propose(self._proposed())
        self._check()

    def _check(self) -> None:
        found = list(problems(self._session, self.target.currentText()))
        self.problem.setText("\n".join(found))
        self.problem.setVisible(bool(found))
        self.fit_soon()
        is_ready = not found and self.toolkit.chosen is not None and self.file.path is not None
        self.buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(is_ready)

    def _leave(self, signal: SignalInstance) -> None:
        self.reject()
        signal.emit()

    def _choose(self) -> None:
        toolkit, path = self.toolkit.chosen, self.file.path
        if toolkit is not None and path is not None:
            self.chosen.emit(Conversion(toolkit, self.target.currentText(), path))

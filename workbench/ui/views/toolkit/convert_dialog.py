"""What becomes an .rknn, for which chip, and where it lands."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, SignalInstance
from PySide6.QtWidgets import QWidget

from workbench.project.session import Session
from workbench.ui.dialogs import dialog_buttons
from workbench.ui.toolkit import Toolkits
from workbench.ui.views.toolkit.facts import TARGETS, problems
from workbench.ui.views.toolkit.making_dialog import MakingDialog
from workbench.ui.widgets import Choice, ElidedLabel, button, column, row

if TYPE_CHECKING:
    from workbench.sources.toolkit.descriptions import Toolkit

WIDTH = 600


@dataclass(frozen=True)
class Conversion:
    """The toolkit that converts, the chip, the file."""

    toolkit: "Toolkit"
    target: str
    path: Path


class ConvertDialog(MakingDialog):
    """`chosen` gives the `Conversion`."""

    chosen = Signal(object)
    settings_wanted = Signal()
    mixed_wanted = Signal()

    def __init__(self, parent: QWidget, toolkits: Toolkits, session: Session, folder: Path) -> None:
        super().__init__(parent, WIDTH, toolkits, session, proposed(session, session.quant.target, folder))
        self.setWindowTitle(self.tr("Convert to .rknn"))
        self._folder = folder
        self.target = self._make_targets(session.quant.target)
        self.buttons = dialog_buttons(self, self.tr("Convert"))
        self.settings = button(self.tr("Change settings…"), "settings", lambda: self._leave(self.settings_wanted))
        self.mixed = button(self.tr("Mixed precision…"), "layers", lambda: self._leave(self.mixed_wanted))
        self._lay_out()
        self.target.currentTextChanged.connect(self._on_target_changed)
        self.begin()

    def _lay_out(self) -> None:
        form = self.form(self.target)
        form.addRow(ElidedLabel(self.tr("Single layers"), "muted"), ElidedLabel(self._layers()))
        form.addRow("", row(self.settings, self.mixed, None, spacing=4))
        form.addRow(self.tr("File"), self.file)
        self.fill(column(form, self.problem, None, self.buttons, spacing=16))

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

    def _on_target_changed(self) -> None:
        self.file.propose(proposed(self._session, self.target.currentText(), self._folder))
        self._check()

    def _check(self) -> None:
        self.tell(list(problems(self._session, self.target.currentText())), self.file.path is not None)

    def _leave(self, signal: SignalInstance) -> None:
        self.reject()
        signal.emit()

    def _choose(self) -> None:
        toolkit, path = self.toolkit.chosen, self.file.path
        if toolkit is not None and path is not None:
            self.chosen.emit(Conversion(toolkit, self.target.currentText(), path))


def proposed(session: Session, target: str, folder: Path) -> Path:
    """The file of a network as it is quantized for a chip."""
    return folder / f"{session.model.stem}-{target}-{session.quant.dtype}.rknn"

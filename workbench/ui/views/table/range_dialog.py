"""Asks for the range that a tensor's encoding holds."""

import math

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFormLayout, QLineEdit, QWidget

from workbench.compare.compare import LayerError
from workbench.ui.models.layer_facts import represented
from workbench.ui.numbers import number_text
from workbench.ui.precision import range_of, set_range
from workbench.ui.widgets import column, label
from workbench.ui.workspace import Workspace

WIDTH = 420


def ask_range(parent: QWidget, workspace: Workspace, row: LayerError) -> "RangeDialog":
    """Ask for the range of a row's tensor; an answer is computed at once."""
    dialog = RangeDialog(parent, workspace, row)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.open()
    return dialog


class RangeDialog(QDialog):
    """Two numbers, and a way back to what was calibrated."""

    def __init__(self, parent: QWidget, workspace: Workspace, row: LayerError) -> None:
        super().__init__(parent)
        self._workspace, self._row = workspace, row
        self.setWindowTitle(self.tr("Range of {0}").format(row.tensor))
        self.setMinimumWidth(WIDTH)
        given = range_of(workspace.session, row) if workspace.session else None
        stored = represented(row.encoding) if row.encoding is not None else None
        low, high = given or stored or (0.0, 1.0)
        self.low, self.high = (QLineEdit(number_text(float(f"{value:.6g}"))) for value in (low, high))
        form = QFormLayout()
        form.addRow(self.tr("Lowest value"), self.low)
        form.addRow(self.tr("Highest value"), self.high)
        story = self.tr("Values outside the range are cut off; a narrower range has finer steps.")
        self.buttons = QDialogButtonBox()
        kinds = QDialogButtonBox.ButtonRole
        self.compute = self.buttons.addButton(self.tr("Compute"), kinds.AcceptRole)
        self.compute.setProperty("primary", True)
        self.calibrated = self.buttons.addButton(self.tr("As calibrated"), kinds.ResetRole)
        self.calibrated.setEnabled(given is not None)
        self.buttons.addButton(QDialogButtonBox.StandardButton.Cancel).setText(self.tr("Cancel"))
        layout = column(label(story, "muted", wrap=True), form, self.buttons, spacing=16)
        layout.setContentsMargins(24, 24, 24, 16)
        self.setLayout(layout)
        self._connect()

    def values(self) -> tuple[float, float] | None:
        """What was typed; None where it is no range."""
        try:
            low, high = (float(edit.text().replace("−", "-").replace(",", ".")) for edit in (self.low, self.high))
        except ValueError:
            return None
        return (low, high) if -math.inf < low < high < math.inf else None

    def _connect(self) -> None:
        for edit in (self.low, self.high):
            edit.textChanged.connect(lambda: self.compute.setEnabled(self.values() is not None))
        self.accepted.connect(lambda: set_range(self._workspace, self._row, self.values()))
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        self.calibrated.clicked.connect(self._reset)

    def _reset(self) -> None:
        set_range(self._workspace, self._row, None)
        self.reject()

"""A slim bar that says what a what-if has changed, and lets the user keep or undo it."""

from PySide6.QtCore import Qt

from workbench.ui.models.table.changes import better_and_worse
from workbench.ui.precision import changed_layers, undo
from workbench.ui.running import Runner
from workbench.ui.views.bars import Bar
from workbench.ui.widgets import ElidedLabel, button, row
from workbench.ui.workspace import Workspace

NAMED = 3  # layers; the tool-tip has all


class WhatIfBar(Bar):
    """Shown while the results of a what-if stand beside those before it."""

    def __init__(self, workspace: Workspace, runner: Runner) -> None:
        super().__init__()
        self._workspace = workspace
        self.text = ElidedLabel("", "", Qt.TextElideMode.ElideRight)
        self.undo_button = button(self.tr("Undo"), "", lambda: undo(workspace))
        self.undo_button.setToolTip(self.tr("Go back to the settings before; nothing has to be computed"))
        self.keep_button = button(self.tr("Keep"), "", runner.keep)
        self.keep_button.setToolTip(
            self.tr("The next change is compared with these values; the old ones are forgotten")
        )
        layout = row(self.icon, self.text, None, self.undo_button, self.keep_button)
        layout.setContentsMargins(8, 3, 8, 4)
        self.setLayout(layout)
        self.set_colour("accent", "info")
        for signal in (workspace.results_changed, workspace.colouring_changed):
            signal.connect(self._show)
        self._show()

    def _show(self) -> None:
        results = self._workspace.results
        if results is None or results.before is None:
            self.hide()
            return
        names = changed_layers(self._workspace)
        layers = ", ".join(names[:NAMED]) + (", …" if len(names) > NAMED else "")
        better, worse = better_and_worse(results, self._workspace.column, self._workspace.error_metric)
        text = self.tr("What if: {0} changed. Layers by {1}: {2} better, {3} worse.")
        self.text.set_text(text.format(layers, self._workspace.error_metric, better, worse), "\n".join(names))
        self.show()

"""What would change a session is grey as long as another program has it, and says so."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from workbench.ui.actions import WHY, offer
from workbench.ui.workspace import Workspace

if TYPE_CHECKING:
    from workbench.ui.main_window import MainWindow

EXPLICITLY = Qt.WidgetAttribute.WA_ForceDisabled


class Guard(QObject):
    """Keeps actions and widgets grey while the session is only looked at, whoever else would offer them."""

    def __init__(self, workspace: Workspace, actions: Sequence[QAction], widgets: Sequence[QWidget]) -> None:
        super().__init__(workspace)
        self._workspace, self._access = workspace, workspace.access
        self._actions, self._widgets = actions, widgets
        self._greyed: dict[QAction, str] = {}
        """The actions that are grey for this reason, and how it was told."""
        self._tips: dict[QWidget, str] = {}
        """The widgets that are grey for this reason, and their own tool-tips."""
        for action in actions:
            action.enabledChanged.connect(lambda _, action=action: self._keep_action(action))
        for widget in widgets:
            widget.installEventFilter(self)
        self._access.changed.connect(self._on_changed)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.EnabledChange, QEvent.Type.ToolTipChange) and isinstance(watched, QWidget):
            self._keep_widget(watched)
        return False

    def _on_changed(self) -> None:
        if self._access.is_read_only:
            for action in self._actions:
                self._keep_action(action)
            for widget in self._widgets:
                self._keep_widget(widget)
        else:
            self._free()

    def _keep_action(self, action: QAction) -> None:
        if self._access.is_read_only and action.isEnabled():
            self._greyed[action] = self._access.why
            offer(action, False, self._access.why)

    def _keep_widget(self, widget: QWidget) -> None:
        if not self._access.is_read_only or (widget.testAttribute(EXPLICITLY) and widget not in self._tips):
            return
        if widget.toolTip() != self._access.why:
            self._tips[widget] = widget.toolTip()
            widget.setToolTip(self._access.why)
        widget.setEnabled(False)

    def _free(self) -> None:
        """Offer again what was greyed here; whoever knows better says so when it is told that all may have changed."""
        for action, why in self._greyed.items():
            if action.property(WHY) == why:  # else it is grey for another reason by now
                offer(action, True, "")
        for widget, tip in self._tips.items():
            widget.setToolTip(tip)
            widget.setEnabled(True)
        if self._greyed or self._tips:
            QTimer.singleShot(0, self, self._workspace.session_changed.emit)
        self._greyed.clear()
        self._tips.clear()


def guard(window: "MainWindow") -> Guard:
    """Keep what changes a session in all views of a window."""
    actions, settings, studies = window.actions_, window.settings_panel, window.studies
    changing = (
        actions.save, actions.run, actions.add_inputs, actions.import_dumps, actions.import_plan, actions.drop_plan,
        actions.undo, actions.redo, actions.diagnose,
    )  # fmt: skip
    widgets = (
        window.toolbar.run_button, window.stale_bar.run_button, window.what_if_bar.keep_button,
        window.what_if_bar.undo_button, window.diagnoses.findings.begin, window.diagnoses.findings.back,
        window.diagnoses.blame.measure, studies.sweep.begin, studies.sweep.use_button, studies.accuracy.begin,
        settings.inputs.use_inputs, settings.preprocess, settings.quantization, settings.toolkit, settings.board,
        *window.inspector.precision.buttons(),
    )  # fmt: skip
    return Guard(window.workspace, changing, widgets)

"""The selected tensor in all sources, and what of it is looked at."""

import importlib
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QSizePolicy, QStackedWidget, QWidget

from workbench.ui import theme
from workbench.ui.jobs import JobPool
from workbench.ui.models.tensor_data import Cut, Planes
from workbench.ui.models.tensor_summary import Element, Summary
from workbench.ui.views.tensor_controls import TensorControls
from workbench.ui.views.tensor_loader import Choice, TensorLoader
from workbench.ui.views.tensor_texts import readout
from workbench.ui.widgets import column, digits, label, rule
from workbench.ui.workspace import Workspace

if TYPE_CHECKING:
    from workbench.ui.views.tensor_views import TensorViews

PAUSE_MS = 50
VIEWS = "workbench.ui.views.tensor_views"
KEYS = {"1": "golden", "2": "simulator", "3": "runtime", "4": "difference", "D": "difference"}


class TensorPanes(QWidget):
    """Follows the workspace's selection. The plotting library is loaded when the first tensor is shown."""

    def __init__(self, workspace: Workspace, jobs: JobPool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.workspace, self._jobs = workspace, jobs
        self._choice = Choice()
        self._other, self._central = "simulator", False
        self._tensor = ""
        self._planes: Planes | None = None
        self.summary: Summary | None = None
        self._warm = False
        self.views: TensorViews | None = None
        self.controls = TensorControls()
        self.message = label("", "muted", wrap=True)
        self.message.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.readout = label("", "muted")
        self.readout.setTextFormat(Qt.TextFormat.RichText)
        self.readout.setFont(digits(self.readout.font()))
        self.readout.setContentsMargins(8, 2, 8, 4)
        self.readout.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)  # a long one moves nothing
        self.readout.setFixedHeight(self.readout.fontMetrics().height() + 8)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.message)
        layout = column(self.controls, rule(), self.stack, self.readout, spacing=0)
        layout.setStretch(2, 1)
        self.setLayout(layout)
        self.setProperty("role", "surface")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._loader = TensorLoader(workspace, jobs, self)
        self._connect()
        self._on_results_changed()

    def enlarge(self, source: str) -> None:
        """Let one pane fill the row, or bring the others back."""
        if self.views is not None and self._planes is not None:
            self.views.enlarge(source)
            self.controls.views.button(0).setChecked(True)
            self._back.setEnabled(bool(self.views.row.enlarged))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self._warm:  # before the first tensor is there, in a step of its own
            self._warm = True
            self._jobs.ask("tensors.library", lambda: importlib.import_module(VIEWS), lambda _: self._make_ready())

    def _connect(self) -> None:
        workspace, controls, loader = self.workspace, self.controls, self._loader
        workspace.selection_changed.connect(self._on_selection_changed)
        workspace.results_changed.connect(self._on_results_changed)
        workspace.colouring_changed.connect(self._on_colouring_changed)
        workspace.session_changed.connect(lambda: self.message.setText(self._lead()) if self._planes is None else None)
        theme.changes.changed.connect(self._on_theme_changed)
        loader.planes_read.connect(self._on_planes_read)
        loader.summary_ready.connect(self._on_summary_ready)
        loader.failed.connect(self._on_failed)
        controls.view_chosen.connect(self._on_view_chosen)
        controls.single_chosen.connect(lambda single: self._read(replace(self._choice, single=single)))
        controls.sample_chosen.connect(workspace.set_sample)
        controls.channel_chosen.connect(self._on_channel_chosen)
        controls.last_chosen.connect(lambda last: self._read(replace(self._choice, channel=None, last=last)))
        controls.worst_requested.connect(self._on_worst_requested)
        controls.central_chosen.connect(self._on_central_chosen)
        for key, source in KEYS.items():
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.activated.connect(lambda source=source: self.enlarge(source))
        self._back = QShortcut(QKeySequence(Qt.Key.Key_Escape), self)
        self._back.setEnabled(False)  # Esc means other things while no pane is enlarged
        self._back.activated.connect(lambda: self.enlarge(self.views.row.enlarged if self.views else ""))

    def _on_results_changed(self) -> None:
        self._loader.close_files()
        dumps = self.workspace.results.dumps if self.workspace.results else {}
        two = bool(dumps.get("simulator_single")) and bool(dumps.get("simulator"))
        self._choice = replace(self._choice, single=self._choice.single and two)
        self.controls.show_mode(self._choice.single, two)
        self._on_selection_changed()

    def _on_selection_changed(self) -> None:
        dumps = self.workspace.results.dumps if self.workspace.results else {}
        count = max((len(paths) for paths in dumps.values()), default=0)
        names = [self.tr("Input {0}").format(number + 1) for number in range(count)]
        self.controls.show_samples(names, self.workspace.sample)
        self._on_colouring_changed()
        another, self._tensor = self.workspace.selected != self._tensor, self.workspace.selected
        channel = None if another else self._choice.channel  # another tensor begins with its worst channel
        self._read(replace(self._choice, channel=channel, last=None, other=self._other))

    def _on_channel_chosen(self, channel: int) -> None:
        self._read(replace(self._choice, channel=channel))

    def _on_element_chosen(self, element: Element) -> None:
        self._on_channel_chosen(element.channel)

    def _on_worst_requested(self) -> None:
        difference = self.summary.differences.get(self._other) if self.summary else None
        if difference is not None:
            self._on_channel_chosen(difference.worst_channel)

    def _on_central_chosen(self, central: bool) -> None:
        self._central = central
        self._draw()

    def _on_other_chosen(self, source: str) -> None:
        if source != self._other:
            self._other = source
            self._draw()

    def _on_colouring_changed(self) -> None:
        """The difference is that of the source that the graph is coloured by."""
        self._on_other_chosen(self.workspace.column.split(".")[0])

    def _on_theme_changed(self) -> None:
        if self.views is not None:
            self.views.recolour()

    def _on_view_chosen(self, number: int) -> None:
        if self.views is not None:
            self.views.setCurrentIndex(number)

    def _read(self, choice: Choice) -> None:
        self._choice = choice
        if self._loader.read(choice):
            return
        self._show_nothing(self._lead())

    def _lead(self) -> str:
        """What to do in order to see tensors."""
        session = self.workspace.session
        if self.workspace.results is not None:
            return self.tr("Select a layer to see its tensors.")
        if session is not None and not session.samples:
            return self.tr("Add inputs in the Settings tab, then run the analysis to see tensors.")
        return self.tr("Run the analysis to see tensors.")

    def _on_planes_read(self, planes: Planes, another: bool) -> None:
        if another:
            self.summary = None
        if not planes.values:
            self._show_nothing(" ".join(dict.fromkeys(planes.missing.values())))
            return
        self._planes = planes
        self._choice = replace(self._choice, channel=planes.channel)
        self.controls.setEnabled(True)
        self.controls.show_cut(planes.cut, planes.channel)
        self.readout.setText("")
        self._draw()

    def _on_summary_ready(self, summary: Summary) -> None:
        self.summary = summary
        self._draw()

    def _on_failed(self, error: BaseException) -> None:
        self._show_nothing(str(error))

    def _on_pointed(self, position: tuple[int, ...] | None) -> None:
        if self._planes is None or position is None:
            self.readout.setText("")
        else:
            self.readout.setText(readout(self._planes, position, self._pair))

    @property
    def _pair(self) -> tuple[str, str]:
        return self._other, "golden"

    def _draw(self) -> None:
        if self._planes is None:
            return
        others = [source for source in self._planes.values if source != "golden"]
        if self._other not in others and others:
            self._other = others[0]
        self.controls.show_worst(self.summary is not None and self._other in self.summary.differences)
        views = self._made_views()
        views.show_tensor(self._planes, self.summary, self._pair, self._central)
        self.stack.setCurrentWidget(views)

    def _make_ready(self) -> None:
        """Make the views before they are needed, in steps of some 20 ms."""
        steps = (self._made_views, lambda: self._made_views().histograms, lambda: self._made_views().values)
        for number, step in enumerate(steps, 1):
            QTimer.singleShot(number * PAUSE_MS, self, step)

    def _made_views(self) -> "TensorViews":
        if self.views is None:
            from workbench.ui.views.tensor_views import TensorViews  # the plotting library takes half a second

            self.views = TensorViews()
            self.views.pointed.connect(self._on_pointed)
            self.views.element_chosen.connect(self._on_element_chosen)
            self.views.other_chosen.connect(self._on_other_chosen)
            self.views.import_requested.connect(lambda: self.workspace.import_wanted.emit("runtime"))
            self.views.setCurrentIndex(self.controls.views.checkedId())
            self.stack.addWidget(self.views)
        return self.views

    def _show_nothing(self, reason: str) -> None:
        self._planes = self.summary = None
        self.controls.setEnabled(False)
        self.controls.show_cut(Cut((1,)), 0)
        self.message.setText(reason)
        self.stack.setCurrentWidget(self.message)
        self.readout.setText("")

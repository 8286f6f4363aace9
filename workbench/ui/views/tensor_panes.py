"""The selected tensor in all sources: heatmaps side by side, histograms, values."""

import importlib
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from workbench.ui import theme
from workbench.ui.jobs import JobPool
from workbench.ui.models.tensor_data import Planes
from workbench.ui.models.tensor_summary import Element, Summary
from workbench.ui.views.tensor_controls import TensorControls
from workbench.ui.views.tensor_loader import Choice, TensorLoader
from workbench.ui.views.tensor_texts import readout
from workbench.ui.views.values_pane import ValuesPane
from workbench.ui.widgets import column, digits, label, rule
from workbench.ui.workspace import Workspace

if TYPE_CHECKING:
    from workbench.ui.views.histogram_pane import HistogramPane
    from workbench.ui.views.pane_row import PaneRow

KEYS = {"1": "golden", "2": "simulator", "3": "runtime", "4": "difference", "D": "difference"}


class TensorPanes(QWidget):
    """Follows the workspace's selection. The plotting library is loaded when the first tensor is shown."""

    import_requested = Signal()
    """The user wants to bring in the board's dumps."""

    def __init__(self, workspace: Workspace, jobs: JobPool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workspace, self._jobs = workspace, jobs
        self._choice = Choice()
        self._central = False
        self._planes: Planes | None = None
        self._summary: Summary | None = None
        self._other = "simulator"
        self._warm = False
        self.row: PaneRow | None = None
        self.histograms: HistogramPane | None = None
        self.values: ValuesPane | None = None
        self.controls = TensorControls()
        self.message = label("", "muted", wrap=True)
        self.message.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.readout = label("", "muted")
        self.readout.setTextFormat(Qt.TextFormat.RichText)
        self.readout.setFont(digits(self.readout.font()))
        self.readout.setContentsMargins(8, 2, 8, 4)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.message)
        self.setLayout(column(self.controls, rule(), self.stack, self.readout, spacing=0))
        self._loader = TensorLoader(workspace, jobs, self)
        self._connect()
        self._on_results_changed()

    def enlarge(self, source: str) -> None:
        """Let one pane fill the row, or bring the others back."""
        if self.row is not None and self._planes is not None:
            self._show_view(0)
            self.row.enlarge(source)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self._warm:  # half a second that nobody needs to wait for later
            self._warm = True
            self._jobs.ask("tensors.library", lambda: importlib.import_module("pyqtgraph"), lambda _: None)

    def _connect(self) -> None:
        workspace, controls, loader = self._workspace, self.controls, self._loader
        workspace.selection_changed.connect(self._on_selection_changed)
        workspace.results_changed.connect(self._on_results_changed)
        workspace.colouring_changed.connect(self._on_colouring_changed)
        theme.changes.changed.connect(self._on_theme_changed)
        loader.planes_read.connect(self._on_planes_read)
        loader.summary_ready.connect(self._on_summary_ready)
        loader.failed.connect(self._on_failed)
        controls.view_chosen.connect(self._show_view)
        controls.single_chosen.connect(self._on_single_chosen)
        controls.sample_chosen.connect(workspace.set_sample)
        controls.channel_chosen.connect(self._on_channel_chosen)
        controls.worst_requested.connect(self._on_worst_requested)
        controls.last_chosen.connect(self._on_last_chosen)
        controls.central_chosen.connect(self._on_central_chosen)
        controls.other_chosen.connect(self._on_other_chosen)
        for key, source in KEYS.items():
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.activated.connect(lambda source=source: self.enlarge(source))

    def _on_results_changed(self) -> None:
        self._loader.close_files()
        dumps = self._workspace.results.dumps if self._workspace.results else {}
        count = max((len(paths) for paths in dumps.values()), default=0)
        self.controls.show_samples([self.tr("Input {0}").format(number + 1) for number in range(count)], self._workspace.sample)
        if not dumps.get("simulator_single"):
            self._choice = Choice(last=self._choice.last)
        self.controls.show_mode(self._choice.single, bool(dumps.get("simulator_single")))
        self._on_selection_changed()

    def _on_selection_changed(self) -> None:
        self.controls.show_samples([self.controls.samples.itemText(n) for n in range(self.controls.samples.count())], self._workspace.sample)
        self._on_colouring_changed()
        self._read(Choice(self._choice.channel, self._choice.single))

    def _on_single_chosen(self, single: bool) -> None:
        self._read(Choice(self._choice.channel, single, self._choice.last))

    def _on_channel_chosen(self, channel: int) -> None:
        self._read(Choice(channel, self._choice.single, self._choice.last))

    def _on_last_chosen(self, last: bool) -> None:
        self._read(Choice(0, self._choice.single, last))

    def _on_central_chosen(self, central: bool) -> None:
        self._central = central
        self._draw()

    def _on_other_chosen(self, source: str) -> None:
        self._other = source
        self._draw()

    def _on_worst_requested(self) -> None:
        difference = self._summary.differences.get(self._pair[0]) if self._summary else None
        if difference is not None:
            self._on_channel_chosen(difference.worst_channel)

    def _on_element_chosen(self, element: Element) -> None:
        self._on_channel_chosen(element.channel)

    def _on_colouring_changed(self) -> None:
        """The difference is that of the source that the graph is coloured by."""
        source = self._workspace.column.split(".")[0]
        if source != self._other:
            self._on_other_chosen(source)

    def _on_theme_changed(self) -> None:
        if self.row is not None:
            self.row.recolour()
        self._draw()

    def _read(self, choice: Choice) -> None:
        self._choice = choice
        if not self._loader.read(choice):
            self._planes = self._summary = None
            self._say(self.tr("Select a layer to see its tensors.") if self._workspace.results else self.tr("Run the analysis to see tensors."))

    def _on_planes_read(self, planes: Planes) -> None:
        if self._planes is None or planes.cut != self._planes.cut:
            self._summary = None
        self._planes = planes
        self._choice = Choice(planes.channel, self._choice.single, self._choice.last)
        self.controls.show_cut(planes.cut, planes.channel)
        self.controls.show_others([source for source in planes.values if source != "golden"], self._pair[0])
        if not planes.values:
            self._say(" ".join(dict.fromkeys(planes.missing.values())))
            return
        self._prepare()
        self._show_view(self.controls.views.checkedId())
        self._draw()

    def _on_summary_ready(self, summary: Summary) -> None:
        self._summary = summary
        self._draw_summary()

    def _on_failed(self, error: BaseException) -> None:
        self._planes = self._summary = None
        self._say(str(error))

"""Weights, biases and other constants of the selected layer: their channels' ranges, distribution and values."""

import math

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QStackedWidget,
    QToolButton,
    QWidget,
)

from workbench.quantize.plan import Plan
from workbench.ui.jobs import JobPool
from workbench.ui.models.spoken import spoken
from workbench.ui.models.tensors.layer_constants import Constant, ConstantFacts, constants, ends_of, examine, plan_of
from workbench.ui.numbers import range_text, real_text
from workbench.ui.precision import has_precision, precision_of
from workbench.ui.reading import with_network
from workbench.ui.views.tensors.channels_pane import UNBALANCED
from workbench.ui.views.tensors.colour_tables import colour_table
from workbench.ui.views.tensors.constants_list import FIGURES, ConstantsList
from workbench.ui.views.tensors.heatmap import Heatmap
from workbench.ui.views.tensors.histogram_pane import Outlines
from workbench.ui.views.tensors.ranges_plot import RangesPlot
from workbench.ui.widgets import ElidedLabel, Splitter, column, digits, label, row
from workbench.ui.workspace import Workspace

QUESTION, ENDS = "tensors.constant", "tensors.constants.ends"
RANGES, HISTOGRAM, VALUES = range(3)
ROOMY = 800
STRETCHES = 2, 3  # the list, and what is shown of one constant


class ConstantsPane(QWidget):
    """Follows the workspace's selection; needs no results, only a network."""

    read_out = Signal(str)
    """What is under the pointer; "" is nothing."""

    def __init__(self, workspace: Workspace, jobs: JobPool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workspace, self._jobs = workspace, jobs
        self._constants: tuple[Constant, ...] = ()
        self._subject: object = None
        self._holds_integers = False
        self.facts: ConstantFacts | None = None
        self.list = ConstantsList()
        self.ranges, self.histogram, self.heatmap = RangesPlot(), Outlines(), Heatmap()
        self.ranges.setAccessibleName(self.tr("Ranges of the output channels"))
        self.histogram.setAccessibleName(self.tr("Histogram of the constant"))
        self.heatmap.setAccessibleName(self.tr("Values of the constant"))
        self.pages = QStackedWidget()
        for page in (self.ranges, self.histogram, self.heatmap):
            self.pages.addWidget(page)
        self.kinds = self._kinds()
        self.sorted = QCheckBox(self.tr("sorted"))
        self.told, self.which = (ElidedLabel("", "muted", Qt.TextElideMode.ElideRight) for _ in range(2))
        self.told.setFont(digits(self.told.font()))
        self.message = label("", "muted", wrap=True)
        self.message.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._arrange()
        self._connect()

    def recolour(self) -> None:
        """Take the theme's colours."""
        self.ranges.recolour()
        self.histogram.recolour()
        self.heatmap.recolour()
        if self.facts is not None:
            self._show_facts(self.facts)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.list.set_narrow(self.width() < ROOMY)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._on_changed()

    def _kinds(self) -> QButtonGroup:
        group = QButtonGroup(self)
        for number, text in enumerate((self.tr("Ranges"), self.tr("Histogram"), self.tr("Values"))):
            button = QToolButton()
            button.setText(text)
            button.setAccessibleName(text)
            button.setCheckable(True)
            group.addButton(button, number)
        group.button(RANGES).setChecked(True)
        return group

    def _arrange(self) -> None:
        head = row(*self.kinds.buttons(), self.sorted, None, spacing=2)
        right, left = QWidget(), QWidget()
        right.setLayout(column(head, self.told, self.pages, spacing=3))
        right.layout().setStretch(2, 1)  # type: ignore[union-attr]
        left.setLayout(column(self.which, self.list, spacing=4))
        self._content = Splitter(Qt.Orientation.Horizontal)
        self._content.addWidget(left)
        self._content.addWidget(right)
        for place, stretch in enumerate(STRETCHES):
            self._content.setStretchFactor(place, stretch)
        self._content.setSizes([1000 * stretch for stretch in STRETCHES])
        self._stack = QStackedWidget()
        self._stack.addWidget(self.message)
        self._stack.addWidget(self._content)
        layout = column(self._stack)
        layout.setContentsMargins(8, 4, 8, 4)
        self.setLayout(layout)

    def _connect(self) -> None:
        workspace = self._workspace
        for signal in (workspace.selection_changed, workspace.results_changed, workspace.session_changed):
            signal.connect(self._on_changed)
        self.kinds.idClicked.connect(self._on_kind_chosen)
        self.sorted.toggled.connect(self.ranges.set_sorted)
        self.list.itemSelectionChanged.connect(self._ask)
        self.ranges.hovered.connect(lambda point: self.read_out.emit(self.ranges.text_at(point)))
        self.histogram.hovered.connect(
            lambda point: self.read_out.emit(self.histogram.bin_text(point.x()) if point else "")
        )
        self.heatmap.pointed.connect(self._on_pointed)

    def _on_changed(self) -> None:
        if not self.isVisible():
            return
        workspace = self._workspace
        quant = workspace.session.quant if workspace.session is not None else None
        subject = (workspace.model, workspace.selected, quant)
        if subject == self._subject:
            return
        self._subject = subject
        graph = workspace.model.graph if workspace.model is not None else None
        self._constants = constants(graph, workspace.layers_of(workspace.selected)) if graph is not None else ()
        self._stack.setCurrentWidget(self._content if self._constants else self.message)
        self.message.setText(self._lead())
        self._fill()

    def _lead(self) -> str:
        if self._workspace.model is None:
            return self.tr("Open a network to see its weights.")
        if not self._workspace.selected:
            return self.tr("Select a layer to see its weights.")
        if not self._workspace.model.is_onnx:
            return self.tr("Weights can be seen of ONNX networks only.")
        return self.tr("This layer has no weights or other constants. Layers like Conv and MatMul have.")

    def _fill(self) -> None:
        session, found = self._workspace.session, self._constants
        self.list.show_constants(found)
        if session is None or not found:
            self._jobs.forget(ENDS)
            return
        args = session.model, session.shapes, ends_of, found
        self._jobs.ask_process(ENDS, with_network, args, self.list.show_ends, self._on_failed)
        self._ask()

    def _ask(self) -> None:
        constant, session = self.list.chosen(), self._workspace.session
        if constant is None or session is None:
            return
        self._holds_integers = constant.is_stored
        self._tell_which(constant)
        args = session.model, session.shapes, examine, constant, self._plan(constant)
        self._jobs.ask_process(QUESTION, with_network, args, self._on_examined, self._on_failed)

    def _plan(self, constant: Constant) -> Plan | None:
        """How the settings encode a weight; None where they do not, or where a plan of its own says otherwise."""
        session, chosen = self._workspace.session, self._workspace.row(self._workspace.selected)
        if session is None or session.plan is not None or chosen is None or not has_precision(chosen):
            return None
        has_folded = constant.folded is None and any(item.folded is not None for item in self._constants)
        return None if has_folded else plan_of(session.quant, precision_of(session, chosen), constant)

    def _tell_which(self, constant: Constant) -> None:
        if constant.folded is not None:
            text = self.tr("as deployed: BatchNorm folded in")
            tip = self.tr("The network's own weights times the factors of {0}.").format(constant.folded.name)
        elif constant.is_stored:
            text = self.tr("the network's own integers")
            tip = self.tr("The network brings its own quantization: these are the integers that it stores.")
        else:
            text = self.tr("the network's own values")
            tip = self.tr("As they stand in the network's file: nothing is folded into them, nothing is quantised.")
        self.which.set_text(text, tip)

    def _on_examined(self, facts: ConstantFacts | None) -> None:
        self.facts = facts
        if facts is None:
            self.told.set_text(self.tr("It holds no numbers."))
        else:
            self._show_facts(facts)

    def _on_failed(self, error: BaseException) -> None:
        self.facts = None
        self.told.set_text(spoken(str(error)))

    def _show_facts(self, facts: ConstantFacts) -> None:
        has_channels = facts.moments.low.size > 1
        self.kinds.button(RANGES).setEnabled(has_channels)
        wanted = self.kinds.checkedId()
        shown = HISTOGRAM if wanted == RANGES and not has_channels else wanted
        self.pages.setCurrentIndex(shown)
        self.sorted.setVisible(shown == RANGES)
        self.ranges.show_ranges(facts)
        self.histogram.clear()
        self.histogram.show_histograms({"accent": facts.histogram}, False, str)
        self.histogram.mark(facts.grid)
        image = np.ascontiguousarray(facts.image.T) if facts.is_vector else facts.image  # beside each other
        self.heatmap.show_plane(image, colour_table(True), is_spatial=False)
        self._tell()

    def _on_kind_chosen(self, number: int) -> None:
        self.pages.setCurrentIndex(number)
        self.sorted.setVisible(number == RANGES)

    def _tell(self) -> None:
        """What there is to know about the whole constant."""
        if self.facts is None:
            self.told.set_text("")
            return
        numbers = self.facts.moments.statistics()
        shorter: tuple[str, ...] = ()
        parts = [range_text(numbers["min"], numbers["max"], FIGURES)]
        factor, tip = math.nan if self._holds_integers else self.facts.imbalance, ""
        if not math.isnan(factor):
            mark = "▲ " if factor >= UNBALANCED else ""
            parts.append(mark + self.tr("widest channel {0} × the narrowest").format(f"{factor:.3g}"))
            shorter = parts[1], f"{mark}× {factor:.3g}"
            tip = self.tr("With one scale for the whole layer the narrowest channel has {0} bits less.").format(
                f"{math.log2(factor):.1f}"
            )
        self.told.set_text(",  ".join(parts), tip, shorter)

    def _on_pointed(self, position: tuple[int, int] | None) -> None:
        facts = self.facts
        if position is None or facts is None:
            self.read_out.emit("")
            return
        channel, at = position[::-1] if facts.is_vector else position
        inside = ", ".join(str(int(i)) for i in np.unravel_index(at * facts.step, facts.rest)) if facts.rest else ""
        value = real_text(float(facts.values[channel, at]))
        place = self.tr("channel {0}").format(channel) if facts.moments.low.size > 1 else ""
        self.read_out.emit(f"{place} [{inside}]  {value}".strip())

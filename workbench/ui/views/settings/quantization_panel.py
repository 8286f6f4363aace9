"""Data type, method, algorithm, target, tensors in float16; what does not exist is grey and says why."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import QComboBox, QFormLayout, QListWidget, QListWidgetItem, QWidget

from workbench.project.session import SIMULATORS
from workbench.quantize.platforms import CHIPS, TARGETS, algorithms_of, chips_with, finest_method, methods_of, refusal
from workbench.quantize.schemes import ALGORITHMS, DTYPES, FLOAT16, METHODS, QuantSettings
from workbench.ui.models.spoken import sentences
from workbench.ui.simulating import Simulators
from workbench.ui.text_size import pixels
from workbench.ui.tips import plain_tip
from workbench.ui.widgets import Choice, button, column, label, row, set_role, tool
from workbench.ui.workspace import Workspace

FURTHER_ALGORITHMS = ("gdq",)  # the vendor's
LEVELS = (3, 2, 1, 0)
LIST_ROW, SHOWN_ROWS = 22, 6
INT16_MARK = " · int16"


class QuantizationPanel(QWidget):
    """Edits the session's quantization."""

    setup_wanted = Signal()
    """The vendor's toolkit is to be set up."""

    def __init__(self, workspace: Workspace, simulators: Simulators) -> None:
        super().__init__()
        self._workspace, self._simulators = workspace, simulators
        self.simulator = Choice()
        for name in SIMULATORS:
            self.simulator.addItem(simulators.title(name), name)
        self.simulator.setAccessibleName(self.tr("Simulator"))
        self.simulator.activated.connect(lambda: simulators.choose(str(self.simulator.currentData())))
        self.story = label("", "muted", wrap=True)
        self.setup = button(self.tr("Set up toolkit…"), "chip", self.setup_wanted.emit)
        self.dtype = self._combo(DTYPES)
        self.method = self._combo(METHODS)
        self.algorithm = self._combo((*ALGORITHMS, *FURTHER_ALGORITHMS))
        self.target = self._combo(TARGETS)
        self.level = self._combo([str(level) for level in LEVELS])
        self.float_list = QListWidget()
        self.float_list.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.float_list.setAccessibleName(self.tr("Layers in float16 or int16"))
        self.keep = button(self.tr("Keep the selected layer in float16"), "add", self._keep_selected)
        self.drop = tool("remove", self.tr("Remove from the list"), self._drop_current)
        self.no_float = label(self.tr("none: all layers are quantized"), "muted")
        self.setLayout(column(self._make_form(), self._make_float_tensors()))
        workspace.session_changed.connect(self._show)
        workspace.selection_changed.connect(self._show_buttons)
        simulators.changed.connect(self._show_simulator)
        self._show()
        self._show_simulator()

    def _make_form(self) -> QFormLayout:
        form = QFormLayout()
        form.setContentsMargins(0, 0, 0, 0)
        form.setHorizontalSpacing(16)
        form.setVerticalSpacing(8)
        form.addRow(self.tr("Simulator"), self.simulator)
        form.addRow("", column(self.story, row(self.setup, None), spacing=4))
        form.addRow(self.tr("Target"), self.target)
        form.addRow(self.tr("Data type"), self.dtype)
        form.addRow(self.tr("Method"), self.method)
        form.addRow(self.tr("Algorithm"), self.algorithm)
        form.addRow(self.tr("Optimization level"), self.level)
        return form

    def _make_float_tensors(self) -> QWidget:
        self._float_part = QWidget()
        head = row(label(self.tr("Layers in float16 or int16"), "title"), None, self.drop)
        layout = column(head, self.no_float, self.float_list, row(self.keep, None))
        layout.setContentsMargins(0, 8, 0, 0)
        self._float_part.setLayout(layout)
        return self._float_part

    def _combo(self, names: Sequence[str]) -> QComboBox:
        combo = Choice()
        combo.addItems(list(names))
        combo.activated.connect(lambda: self._on_chosen())
        return combo

    def _on_chosen(self) -> None:
        session = self._workspace.session
        if session is not None:
            settings = replace(
                session.quant, dtype=self.dtype.currentText(), method=self.method.currentText(),
                algorithm=self.algorithm.currentText(), target=self.target.currentText(),
                optimization_level=int(self.level.currentText()),
            )  # fmt: skip
            self._workspace.change(quant=fitting(settings))

    def _keep_selected(self) -> None:
        session, tensor = self._workspace.session, self._workspace.selected
        if session is not None and tensor and tensor not in session.quant.float_tensors:
            self._workspace.change(quant=session.quant.with_layer(tensor, (), FLOAT16))

    def _drop_current(self) -> None:
        session, at = self._workspace.session, self.float_list.currentRow()
        if session is not None and at >= 0:
            name = self.float_list.item(at).data(Qt.ItemDataRole.UserRole)
            self._workspace.change(quant=session.quant.with_layer(name, (), session.quant.type.activations))

    def _show(self) -> None:
        settings = self._workspace.session.quant if self._workspace.session else QuantSettings()
        shown = (
            (self.dtype, settings.dtype), (self.method, settings.method), (self.algorithm, settings.algorithm),
            (self.target, settings.target), (self.level, str(settings.optimization_level)),
        )  # fmt: skip
        for combo, text in shown:
            combo.setCurrentText(text)
        self._grey_out(settings)
        count = self._show_tensors(settings)
        self.float_list.setFixedHeight(pixels(LIST_ROW) * min(count, SHOWN_ROWS) + 4)
        self.float_list.setVisible(count > 0)
        self.no_float.setVisible(count == 0)
        self._show_buttons()

    def _show_simulator(self) -> None:
        """The choice, and below it what it does or what is missing."""
        self.simulator.setCurrentIndex(self.simulator.findData(self._simulators.chosen))
        why = sentences(*self._simulators.missing(self._simulators.chosen))
        self.story.setText(why or self._simulators.story(self._simulators.chosen))
        set_role(self.story, "warning" if why else "muted")
        self.setup.setVisible(self._simulators.chosen == "toolkit" and self._simulators.lacks_toolkit)
        model = self.simulator.model()
        assert isinstance(model, QStandardItemModel)
        for at, name in enumerate(SIMULATORS):  # what cannot run may be chosen: the text below leads on
            told = sentences(*self._simulators.missing(name)) or self._simulators.story(name)
            model.item(at).setToolTip(plain_tip(told))

    def _show_tensors(self, settings: QuantSettings) -> int:
        """List what is kept in float16 or int16; gives how many there are."""
        names = {name: name for name in settings.float_tensors}
        names |= {name + INT16_MARK: name for name in settings.int16_tensors}
        if [self.float_list.item(at).text() for at in range(self.float_list.count())] != list(names):
            self.float_list.clear()
            for text, name in names.items():
                item = QListWidgetItem(text, self.float_list)
                item.setData(Qt.ItemDataRole.UserRole, name)
        return len(names)

    def _show_buttons(self) -> None:
        session = self._workspace.session
        kept = (*session.quant.float_tensors, *session.quant.int16_tensors) if session else ()
        self._float_part.setEnabled(session is not None and session.quant.type.calibrates)
        self.keep.setEnabled(bool(self._workspace.selected) and self._workspace.selected not in kept)
        self.keep.setToolTip(plain_tip(self._workspace.selected) or self.tr("Select a layer first"))
        self.drop.setEnabled(bool(kept))

    def _grey_out(self, settings: QuantSettings) -> None:
        chip, dtype = settings.target, settings.dtype
        offer(self.dtype, CHIPS.get(chip, DTYPES), lambda name: self._why_no_dtype(name, chip))
        methods = methods_of(dtype) if dtype in DTYPES else METHODS
        offer(self.method, methods, lambda _: self.tr("{0} has {1}").format(dtype, ", ".join(methods)))
        algorithms = algorithms_of(dtype) or ALGORITHMS
        offer(self.algorithm, algorithms, lambda name: self._why_no_algorithm(name, dtype, algorithms))
        self.method.setEnabled(bool(methods))
        self.method.setToolTip("" if methods else self.tr("{0} stores no weights in integers").format(dtype))
        calibrates = settings.type.calibrates
        self.algorithm.setEnabled(calibrates)
        self.algorithm.setToolTip("" if calibrates else self.tr("{0} keeps activations in float").format(dtype))
        self.level.setToolTip(self.tr("The toolkit's simulator computes the same at every level"))

    def _why_no_algorithm(self, name: str, dtype: str, algorithms: Sequence[str]) -> str:
        if name in FURTHER_ALGORITHMS:
            return self.tr("Not in the embedded simulator; the vendor's toolkit has it")
        return self.tr("{0} has {1}").format(dtype, ", ".join(algorithms))

    def _why_no_dtype(self, name: str, target: str) -> str:
        return self.tr("{0} does not have it; these do: {1}").format(target, ", ".join(chips_with(name)))


def fitting(settings: QuantSettings) -> QuantSettings:
    """The settings with those changed that do not go with what was chosen: the chip counts, then the data type."""
    if settings.dtype not in CHIPS[settings.target]:
        settings = replace(settings, dtype=CHIPS[settings.target][0])
    if methods_of(settings.dtype) and settings.method not in methods_of(settings.dtype):
        settings = replace(settings, method=finest_method(settings.dtype))
    if algorithms_of(settings.dtype) and settings.algorithm not in algorithms_of(settings.dtype):
        settings = replace(settings, algorithm=algorithms_of(settings.dtype)[0])
    if settings.dtype != "w8a8":
        settings = replace(settings, int16_tensors=())
    assert refusal(settings) is None
    return settings


def offer(combo: QComboBox, names: Sequence[str], why: Callable[[str], str]) -> None:
    """Grey out all other entries, and say why in their tool-tips."""
    model = combo.model()
    assert isinstance(model, QStandardItemModel)
    for at in range(combo.count()):
        item = model.item(at)
        is_offered = item.text() in names
        item.setEnabled(is_offered)
        item.setToolTip("" if is_offered else why(item.text()))

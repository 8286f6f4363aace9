"""Data type, method, algorithm, target, tensors in float16; what does not exist is grey and says why."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import QComboBox, QFormLayout, QListWidget, QWidget

from workbench.quantize.schemes import ALGORITHMS, DTYPES, METHODS, TARGETS, QuantSettings
from workbench.ui.widgets import Choice, button, column, label, row, tool
from workbench.ui.workspace import Workspace

# The vendor's further values (toolkit 2.3.2 user guide); targets that have each data type, () for all.
FURTHER_DTYPES = {
    "w8a16": ("rk3562",), "w4a16": ("rk3576", "rv1126b"), "w16a16i": ("rv1103", "rv1106"),
    "w16a16i_dfp": ("rv1103", "rv1106"),
}  # fmt: skip
FURTHER_METHODS = ("group32",)
FURTHER_ALGORITHMS = ("mmse", "kl_divergence", "gdq")
LEVELS = (3, 2, 1, 0)
LIST_ROW, SHOWN_ROWS = 22, 6


class QuantizationPanel(QWidget):
    """Edits the session's quantization."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__()
        self._workspace = workspace
        self.dtype = self._combo((*DTYPES, *FURTHER_DTYPES))
        self.method = self._combo((*METHODS, *FURTHER_METHODS))
        self.algorithm = self._combo((*ALGORITHMS, *FURTHER_ALGORITHMS))
        self.target = self._combo(TARGETS)
        self.level = self._combo([str(level) for level in LEVELS])
        self.float_list = QListWidget()
        self.float_list.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.float_list.setAccessibleName(self.tr("Tensors in float16"))
        self.keep = button(self.tr("Keep the selected layer in float16"), "add", self._keep_selected)
        self.drop = tool("remove", self.tr("Remove from the list"), self._drop_current)
        self.no_float = label(self.tr("none: all layers are quantized"), "muted")
        self.setLayout(column(self._make_form(), self._make_float_tensors()))
        workspace.session_changed.connect(self._show)
        workspace.selection_changed.connect(self._show_buttons)
        self._show()

    def _make_form(self) -> QFormLayout:
        form = QFormLayout()
        form.setContentsMargins(0, 0, 0, 0)
        form.setHorizontalSpacing(16)
        form.setVerticalSpacing(8)
        form.addRow(self.tr("Target"), self.target)
        form.addRow(self.tr("Data type"), self.dtype)
        form.addRow(self.tr("Method"), self.method)
        form.addRow(self.tr("Algorithm"), self.algorithm)
        form.addRow(self.tr("Optimization level"), self.level)
        return form

    def _make_float_tensors(self) -> QWidget:
        self._float_part = QWidget()
        head = row(label(self.tr("Tensors in float16"), "title"), None, self.drop)
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
            self._workspace.change(quant=settings)

    def _keep_selected(self) -> None:
        session, tensor = self._workspace.session, self._workspace.selected
        if session is not None and tensor and tensor not in session.quant.float_tensors:
            kept = (*session.quant.float_tensors, tensor)
            self._workspace.change(quant=replace(session.quant, float_tensors=kept))

    def _drop_current(self) -> None:
        session, at = self._workspace.session, self.float_list.currentRow()
        if session is not None and at >= 0:
            kept = session.quant.float_tensors
            self._workspace.change(quant=replace(session.quant, float_tensors=(*kept[:at], *kept[at + 1 :])))

    def _show(self) -> None:
        settings = self._workspace.session.quant if self._workspace.session else QuantSettings()
        shown = (
            (self.dtype, settings.dtype), (self.method, settings.method), (self.algorithm, settings.algorithm),
            (self.target, settings.target), (self.level, str(settings.optimization_level)),
        )  # fmt: skip
        for combo, text in shown:
            combo.setCurrentText(text)
        self._grey_out(settings)
        texts = [self.float_list.item(at).text() for at in range(self.float_list.count())]
        if texts != list(settings.float_tensors):
            self.float_list.clear()
            self.float_list.addItems(list(settings.float_tensors))
        count = len(settings.float_tensors)
        self.float_list.setFixedHeight(LIST_ROW * min(count, SHOWN_ROWS) + 4)
        self.float_list.setVisible(count > 0)
        self.no_float.setVisible(count == 0)
        self._show_buttons()

    def _show_buttons(self) -> None:
        session = self._workspace.session
        is_quantized = session is not None and session.quant.dtype == "w8a8"
        kept = session.quant.float_tensors if session else ()
        self._float_part.setEnabled(is_quantized)
        self.keep.setEnabled(bool(self._workspace.selected) and self._workspace.selected not in kept)
        self.keep.setToolTip(self._workspace.selected or self.tr("Select a layer first"))
        self.drop.setEnabled(bool(kept))

    def _grey_out(self, settings: QuantSettings) -> None:
        disable(self.dtype, FURTHER_DTYPES, lambda name: self._why_no_dtype(name, settings.target))
        disable(self.method, FURTHER_METHODS, lambda _: self.tr("For w4a16 only, which is not simulated yet"))
        later = self.tr("Not in the embedded simulator yet; the vendor's toolkit has it")
        disable(self.algorithm, FURTHER_ALGORITHMS, lambda _: later)
        level = self.tr("The embedded simulator computes as level 3 does")
        disable(self.level, [str(level) for level in LEVELS[1:]], lambda _: level)
        for combo in (self.method, self.algorithm, self.level):
            is_quantized = settings.dtype == "w8a8"
            combo.setEnabled(is_quantized)
            combo.setToolTip(
                "" if is_quantized else self.tr("Only for w8a8: {0} quantizes nothing").format(settings.dtype)
            )

    def _why_no_dtype(self, name: str, target: str) -> str:
        has = FURTHER_DTYPES[name]
        if target not in has:
            return self.tr("{0} does not have it; these do: {1}").format(target, ", ".join(has))
        return self.tr("Not in the embedded simulator yet; the vendor's toolkit has it")


def disable(combo: QComboBox, names: Sequence[str] | dict[str, tuple[str, ...]], why: Callable[[str], str]) -> None:
    """Grey out entries and say why in their tool-tips."""
    model = combo.model()
    assert isinstance(model, QStandardItemModel)
    for name in names:
        item = model.item(combo.findText(name))
        item.setEnabled(False)
        item.setToolTip(why(name))

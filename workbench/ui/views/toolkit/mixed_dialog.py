"""Which layers the toolkit is to keep precise, what it may add itself, and what comes out."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QHeaderView,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)

from workbench.project.session import Session
from workbench.quantize.schemes import FLOAT16, INT16, QuantSettings
from workbench.ui.dialogs import dialog_buttons
from workbench.ui.text_size import pixels, row_height
from workbench.ui.tips import plain_tip
from workbench.ui.toolkit import Toolkits
from workbench.ui.views.toolkit.facts import problems
from workbench.ui.views.toolkit.making_dialog import MakingDialog
from workbench.ui.widgets import ElidedLabel, button, column, label, row

if TYPE_CHECKING:
    from workbench.sources.toolkit.descriptions import Toolkit

WIDTH, SHOWN_ROWS, TYPE_WIDTH = 640, 8, 90


@dataclass(frozen=True)
class Mixture:
    """The toolkit, the precision of layers by their output, whether it proposes more, and what it makes of it.

    `path` is the .rknn, None where none is wanted.
    """

    toolkit: "Toolkit"
    layers: Mapping[str, str]
    is_proposed: bool
    is_analysed: bool
    path: Path | None


class MixedDialog(MakingDialog):
    """`chosen` gives the `Mixture`."""

    chosen = Signal(object)
    layers_wanted = Signal()

    def __init__(self, parent: QWidget, toolkits: Toolkits, session: Session, folder: Path) -> None:
        path = folder / f"{session.model.stem}-{session.quant.target}-mixed.rknn"
        super().__init__(parent, WIDTH, toolkits, session, path)
        self.setWindowTitle(self.tr("Mixed precision with the toolkit"))
        self.list = self._make_list(layers_of(session.quant))
        self.none = self._make_none()
        self.proposal = QCheckBox(self.tr("Let the toolkit propose layers, too"))
        self.analysis = QCheckBox(self.tr("Analyse the result layer by layer"))
        self.export = QCheckBox(self.tr("Write the .rknn"))
        self.buttons = dialog_buttons(self, self.tr("Start"))
        self._lay_out()
        for box in (self.analysis, self.export):
            box.setChecked(True)
        for box in (self.proposal, self.analysis, self.export):
            box.toggled.connect(self._check)
        self.begin()

    def _lay_out(self) -> None:
        story = self.tr(
            "The toolkit quantizes the network in two steps. Between them the layers below are written into its cfg; "
            "all else in it stays as the toolkit wrote it."
        )
        form = self.form(ElidedLabel(self._session.quant.target))
        slow = label(self.tr("It measures every layer, and may take very long."), "muted")
        run = label(self.tr("The toolkit becomes the session's simulator."), "muted")
        proposal = row(self.proposal, slow, None, spacing=16)
        analysis = row(self.analysis, run, None, spacing=16)
        layout = column(
            label(story, "muted", wrap=True), form, self.list, self.none, column(proposal, analysis, self.export),
            self.file, self.problem, None, self.buttons, spacing=12,
        )  # fmt: skip
        self.fill(layout)

    def _make_list(self, layers: Mapping[str, str]) -> QTreeWidget:
        result = QTreeWidget()
        result.setAccessibleName(self.tr("Layers in float16 or int16"))
        result.setRootIsDecorated(False)
        result.setUniformRowHeights(True)
        result.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        result.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        result.setHeaderLabels([self.tr("Layer"), self.tr("Precision")])
        result.header().setStretchLastSection(False)
        result.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        result.header().resizeSection(1, pixels(TYPE_WIDTH))
        for name, precision in layers.items():
            item = QTreeWidgetItem(result, [name, precision])
            item.setSizeHint(0, QSize(0, row_height()))
            item.setToolTip(0, plain_tip(name))
        result.setFixedHeight((min(SHOWN_ROWS, len(layers)) + 1) * row_height() + 8)
        result.setHidden(not layers)
        return result

    def _make_none(self) -> QWidget:
        text = self.tr(
            "No layer has another precision yet. Choose some: Space switches that of the selected layer; or let the "
            "toolkit propose them."
        )
        there = button(self.tr("Show the layers"), "layers", self._show_layers)
        layout = row(label(text, "warning", wrap=True), there, spacing=16)
        layout.setStretch(0, 1)
        result = QWidget()
        result.setLayout(layout)
        result.setHidden(bool(layers_of(self._session.quant)))
        return result

    def _show_layers(self) -> None:
        self.reject()
        self.layers_wanted.emit()

    def _check(self) -> None:
        session = self._session
        found = list(problems(session, session.quant.target))
        if not session.quant.type.calibrates:
            found.append(
                self.tr("{0} keeps activations in float: there is nothing to mix.").format(session.quant.dtype)
            )
        self.file.setEnabled(self.export.isChecked())
        has_layers = bool(layers_of(session.quant)) or self.proposal.isChecked()
        has_end = self.analysis.isChecked() or (self.export.isChecked() and self.file.path is not None)
        self.tell(found, has_layers and has_end)

    def _choose(self) -> None:
        if (toolkit := self.toolkit.chosen) is not None:
            path = self.file.path if self.export.isChecked() else None
            flags = self.proposal.isChecked(), self.analysis.isChecked()
            self.chosen.emit(Mixture(toolkit, layers_of(self._session.quant), *flags, path))


def layers_of(quant: QuantSettings) -> dict[str, str]:
    """The precision of single layers by their output."""
    return dict.fromkeys(quant.float_tensors, FLOAT16) | dict.fromkeys(quant.int16_tensors, INT16)

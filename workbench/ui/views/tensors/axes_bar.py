"""Which two axes of a tensor are shown, and where the others are cut: a line of its own for those who need it."""

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QSpinBox, QWidget

from workbench.ui.models.tensors.cut import Cut
from workbench.ui.models.tensors.planes import Planes
from workbench.ui.views.tensors.texts import axis_text
from workbench.ui.widgets import button, label, row

NONE = -1
NO_BUTTONS = "QSpinBox::up-button, QSpinBox::down-button { width: 0; height: 0; border: none; }"
"""Arrow keys and the wheel do the same; Qt's own way without buttons misplaces the text under a style sheet."""
SPIN_WIDTH = 52


class AxesBar(QWidget):
    """Two combo boxes for rows and columns; a spin box for every other axis that is longer than 1."""

    axes_chosen = Signal(object)
    """(rows, columns), (columns,) for a line, or None: as the tensor's shape suggests."""
    channel_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows, self.columns = QComboBox(), QComboBox()
        for combo, name in ((self.rows, self.tr("Axis of the rows")), (self.columns, self.tr("Axis of the columns"))):
            combo.setAccessibleName(name)
            combo.setToolTip(name)
            combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.usual = button(self.tr("Automatic"), "", lambda: self.axes_chosen.emit(None))
        self.spins: dict[int, QSpinBox] = {}
        self._cut = Cut((1,))
        self._planes = Planes(self._cut, 0)
        self._drawn: object = None
        self._places = QHBoxLayout()
        self._places.setContentsMargins(0, 0, 0, 0)
        layout = row(
            label("↓", "muted"), self.rows, label("→", "muted"), self.columns,
            self._places, None, self.usual,
        )  # fmt: skip
        layout.setContentsMargins(8, 0, 8, 4)
        self.setLayout(layout)
        for combo, other in ((self.rows, self.columns), (self.columns, self.rows)):
            combo.activated.connect(lambda _, combo=combo, other=other: self._on_axis_chosen(combo, other))

    def show_planes(self, planes: Planes) -> None:
        """Offer the axes of a tensor."""
        self._planes = planes
        if self.isVisible():
            self._draw(planes)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._draw(self._planes)

    def _draw(self, planes: Planes) -> None:
        self.usual.setEnabled(planes.by_hand)
        if (planes.cut, planes.names) != self._drawn:
            self._drawn, self._cut = (planes.cut, planes.names), planes.cut
            self._fill(planes.names)
            self._make_spins(planes.names)
        for axis, at in planes.cut.at(planes.channel).items():
            with QSignalBlocker(self.spins[axis]):
                self.spins[axis].setValue(at)

    def _fill(self, names: Sequence[str]) -> None:
        cut, shown = self._cut, self._cut.plane_axes
        rows, columns = (shown[0], shown[-1]) if len(shown) > 1 else (NONE, shown[-1] if shown else NONE)
        for combo, current in ((self.rows, rows), (self.columns, columns)):
            combo.clear()
            if combo is self.rows:
                combo.addItem("–", NONE)
            for axis in cut.long:
                combo.addItem(axis_text(cut.shape, names, axis), axis)
            combo.setCurrentIndex(combo.findData(current))

    def _make_spins(self, names: Sequence[str]) -> None:
        self.spins = {}
        while (item := self._places.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.deleteLater()
        for axis in self._cut.outer:
            spin = QSpinBox()
            spin.setRange(0, self._cut.shape[axis] - 1)
            spin.setMinimumWidth(SPIN_WIDTH)
            spin.setStyleSheet(NO_BUTTONS)
            name = axis_text(self._cut.shape, names, axis)
            spin.setAccessibleName(name)
            spin.valueChanged.connect(self._on_place_chosen)
            self.spins[axis] = spin
            title: QLabel = label(name, "muted")
            self._places.addWidget(title)
            self._places.addWidget(spin)

    def _on_axis_chosen(self, combo: QComboBox, other: QComboBox) -> None:
        before = self._cut.plane_axes
        if combo.currentData() == other.currentData():  # they change places
            rest = [axis for axis in self._cut.long if axis != combo.currentData()]
            swapped = [axis for axis in before if axis != combo.currentData()] or rest
            other.setCurrentIndex(other.findData(swapped[0] if swapped else NONE))
        chosen = (self.rows.currentData(), self.columns.currentData())
        self.axes_chosen.emit(tuple(axis for axis in chosen if axis not in (NONE, None)))

    def _on_place_chosen(self) -> None:
        self.channel_chosen.emit(self._cut.channel_at({axis: spin.value() for axis, spin in self.spins.items()}))

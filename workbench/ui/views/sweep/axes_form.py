"""What is varied: a line for each axis, with the values that it can have."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QGridLayout, QLabel, QLineEdit, QWidget

from workbench.ui.models.spoken import spoken
from workbench.ui.models.sweep.places import axis_title, value_title
from workbench.ui.reading_sweep import Axes
from workbench.ui.text_size import pixels, row_height
from workbench.ui.views.common.flowing import Flowing
from workbench.ui.widgets import ElidedLabel, label

if TYPE_CHECKING:
    from workbench.project.sweeps.plan import Offer

OTHERS_WIDTH = 110
COUNTED = "calibration"


class AxisLine(QWidget):
    """The values of an axis as boxes; of the calibration also numbers that one types."""

    chosen = Signal()

    def __init__(self, axis: str) -> None:
        super().__init__()
        self.axis = axis
        self.boxes: dict[str, QCheckBox] = {}
        self.none = ElidedLabel("", "muted", Qt.TextElideMode.ElideRight)
        self.others = QLineEdit() if axis == COUNTED else None
        self._flow = Flowing(self)
        if self.others is not None:
            self.others.setPlaceholderText(self.tr("other numbers"))
            self.others.setAccessibleName(self.tr("Other numbers of calibration inputs"))
            self.others.setFixedWidth(pixels(OTHERS_WIDTH))
            self.others.editingFinished.connect(self._on_typed)
        self._make(())

    @property
    def values(self) -> tuple[str, ...]:
        """Those that are chosen."""
        ticked = tuple(value for value, box in self.boxes.items() if box.isChecked())
        return tuple(sorted(dict.fromkeys((*self._typed(), *ticked)), key=_counted)) if self.others else ticked

    def show_offer(self, offer: "Offer", wanted: Sequence[str], own: str) -> None:
        """Show what there is to choose of, what is chosen, and what the session has itself."""
        if tuple(self.boxes) != offer.values:
            self._make(offer.values)
        for value, box in self.boxes.items():
            box.blockSignals(True)
            box.setChecked(value in wanted)
            box.blockSignals(False)
        if self.others is not None and not self.others.isModified():  # somebody may be typing
            self.others.setText(" ".join(value for value in wanted if value not in self.boxes))
        why_not = spoken(offer.why_not)
        as_it_is = self.tr("as the session: {0}").format(own) if own else self.tr("as the session")
        self.none.set_text(why_not or as_it_is, f"{why_not}\n{spoken(offer.hint)}" if why_not else "")
        self.none.setVisible(bool(offer.why_not) or not wanted)
        self._flow.invalidate()
        self.updateGeometry()

    def _make(self, values: Sequence[str]) -> None:
        while (item := self._flow.takeAt(0)) is not None:
            if isinstance(box := item.widget(), QCheckBox):
                box.deleteLater()
        self.boxes = {value: self._box(value) for value in values}
        for part in (*self.boxes.values(), *([self.others] if self.others is not None else []), self.none):
            part.setParent(self)
            self._flow.addWidget(part)
            part.show()

    def _box(self, value: str) -> QCheckBox:
        result = QCheckBox(value_title(self.axis, value))
        result.setAccessibleName(f"{axis_title(self.axis)}: {result.text()}")
        result.toggled.connect(self.chosen)
        return result

    def _typed(self) -> tuple[str, ...]:
        words = self.others.text().replace(",", " ").split() if self.others is not None else ()
        return tuple(str(int(word)) for word in words if word.isdecimal() and int(word) > 0)

    def _on_typed(self) -> None:
        if self.others is not None and self.others.isModified():
            self.others.setModified(False)
            self.chosen.emit()


class AxesForm(QWidget):
    """`chosen` tells that something else is to be varied."""

    chosen = Signal()

    def __init__(self, axes: Sequence[str]) -> None:
        super().__init__()
        self.lines = {axis: AxisLine(axis) for axis in axes}
        layout = QGridLayout(self)
        layout.setContentsMargins(8, 4, 8, 6)
        layout.setHorizontalSpacing(16)
        layout.setVerticalSpacing(2)
        layout.setColumnStretch(1, 1)
        self.titles: dict[str, QLabel] = {}
        for number, (axis, line) in enumerate(self.lines.items()):
            self.titles[axis] = label(axis_title(axis), "muted")
            layout.addWidget(self.titles[axis], number, 0)
            layout.addWidget(line, number, 1)
            layout.setRowMinimumHeight(number, row_height())
            line.chosen.connect(self.chosen)

    @property
    def axes(self) -> Axes:
        """What is varied."""
        return {axis: line.values for axis, line in self.lines.items() if line.values}

    def show_offers(self, offers: "Mapping[str, Offer]", wanted: Axes, own: Mapping[str, str]) -> None:
        """Show what can be varied, what is, and the session's own values."""
        for axis, line in self.lines.items():
            line.show_offer(offers[axis], wanted.get(axis, ()), own.get(axis, ""))


def _counted(value: str) -> tuple[bool, int]:
    return not value.isdecimal(), int(value) if value.isdecimal() else 0

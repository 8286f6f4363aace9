"""What is looked for: a target, a budget, what a choice costs, the precision, the inputs, the locked layers."""

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QDoubleSpinBox, QFormLayout, QLayout, QSpinBox, QWidget

from workbench.project.session import Session
from workbench.ui.models.mixed.texts import cost_titles
from workbench.ui.models.mixed.wanted import BYTES, COSTS, LAYERS, MACS, TIME, USUAL_COS, USUAL_RUNS, Wanted
from workbench.ui.tips import plain_tip
from workbench.ui.widgets import Choice, label, row, tool

PRECISIONS = ("float16", "int16")
BUDGETS = {LAYERS: (8, 0, 1e6), MACS: (10, 1, 100), BYTES: (100_000, 0, 1e12), TIME: (100, 0, 1e9)}
"""What a budget begins with, its decimals, and its most, by what is counted."""
UNITS = {MACS: " %", BYTES: " B", TIME: " µs"}
MOST_RUNS = 10_000
NO_BUTTONS = "QAbstractSpinBox::up-button, QAbstractSpinBox::down-button { width: 0; height: 0; border: none; }"
"""The arrow keys and the wheel step as well."""


class WishForm(QWidget):
    """`wanted` is what its fields say."""

    unlock_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.has_target, self.cos = QCheckBox(self.tr("cos at least")), self._spin(6, 0.001, 1.0)
        self.has_budget, self.most = QCheckBox(self.tr("cost at most")), self._spin(0, 1.0, 1e6)
        self.cost, self.precision = Choice(least=10), Choice(least=5)
        for kind in COSTS:
            self.cost.addItem(cost_titles()[kind], kind)
        self.samples, self.runs = QSpinBox(), QSpinBox()
        for spin in (self.samples, self.runs):
            spin.setStyleSheet(NO_BUTTONS)
        self.samples.setSpecialValueText(self.tr("those analysed"))
        self.runs.setRange(2, MOST_RUNS)
        self.locked = label("", "muted")
        self.locked.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
        self.unlock = tool("close", self.tr("Free all locked layers"), self.unlock_wanted.emit)
        self._name()
        self._lay_out()
        self.cost.currentIndexChanged.connect(self._on_cost)
        for box, field in ((self.has_target, self.cos), (self.has_budget, self.most)):
            box.toggled.connect(field.setEnabled)
            box.toggled.connect(self._keep_one)
        self.show_wanted(Wanted(USUAL_COS, None, runs=USUAL_RUNS))

    @property
    def wanted(self) -> Wanted:
        """What is looked for."""
        return Wanted(
            self.cos.value() if self.has_target.isChecked() else None,
            self.most.value() if self.has_budget.isChecked() else None,
            str(self.cost.currentData()),
            self.precision.currentText(),
            self.samples.value(),
            self.runs.value(),
        )

    def show_wanted(self, wanted: Wanted) -> None:
        """Fill the fields with what was looked for last."""
        self.cost.setCurrentIndex(COSTS.index(wanted.cost))
        self._on_cost()
        for box, field, value in ((self.has_target, self.cos, wanted.cos), (self.has_budget, self.most, wanted.most)):
            box.setChecked(value is not None)
            field.setEnabled(value is not None)
            if value is not None:
                field.setValue(value)
        self.precision.setCurrentText(wanted.precision)
        self.samples.setMaximum(max(self.samples.maximum(), wanted.samples))
        self.samples.setValue(wanted.samples)
        self.runs.setValue(wanted.runs)

    def show_session(self, session: Session, precisions: tuple[str, ...]) -> None:
        """Offer what the session's chip and inputs allow."""
        if [self.precision.itemText(at) for at in range(self.precision.count())] != list(precisions):
            before = self.precision.currentText()
            self.precision.clear()
            self.precision.addItems(list(precisions))
            self.precision.setCurrentText(before if before in precisions else next(iter(precisions), ""))
        inputs = {*session.samples, *session.dataset}
        self.samples.setMaximum(len(inputs))
        self._show_locked(session.locked)

    def _show_locked(self, locked: Mapping[str, str]) -> None:
        told = self.tr("{0}; more from the menu of table and graph").format(len(locked))
        self.locked.setText(told if locked else self.tr("none; from the menu of table and graph"))
        self.locked.setToolTip(plain_tip("\n".join(f"{name}: {kept}" for name, kept in locked.items())))
        self.unlock.setVisible(bool(locked))

    def _spin(self, decimals: int, step: float, most: float) -> QDoubleSpinBox:
        result = QDoubleSpinBox()
        result.setDecimals(decimals)
        result.setSingleStep(step)
        result.setRange(0.0, most)
        result.setGroupSeparatorShown(True)
        result.setStyleSheet(NO_BUTTONS)
        return result

    def _name(self) -> None:
        named = (
            (self.cos, self.tr("Least cosine of every output")), (self.most, self.tr("Greatest cost")),
            (self.cost, self.tr("What a choice costs")), (self.precision, self.tr("What the spared layers compute in")),
            (self.samples, self.tr("Inputs that it must hold for")), (self.runs, self.tr("Choices that are tried")),
        )  # fmt: skip
        for field, name in named:
            field.setAccessibleName(name)
            field.setToolTip(name)

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setContentsMargins(0, 0, 0, 0)
        form.setHorizontalSpacing(12)
        form.setVerticalSpacing(6)
        form.addRow(self.has_target, self.cos)
        form.addRow(self.has_budget, self.most)
        form.addRow(self.tr("Cost"), self._pair(self.cost, self.tr("in"), self.precision))
        form.addRow(self.tr("Inputs"), self._pair(self.samples, self.tr("try"), self.runs))
        form.addRow(self.tr("Locked layers"), row(self.locked, None, self.unlock, spacing=4))
        self.setLayout(form)

    def _pair(self, wide: QWidget, word: str, narrow: QWidget) -> QLayout:
        """Two fields on a line, a word between them."""
        result = row(wide, label(word, "muted"), narrow)
        result.setStretch(0, 2)
        result.setStretch(2, 1)
        return result

    def _on_cost(self) -> None:
        kind = str(self.cost.currentData())
        value, decimals, most = BUDGETS[kind]
        self.most.setDecimals(decimals)
        self.most.setRange(0.0, most)
        self.most.setSuffix(UNITS.get(kind, ""))
        self.most.setValue(value)

    def _keep_one(self, is_chosen: bool) -> None:
        """Without target and budget nothing would be looked for."""
        if not is_chosen and not self.has_target.isChecked() and not self.has_budget.isChecked():
            other = self.has_budget if self.sender() is self.has_target else self.has_target
            other.setChecked(True)

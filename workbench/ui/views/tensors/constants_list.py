"""The constants of a layer as a list: what the standard calls them, their shapes and their ranges."""

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem, QWidget

from workbench.ui.models.tensors.heat_image import Range
from workbench.ui.models.tensors.layer_constants import Constant
from workbench.ui.numbers import range_text
from workbench.ui.tips import plain_tip
from workbench.ui.views.tensors.texts import shape_text
from workbench.ui.widgets import show_lines

ROLE, SHAPE, ENDS = range(3)
SHORT = {"BatchNormalization": "BatchNorm"}
FIGURES = 4


class ConstantsList(QTableWidget):
    """One row a constant; a narrow list leaves out the ranges: what is selected tells its own."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(0, 3, parent)
        self._constants: Sequence[Constant] = ()
        show_lines(self)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.verticalHeader().hide()
        self.horizontalHeader().hide()
        self.setAccessibleName(self.tr("Constants of the layer"))
        self.set_narrow(False)

    def show_constants(self, constants: Sequence[Constant]) -> None:
        """Show those of another layer; the weight as it is deployed is selected."""
        self._constants = constants
        with QSignalBlocker(self):
            self.setRowCount(len(constants))
            for line, constant in enumerate(constants):
                self._set(line, ROLE, _title(constant, constants))
                self._set(line, SHAPE, shape_text(constant.shape))
                self._set(line, ENDS, "")
            self.selectRow(next((line for line, item in enumerate(constants) if item.folded is not None), 0))

    def show_ends(self, ends: Sequence[Range | None]) -> None:
        """Show the ranges, once they are known."""
        with QSignalBlocker(self):
            for line, pair in enumerate(ends):
                self._set(line, ENDS, "" if pair is None else range_text(*pair, FIGURES))

    def chosen(self) -> Constant | None:
        """The selected one."""
        line = self.currentRow()
        return self._constants[line] if 0 <= line < len(self._constants) else None

    def set_narrow(self, is_narrow: bool) -> None:
        """Leave out the ranges, or show them."""
        modes = QHeaderView.ResizeMode
        self.setColumnHidden(ENDS, is_narrow)
        header = self.horizontalHeader()
        header.setSectionResizeMode(ROLE, modes.ResizeToContents)
        header.setSectionResizeMode(SHAPE, modes.Stretch if is_narrow else modes.ResizeToContents)
        header.setSectionResizeMode(ENDS, modes.Stretch)

    def _set(self, line: int, place: int, text: str) -> None:
        item = QTableWidgetItem(text)
        item.setToolTip(plain_tip(f"{self._constants[line].name}\n{self._constants[line].dtype}"))
        self.setItem(line, place, item)


def _title(constant: Constant, constants: Sequence[Constant]) -> str:
    """The input's name in the standard; where several layers have constants, with the layer's operator."""
    if constant.folded is not None:
        return f"{constant.role} × {SHORT[constant.folded.op]}"
    several = len({item.layer.name for item in constants}) > 1
    op = SHORT.get(constant.layer.op, constant.layer.op)
    return f"{constant.role} ({op})" if several else constant.role

"""The choice of layers that is looked at, before it is made part of the session: graph and table mark its layers."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QObject, Signal

from workbench.compare.compare import LayerError


class Spared(QObject):
    """`layers` are those of the deployed graph, by their first output, and the precision that they would have."""

    changed = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.layers: Mapping[str, str] = {}

    def show(self, layers: Mapping[str, str]) -> None:
        """Look at a choice; {} at none."""
        if layers != self.layers:
            self.layers = dict(layers)
            self.changed.emit()

    def of_row(self, row: LayerError) -> str:
        """The precision that a layer of a row would have; "" where all of it stays as it is."""
        return next((self.layers[name] for name in (row.tensor, *row.group) if name in self.layers), "")

    def rows(self, rows: Sequence[LayerError]) -> dict[str, str]:
        """The tensors of those rows that have such a layer, and its precision."""
        return {row.tensor: precision for row in rows if (precision := self.of_row(row))} if self.layers else {}

    def row_of(self, layer: str, rows: Sequence[LayerError]) -> str:
        """The tensor of the row that shows a layer; "" where none does."""
        return next((row.tensor for row in rows if layer in (row.tensor, *row.group)), "")

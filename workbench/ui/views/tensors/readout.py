"""The line below the panes: what is under the pointer in every source, or what was just done."""

from html import escape

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from workbench.ui.models.tensors.planes import Planes
from workbench.ui.tips import plain_tip
from workbench.ui.views.tensors.texts import Titled, readout
from workbench.ui.widgets import digits


class TensorReadout(QLabel):
    """Stays where the pointer is while other planes come."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._planes: Planes | None = None
        self._position: tuple[int, ...] | None = None
        self.titled: Titled = str
        self.setProperty("role", "muted")
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setFont(digits(self.font()))
        self.setContentsMargins(8, 2, 8, 4)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)  # a long one moves nothing
        self.setFixedHeight(self.fontMetrics().height() + 8)

    def show_planes(self, planes: Planes | None) -> None:
        """Tell of other planes; None: of nothing."""
        self._planes = planes
        self.point(self._position)

    def point(self, position: tuple[int, ...] | None) -> None:
        """Tell what is at a position of the panes."""
        self._position = position
        is_there = self._planes is not None and position is not None and self._planes.holds(position)
        text = readout(self._planes, position, self.titled) if is_there else ""  # type: ignore[arg-type]
        self.setText(text)
        self.setToolTip(text)

    def say(self, text: str) -> None:
        """Tell what was done, until the pointer moves."""
        self.setText(escape(text))
        self.setToolTip(plain_tip(text))

"""One of the panes side by side: a source's name and statistics, its plane, and the colour scale."""

from functools import cached_property

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QStackedWidget, QToolButton, QVBoxLayout, QWidget

from workbench.ui import theme
from workbench.ui.models.tensors.heat_image import Range
from workbench.ui.models.tensors.planes import DIFFERENCE, Strange
from workbench.ui.views.common.source_dot import SourceDot
from workbench.ui.views.tensors.colour_bar import ColourBar
from workbench.ui.views.tensors.colour_tables import colour_table, strange_table, veil_table
from workbench.ui.views.tensors.heatmap import Heatmap
from workbench.ui.views.tensors.line_plot import LinePlot
from workbench.ui.widgets import ElidedLabel, button, column, digits, label, row, set_role, small


class TensorPane(QFrame):
    """Shows one source, or the difference of two."""

    enlarge_requested = Signal()
    pointed = Signal(object)
    """The position in the plane under the pointer, or None."""
    chosen = Signal(object)
    """A position in the plane that was clicked or chosen with Enter."""
    menu_wanted = Signal(object)
    """The place on the screen where the user asked for a menu."""
    asked = Signal()
    """The button that an empty pane offers was pressed."""

    def __init__(self, source: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.source = source
        self.title = ElidedLabel("", "title", Qt.TextElideMode.ElideRight)
        self.numbers = ElidedLabel("", "muted", Qt.TextElideMode.ElideRight)
        self.numbers.setFont(small(digits(self.numbers.font())))
        self.alarm = label("", "bad")
        self.alarm.setTextFormat(Qt.TextFormat.RichText)
        self.alarm.setFont(small(digits(self.alarm.font())))
        self.dot = SourceDot(source)
        self.menu = QToolButton(popupMode=QToolButton.ToolButtonPopupMode.InstantPopup)
        self.menu.setFixedHeight(self.title.sizeHint().height())
        self.menu.hide()
        self.heatmap = Heatmap()
        self._is_veil = False
        self._leader: TensorPane | None = None
        self.bar = ColourBar(source == DIFFERENCE)
        self.reason = label("", "muted", wrap=True)
        self.reason.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.offer = button("", "import", self.asked.emit)
        self.stack = QStackedWidget()
        self._empty = self._empty_page()
        for page in (self.heatmap, self._empty):
            self.stack.addWidget(page)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(6, 4, 6, 4)
        layout.setSpacing(2)
        layout.addWidget(_Header(self))
        layout.addWidget(self.stack, 1)
        layout.addWidget(self.bar)
        self.heatmap.pointed.connect(self.pointed)
        self.heatmap.chosen.connect(self.chosen)
        self.setMinimumWidth(110)
        self.show_reason("")

    def call(self, title: str) -> None:
        """The name that this place has, whatever is shown in it."""
        self.title.set_text(title)
        self.heatmap.setAccessibleName(title)
        self.setAccessibleName(title)

    @property
    def has_line(self) -> bool:
        """Whether a tensor of one long axis was shown yet."""
        return "line" in self.__dict__

    @cached_property
    def line(self) -> LinePlot:
        """Made for the first tensor of one long axis."""
        result = LinePlot(self.source)
        self.stack.addWidget(result)
        self.setTabOrder(self.heatmap, result)
        result.pointed.connect(self.pointed)
        result.follow(self._leader.line if self._leader else None)
        return result

    def show_image(self, indices: np.ndarray, limits: Range, is_spatial: bool = True) -> None:
        """Show a plane as indices into the table of colours, which spans the limits."""
        self._show_heatmap(indices, self._table(), is_spatial)
        self.bar.show_limits(limits)

    def show_strange(self, indices: np.ndarray, strange: Strange, is_spatial: bool = True) -> None:
        """Show where what is no number."""
        self._show_heatmap(indices, strange_table(), is_spatial)
        self.bar.show_strange(strange)

    def show_line(self, values: np.ndarray, limits: Range) -> None:
        """Show values along one axis within limits that all sources share."""
        self.stack.setCurrentWidget(self.line)
        self.line.show_values(values, limits)
        self.bar.hide()

    def show_value(self, text: str) -> None:
        """Show the one value that there is."""
        self._show_words(text, "heading")

    def show_picture(self, picture: np.ndarray | None, opacity: float) -> None:
        """Lay the plane over a picture from now on; None: over nothing."""
        self._is_veil = picture is not None
        self.heatmap.show_picture(picture, opacity)

    def show_numbers(self, numbers: str, alarm: str, short: str = "") -> None:
        """Statistics, and what is alarming about them; `short` is for a narrow pane."""
        self.numbers.set_text(numbers, self.tr("The whole tensor: {0}").format(numbers) if numbers else "", (short,))
        self.alarm.setText(alarm)
        self.alarm.setVisible(bool(alarm))

    def show_reason(self, reason: str, offer: str = "", icon: str = "import") -> None:
        """Say why there is nothing to see, and offer a way out."""
        self._show_words(reason, "muted", offer)
        self.offer.setIcon(theme.icon(icon))
        self.show_numbers("", "")

    def mark(self, position: tuple[int, ...] | None) -> None:
        """Cross hairs over an element."""
        if position is None or len(position) == 2:
            self.heatmap.mark(position)  # type: ignore[arg-type]
        if self.has_line and (position is None or len(position) == 1):
            self.line.mark(None if position is None else position[0])

    def bring_into_view(self, position: tuple[int, ...]) -> None:
        """Move what is seen so that it holds an element."""
        if len(position) == 2:
            self.heatmap.bring_into_view(position)  # type: ignore[arg-type]
        elif self.has_line:
            self.line.bring_into_view(position[0])

    def follow(self, other: "TensorPane | None") -> None:
        """Zoom and move as another pane does; None: alone."""
        self.heatmap.follow(None if other is None else other.heatmap)
        self._leader = other
        if self.has_line:
            self.line.follow(None if other is None else other.line)

    def recolour(self) -> None:
        """Take the theme's colours; the plane is shown anew by its owner."""
        self.heatmap.recolour()
        if self.has_line:
            self.line.recolour()
        self.dot.update()
        self.bar.update()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.menu_wanted.emit(event.globalPos())

    def _show_heatmap(self, indices: np.ndarray, table: np.ndarray, is_spatial: bool) -> None:
        self.stack.setCurrentWidget(self.heatmap)
        self.heatmap.show_plane(indices, table, is_spatial)
        self.bar.show()

    def _show_words(self, text: str, role: str, offer: str = "") -> None:
        set_role(self.reason, role)
        self.reason.setText(text)
        self.offer.setText(offer)
        self.offer.setVisible(bool(offer))
        self.stack.setCurrentWidget(self._empty)
        self.bar.hide()

    def _table(self) -> np.ndarray:
        if self.source != DIFFERENCE:
            return colour_table(difference=False)
        return veil_table() if self._is_veil else colour_table(difference=True)

    def _empty_page(self) -> QWidget:
        page = QWidget()
        page.setLayout(column(None, self.reason, row(None, self.offer, None), None))
        return page


class _Header(QWidget):
    """Two lines; a double click enlarges the pane."""

    def __init__(self, pane: TensorPane) -> None:
        super().__init__()
        self._pane = pane
        self.setLayout(
            column(row(pane.dot, pane.title, pane.menu, spacing=6), row(pane.numbers, pane.alarm, spacing=6), spacing=0)
        )
        self.setToolTip(self.tr("Double click to enlarge (keys 1, 2, 3, 4)"))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._pane.enlarge_requested.emit()

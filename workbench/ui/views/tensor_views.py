"""The three ways to look at a tensor: heatmaps side by side, histograms, values."""

from functools import cached_property

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from workbench.ui.models.tensor_data import Planes
from workbench.ui.models.tensor_summary import Element, Summary
from workbench.ui.views.histogram_pane import HistogramPane
from workbench.ui.views.pane_row import PaneRow
from workbench.ui.views.values_pane import ValuesPane
from workbench.ui.widgets import column

HEATMAPS, HISTOGRAMS, VALUES = range(3)


class TensorViews(QStackedWidget):
    """Draws what it is given; the pages that are not seen are drawn when they are turned to."""

    pointed = Signal(object)
    element_chosen = Signal(object)
    import_requested = Signal()
    other_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.row = PaneRow()
        self._holders = QWidget(), QWidget()
        self._planes: Planes | None = None
        self._summary: Summary | None = None
        self._pair, self._central = ("", ""), False
        for page in (self.row, *self._holders):
            self.addWidget(page)
        self.row.pointed.connect(self.pointed)
        self.row.other_chosen.connect(self.other_chosen)
        self.row.import_requested.connect(self.import_requested)
        self.currentChanged.connect(self._draw)

    @cached_property
    def histograms(self) -> HistogramPane:
        """The second page, made when it is asked for."""
        result = HistogramPane()
        self._holders[0].setLayout(column(result))
        return result

    @cached_property
    def values(self) -> ValuesPane:
        """The third page, made when it is asked for."""
        result = ValuesPane()
        result.element_chosen.connect(self._on_element_chosen)
        self._holders[1].setLayout(column(result))
        return result

    def show_tensor(self, planes: Planes, summary: Summary | None, pair: tuple[str, str], central: bool) -> None:
        """Show a channel of every source and, once they are known, the whole tensor's numbers.

        `pair` names the sources of the difference; `central` leaves the outermost values out of the range of colours.
        """
        self._planes, self._summary, self._pair, self._central = planes, summary, pair, central
        self._draw()

    def recolour(self) -> None:
        """Take the theme's colours."""
        self.row.recolour()
        self._draw()

    def enlarge(self, source: str) -> None:
        """Let one heatmap fill the row, or bring the others back."""
        self.setCurrentIndex(HEATMAPS)
        self.row.enlarge(source)

    def _draw(self) -> None:
        if self._planes is None:
            return
        if self.currentIndex() == HISTOGRAMS:
            self.histograms.show_summary(self._summary, self._pair)
        elif self.currentIndex() == VALUES:
            self.values.show_summary(self._summary, self._pair, self._planes.cut.last)
        else:
            self.row.offer([source for source in self._planes.values if source != "golden"], self._pair[0])
            self.row.show_planes(self._planes, self._pair, self._central)
            self.row.show_summary(self._summary, self._pair)

    def _on_element_chosen(self, element: Element) -> None:
        self.element_chosen.emit(element)

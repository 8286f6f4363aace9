"""The ways to look at a tensor: planes side by side, and analyses of all its elements."""

from collections.abc import Callable
from functools import cached_property
from typing import TypeVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from workbench.ui.jobs import JobPool
from workbench.ui.models.tensors.parts import place
from workbench.ui.models.tensors.planes import Planes
from workbench.ui.models.tensors.ranks import rank
from workbench.ui.models.tensors.scatter import Question, Scatter, scatter
from workbench.ui.models.tensors.summary import Element, Summary
from workbench.ui.views.tensors.channels_pane import ChannelsPane
from workbench.ui.views.tensors.constants_pane import ConstantsPane
from workbench.ui.views.tensors.histogram_pane import HistogramPane
from workbench.ui.views.tensors.pane_row import PaneRow
from workbench.ui.views.tensors.questions import TensorQuestions
from workbench.ui.views.tensors.scatter_pane import ScatterPane
from workbench.ui.views.tensors.values_pane import ValuesPane
from workbench.ui.widgets import column, tab_after
from workbench.ui.workspace import Workspace

Page = TypeVar("Page", bound=QWidget)
HEATMAPS, HISTOGRAMS, VALUES, SCATTER, CHANNELS, CONSTANTS = range(6)


class TensorViews(QStackedWidget):
    """Draws what it is given; the pages that are not seen are made and drawn when they are turned to."""

    pointed = Signal(object)
    element_chosen = Signal(object)
    """An `Element`."""
    channel_chosen = Signal(int)
    read_out = Signal(str)
    """What an analysis tells of what is under the pointer; "" is nothing."""
    planes_wanted = Signal()
    """What was chosen is to be seen in the planes."""
    values_requested = Signal()
    pair_chosen = Signal(object)
    """What is to be subtracted from what."""

    def __init__(self, workspace: Workspace, jobs: JobPool, questions: TensorQuestions, row: PaneRow) -> None:
        super().__init__()
        self._before: QWidget = self
        self._workspace, self._jobs, self._questions = workspace, jobs, questions
        self.row = row
        self._holders = {page: QWidget() for page in (HISTOGRAMS, VALUES, SCATTER, CHANNELS, CONSTANTS)}
        self._planes: Planes | None = None
        self._summary: Summary | None = None
        self._pair, self._central = ("", ""), False
        for page in (self.row, *self._holders.values()):
            self.addWidget(page)
        self.row.pointed.connect(self.pointed)
        self.row.pair_chosen.connect(self.pair_chosen)
        self.row.values_requested.connect(self.values_requested)
        self.currentChanged.connect(lambda: self.read_out.emit(""))
        self.currentChanged.connect(self._draw)

    @cached_property
    def histograms(self) -> HistogramPane:
        """How the values and their difference are distributed."""
        return self._hold(HISTOGRAMS, HistogramPane())

    @cached_property
    def values(self) -> ValuesPane:
        """Statistics, and the elements that differ most."""
        result = self._hold(VALUES, ValuesPane())
        result.element_chosen.connect(self.element_chosen)
        result.element_opened.connect(self._on_element_opened)
        return result

    @cached_property
    def scatter(self) -> ScatterPane:
        """Two sources against each other."""
        result = self._hold(SCATTER, ScatterPane())
        result.asked.connect(self._on_scatter_asked)
        result.element_opened.connect(self._on_place_opened)
        return result

    @cached_property
    def channels(self) -> ChannelsPane:
        """The channels, the worst first."""
        result = self._hold(CHANNELS, ChannelsPane())
        result.channel_chosen.connect(self.channel_chosen)
        result.channel_opened.connect(self._on_channel_opened)
        result.element_chosen.connect(lambda index: self.element_chosen.emit(self._element(index)))
        result.element_opened.connect(lambda index: self._on_element_opened(self._element(index)))
        result.asked.connect(self._on_ranks_asked)
        return result

    @cached_property
    def constants(self) -> ConstantsPane:
        """Weights and biases of the layer."""
        return self._hold(CONSTANTS, ConstantsPane(self._workspace, self._jobs))

    def tab_from(self, before: QWidget) -> None:
        """Let the tab key lead from a widget into the page that is seen, also into those that are made later."""
        self._before = before
        tab_after(before, self)

    def draw_ahead(self, planes: Planes) -> None:
        """Draw what takes longest of a tensor that is shown soon."""
        if self.currentIndex() == HEATMAPS:
            self.row.show_planes(planes)

    def show_tensor(self, planes: Planes, summary: Summary | None, pair: tuple[str, str], central: bool) -> None:
        """Show a channel of every source and, once they are known, the whole tensor's numbers.

        `pair` names the sources of the difference; `central` leaves the outermost values out of the range of colours.
        """
        self._planes, self._summary, self._pair, self._central = planes, summary, pair, central
        self._draw()

    @property
    def needs_no_tensor(self) -> bool:
        """Whether the page that is seen shows something of the network itself."""
        return self.currentIndex() == CONSTANTS

    def recolour(self) -> None:
        """Take the theme's colours."""
        self.row.recolour()
        for name in ("histograms", "values", "scatter", "channels", "constants"):
            if name in self.__dict__:  # it was made
                getattr(self, name).recolour()
        self._draw()

    def enlarge(self, source: str) -> None:
        """Let one heatmap fill the row, or bring the others back."""
        self.setCurrentIndex(HEATMAPS)
        self.row.enlarge(source)

    def _hold(self, page: int, result: Page) -> Page:
        self._holders[page].setLayout(column(result))
        tab_after(self._before, result)
        if isinstance(result, HistogramPane | ScatterPane | ConstantsPane):
            result.read_out.connect(self.read_out)
        return result

    def _draw(self) -> None:
        if self.currentIndex() == CONSTANTS:
            self.constants.show()
            return
        if self._planes is None:
            return
        draw: dict[int, Callable[[Planes], None]] = {
            HEATMAPS: self._draw_planes, HISTOGRAMS: self._draw_histograms, VALUES: self._draw_values,
            SCATTER: self._draw_scatter, CHANNELS: self._draw_channels,
        }  # fmt: skip
        draw[self.currentIndex()](self._planes)

    def _draw_planes(self, planes: Planes) -> None:
        self.row.show_planes(planes)
        self.row.show_summary(self._summary, self._pair)

    def _draw_histograms(self, planes: Planes) -> None:
        self.histograms.show_summary(self._summary, self._pair, self.row.title)

    def _draw_values(self, planes: Planes) -> None:
        self.values.show_summary(self._summary, self._pair, planes.names, self.row.title)

    def _draw_scatter(self, planes: Planes) -> None:
        self.scatter.look_at(planes, self._summary, self._pair, self._questions.subject, self.row.title)

    def _draw_channels(self, planes: Planes) -> None:
        self.channels.look_at(planes, self._summary, self._pair, self.row.title)

    def _on_scatter_asked(self, question: Question) -> None:
        def answered(found: Scatter | None) -> None:
            self.scatter.show_scatter(found)

        self._questions.ask("scatter", question, lambda found, cut: scatter(found, cut, question), answered)

    def _on_ranks_asked(self, axis: int) -> None:
        self._questions.ask("ranks", axis, lambda found, cut: rank(found, cut, axis), self.channels.show_ranks)

    def _element(self, index: tuple[int, ...]) -> Element:
        assert self._planes is not None
        return Element(index, self._planes.cut.channel_at(dict(enumerate(index))))

    def _on_place_opened(self, channel: int, position: int) -> None:
        if self._planes is not None:
            self._on_element_opened(Element(place(self._planes.cut, channel, position), channel))

    def _on_element_opened(self, element: Element) -> None:
        self.planes_wanted.emit()
        self.element_chosen.emit(element)

    def _on_channel_opened(self, channel: int) -> None:
        self.planes_wanted.emit()
        self.channel_chosen.emit(channel)

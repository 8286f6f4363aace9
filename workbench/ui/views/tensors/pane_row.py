"""Golden, simulator, runtime and difference side by side: linked ranges of colours, zoom and cross hairs."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from itertools import permutations

import numpy as np
from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QMenu, QWidget

from workbench.project.comparison.sides import LETTERS
from workbench.project.results import SOURCES
from workbench.ui.models.tensors.planes import DIFFERENCE, SHOWN, Pair, Planes
from workbench.ui.models.tensors.summary import Summary
from workbench.ui.numbers import range_text
from workbench.ui.views.tensors.cell_numbers import Numbers
from workbench.ui.views.tensors.pane import TensorPane
from workbench.ui.views.tensors.texts import (
    Titled,
    alarm_text,
    axes_text,
    difference_title,
    statistics_text,
    value_text,
)
from workbench.ui.widgets import Splitter, column

DELTA = "Δ"
SKEW = 1.8  # of a plane's proportions to the picture's; small planes round them


class PaneRow(QWidget):
    """One pane a source; one of them can fill the row."""

    pointed = Signal(object)
    """The position in the plane under the pointer, or None."""
    values_requested = Signal()
    """The runtime's: what `lead` says is wanted."""
    pair_chosen = Signal(object)
    """What is to be subtracted from what."""
    chosen = Signal(object)
    """A position in the plane that was clicked or chosen with Enter."""
    menu_wanted = Signal(str, object)
    """The source whose menu is wanted, and where on the screen."""

    def __init__(self, panes: Mapping[str, TensorPane], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.panes = panes
        self.enlarged = self.current = ""
        self.titled: Titled = str
        self.lead: Callable[[], tuple[str, ...]] = tuple
        """What to do where there are no values of a board, and a button's word and icon for it."""
        self._planes: Planes | None = None
        self._drawn: object = None
        self._told: tuple[Summary | None, Pair] | None = None
        self._offered: object = None
        self._picture: np.ndarray | None = None
        self._opacity = 1.0
        self._empty: frozenset[str] | None = None
        self._splitter = splitter = Splitter(Qt.Orientation.Horizontal)
        for source, pane in self.panes.items():
            splitter.addWidget(pane)
            pane.call(self._title(source))
            pane.pointed.connect(lambda position, source=source: self._on_pointed(source, position))
            pane.chosen.connect(self.chosen)
            pane.menu_wanted.connect(lambda place, source=source: self.menu_wanted.emit(source, place))
            pane.enlarge_requested.connect(lambda source=source: self.enlarge(source))
            pane.heatmap.view_changed.connect(self._on_view_changed)
        self.panes["runtime"].asked.connect(self.values_requested)
        self._link()
        self.setLayout(column(splitter))

    def show_planes(self, planes: Planes) -> None:
        """Show a channel of every source, or what was made of all channels."""
        drawn = id(planes), [self.title(source) for source in SOURCES], self.lead()
        if planes is self._planes and drawn == self._drawn:
            return
        self._planes, self._drawn = planes, drawn
        self._lay_over()
        with self.moving_alone():
            self._draw(planes)

    @contextmanager
    def moving_alone(self) -> Iterator[None]:
        """For planes and sizes that all panes get alike: that each tells the others of it takes 10 ms and more."""
        for pane in self.panes.values():
            pane.heatmap.hold_links(True)
        try:
            yield
        finally:
            for pane in self.panes.values():
                pane.heatmap.hold_links(False)

    def _draw(self, planes: Planes) -> None:
        self._make_room(frozenset(SOURCES) - planes.values.keys())
        for source in SOURCES:
            self.panes[source].title.set_text(self.title(source))
            self._show(source, planes.values.get(source), planes.missing.get(source, ""))
        self._show_difference(planes)
        frame = planes.mosaic.frame(planes.channel) if planes.mosaic else None
        axes = "" if planes.is_spatial or planes.mosaic is not None else axes_text(planes)
        for pane in self.panes.values():
            pane.heatmap.show_frame(frame)
            pane.bar.show_axes(axes)

    def show_picture(self, picture: np.ndarray | None, opacity: float) -> None:
        """Lay planes that are spatial over this picture from now on; None: over nothing."""
        if picture is None and self._picture is None:
            return
        self._picture, self._opacity, self._drawn = picture, opacity, None
        if self._planes is not None:
            self.show_planes(self._planes)

    def set_opacity(self, opacity: float) -> None:
        """How opaque the planes are over the picture."""
        self._opacity = opacity
        self._lay_over()

    def show_summary(self, summary: Summary | None, pair: tuple[str, str]) -> None:
        """Write the statistics of the whole tensors above the panes; None while they are not known."""
        if self._told is not None and self._told[0] is summary and self._told[1] == pair:
            return
        self._told = summary, pair
        numbers = dict(summary.statistics) if summary else {}
        gap = summary.gap(pair) if summary else None
        if gap is not None:
            numbers[DIFFERENCE] = gap.statistics
        for source, pane in self.panes.items():
            found = numbers.get(source)
            if found:
                text = statistics_text(found)
                shorter = range_text(found["min"], found["max"], 3) if text else ""
                pane.show_numbers(text, alarm_text(found), shorter)
            else:
                pane.show_numbers("", "")

    def enlarge(self, source: str) -> None:
        """Let one pane fill the row; the same again brings the others back."""
        before, self.enlarged = self.enlarged, "" if source == self.enlarged else source
        old, new = self.panes[before or SHOWN[0]].heatmap, self.panes[self.enlarged or SHOWN[0]].heatmap
        part = old.seen if old.moved_by_hand else None  # before the links move it
        for name, pane in self.panes.items():
            pane.setVisible(self.enlarged in ("", name))
        self._link()
        if before:
            QTimer.singleShot(0, new, lambda: new.look_at(part))  # once the panes have their new sizes

    def title(self, source: str) -> str:
        """The name that a source is shown by."""
        given = self.titled(source)
        if given != source:
            return given
        return LETTERS[SOURCES.index(source)] if self._is_other else self._title(source)

    def mark(self, position: tuple[int, ...] | None) -> None:
        """Cross hairs at the same element everywhere."""
        for pane in self.panes.values():
            pane.mark(position)

    def go_to(self, position: tuple[int, ...]) -> None:
        """Cross hairs at an element, which is brought into sight."""
        self.mark(position)
        for pane in self.panes.values():
            pane.bring_into_view(position)

    def recolour(self) -> None:
        """Take the theme's colours."""
        self._drawn = None
        for pane in self.panes.values():
            pane.recolour()

    def _show(self, source: str, plane: np.ndarray | None, reason: str) -> None:
        pane, planes = self.panes[source], self._planes
        assert planes is not None
        if plane is None:
            lead = source == "runtime" and not reason and not self._is_other
            none = self.tr("No side C was chosen.") if self._is_other and source == "runtime" else self.tr("No values.")
            pane.show_reason(*(self.lead() if lead else (reason or none,)))
        elif not plane.size:
            pane.show_reason(self.tr("This tensor has no elements."))
        elif planes.is_line and plane.size == 1:
            pane.show_value(value_text(planes, source))
        elif planes.is_line:
            pane.show_line(plane, planes.limits[source])
        elif source in planes.strange:
            pane.heatmap.show_numbers(None)
            pane.show_strange(planes.images[source], planes.strange[source], not planes.has_tokens)
        else:
            numbers = None if planes.mosaic is not None else Numbers(plane, planes.stored.get(source))
            pane.heatmap.show_numbers(numbers)
            pane.show_image(planes.images[source], planes.limits[source], not planes.has_tokens)

    def _show_difference(self, planes: Planes) -> None:
        pane, gap = self.panes[DIFFERENCE], planes.gap
        title = self._title(DIFFERENCE) if gap is None else difference_title(planes.pair, self.title)
        pane.title.set_text(title, shorter=(*self._letters(planes.pair), self._title(DIFFERENCE), DELTA))
        self._show(DIFFERENCE, gap, "" if gap is not None else self.tr("There is nothing to compare."))
        pairs = list(permutations(planes.values, 2))
        if (pairs, planes.pair) != self._offered:
            self._offered = pairs, planes.pair
            self._offer(pairs, planes.pair)

    def _letters(self, pair: Pair) -> tuple[str, ...]:
        """ "B − A" where the sources stand for the sides of another comparison."""
        return (difference_title(pair, lambda source: LETTERS[SOURCES.index(source)]),) if self._is_other else ()

    @property
    def _is_other(self) -> bool:
        """Whether the sources stand for the sides of another comparison."""
        return self.titled("golden") != "golden"

    def _offer(self, pairs: list[Pair], current: Pair) -> None:
        """Let the user choose what is subtracted from what."""
        menu_button = self.panes[DIFFERENCE].menu
        menu_button.setVisible(bool(pairs))
        menu_button.setToolTip(self.tr("Choose what is subtracted from what"))
        menu_button.setAccessibleName(menu_button.toolTip())
        menu = QMenu(menu_button)
        for pair in pairs:
            action = menu.addAction(difference_title(pair, self.title))
            action.setCheckable(True)
            action.setChecked(pair == current)
            action.triggered.connect(lambda _, pair=pair: self.pair_chosen.emit(pair))
        old = menu_button.menu()
        menu_button.setMenu(menu)
        if old is not None:
            old.deleteLater()

    def _lay_over(self) -> None:
        planes = self._planes
        fits = planes is not None and planes.is_spatial and not planes.is_line and self._is_shaped_as(planes)
        for pane in self.panes.values():
            pane.show_picture(self._picture if fits else None, self._opacity)

    def _is_shaped_as(self, planes: Planes) -> bool:
        """Whether a plane has about the picture's proportions: anchors laid out as rows have not."""
        if self._picture is None or 0 in planes.extent:
            return False
        rows, columns = planes.extent
        height, width = self._picture.shape
        return 1 / SKEW < (rows * width) / (columns * height) < SKEW

    def _make_room(self, empty: frozenset[str]) -> None:
        """A pane that has nothing to show is narrow."""
        if empty != self._empty:
            self._empty = empty
            full = max(1, self.width())
            self._splitter.setSizes([full // 3 if source in empty else full for source in SHOWN])

    def _link(self) -> None:
        """Panes that are seen together move together; one that fills the row stands alone."""
        leader = self.panes[SHOWN[0]]
        for pane in self.panes.values():
            pane.follow(None if self.enlarged or pane is leader else leader)

    def _on_view_changed(self, by_hand: bool) -> None:
        if not self.enlarged:
            for pane in self.panes.values():
                pane.heatmap.moved_by_hand = by_hand

    def _on_pointed(self, source: str, position: tuple[int, ...] | None) -> None:
        self.current = source
        self.mark(position)
        self.pointed.emit(position)

    def _title(self, source: str) -> str:
        titles = {
            "golden": self.tr("golden"), "simulator": self.tr("simulator"), "runtime": self.tr("runtime"),
            DIFFERENCE: self.tr("difference"),
        }  # fmt: skip
        return titles[source]

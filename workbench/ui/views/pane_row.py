"""Golden, simulator, runtime and difference side by side: linked ranges of colours, zoom and cross hairs."""

from collections.abc import Mapping

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QMenu, QWidget

from workbench.ui.models.heat_image import Range, common_range, symmetric_range
from workbench.ui.models.tensor_data import SOURCES, Planes
from workbench.ui.models.tensor_summary import Summary
from workbench.ui.views.tensor_pane import TensorPane
from workbench.ui.views.tensor_texts import alarm_text, difference_title, range_text, statistics_text
from workbench.ui.widgets import Splitter, column

DIFFERENCE, DELTA = "difference", "Δ"
ORDER = (*SOURCES, DIFFERENCE)


class PaneRow(QWidget):
    """One pane a source; one of them can fill the row."""

    pointed = Signal(object)
    """The position in the plane under the pointer, or None."""
    import_requested = Signal()
    other_chosen = Signal(str)
    """The source whose difference from golden is shown."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.panes = {source: TensorPane(source, self._title(source)) for source in ORDER}
        self.enlarged = ""
        self._empty: frozenset[str] | None = None
        self._splitter = splitter = Splitter(Qt.Orientation.Horizontal)
        for source, pane in self.panes.items():
            splitter.addWidget(pane)
            pane.pointed.connect(self._on_pointed)
            pane.enlarge_requested.connect(lambda source=source: self.enlarge(source))
            pane.heatmap.view_changed.connect(self._on_view_changed)
        self.panes["runtime"].asked.connect(self.import_requested)
        self._link()
        self.setLayout(column(splitter))

    def show_planes(self, planes: Planes, pair: tuple[str, str], central: bool) -> None:
        """Show a channel of every source; `central` leaves the outermost values out of the range of colours."""
        self._make_room(frozenset(SOURCES) - planes.values.keys())
        limits = common_range(planes.values.values(), central)
        for source in SOURCES:
            self._show(source, planes.values.get(source), limits, planes.missing.get(source, ""))
        gap = difference(planes.values, pair)
        title = difference_title(pair) if gap is not None else self._title(DIFFERENCE)
        self.panes[DIFFERENCE].title.set_text(title, shorter=(self._title(DIFFERENCE), DELTA))
        reason = "" if gap is not None else self.tr("There is nothing to compare with golden.")
        self._show(DIFFERENCE, gap, symmetric_range(gap, central) if gap is not None else (0.0, 1.0), reason)

    def show_summary(self, summary: Summary | None, pair: tuple[str, str]) -> None:
        """Write the statistics of the whole tensors above the panes; None while they are not known."""
        numbers = dict(summary.statistics) if summary else {}
        if summary and pair[0] in summary.differences:
            numbers[DIFFERENCE] = summary.differences[pair[0]].statistics
        for source, pane in self.panes.items():
            found = numbers.get(source)
            if found:
                pane.show_numbers(statistics_text(found), alarm_text(found), range_text(found))
            else:
                pane.show_numbers("", "")

    def enlarge(self, source: str) -> None:
        """Let one pane fill the row; the same again brings the others back."""
        before, self.enlarged = self.enlarged, "" if source == self.enlarged else source
        for name, pane in self.panes.items():
            pane.setVisible(self.enlarged in ("", name))
        self._link()
        if before:
            view = self.panes[before].heatmap
            self.panes[self.enlarged or ORDER[0]].heatmap.take_view(view)

    def offer(self, sources: list[str], current: str) -> None:
        """Let the user choose whose difference from golden is shown, where there is a choice."""
        menu_button = self.panes[DIFFERENCE].menu
        menu_button.setVisible(len(sources) > 1)
        menu_button.setToolTip(self.tr("Choose the source that is compared with golden"))
        menu = QMenu(menu_button)
        for source in sources:
            action = menu.addAction(difference_title((source, ORDER[0])))
            action.setCheckable(True)
            action.setChecked(source == current)
            action.triggered.connect(lambda _, source=source: self.other_chosen.emit(source))
        old = menu_button.menu()
        menu_button.setMenu(menu)
        if old is not None:
            old.deleteLater()

    def mark(self, position: tuple[int, ...] | None) -> None:
        """Cross hairs at the same element everywhere."""
        for pane in self.panes.values():
            pane.mark(position)

    def recolour(self) -> None:
        """Take the theme's colours."""
        for pane in self.panes.values():
            pane.recolour()

    def _show(self, source: str, plane: np.ndarray | None, limits: Range, reason: str) -> None:
        pane = self.panes[source]
        if plane is None:
            lead = source == "runtime" and not reason
            pane.show_reason(
                self.tr("Connect a board or import its dumps.") if lead else reason or self.tr("No values."),
                self.tr("Import…") if lead else "",
            )
        elif not plane.size:
            pane.show_reason(self.tr("This tensor has no elements."))
        else:
            pane.show_plane(plane, limits)

    def _make_room(self, empty: frozenset[str]) -> None:
        """A pane that has nothing to show is narrow."""
        if empty != self._empty:
            self._empty = empty
            full = max(1, self.width())
            self._splitter.setSizes([full // 3 if source in empty else full for source in ORDER])

    def _link(self) -> None:
        """Panes that are seen together move together; one that fills the row stands alone."""
        leader = self.panes[ORDER[0]]
        for pane in self.panes.values():
            pane.follow(None if self.enlarged or pane is leader else leader)

    def _on_view_changed(self, by_hand: bool) -> None:
        if not self.enlarged:
            for pane in self.panes.values():
                pane.heatmap.moved_by_hand = by_hand

    def _on_pointed(self, position: tuple[int, ...] | None) -> None:
        self.mark(position)
        self.pointed.emit(position)

    def _title(self, source: str) -> str:
        titles = {
            "golden": self.tr("golden"), "simulator": self.tr("simulator"), "runtime": self.tr("runtime"),
            DIFFERENCE: self.tr("difference"),
        }  # fmt: skip
        return titles[source]


def difference(values: Mapping[str, np.ndarray], pair: tuple[str, str]) -> np.ndarray | None:
    """What is subtracted from what; None when one of the two is not there."""
    if not set(pair) <= values.keys():
        return None
    with np.errstate(invalid="ignore"):
        gap: np.ndarray = values[pair[0]] - values[pair[1]]
    return gap

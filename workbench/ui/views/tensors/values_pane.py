"""A tensor in numbers: statistics of every source, and the elements that differ most."""

import math
from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem, QWidget

from workbench.ui import keys, theme
from workbench.ui.models.tensors.channel_rows import UNKNOWN
from workbench.ui.models.tensors.histogram import Grid
from workbench.ui.models.tensors.summary import Difference, Element, Summary
from workbench.ui.numbers import real_text
from workbench.ui.tips import plain_tip
from workbench.ui.views.common.copy_rows import let_copy
from workbench.ui.views.tensors.histogram_pane import count_text
from workbench.ui.views.tensors.texts import Titled, axis_word, difference_title
from workbench.ui.widgets import ElidedLabel, column, label, row, show_lines

STATISTICS = ("min", "max", "mean", "std", "zeros", "nan", "inf", "count")
TIGHT = "QHeaderView::section { padding: 4px 3px; }"
WHOLE = ("zeros", "nan", "inf", "count")
LONG = 100_000
DELTA, CUT = "Δ", "✖"
FIGURES, FEW_FIGURES, ROOMY = 5, 3, 760
"""Digits where there is room and where there is not; the pointer's line has them all."""


class ValuesPane(QWidget):
    """Two tables; a click on an element goes to it."""

    element_chosen = Signal(object)
    """An `Element`."""
    element_opened = Signal(object)
    """One that is to be seen in the planes."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.statistics, self.elements = _Table(), _Table()
        self.elements.verticalHeader().hide()
        self._title = ElidedLabel("", "muted", Qt.TextElideMode.ElideRight)
        self._known: tuple[Summary | None, tuple[str, str]] | None = None
        self._shown: tuple[Element, ...] = ()
        layout = row(
            column(label(self.tr("Whole tensor"), "muted"), self.statistics, spacing=4),
            column(self._title, self.elements, spacing=4),
            spacing=12,
        )
        layout.setContentsMargins(8, 4, 8, 4)
        layout.setStretch(0, 5)
        layout.setStretch(1, 7)
        self.setLayout(layout)
        self.statistics.setAccessibleName(self.tr("Whole tensor"))
        self.elements.setAccessibleName(self.tr("Largest differences"))
        keys.set_place(self.elements, self.tr("Largest differences"))
        keys.set_place(self.statistics, self.tr("Whole tensor"))
        let_copy(self.statistics, self.tr("Copy the statistics"))
        let_copy(self.elements, self.tr("Copy the elements"))
        keys.tell(self.elements, ("Enter", self.tr("Show the element in the planes")))
        self.elements.itemSelectionChanged.connect(self._on_chosen)
        self.elements.activated.connect(lambda index: self.element_opened.emit(self._shown[index.row()]))

    def show_summary(
        self, summary: Summary | None, pair: tuple[str, str], names: Sequence[str] = (), titled: Titled = str
    ) -> None:
        """Show a tensor's numbers; `pair` names the sources of the difference, `names` are what its axes are called."""
        if self._known is not None and self._known[0] is summary and self._known[1] == pair:
            return  # what the user has selected stays
        self._known = summary, pair
        self.statistics.setRowCount(0)
        self.elements.setRowCount(0)
        self._shown = ()
        if summary is None:
            return
        gap = summary.gap(pair)
        columns = [(titled(source), numbers) for source, numbers in summary.statistics.items()]
        self._fill_statistics([*columns, *([(DELTA, gap.statistics)] if gap is not None else [])])
        self._shown = gap.largest if gap is not None else ()
        title = self.tr("Largest differences, {0}").format(difference_title(pair, titled))
        self._title.set_text(title if self._shown else self._nothing(gap), self.tr("Enter shows it in the planes."))
        self._fill_elements((titled(pair[0]), titled(pair[1])), names, summary.grids.get(pair[0]))
        for table in (self.statistics, self.elements):
            table.spread()

    @property
    def _figures(self) -> int:
        return FIGURES if self.width() >= ROOMY else FEW_FIGURES

    def recolour(self) -> None:
        """Take the theme's colours with what is shown next."""
        self._known = None

    def _nothing(self, gap: Difference | None) -> str:
        if gap is None:
            return self.tr("There is nothing to compare.")
        return self.tr("There is no difference.")

    def _fill_statistics(self, columns: Sequence[tuple[str, Mapping[str, float]]]) -> None:
        titles = {
            "min": self.tr("min"), "max": self.tr("max"), "mean": self.tr("mean"),
            "std": self.tr("std"), "zeros": self.tr("zeros"), "nan": self.tr("NaN"),
            "inf": self.tr("infinite"), "count": self.tr("elements"),
        }  # fmt: skip
        _head(self.statistics, [title for title, _ in columns], [titles[key] for key in STATISTICS])
        for place, (_, numbers) in enumerate(columns):
            for line, key in enumerate(STATISTICS):
                item = _item(UNKNOWN if math.isnan(numbers[key]) else real_text(numbers[key], self._figures))
                if key in WHOLE:
                    whole = count_text(int(numbers[key]))
                    is_long = numbers[key] >= LONG and self.width() < ROOMY
                    item = _item(short_count(numbers[key]) if is_long else whole)
                    item.setToolTip(whole if is_long else "")
                self.statistics.setItem(line, place, item)

    def _fill_elements(self, pair: tuple[str, str], names: Sequence[str], grid: Grid | None) -> None:
        index = ", ".join(axis_word(names, axis) for axis in range(len(names))) if any(names) else self.tr("index")
        has_stored = any(element.stored is not None for element in self._shown)
        titles = [index, pair[1], pair[0], DELTA, *([self.tr("stored")] if has_stored else [])]
        _head(self.elements, titles, [str(number + 1) for number in range(len(self._shown))])
        for line, element in enumerate(self._shown):
            values = (element.golden, element.other, element.other - element.golden)
            texts = [", ".join(map(str, element.index)), *(real_text(value, self._figures) for value in values)]
            for place, text in enumerate(texts):
                self.elements.setItem(line, place, _item(text))
            if element.stored is not None:
                self.elements.setItem(line, len(texts), self._stored_item(element, grid))

    def _stored_item(self, element: Element, grid: Grid | None) -> QTableWidgetItem:
        """The raw integer, marked where the encoding's end cuts the value off."""
        text = str(element.stored).replace("-", "−")
        low, high = grid.ends if grid is not None else (-math.inf, math.inf)
        is_cut = element.golden < low or element.golden > high
        item = _item(f"{CUT} {text}" if is_cut else text)
        if is_cut:
            item.setForeground(theme.active().bad)
            item.setToolTip(self.tr("Saturated: it lies beyond what can be stored."))
        return item

    def _on_chosen(self) -> None:
        line = self.elements.currentRow()
        if self.elements.selectedItems() and 0 <= line < len(self._shown):
            self.element_chosen.emit(self._shown[line])


class _Table(QTableWidget):
    """Columns have room for their numbers and share what is left; where even that is too little, the table scrolls."""

    def __init__(self) -> None:
        super().__init__()
        show_lines(self)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        header = self.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setMinimumSectionSize(1)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        header.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setStyleSheet(TIGHT)

    def spread(self) -> None:
        """Give the columns their widths; a header is cut off before a number is."""
        header = self.horizontalHeader()
        numbers = [self.sizeHintForColumn(place) for place in range(self.columnCount())]
        widths = [max(width, header.sectionSizeHint(place)) for place, width in enumerate(numbers)]
        room = self.viewport().width()
        widths = widths if sum(widths) <= room else numbers
        rest = max(0, room - sum(widths)) // max(1, len(widths))
        for place, width in enumerate(widths):
            header.resizeSection(place, width + rest)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.spread()


def short_count(count: float) -> str:
    """Three digits of a large number."""
    return f"{count / 1e6:.3g} M" if count >= 1e6 else f"{count / 1e3:.3g} k"


def _head(table: QTableWidget, columns: list[str], rows: list[str]) -> None:
    table.setColumnCount(len(columns))
    table.setRowCount(len(rows))
    table.setHorizontalHeaderLabels(columns)
    for place, title in enumerate(columns):
        table.horizontalHeaderItem(place).setToolTip(plain_tip(title))  # type: ignore[union-attr]
    table.setVerticalHeaderLabels(rows)


def _item(text: str) -> QTableWidgetItem:
    item = QTableWidgetItem(text)
    item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    return item

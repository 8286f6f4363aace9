"""A tensor in numbers: statistics of every source, and the elements that differ most."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem, QWidget

from workbench.ui.models.tensor_summary import Element, Summary
from workbench.ui.views.tensor_texts import difference_title, real_text
from workbench.ui.widgets import column, digits, label, row

STATISTICS = ("min", "max", "mean", "std", "zeros", "nan", "inf", "count")
TIGHT = "QHeaderView::section { padding: 4px 3px; }"
WHOLE = ("zeros", "nan", "inf", "count")
DELTA = "Δ"
FIGURES = 4  # more has no room in a narrow window; the pointer's line has them


class ValuesPane(QWidget):
    """Two tables; a click on an element goes to it."""

    element_chosen = Signal(object)
    """An `Element`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.statistics, self.elements = _table(), _table()
        self.elements.verticalHeader().hide()
        self._title = label("", "muted")
        self._shown: tuple[Element, ...] = ()
        layout = row(
            column(label(self.tr("Whole tensor"), "muted"), self.statistics, spacing=4),
            column(self._title, self.elements, spacing=4),
            spacing=12,
        )
        layout.setContentsMargins(8, 4, 8, 4)
        layout.setStretch(0, 9)
        layout.setStretch(1, 11)
        self.setLayout(layout)
        self.elements.itemSelectionChanged.connect(self._on_chosen)

    def show_summary(self, summary: Summary | None, pair: tuple[str, str], last: bool) -> None:
        """Show a tensor's numbers; `pair` names the sources of the difference."""
        self.statistics.setRowCount(0)
        self.elements.setRowCount(0)
        self._shown = ()
        if summary is None:
            return
        self._fill_statistics(summary, pair)
        difference = summary.differences.get(pair[0])
        self._shown = difference.largest if difference else ()
        self._title.setText(self.tr("Largest differences, {0}").format(difference_title(pair)) if self._shown else "")
        self._fill_elements(pair, last)

    def _fill_statistics(self, summary: Summary, pair: tuple[str, str]) -> None:
        columns = dict(summary.statistics)
        if pair[0] in summary.differences:
            columns[DELTA] = summary.differences[pair[0]].statistics
        titles = {
            "min": self.tr("min"), "max": self.tr("max"), "mean": self.tr("mean"),
            "std": self.tr("std"), "zeros": self.tr("zeros"), "nan": self.tr("NaN"),
            "inf": self.tr("infinite"), "count": self.tr("elements"),
        }  # fmt: skip
        _head(self.statistics, list(columns), [titles[key] for key in STATISTICS])
        for place, numbers in enumerate(columns.values()):
            for line, key in enumerate(STATISTICS):
                text = (
                    f"{int(numbers[key]):,}".replace(",", "\u202f")
                    if key in WHOLE
                    else real_text(numbers[key], FIGURES)
                )
                self.statistics.setItem(line, place, _item(text))

    def _fill_elements(self, pair: tuple[str, str], last: bool) -> None:
        has_letters = bool(self._shown) and len(self._shown[0].index) == 4
        index = ("n, h, w, c" if last else "n, c, h, w") if has_letters else self.tr("index")
        titles = [index, pair[1], pair[0], DELTA]
        _head(self.elements, titles, [str(number + 1) for number in range(len(self._shown))])
        self.elements.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
        for line, element in enumerate(self._shown):
            texts = [
                ", ".join(map(str, element.index)),
                *(
                    real_text(value, FIGURES)
                    for value in (element.golden, element.other, element.other - element.golden)
                ),
            ]
            for place, text in enumerate(texts):
                self.elements.setItem(line, place, _item(text))

    def _on_chosen(self) -> None:
        line = self.elements.currentRow()
        if self.elements.selectedItems() and 0 <= line < len(self._shown):
            self.element_chosen.emit(self._shown[line])


def _table() -> QTableWidget:
    table = QTableWidget()
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    table.setShowGrid(False)
    table.setFont(digits(table.font()))
    table.verticalHeader().setDefaultSectionSize(24)
    table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
    table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    table.horizontalHeader().setHighlightSections(False)
    table.setStyleSheet(TIGHT)
    table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    return table


def _head(table: QTableWidget, columns: list[str], rows: list[str]) -> None:
    table.setColumnCount(len(columns))
    table.setRowCount(len(rows))
    table.setHorizontalHeaderLabels(columns)
    table.setVerticalHeaderLabels(rows)


def _item(text: str) -> QTableWidgetItem:
    item = QTableWidgetItem(text)
    item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    return item

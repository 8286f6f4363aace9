"""Says what the graph's colours mean, and lets one colour by something else."""

from collections.abc import Iterable

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup, QColor, QFontMetrics, QLinearGradient, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QSizePolicy, QToolButton, QWidget

from workbench.compare.metrics import METRICS
from workbench.ui import theme
from workbench.ui.models.graph_colours import Colouring
from workbench.ui.views.error_block import SHORT
from workbench.ui.views.graph_palette import colours, kind_titles
from workbench.ui.views.source_dot import SourceDot
from workbench.ui.widgets import digits

GRADIENT = 168
GAP = 12
FONT = 11
Entry = tuple[str, str, QColor]
"""A symbol, what it means, and the symbol's colour."""


class GraphLegend(QFrame):
    """A line of symbols and titles, or a ramp with its values; the button in front opens the list of metrics."""

    colouring_chosen = Signal(str, str)
    """Column and metric."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self._button = QToolButton(popupMode=QToolButton.ToolButtonPopupMode.InstantPopup)
        self._button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        self._dot = SourceDot("simulator")
        self._key = _Key()
        font = digits(self.font())
        font.setPixelSize(FONT)
        self._button.setFont(font)
        self._key.setFont(font)
        self._row = layout = QHBoxLayout(self)
        layout.setContentsMargins(4, 2, 6, 2)
        layout.setSpacing(4)
        layout.addSpacing(4)
        layout.addWidget(self._dot)
        layout.addWidget(self._button)
        layout.addWidget(self._key)

    def show_colouring(self, colouring: Colouring, column: str, metric: str, columns: Iterable[str]) -> None:
        """Explain a colouring; `columns` are those that have values."""
        offered = list(columns)
        self._button.setVisible(bool(offered))
        mode = column.partition(".")[2]
        self._button.setText(f"{SHORT[metric]} · {mode}")
        self._button.setToolTip(
            self.tr("{0} of {1}: colour by another value").format(metric_title(metric), column_title(column))
        )
        self._dot.set_source(column.partition(".")[0])
        self._dot.setVisible(bool(offered))
        self._fill_menu(offered, column, metric)
        self._key.show_colouring(colouring)
        self.adjustSize()

    def fit(self, room: int) -> None:
        """Be no wider than `room`: what does not fit into one line goes into further ones."""
        margins, gap = self._row.contentsMargins(), self._row.spacing()
        taken = margins.left() + margins.right() + 2 * gap + 2 * self.frameWidth()
        if self._button.isVisibleTo(self):
            taken += self._dot.sizeHint().width() + self._button.sizeHint().width() + 2 * gap
        self._key.set_room(room - taken)
        self._row.activate()
        self.adjustSize()

    def _fill_menu(self, columns: list[str], column: str, metric: str) -> None:
        menu = QMenu(self._button)
        for title, choices, chosen in self._choices(columns, column, metric):
            menu.addSection(title)
            group = QActionGroup(menu)
            for text, pair in choices:
                action = QAction(text, menu, checkable=True, checked=pair == chosen)
                action.triggered.connect(lambda _, pair=pair: self.colouring_chosen.emit(*pair))
                group.addAction(action)
                menu.addAction(action)
        old = self._button.menu()
        self._button.setMenu(menu)
        if old is not None:
            old.deleteLater()

    def _choices(
        self, columns: list[str], column: str, metric: str
    ) -> list[tuple[str, list[tuple[str, tuple[str, str]]], tuple[str, str]]]:
        run = [(column_title(name), (name, metric)) for name in columns]
        value = [(metric_title(key), (column, key)) for key in METRICS]
        return [(self.tr("Run"), run, (column, metric)), (self.tr("Value"), value, (column, metric))]


def column_title(column: str) -> str:
    """A column of the table in words: "simulator.entire" is "simulator, entire"."""
    source, _, mode = column.partition(".")
    return f"{source}, {mode.replace('_', ' ')}"


def metric_title(metric: str) -> str:
    """A metric in words, with its unit where the words do not say it."""
    known = METRICS[metric]
    return f"{known.title} ({known.unit})" if known.unit and known.unit not in known.title else known.title


class _Key(QWidget):
    """The painted part: entries with a swatch or symbol, or a gradient with ticks."""

    def __init__(self) -> None:
        super().__init__()
        self._colouring: Colouring | None = None
        self._room = 10_000
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_colouring(self, colouring: Colouring) -> None:
        self._colouring = colouring
        self.setAccessibleName(", ".join(text for _, text, _ in self._entries()))
        self.updateGeometry()
        self.update()

    def set_room(self, room: int) -> None:
        """Break lines where they would be wider."""
        if room != self._room:
            self._room = room
            self.updateGeometry()
            self.update()

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(self.font())
        lines = self._lines()
        width = max((left + wide - GAP + 4 for line in lines for left, wide, _ in line), default=1)
        least = 2 * metrics.height() + 4 if self._is_ramp() else 0
        return QSize(width, max(least, len(lines) * self._line_height + 6))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._is_ramp():
            self._paint_ramp(painter)
        metrics, lines = QFontMetrics(self.font()), self._lines()
        top = (self.height() - len(lines) * self._line_height) // 2
        for number, line in enumerate(lines):
            base = top + number * self._line_height + (self._line_height + metrics.ascent() - metrics.descent()) // 2
            for left, _, (symbol, text, colour) in line:
                painter.setPen(colour)
                painter.drawText(left, base, symbol)
                painter.setPen(theme.active().text)
                painter.drawText(left + metrics.horizontalAdvance(symbol) + 5, base, text)
        painter.end()

    @property
    def _line_height(self) -> int:
        return QFontMetrics(self.font()).height() + 4

    def _lines(self) -> list[list[tuple[int, int, Entry]]]:
        """The entries with their left ends and widths, line by line."""
        metrics, start = QFontMetrics(self.font()), GRADIENT + 34 if self._is_ramp() else 4
        lines: list[list[tuple[int, int, Entry]]] = [[]]
        left = start
        for entry in self._entries():
            wide = metrics.horizontalAdvance(entry[0] + entry[1]) + 5 + GAP
            if lines[-1] and left + wide - GAP > self._room:
                lines.append([])
                left = start
            lines[-1].append((left, wide, entry))
            left += wide
        return lines

    def _is_ramp(self) -> bool:
        return self._colouring is not None and self._colouring.scale == "ramp"

    def _entries(self) -> list[Entry]:
        if self._colouring is None:
            return []
        bands = [(band.symbol, band.title, band.colour) for band in theme.active().bands]
        if self._colouring.scale == "bands":
            return bands
        if self._colouring.scale == "ramp":
            return bands[-1:]
        present = sorted({int(number) for number in self._colouring.classes} - {len(kind_titles())})
        shown = colours("kinds")
        return [("■", kind_titles()[number], shown[number]) for number in present]

    def _paint_ramp(self, painter: QPainter) -> None:
        ticks = self._colouring.ticks if self._colouring is not None else ()
        gradient = QLinearGradient(10, 0, 10 + GRADIENT, 0)
        shown = colours("ramp")[:-1]
        for number, colour in enumerate(shown):
            gradient.setColorAt(number / (len(shown) - 1), colour)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(gradient)
        painter.drawRoundedRect(QRectF(10, 3, GRADIENT, 8), 2, 2)
        painter.setPen(theme.active().muted)
        metrics = QFontMetrics(self.font())
        picks = ticks if len(ticks) < 4 else (ticks[0], ticks[len(ticks) // 2], ticks[-1])
        for number, text in enumerate(picks):
            share = number / max(1, len(picks) - 1)
            width = metrics.horizontalAdvance(text)
            painter.drawText(int(10 + share * (GRADIENT - width)), 13 + metrics.ascent(), text)

"""Names and values in aligned columns, painted: dozens of labels take longer to fill than a selection may take."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QGuiApplication,
    QHelpEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QMenu, QSizePolicy, QToolTip, QWidget

from workbench.ui import keys, theme
from workbench.ui.models.table.copying import tabbed
from workbench.ui.tips import plain_tip
from workbench.ui.widgets import digits

Cell = str | tuple[str, str]
"""A text, or a text and its role: muted, warning, bad."""
GAP, LINE_GAP = 10, 4
TO_THE_LEFT, TO_THE_RIGHT = (
    side | Qt.AlignmentFlag.AlignVCenter for side in (Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight)
)
NAMES_SHARE = 0.55  # of the width, at most, for names beside values that are elided


class FactGrid(QWidget):
    """The first column names, the others hold values: right-aligned `numbers`, or texts that lose their ends.

    `clicked` gives the row and the column of a cell that leads somewhere.
    """

    clicked = Signal(int, int)

    def __init__(self, columns: int, *, numbers: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._columns, self._numbers = columns, numbers
        self._rows: list[list[tuple[str, str]]] = []
        self._links: Mapping[tuple[int, int], str] = {}
        self._widths = [0] * columns
        self._advances: list[list[int]] = []
        self.setMouseTracking(True)
        self.setFont(digits(self.font()))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Facts"))
        keys.tell(self, ("Ctrl+C", self.tr("Copy the facts")))

    def show_rows(self, rows: Sequence[Sequence[Cell]], links: Mapping[tuple[int, int], str] | None = None) -> None:
        """Show other rows; a row may have fewer cells than there are columns.

        `links` says of cells that lead somewhere, by row and column, where that is.
        """
        self._links = links or {}
        given = [[cell if isinstance(cell, tuple) else (cell, "") for cell in row] for row in rows]
        if given == self._rows:
            return
        is_taller = len(given) != len(self._rows)
        self._rows = given
        self._measure()
        if is_taller:
            self.updateGeometry()
        self.setAccessibleDescription("; ".join(" ".join(row) for row in self.texts()))
        self.update()

    def texts(self) -> list[list[str]]:
        """What is shown."""
        return [[text for text, _ in row] for row in self._rows]

    def sizeHint(self) -> QSize:
        return QSize(sum(self._widths) + GAP * (self._columns - 1), len(self._rows) * self._line)

    def minimumSizeHint(self) -> QSize:
        return QSize(sum(self._widths) + GAP * (self._columns - 1) if self._numbers else 40, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, area, colours = QPainter(self), event.rect(), _colours()
        ends = [self._ends(place) for place in range(self._columns)]
        metrics, height = self.fontMetrics(), self._line
        for line in range(area.top() // height, min(len(self._rows), area.bottom() // height + 1)):
            for place, ((text, role), wide) in enumerate(zip(self._rows[line], self._advances[line], strict=True)):
                left, right = ends[place]
                if wide > right - left + 1:
                    text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, right - left + 1)
                painter.setPen(colours[role or ("muted" if place == 0 else "")])
                side = TO_THE_RIGHT if self._numbers and place > 0 else TO_THE_LEFT
                painter.drawText(QRect(left, line * height, right - left, height), side, text)
        if self.hasFocus():
            painter.setPen(theme.active().accent)
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), plain_tip(self._tip(event.pos())), self)
            return True
        if event.type() == QEvent.Type.FontChange:
            self._measure()
        return super().event(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        is_link = self._cell_at(event.position().toPoint()) in self._links
        self.setCursor(Qt.CursorShape.PointingHandCursor if is_link else Qt.CursorShape.ArrowCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        cell = self._cell_at(event.position().toPoint())
        if cell in self._links and event.button() == Qt.MouseButton.LeftButton:
            self.clicked.emit(*cell)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self._copy()
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(self.tr("Copy")).triggered.connect(self._copy)
        menu.popup(event.globalPos())

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(tabbed(self.texts()))

    @property
    def _line(self) -> int:
        return self.fontMetrics().height() + LINE_GAP

    def _measure(self) -> None:
        """The widths of the texts and of the columns."""
        advance = self.fontMetrics().horizontalAdvance
        self._advances = [[advance(text) for text, _ in row] for row in self._rows]
        self._widths = [
            max((row[place] for row in self._advances if place < len(row)), default=0) + 1
            for place in range(self._columns)
        ]

    def place(self, line: int, place: int) -> QRect:
        """Where a cell stands."""
        left, right = self._ends(place)
        return QRect(left, line * self._line, right - left, self._line)

    def _ends(self, place: int) -> tuple[int, int]:
        """Where a column begins, and where it has ended."""
        if self._numbers:
            right = self.width() - sum(width + GAP for width in self._widths[place + 1 :])
            return 0 if place == 0 else right - self._widths[place], right
        names = min(self._widths[0], int(self.width() * NAMES_SHARE))
        return (0, names) if place == 0 else (names + GAP, self.width())

    def _cell_at(self, at: QPoint) -> tuple[int, int]:
        """The row and the column under a point; -1, -1 between cells."""
        line = at.y() // self._line
        count = len(self._rows[line]) if 0 <= line < len(self._rows) else 0
        return next(((line, place) for place in range(count) if self.place(line, place).contains(at)), (-1, -1))

    def _tip(self, at: QPoint) -> str:
        """Where the cell under a point leads, or its text, where there was no room for all of it."""
        line, place = self._cell_at(at)
        if line < 0 or (line, place) in self._links:
            return self._links.get((line, place), "")
        text = self._rows[line][place][0]
        return text if self.fontMetrics().horizontalAdvance(text) > self.place(line, place).width() + 1 else ""


def _colours() -> Mapping[str, QColor]:
    """By the roles of texts."""
    colours = theme.active()
    return {"": colours.text, "muted": colours.muted, "bad": colours.bad, "warning": colours.bands[2].colour}

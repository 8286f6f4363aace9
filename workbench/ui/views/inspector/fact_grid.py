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
from workbench.ui.widgets import digits

Cell = str | tuple[str, str]
"""A text, or a text and its role: muted, warning, bad."""
GAP, LINE_GAP = 10, 4
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
        self._widths: list[int] = []
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
        painter = QPainter(self)
        for line, row in enumerate(self._rows):
            for place, (text, role) in enumerate(row):
                painter.setPen(_colour(role or ("muted" if place == 0 else "")))
                rect = self.place(line, place)
                is_right = self._numbers and place > 0
                shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, rect.width() + 1)
                side = Qt.AlignmentFlag.AlignRight if is_right else Qt.AlignmentFlag.AlignLeft
                painter.drawText(rect, side | Qt.AlignmentFlag.AlignVCenter, shown)
        if self.hasFocus():
            painter.setPen(theme.active().accent)
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), self._tip(event.pos()), self)
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
        """The widths of the columns."""
        advance = self.fontMetrics().horizontalAdvance
        self._widths = [
            max((advance(row[place][0]) for row in self._rows if place < len(row)), default=0) + 1
            for place in range(self._columns)
        ]

    def place(self, line: int, place: int) -> QRect:
        """Where a cell stands."""
        top, height = line * self._line, self._line
        if self._numbers:
            right = self.width() - sum(width + GAP for width in self._widths[place + 1 :])
            left = 0 if place == 0 else right - self._widths[place]
            return QRect(left, top, right - left, height)
        names = min(self._widths[0], int(self.width() * NAMES_SHARE))
        left = 0 if place == 0 else names + GAP
        return QRect(left, top, names if place == 0 else self.width() - left, height)

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


def _colour(role: str) -> QColor:
    colours = theme.active()
    return {"muted": colours.muted, "bad": colours.bad, "warning": colours.bands[2].colour}.get(role, colours.text)

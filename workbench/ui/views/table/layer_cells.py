"""How the cells of the layer table are painted."""

from collections.abc import Sequence
from functools import lru_cache

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyleOptionViewItem

from workbench.compare.compare import LayerError
from workbench.compare.grades import Grade
from workbench.ui import theme
from workbench.ui.colours import mix
from workbench.ui.models.graph.model import plain_name
from workbench.ui.models.table.columns import Column
from workbench.ui.models.table.layer_cells import Look
from workbench.ui.models.table.layer_texts import fact_text
from workbench.ui.models.table.layers import LayersModel
from workbench.ui.models.table.row_scopes import Heading
from workbench.ui.text_size import pixels
from workbench.ui.views.common.elided import elided_name, least_name
from workbench.ui.widgets import digits, small

MARGIN, GAP = 6, 3
MARK = 12  # pixels at the left of a value for the symbol of its grade
BAR_HEIGHT = 2.0
INDENT, ICON, CHIP_HEIGHT, CHIP_MARGIN = 12, 13, 17, 5
ARROW, JUMP = "→", "⇡"
LEAST_NAME, CHIP = 80, 48
"""Pixels below which a name needs the room of the chip of its group; the width of a chip with a number."""
Place = tuple[Column, QRect]
"""A column, and where its cell of a row is."""
STRONG = QFont.Weight.DemiBold
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter  # joining flags of Qt costs as much as a short text
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


def change_widths(font: QFont) -> tuple[int, int]:
    """The pixels that a value that has changed takes more: for the arrow, and for the old value before it."""
    arrow = QFontMetrics(font).horizontalAdvance(ARROW) + 2 * GAP
    return arrow, QFontMetrics(small(digits(font))).horizontalAdvance("0.00000")


class CellPainter:
    """Numbers with symbol, colour and bar of their badness, names as the graph writes them, headings of scopes.

    One paints what is visible once: what all cells share is asked for once, not in each of them.
    """

    def __init__(self, painter: QPainter, model: LayersModel, option: QStyleOptionViewItem) -> None:
        self._painter, self._model, self._font = painter, model, option.font
        self._colours, self._highlight = theme.active(), option.palette.highlight()
        self._ground, self._track = (_faint(self._colours.name, share) for share in (0.1, 0.16))
        painter.setFont(option.font)
        self._metrics = painter.fontMetrics()

    def paint_row(self, position: int, is_selected: bool, places: Sequence[Place]) -> None:
        """Paint the cells of a row, or of a heading, that have places."""
        model, heading = self._model, self._model.heading_at(position)
        is_last_pinned = model.pinned > 0 and position == model.pinned - 1
        for column, rect in places:
            if is_selected:
                self._painter.fillRect(rect, self._highlight)
            elif heading is not None:
                self._painter.fillRect(rect, self._ground)
            area = rect.adjusted(MARGIN, 0, -MARGIN, 0)
            if heading is not None:
                self._paint_of_heading(column, area, heading)
            else:
                self._paint_of_row(column, area, model.entry_at(position))
            if is_last_pinned:
                line = self._colours.accent
                self._painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, line)

    def _paint_of_row(self, column: Column, area: QRect, entry: int) -> None:
        cells = self._model.cells
        if column.kind == "value":
            self._paint_value(area, cells.look_of_row(entry, column))
        elif column.kind == "tensor":
            self._paint_tensor(area, entry)
        else:
            text = cells.of_row(entry, column, Qt.ItemDataRole.DisplayRole)
            self._paint_text(area, text, column.kind not in ("op", "precision", "own_note"), column.is_numeric)

    def _paint_of_heading(self, column: Column, area: QRect, heading: Heading) -> None:
        cells = self._model.cells
        if column.kind == "value":
            self._paint_value(area, cells.look_of_heading(heading, column))
        elif column.kind == "tensor":
            self._paint_title(area, heading)
        elif column.kind == "index":
            self._paint_chevron(area, heading)
        else:
            text = cells.of_heading(heading, column, Qt.ItemDataRole.DisplayRole)
            self._paint_text(area, text, True, column.is_numeric)

    def _paint_value(self, area: QRect, look: Look) -> None:
        painter, found = self._painter, look.grade
        band, is_marked = self._colours.bands[found], found.is_marked
        if look.length is not None:
            self._paint_bar(area, look.length, band.colour)
        painter.setPen(band.colour if is_marked or found == Grade.NONE else self._colours.text)
        painter.drawText(area, RIGHT, look.text)
        if is_marked:
            painter.drawText(area, LEFT, band.symbol)
        if look.change is not None:
            self._paint_change(area, look.text, *look.change)

    def _paint_bar(self, area: QRect, length: float, colour: QColor) -> None:
        """A line below the number, on a track as long as the worst has."""
        bar = QRectF(area.left(), area.bottom() - BAR_HEIGHT, area.width(), BAR_HEIGHT)
        self._painter.fillRect(bar, self._track)
        bar.setWidth(area.width() * length)
        self._painter.fillRect(bar, colour)

    def _paint_change(self, area: QRect, text: str, before: str, turned: str) -> None:
        """The old value, small, and an arrow in the colour of better or worse; without room only the arrow."""
        painter, colours = self._painter, self._colours
        right = area.right() - self._metrics.horizontalAdvance(text) - GAP
        painter.setPen(colours.bands[Grade.GOOD if turned == "better" else Grade.BAD].colour)
        painter.drawText(QRect(area.left(), area.top(), right - area.left(), area.height()), RIGHT, ARROW)
        right -= self._metrics.horizontalAdvance(ARROW) + GAP
        painter.setFont(small(self._font))
        width = painter.fontMetrics().horizontalAdvance(before)
        if right - width >= area.left() + pixels(MARK):
            painter.setPen(colours.muted)
            painter.drawText(QRect(right - width, area.top(), width + 1, area.height()), RIGHT, before)
        painter.setFont(self._font)

    def _paint_tensor(self, area: QRect, entry: int) -> None:
        """The name behind its scope's indent; at the right what is special about the row."""
        level, outer = self._model.scope_around(entry)
        area = area.adjusted(pixels(INDENT) * level, 0, 0, 0)
        row, marks = self._model.cells.marks(entry)
        area = area.adjusted(0, 0, -self._paint_marks(area, row, marks), 0)
        name = plain_name(row.tensor)
        self._paint_name(area, name.removeprefix(f"{outer}/") if outer else name, self._metrics)

    def _paint_title(self, area: QRect, heading: Heading) -> None:
        """What a heading is called."""
        area = area.adjusted(pixels(INDENT) * heading.level, 0, 0, 0)
        area = area.adjusted(self._paint_own_chevron(area, heading), 0, 0, 0)
        font = QFont(self._font)
        font.setWeight(STRONG)
        self._painter.setFont(font)
        self._paint_name(area, heading.title, self._painter.fontMetrics())
        self._painter.setFont(self._font)

    def _paint_name(self, area: QRect, name: str, metrics: QFontMetrics) -> None:
        self._painter.setPen(self._colours.text)
        self._painter.drawText(area, LEFT, elided_name(metrics, name, area.width()))

    def _paint_marks(self, area: QRect, row: LayerError, marks: tuple[float, bool, bool]) -> int:
        """Jump, group, precision of a choice, note and pin, from the left; gives the width that they take."""
        (jump, is_pinned, has_note), colours, taken = marks, self._colours, 0
        for name, is_there in (("pin", is_pinned), ("note", has_note)):
            if is_there:
                box = QRect(area.right() - taken - ICON + 1, area.center().y() - ICON // 2, ICON, ICON)
                theme.icon(name, "accent").paint(self._painter, box)
                taken += ICON + GAP
        if precision := self._model.cells.spared(row):
            taken += self._paint_chip(area.adjusted(0, 0, -taken, 0), precision, colours.simulator)
        if not jump and not row.group:
            return taken + (MARGIN - GAP if taken else 0)
        poor = colours.bands[Grade.POOR].colour
        factor = fact_text("jump", jump) if area.width() > pixels(LEAST_NAME + CHIP) else ""
        chips = ((f"{JUMP}{factor}", poor, jump), (f"+{len(row.group)}", colours.muted, row.group))
        for text, colour, there in chips:
            if there and (colour is poor or _is_wide(self._metrics, row.tensor, text, area.width() - taken)):
                taken += self._paint_chip(area.adjusted(0, 0, -taken, 0), text, colour)
        return taken + (MARGIN - GAP if taken else 0)

    def _paint_own_chevron(self, area: QRect, heading: Heading) -> int:
        """In a table without numbers of rows the name has the chevron; gives the width that it takes."""
        if Column("index") in self._model.columns:
            return 0
        self._paint_chevron(QRect(area.left(), area.top(), ICON, area.height()), heading)
        return ICON + GAP

    def _paint_chip(self, area: QRect, text: str, colour: QColor) -> int:
        """A small rounded box at the right; gives the width that it takes."""
        painter = self._painter
        width = self._metrics.horizontalAdvance(text) + 2 * CHIP_MARGIN
        height = pixels(CHIP_HEIGHT)
        box = QRect(area.right() - width + 1, area.center().y() - height // 2, width, height)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(mix(self._colours.surface, colour, 0.22))
        painter.drawRoundedRect(box, 4, 4)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(colour)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
        return width + GAP

    def _paint_chevron(self, area: QRect, heading: Heading) -> None:
        box = QRect(area.center().x() - ICON // 2, area.center().y() - ICON // 2, ICON, ICON)
        theme.icon("chevron-down" if heading.is_open else "chevron-right", "muted").paint(self._painter, box)

    def _paint_text(self, area: QRect, text: str, muted: bool, numeric: bool) -> None:
        self._painter.setPen(self._colours.muted if muted else self._colours.text)
        shown = self._metrics.elidedText(text, Qt.TextElideMode.ElideRight, area.width())
        self._painter.drawText(area, RIGHT if numeric else LEFT, shown)


def _is_wide(metrics: QFontMetrics, tensor: str, chip: str, width: int) -> bool:
    """Whether what tells a name from others has room beside a chip."""
    least = metrics.horizontalAdvance(least_name(plain_name(tensor)))
    return least + metrics.horizontalAdvance(chip) + 3 * GAP + 2 * CHIP_MARGIN < width


@lru_cache(maxsize=32)
def _faint(name: str, share: float) -> QColor:
    """A tint of the surface; `name` is that of the theme."""
    return mix(theme.active().surface, theme.active().muted, share)

"""How the cells of the layer table are painted."""

from collections.abc import Callable
from functools import lru_cache, partial
from typing import Any

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from workbench.compare.grades import Grade
from workbench.ui import theme
from workbench.ui.colours import mix
from workbench.ui.models.graph.model import plain_name
from workbench.ui.models.qt_index import Index
from workbench.ui.models.table.columns import Column
from workbench.ui.models.table.layer_cells import BAR_ROLE, CHANGE_ROLE, GRADE_ROLE, MARKS_ROLE, ROW_ROLE
from workbench.ui.models.table.layer_texts import fact_text
from workbench.ui.models.table.layers import LayersModel
from workbench.ui.models.table.row_scopes import Heading
from workbench.ui.text_size import pixels, row_height
from workbench.ui.views.common.elided import elided_name, least_name
from workbench.ui.widgets import digits, small

MARGIN, GAP = 6, 3
MARK = 12  # pixels at the left of a value for the symbol of its grade
BAR_HEIGHT = 2.0
INDENT, ICON, CHIP_HEIGHT, CHIP_MARGIN = 12, 13, 17, 5
ARROW, JUMP = "→", "⇡"
LEAST_NAME, CHIP = 80, 48
"""Pixels below which a name needs the room of the chip of its group; the width of a chip with a number."""
Look = Callable[[int], Any]
"""What a cell has for a role."""
Cell = tuple[LayersModel, Index]
STRONG = QFont.Weight.DemiBold
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter  # joining flags of Qt costs as much as a short text
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


def change_widths(font: QFont) -> tuple[int, int]:
    """The pixels that a value that has changed takes more: for the arrow, and for the old value before it."""
    arrow = QFontMetrics(font).horizontalAdvance(ARROW) + 2 * GAP
    return arrow, QFontMetrics(small(digits(font))).horizontalAdvance("0.00000")


class CellDelegate(QStyledItemDelegate):
    """Numbers with symbol, colour and bar of their badness, names as the graph writes them, headings of scopes."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        model, area = index.model(), option.rect.adjusted(MARGIN, 0, -MARGIN, 0)
        if not isinstance(model, LayersModel):
            super().paint(painter, option, index)
            return
        column, heading = model.columns[index.column()], model.heading_at(index.row())
        entry, cells = model.entry_at(index.row()), model.cells
        look = partial(cells.of_heading, heading) if heading else partial(cells.of_row, entry)
        text = str(look(column, Qt.ItemDataRole.DisplayRole))
        painter.save()
        painter.setFont(option.font)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(option.rect, option.palette.highlight())
        elif heading is not None:
            painter.fillRect(option.rect, _faint(theme.active().name, 0.1))
        if column.kind == "value":
            self._paint_value(painter, area, text, lambda role: look(column, role))
        elif column.kind == "tensor":
            self._paint_tensor(painter, area, text, (model, index))
        elif column.kind == "index" and heading is not None:
            self._paint_chevron(painter, area, heading)
        else:
            muted = heading is not None or column.kind not in ("op", "precision", "own_note")
            self._paint_text(painter, area, text, muted, column.is_numeric)
        if model.pinned and index.row() == model.pinned - 1:
            painter.fillRect(option.rect.left(), option.rect.bottom(), option.rect.width(), 1, theme.active().accent)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(super().sizeHint(option, index).width(), row_height())

    def _paint_value(self, painter: QPainter, area: QRect, text: str, look: Look) -> None:
        grade, length = look(GRADE_ROLE), look(BAR_ROLE)
        band = theme.active().bands[grade]
        if length is not None:
            self._paint_bar(painter, area, length, band.colour)
        painter.setPen(band.colour if grade.is_marked or grade == Grade.NONE else theme.active().text)
        painter.drawText(area, RIGHT, text)
        if grade.is_marked:
            painter.drawText(area, LEFT, band.symbol)
        if (change := look(CHANGE_ROLE)) is not None:
            self._paint_change(painter, area, text, *change)

    def _paint_bar(self, painter: QPainter, area: QRect, length: float, colour: QColor) -> None:
        """A line below the number, on a track as long as the worst has."""
        bar = QRectF(area.left(), area.bottom() - BAR_HEIGHT, area.width(), BAR_HEIGHT)
        painter.fillRect(bar, _faint(theme.active().name, 0.16))
        bar.setWidth(area.width() * length)
        painter.fillRect(bar, colour)

    def _paint_change(self, painter: QPainter, area: QRect, text: str, before: str, turned: str) -> None:
        """The old value, small, and an arrow in the colour of better or worse; without room only the arrow."""
        colours = theme.active()
        right = area.right() - painter.fontMetrics().horizontalAdvance(text) - GAP
        painter.setPen(colours.bands[Grade.GOOD if turned == "better" else Grade.BAD].colour)
        painter.drawText(QRect(area.left(), area.top(), right - area.left(), area.height()), RIGHT, ARROW)
        right -= painter.fontMetrics().horizontalAdvance(ARROW) + GAP
        painter.setFont(small(painter.font()))
        width = painter.fontMetrics().horizontalAdvance(before)
        if right - width >= area.left() + pixels(MARK):
            painter.setPen(colours.muted)
            painter.drawText(QRect(right - width, area.top(), width + 1, area.height()), RIGHT, before)

    def _paint_tensor(self, painter: QPainter, area: QRect, text: str, cell: Cell) -> None:
        """The name behind its scope's indent; at the right what is special about the row."""
        model, index = cell
        heading = model.heading_at(index.row())
        area = area.adjusted(pixels(INDENT) * model.level_at(index.row()), 0, 0, 0)
        if heading is None:
            area = area.adjusted(0, 0, -self._paint_marks(painter, area, cell), 0)
            outer, text = model.scope_above(index.row()), plain_name(text)
            text = text.removeprefix(f"{outer}/") if outer else text
        else:
            area = area.adjusted(self._paint_own_chevron(painter, area, model, heading), 0, 0, 0)
            font = QFont(painter.font())
            font.setWeight(STRONG)
            painter.setFont(font)
        painter.setPen(theme.active().text)
        shown = elided_name(painter.fontMetrics(), text, area.width())
        painter.drawText(area, LEFT, shown)

    def _paint_marks(self, painter: QPainter, area: QRect, cell: Cell) -> int:
        """Jump, group, note and pin, from the left; gives the width that they take."""
        (model, index), colours, taken = cell, theme.active(), 0
        row, (jump, is_pinned, has_note) = model.data(index, ROW_ROLE), model.data(index, MARKS_ROLE)
        for name, there in (("pin", is_pinned), ("note", has_note)):
            if there:
                box = QRect(area.right() - taken - ICON + 1, area.center().y() - ICON // 2, ICON, ICON)
                theme.icon(name, "accent").paint(painter, box)
                taken += ICON + GAP
        poor = colours.bands[Grade.POOR].colour
        factor = fact_text("jump", jump) if area.width() > pixels(LEAST_NAME + CHIP) else ""
        chips = ((f"{JUMP}{factor}", poor, jump), (f"+{len(row.group)}", colours.muted, row.group))
        for text, colour, there in chips:
            if there and (colour is poor or _is_wide(painter.fontMetrics(), row.tensor, text, area.width() - taken)):
                taken += self._paint_chip(painter, area.adjusted(0, 0, -taken, 0), text, colour)
        return taken + (MARGIN - GAP if taken else 0)

    def _paint_own_chevron(self, painter: QPainter, area: QRect, model: LayersModel, heading: Heading) -> int:
        """In a table without numbers of rows the name has the chevron; gives the width that it takes."""
        if Column("index") in model.columns:
            return 0
        self._paint_chevron(painter, QRect(area.left(), area.top(), ICON, area.height()), heading)
        return ICON + GAP

    def _paint_chip(self, painter: QPainter, area: QRect, text: str, colour: QColor) -> int:
        """A small rounded box at the right; gives the width that it takes."""
        width = painter.fontMetrics().horizontalAdvance(text) + 2 * CHIP_MARGIN
        height = pixels(CHIP_HEIGHT)
        box = QRect(area.right() - width + 1, area.center().y() - height // 2, width, height)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(mix(theme.active().surface, colour, 0.22))
        painter.drawRoundedRect(box, 4, 4)
        painter.setPen(colour)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
        return width + GAP

    def _paint_chevron(self, painter: QPainter, area: QRect, heading: Heading) -> None:
        box = QRect(area.center().x() - ICON // 2, area.center().y() - ICON // 2, ICON, ICON)
        theme.icon("chevron-down" if heading.is_open else "chevron-right", "muted").paint(painter, box)

    def _paint_text(self, painter: QPainter, area: QRect, text: str, muted: bool, numeric: bool) -> None:
        painter.setPen(theme.active().muted if muted else theme.active().text)
        shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, area.width())
        painter.drawText(area, RIGHT if numeric else LEFT, shown)


def _is_wide(metrics: QFontMetrics, tensor: str, chip: str, width: int) -> bool:
    """Whether what tells a name from others has room beside a chip."""
    least = metrics.horizontalAdvance(least_name(plain_name(tensor)))
    return least + metrics.horizontalAdvance(chip) + 3 * GAP + 2 * CHIP_MARGIN < width


@lru_cache(maxsize=32)
def _faint(name: str, share: float) -> QColor:
    """A tint of the surface; `name` is that of the theme."""
    return mix(theme.active().surface, theme.active().muted, share)

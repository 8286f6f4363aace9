"""Paints the boxes of a diagram, as much of each as can be read."""

import math
from collections.abc import Iterable

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen

from workbench.compare.grades import Grade
from workbench.ui import theme
from workbench.ui.models.graph.model import HEIGHT, MEMBER_HEIGHT, Box, short_name
from workbench.ui.views.common.raster import rectangles
from workbench.ui.views.graph.palette import blend, kind_colour
from workbench.ui.views.graph.sheet import (
    BOXES,
    DETAILS,
    LABELS,
    NAMES,
    OPERATORS,
    PAD,
    RADIUS,
    SMALLEST,
    Sheet,
    box_rect,
    draw_glyph,
    glyph_rect,
    layers_text,
    on,
    readable,
    rect_of,
    row_rects,
)

STRIP, BAND = 5.0, 2.6
"""Of the colour of the error, at the left, and of the operator's kind, at the bottom."""
CARD = 2.5
"""How far each card of a folded scope lies behind the one before it."""


def draw_boxes(sheet: Sheet, boxes: np.ndarray) -> None:
    """Draw these boxes."""
    sheet.painter.setRenderHint(QPainter.RenderHint.Antialiasing, sheet.scale >= BOXES)
    if sheet.scale >= LABELS:
        for index in boxes.tolist():
            _draw_labelled(sheet, index)
    elif sheet.scale >= BOXES:
        _draw_plain(sheet, boxes)
    else:
        _draw_strip(sheet, boxes)


def _draw_labelled(sheet: Sheet, index: int) -> None:
    box, rect = sheet.scenery.diagram.boxes[index], box_rect(sheet.geometry, index)
    if box.kind == "scope":
        rect = _draw_cards(sheet, rect)
    _draw_ground(sheet, index, rect)
    if sheet.scale < NAMES:
        _draw_two_lines(sheet, index, rect)
    elif box.kind == "scope":
        _draw_scope_texts(sheet, index, rect)
    else:
        _draw_texts(sheet, index, rect)
    if box.is_open:
        _draw_members(sheet, box, rect)
        _draw_rows(sheet, box, rect)
    glyph = glyph_rect(box, box_rect(sheet.geometry, index))
    if glyph is not None and sheet.scale >= NAMES:
        draw_glyph(sheet.painter, glyph, "-" if box.is_open else "+")


def _draw_cards(sheet: Sheet, rect: QRectF) -> QRectF:
    """The cards behind that of a folded scope, which is the rectangle that is given back."""
    shown = theme.active()
    sheet.painter.setPen(QPen(blend(shown.line, shown.muted, 0.35), 1.0))
    sheet.painter.setBrush(blend(shown.surface, shown.muted, 0.12))
    front = rect.adjusted(0, 0, -2 * CARD, -2 * CARD)
    for offset in (2 * CARD, CARD):
        sheet.painter.drawRoundedRect(front.translated(offset, offset), RADIUS, RADIUS)
    return front


def _draw_ground(sheet: Sheet, index: int, rect: QRectF) -> None:
    shown, painter = theme.active(), sheet.painter
    box, colour = sheet.scenery.diagram.boxes[index], sheet.scenery.colour(index)
    hovered, is_end = index == sheet.marks.hovered, box.kind in ("input", "output")
    radius = rect.height() / 2 if is_end else RADIUS
    painter.setPen(QPen(blend(shown.line, shown.muted, 1.0 if hovered else 0.35), 1.0))
    painter.setBrush(blend(shown.surface, colour, 0.0 if is_end else 0.2 if hovered else 0.10))
    painter.drawRoundedRect(rect, radius, radius)
    if is_end:
        return
    painter.setPen(Qt.PenStyle.NoPen)
    if box.op and sheet.scenery.colouring.scale != "kinds":
        painter.setBrush(kind_colour(box.main))
        painter.drawRect(QRectF(rect.left() + STRIP, rect.bottom() - BAND - 0.5, rect.width() - STRIP - 3, BAND))
    painter.setBrush(colour)
    painter.drawRoundedRect(QRectF(rect.left(), rect.top(), STRIP, rect.height()), 2.0, 2.0)


def _draw_texts(sheet: Sheet, index: int, rect: QRectF) -> None:
    """Operator, attributes and number above the name; from near, the attributes have a line of their own."""
    box, near, shown = sheet.scenery.diagram.boxes[index], sheet.scale >= DETAILS, theme.active()
    left = rect.left() + (PAD + 4 if box.kind == "layer" else 18)
    room = rect.right() - PAD - left
    first, second = (15, 27) if near else (18, 35)
    taken = _draw_number(sheet, index, QPointF(rect.right() - PAD, rect.top() + first))
    op_size, name_size = (11, 10) if near else (12, 11)
    colour = shown.text if box.kind == "layer" else shown.muted
    used = _write(sheet, "op", op_size, box.title, QRectF(left, rect.top() + first, room - taken, 0), colour)
    under = room - (16 if box.can_open else 0)
    _write(sheet, "name", name_size, box.label, QRectF(left, rect.top() + second, under, 0), shown.muted)
    if not box.detail:
        return
    if near:
        _write(sheet, "number", 8, box.detail, QRectF(left, rect.top() + 38, under, 0), shown.text)
    elif sheet.letters.width("number", size := sheet.readable(10), box.detail) <= room - taken - used - 8:
        _write(sheet, "number", size, box.detail, QRectF(left + used + 7, rect.top() + first, room, 0), shown.muted)


def _draw_scope_texts(sheet: Sheet, index: int, rect: QRectF) -> None:
    """Name and number of layers; from near, their operators too."""
    box, near, shown = sheet.scenery.diagram.boxes[index], sheet.scale >= DETAILS, theme.active()
    left, room = rect.left() + PAD + 4, rect.width() - 2 * PAD - 4
    first, second, size = (14, 25, 10) if near else (17, 32, 11)
    _write(sheet, "op", size + 1, box.label, QRectF(left, rect.top() + first, room - 16, 0), shown.text)
    taken = _draw_number(sheet, index, QPointF(rect.right() - PAD, rect.top() + second))
    text = layers_text(box.inside)
    text = text if sheet.letters.width("name", size, text) <= room - taken else f"× {box.inside}"
    _write(sheet, "name", size, text, QRectF(left, rect.top() + second, room - taken, 0), shown.muted)
    if near:
        _write(sheet, "number", 8, box.detail, QRectF(left, rect.top() + 35, room, 0), shown.muted)


def _draw_two_lines(sheet: Sheet, index: int, rect: QRectF) -> None:
    """Operator or scope above the number, in letters that can be read from afar."""
    box, shown = sheet.scenery.diagram.boxes[index], theme.active()
    size, left = sheet.readable(12), rect.left() + PAD + 2
    room = rect.right() - 4 - left
    text = _number_text(sheet, index)
    high = min(HEIGHT, rect.height())
    upper = rect.top() + high * (0.43 if text else 0.62)
    colour = shown.text if box.kind in ("layer", "scope") else shown.muted
    _write(sheet, "op", size, box.title if box.kind == "layer" else box.label, QRectF(left, upper, room, 0), colour)
    if text:
        text = text if sheet.letters.width("number", size, text) <= room else text.split(" ")[0]
        colour, base = readable(sheet.scenery.colour(index)), rect.top() + high * 0.86
        used = _write(sheet, "number", size, text, QRectF(left, base, room, 0), colour) + 5
        extreme = sheet.scenery.colouring.extreme(index)
        if extreme and used + sheet.letters.width("number", size, extreme) <= room:
            _write(sheet, "number", size, extreme, QRectF(left + used, base, room - used, 0), shown.muted)


def _draw_members(sheet: Sheet, box: Box, rect: QRectF) -> None:
    """The layers of an open group, one below the other."""
    shown, painter = theme.active(), sheet.painter
    size = min(MEMBER_HEIGHT - 4, sheet.readable(10))
    left, right = rect.left() + PAD + 4, rect.right() - PAD
    painter.setPen(blend(shown.line, shown.muted, 0.2))
    painter.drawLine(QPointF(left, rect.top() + HEIGHT), QPointF(right, rect.top() + HEIGHT))
    for number, (op, name) in enumerate(box.members):
        base = rect.top() + HEIGHT + MEMBER_HEIGHT * number + 14
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(kind_colour(op))
        painter.drawRect(QRectF(left, base - 8, 3, 9))
        used = _write(sheet, "op", size, op, QRectF(left + 8, base, right - left - 8, 0), shown.text)
        if sheet.scale >= NAMES:
            room = right - left - 14 - used
            short = name.rsplit("/", 1)[-1]
            _write(sheet, "name", size, short, QRectF(left + 14 + used, base, room, 0), shown.muted)


def _draw_rows(sheet: Sheet, box: Box, rect: QRectF) -> None:
    """The rows of an open group with their numbers, in a block of their own below its members."""
    worst, shown, painter = sheet.scenery.colouring.worst, theme.active(), sheet.painter
    size = min(MEMBER_HEIGHT - 4, sheet.readable(10))
    for line in row_rects(box, rect)[:1]:
        painter.setPen(blend(shown.line, shown.muted, 0.2))
        painter.drawLine(line.topLeft(), line.topRight())
    for tensor, line in zip(box.row_lines, row_rects(box, rect), strict=True):
        if tensor == sheet.marks.row:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(blend(shown.surface, shown.accent, 0.3))
            painter.drawRoundedRect(line, 3, 3)
        base, room = line.top() + 13, line.width() - 8
        if worst is not None:
            text, grade = worst.of_row(tensor)
            text = f"{grade.symbol} {text}" if grade.is_marked else text
            width = sheet.letters.width("number", size, text)
            colour = readable(shown.bands[grade].colour) if grade.is_marked else shown.text
            _write(sheet, "number", size, text, QRectF(line.right() - 4 - width, base, width + 1, 0), colour)
            room -= width + 8
        _write(sheet, "name", size, short_name(tensor), QRectF(line.left() + 4, base, room, 0), shown.text)


def _draw_number(sheet: Sheet, index: int, right: QPointF) -> float:
    """The number with its right end at a point, "min" or "max" before it; gives the room that it takes."""
    text, extreme = _number_text(sheet, index), sheet.scenery.colouring.extreme(index)
    if not text:
        return 0.0
    width = sheet.letters.width("number", 11, text)
    colour = readable(sheet.scenery.colour(index))
    _write(sheet, "number", 11, text, QRectF(right.x() - width, right.y(), width + 1, 0), colour)
    if not extreme:
        return width + 6
    taken = sheet.letters.width("number", 9, extreme) + 4
    line = QRectF(right.x() - width - taken, right.y(), taken, 0)
    _write(sheet, "number", 9, extreme, line, theme.active().muted)
    return width + taken + 6


def _number_text(sheet: Sheet, index: int) -> str:
    """The number with the symbol of its grade: a colour is never alone."""
    colouring = sheet.scenery.colouring
    text, symbol = colouring.texts[index], colouring.symbol(index)
    return f"{symbol} {text}" if text and symbol else text


def _write(sheet: Sheet, role: str, size: float, text: str, line: QRectF, colour: object) -> float:
    """Write on a line (left end, base, room); gives how much of it is used."""
    font, short, width = sheet.letters.fitted(role, size, text, line.width())
    sheet.painter.setFont(font)
    sheet.painter.setPen(colour)  # type: ignore[call-overload]
    sheet.painter.drawText(line.topLeft(), short)
    return width


def _draw_plain(sheet: Sheet, boxes: np.ndarray) -> None:
    painter, scenery = sheet.painter, sheet.scenery
    painter.setPen(Qt.PenStyle.NoPen)
    for number, members in _by_class(sheet, boxes):
        painter.setBrush(scenery.colours[number])
        for index in members:
            painter.drawRoundedRect(box_rect(sheet.geometry, index), RADIUS, RADIUS)
    if sheet.scale < OPERATORS:
        return
    font = sheet.letters.font("name", round(SMALLEST / sheet.scale))
    painter.setFont(font)
    room = QFontMetricsF(font)
    for index in boxes.tolist():
        box, rect = scenery.diagram.boxes[index], box_rect(sheet.geometry, index)
        painter.setPen(on(scenery.colour(index)))
        grade = Grade.NONE if scenery.colouring.grades is None else Grade(scenery.colouring.grades[index])
        text = f"{grade.symbol} {box.title or box.label}" if grade.is_marked else box.title or box.label
        text = room.elidedText(text, Qt.TextElideMode.ElideRight, rect.width() - 8)
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, text)


def _draw_strip(sheet: Sheet, boxes: np.ndarray) -> None:
    """Boxes at least 5 x 2 screen pixels large, whatever the scale, as a picture."""
    painter, geometry, transform = sheet.painter, sheet.geometry, sheet.painter.transform()
    x = (geometry.left[boxes] + geometry.right[boxes]) / 2 * transform.m11() + transform.dx()
    y = (geometry.top[boxes] + geometry.bottom[boxes]) / 2 * transform.m22() + transform.dy()
    half = np.maximum((geometry.right[boxes] - geometry.left[boxes]) / 2 * transform.m11(), 2.5)
    tall = np.maximum((geometry.bottom[boxes] - geometry.top[boxes]) / 2 * transform.m22(), 1.0)
    seen = transform.mapRect(rect_of(sheet.rect))
    left, right = max(seen.left(), (x - half).min(initial=np.inf)), min(seen.right(), (x + half).max(initial=-np.inf))
    if right <= left:
        return
    ratio, left, top = painter.device().devicePixelRatioF(), math.floor(left), math.floor(seen.top())
    size = math.ceil((right - left) * ratio) + 1, math.ceil((seen.bottom() - top) * ratio)
    sides = np.stack([x - half - left, y - tall - top, x + half - left, y + tall - top], axis=1) * ratio
    picture = rectangles(sides, sheet.scenery.classes[boxes], sheet.scenery.colours, size)
    picture.setDevicePixelRatio(ratio)
    painter.save()
    painter.resetTransform()
    painter.drawImage(QPointF(left, top), picture)
    painter.restore()


def _by_class(sheet: Sheet, boxes: np.ndarray) -> Iterable[tuple[int, list[int]]]:
    """The boxes of each class, in the order of `colours`, so that the worst is drawn last."""
    classes, count = sheet.scenery.classes[boxes], len(sheet.scenery.colours)
    for number in (count - 1, *range(count - 1)):
        members = boxes[classes == number]
        if len(members):
            yield number, members.tolist()

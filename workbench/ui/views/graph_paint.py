"""Paints a diagram: only what is visible, and only as much of it as its size lets one read.

Three levels of detail: labels (operator, tensor, number), plain boxes, and a heat strip in which the worst lies on top.
"""

from collections.abc import Iterable

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetricsF, QPainter, QPen, QPolygonF

from workbench.ui import theme
from workbench.ui.models.graph_geometry import Geometry, Rect
from workbench.ui.views.graph_scenery import Marks, Scenery

LABELS, BOXES = 0.55, 0.13
"""The smallest scales at which labels and boxes are drawn."""
OPERATORS, SMALLEST = 0.3, 9.5
"""From this scale on a plain box has its operator's name, in so many screen pixels."""
RADIUS = 5.0
STRIP = 5.0
PAD = 9.0


class GraphPainter:
    """Draws a scenery in scene coordinates; `scale` chooses the detail."""

    def __init__(self, font: QFont) -> None:
        self._op = QFont(font)
        self._op.setPixelSize(12)
        self._op.setWeight(QFont.Weight.DemiBold)
        self._name = QFont(font)
        self._name.setPixelSize(11)
        self._number = QFont(font)
        self._number.setPixelSize(11)
        self._number.setFeature(QFont.Tag("tnum"), 1)
        self._op_width = QFontMetricsF(self._op)
        self._name_width = QFontMetricsF(self._name)
        self._number_width = QFontMetricsF(self._number)

    def paint(self, painter: QPainter, scenery: Scenery, rect: Rect, scale: float, marks: Marks) -> None:
        """Draw what lies in `rect` (scene pixels); the painter is already scaled and moved."""
        boxes = scenery.geometry.boxes_in(rect)
        self._edges(painter, scenery, rect, scale, marks)
        if scale >= LABELS:
            for index in boxes.tolist():
                self._labelled(painter, scenery, index, marks)
        elif scale >= BOXES:
            self._plain(painter, scenery, boxes, scale)
        else:
            self._strip(painter, scenery, boxes, scale)
        self._marks(painter, scenery, boxes, scale, marks)

    def _edges(self, painter: QPainter, scenery: Scenery, rect: Rect, scale: float, marks: Marks) -> None:
        colours = theme.active()
        painter.setBrush(Qt.BrushStyle.NoBrush)
        pen = QPen(theme.mix(colours.line, colours.muted, 0.45), 1.3 if scale >= LABELS else 1.0)
        if scale < BOXES:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
            pen.setCosmetic(True)
            painter.setPen(pen)
            painter.drawPath(scenery.web())
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        pen.setCosmetic(scale < LABELS)
        painter.setPen(pen)
        visible = scenery.geometry.lines_in(rect).tolist()
        for edge in visible:
            painter.drawPath(scenery.path(edge))
        self._chosen_edges(painter, scenery, visible, scale, marks.selected)
        if scale >= LABELS:
            self._heads(painter, scenery, visible, marks.selected)
            self._stubs(painter, scenery, rect)

    def _chosen_edges(self, painter: QPainter, scenery: Scenery, visible: list[int], scale: float, chosen: int) -> None:
        if chosen < 0:
            return
        pen = QPen(theme.active().accent, 1.8)
        pen.setCosmetic(scale < LABELS)
        painter.setPen(pen)
        edges = scenery.diagram.edges
        for edge in visible:
            if chosen in edges[edge]:
                painter.drawPath(scenery.path(edge))

    def _heads(self, painter: QPainter, scenery: Scenery, visible: list[int], chosen: int) -> None:
        colours = theme.active()
        plain = QBrush(theme.mix(colours.line, colours.muted, 0.7))
        painter.setPen(Qt.PenStyle.NoPen)
        for edge in visible:
            x, y = scenery.geometry.line(edge)[-1].tolist()
            painter.setBrush(colours.accent if chosen in scenery.diagram.edges[edge] else plain)
            painter.drawPolygon(QPolygonF([QPointF(x - 3.2, y - 6), QPointF(x + 3.2, y - 6), QPointF(x, y)]))

    def _stubs(self, painter: QPainter, scenery: Scenery, rect: Rect) -> None:
        """A short line with the source's name where an edge of a hub is left out."""
        colours = theme.active()
        painter.setFont(self._name)
        for index in scenery.geometry.boxes_in(rect).tolist():
            stubs = scenery.diagram.boxes[index].stubs
            if not stubs:
                continue
            left, top, right, _ = scenery.geometry.rect(index)
            names = ", ".join(scenery.diagram.boxes[stub].label for stub in stubs)
            room = (right - left) / 2 - 12  # up to the edge in the middle
            text = self._name_width.elidedText(names, Qt.TextElideMode.ElideLeft, max(24.0, room))
            painter.setPen(QPen(colours.muted, 1.2))
            painter.drawLine(QLineF(left + 8, top - 8, left + 8, top))
            painter.drawText(QPointF(left + 2, top - 11), text)

    def _labelled(self, painter: QPainter, scenery: Scenery, index: int, marks: Marks) -> None:
        colours = theme.active()
        box, rect = scenery.diagram.boxes[index], _rect(scenery.geometry, index)
        class_colour = scenery.colour(index)
        plain = box.kind != "layer"
        radius = rect.height() / 2 if plain else RADIUS
        fill = theme.mix(colours.surface, class_colour, 0.0 if plain else 0.10 if index != marks.hovered else 0.2)
        painter.setPen(QPen(theme.mix(colours.line, colours.muted, 0.35 if index != marks.hovered else 1.0), 1.0))
        painter.setBrush(fill)
        painter.drawRoundedRect(rect, radius, radius)
        if not plain:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(class_colour)
            painter.drawRoundedRect(QRectF(rect.left(), rect.top(), STRIP, rect.height()), 2.0, 2.0)
        self._texts(painter, scenery, index, rect)

    def _texts(self, painter: QPainter, scenery: Scenery, index: int, rect: QRectF) -> None:
        colours = theme.active()
        box, number = scenery.diagram.boxes[index], self._number_text(scenery, index)
        left = rect.left() + (PAD + 4 if box.kind == "layer" else 18)
        room = rect.right() - PAD - left
        if number:
            width = self._number_width.horizontalAdvance(number)
            painter.setFont(self._number)
            painter.setPen(_readable(scenery.colour(index)))
            painter.drawText(QPointF(rect.right() - PAD - width, rect.top() + 18), number)
        painter.setFont(self._op)
        painter.setPen(colours.text if box.kind == "layer" else colours.muted)
        op = self._elide(scenery, index, "op", box.op, room - (width + 6 if number else 0))
        painter.drawText(QPointF(left, rect.top() + 18), op)
        painter.setFont(self._name)
        painter.setPen(colours.muted)
        painter.drawText(QPointF(left, rect.top() + 35), self._elide(scenery, index, "name", box.label, room))

    def _number_text(self, scenery: Scenery, index: int) -> str:
        """The number with its band's symbol: a colour is never alone."""
        text, bands = scenery.colouring.texts[index], theme.active().bands
        if not text or scenery.colouring.scale != "bands":
            return text
        return f"{bands[scenery.classes[index]].symbol} {text}"

    def _elide(self, scenery: Scenery, index: int, line: str, text: str, room: float) -> str:
        key = (index, line)
        if key not in scenery.elided:
            metrics = self._op_width if line == "op" else self._name_width
            side = Qt.TextElideMode.ElideRight if line == "op" else Qt.TextElideMode.ElideMiddle
            scenery.elided[key] = metrics.elidedText(text, side, room)
        return scenery.elided[key]

    def _plain(self, painter: QPainter, scenery: Scenery, boxes: np.ndarray, scale: float) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        for number, members in _by_class(scenery, boxes):
            painter.setBrush(scenery.colours[number])
            for index in members:
                painter.drawRoundedRect(_rect(scenery.geometry, index), RADIUS, RADIUS)
        if scale < OPERATORS:
            return
        font = QFont(self._name)
        font.setPixelSize(round(SMALLEST / scale))
        painter.setFont(font)
        room = QFontMetricsF(font)
        for index in boxes.tolist():
            box, rect = scenery.diagram.boxes[index], _rect(scenery.geometry, index)
            painter.setPen(_on(scenery.colour(index)))
            painter.drawText(
                rect,
                Qt.AlignmentFlag.AlignCenter,
                room.elidedText(box.op, Qt.TextElideMode.ElideRight, rect.width() - 8),
            )

    def _strip(self, painter: QPainter, scenery: Scenery, boxes: np.ndarray, scale: float) -> None:
        """Boxes at least 5 x 2 screen pixels large, whatever the scale."""
        painter.setPen(Qt.PenStyle.NoPen)
        geometry, wide, high = scenery.geometry, 2.5 / scale, 1.0 / scale
        x, y = (geometry.left + geometry.right) / 2, (geometry.top + geometry.bottom) / 2
        half = np.maximum((geometry.right - geometry.left) / 2, wide)
        tall = np.maximum((geometry.bottom - geometry.top) / 2, high)
        for number, members in _by_class(scenery, boxes):
            painter.setBrush(scenery.colours[number])
            sides = np.stack([x - half, y - tall, 2 * half, 2 * tall], axis=1)[members].tolist()
            painter.drawRects([QRectF(*side) for side in sides])

    def _marks(self, painter: QPainter, scenery: Scenery, boxes: np.ndarray, scale: float, marks: Marks) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        colours = theme.active()
        found = [index for index in boxes.tolist() if index in marks.found] if marks.found else []
        self._outline(painter, scenery, found, QPen(colours.golden, 1.6, Qt.PenStyle.DashLine), scale, 3.0)
        self._outline(painter, scenery, [marks.current], QPen(colours.golden, 2.4), scale, 3.0)
        halo = QColor(colours.accent)
        halo.setAlphaF(0.25)
        self._outline(painter, scenery, [marks.selected], QPen(halo, 7.0), scale, 2.0)
        self._outline(painter, scenery, [marks.selected], QPen(colours.accent, 2.2), scale, 1.0)

    def _outline(
        self, painter: QPainter, scenery: Scenery, boxes: Iterable[int], pen: QPen, scale: float, gap: float
    ) -> None:
        pen.setCosmetic(True)
        painter.setPen(pen)
        gap = gap if scale >= LABELS else gap / max(scale, 1e-6)
        for index in boxes:
            if index >= 0:
                rect = _rect(scenery.geometry, index).adjusted(-gap, -gap, gap, gap)
                radius = rect.height() / 2 if scenery.diagram.boxes[index].kind != "layer" else RADIUS + gap
                painter.drawRoundedRect(rect, radius, radius)


def _by_class(scenery: Scenery, boxes: np.ndarray) -> Iterable[tuple[int, list[int]]]:
    """The boxes of each class, in the order of `colours`, so that the worst is drawn last."""
    classes = scenery.classes[boxes]
    none_first = [len(scenery.colours) - 1, *range(len(scenery.colours) - 1)]
    for number in none_first:
        members = boxes[classes == number]
        if len(members):
            yield number, members.tolist()


def _rect(geometry: Geometry, index: int) -> QRectF:
    left, top, right, bottom = geometry.rect(index)
    return QRectF(left, top, right - left, bottom - top)


def _readable(colour: QColor) -> QColor:
    """A class's colour as text on the surface."""
    return theme.mix(colour, theme.active().text, 0.35)


def _on(colour: QColor) -> QColor:
    """Text on a filled box."""
    return QColor("#16191d") if colour.lightnessF() > 0.52 else QColor("#ffffff")

"""Paints the edges of a diagram, the stubs of hubs, and the shapes of what flows along."""

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPen, QPolygonF

from workbench.graph.layout import picked
from workbench.ui import theme
from workbench.ui.colours import mix
from workbench.ui.models.graph.geometry import H_GAP
from workbench.ui.views.common.raster import segments
from workbench.ui.views.graph.sheet import BOXES, LABELS, NAMES, Sheet

SHAPES = 0.9
"""The smallest scale at which shapes stand beside the edges."""

HIDDEN = 2.5
"""Shorter pieces of edges, in screen pixels, disappear in a heat strip."""


def draw_edges(sheet: Sheet, boxes: np.ndarray) -> None:
    """All that is visible; in a heat strip as one path of straight lines."""
    if sheet.scale < BOXES:
        _draw_web(sheet)
        return
    painter, colours = sheet.painter, theme.active()
    visible = sheet.geometry.lines_in(sheet.rect).tolist()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    _draw_paths(sheet, visible, QPen(mix(colours.line, colours.muted, 0.45), 1.3))
    edges, chosen = sheet.scenery.diagram.edges, sheet.marks.selected
    if chosen >= 0:
        _draw_paths(sheet, [edge for edge in visible if chosen in edges[edge]], QPen(colours.accent, 1.8))
    if sheet.scale >= LABELS:
        _draw_heads(sheet, visible, chosen)
    if sheet.scale >= NAMES:
        _draw_stubs(sheet, boxes)
    if sheet.scale >= SHAPES:
        _draw_shapes(sheet, visible)


def draw_lit_edges(sheet: Sheet, lit: np.ndarray) -> None:
    """The edges between boxes that have not faded; too many to be told apart in a heat strip."""
    if sheet.scale < BOXES:
        return
    visible, edges = sheet.geometry.lines_in(sheet.rect).tolist(), sheet.scenery.diagram.edges
    shown = [edge for edge in visible if lit[edges[edge][0]] and lit[edges[edge][1]]]
    sheet.painter.setBrush(Qt.BrushStyle.NoBrush)
    _draw_paths(sheet, shown, QPen(mix(theme.active().line, theme.active().text, 0.6), 1.8))
    if sheet.scale >= LABELS:
        _draw_heads(sheet, shown, -1)


def _draw_web(sheet: Sheet) -> None:
    painter, colours = sheet.painter, theme.active()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    pen = QPen(mix(colours.line, colours.muted, 0.45), 1.0)
    pen.setCosmetic(True)
    painter.setPen(pen)
    geometry = sheet.geometry
    lines = geometry.lines_in(sheet.rect, HIDDEN / sheet.scale)
    if not len(lines):
        return
    points, starts = picked(geometry.points, geometry.starts, lines)
    pieces = np.concatenate([points[:-1], points[1:]], axis=1)
    long = np.abs(pieces[:, 2:] - pieces[:, :2]).max(axis=1, initial=0.0) * sheet.scale > HIDDEN
    long[starts[1:-1] - 1] = False  # from the end of an edge to the beginning of the next one
    painter.drawPath(segments(pieces[long]))


def _draw_paths(sheet: Sheet, edges: Sequence[int], pen: QPen) -> None:
    pen.setCosmetic(sheet.scale < LABELS)
    sheet.painter.setPen(pen)
    for edge in edges:
        sheet.painter.drawPath(sheet.scenery.path(edge))


def _draw_heads(sheet: Sheet, edges: Sequence[int], chosen: int) -> None:
    colours, painter = theme.active(), sheet.painter
    plain, bright = QBrush(mix(colours.line, colours.muted, 0.7)), QBrush(colours.accent)
    painter.setPen(Qt.PenStyle.NoPen)
    for edge in edges:
        x, y = sheet.geometry.line(edge)[-1].tolist()
        painter.setBrush(bright if chosen in sheet.scenery.diagram.edges[edge] else plain)
        painter.drawPolygon(QPolygonF([QPointF(x - 3.2, y - 6), QPointF(x + 3.2, y - 6), QPointF(x, y)]))


def _draw_stubs(sheet: Sheet, boxes: np.ndarray) -> None:
    """A short line with the source's name where an edge of a hub is left out."""
    painter, diagram = sheet.painter, sheet.scenery.diagram
    if not diagram.stubs:
        return
    size = sheet.readable(10)
    painter.setFont(sheet.letters.font("name", size))
    painter.setPen(QPen(theme.active().muted, 1.2))
    for index in boxes.tolist():
        sources = diagram.stub_sources.get(index)
        if sources:
            left, top, right, _ = sheet.geometry.rect(index)
            names = ", ".join(diagram.boxes[source].label.rsplit("/", 1)[-1] for source in sources)
            room = (right - left) / 2 - 8 + H_GAP / 2  # up to the edge in the middle
            text = sheet.letters.elided("name", size, names, room)
            width = sheet.letters.width("name", size, text)
            end = (left + right) / 2 - 8
            painter.drawLine(QLineF(left + 8, top - 7, left + 8, top))
            if sheet.claim(QRectF(end - width, top - 9 - size, width, size * 1.25)):
                painter.drawText(QPointF(end - width, top - 9), text)


def _draw_shapes(sheet: Sheet, visible: Sequence[int]) -> None:
    """Below each box what it gives, beside the edges; where its outputs differ, above what takes them."""
    diagram = sheet.scenery.diagram
    if not diagram.flows:
        return
    labels, leaving = _Labels(sheet, visible), dict[int, list[int]]()
    for edge in visible:
        leaving.setdefault(diagram.edges[edge][0], []).append(edge)
    for edges in leaving.values():
        if len({diagram.flows[edge] for edge in edges}) == 1:
            labels.draw(edges, 0)
        else:
            for edge in edges:
                labels.draw([edge], -1)


class _Labels:
    """Shapes beside edges, none over another."""

    def __init__(self, sheet: Sheet, visible: Sequence[int]) -> None:
        self._sheet = sheet
        self._size = sheet.readable(10) if sheet.scale < 1.2 else 9.0
        self._arriving: dict[int, list[float]] = {}
        for edge in visible:
            self._arriving.setdefault(sheet.scenery.diagram.edges[edge][1], []).append(self._turn(edge, -1))
        sheet.painter.setFont(sheet.letters.font("number", self._size))
        self._colour = mix(theme.active().muted, theme.active().background, 0.15)
        self._ground = QColor(theme.active().background)
        self._ground.setAlphaF(0.5)

    def draw(self, edges: Sequence[int], end: int) -> None:
        """A shape where edges begin (`end` 0) or one ends (-1), on the side that is free; none where no side is."""
        painter, text = self._sheet.painter, self._sheet.scenery.diagram.flows[edges[0]]
        side = self._free_side(edges, end)
        if not text or not side:
            return
        width = self._sheet.letters.width("number", self._size, text)
        x, y = self._sheet.geometry.line(edges[0])[end].tolist()
        left = x + 6 if side > 0 else x - 6 - width
        base = y + self._size + 3 if end == 0 else y - 9
        room = QRectF(left - 2, base - self._size, width + 4, self._size * 1.25)
        if not self._sheet.claim(room):
            return
        painter.fillRect(room, self._ground)
        painter.setPen(self._colour)
        painter.drawText(QPointF(left, base), text)

    def _free_side(self, edges: Sequence[int], end: int) -> int:
        """1 for the right, -1 for the left, 0 where edges turn to both."""
        turns = [self._turn(edge, end) for edge in edges]
        if all(abs(turn) < 1 for turn in turns):  # straight down: what else arrives there matters
            target = self._sheet.scenery.diagram.edges[edges[0]][1]
            turns += self._arriving.get(target, ()) if len(edges) == 1 else ()
        goes_left, goes_right = any(turn < -1 for turn in turns), any(turn > 1 for turn in turns)
        return 0 if goes_left and goes_right else -1 if goes_right else 1

    def _turn(self, edge: int, end: int) -> float:
        """How far to the right an edge turns at its beginning (0) or came from at its end (-1)."""
        line = self._sheet.geometry.line(edge)
        return float(line[1, 0] - line[0, 0] if end == 0 else line[-2, 0] - line[-1, 0])

"""Paints the edges of a diagram, the stubs of hubs, and the shapes of what flows along."""

from collections.abc import Iterable

import numpy as np
from PySide6.QtCore import QLineF, QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from workbench.graph.layout import picked
from workbench.ui import theme
from workbench.ui.views.common.raster import segments
from workbench.ui.views.graph.labels import Label, Labels, shape_size
from workbench.ui.views.graph.palette import blend
from workbench.ui.views.graph.sheet import BOXES, LABELS, NAMES, Sheet, rect_of

HIDDEN = 2.5
"""Shorter pieces of edges, in screen pixels, disappear in a heat strip."""


def draw_edges(sheet: Sheet, boxes: np.ndarray, labels: Labels) -> None:
    """All that is visible; in a heat strip as one path of straight lines."""
    if sheet.scale < BOXES:
        _draw_web(sheet)
        return
    painter, colours = sheet.painter, theme.active()
    visible = sheet.geometry.lines_in(sheet.rect)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    _draw_paths(sheet, visible, QPen(blend(colours.line, colours.muted, 0.45), 1.3))
    links, chosen = sheet.scenery.diagram.links, sheet.marks.selected
    if chosen >= 0:
        _draw_paths(sheet, visible[(links[visible] == chosen).any(axis=1)], QPen(colours.accent, 1.8))
    if sheet.scale >= LABELS:
        _draw_heads(sheet, visible, chosen)
    if sheet.scale >= NAMES:
        _draw_stubs(sheet, boxes, labels.stubs)
    _draw_shapes(sheet, labels.shapes)


def draw_lit_edges(sheet: Sheet, lit: np.ndarray) -> None:
    """The edges between boxes that have not faded; too many to be told apart in a heat strip."""
    if sheet.scale < BOXES:
        return
    visible = sheet.geometry.lines_in(sheet.rect)
    shown = visible[lit[sheet.scenery.diagram.links[visible]].all(axis=1)]
    sheet.painter.setBrush(Qt.BrushStyle.NoBrush)
    _draw_paths(sheet, shown, QPen(blend(theme.active().line, theme.active().text, 0.6), 1.8))
    if sheet.scale >= LABELS:
        _draw_heads(sheet, shown, -1)


def _draw_web(sheet: Sheet) -> None:
    painter, colours = sheet.painter, theme.active()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    pen = QPen(blend(colours.line, colours.muted, 0.45), 1.0)
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


def _draw_paths(sheet: Sheet, edges: np.ndarray, pen: QPen) -> None:
    pen.setCosmetic(sheet.scale < LABELS)
    sheet.painter.setPen(pen)
    for edge in edges.tolist():
        sheet.painter.drawPath(sheet.scenery.path(edge))


def _draw_heads(sheet: Sheet, edges: np.ndarray, chosen: int) -> None:
    colours, painter, geometry = theme.active(), sheet.painter, sheet.geometry
    tips, bright = geometry.points[geometry.starts[edges + 1] - 1], sheet.scenery.diagram.links[edges] == chosen
    painter.setPen(Qt.PenStyle.NoPen)
    for is_bright, colour in ((False, blend(colours.line, colours.muted, 0.7)), (True, colours.accent)):
        painter.setBrush(colour)
        for x, y in tips[bright.any(axis=1) == is_bright].tolist():
            painter.drawPolygon(QPolygonF([QPointF(x - 3.2, y - 6), QPointF(x + 3.2, y - 6), QPointF(x, y)]))


def _draw_stubs(sheet: Sheet, boxes: np.ndarray, labels: Iterable[Label]) -> None:
    """A short line with the source's name where an edge of a hub is left out."""
    painter, stubs = sheet.painter, sheet.scenery.diagram.stub_sources
    painter.setPen(QPen(theme.active().muted, 1.2))
    for index in boxes.tolist() if stubs else ():
        if index in stubs:
            left, top, _, _ = sheet.geometry.rect(index)
            painter.drawLine(QLineF(left + 8, top - 7, left + 8, top))
    painter.setFont(sheet.letters.font("name", sheet.readable(10)))
    for label in labels:
        if sheet.shows(label.room):
            painter.drawText(QPointF(label.left, label.base), label.text)


def _draw_shapes(sheet: Sheet, labels: Iterable[Label]) -> None:
    painter, shown = sheet.painter, theme.active()
    ground = QColor(shown.background)
    ground.setAlphaF(0.5)
    painter.setFont(sheet.letters.font("number", shape_size(sheet)))
    painter.setPen(blend(shown.muted, shown.background, 0.15))
    for label in labels:
        if sheet.shows(label.room):
            painter.fillRect(rect_of(label.room), ground)
            painter.drawText(QPointF(label.left, label.base), label.text)

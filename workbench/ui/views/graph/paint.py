"""Paints a diagram: only what is visible, and only as much of it as its size lets one read.

Levels of detail: boxes with operator, name and number; with operator and number; plain boxes in their colour; and a
heat strip in which the worst lies on top.
"""

from collections.abc import Iterable, Iterator

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from workbench.ui import theme
from workbench.ui.views.common.raster import segments
from workbench.ui.views.graph.labels import Labels
from workbench.ui.views.graph.paint_boxes import draw_boxes
from workbench.ui.views.graph.paint_edges import draw_edges, draw_lit_edges
from workbench.ui.views.graph.paint_hulls import draw_hull_titles, draw_hulls
from workbench.ui.views.graph.paint_spared import draw_spared
from workbench.ui.views.graph.sheet import BOXES, LABELS, RADIUS, Sheet, box_rect

VEIL = 0.75
"""How much of the ground lies over what fades."""
EDGES = 0.3
"""The share of the work that edges and scopes take, about."""
CHUNK = 500


def paint(sheet: Sheet, labels: Labels) -> None:
    """Draw what lies in the sheet's part of the scene; `labels` were placed for it, or for more."""
    for _ in steps(sheet, labels):
        pass


def steps(sheet: Sheet, labels: Labels) -> Iterator[float]:
    """The same; now and then it gives the share that is done: a file may take all of a large graph at once."""
    lit, boxes = sheet.marks.lit, sheet.geometry.boxes_in(sheet.rect)
    draw_hulls(sheet)
    draw_edges(sheet, boxes, labels)
    yield EDGES
    faded = boxes if lit is None else boxes[~lit[boxes]]
    for done in _draw_boxes(sheet, faded):
        yield EDGES + (1 - EDGES) * done / len(boxes)
    if lit is not None:
        _veil(sheet)
        draw_lit_edges(sheet, lit)
        for done in _draw_boxes(sheet, boxes[lit[boxes]]):
            yield EDGES + (1 - EDGES) * (len(faded) + done) / len(boxes)
    draw_hull_titles(sheet, labels.titles)
    _marks(sheet, boxes)
    draw_spared(sheet, boxes)


def _draw_boxes(sheet: Sheet, boxes: np.ndarray) -> Iterator[int]:
    """Draw boxes some at a time where each takes a while; gives how many are drawn."""
    size = CHUNK if sheet.scale >= LABELS else max(1, len(boxes))
    for start in range(0, len(boxes), size):
        draw_boxes(sheet, boxes[start : start + size])
        yield min(start + size, len(boxes))


def _veil(sheet: Sheet) -> None:
    """What is painted so far fades."""
    colour = QColor(theme.active().background)
    colour.setAlphaF(VEIL)
    left, top, right, bottom = sheet.rect
    sheet.painter.fillRect(QRectF(left, top, right - left, bottom - top), colour)


def _marks(sheet: Sheet, boxes: np.ndarray) -> None:
    sheet.painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    sheet.painter.setBrush(Qt.BrushStyle.NoBrush)
    colours, marks = theme.active(), sheet.marks
    found = boxes[np.isin(boxes, list(marks.found))] if marks.found else boxes[:0]
    if sheet.scale < BOXES:
        _frame(sheet, found, colours.golden)
    else:
        _outline(sheet, found.tolist(), QPen(colours.golden, 1.6, Qt.PenStyle.DashLine), 3.0)
    _outline(sheet, [marks.current], QPen(colours.golden, 2.4), 3.0)
    _outline(sheet, _among(boxes, marks.linked), QPen(colours.accent, 2.0, Qt.PenStyle.DotLine), 3.0)
    halo = QColor(colours.accent)
    halo.setAlphaF(0.25)
    _outline(sheet, [marks.selected], QPen(halo, 7.0), 2.0)
    _outline(sheet, [marks.selected], QPen(colours.accent, 2.2), 1.0)


def _frame(sheet: Sheet, boxes: np.ndarray, colour: QColor) -> None:
    """Frames around small boxes, of which there may be very many."""
    geometry, gap = sheet.geometry, 3.0 / sheet.scale
    left, right = geometry.left[boxes] - gap, geometry.right[boxes] + gap
    top, bottom = geometry.top[boxes] - gap, geometry.bottom[boxes] + gap
    corners = ((left, top, right, top), (left, bottom, right, bottom), (left, top, left, bottom))
    sides = [np.stack(side, axis=1) for side in (*corners, (right, top, right, bottom))]
    pen = QPen(colour, 1.0)
    pen.setCosmetic(True)
    sheet.painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    sheet.painter.setPen(pen)
    sheet.painter.drawPath(segments(np.concatenate(sides)))
    sheet.painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)


def _among(boxes: np.ndarray, wanted: frozenset[int]) -> list[int]:
    return [index for index in boxes.tolist() if index in wanted] if wanted else []


def _outline(sheet: Sheet, boxes: Iterable[int], pen: QPen, gap: float) -> None:
    pen.setCosmetic(True)
    sheet.painter.setPen(pen)
    gap = gap if sheet.scale >= LABELS else gap / max(sheet.scale, 1e-6)
    for index in boxes:
        if index >= 0:
            rect = box_rect(sheet.geometry, index).adjusted(-gap, -gap, gap, gap)
            is_end = sheet.scenery.diagram.boxes[index].kind in ("input", "output")
            radius = rect.height() / 2 if is_end else RADIUS + gap
            sheet.painter.drawRoundedRect(rect, radius, radius)

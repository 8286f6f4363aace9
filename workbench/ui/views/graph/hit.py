"""What of a scenery is under a point."""

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF

from workbench.ui.views.graph.scenery import Scenery
from workbench.ui.views.graph.sheet import GLYPH, LABELS, NAMES, box_rect, glyph_rect, hull_glyph_rect, row_rects

SLACK, SMALL = 4.0, 0.3
"""Below the second scale boxes are caught from so many pixels away."""
AROUND = 3.0
"""So much larger than it is drawn a sign can be clicked."""
STUB = 21.0
"""How far above its box a stub and its name reach."""


@dataclass(frozen=True)
class Hit:
    """-1 for nothing. On the sign of a box or a scope that sign, else the box and, of an open group, the row."""

    box: int = -1
    sign: int = -1
    """The box that a click opens or closes."""
    scope: int = -1
    """The open scope that a click folds."""
    row: int = -1
    stub: int = -1
    """The box that a stub names: where the edge of a hub would come from."""


def hit(scenery: Scenery, point: QPointF, scale: float) -> Hit:
    """What is under a point of the scene that is shown at a scale."""
    geometry = scenery.geometry
    box = geometry.box_at(point.x(), point.y(), 0.0 if scale > SMALL else SLACK / scale)
    if scale >= LABELS and (scope := _scope_at(scenery, point)) >= 0 and not _is_sign(scenery, box, point, scale):
        return Hit(box, scope=scope)
    if box < 0 and scale >= NAMES:
        return Hit(stub=_stub_at(scenery, point))
    if box < 0 or scale < LABELS:
        return Hit(box)
    if _is_sign(scenery, box, point, scale):
        return Hit(box, sign=box)
    lines = row_rects(scenery.diagram.boxes[box], box_rect(geometry, box))
    return Hit(box, row=next((number for number, line in enumerate(lines) if line.contains(point)), -1))


def _is_sign(scenery: Scenery, box: int, point: QPointF, scale: float) -> bool:
    if box < 0 or scale < NAMES:
        return False
    sign = glyph_rect(scenery.diagram.boxes[box], box_rect(scenery.geometry, box))
    return sign is not None and _enlarged(sign).contains(point)


def _scope_at(scenery: Scenery, point: QPointF) -> int:
    """The scope whose sign is under a point."""
    hulls = scenery.geometry.hulls
    near = np.flatnonzero(np.abs(hulls.sides[:, 1] - point.y()) < 2 * GLYPH)
    for number in near[::-1].tolist():
        sign = hull_glyph_rect(tuple(hulls.sides[number].tolist()), int(hulls.levels[number]))
        if _enlarged(sign).contains(point):
            return int(hulls.scopes[number])
    return -1


def _stub_at(scenery: Scenery, point: QPointF) -> int:
    """The source whose name stands above a box, left of its middle; of several the one at this part of the names."""
    geometry = scenery.geometry
    box = geometry.box_at(point.x(), point.y() + STUB)
    sources = scenery.diagram.stub_sources.get(box, ())
    if not sources:
        return -1
    left, _, right, _ = geometry.rect(box)
    share = (point.x() - left) / ((right - left) / 2)
    return sources[min(len(sources) - 1, int(share * len(sources)))] if 0 <= share < 1 else -1


def _enlarged(sign: QRectF) -> QRectF:
    return sign.adjusted(-AROUND, -AROUND, AROUND, AROUND)

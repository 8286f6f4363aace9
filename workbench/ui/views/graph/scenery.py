"""What there is to paint: a diagram in its place and colours, and what stands out in it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QPainterPath

from workbench.ui.models.graph.colours import Colouring
from workbench.ui.models.graph.geometry import Geometry
from workbench.ui.models.graph.model import Diagram

MOST_PATHS = 4000  # a path takes about a kilobyte


@dataclass
class Marks:
    """What stands out: chosen, under the pointer, found by a search; where some boxes are `lit`, all others fade."""

    selected: int = -1
    hovered: int = -1
    found: frozenset[int] = frozenset()
    current: int = -1
    lit: np.ndarray | None = None
    """Whether each box is lit; None: no box fades."""
    linked: frozenset[int] = frozenset()
    """The counterparts of what is chosen in another graph."""
    spared: Mapping[int, str] = field(default_factory=dict)
    """The boxes with layers of a choice that is looked at, and what these would compute in."""
    row: str = ""
    """The row that is chosen, where the box shows several."""


@dataclass
class Scenery:
    """A diagram, where it is, and the class of colour and the number of every box; the paint caches belong to it."""

    diagram: Diagram
    geometry: Geometry
    colouring: Colouring
    colours: Sequence[QColor]
    """One per class; the last is "no value"."""
    paths: dict[int, QPainterPath] = field(default_factory=dict)

    @property
    def classes(self) -> np.ndarray:
        """The class of every box."""
        return self.colouring.classes

    def colour(self, box: int) -> QColor:
        """The colour of a box."""
        return self.colours[self.colouring.classes[box]]

    def recolour(self, colouring: Colouring, colours: Sequence[QColor]) -> None:
        """Take other classes; places and paths stay."""
        self.colouring, self.colours = colouring, colours

    def path(self, edge: int) -> QPainterPath:
        """One edge as a smooth curve."""
        if edge not in self.paths:
            if len(self.paths) >= MOST_PATHS:
                self.paths.clear()
            self.paths[edge] = _curve(self.geometry.line(edge))
        return self.paths[edge]


def _curve(line: np.ndarray) -> QPainterPath:
    """A curve that passes every point vertically."""
    points = line.tolist()
    path = QPainterPath(QPointF(*points[0]))
    for (x0, y0), (x1, y1) in pairwise(points):
        if abs(x1 - x0) < 0.5:
            path.lineTo(x1, y1)
        else:
            middle = (y0 + y1) / 2
            path.cubicTo(x0, middle, x1, middle, x1, y1)
    return path

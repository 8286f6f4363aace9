"""What the worker process needs to know of a diagram to place it: sizes, edges and scopes as arrays. No Qt.

`draw` runs in the worker process, so this module imports little.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from workbench.ui.models.graph.geometry import Geometry, arrange
from workbench.ui.models.graph.hulls import Belonging, with_hulls

if TYPE_CHECKING:
    from workbench.ui.models.graph.folding import Network, Shown


@dataclass(frozen=True, eq=False)
class Sketch:
    """The arrays of a diagram; two that are equal look the same."""

    widths: np.ndarray
    heights: np.ndarray
    edges: np.ndarray
    belonging: Belonging

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sketch) and all(
            np.array_equal(mine, yours) for mine, yours in zip(self._arrays, other._arrays, strict=True)
        )

    __hash__ = None  # type: ignore[assignment]

    @property
    def _arrays(self) -> tuple[np.ndarray, ...]:
        return self.widths, self.heights, self.edges, self.belonging.of_box, self.belonging.parents


def sketch(network: "Network", shown: "Shown") -> Sketch:
    """What there is to place."""
    scopes, numbers = network.scopes, shown.numbers
    own = numbers >= 0
    box, scope = np.where(own, numbers, 0), np.where(own, -1, -1 - numbers)
    sizes = network.sizes[box] if len(box) else np.zeros((0, 2))
    for place in [*np.flatnonzero(~own).tolist(), *shown.opened]:
        sizes[place] = shown.diagram.boxes[place].width, shown.diagram.boxes[place].height
    of_box = np.where(own, scopes.of_box[box], np.append(scopes.parents, -1)[scope])
    belonging = Belonging(of_box, scopes.parents, own & network.is_end[box])
    return Sketch(sizes[:, 0].copy(), sizes[:, 1].copy(), shown.edges.astype(np.int32), belonging)


def draw(drawn: Sketch) -> Geometry:
    """Place the boxes and what goes round them."""
    return with_hulls(arrange(drawn.widths, drawn.edges, drawn.heights), drawn.belonging).prepared()

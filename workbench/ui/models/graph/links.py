"""The edges of a diagram as arrays: their ends box by box, and which of a hub's are left out. No Qt."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

HUB = 8
"""A box with more consumers than this keeps only the edges that hold the picture together."""
LARGE, FAR = 2000, 400
"""Among more boxes than the first number, an edge past more than the second would be seen as a line from nowhere."""


class Pairs(Sequence[tuple[int, int]]):
    """Edges that are kept as an array (k, 2)."""

    def __init__(self, array: np.ndarray) -> None:
        self.array = array

    def __getitem__(self, edge: Any) -> Any:
        if isinstance(edge, slice):
            return tuple(map(tuple, self.array[edge].tolist()))
        return tuple(self.array[edge].tolist())

    def __iter__(self) -> Iterator[tuple[int, int]]:
        return zip(self.array[:, 0].tolist(), self.array[:, 1].tolist(), strict=True)

    def __len__(self) -> int:
        return len(self.array)


def as_array(edges: Sequence[tuple[int, int]]) -> np.ndarray:
    """Edges as an array (k, 2)."""
    return edges.array if isinstance(edges, Pairs) else np.array(edges, np.intp).reshape(-1, 2)


class Ends(Sequence[tuple[int, ...]]):
    """The other ends of the links of every box; made by one sort, read box by box."""

    def __init__(self, links: np.ndarray, boxes: int) -> None:
        order = np.argsort(links[:, 0], kind="stable")
        self._others = links[order, 1]
        self._starts = np.searchsorted(links[order, 0], np.arange(boxes + 1))

    def __getitem__(self, box: Any) -> Any:
        if isinstance(box, slice):
            return tuple(self[number] for number in range(*box.indices(len(self))))
        return tuple(dict.fromkeys(self._others[self._starts[box] : self._starts[box + 1]].tolist()))

    def __len__(self) -> int:
        return len(self._starts) - 1


def stubs_of(edges: np.ndarray, boxes: int) -> np.ndarray:
    """Which of the edges (k, 2) are left out: those of hubs, and far ones, between what other edges hold in place."""
    source, target = edges[:, 0], edges[:, 1]
    is_hub = np.bincount(source, minlength=boxes)[source] > HUB
    is_far = (target - source > FAR) & (boxes > LARGE)
    anchored, leads, is_first = np.zeros(boxes, bool), np.zeros(boxes, bool), np.zeros(len(edges), bool)
    anchored[target[~is_hub & ~is_far]] = True
    leads[source[~is_far]] = True
    is_first[np.unique(source, return_index=True)[1]] = True
    left_out: np.ndarray = anchored[target] & ((is_hub & ~is_first) | (is_far & leads[source]))
    return left_out

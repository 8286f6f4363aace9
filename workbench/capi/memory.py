"""How the elements of an input lie in a program's buffer: layout, rows with padding, groups of channels."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from workbench.dump.layouts import C2, GROUPS

OWN, NCHW, NHWC, GROUPED, TURNED = "own", "NCHW", "NHWC", "NC1HWC2", "NWHC"
MOST_PADDING = 64  # elements behind a row


@dataclass(frozen=True, slots=True)
class Memory:
    """`shape` is N, C, H, W, or the network's own with the layout "own"; a row has room for `row` elements.

    `group` is C2 of NC1HWC2. "NWHC" is a picture whose height and width are exchanged.
    """

    layout: str
    shape: tuple[int, ...]
    row: int = 0
    group: int = 0

    @property
    def count(self) -> int:
        """Elements of the whole buffer, padding included."""
        if self.layout == OWN:
            return math.prod(self.shape)
        n, c, h, w = self.shape
        lanes = -(-c // self.group) * self.group if self.group else c
        return n * lanes * h * (self.row or w)

    @property
    def padding(self) -> int:
        """Unused elements behind each row."""
        return self.row - self.shape[3] if self.row else 0

    def places(self, at: np.ndarray) -> np.ndarray:
        """Where the elements lie that have the flat places `at` in N, C, H, W (or in the own layout)."""
        if self.layout == OWN:
            return at
        _, c, h, w = self.shape
        row = self.row or w
        rest, x = np.divmod(at, w)
        rest, y = np.divmod(rest, h)
        batch, channel = np.divmod(rest, c)
        if self.layout == NCHW:
            return np.asarray(((batch * c + channel) * h + y) * row + x)
        if self.layout == TURNED:
            return np.asarray(((batch * w + x) * h + y) * c + channel)
        if self.layout == NHWC:
            return np.asarray(((batch * h + y) * row + x) * c + channel)
        first, lane = np.divmod(channel, self.group)
        return np.asarray((((batch * -(-c // self.group) + first) * h + y) * row + x) * self.group + lane)


def memories(shape: tuple[int, ...], is_picture: bool, count: int) -> Iterator[Memory]:
    """The ways in which `count` elements hold an input, the usual ones first; `shape` is N, C, H, W of a picture."""
    if not is_picture:
        yield from (memory for memory in (Memory(OWN, shape),) if memory.count == count)
        return
    n, c, h, w = shape
    found = [Memory(NHWC, shape), Memory(NCHW, shape), Memory(TURNED, shape)]
    found += [Memory(GROUPED, shape, group=group) for group in GROUPS if c > 1]
    row, rest = divmod(count, max(1, n * c * h))
    if not rest and w < row <= w + MOST_PADDING:
        found += [Memory(NHWC, shape, row), Memory(NCHW, shape, row)]
    yield from (memory for memory in found if memory.count == count)


def group_of(chip: str, dtype: str) -> int:
    """C2 of a chip for a stored type; 0 where it is not known."""
    return C2.get(chip.lower(), {}).get(dtype, 0)

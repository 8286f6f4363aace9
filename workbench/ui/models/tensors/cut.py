"""How a tensor falls into planes that can be looked at: which axes are shown, and what the others are called. No Qt."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from workbench.graph.graph import Graph, Layer

LETTERS = {False: ("n", "c", "h", "w"), True: ("n", "h", "w", "c")}
TOKEN, FEATURE, HEAD = "token", "feature", "head"
COLOURS, LEAST_PICTURE = 3, 8
RECURRENT, ATTENTION = ("LSTM", "GRU", "RNN"), ("MatMul", "Attention", "MultiHeadAttention")


@dataclass(frozen=True)
class Cut:
    """How a tensor falls into channels: planes of the last two axes, or with `last` of the two before the last.

    `axes` are the rows and the columns of a plane where they were chosen by hand, in any order; one alone is a line.
    Axes of length 1 count for nothing: what has one long axis is a line (`plane` has one number).
    """

    shape: tuple[int, ...]
    last: bool = False
    axes: tuple[int, ...] | None = None

    @property
    def long(self) -> tuple[int, ...]:
        """The axes that are longer than 1."""
        return tuple(axis for axis, size in enumerate(self.shape) if size != 1)

    @property
    def _axes(self) -> tuple[tuple[int, ...], tuple[int, ...]]:
        axes = self.long
        if self.axes is not None:
            return tuple(axis for axis in axes if axis not in self.axes), self.axes
        if len(axes) < 3:
            return (), axes
        return ((*axes[:-3], axes[-1]), axes[-3:-1]) if self.last else (axes[:-2], axes[-2:])

    @property
    def outer(self) -> tuple[int, ...]:
        """The axes that number the planes."""
        return self._axes[0]

    @property
    def plane_axes(self) -> tuple[int, ...]:
        """The axes of a plane: rows, then columns."""
        return self._axes[1]

    @property
    def plane(self) -> tuple[int, ...]:
        """Rows and columns of a plane; of a line its length."""
        return tuple(self.shape[axis] for axis in self._axes[1]) or (1,)

    @property
    def channels(self) -> int:
        """How many planes there are."""
        return math.prod(self.shape[axis] for axis in self._axes[0])

    def select(self, channel: int) -> tuple[int | slice, ...]:
        """What to index an array of this shape with to get one plane, with its axes in the tensor's order."""
        return self._index(channel, {})

    def lay(self, part: np.ndarray) -> np.ndarray:
        """What `select` gave as rows and columns."""
        axes = self.plane_axes
        if len(axes) == 2 and axes[0] > axes[1]:
            return part.reshape(self.plane[::-1]).T
        return part.reshape(self.plane)

    def stack(self, array: np.ndarray) -> np.ndarray:
        """An array of this shape as channels x rows x columns; without a copy where the memory allows it."""
        outer, plane = self._axes
        rest = tuple(axis for axis in range(len(self.shape)) if axis not in outer and axis not in plane)
        return array.transpose(*rest, *outer, *plane).reshape(self.channels, *self.plane)

    def index(self, channel: int, position: tuple[int, ...]) -> tuple[int, ...]:
        """The element of the tensor at a position of a plane."""
        return tuple(int(i) for i in self._index(channel, dict(zip(self._axes[1], position, strict=False))))  # type: ignore[arg-type]

    def at(self, channel: int) -> dict[int, int]:
        """Where a channel lies on each of the axes that number the channels."""
        outer = self._axes[0]
        where = np.unravel_index(channel, [self.shape[axis] for axis in outer]) if outer else ()
        return {axis: int(i) for axis, i in zip(outer, where, strict=True)}

    def channel_at(self, where: Mapping[int, int]) -> int:
        """The channel at a place on each of those axes."""
        outer = self._axes[0]
        if not outer:
            return 0
        return int(np.ravel_multi_index([where[axis] for axis in outer], [self.shape[axis] for axis in outer]))

    def _index(self, channel: int, inner: Mapping[int, int]) -> tuple[int | slice, ...]:
        plane = self._axes[1]
        chosen = self.at(channel) | dict(inner)
        ground: int | slice = 0
        return tuple(chosen.get(axis, slice(None) if axis in plane else ground) for axis in range(len(self.shape)))


def looks_channels_last(shape: tuple[int, ...]) -> bool:
    """Whether two equal axes stand before another one at the end, as in 1 x 257 x 257 x 21, or large ones before 3."""
    axes = [size for size in shape if size != 1]
    if len(axes) < 3:
        return False
    rows, columns, last = axes[-3:]
    return rows == columns != last or (last == COLOURS and min(rows, columns) > LEAST_PICTURE)


def axis_names(shape: tuple[int, ...], last: bool, op: str = "", is_sequence: bool = False) -> tuple[str, ...]:
    """What the axes are called; "" where nobody knows. `is_sequence`: the network works on tokens.

    Four axes are those of pictures, except in a network of tokens: what it multiplies or weighs has heads, and where
    there is no height, tokens lie as columns do (so an NPU has them), features as channels do.
    """
    rank = len(shape)
    if is_sequence and rank == 4 and shape[2] == 1 < shape[3] and shape[1] > 1:
        return "n" if shape[0] == 1 else HEAD, FEATURE, "h", TOKEN
    if is_sequence and rank == 4 and op in ("MatMul", "Softmax"):
        return "n", HEAD, TOKEN, TOKEN if shape[2] == shape[3] else FEATURE
    if rank == 4:
        return LETTERS[last]
    if is_sequence and rank == 3 and shape[0] == 1:
        return "n", TOKEN, FEATURE
    if is_sequence and rank == 2 and min(shape) > 1:
        return TOKEN, FEATURE
    return ("",) * rank


def usual_axes(names: tuple[str, ...]) -> tuple[int, int] | None:
    """Rows and columns that the names suggest: a row for each token; None where the cut's own are right."""
    if TOKEN not in names or FEATURE not in names:
        return None
    axes = names.index(TOKEN), names.index(FEATURE)
    return axes if axes[0] > axes[1] else None


def is_sequence_network(graph: Graph) -> bool:
    """Whether the network works on tokens: it multiplies values by values, as attention does, or is recurrent."""
    return any(layer.op in RECURRENT or _is_attention(layer, graph.constants) for layer in graph.layers)


def _is_attention(layer: Layer, constants: frozenset[str]) -> bool:
    return layer.op in ATTENTION and len(layer.inputs) > 1 and constants.isdisjoint(layer.inputs[:2])

"""A tensor in parts that are quickly worked on: some of its channels, or some rows of one. No Qt."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from workbench.ui.models.tensors.cut import Cut
from workbench.ui.models.tensors.data import Stored

PART = 1 << 17  # elements; some of them as float32 stay in a processor's cache


@dataclass(frozen=True)
class Part:
    """Channels `first` to `last` (exclusive), of each the elements of its plane from `start` on."""

    first: int
    last: int
    start: int
    select: tuple[slice, ...]


def parts(cut: Cut) -> Iterator[Part]:
    """All parts of a tensor, channel after channel; a tensor without elements has none."""
    if 0 in cut.shape:
        return
    outer = cut.outer
    plane = math.prod(cut.plane)
    if outer and outer[-1] > min(cut.plane_axes, default=outer[-1]) and cut.channels * math.prod(cut.plane[1:]) <= PART:
        yield from _bands(cut)
        return
    if plane > PART:
        yield from _rows(cut, outer)
        return
    split = len(outer)  # all axes behind outer[split] are whole
    whole = 1
    while split and whole * cut.shape[outer[split - 1]] * plane <= PART:
        split -= 1
        whole *= cut.shape[outer[split]]
    if not split:
        yield Part(0, whole, 0, _select(cut, {}))
        return
    split -= 1
    yield from _groups(cut, outer, split, (max(1, PART // (plane * whole)), whole))


def values(stored: Stored, cut: Cut, part: Part) -> np.ndarray:
    """The part as float32, one row a channel."""
    rest = (axis for axis in range(len(cut.shape)) if axis not in cut.plane_axes)
    laid = stored.part(part.select).transpose(*rest, *cut.plane_axes)
    return np.ascontiguousarray(laid).reshape(part.last - part.first, -1)


def place(cut: Cut, channel: int, position: int) -> tuple[int, ...]:
    """The index of the element at a position of a channel's flattened plane."""
    return cut.index(channel, tuple(int(i) for i in np.unravel_index(position, cut.plane)))


def _rows(cut: Cut, outer: tuple[int, ...]) -> Iterator[Part]:
    """Some rows of one channel after the other."""
    axis = cut.plane_axes[0]
    row = math.prod(cut.plane[1:])
    step = max(1, PART // row)
    for channel, index in enumerate(np.ndindex(*(cut.shape[axis] for axis in outer))):
        fixed = {axis: slice(i, i + 1) for axis, i in zip(outer, index, strict=True)}
        for start in range(0, cut.plane[0], step):
            select = _select(cut, fixed | {axis: slice(start, start + step)})
            yield Part(channel, channel + 1, start * row, select)


def _bands(cut: Cut) -> Iterator[Part]:
    """Some rows of all channels: where these are neighbours in memory, one of them is slow to read."""
    row = math.prod(cut.plane[1:])
    step = max(1, PART // (cut.channels * row))
    for start in range(0, cut.plane[0], step):
        select = _select(cut, {cut.plane_axes[0]: slice(start, start + step)})
        yield Part(0, cut.channels, start * row, select)


def _groups(cut: Cut, outer: tuple[int, ...], split: int, sizes: tuple[int, int]) -> Iterator[Part]:
    """`sizes`: how many indices of the axis that is split make a part, and how many channels each of them has."""
    step, whole = sizes
    length = cut.shape[outer[split]]
    for number, index in enumerate(np.ndindex(*(cut.shape[axis] for axis in outer[:split]))):
        fixed = {axis: slice(i, i + 1) for axis, i in zip(outer, index, strict=False)}
        for start in range(0, length, step):
            stop = min(length, start + step)
            first, last = ((number * length + end) * whole for end in (start, stop))
            yield Part(first, last, 0, _select(cut, fixed | {outer[split]: slice(start, stop)}))


def _select(cut: Cut, chosen: dict[int, slice]) -> tuple[slice, ...]:
    return tuple(chosen.get(axis, slice(None)) for axis in range(len(cut.shape)))

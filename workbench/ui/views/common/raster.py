"""Pictures of very many small rectangles and lines, made of arrays: calling a painter for each would take too long."""

from collections.abc import Iterator, Sequence

import numpy as np
from PySide6.QtCore import QByteArray, QDataStream
from PySide6.QtGui import QColor, QImage, QPainterPath

_ELEMENT = np.dtype([("kind", ">i4"), ("x", ">f8"), ("y", ">f8")])


def rectangles(sides: np.ndarray, classes: np.ndarray, colours: Sequence[QColor], size: tuple[int, int]) -> QImage:
    """A picture of `size` (width, height) with rectangles (left, top, right, bottom) in pixels, each at least one.

    The last class lies below all others, of which the higher ones lie on top.
    """
    wide, high = size
    none = len(colours)
    found = np.full((high, wide), none, np.uint8)
    for rank, rows, columns in _spans(sides, (classes + 1) % none, size):
        found[rows, columns] = (rank - 1) % none
    image = QImage(found.data, wide, high, wide, QImage.Format.Format_Indexed8)
    image.setColorTable([*(colour.rgba() for colour in colours), 0])
    return image.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)


def segments(ends: np.ndarray) -> QPainterPath:
    """A path of straight lines (x0, y0, x1, y1), in the form in which Qt writes paths to a stream."""
    elements = np.zeros(2 * len(ends), _ELEMENT)
    elements["kind"][1::2] = 1  # a line to here; 0 moves
    elements["x"], elements["y"] = ends[:, 0::2].ravel(), ends[:, 1::2].ravel()
    count = np.array([len(elements)], ">i4").tobytes()
    stream, path = QDataStream(QByteArray(count + elements.tobytes() + bytes(8))), QPainterPath()
    stream >> path
    return path


def _spans(sides: np.ndarray, ranks: np.ndarray, size: tuple[int, int]) -> Iterator[tuple[int, np.ndarray, np.ndarray]]:
    """Rows and columns of the pixels of each rank's rectangles, the ranks in ascending order."""
    for rank, rest in _distinct(sides, ranks, size):
        left, top, right, bottom = rest
        counts = (right - left) * (bottom - top)
        place = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
        across = np.repeat(right - left, counts)
        yield rank, np.repeat(top, counts) + place // across, np.repeat(left, counts) + place % across


def _distinct(
    sides: np.ndarray, ranks: np.ndarray, size: tuple[int, int]
) -> Iterator[tuple[int, tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]]]:
    """Each rank's rectangles in whole pixels, each once: ten thousands of boxes are a few pixels."""
    wide, high = size
    left = np.clip(np.round(sides[:, 0]), 0, wide - 1).astype(np.intp)
    top = np.clip(np.round(sides[:, 1]), 0, high - 1).astype(np.intp)
    right = np.clip(np.round(sides[:, 2]), left + 1, wide).astype(np.intp)
    bottom = np.clip(np.round(sides[:, 3]), top + 1, high).astype(np.intp)
    limits = (high, high + 1, wide, wide + 1)
    keys = ranks.astype(np.intp)
    for part, limit in zip((top, bottom, left, right), limits, strict=True):
        keys = keys * limit + part
    keys.sort()
    keys = keys[np.flatnonzero(np.diff(keys, prepend=-1))]
    parts = []
    for limit in limits[::-1]:
        keys, part = np.divmod(keys, limit)
        parts.append(part)
    right, left, bottom, top = parts
    for rank in np.flatnonzero(np.bincount(keys)).tolist():
        own = keys == rank
        yield rank, (left[own], top[own], right[own], bottom[own])

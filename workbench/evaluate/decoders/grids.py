"""What the heads of detectors have in common: grids of cells, and scores between 0 and 1."""

from collections.abc import Sequence

import numpy as np

from workbench.evaluate.boxes import Objects
from workbench.preprocess.preprocess import Frame

STRIDES = (8, 16, 32)
MORE_STRIDES = (8, 16, 32, 64)


def maps_of(frame: Frame, strides: Sequence[int] = STRIDES) -> list[tuple[int, int]]:
    """Rows and columns of each map."""
    return [(-(-frame.height // stride), -(-frame.width // stride)) for stride in strides]


def cells(frame: Frame, strides: Sequence[int] = STRIDES) -> tuple[np.ndarray, np.ndarray]:
    """Column and row of every cell of all maps (n, 2), map after map and row after row, and its stride (n, 1)."""
    places, sizes = [], []
    for stride, (rows, columns) in zip(strides, maps_of(frame, strides), strict=True):
        y, x = np.mgrid[:rows, :columns]
        places.append(np.stack((x.reshape(-1), y.reshape(-1)), axis=1))
        sizes.append(np.full((rows * columns, 1), stride))
    return np.concatenate(places).astype(np.float64), np.concatenate(sizes).astype(np.float64)


def count(frame: Frame, strides: Sequence[int] = STRIDES) -> int:
    """How many cells all maps have."""
    return sum(rows * columns for rows, columns in maps_of(frame, strides))


def strides_of(frame: Frame, number: int, a_cell: int = 1) -> tuple[int, ...]:
    """The strides whose maps have so many boxes; () where none have."""
    return next((way for way in (STRIDES, MORE_STRIDES) if a_cell * count(frame, way) == number), ())


def as_shares(values: np.ndarray) -> np.ndarray:
    """Scores 0 to 1: as they are, or through the sigmoid that was left out of the network."""
    if values.size and (values.min() < 0 or values.max() > 1):
        return sigmoid(values)
    return values


def sigmoid(values: np.ndarray) -> np.ndarray:
    """1 / (1 + e^-x), without overflow."""
    found: np.ndarray = np.exp(-np.logaddexp(0, -values.astype(np.float64)))
    return found


def softmax(values: np.ndarray, axis: int) -> np.ndarray:
    """Along an axis, without overflow."""
    exact = values.astype(np.float64)
    powers = np.exp(exact - exact.max(axis=axis, keepdims=True))
    found: np.ndarray = powers / powers.sum(axis=axis, keepdims=True)
    return found


def corners(centres: np.ndarray, sizes: np.ndarray) -> np.ndarray:
    """x1 y1 x2 y2 from centres (n, 2) and sizes (n, 2)."""
    return np.concatenate((centres - sizes / 2, centres + sizes / 2), axis=1)


def every_class(boxes: np.ndarray, scores: np.ndarray, least: float) -> Objects:
    """An object for each class whose score (n, classes) is high enough: as YOLOv5 and v8 are measured."""
    rows, classes = np.nonzero(scores >= least)
    return Objects(boxes[rows], scores[rows, classes], classes)


def best_class(boxes: np.ndarray, scores: np.ndarray, least: float) -> Objects:
    """An object of its best class for each box that is sure enough."""
    classes = scores.argmax(axis=1) if scores.shape[1] else np.zeros(len(scores), np.int64)
    best = scores[np.arange(len(scores)), classes]
    return Objects(boxes, best, classes).at(best >= least)


def last_axis(array: np.ndarray) -> np.ndarray:
    """(1, channels, rows, columns) as (rows * columns, channels)."""
    found: np.ndarray = array[0].reshape(array.shape[1], -1).T
    return found

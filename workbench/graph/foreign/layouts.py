"""Channels last: TensorFlow and TensorFlow Lite have pictures as NHWC, OpenCV and the vendor's toolkit as NCHW."""

import numpy as np

from workbench.graph.foreign.kinds import TENSORFLOW, TFLITE

CHANNELS_LAST = (TFLITE, TENSORFLOW)


def to_nchw(array: np.ndarray, framework: str) -> np.ndarray:
    """A picture of a network with its channels first; other arrays are as they are."""
    if framework not in CHANNELS_LAST or array.ndim != 4:
        return array
    return np.ascontiguousarray(array.transpose(0, 3, 1, 2))


def to_own(array: np.ndarray, framework: str, shape: tuple[int, ...] | None) -> np.ndarray:
    """What was computed with channels first, in the network's layout; `shape` is the network's, where it is known."""
    if framework in CHANNELS_LAST and array.ndim == 4 and shape in (None, own_shape(array.shape, framework)):
        return np.ascontiguousarray(array.transpose(0, 2, 3, 1))
    if shape is not None and array.shape != shape and array.size == int(np.prod(shape)):
        return array.reshape(shape)
    return array


def own_shape(shape: tuple[int, ...], framework: str) -> tuple[int, ...]:
    """The network's shape of what has its channels first."""
    return (shape[0], shape[2], shape[3], shape[1]) if framework in CHANNELS_LAST and len(shape) == 4 else shape


def nchw_shape(shape: tuple[int, ...], framework: str) -> tuple[int, ...]:
    """The shape with channels first of one of the network's own."""
    return (shape[0], shape[3], shape[1], shape[2]) if framework in CHANNELS_LAST and len(shape) == 4 else shape

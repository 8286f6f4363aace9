"""The integers that a network's own quantization stores: what QDQ pairs and QLinear operators say of a tensor."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

STORED = {"int8": (-128, 127), "uint8": (0, 255), "int16": (-32768, 32767), "uint16": (0, 65535)}
ValueOf = Callable[[str], np.ndarray | None]


@dataclass(frozen=True)
class Grid:
    """`real = (stored - zero_point) * scale`, in float32, as ONNX's DequantizeLinear; several scales run along `axis`.

    `dtype` is the network's own.
    """

    dtype: str
    scale: tuple[float, ...]
    zero_point: tuple[int, ...]
    axis: int | None = None

    def dequantize(self, stored: np.ndarray) -> np.ndarray:
        """The real values of stored ones, float32."""
        scale, zero_point = self._along_axis(stored.ndim)
        real: np.ndarray = (stored.astype(np.int64) - zero_point).astype(np.float32) * scale
        return real

    def quantize(self, real: np.ndarray) -> np.ndarray:
        """Real values as stored ones: float32 division, ties to even, zero point, saturation."""
        scale, zero_point = self._along_axis(real.ndim)
        rounded = np.rint(real.astype(np.float32) / scale).astype(np.float64) + zero_point
        stored: np.ndarray = np.clip(rounded, *STORED[self.dtype]).astype(self.dtype)
        return stored

    def _along_axis(self, ndim: int) -> tuple[np.ndarray, np.ndarray]:
        scale, zero_point = np.asarray(self.scale, np.float32), np.asarray(self.zero_point, np.int64)
        shape = [1] * ndim
        if self.axis is not None:
            shape[self.axis] = -1
        return (scale.reshape(shape), zero_point.reshape(shape)) if scale.size > 1 else (scale[0], zero_point[0])


def grid_of(scale: np.ndarray | None, zero_point: np.ndarray | None, dtype: str, axis: int | None) -> Grid | None:
    """The grid of constants; None where the scale is none or has no form that is known."""
    if scale is None or scale.dtype != np.float32 or scale.ndim > 1 or not scale.size:
        return None
    zeros = np.zeros(scale.size, np.int64) if zero_point is None else zero_point.reshape(-1).astype(np.int64)
    if zeros.size != scale.size:
        return None
    return Grid(dtype, tuple(scale.reshape(-1).tolist()), tuple(zeros.tolist()), axis if scale.size > 1 else None)

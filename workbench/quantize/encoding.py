"""How a stored tensor's integers stand for real values."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

RANGES = {
    "int4": (-8, 7),
    "int8": (-128, 127),
    "uint8": (0, 255),
    "int16": (-32768, 32767),
    "uint16": (0, 65535),
    "int32": (-(2**31), 2**31 - 1),
}


@dataclass(frozen=True)
class Encoding:
    """`real = (stored - zero_point) * scale`, in float32; several scales run along `axis`.

    `dtype` is a numpy integer name (or "int4"), or "float16"/"float32", which have no scale. `layout` is the memory
    layout of the stored array; "" is the network's own.
    """

    dtype: str
    scale: tuple[float, ...] = ()
    zero_point: tuple[int, ...] = ()
    axis: int | None = None
    layout: str = ""

    @property
    def is_quantized(self) -> bool:
        """Whether values are integers with a scale."""
        return bool(self.scale)

    @cached_property
    def limits(self) -> tuple[int, int]:
        """The smallest and the largest stored integer."""
        return RANGES[self.dtype]

    def quantize(self, real: np.ndarray) -> np.ndarray:
        """Real values to stored integers: float32 division, ties to even, zero point, saturation.

        Source: quantization semantics §2 (checked bit for bit against the vendor's simulator).
        """
        scale, zero_point = self._along_axis(real.ndim)
        low, high = self.limits
        rounded = np.rint(np.asarray(real, np.float32) / scale).astype(np.float64) + zero_point
        stored: np.ndarray = np.clip(rounded, low, high).astype("int8" if self.dtype == "int4" else self.dtype)
        return stored

    def dequantize(self, stored: np.ndarray) -> np.ndarray:
        """Stored values to float32."""
        if not self.is_quantized:
            return np.asarray(stored, np.float32)
        scale, zero_point = self._along_axis(stored.ndim)
        real: np.ndarray = (stored.astype(np.int64) - zero_point).astype(np.float32) * scale
        return real

    def _along_axis(self, ndim: int) -> tuple[np.ndarray, np.ndarray]:
        scale = np.asarray(self.scale, np.float64).astype(np.float32)
        zero_point = np.asarray(self.zero_point, np.int64)
        if self.axis is None or scale.size == 1:
            return scale.reshape(()), zero_point.reshape(())
        shape = [1] * ndim
        shape[self.axis] = -1
        return scale.reshape(shape), zero_point.reshape(shape)


def asymmetric(low: np.ndarray | float, high: np.ndarray | float, dtype: str, axis: int | None = None) -> Encoding:
    """The encoding of a range, widened to hold zero; of one range for each index of `axis` where arrays are given.

    Source: quantization semantics §2.
    """
    smallest, largest = RANGES[dtype]
    low = np.minimum(np.atleast_1d(np.asarray(low, np.float64)), 0.0)
    high = np.maximum(np.atleast_1d(np.asarray(high, np.float64)), 0.0)
    is_flat = ((high - low) / (largest - smallest)).astype(np.float32) == 0  # the scale is used as float32
    low, high = np.where(is_flat, -1.0, low), np.where(is_flat, 1.0, high)
    scale = (high - low) / (largest - smallest)
    zero_point = np.clip(np.rint(smallest - low / scale), smallest, largest).astype(np.int64)
    return Encoding(dtype, tuple(scale.tolist()), tuple(zero_point.tolist()), axis)

"""How a stored tensor's integers stand for real values."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
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
EXACT_IN_FLOAT32 = 1 << 23  # integers of half that size are exact, sums and differences too
FURTHEST = 2.0**14  # between the largest and the smallest scale of one tensor
Ends = np.ndarray | float


@dataclass(frozen=True)
class Encoding:
    """`real = (stored - zero_point) * scale`, in float32; several scales run along `axis`.

    `dtype` is a numpy integer name (or "int4"), or "float16"/"float32", which have no scale. `layout` is the memory
    layout of the stored array; "" is the network's own. The smallest integer of a narrow encoding is not used.
    """

    dtype: str
    scale: tuple[float, ...] = ()
    zero_point: tuple[int, ...] = ()
    axis: int | None = None
    layout: str = ""
    is_narrow: bool = False

    @property
    def is_quantized(self) -> bool:
        """Whether values are integers with a scale."""
        return bool(self.scale)

    @cached_property
    def limits(self) -> tuple[int, int]:
        """The smallest and the largest stored integer."""
        low, high = RANGES[self.dtype]
        return (low + 1 if self.is_narrow else low), high

    @property
    def held(self) -> tuple[np.ndarray, np.ndarray]:
        """The least and the greatest real value of each scale, in float64."""
        scale, zero_point = (np.asarray(numbers, np.float64) for numbers in (self.scale, self.zero_point))
        low, high = self.limits
        return (low - zero_point) * scale, (high - zero_point) * scale

    def scaled(self, factors: Sequence[float]) -> "Encoding":
        """The same zero points with multiplied scales."""
        scale = np.asarray(self.scale) * np.asarray(factors)
        return replace(self, scale=tuple(scale.tolist()))

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
        if stored.dtype.itemsize <= 2 and np.abs(zero_point).max() < EXACT_IN_FLOAT32:  # five times as fast
            narrow: np.ndarray = stored.astype(np.float32)
            narrow -= zero_point.astype(np.float32)
            narrow *= scale
            return narrow
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


def asymmetric(low: Ends, high: Ends, dtype: str, axis: int | None = None) -> Encoding:
    """The encoding of a range, widened to hold zero; of one range for each index of `axis` where arrays are given.

    Source: quantization semantics §2.
    """
    smallest, largest = RANGES[dtype]
    lowest, highest = np.minimum(_float64(low), 0.0), np.maximum(_float64(high), 0.0)
    is_flat = ((highest - lowest) / (largest - smallest)).astype(np.float32) == 0  # the scale is used as float32
    lowest, highest = np.where(is_flat, -1.0, lowest), np.where(is_flat, 1.0, highest)
    scale = (highest - lowest) / (largest - smallest)
    zero_point = np.clip(np.rint(smallest - lowest / scale), smallest, largest).astype(np.int64)
    if not is_flat.all():
        scale = np.where(is_flat, 0.0, scale)
    return Encoding(dtype, _bounded(scale), tuple(zero_point.tolist()), axis)


def symmetric(low: Ends, high: Ends, dtype: str, axis: int | None = None) -> Encoding:
    """Zero point 0; the largest magnitude is the largest integer. Source: quantization semantics §3 (w4a16)."""
    return _centred(_reach(low, high) / RANGES[dtype][1], dtype, axis)


def fixed_point(low: Ends, high: Ends, dtype: str, axis: int | None = None) -> Encoding:
    """RKNN-Toolkit2's dynamic fixed point: zero point 0, scale 1 / (2^fl - 1). Source: quantization semantics §3.

    fl is 15 below one in int16, one less for each doubling and one more for each halving.
    """
    reach = _reach(low, high)
    below_one = np.log2(RANGES[dtype][1] + 1.0)
    doublings = np.where(reach >= 1.0, np.floor(np.log2(reach)), -np.floor(-np.log2(reach)))
    is_half = (reach >= 0.5) & (reach < 1.0)
    length = np.where(is_half, below_one, np.maximum(below_one - 1 - doublings, 1.0))
    return _centred(1.0 / (np.exp2(length) - 1.0), dtype, axis)


def power_of_two(low: Ends, high: Ends, dtype: str, axis: int | None = None) -> Encoding:
    """RKNN-Toolkit's dynamic fixed point: a step is 2^-fl, the smallest integer is not used. Source: rknn_facts §5.

    fl leaves as many bits as the largest magnitude needs before the point (P. Gysel, Ristretto, 2016).
    """
    bits = np.log2(RANGES[dtype][1] + 1.0)
    found = Encoding(dtype, _bounded(np.exp2(np.ceil(np.log2(_reach(low, high))) - bits)), (0,), axis)
    return replace(found, zero_point=(0,) * len(found.scale), is_narrow=True)


def _centred(scale: np.ndarray, dtype: str, axis: int | None) -> Encoding:
    return Encoding(dtype, _bounded(scale), (0,) * scale.size, axis)


def _reach(low: Ends, high: Ends) -> np.ndarray:
    """The largest magnitude of each range; 1 where it holds nothing but zero."""
    reach = np.maximum(np.abs(_float64(low)), np.abs(_float64(high)))
    return np.where(reach.astype(np.float32) == 0, 1.0, reach)


def _float64(ends: Ends) -> np.ndarray:
    return np.atleast_1d(np.asarray(ends, np.float64))


def _bounded(scale: np.ndarray) -> tuple[float, ...]:
    """The scales of one tensor are not further apart than 2^14; zero points stay. Measured with toolkit 2.5.0."""
    found: list[float] = np.maximum(scale, scale.max() / FURTHEST).tolist()
    return tuple(found)

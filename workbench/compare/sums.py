"""The sums over two arrays from which all metrics follow.

OpenCV adds them up block by block in float64, at about the speed of memory (GUI measurements §10).
"""

import math
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from workbench.foundation import cores
from workbench.foundation.threads import threads
from workbench.quantize.encoding import Encoding

BLOCK = 1 << 17  # elements; golden, other and the dequantised block stay in a core's cache
PARALLEL = 1 << 20  # elements; below it handing blocks to threads costs more than it saves
LARGE = 1 << 8  # elements; float32 sums of fewer have the same five decimals
_local = threading.local()


@dataclass(slots=True)
class Sums:
    """What one pass over two arrays finds; sums and maxima leave out where golden is not finite."""

    count: int = 0
    golden_square: float = 0.0
    other_square: float = 0.0
    square: float = 0.0  # Σd²
    absolute: float = 0.0  # Σ|d|
    largest: float = 0.0  # max |d|
    steps: float = 0.0  # max |d| / scale
    nan: int = 0  # of other
    inf: int = 0
    golden_nan: int = 0
    golden_inf: int = 0
    saturated: int = 0
    in_float32: tuple[float, float, float] | None = None  # a·b, a·a, b·b as the toolkit adds them up, of large arrays

    def add(self, block: "Sums") -> None:
        """Take in the next block."""
        self.count += block.count
        self.golden_square += block.golden_square
        self.other_square += block.other_square
        self.square += block.square
        self.absolute += block.absolute
        self.largest = _larger(self.largest, block.largest)
        self.steps = _larger(self.steps, block.steps)
        self.nan += block.nan
        self.inf += block.inf
        self.golden_nan += block.golden_nan
        self.golden_inf += block.golden_inf
        self.saturated += block.saturated


def total(golden: np.ndarray, other: np.ndarray, encoding: Encoding | None = None) -> Sums:
    """The sums of two arrays; the same bits whatever the number of threads."""
    if golden.size != other.size:
        raise ValueError(f"{golden.size} golden elements cannot be compared with {other.size}")
    if encoding is not None and not encoding.is_quantized:
        encoding = None
    if encoding is not None and len(encoding.scale) > 1:
        return _total_per_axis(golden, other, encoding)
    return _Pass(golden.reshape(-1), other.reshape(-1), encoding).total()


class _Pass:
    """Over two flat arrays, block by block; `real` is all of `other` in float32, for the toolkit's sums."""

    def __init__(self, golden: np.ndarray, other: np.ndarray, encoding: Encoding | None) -> None:
        self._golden, self._other, self._encoding = golden, other, encoding
        self._real: np.ndarray | None = None
        if golden.size >= LARGE and golden.dtype == np.float32:
            is_real = encoding is None and other.dtype == np.float32
            self._real = other if is_real else np.empty(golden.size, np.float32)

    def total(self) -> Sums:
        if self._golden.size < PARALLEL:
            return self._total(map)
        with threads(min(2, cores.count()), "metrics") as pool:
            return self._total(pool.map)

    def _total(self, each: Callable[..., Iterable[Any]]) -> Sums:
        found = _added(each(self._block, range(0, self._golden.size, BLOCK)))
        if self._real is not None:
            golden, real = self._golden, self._real
            product, golden_square, other_square = each(_dot, (golden, golden, real), (real, golden, real))
            found.in_float32 = product, golden_square, other_square
        return found

    def _block(self, start: int) -> Sums:
        block, encoding = slice(start, start + BLOCK), self._encoding
        golden, stored = _comparable(self._golden[block]), self._other[block]
        real = _comparable(stored) if encoding is None else _dequantized(stored, encoding, _buffer()[: stored.size])
        if self._real is not None and self._real is not self._other:
            self._real[block] = real
        if real.dtype != golden.dtype:
            real, golden = real.astype(np.float64), golden.astype(np.float64)
        found = _finite_sums(golden, real)
        if not math.isfinite(found.golden_square + found.other_square + found.square):
            found = _checked_sums(golden, real)
        if encoding is not None:
            step = _step(encoding)
            found.steps = found.largest / step
            found.saturated = _saturated(golden, stored, encoding, step)
        return found


def _dot(one: np.ndarray, other: np.ndarray) -> float:
    with np.errstate(over="ignore", invalid="ignore"):  # what float32 does not hold is not used
        return float(np.dot(one, other))


def _added(blocks: Iterable[Sums]) -> Sums:
    found = Sums()
    for block in blocks:
        found.add(block)
    return found


def _comparable(block: np.ndarray) -> np.ndarray:
    """As float32 where that is exact, as float64 otherwise."""
    if block.dtype == np.float32:
        return np.ascontiguousarray(block)
    exact = block.dtype == np.float16 or (block.dtype.kind in "iu" and block.dtype.itemsize <= 2)
    return block.astype(np.float32 if exact else np.float64)


def _dequantized(stored: np.ndarray, encoding: Encoding, out: np.ndarray) -> np.ndarray:
    """The same bits as `Encoding.dequantize`: a difference of small integers is exact in float32."""
    if stored.dtype.kind not in "iu" or stored.dtype.itemsize > 2:
        whole: np.ndarray = encoding.dequantize(stored)
        return whole
    np.copyto(out, stored)  # and then in place: subtracting while it is converted takes longer
    np.subtract(out, np.float32(encoding.zero_point[0]), out=out)
    np.multiply(out, np.float32(encoding.scale[0]), out=out)
    return out


def _finite_sums(golden: np.ndarray, other: np.ndarray) -> Sums:
    """Sums of blocks without NaN and infinities."""
    import cv2

    # rows, because OpenCV is ten times slower on a single column
    a, b = golden.reshape(1, -1), other.reshape(1, -1)
    return Sums(
        count=golden.size,
        golden_square=cv2.norm(a, cv2.NORM_L2SQR),
        other_square=cv2.norm(b, cv2.NORM_L2SQR),
        square=cv2.norm(a, b, cv2.NORM_L2SQR),
        absolute=cv2.norm(a, b, cv2.NORM_L1),
        largest=cv2.norm(a, b, cv2.NORM_INF),
    )


def _checked_sums(golden: np.ndarray, other: np.ndarray) -> Sums:
    """Sums of blocks that may have NaN or infinities, or squares beyond the range of a number."""
    a, b = golden.astype(np.float64), other.astype(np.float64)
    found = Sums(nan=_count(np.isnan(b)), inf=_count(np.isinf(b)))
    found.golden_nan, found.golden_inf = _count(np.isnan(a)), _count(np.isinf(a))
    there = np.isfinite(a)
    a, b = a[there], b[there]
    with np.errstate(over="ignore", invalid="ignore"):
        d = np.abs(a - b)
        found.golden_square, found.other_square, found.square = (float(np.einsum("i,i->", x, x)) for x in (a, b, d))
        found.count, found.absolute, found.largest = a.size, float(d.sum()), float(d.max(initial=0.0))
    return found


def _saturated(golden: np.ndarray, stored: np.ndarray, encoding: Encoding, step: float) -> int:
    low, high = encoding.limits
    lowest, highest = ((limit - encoding.zero_point[0]) * step for limit in (low, high))
    least, most = _extremes(golden)
    count = 0
    if not most <= highest + step / 2:
        count += _count((golden > highest + step / 2) & (stored == high))
    if not least >= lowest - step / 2:
        count += _count((golden < lowest - step / 2) & (stored == low))
    return count


def _extremes(block: np.ndarray) -> tuple[float, float]:
    """The smallest and the largest value; anything when there are NaN."""
    import cv2

    least, most, _, _ = cv2.minMaxLoc(block.reshape(1, -1))
    return least, most


def _total_per_axis(golden: np.ndarray, other: np.ndarray, encoding: Encoding) -> Sums:
    """One encoding for each position along an axis: added up position by position."""
    axis, found = encoding.axis or 0, Sums()
    golden = np.moveaxis(golden.reshape(other.shape), axis, 0)
    other = np.moveaxis(other, axis, 0)
    for at in range(len(encoding.scale)):
        one = Encoding(encoding.dtype, encoding.scale[at : at + 1], encoding.zero_point[at : at + 1])
        found.add(total(golden[at], other[at], one))
    return found


def _step(encoding: Encoding) -> float:
    """The scale as float32 has it, which is what values are multiplied with."""
    return float(np.float32(encoding.scale[0]))


def _count(flags: np.ndarray) -> int:
    return int(np.count_nonzero(flags))


def _larger(a: float, b: float) -> float:
    return math.nan if math.isnan(a) or math.isnan(b) else max(a, b)


def _buffer() -> np.ndarray:
    """This thread's room for a dequantised block: a new one for each block would cost more than the arithmetic."""
    if not hasattr(_local, "buffer"):
        _local.buffer = np.empty(BLOCK, np.float32)
    buffer: np.ndarray = _local.buffer
    return buffer

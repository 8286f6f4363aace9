"""How far a tensor is from its golden values.

All numbers come from a few float64 sums that OpenCV adds up block by block, at about the speed of memory (GUI
measurements §10). Definitions of cos and euc: the vendor's (quantization semantics §7).
"""

import math
import os
import threading
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

import numpy as np

from workbench.quantize.encoding import Encoding

BLOCK = 1 << 17  # elements; golden, other and the dequantised block stay in a core's cache
PARALLEL = 1 << 20  # elements; below it handing blocks to threads costs more than it saves
_local = threading.local()


@dataclass(frozen=True, slots=True)
class Metric:
    """A number of the layer table.

    Values worse than `yellow` or `red` are marked (None: no limit; see also `compare.YELLOW` for limits that differ
    between entire and single errors). `digits` is a format specification.
    """

    key: str
    title: str
    unit: str
    higher_is_worse: bool
    yellow: float | None
    red: float | None
    digits: str

    def is_worse(self, value: float, than: float) -> bool:
        """Whether `value` is worse; NaN is worse than every number."""
        if math.isnan(value) or math.isnan(than):
            return math.isnan(value) and not math.isnan(than)
        return value > than if self.higher_is_worse else value < than


METRICS: dict[str, Metric] = {
    metric.key: metric
    for metric in (
        Metric("cos", "Cosine", "", False, None, None, ".5f"),
        Metric("one_minus_cos", "1 − cosine", "", True, None, None, ".3g"),
        Metric("euc", "Euclidean distance", "", True, None, None, ".5g"),
        Metric("max_abs", "Largest difference", "", True, None, None, ".4g"),
        Metric("mean_abs", "Mean difference", "", True, None, None, ".4g"),
        Metric("relative", "Relative error", "", True, None, None, ".3g"),
        Metric("sqnr_db", "SQNR", "dB", False, None, None, ".1f"),
        Metric("steps", "Largest difference in steps", "steps", True, None, None, ".2f"),
        Metric("nan", "NaN values", "", True, None, 0.0, ".0f"),
        Metric("inf", "Infinite values", "", True, None, 0.0, ".0f"),
        Metric("saturated", "Saturated share", "", True, None, None, ".3%"),
    )
}


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


def measure(golden: np.ndarray, other: np.ndarray, encoding: Encoding | None = None) -> dict[str, float]:
    """All metrics of `METRICS` that exist, for arrays with the same number of elements (a `ValueError` otherwise).

    `other` may hold stored integers; they are dequantised with `encoding` on the way. `steps` and `saturated` exist
    only with a quantised encoding. A stored value is saturated when it is the smallest or the largest that the
    encoding has, while golden lies more than half a step beyond what that value stands for: rounding alone does not
    count. Where golden itself is not finite nothing is compared. A NaN or an infinity in `other` counts in `nan` and
    `inf` and makes the other metrics NaN or infinite. cos of an all-zero tensor does not exist and is absent.
    """
    return values(total(golden, other, encoding), encoding)


def measure_with_note(
    golden: np.ndarray, other: np.ndarray, encoding: Encoding | None = None
) -> tuple[dict[str, float], str]:
    """`measure`, and why something is missing or left out; "" when all is there."""
    sums = total(golden, other, encoding)
    return values(sums, encoding), note(sums)


def total(golden: np.ndarray, other: np.ndarray, encoding: Encoding | None = None) -> Sums:
    """The sums of two arrays; the same bits whatever the number of threads."""
    if golden.size != other.size:
        raise ValueError(f"{golden.size} golden elements cannot be compared with {other.size}")
    if encoding is not None and not encoding.is_quantized:
        encoding = None
    if encoding is not None and len(encoding.scale) > 1:
        return _total_per_axis(golden, other, encoding)
    golden, other = golden.reshape(-1), other.reshape(-1)
    block_sums = partial(_block_sums, golden, other, encoding)
    starts = range(0, golden.size, BLOCK)
    if golden.size < PARALLEL:
        return _added(map(block_sums, starts))
    with ThreadPoolExecutor(min(2, os.cpu_count() or 1), thread_name_prefix="metrics") as pool:
        return _added(pool.map(block_sums, starts))


def values(sums: Sums, encoding: Encoding | None = None) -> dict[str, float]:
    """The metrics of these sums.

    1 − cos = (Σd² − (|a| − |b|)²) / (2 |a| |b|) keeps its digits where 1 − a·b / (|a| |b|) cancels (GUI measurements
    §10).
    """
    golden_norm, other_norm, euc = (math.sqrt(s) for s in (sums.golden_square, sums.other_square, sums.square))
    found = {"euc": euc, "nan": float(sums.nan), "inf": float(sums.inf)}
    if golden_norm * other_norm != 0:  # NaN included
        found["one_minus_cos"] = _one_minus_cos(golden_norm, other_norm, sums.square)
        found["cos"] = 1.0 - found["one_minus_cos"]
    if sums.count:
        found |= {"max_abs": sums.largest, "mean_abs": sums.absolute / sums.count}
    if golden_norm > 0:
        found["relative"] = euc / golden_norm
        found["sqnr_db"] = _decibel(sums.golden_square, sums.square)
    if encoding is not None and encoding.is_quantized and sums.count:
        found |= {"steps": sums.steps, "saturated": sums.saturated / sums.count}
    return {key: found[key] for key in METRICS if key in found}


def note(sums: Sums) -> str:
    """What a reader of the numbers has to know, as short sentences; "" for ordinary tensors."""
    if not sums.count:
        there_were = sums.golden_nan or sums.golden_inf
        return "Golden has no finite value to compare with." if there_were else "The tensor is empty."
    notes = []
    if sums.golden_nan or sums.golden_inf:
        notes.append(f"Golden has {sums.golden_nan} NaN and {sums.golden_inf} infinite values, which are left out.")
    if sums.golden_square == 0:
        notes.append("Golden is all zero.")
    if sums.other_square == 0:
        notes.append("Other is all zero.")
    return " ".join(notes)


def _one_minus_cos(golden_norm: float, other_norm: float, square: float) -> float:
    product = golden_norm * other_norm
    if not math.isfinite(product) or not math.isfinite(square):
        return math.nan
    difference = golden_norm - other_norm
    return min(2.0, max(0.0, (square - difference * difference) / (2 * product)))


def _decibel(signal: float, noise: float) -> float:
    if noise == 0:
        return math.inf
    return 10 * (math.log10(signal) - math.log10(noise))


def _added(blocks: Iterable[Sums]) -> Sums:
    found = Sums()
    for block in blocks:
        found.add(block)
    return found


def _block_sums(golden: np.ndarray, other: np.ndarray, encoding: Encoding | None, start: int) -> Sums:
    real_golden = _comparable(golden[start : start + BLOCK])
    stored = other[start : start + BLOCK]
    real = _comparable(stored) if encoding is None else _dequantized(stored, encoding)
    if real.dtype != real_golden.dtype:
        real, real_golden = real.astype(np.float64), real_golden.astype(np.float64)
    found = _finite_sums(real_golden, real)
    if not math.isfinite(found.golden_square + found.other_square + found.square):
        found = _checked_sums(real_golden, real)
    if encoding is not None:
        step = _step(encoding)
        found.steps = found.largest / step
        found.saturated = _saturated(real_golden, stored, encoding, step)
    return found


def _comparable(block: np.ndarray) -> np.ndarray:
    """As float32 where that is exact, as float64 otherwise."""
    if block.dtype == np.float32:
        return np.ascontiguousarray(block)
    exact = block.dtype == np.float16 or (block.dtype.kind in "iu" and block.dtype.itemsize <= 2)
    return block.astype(np.float32 if exact else np.float64)


def _dequantized(stored: np.ndarray, encoding: Encoding) -> np.ndarray:
    """The same bits as `Encoding.dequantize`: a difference of small integers is exact in float32."""
    if stored.dtype.itemsize > 2:
        whole: np.ndarray = encoding.dequantize(stored)
        return whole
    real = _buffer()[: stored.size]
    np.copyto(real, stored)
    np.subtract(real, np.float32(encoding.zero_point[0]), out=real)
    np.multiply(real, np.float32(encoding.scale[0]), out=real)
    return real


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

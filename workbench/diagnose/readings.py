"""How an output was read: in which order, and by which encoding. What a board gave against what it should have given.

Layouts: rknn_facts §6.2; readings of integers: the same, and §7, no. 18 and 20.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import permutations

import numpy as np

from workbench.diagnose.distances import apart
from workbench.dump.layouts import GROUPED, network_places, ways
from workbench.quantize.encoding import Encoding

PLACES = 4096  # that candidates are compared on, before all of them are
SAME, OTHER = 0.97, 0.9  # likeness of what is one order, and of what is not
FEW = 12  # values, below which an order is found by chance
MOST_AXES, MOST_PARTS = 5, 9
CLOSE = 0.05  # relative error of a reading that fits
STRAIGHT = 0.998  # correlation of values that differ by gain and offset only
SEED = 0
AXES = {4: "NCHW", 3: "NCL"}


@dataclass(frozen=True, slots=True)
class Order:
    """`said` is how the values lie in place of the network's order; `likeness` from 0 to 1, `before` without it."""

    said: str
    likeness: float
    before: float


@dataclass(frozen=True, slots=True)
class Read:
    """`key` names the reading, `said` tells it; read so, what should be there is off by `error` of its length."""

    key: str
    said: str
    gain: float
    offset: float
    error: float


def likeness(values: np.ndarray, reference: np.ndarray) -> float:
    """Lin's concordance 2 cov / (var + var + (mean - mean)²) of finite arrays: 1 the same, 0 nothing in common."""
    values, reference = (np.asarray(item, np.float64).reshape(-1) for item in (values, reference))
    means = values.mean(), reference.mean()
    both = values.var() + reference.var() + (means[0] - means[1]) ** 2
    return float(2 * ((values - means[0]) * (reference - means[1])).mean() / both) if both > 0 else 1.0


def order_of(values: np.ndarray, reference: np.ndarray) -> Order | None:
    """The order that makes the reference of the values; None where none is needed, or none does."""
    flat = values.reshape(-1)
    if values.size != reference.size or values.size < FEW or not (_finite(values) and _finite(reference)):
        return None
    before = likeness(flat, reference)
    if before >= OTHER or np.ptp(reference) == 0:
        return None
    at = _some_places(flat.size)
    best = max(((likeness(flat[at], found[at]), said, found) for said, found in _orders(reference)),
               key=lambda one: one[0], default=None)  # fmt: skip
    if best is not None and best[0] >= SAME:
        after = likeness(flat, best[2].all())
        return Order(best[1], after, before) if after >= SAME else None
    return None


def is_shuffled(values: np.ndarray, reference: np.ndarray) -> bool:
    """Whether both hold the same values in orders that have nothing to do with each other."""
    if values.size != reference.size or values.size < 16 * FEW or not (_finite(values) and _finite(reference)):
        return False
    flat, wanted = np.sort(values, axis=None), np.sort(reference, axis=None)
    is_telling = len(np.unique(wanted)) > 4 * FEW
    return is_telling and apart(flat, wanted) < CLOSE / 2 and likeness(values, reference) < 0.5


def reading_of(values: np.ndarray, reference: np.ndarray, encoding: Encoding | None,
               scales: Sequence[float] = ()) -> Read | None:  # fmt: skip
    """By which mistake in dequantising the values came of the reference; None where none explains them.

    `encoding` is that of the stored output, `scales` are those of the network's other outputs.
    """
    values = values.reshape(reference.shape)
    if not (_finite(values) and _finite(reference)) or np.ptp(values) == 0:
        return None
    before = apart(values, reference)
    if before < 2 * CLOSE:
        return None
    found = [read for read in _readings(values, reference, encoding, scales) if read.error < min(CLOSE, before / 3)]
    return min(found, key=lambda read: read.error) if found else _straight(values, reference, before)


class _Places:
    """An array's values in another order, of which some are looked at without laying out all."""

    def __init__(self, array: np.ndarray, lookup: np.ndarray | None = None) -> None:
        self._array, self._lookup = array, lookup

    def __getitem__(self, at: np.ndarray) -> np.ndarray:
        if self._lookup is not None:
            return np.asarray(self._array.reshape(-1)[self._lookup[at]])
        return np.asarray(self._array[np.unravel_index(at, self._array.shape)])

    def all(self) -> np.ndarray:
        return np.ascontiguousarray(self[np.arange(self._array.size)])


def _orders(reference: np.ndarray) -> Iterator[tuple[str, _Places]]:
    """Every order that a program or a runtime may have given, with its name."""
    shape = tuple(side for side in reference.shape if side > 1)
    array = reference.reshape(shape)
    if len(shape) > MOST_AXES:
        return
    for order in permutations(range(len(shape))):
        if order != tuple(range(len(shape))):
            yield _named(reference.shape, order), _Places(array.transpose(order))
    yield from _grouped(reference)
    for axis in range(len(shape)):
        yield f"reversed along the axis of {shape[axis]}", _Places(np.flip(array, axis))
    yield from _parted(array)


def _named(shape: Sequence[int], order: Sequence[int]) -> str:
    sides = [side for side in shape if side > 1]
    kept = [at for at, side in enumerate(shape) if side > 1]
    turned = "×".join(str(sides[at]) for at in order)
    letters = AXES.get(len(shape), "")
    if letters and len(kept) == len(shape) - 1 and kept[0] == 1:
        return f"{letters[0]}{''.join(letters[kept[at]] for at in order)} ({turned})"
    return f"its axes as {turned}"


def _grouped(reference: np.ndarray) -> Iterator[tuple[str, _Places]]:
    """NC1HWC2 without padding."""
    if reference.ndim == 4:
        for layout, size in ways(reference.shape):
            if layout.startswith(GROUPED) and size == reference.size:
                lookup = network_places(reference.shape, layout, np.arange(size))
                yield f"NC1HWC2 with C2 = {layout.partition(':')[2]}", _Places(reference, lookup)


def _parted(array: np.ndarray) -> Iterator[tuple[str, _Places]]:
    """With one axis parted in two, as anchors and their fields are, and these in another order."""
    if not 2 <= array.ndim <= MOST_AXES - 2:
        return
    for axis, side in enumerate(array.shape):
        for part in (part for part in range(2, MOST_PARTS + 1) if side % part == 0 and side > part):
            shape = (*array.shape[:axis], part, side // part, *array.shape[axis + 1 :])
            for order in permutations(range(len(shape))):
                if order.index(axis) + 1 != order.index(axis + 1):  # else the parts are one axis again
                    turned = "×".join(str(shape[at]) for at in order)
                    yield (
                        f"{side} parted in {part}×{side // part}, as {turned}",
                        _Places(array.reshape(shape).transpose(order)),
                    )


def _readings(
    values: np.ndarray, reference: np.ndarray, encoding: Encoding | None, scales: Sequence[float]
) -> Iterator[Read]:
    wanted = reference.astype(np.float32)
    half = wanted.astype(np.float16)
    for kind in ("int16", "uint16"):
        bits = half.view(kind)
        yield Read("float16-bits", f"the bits of float16 taken for {kind}", 0.0, 0.0, apart(values, bits))
    if encoding is None or not encoding.is_quantized:
        return
    scale, zero = float(encoding.scale[0]), float(encoding.zero_point[0])
    steps = encoding.quantize(wanted).astype(np.float64)
    span = float(2 ** (8 * np.dtype(encoding.dtype).itemsize))
    is_signed = encoding.limits[0] < 0
    other_sign = steps + (steps < 0) * span if is_signed else steps - (steps >= span / 2) * span
    sign = "unsigned" if is_signed else "signed"
    yield _read("integers", "integers that were not dequantised", values, steps, 1 / scale, zero)
    yield _read("integers", f"{sign} integers that were not dequantised", values, other_sign, 1 / scale, zero)
    if zero:
        yield _read("no-scale", "integers less the zero point, not scaled", values, steps - zero, 1 / scale, 0.0)
        yield _read("no-zero-point", f"scaled, but the zero point {zero:g} was left out", values, steps * scale, 1.0,
                    zero * scale)  # fmt: skip
        yield _read("zero-sign", f"the zero point {zero:g} was added", values, (steps + zero) * scale, 1.0,
                    2 * zero * scale)  # fmt: skip
    yield _read("sign", f"{encoding.dtype} taken for {sign} integers", values, (other_sign - zero) * scale, 1.0, 0.0)
    shifted = span / 2 if is_signed else -span / 2
    yield _read("shifted", f"integers that are {shifted:+g} off", values, (steps + shifted - zero) * scale, 1.0,
                shifted * scale)  # fmt: skip
    for other in scales:
        if not math.isclose(other, scale, rel_tol=0.02):
            said = f"with the scale {other:.6g} of another output"
            yield _read("other-scale", said, values, (steps - zero) * other, other / scale, 0.0)


def _read(key: str, said: str, values: np.ndarray, expected: np.ndarray, gain: float, offset: float) -> Read:
    return Read(key, said, gain, offset, apart(values, expected))


def _straight(values: np.ndarray, reference: np.ndarray, before: float) -> Read | None:
    """Gain and offset, where they explain nearly all."""
    x, y = (np.asarray(item, np.float64).reshape(-1) for item in (reference, values))
    if len(np.unique(x)) < FEW or x.std() == 0:
        return None
    gain = float(((x - x.mean()) * (y - y.mean())).mean() / x.var())
    offset = float(y.mean() - gain * x.mean())
    correlation = gain * x.std() / y.std()
    is_other = abs(gain - 1) > CLOSE or abs(offset) > CLOSE * max(x.std(), abs(x.mean()))
    if not is_other or abs(correlation) < STRAIGHT:
        return None
    error = apart((y - offset) / gain, x)
    return Read("straight", f"{gain:.6g} times what it should be, {offset:+.6g}", gain, offset, error)


def _finite(values: np.ndarray) -> bool:
    return bool(np.isfinite(values).all())


def _some_places(size: int) -> np.ndarray:
    if size <= PLACES:
        return np.arange(size)
    return np.sort(np.random.default_rng(SEED).choice(size, PLACES, replace=False))

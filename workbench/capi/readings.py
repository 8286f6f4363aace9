"""In which type, layout and order a buffer holds an expected input: the reading that follows its pixels best."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from workbench.capi.buffers import Buffer
from workbench.capi.expected import STATES, Expected
from workbench.capi.memory import Memory, memories
from workbench.preprocess.preprocess import RESIZES

TYPES = ("uint8", "int8", "float32", "float16", "int16")
SAME, ALIKE = 0.98, 0.8  # correlation with the pixels
CLOSE = 0.08  # mean difference from a state, as a part of its spread: another decoder, another rounding
EQUAL = 0.004
MOST_LOOKED_AT = 1 << 15  # elements that the search compares
SEED = 0


@dataclass(frozen=True)
class Reading:
    """What a buffer holds. `agreement` is the least correlation of a channel with its pixels, 1 for the same picture.

    `gain` and `offset` are those of each channel: value = gain * pixel + offset. `states` are keys of `STATES` that the
    values equal, `difference` is the mean one from the first of these, as a part of the spread. `is_resized`: only with
    another rule than the session's.
    """

    expected: Expected
    dtype: str
    memory: Memory
    agreement: float
    gain: tuple[float, ...] = ()
    offset: tuple[float, ...] = ()
    states: tuple[str, ...] = ()
    difference: float = 1.0
    is_resized: bool = False


def types_of(buffer: Buffer) -> tuple[str, ...]:
    """The types that the bytes may be of."""
    return (buffer.dtype,) if buffer.dtype else TYPES


def best_reading(buffer: Buffer, expected: Sequence[Expected]) -> Reading | None:
    """The reading that fits best; None where the size fits no input. Other ways to resize are tried at last."""
    found = max(_readings(buffer, expected), key=_rank, default=None)
    if found is not None and found.agreement < SAME:
        others = [
            _resized(one, rule) for one in expected for rule in RESIZES if rule != "none" and _can_resize(one, rule)
        ]
        found = max((found, *(replace(one, is_resized=True) for one in _readings(buffer, others))), key=_rank)
    return None if found is None else _with_states(buffer, found)


def channels_first(values: np.ndarray, expected: Expected) -> np.ndarray:
    """An array of the network's layout as N, C, H, W; as it is where it is no picture."""
    if expected.input.is_picture and expected.input.settings.layout == "nhwc":
        return values.transpose(0, 3, 1, 2)
    return values


def shape_of(expected: Expected) -> tuple[int, ...]:
    """N, C, H, W of a picture; else the network's own."""
    n, *sides = expected.input.shape or (1,)
    if expected.input.is_picture and expected.input.settings.layout == "nhwc":
        sides = [sides[2], *sides[:2]]
    return (n, *sides)


def taken(buffer: Buffer, reading: Reading, at: np.ndarray) -> np.ndarray:
    """The values of a reading at flat places of N, C, H, W, as float64."""
    return np.asarray(buffer.values(reading.dtype)[reading.memory.places(at)], np.float64)


def _readings(buffer: Buffer, expected: Sequence[Expected]) -> Iterator[Reading]:
    for one in expected:
        places = _places(shape_of(one))
        variants = (one, one.swapped) if one.input.has_colours else (one,)
        pixels = [_at(variant.pixels, variant, places) for variant in variants]
        for dtype in types_of(buffer):
            count, rest = divmod(buffer.data.size, np.dtype(dtype).itemsize)
            for memory in () if rest else memories(shape_of(one), one.input.is_picture, count):
                reading = Reading(one, dtype, memory, 0.0)
                values = taken(buffer, reading, places)
                for variant, wanted in zip(variants, pixels, strict=True):
                    yield replace(reading, expected=variant, agreement=_agreement(values, wanted))


def _places(shape: tuple[int, ...]) -> np.ndarray:
    """As many places of each channel, one row a channel; all of a small input."""
    channels = shape[1] if len(shape) == 4 else 1
    inside = int(np.prod(shape, dtype=np.int64)) // max(1, channels)
    wanted = max(1, MOST_LOOKED_AT // max(1, channels))
    if inside > wanted:
        chosen = np.sort(np.random.default_rng(SEED).choice(inside, wanted, replace=False))
    else:
        chosen = np.arange(inside)
    if len(shape) != 4:
        return chosen[np.newaxis]
    side = shape[2] * shape[3]
    batch, place = np.divmod(chosen, side)
    return np.stack([(batch * channels + channel) * side + place for channel in range(channels)])


def _at(values: np.ndarray, expected: Expected, places: np.ndarray) -> np.ndarray:
    return np.asarray(np.ascontiguousarray(channels_first(values, expected)).reshape(-1)[places], np.float64)


def _agreement(values: np.ndarray, wanted: np.ndarray) -> float:
    """The least correlation over channels that are not of one value; NaN and infinities spoil theirs."""
    told = np.ptp(wanted, axis=1) > 0
    if not told.any():
        return 0.0
    with np.errstate(all="ignore"):
        one = values[told] - values[told].mean(axis=1, keepdims=True)
        other = wanted[told] - wanted[told].mean(axis=1, keepdims=True)
        found = (one * other).sum(axis=1) / np.sqrt((one**2).sum(axis=1) * (other**2).sum(axis=1))
    return float(np.nan_to_num(found, nan=0.0).min())


def _rank(reading: Reading) -> float:
    """Readings that agree as well are taken in their order: max keeps the first."""
    return round(reading.agreement, 3)


def _can_resize(expected: Expected, rule: str) -> bool:
    return expected.is_picture and expected.input.is_picture and rule != expected.input.settings.resize


def _resized(expected: Expected, rule: str) -> Expected:
    network = expected.input
    return replace(expected, input=replace(network, settings=replace(network.settings, resize=rule)))


def _with_states(buffer: Buffer, reading: Reading) -> Reading:
    expected = reading.expected
    places = _places(shape_of(expected))
    values = taken(buffer, reading, places)
    gain, offset = _fitted(values, _at(expected.pixels, expected, places))
    differences = {}
    for key, state in STATES.items():
        array = state(expected)
        if array is not None:
            differences[key] = _difference(values, _at(array, expected, places))
    least = min(differences.values())
    fitting = tuple(key for key, value in differences.items() if value <= max(1.5 * least, EQUAL) and value <= CLOSE)
    return replace(reading, gain=gain, offset=offset, states=fitting, difference=least)


def _fitted(values: np.ndarray, pixels: np.ndarray) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Gain and offset of each channel by least squares."""
    with np.errstate(all="ignore"):
        centre, middle = values.mean(axis=1), pixels.mean(axis=1)
        spread = ((pixels - middle[:, np.newaxis]) ** 2).sum(axis=1)
        gain = ((values - centre[:, np.newaxis]) * (pixels - middle[:, np.newaxis])).sum(axis=1) / spread
    gain = np.nan_to_num(gain, nan=0.0, posinf=0.0, neginf=0.0)
    return tuple(gain.tolist()), tuple((centre - gain * middle).tolist())


def _difference(values: np.ndarray, wanted: np.ndarray) -> float:
    """The mean difference as a part of the spread of what is wanted."""
    spread = float(np.abs(wanted - wanted.mean()).mean())
    with np.errstate(all="ignore"):
        found = float(np.abs(values - wanted).mean()) / (spread or 1.0)
    return found if np.isfinite(found) else np.inf

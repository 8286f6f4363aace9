"""How the channels of a tensor or a weight share one scale: which stretch the range, which are lost below a step."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

ALIVE = 1e-6  # of the largest channel: below, a channel is as good as zero
STRETCHES = 8.0  # times the median channel
LOST = 0.5  # steps: a smaller value is stored as zero
MOST_LOOKED_AT = 1 << 17  # values of a tensor whose rounding is computed
FEWEST = 16  # values of a channel
COARSE = 0.25  # of a channel's deviation that is rounding error: it has less than four levels


@dataclass(frozen=True)
class Channels:
    """Of every channel the largest magnitude, mean and deviation of its values, and their rounding error (RMS)."""

    largest: np.ndarray
    mean: np.ndarray
    deviation: np.ndarray
    error: np.ndarray
    step: float = 0.0

    @property
    def square(self) -> np.ndarray:
        """The mean square of each channel's values."""
        return np.asarray(np.square(self.mean) + np.square(self.deviation))

    @cached_property
    def alive(self) -> np.ndarray:
        """Whether a channel holds anything but zero and rounding."""
        return np.asarray(self.largest > ALIVE * self.largest.max(initial=0.0))

    @cached_property
    def median(self) -> float:
        """The largest magnitude of the channel in the middle of those that are alive."""
        return float(np.median(self.largest[self.alive])) if self.alive.any() else 0.0

    @property
    def ratio(self) -> float:
        """How many times the largest channel is the one in the middle."""
        return float(self.largest.max()) / self.median if self.median else 1.0

    @property
    def stretching(self) -> np.ndarray:
        """The numbers of the channels that make the range much larger than most need, the largest first."""
        order = np.argsort(-self.largest)
        return order[self.largest[order] > STRETCHES * self.median] if self.median else order[:0]

    @property
    def lost(self) -> np.ndarray:
        """The numbers of channels that vary, and are stored as nothing but zero."""
        return np.flatnonzero(self.alive & (self.deviation > 0) & (self.largest < LOST * self.step))

    @property
    def coarse(self) -> np.ndarray:
        """The numbers of channels that have only a few levels, those that are lost among them."""
        return np.flatnonzero(self.alive & (self.deviation > 0) & (self.error > COARSE * self.deviation))

    @property
    def damage(self) -> float:
        """The mean share of a channel's variance that is lost, at most 1 of each."""
        known = self.alive & (self.deviation > 0)
        if not known.any():
            return 0.0
        shares = np.minimum(1.0, np.square(self.error[known] / self.deviation[known]))
        return float(shares.mean())


def channels_of(values: np.ndarray, axis: int, step: float, held: tuple[float, float]) -> Channels:
    """Of values that are stored in steps within `held`, along an axis; mean and errors are those of a part of many."""
    rows = np.moveaxis(values, axis, 0).reshape(values.shape[axis], -1)
    largest = np.maximum(rows.max(axis=1), -rows.min(axis=1)).astype(np.float64)
    part = rows[:, :: max(1, rows.size // MOST_LOOKED_AT)]
    part = part if part.shape[1] > FEWEST else rows
    part = np.clip(part, np.float32(held[0]), np.float32(held[1]))
    error = np.rint(part / np.float32(step))
    error *= np.float32(step)
    error -= part
    return Channels(
        largest,
        part.mean(axis=1, dtype=np.float64),
        part.std(axis=1, dtype=np.float64),
        np.sqrt(np.einsum("ij,ij->i", error, error, dtype=np.float64) / error.shape[1]),
        step,
    )


def channel_axis(shape: Sequence[int], op: str = "") -> int:
    """Along which axis a layer of the deployed graph has its channels: those that its weights make, which are N, C, …

    Not that of an output: there boxes and classes count, which a reshape may have put anywhere.
    """
    if len(shape) == 3 and op in ("MatMul", "exMatMul", "exNorm", "LayerNormalization"):
        return 2
    return min(1, len(shape) - 1)


def output_channel_axis(shape: Sequence[int]) -> int | None:
    """Along which axis a network's output has its classes or coordinates, by its shape alone; None where it has none.

    Axis 1 of N×C×H×W; the last axis of five dimensions and of N×H×W×C with H = W; of N×A×C the shorter one.
    """
    if len(shape) == 4:
        is_last = shape[1] == shape[2] != shape[3]
        return 3 if is_last else 1
    if len(shape) == 3:
        return 2 if shape[2] <= shape[1] else 1
    return len(shape) - 1 if len(shape) > 4 or (len(shape) == 2 and shape[0] > 1) else None


def output_channels(array: np.ndarray) -> np.ndarray:
    """An output as (channels, places): what is a class or a coordinate stands for itself; one channel without any."""
    axis = output_channel_axis(array.shape)
    if axis is None:
        return array.reshape(1, -1)
    return np.moveaxis(array, axis, 0).reshape(array.shape[axis], -1)


@dataclass(frozen=True)
class WeightChannels:
    """The largest magnitude of a weight for each output channel and each input channel, and where it is relative.

    `peak` is how many times the largest weight of an output channel is its 99th percentile, in the middle of them.
    """

    outputs: np.ndarray
    inputs: np.ndarray
    peak: float

    @property
    def ratio(self) -> float:
        """How many times the largest output channel is the one in the middle."""
        return _ratio(self.outputs)

    @property
    def input_ratio(self) -> float:
        """How many times the largest input channel is the one in the middle."""
        return _ratio(self.inputs)


def weight_channels(weight: np.ndarray, axis: int) -> WeightChannels:
    """Of a weight whose output channels run along `axis`."""
    rows = np.abs(np.moveaxis(weight, axis, 0))
    flat = rows.reshape(len(rows), -1)
    largest = flat.max(axis=1)
    usual = np.quantile(flat, 0.9, axis=1)
    inputs = rows.reshape(len(rows), rows.shape[1], -1).max(axis=(0, 2)) if rows.ndim > 1 else largest
    known = usual > 0
    peak = float(np.median(largest[known] / usual[known])) if known.any() else 1.0
    return WeightChannels(largest.astype(np.float64), inputs.astype(np.float64), peak)


def _ratio(values: np.ndarray) -> float:
    alive = values[values > ALIVE * values.max(initial=0.0)]
    return float(values.max() / np.median(alive)) if alive.size else 1.0

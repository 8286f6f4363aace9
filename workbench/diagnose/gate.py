"""Whether anything is wrong that a user would care about: which outputs of the network are spoilt, and in what way.

A cosine over a whole output is blind to its scale and to channels of small numbers, as are scores beside boxes in
pixels: each channel is looked at by itself. What is spoilt here may be called a cause; on a healthy run all is a note.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from workbench.compare.compare import LayerError
from workbench.diagnose.channels import output_channel_axis, output_channels

if TYPE_CHECKING:
    from workbench.diagnose.case import Case

COS = 0.99  # below, an output is poor: `compare.grades`
RELATIVE = 0.15  # of the norm of the error to that of golden: cos 0.99 has 0.14 where the scale is right
SCORE = 0.1  # a score that somebody may want to see
LOST = 0.5  # of its peak that a channel of scores has left
WORN = 0.5  # of a channel's deviation that its error has: about cos 0.9 without its mean
FLAT = 0.1  # of the usual deviation of an output's channels: below, a channel says nothing in this picture
COARSE = 0.02  # of a stored output: scores that it holds have less than fifty levels
NAN, ANGLE, SCALE, CHANNEL, STEP = "nan", "cos", "scale", "channel", "step"


@dataclass(frozen=True, slots=True)
class Hurt:
    """An output that is spoilt: a row's `tensor`, the `column` that says so, and `why`.

    NAN, ANGLE (the cosine), SCALE (the relative error), CHANNEL or STEP.

    `value` is the number that says so: how many NaN, the cosine, the relative error; of a channel the share of its
    signal that is error, or the step in which its scores are stored.
    """

    tensor: str
    column: str
    why: str
    value: float
    channel: int | None = None
    sample: int = 0


def hurt(case: "Case", column: str = "simulator.entire") -> tuple[Hurt, ...]:
    """The spoilt outputs, each once; where no output has golden values, the last rows that have some."""
    found = (_hurt(case, row, column) for row in judged(case.rows, case.output_rows, column))
    return tuple(one for one in found if one is not None)


def judged(rows: Sequence[LayerError], outputs: Sequence[LayerError], column: str) -> tuple[LayerError, ...]:
    """The rows by which a run is judged; of several that stand for one output, as before a convert, the last."""
    measured = {row.golden or row.tensor: row for row in outputs if column in row.errors}
    return tuple(measured.values()) or tuple([row for row in rows if column in row.errors][-1:])


def _hurt(case: "Case", row: LayerError, column: str) -> Hurt | None:
    mean = row.errors[column].mean
    gone = mean.get("nan", 0.0) + mean.get("inf", 0.0)
    if gone or math.isnan(mean.get("cos", 1.0)):
        return Hurt(row.tensor, column, NAN, gone)
    if mean.get("cos", 1.0) < COS:
        return Hurt(row.tensor, column, ANGLE, mean["cos"])
    if mean.get("relative", 0.0) > RELATIVE:
        return Hurt(row.tensor, column, SCALE, mean["relative"])
    values = case.runtime if column.startswith("runtime") else case.simulated
    for sample in range(row.errors[column].samples):
        golden, other = case.golden(row, sample), values(row, sample)
        if golden is not None and other is not None and golden.size == other.size:
            worst = worst_channel(golden, other.reshape(golden.shape))
            if worst is not None:
                return Hurt(row.tensor, column, CHANNEL, worst[1], worst[0], sample)
    return _coarse(case, row, column)


def _coarse(case: "Case", row: LayerError, column: str) -> Hurt | None:
    """Scores that share the range of an output with larger numbers: the picture at hand may hide what that costs."""
    stored = (other.encoding for other in case.rows if (other.golden or other.tensor) == (row.golden or row.tensor))
    step = max((one.scale[0] for one in stored if one is not None and one.is_quantized), default=0.0)
    golden = case.golden(row) if step >= COARSE else None
    if golden is None:
        return None
    seen = scores(output_channels(golden)) if output_channel_axis(golden.shape) is not None else []
    return Hurt(row.tensor, column, STEP, step, seen[0]) if seen else None


def scores(channels: np.ndarray) -> list[int]:
    """The numbers of channels that hold scores, from 0 to 1, that somebody may want to see."""
    low, high = channels.min(axis=1), channels.max(axis=1)
    found: list[int] = np.flatnonzero((low >= 0) & (high <= 1) & (high >= SCORE)).tolist()
    return found


def worst_channel(golden: np.ndarray, other: np.ndarray) -> tuple[int, float] | None:
    """The channel that lost most of its signal, and the share of error in it (1: as much as signal); None: no one did.

    A channel of scores (0 to 1) is lost when its peak is; any, when its error deviates half as much as itself.
    """
    return max(_lost(golden, other), key=lambda item: item[1], default=None)


def _lost(golden: np.ndarray, other: np.ndarray) -> Iterator[tuple[int, float]]:
    reference, values = output_channels(golden).astype(np.float64), output_channels(other).astype(np.float64)
    if reference.shape[1] < 2:
        return
    deviation = reference.std(axis=1)
    error = np.sqrt(np.square(values - reference).mean(axis=1))
    usual = FLAT * float(np.median(deviation))
    for channel, (own, wrong) in enumerate(zip(deviation.tolist(), error.tolist(), strict=True)):
        if not math.isfinite(own + wrong) or own == 0:
            continue
        if _is_score(reference[channel]):
            peak = int(reference[channel].argmax())
            is_lost = values[channel, peak] < LOST * reference[channel, peak] or wrong > WORN * own
            if is_lost and reference[channel, peak] >= SCORE:
                yield channel, wrong / own
        elif wrong > WORN * own and own >= usual:
            yield channel, wrong / own


def _is_score(values: np.ndarray) -> bool:
    return bool(values.min() >= 0 and values.max() <= 1)

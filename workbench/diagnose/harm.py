"""Whether the network's outputs are spoilt: what tells a cause from a note."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from workbench.compare.compare import LayerError
from workbench.diagnose.case import Case

FEW = 8  # values of a channel below which its error says little


@dataclass(frozen=True, slots=True)
class Harm:
    """An output against what it should be: `relative` is |difference| / |golden|, `channel` that of its worst channel.

    `broken` is the share of values that are NaN or infinite where golden is finite. Infinite errors: all of it is lost.
    """

    row: LayerError
    relative: float
    channel: float
    broken: float
    sample: int = 0

    def exceeds(self, relative: float) -> bool:
        """Whether a user would see it: values lost, or an error of the whole beyond a share of it."""
        return self.broken > 0 or self.relative > relative


def apart(values: np.ndarray, golden: np.ndarray) -> float:
    """|values - golden| / |golden|; infinite where a value is not finite, or golden is zero and values are not."""
    golden = np.asarray(golden, np.float64).reshape(-1)
    values = np.asarray(values, np.float64).reshape(-1)
    finite = np.isfinite(golden)
    if not finite.all():
        golden, values = golden[finite], values[finite]
    if values.size == 0 or not np.isfinite(values).all():
        return 0.0 if values.size == 0 else float("inf")
    length, distance = float(np.linalg.norm(golden)), float(np.linalg.norm(values - golden))
    return distance / length if length else (float("inf") if distance else 0.0)


def harm(row: LayerError, values: np.ndarray, golden: np.ndarray, sample: int = 0) -> Harm:
    """Of one output; both arrays have as many elements."""
    values = values.reshape(golden.shape)
    finite = np.isfinite(golden)
    broken = np.count_nonzero(finite & ~np.isfinite(values)) / max(1, golden.size)
    return Harm(row, apart(values, golden), _worst_channel(values, golden), broken, sample)


def harms(case: Case, source: str, against: str = "golden") -> tuple[Harm, ...]:
    """Of every output and sample; `source` and `against` are "golden", "simulated" or "runtime": methods of `Case`."""
    found = []
    for sample in range(max(map(len, case.dumps.values()), default=0)):
        for rows in _by_output(case):
            for row in rows:
                values, golden = (getattr(case, name)(row, sample) for name in (source, against))
                if values is not None and golden is not None and values.size == golden.size:
                    found.append(harm(row, values, golden, sample))
                    break
    return tuple(found)


def _by_output(case: Case) -> list[list[LayerError]]:
    """The rows of each output, the one of its own name first."""
    found: dict[str, list[LayerError]] = {}
    for row in case.output_rows:
        found.setdefault(row.golden or row.tensor, []).append(row)
    return [sorted(rows, key=lambda row: row.tensor not in case.outputs) for rows in found.values()]


def worst(found: Sequence[Harm]) -> Harm | None:
    """The output that is spoilt most; None without outputs."""
    return max(found, key=lambda one: (one.broken, one.relative), default=None)


def channel_axis(shape: Sequence[int]) -> int | None:
    """The axis that numbers an output's channels, classes or fields: the shortest one behind the batch; None if none.

    Of three to five axes that is C of N, C, H, W; the fields of N, boxes, fields; the last one of equals.
    """
    sides = [(side, -axis) for axis, side in enumerate(shape) if axis and side > 1]
    return -min(sides)[1] if sides else None


def _worst_channel(values: np.ndarray, golden: np.ndarray) -> float:
    axis = channel_axis(golden.shape)
    if axis is None or golden.size // golden.shape[axis] < FEW:
        return apart(values, golden)
    pairs = zip(np.moveaxis(values, axis, 0), np.moveaxis(golden, axis, 0), strict=True)
    return max(apart(one, other) for one, other in pairs)

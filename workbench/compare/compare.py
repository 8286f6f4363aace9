"""The layer table: what each layer's errors are, and which are bad."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from workbench.compare.head_room import Extremes, head_room
from workbench.compare.metrics import METRICS, measure_with_note
from workbench.quantize.encoding import Encoding

COMPUTED = "computed"  # no tensor of the user's network has a row's golden values: the deployed graph computed them
COLUMNS = ENTIRE, SINGLE, RUNTIME, SINGLE_SIM = (
    "simulator.entire", "simulator.single", "runtime.entire", "runtime.single_sim",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Errors:
    """A layer's metrics over several samples; `worst_sample` is the sample that gave `worst`.

    `each` has every sample's value in the samples' order, NaN where a sample has none; it is empty for one sample.
    """

    mean: Mapping[str, float]
    worst: Mapping[str, float]
    worst_sample: Mapping[str, int]
    samples: int
    each: Mapping[str, tuple[float, ...]] = field(default_factory=dict)

    def of_sample(self, metric: str, sample: int) -> float | None:
        """The value of one sample; None where it has none."""
        if self.samples == 1:
            return self.mean.get(metric) if sample == 0 else None
        values = self.each.get(metric, ())
        return values[sample] if sample < len(values) else None


@dataclass(frozen=True, slots=True)
class LayerError:
    """A row of the layer table; `group` are the other tensors of its fused group, `errors` has keys of `COLUMNS`.

    `golden_range` holds the extremes of the golden values of all samples, for what is stored in float16 only.
    `runtime` is the tensor's name in the runtime's dumps where that is neither `tensor` nor `golden`.
    `time_us` are the µs that the board took for it, None where it was not timed; `on` is where it computed it: "NPU",
    "CPU", "GPU", several with commas, "" where that is not known.
    """

    index: int
    op: str
    tensor: str
    golden: str
    group: tuple[str, ...]
    shape: tuple[int, ...]
    encoding: Encoding | None
    errors: Mapping[str, Errors]
    matched_by: str
    note: str
    golden_range: Extremes | None = None
    runtime: str = ""
    time_us: float | None = None
    on: str = ""

    @property
    def head_room(self) -> float | None:
        """By which factor golden values may grow in float16; None for what is stored in another type."""
        return None if self.golden_range is None else head_room(self.golden_range)

    @property
    def golden_source(self) -> str:
        """Which dump holds the golden values: the user's network's, or the deployed graph's, run in float."""
        return "golden_deployed" if self.matched_by == COMPUTED else "golden"


def compare_tensors(
    golden: np.ndarray, other: np.ndarray, encoding: Encoding | None = None
) -> tuple[dict[str, float], str]:
    """The metrics and a note; tensors of another number of elements are not compared."""
    if golden.size != other.size:
        return {}, f"Not compared: golden is {_shape(golden)}, other is {_shape(other)}."
    values, note = measure_with_note(golden, other, encoding)
    if other.ndim <= 1 or _sides(golden) == _sides(other):
        return values, note  # the order of the values cannot be mistaken, or is not told
    reshaped = f"Golden is {_shape(golden)}, other is {_shape(other)}: compared element by element as they are stored."
    return values, f"{reshaped} {note}".strip()


def summarise(values: Sequence[Mapping[str, float]]) -> Errors:
    """Mean and worst of several samples; a metric that a sample has not is left out of both."""
    if len(values) == 1:
        return Errors(values[0], values[0], dict.fromkeys(values[0], 0), 1)
    mean: dict[str, float] = {}
    each: dict[str, tuple[float, ...]] = {}
    worst_value: dict[str, float] = {}
    worst_sample: dict[str, int] = {}
    for key, metric in METRICS.items():
        found = [(sample, value[key]) for sample, value in enumerate(values) if key in value]
        if not found:
            continue
        mean[key] = _mean([value for _, value in found], perfect=math.nan if metric.higher_is_worse else math.inf)
        sample, value = found[0]
        for candidate in found[1:]:
            if metric.is_worse(candidate[1], value):
                sample, value = candidate
        worst_value[key], worst_sample[key] = value, sample
        each[key] = tuple(item.get(key, math.nan) for item in values)
    return Errors(mean, worst_value, worst_sample, len(values), each)


def worst(rows: Iterable[LayerError], column: str, metric: str) -> LayerError | None:
    """The row with the worst mean, the first of equals; None when no row has this number."""
    found: LayerError | None = None
    value = 0.0
    for row in rows:
        candidate = row.errors[column].mean.get(metric) if column in row.errors else None
        if candidate is not None and (found is None or METRICS[metric].is_worse(candidate, value)):
            found, value = row, candidate
    return found


def _mean(values: Sequence[float], perfect: float) -> float:
    """The mean; a perfect sample (an infinite SQNR) must not hide the others."""
    counted = [value for value in values if value != perfect] or values
    return sum(counted) / len(counted)


def _sides(array: np.ndarray) -> list[int]:
    return [side for side in array.shape if side != 1]


def _shape(array: np.ndarray) -> str:
    return "×".join(map(str, array.shape)) or "a scalar"

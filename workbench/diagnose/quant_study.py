"""What storing each tensor in integers costs by itself: what is cut off, what is rounded, which channels are lost."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from workbench.compare.compare import LayerError
from workbench.diagnose.case import Case
from workbench.diagnose.channels import Channels, channel_axis, channels_of
from workbench.dump.store import Dump
from workbench.foundation.steps import Progress, Steps
from workbench.graph.deployed import CONVERT
from workbench.quantize.encoding import Encoding
from workbench.quantize.ranges import SAME_RANGE
from workbench.quantize.schemes import INTEGERS

STAGE = "diagnose"
MOST_DRAWN = 1 << 15  # values that a quantile is taken of
USUAL = 0.999  # of the values lie within what is called usual
CUT = 0.02  # of a range's extent: what is clipped by less is hardly clipped
SEED = 0
MOVING = frozenset(("Reshape", "Transpose", "Flatten", "Squeeze", "Unsqueeze", "Slice", "Split", CONVERT))


@dataclass(frozen=True)
class Tap:
    """A tensor that is stored in integers, and what becomes of its golden values there.

    `low` and `high` are those of the golden values, `usual` the magnitude that 99.9 % of them do not exceed. `cut` is
    the share of values beyond the range, `cut_error` and `rounding` are squared errors relative to the values' squares.
    """

    row: LayerError
    encoding: Encoding
    low: float
    high: float
    usual: float
    cut: float
    cut_error: float
    rounding: float
    channels: Channels

    @property
    def tensor(self) -> str:
        """The row's."""
        return self.row.tensor

    @property
    def step(self) -> float:
        """Of the stored integers."""
        return self.encoding.scale[0]

    @cached_property
    def held(self) -> tuple[float, float]:
        """The range that the encoding holds."""
        low, high = self.encoding.held
        return float(low[0]), float(high[0])

    @property
    def occupancy(self) -> float:
        """The extent of the golden values as a share of the range's; more than 1 where some lie beyond."""
        low, high = self.held
        return (max(self.high, 0.0) - min(self.low, 0.0)) / (high - low)

    @property
    def beyond(self) -> float:
        """How far golden values lie outside the range, as a share of its extent."""
        low, high = self.held
        return max(self.high - high, low - self.low, 0.0) / (high - low)

    @property
    def is_cut(self) -> bool:
        """Whether values lie clearly outside the range."""
        return self.beyond > CUT

    @property
    def peak(self) -> float:
        """How many times the range reaches beyond what nearly all values need."""
        return max(abs(end) for end in self.held) / self.usual if self.usual else 1.0

    @property
    def damage(self) -> float:
        """What rounding costs here at worst: of the whole tensor, or of its channels."""
        return max(self.rounding, self.channels.damage)


@dataclass(frozen=True)
class Study:
    """The taps of a sample in execution order, by tensor."""

    case: Case
    sample: int
    taps: dict[str, Tap]

    def golden(self, tensor: str) -> np.ndarray | None:
        """Golden values of a tensor of the deployed graph, in its shape."""
        return deployed_golden(self.case, tensor, self.sample)

    def rounding(self, tensor: str) -> np.ndarray | None:
        """What rounding alone adds to a tensor's golden values."""
        values, tap = self.golden(tensor), self.taps[tensor]
        if values is None:
            return None
        kept = np.clip(values, np.float32(tap.held[0]), np.float32(tap.held[1]))
        error = np.rint(kept / np.float32(tap.step))
        error *= np.float32(tap.step)
        return np.asarray(error - kept)

    @cached_property
    def cut(self) -> tuple[Tap, ...]:
        """The taps whose range does not hold the values."""
        return tuple(tap for tap in self.taps.values() if tap.is_cut)


def studied(case: Case, sample: int = 0) -> Steps[Study]:
    """Look at every stored tensor of one sample."""
    taps: dict[str, Tap] = {}
    rows = [row for row in case.rows if is_stored(case, row)]
    for number, row in enumerate(rows):
        yield Progress(STAGE, number, len(rows), row.tensor)
        values = deployed_golden(case, row.tensor, sample)
        tap = tap_of(row, values) if values is not None and values.size else None
        if tap is not None:
            taps[row.tensor] = tap
    return Study(case, sample, taps)


def is_stored(case: Case, row: LayerError) -> bool:
    """Whether a row's tensor is put on a grid of its own."""
    encoding = row.encoding
    if case.graph is None or encoding is None or encoding.dtype not in INTEGERS or len(encoding.scale) != 1:
        return False
    layer = case.graph.producers.get(row.tensor)
    if layer is None or case.plan is None:
        return False
    if layer.op not in SAME_RANGE or layer.inputs[0] not in case.graph.producers:
        return True
    return case.plan.encodings.get(layer.inputs[0]) != encoding


def leads_out(case: Case, tensor: str) -> bool:
    """Whether a tensor is an output, but for layers that only move its values."""
    graph = case.graph
    if graph is None or tensor in graph.outputs:
        return graph is not None
    takers = [layer for layer in graph.consumers.get(tensor, ()) if layer.op in MOVING]
    return any(leads_out(case, name) for layer in takers for name in layer.outputs if name)


def deployed_golden(case: Case, tensor: str, sample: int) -> np.ndarray | None:
    """Golden values of a tensor of the deployed graph, in its shape; None where there are none."""
    if case.graph is None:
        return None
    layer = case.graph.producers.get(tensor)
    if layer is not None and layer.op == CONVERT and layer.inputs[0] not in case.graph.producers:
        return case.feeds_of(case.samples[sample]).get(layer.inputs[0])
    for dump in _dumps(case, sample):
        for name in (case.graph.golden_of.get(tensor, tensor), tensor):
            if name in dump:
                stored, encoding = dump.raw(name)
                values = stored if encoding is None and stored.dtype == np.float32 else dump[name]
                known = case.graph.tensors.get(tensor)
                shape = None if known is None else known.static_shape
                fits = shape is not None and int(np.prod(shape)) == values.size
                return values.reshape(shape) if fits and shape is not None else values
    return None


def tap_of(row: LayerError, values: np.ndarray) -> Tap | None:
    """What becomes of golden values in a row's encoding; None where they are not finite."""
    assert row.encoding is not None
    shaped = values if values.ndim > 1 else values.reshape(1, -1)
    low, high, step = float(values.min()), float(values.max()), row.encoding.scale[0]
    if not np.isfinite([low, high]).all():
        return None
    held = float(row.encoding.held[0][0]), float(row.encoding.held[1][0])
    channels = channels_of(shaped, channel_axis(shaped.shape, row.op), step, held)
    cut, cut_error = _cut(values, held, step) if low < held[0] - step or high > held[1] + step else (0.0, 0.0)
    square = float(channels.square.mean()) or 1.0
    rounding = float(np.square(channels.error).mean())
    return Tap(row, row.encoding, low, high, _usual(values), cut, cut_error / square, rounding / square, channels)


def _cut(values: np.ndarray, held: tuple[float, float], step: float) -> tuple[float, float]:
    """The share of values beyond the range, and the mean square of what is cut off."""
    beyond = (np.clip(values, np.float32(held[0]), np.float32(held[1])) - values).reshape(-1)
    error = float(np.einsum("i,i->", beyond, beyond, dtype=np.float64)) / beyond.size
    return float(np.count_nonzero(np.abs(beyond) > step)) / beyond.size, error


def _usual(values: np.ndarray) -> float:
    flat = values.reshape(-1)
    if flat.size > MOST_DRAWN:
        flat = flat[np.random.default_rng(SEED).integers(0, flat.size, MOST_DRAWN)]
    return float(np.quantile(np.abs(flat), USUAL))


def _dumps(case: Case, sample: int) -> Iterator[Dump]:
    for source in ("golden", "golden_deployed"):
        dumps = case.dumps.get(source, ())
        if sample < len(dumps):
            yield dumps[sample]

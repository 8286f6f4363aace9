"""What rounding the constants of a layer costs by itself: estimated from the values that go in, and computed."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from workbench.diagnose.channels import WeightChannels, weight_channels
from workbench.diagnose.quant_study import Study
from workbench.graph.deployed import CONVERT, DeployedLayer
from workbench.quantize.constants import WEIGHTED, constants_of, output_axis, weight_encoding
from workbench.quantize.plan import Plan

CHANNELWISE = frozenset(("MaxPool", "AveragePool", "Resize", "Upsample", "Pad", "Slice", CONVERT))
NEVER = 1e-9  # of an input channel's mean square to the largest: it is always zero


@dataclass(frozen=True)
class Weighted:
    """A layer with a weight in integers: `constants` as they are used, by position, and the tensor that it gives.

    `estimate` is the squared relative error of its output that rounding its weight makes, of the output as a whole or
    the mean over its channels, whichever is more. `squares` and `variances` are those of the input's channels.
    """

    layer: DeployedLayer
    weight: np.ndarray
    constants: Mapping[int, np.ndarray]
    axis: int
    squares: np.ndarray | None
    variances: np.ndarray | None = None

    @property
    def tensor(self) -> str:
        """What it gives."""
        return self.layer.outputs[0]

    @cached_property
    def channels(self) -> WeightChannels:
        """Of the weight."""
        return weight_channels(self.weight, self.axis)

    @cached_property
    def estimate(self) -> float:
        """From the mean squares of the input's channels."""
        return self.estimated(self.constants[1])

    def estimated(self, used: np.ndarray) -> float:
        """The same with another rounded weight."""
        return self._relative(self._power(used - self.weight, self.squares))

    def passed_on(self, errors: np.ndarray) -> float:
        """The same, made by errors of the input's channels (mean squares) and not by the weight."""
        if self.squares is None or errors.size != self.squares.size:
            return 0.0
        return self._relative(self._power(self.weight, errors))

    def _relative(self, error: np.ndarray) -> float:
        """To what varies of the whole output, or the mean over channels of that to all of each, whichever is more."""
        signal, varying = (self._power(self.weight, powers) for powers in (self.squares, self.variances))
        alive = signal > 0
        if not alive.any():
            return 0.0
        whole = float(error.sum() / varying.sum()) if varying.any() else 0.0
        return max(whole, float(np.minimum(1.0, error[alive] / signal[alive]).mean()))

    @property
    def idle(self) -> np.ndarray:
        """The numbers of input channels that hold nothing but zero."""
        if self.squares is None:
            return np.zeros(0, int)
        return np.flatnonzero(self.squares <= NEVER * self.squares.max(initial=0.0))

    @property
    def blamed(self) -> np.ndarray | None:
        """The share of the error that comes from the weights of each input channel; None of grouped layers."""
        error = np.moveaxis(self.constants[1] - self.weight, self.axis, 0)
        if self.squares is None or error.shape[1] != self.squares.size:
            return None
        powers = np.square(error.reshape(*error.shape[:2], -1).astype(np.float64)).sum(axis=(0, 2)) * self.squares
        return np.asarray(powers / powers.sum()) if powers.any() else None

    def with_method(self, plan: Plan, method: str) -> np.ndarray:
        """The weight as it would be rounded with another method."""
        encoding = weight_encoding(self.layer, self.weight, replace(plan, method=method, weight_factors={}))
        return encoding.dequantize(encoding.quantize(self.weight))

    def _power(self, weight: np.ndarray, squares: np.ndarray | None) -> np.ndarray:
        """What comes out of each output channel for inputs of these mean squares; they count as independent."""
        rows = np.moveaxis(weight, self.axis, 0)
        rows = np.square(rows.reshape(*rows.shape[:2], -1).astype(np.float64)).sum(axis=2)
        if squares is None or squares.size % rows.shape[1]:
            return np.asarray(rows.sum(axis=1))
        groups = squares.reshape(-1, rows.shape[1])  # a grouped layer's rows take a group of the inputs each
        each = max(1, len(rows) // len(groups))
        at = np.minimum(np.arange(len(rows)) // each, len(groups) - 1)
        return np.asarray(np.einsum("oi,oi->o", rows, groups[at]))


def weighted(study: Study, used: Mapping[str, Mapping[int, np.ndarray]]) -> tuple[Weighted, ...]:
    """The layers with a weight in integers, in order; `used` are `all_constants`."""
    case = study.case
    assert case.graph is not None
    assert case.plan is not None
    found = []
    for layer in case.graph.layers:
        weight = case.graph.constants.get(layer.inputs[1]) if layer.op in WEIGHTED and len(layer.inputs) > 1 else None
        if weight is None or not case.plan.is_integer(layer) or weight.ndim < 2:
            continue
        constants = used.get(layer.outputs[0], {})
        if 1 in constants:
            squares, variances = _powers(study, layer.inputs[0])
            found.append(Weighted(layer, weight, constants, output_axis(layer, weight), squares, variances))
    return tuple(found)


def handed_on(study: Study, layers: Collection[Weighted]) -> dict[str, float]:
    """What rounding a tensor does to the layers with weights that take it, at worst; of tensors that such layers take.

    Layers that leave channels as they are may stand between.
    """
    graph = study.case.graph
    assert graph is not None
    found: dict[str, float] = {}
    for item in layers:
        name = item.layer.inputs[0]
        while name not in study.taps and name in graph.producers and graph.producers[name].op in CHANNELWISE:
            name = graph.producers[name].inputs[0]
        tap = study.taps.get(name)
        if tap is not None:
            found[name] = max(found.get(name, 0.0), item.passed_on(np.square(tap.channels.error)))
    return found


def all_constants(study: Study) -> dict[str, dict[int, np.ndarray]]:
    """The constants of all layers in integers, as they are used."""
    case = study.case
    assert case.graph is not None
    assert case.plan is not None
    found = {
        layer.outputs[0]: constants_of(case.graph, layer, case.plan)
        for layer in case.graph.layers
        if case.plan.is_integer(layer)
    }
    return {name: constants for name, constants in found.items() if constants}


def _powers(study: Study, tensor: str) -> tuple[np.ndarray | None, np.ndarray | None]:
    """The mean square and the variance of each channel of what goes in; None where that is not known."""
    tap = study.taps.get(tensor)
    if tap is not None:
        return tap.channels.square, np.square(tap.channels.deviation)
    values = study.golden(tensor)
    if values is None or values.ndim < 2:
        return None, None
    channels = np.moveaxis(values, 1, 0).reshape(values.shape[1], -1)
    variances = np.asarray(channels.var(axis=1, dtype=np.float64))
    return variances + np.square(channels.mean(axis=1, dtype=np.float64)), variances

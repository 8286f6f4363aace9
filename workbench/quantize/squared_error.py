"""The scales with the least squared error of every layer's output ("mmse").

Layer by layer in execution order, as the progress lines and dumps of toolkit 2.5.0 show: a layer's weight, then each
activation that it takes, is tried with 50 scales, half to twice the one that the divergence gave. The layer computes
from what the layers before it gave with the scales that were chosen for them; its output, behind the activation that
the NPU computes with it, is compared with the float network's on all samples. In detail:

- A weight of a layer with few places (less than 14 x 14) has one factor for all its channels, others one for each.
- A tensor that several layers take is chosen when all their weights are, by the sum of their errors; if one of them
  cannot be computed yet (the Add at the end of a residual block), it keeps its scale, and so do the others that this
  layer takes.
- Where the divergence cut off more than a tenth of a range, 50 scales of the whole range are tried too.
- What a layer with several inputs takes is compared itself, not the layer's output.

- A tensor that is only moved is chosen where it goes to; a bias stays on the grid of the input's first scale.

Checked on 19 small networks (95 scales, all equal) and, from the toolkit's own divergence table, bit for bit on three.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from workbench.foundation import cores
from workbench.foundation.steps import Progress, Steps
from workbench.graph.deployed import CONVERT, Deployed
from workbench.quantize.constants import weight_encoding
from workbench.quantize.encoding import Encoding
from workbench.quantize.held import Held
from workbench.quantize.plan import Plan
from workbench.quantize.ranges import SAME_RANGE
from workbench.quantize.units import Feeds, Unit, neighbours, units_of

FACTORS = np.linspace(0.5, 2.0, 50)
MANY_PLACES = 14 * 14
CUT = 0.9  # of a range: where less is left of it, all of it is tried too
MOVING = (SAME_RANGE - {"Resize", "Upsample", CONVERT}) | {"Split"}  # rounding before or behind them is the same


@dataclass(frozen=True)
class Factors:
    """What the scales are multiplied by: of tensors, and of weights by the first output of their layer.

    `zero_points` are those of tensors whose range is no longer the one of the plan.
    """

    activations: Mapping[str, float] = field(default_factory=dict)
    weights: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    zero_points: Mapping[str, int] = field(default_factory=dict)


def with_factors(plan: Plan, factors: Factors, kept: Collection[str] = ()) -> Plan:
    """A plan with the factors, but for the tensors in `kept`."""
    encodings = dict(plan.encodings)
    for name, factor in factors.activations.items():
        if name in encodings and name not in kept:
            encodings[name] = _changed(encodings[name], factor, factors.zero_points.get(name))
    return replace(plan, encodings=encodings, weight_factors=factors.weights)


def least_error(
    graph: Deployed, plan: Plan, samples: Iterable[Feeds], widest: Mapping[str, Encoding] | None = None
) -> Steps[Factors]:
    """The factors for a plan whose activations are stored in integers; `samples` are read once.

    `widest` are the encodings of whole ranges, where those of the plan may hold less.
    """
    search = _Search(graph, plan, samples, widest or {})
    try:
        units = list(units_of(graph, plan))
        groups = neighbours(units)
        done: set[Unit] = set()
        for number, unit in enumerate(units):
            yield Progress("mmse", number, len(units), unit.given[0])
            if unit in done:
                continue
            is_whole = done.isdisjoint(groups[unit]) and all(map(search.can_take, groups[unit]))
            chosen = groups[unit] if is_whole else (unit,)
            yield from search.take(chosen, is_whole)
            done.update(chosen)
        yield Progress("mmse", len(units), len(units))
        return search.found()
    finally:
        search.close()


def _changed(encoding: Encoding, factor: float, zero_point: int | None) -> Encoding:
    scaled = encoding.scaled((factor,))
    return scaled if zero_point is None else replace(scaled, zero_point=(zero_point,))


class _Search:
    """The values of all samples where the search has come to, in float and with the scales that were chosen."""

    def __init__(self, graph: Deployed, plan: Plan, samples: Iterable[Feeds], widest: Mapping[str, Encoding]) -> None:
        self._graph, self._plan, self._widest, self._count = graph, plan, widest, 0
        self._activations: dict[str, float] = {}
        self._zero_points: dict[str, int] = {}
        self._weights: dict[str, tuple[float, ...]] = {}
        self._encodings = dict(plan.encodings)
        self._linked = _links(graph, plan)
        self._golden, self._chain = Held(graph), Held(graph)
        for feeds in samples:
            self._count += 1
            for name, array in feeds.items():
                self._golden.add(name, array)
                self._chain.add(name, array)
        self._pool = ThreadPoolExecutor(cores.count(), thread_name_prefix="mmse")

    def close(self) -> None:
        """Let go of the values."""
        self._pool.shutdown()
        self._golden.close()
        self._chain.close()

    def found(self) -> Factors:
        """What was chosen; an average has the scale of what it averages, whatever was best for the layer behind it."""
        for layer in self._graph.layers:
            source, given = (layer.inputs or ("",))[0], layer.outputs[0]
            if layer.op == "AveragePool" and source in self._activations and given in self._activations:
                self._set_one(given, self._activations[source], self._zero_points.get(source))
        return Factors(self._activations, self._weights, self._zero_points)

    def can_take(self, unit: Unit) -> bool:
        """Whether everything that a unit takes has been computed; what is no tensor never is."""
        return all(self._golden.has(name) for name in unit.taken)

    def take(self, units: Sequence[Unit], is_whole: bool) -> Steps[None]:
        """Choose the weights of units, and their inputs if these are all that take them; compute what they give."""
        units = [unit for unit in units if self.can_take(unit)]
        for unit in units:
            unit.open(self._golden.of(0, unit.taken))
            self._compute_plain(unit)
            yield from self._choose_weight(unit)
        for name in dict.fromkeys(name for unit in units for name in unit.rounded):
            takers = [unit for unit in units if name in unit.rounded]
            if is_whole and not self._is_chosen_later(name, takers):
                yield from self._choose_activation(name, takers)
        for unit in units:
            self._compute_simulated(unit)
            unit.close()
        for unit in units:
            self._golden.release(unit.taken, unit.layers)
            self._chain.release(unit.taken, unit.layers)

    def _compute_plain(self, unit: Unit) -> None:
        def compute(number: int) -> None:
            self._golden.put(number, unit.given, unit.plain(self._golden.of(number, unit.taken)))

        self._every(compute)

    def _compute_simulated(self, unit: Unit) -> None:
        def compute(number: int) -> None:
            self._chain.put(number, unit.given, self._simulated(unit, number, unit.given))

        self._every(compute)

    def _every(self, function: Any) -> list[Any]:
        return list(self._pool.map(function, range(self._count)))

    def _is_chosen_later(self, name: str, takers: Sequence[Unit]) -> bool:
        """Whether a tensor is only moved, and one of the same scale goes into a layer that does more."""
        others = (taker for other in self._linked[name] for taker in self._graph.consumers.get(other, ()))
        return any(taker.op not in MOVING for taker in others) and all(unit.first.op in MOVING for unit in takers)

    def _choose_weight(self, unit: Unit) -> Steps[None]:
        if unit.weight is None:
            return
        encoding = weight_encoding(unit.first, unit.weight, self._plan)
        shape = self._golden.of(0, unit.given)[unit.given[0]].shape
        errors = []
        for factor in FACTORS:
            unit.set_weight(encoding.scaled((factor,)), self._encodings)
            errors.append(self._errors(unit))
            yield Progress("mmse", 0, 0)
        table = np.array(errors)  # [factor, channel]
        is_single = int(np.prod(shape[2:])) < MANY_PLACES or table.shape[1] != len(encoding.scale)
        best = table.sum(1, keepdims=True).argmin(0) if is_single else table.argmin(0)
        self._weights[unit.first.outputs[0]] = tuple(FACTORS[best].tolist())
        unit.set_weight(encoding.scaled(FACTORS[best]), self._encodings)

    def _choose_activation(self, name: str, takers: Sequence[Unit]) -> Steps[None]:
        is_one_of_several = any(len(unit.taken) > 1 for unit in takers)
        candidates: list[tuple[float, int | None]] = [(float(factor), None) for factor in FACTORS]
        own, whole = self._plan.encodings[name], self._widest.get(name)
        if whole is not None and own.scale[0] < CUT * whole.scale[0] and not is_one_of_several:
            ratio = whole.scale[0] / own.scale[0]
            candidates += [(float(factor) * ratio, whole.zero_point[0]) for factor in FACTORS]
        errors = []
        for candidate in candidates:
            self._set(name, *candidate)
            errors.append(self._own_error(name) if is_one_of_several else sum(map(self._mean_error, takers)))
            yield Progress("mmse", 0, 0)
        self._set(name, *candidates[int(np.argmin(errors))])

    def _set(self, name: str, factor: float, zero_point: int | None) -> None:
        for other in self._linked[name]:
            self._set_one(other, factor, zero_point)

    def _set_one(self, name: str, factor: float, zero_point: int | None) -> None:
        self._activations[name] = factor
        self._zero_points.pop(name, None)
        self._zero_points |= {} if zero_point is None else {name: zero_point}
        self._encodings[name] = _changed(self._plan.encodings[name], factor, zero_point)

    def _mean_error(self, unit: Unit) -> float:
        """The squared error of an element of what a unit gives."""
        return float(self._errors(unit).sum()) / max(self._golden.of(0, unit.given)[unit.given[0]].size, 1)

    def _errors(self, unit: Unit) -> np.ndarray:
        """The squared error of every channel of what a unit gives, over all samples."""
        wanted = unit.given[:1]

        def error(number: int) -> np.ndarray:
            expected = self._golden.of(number, wanted)[wanted[0]]
            squared = np.square(self._simulated(unit, number, wanted)[wanted[0]] - expected)
            channels = squared.reshape(*(squared.shape[:2] if squared.ndim > 1 else (1, -1)), -1)
            return np.asarray(channels.sum((0, 2), dtype=np.float64))

        return np.asarray(np.sum(self._every(error), axis=0))

    def _own_error(self, name: str) -> float:
        """The squared error of a tensor as it is stored, over all samples."""
        encoding = self._encodings[name]

        def error(number: int) -> float:
            stored = encoding.dequantize(encoding.quantize(self._chain.of(number, [name])[name]))
            return float(np.square(stored - self._golden.of(number, [name])[name]).sum(dtype=np.float64))

        return float(sum(self._every(error)))

    def _simulated(self, unit: Unit, number: int, wanted: Sequence[str]) -> dict[str, np.ndarray]:
        return unit.simulated(self._chain.of(number, unit.taken), self._encodings, wanted)


def _links(graph: Deployed, plan: Plan) -> dict[str, frozenset[str]]:
    """For every tensor those that have its scale because layers between them only move or cut numbers."""
    groups = {name: {name} for name in plan.encodings}
    for layer in graph.layers:
        source = layer.inputs[0] if layer.inputs else ""
        if layer.op not in (*MOVING, "Relu", "Clip") or source not in groups:
            continue
        for name in layer.outputs:
            if name in groups and plan.encodings[name] == plan.encodings[source]:
                groups[source] |= groups[name]
                groups |= dict.fromkeys(groups[source], groups[source])
    return {name: frozenset(group) for name, group in groups.items()}

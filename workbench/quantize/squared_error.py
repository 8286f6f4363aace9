"""The scales with the least squared error of every layer's output ("mmse").

Layer by layer in execution order, as the progress lines and dumps of toolkit 2.5.0 show: a layer's weight, then each
activation that it takes, is tried with 50 scales, half to twice the one that the divergence gave. The layer computes
from what the layers before it gave with the scales that were chosen for them; its output, behind the activation that
the NPU computes with it, is compared with the float network's on all samples. In detail:

- A weight of a layer with few places (less than 14 x 14) has one factor for all its channels, others one for each.
- A tensor that several layers take is chosen when all their weights are, by the sum of their squared errors; if one of
  them cannot be computed yet (the Add at the end of a residual block), it keeps its scale, and so do the others that
  this layer takes.
- Where the divergence cut off more than a tenth of a tensor's own range, 50 scales of that range are tried too. What an
  AveragePool gives has one of its own, though it is stored with the range of what it takes.
- What a layer with several inputs takes is compared itself, not the layer's output.
- A tensor that is only moved is chosen where it goes to, and keeps its range if it goes to several places. Split is
  computed from what was not rounded. A bias stays on the grid of the input's first scale.
- What is chosen is a range: activations, Concat and layers that move numbers narrow it like any other.

Checked on 15 networks of the fidelity benchmark: scales and values of eleven are equal, bit for bit. On a sixteenth the
toolkit's search dies halfway; up to there its scales are equal too.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from workbench.foundation import cores
from workbench.foundation.steps import Progress, Steps
from workbench.foundation.threads import threads
from workbench.graph.deployed import CONVERT, Deployed
from workbench.quantize.constants import weight_encoding
from workbench.quantize.encoding import Encoding
from workbench.quantize.given import range_of
from workbench.quantize.held import Held
from workbench.quantize.plan import Plan
from workbench.quantize.ranges import SAME_RANGE, Range
from workbench.quantize.units import Feeds, Unit, neighbours, units_of

FACTORS = np.linspace(0.5, 2.0, 50)
MANY_PLACES = 14 * 14
CUT = 0.9  # of a range: where less is left of it, all of it is tried too
MOVING = (SAME_RANGE - {"Resize", "Upsample", CONVERT}) | {"Split"}  # rounding before or behind them is the same


@dataclass(frozen=True)
class Found:
    """The ranges of tensors, and what the scales of weights are multiplied by, by the first output of their layer."""

    ranges: Mapping[str, Range] = field(default_factory=dict)
    factors: Mapping[str, tuple[float, ...]] = field(default_factory=dict)


def least_error(
    graph: Deployed, plan: Plan, samples: Iterable[Feeds], widest: Mapping[str, Encoding] | None = None
) -> Steps[Found]:
    """The ranges and factors for a plan whose activations are stored in integers; `samples` are read once.

    What else narrows a range does so again afterwards: a plan is made of these ranges like of any.

    `widest` are the encodings of the tensors' own ranges, where those of the plan may hold less.
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


def _candidates(encoding: Encoding) -> list[Encoding]:
    """Those that are tried: with float32 products, though a weight's scale that was chosen is a float64 one."""
    scales = np.outer(FACTORS.astype(np.float32), np.asarray(encoding.scale, np.float32)).astype(np.float64)
    return [replace(encoding, scale=tuple(scale)) for scale in scales.tolist()]


class _Search:
    """The values of all samples where the search has come to, in float and with the scales that were chosen."""

    def __init__(self, graph: Deployed, plan: Plan, samples: Iterable[Feeds], widest: Mapping[str, Encoding]) -> None:
        self._graph, self._plan, self._widest, self._count = graph, plan, widest, 0
        self._chosen: set[str] = set()
        self._weights: dict[str, tuple[float, ...]] = {}
        self._encodings = dict(plan.encodings)
        self._linked = _links(graph, plan)
        self._kept: set[str] = set()
        self._golden, self._chain = Held(graph), Held(graph)
        for feeds in samples:
            self._count += 1
            for name, array in feeds.items():
                self._golden.add(name, array)
                self._chain.add(name, array)
        self._pool = threads(cores.count(), "mmse")

    def close(self) -> None:
        """Let go of the values."""
        self._pool.shutdown()
        self._golden.close()
        self._chain.close()

    def found(self) -> Found:
        """What was chosen, and the same for what is only moved from there."""
        ranges = {name: range_of(self._encodings[name]) for name in self._chosen}
        for layer in self._graph.layers:
            if layer.op in SAME_RANGE and layer.inputs[0] in ranges:
                ranges |= {name: ranges[layer.inputs[0]] for name in layer.outputs if name in self._encodings}
        return Found(ranges, self._weights)

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
            if not is_whole:
                self._kept.add(name)
            elif not self._is_only_moved(name, takers):
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
            if unit.first.op == "Split":  # the toolkit rounds what comes out of it only
                given = unit.plain(self._chain.of(number, unit.taken))
            else:
                given = self._simulated(unit, number, unit.given)
            self._chain.put(number, unit.given, given)

        self._every(compute)

    def _every(self, function: Any) -> list[Any]:
        return list(self._pool.map(function, range(self._count)))

    def _is_only_moved(self, name: str, takers: Sequence[Unit]) -> bool:
        """Whether a tensor is chosen where it goes to, if at all: several places choose for themselves."""
        others = (taker for other in self._linked[name] for taker in self._graph.consumers.get(other, ()))
        goes_on = len(takers) > 1 or any(taker.op not in MOVING for taker in others)
        return goes_on and all(unit.first.op in MOVING for unit in takers)

    def _choose_weight(self, unit: Unit) -> Steps[None]:
        if unit.weight is None:
            return
        encoding = weight_encoding(unit.first, unit.weight, self._plan)
        shape = self._golden.of(0, unit.given)[unit.given[0]].shape
        errors = []
        for factor, tried in zip(FACTORS, _candidates(encoding), strict=True):
            unit.set_weight(encoding.scaled((factor,)), self._encodings, tried)
            errors.append(self._errors(unit))
            yield Progress("mmse", 0, 0)
        table = np.array(errors)  # [factor, channel]
        is_single = int(np.prod(shape[2:])) < MANY_PLACES or table.shape[1] != len(encoding.scale)
        best = table.sum(1, keepdims=True).argmin(0) if is_single else table.argmin(0)
        self._weights[unit.first.outputs[0]] = tuple(FACTORS[best].tolist())
        unit.set_weight(encoding.scaled(FACTORS[best]), self._encodings)

    def _choose_activation(self, name: str, takers: Sequence[Unit]) -> Steps[None]:
        is_one_of_several = any(len(unit.taken) > 1 for unit in takers)
        own, whole = self._plan.encodings[name], self._widest.get(name)
        candidates = _candidates(own)
        if whole is not None and own.scale[0] < CUT * whole.scale[0] and not is_one_of_several:
            candidates += _candidates(whole)
        errors = []
        for candidate in candidates:
            self._set(name, candidate)
            errors.append(self._own_error(name) if is_one_of_several else sum(map(self._error, takers)))
            yield Progress("mmse", 0, 0)
        self._set(name, candidates[int(np.argmin(errors))])

    def _set(self, name: str, encoding: Encoding) -> None:
        names = self._linked[name] - self._kept
        self._encodings |= dict.fromkeys(names, encoding)
        self._chosen |= names

    def _error(self, unit: Unit) -> float:
        """The squared error of what a unit gives, over all samples."""
        return float(self._errors(unit).sum())

    def _errors(self, unit: Unit) -> np.ndarray:
        """The squared error of every channel of what a unit gives, over all samples."""
        wanted = unit.given[:1]

        def error(number: int) -> np.ndarray:
            expected = self._golden.of(number, wanted)[wanted[0]]
            squared = np.square(self._simulated(unit, number, wanted)[wanted[0]] - expected)
            channels = squared.reshape(*(squared.shape[:2] if squared.ndim > 1 else (1, -1)), -1)
            return np.asarray(channels.sum((0, 2), dtype=np.float32))

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
        if layer.op not in (*MOVING, "Relu", "Clip") or source not in groups or graph.sole_consumer(source) is None:
            continue
        for name in layer.outputs:
            if name in groups and plan.encodings[name] == plan.encodings[source]:
                groups[source] |= groups[name]
                groups |= dict.fromkeys(groups[source], groups[source])
    return {name: frozenset(group) for name, group in groups.items()}

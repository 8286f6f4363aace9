"""What layers do to the outputs, measured: all of them, or those that a search finds to cost most.

The search adds the errors of many layers to the float network at once and halves what spoils the outputs most, as the
errors of independent layers add up. So it takes some twenty runs where there are hundreds of layers.
"""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from workbench.compare.compare import LayerError
from workbench.diagnose.case import Case
from workbench.diagnose.divergence import SIMULATOR, Divergence, blamed, greatest_part
from workbench.foundation.steps import Progress, Steps, part_of
from workbench.graph.deployed import Deployed
from workbench.quantize.plan import Plan
from workbench.quantize.rewrite import ENTIRE
from workbench.sources import effects
from workbench.sources.source import explained

STAGE = "effects"
MOST_RUNS = 14  # of a search
MOST_FOUND = 3  # layers that a search looks for
LITTLE = 0.05  # of what is wrong with an output: layers that do less together are not told apart
MOST_KEPT = 1 << 28  # bytes of errors that a search keeps in memory
NOTHING = 1e-9  # of a squared relative error
Wrong = Mapping[str, float]


def can_be_measured(case: Case, found: Divergence) -> bool:
    """Whether it is a run of the embedded simulator whose layers can be run by themselves."""
    if case.graph is None or case.plan is None or case.graph.is_quantized or not case.own_golden:
        return False
    return found.column == SIMULATOR and bool(case.dumps.get("simulator_single"))


def measured(case: Case, found: Divergence, tensors: Collection[str] = (), sample: int = 0) -> Steps[Divergence]:
    """With the effects of some rows on the outputs, of all by default; rows whose values are not there stay."""
    if not can_be_measured(case, found):
        return found
    meter = _Meter.of(case, sample, tensors)
    if meter is None:
        return found
    with explained(meter.graph.model):
        return (yield from _measured(case, found, meter))


def searched(case: Case, found: Divergence, sample: int = 0) -> Steps[Divergence]:
    """With the effects of the rows that cost most; nothing is done where no output is spoilt."""
    if not case.hurt or not can_be_measured(case, found):
        return found
    meter = _Meter.of(case, sample, ())
    if meter is None:
        return found
    with explained(meter.graph.model):
        only = yield from _Search(meter, found.total).run()
        chosen = _Meter.of(case, sample, only) if only else None
        if chosen is None:  # no layer stands out: what the table makes suspect does little
            return replace(found, guilty=(), chain=())
        return (yield from _measured(case, found, chosen, only))


def _measured(
    case: Case, found: Divergence, meter: "_Meter", known: Mapping[str, Wrong] | None = None
) -> Steps[Divergence]:
    """What only one layer does is `known`, or measured."""
    shares = {one.tensor: one for one in found.shares}
    float_run = effects.in_float(meter.graph, meter.points if known is None else (), meter.outputs)
    yield from float_run.start(meter.feeds)
    quantised = effects.quantised(meter.graph, meter.plan, case.constants_of, meter.points, meter.outputs)
    yield from quantised.start(effects.fed(meter.feeds))
    alone = yield from effects.layers_in_float(meter.graph, meter.points, meter.taken())
    golden = float_run.base
    only, without = dict(known or {}), dict[str, Wrong]()

    def only_done(name: str, outputs: Mapping[str, np.ndarray]) -> None:
        only[name] = _wrong(golden, outputs)

    def without_done(name: str, outputs: Mapping[str, np.ndarray]) -> None:
        without[name.removeprefix(ENTIRE)] = _wrong(golden, outputs)

    if known is None:
        quantised_alone = ((name, meter.single(name)) for name in meter.points)
        steps = float_run.replaced_each(quantised_alone, only_done, (STAGE, len(meter.points)))
        yield from part_of(steps, 0, 2)
    in_float_alone = ((ENTIRE + name, alone[name]) for name in meter.points if name in alone)
    steps = quantised.replaced_each(in_float_alone, without_done, (STAGE, len(alone)))
    yield from part_of(steps, 1, 2) if known is None else steps
    for name in meter.points:
        shares[name] = replace(shares[name], only=only[name], without=without.get(name, {}))
    return blamed(case, replace(found, shares=tuple(shares.values()), total=_wrong(golden, quantised.base)))


@dataclass(frozen=True, slots=True)
class _Group:
    """Rows, and what they do together: `cost` as a share of all that is wrong with an output."""

    cost: float
    names: Sequence[str]
    wrong: Wrong = field(default_factory=dict)

    @property
    def is_found(self) -> bool:
        """Whether it is one row, which was run."""
        return len(self.names) == 1 and bool(self.wrong)


class _Search:
    """Halves groups of rows, the costliest first, until some rows stand alone."""

    def __init__(self, meter: "_Meter", total: Wrong) -> None:
        self._meter, self._total = meter, total
        self._run = effects.in_float(meter.graph, meter.points, meter.outputs)
        self._shifts: dict[str, np.ndarray] = {}
        self._groups = [_Group(math.inf, meter.points)]
        self._runs = 0

    def run(self) -> Steps[dict[str, Wrong]]:
        """The rows that spoil the outputs most, the worst first, and what each does alone."""
        yield from self._run.start(self._meter.feeds)
        while (group := self._next()) is not None:
            yield Progress(STAGE, self._runs, max(MOST_RUNS, self._runs))
            self._groups.remove(group)
            self._groups += yield from self._halved(group)
        found = sorted((one for one in self._groups if one.is_found), key=lambda one: -one.cost)
        return {one.names[0]: one.wrong for one in found if one.cost >= LITTLE}

    def _next(self) -> _Group | None:
        """The costliest group; the more rows are found, the more it has to cost. In the end one row has to be found."""
        found = sum(one.is_found and one.cost >= LITTLE for one in self._groups)
        least = LITTLE * (1 + 3 * found)
        left = [one for one in self._groups if not one.is_found and one.cost >= least]
        if not left or found >= MOST_FOUND or (found and self._runs >= MOST_RUNS):
            return None
        if self._runs >= MOST_RUNS:
            return min(left, key=lambda one: (len(one.names), -one.cost))
        return max(left, key=lambda one: one.cost)

    def _halved(self, group: _Group) -> Steps[list[_Group]]:
        """Both halves; the second is not run where the first tells what it costs."""
        half = len(group.names) // 2
        if not half:
            return [(yield from self._tried(group.names))]
        first = yield from self._tried(group.names[:half])
        rest, left = group.names[half:], group.cost - first.cost
        is_clear = math.isfinite(left) and not LITTLE < left / group.cost < 1 - LITTLE
        second = _Group(left, rest) if is_clear and len(rest) > 1 else (yield from self._tried(rest))
        return [first, second]

    def _tried(self, names: Sequence[str]) -> Steps[_Group]:
        self._runs += 1
        wrong = _wrong(self._run.base, (yield from self._run.shifted({name: self._shift(name) for name in names})))
        return _Group(greatest_part(wrong, self._total), names, wrong)

    def _shift(self, name: str) -> np.ndarray:
        """What a row adds to its golden values."""
        if name in self._shifts:
            return self._shifts[name]
        shift: np.ndarray = self._meter.single(name) - self._run.value(name)
        if sum(array.nbytes for array in self._shifts.values()) < MOST_KEPT:
            self._shifts[name] = shift
        return shift


@dataclass(frozen=True)
class _Meter:
    """Rows of one sample whose effects can be measured: `points` are their tensors, in the order of the table."""

    case: Case
    graph: Deployed
    plan: Plan
    sample: int
    points: tuple[str, ...]
    outputs: tuple[str, ...]
    feeds: Mapping[str, np.ndarray]

    @staticmethod
    def of(case: Case, sample: int, tensors: Collection[str]) -> "_Meter | None":
        """Those of some rows, of all by default; None where there is none, or no output of floats."""
        graph, plan = case.graph, case.plan
        assert graph is not None
        assert plan is not None
        rows = [
            row for row in case.rows if (not tensors or row.tensor in tensors) and _is_there(case, graph, row, sample)
        ]
        named = [name for name in case.outputs if name in graph.producers] or sorted(graph.outputs)
        outputs = tuple(name for name in named if graph.is_float(name))
        if not rows or not outputs or sample >= len(case.samples):
            return None
        feeds = case.feeds_of(case.samples[sample])
        return _Meter(case, graph, plan, sample, tuple(row.tensor for row in rows), outputs, feeds)

    def single(self, name: str) -> np.ndarray:
        """What the simulator makes of golden inputs of a row."""
        return self.case.dumps["simulator_single"][self.sample][name].reshape(self._shape(name))

    def taken(self) -> dict[str, np.ndarray]:
        """What the simulator's layers took, and the network's inputs."""
        dump = self.case.dumps["simulator"][self.sample]
        names = effects.inputs_behind(self.graph, self.points)
        values = {name: dump[name].reshape(self._shape(name)) for name in names if name in dump}
        return values | {name: array for name, array in self.feeds.items() if name in names}

    def _shape(self, name: str) -> tuple[int, ...]:
        shape = self.graph.tensors[name].static_shape if name in self.graph.tensors else None
        return shape if shape is not None else self.case.dumps["simulator"][self.sample].shape(name)


def _is_there(case: Case, graph: Deployed, row: LayerError, sample: int) -> bool:
    """Whether a row is a layer of floats that adds something and whose own value is in the dumps."""
    dumps = case.dumps["simulator_single"]
    is_known = row.tensor in graph.producers and graph.is_float(row.tensor)
    adds = case.error(row, "simulator.single", "relative") or 0.0
    return is_known and not adds * adds < NOTHING and sample < len(dumps) and row.tensor in dumps[sample]


def _wrong(golden: Mapping[str, np.ndarray], values: Mapping[str, np.ndarray]) -> Wrong:
    named = {name.removeprefix(ENTIRE): value for name, value in values.items()}
    return {name: effects.share_of_error(golden[name], value) for name, value in named.items()}

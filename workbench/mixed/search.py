"""The smallest cost for a target, or the best result within a budget.

What looks best by the estimate is run, as the simulator runs it; what has been run is the truth, and every run is a
point of the trade between cost and error. First the layers are ordered by what they bring for their cost, and the
shortest beginning of that order that reaches the target is looked for. Then layers that turn out not to be needed are
taken out again, and exchanged for others.
"""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, repeat

from workbench.foundation.errors import SettingsError
from workbench.foundation.steps import Event, Progress, Steps, changed
from workbench.mixed import mixtures
from workbench.mixed.costs import Conversion, Costs
from workbench.mixed.estimate import Estimate, peeled
from workbench.mixed.mixtures import Outcome, Runs
from workbench.mixed.parts import closed
from workbench.quantize.schemes import INT8

STAGE = "search"
MOST_RUNS = 120
PREDICTED = 24
FEW = 12  # layers: with more, a single one is hardly enough
SINGLES = 12  # layers that are run alone, of those that look best
NARROW, WIDE = (3,), (12, 6, 4, 3)  # choices that are run of those that look best, with one layer, two, and so on


@dataclass(frozen=True)
class Goal:
    """What is wanted: the smallest cosine of any output and sample, and the most that it may cost.

    Without a target the best result within the budget; without a budget the target at the smallest cost. `locked` are
    layers by first output whose precision the user has chosen, `precision` is what other layers may have besides.
    """

    cos: float | None = None
    most: float = math.inf
    precision: str = "float16"
    locked: Mapping[str, str] = field(default_factory=dict)
    runs: int = MOST_RUNS

    def is_met(self, outcome: Outcome) -> bool:
        """Whether outputs reach the target."""
        return self.cos is not None and outcome.loss <= 1 - self.cos

    def is_enough(self, point: "Point") -> bool:
        """Whether a choice reaches the target, whatever it costs."""
        return self.is_met(point.outcome)

    def is_reached(self, point: "Point") -> bool:
        """Whether a choice reaches the target, if there is one, within the budget."""
        return point.cost <= self.most and (self.cos is None or self.is_enough(point))


@dataclass(frozen=True)
class Point:
    """A choice that has been run: the spared layers by first output, what they cost, and what the outputs are then."""

    layers: tuple[str, ...]
    cost: float
    outcome: Outcome
    conversions: tuple[Conversion, ...] = ()


@dataclass(frozen=True)
class Found:
    """All points that no other betters in both cost and error, the cheapest first, and the one that was looked for.

    `is_reached`: it reaches the target within the budget; else it is the best that there is.
    """

    points: tuple[Point, ...]
    chosen: Point
    is_reached: bool
    runs: int


class Search:
    """Runs choices of layers until one reaches a goal with as little as possible. Used once, by one thread."""

    def __init__(
        self,
        runs: Runs,
        estimate: Estimate,
        costs: Costs,
        needs: Mapping[str, frozenset[str]],
        goal: Goal,
    ) -> None:
        """`needs` are the layers that can be chosen, each with those that change their precision with it."""
        self._runs, self._estimate, self._costs, self._goal = runs, estimate, costs, goal
        self._kept, held = _locks(goal, needs)
        self._needs = {name: own for name, own in needs.items() if not own & held}
        self._points: dict[frozenset[str], Point] = {}
        alone = {own - self._kept for own in self._needs.values()} - {frozenset()}
        self._singles = sorted(alone, key=lambda added: (-self._gain(added, self._kept), sorted(added)))[:SINGLES]

    def run(self) -> Steps[Found]:
        """The points that were run, and the best."""
        lowest = yield from self._tried(self._kept)
        if self._is_enough(lowest):
            return self._found()
        if self._goal.cos is not None:
            highest = yield from self._tried(frozenset(self._needs) | self._kept)
            if self._is_enough(highest):
                yield from self._reached()
        if self._goal.cos is None or not self._best()[1]:
            yield from self._alone()
            yield from self._filled()
            yield from self._grown()
        return self._found()

    def _reached(self) -> Steps[None]:
        """Look for the cheapest choice that reaches the target, in each way again while that finds a cheaper one."""
        yield from self._halved()
        cost = math.inf
        for widths in chain((NARROW,), repeat(WIDE)):
            if self._best()[0].cost >= cost or not self._may_go_on():
                return
            cost = self._best()[0].cost
            yield from self._predicted()
            yield from self._grown(widths)
            yield from self._predicted()
            yield from self._thinned()
            if len(self._best()[0].layers) <= FEW:
                yield from self._alone()

    def _alone(self) -> Steps[None]:
        """Single layers: where one is enough nothing can be cheaper, and what they bring is worth knowing."""
        allowed = [added for added in self._singles if self._is_worth(self._costs.of(self._kept | added))]
        yield from self._tried_each(self._kept | added for added in allowed)

    def _halved(self) -> Steps[None]:
        """Look along the order of layers for the first choice that reaches the target."""
        choices = self._order()
        low, high = 0, len(choices) - 1
        while high - low > 1 and self._may_go_on():
            middle = (low + high) // 2
            point = yield from self._tried(choices[middle])
            low, high = (low, middle) if self._is_enough(point) else (middle, high)

    def _predicted(self) -> Steps[None]:
        """Run the cheapest choice that is predicted to be enough, learn from it, and so on while that is cheaper."""
        assert self._goal.cos is not None
        for _ in range(PREDICTED):
            enough = (one for one in self._order() if max(self._estimate.predicted(one)) <= 1 - self._goal.cos)
            choice = next((one for one in enough if one not in self._points), None)
            if choice is None or self._costs.of(choice) >= self._best()[0].cost or not self._may_go_on():
                return
            yield from self._tried(choice)

    def _filled(self) -> Steps[None]:
        """The dearest choices of the order that the budget allows, and some cheaper ones."""
        for _ in range(2):
            choices = [one for one in self._order() if self._costs.of(one) <= self._goal.most]
            for at in sorted({len(choices) - 1, *(len(choices) * part // 4 for part in range(1, 4))}, reverse=True):
                if at >= 0 and self._may_go_on():
                    yield from self._tried(choices[at])

    def _thinned(self) -> Steps[None]:
        """Take out layers that the best choice does not need, those first that bring least."""
        best, _ = self._best()
        left = frozenset(best.layers)
        waiting = sorted(left - self._kept, key=lambda name: self._estimate.lost_without(self._with(name, left), left))
        for name in waiting:
            less = left - self._with(name, left)
            if name not in left or less & self._kept != self._kept or not self._may_go_on():
                continue
            if self._is_enough((yield from self._tried(less))):
                left = less

    def _grown(self, widths: Sequence[int] = WIDE) -> Steps[None]:
        """Put choices together layer by layer, each time the best of some; only as long as it can become cheaper."""
        spared = self._kept
        for width in chain(widths, repeat(widths[-1])):
            if not self._may_go_on():
                return
            self._learn()
            worth = [added for added in self._moves(spared) if self._is_worth(self._costs.of(spared | added))]
            moves = sorted(worth, key=lambda added: -self._gain(added, spared))[:width]
            points = yield from self._tried_each(spared | added for added in moves)
            if not points or any(map(self._is_enough, points)):
                return
            spared = frozenset(min(points, key=lambda point: point.outcome.loss).layers)

    def _is_worth(self, cost: float) -> bool:
        """Whether a choice of a cost could be better than the best one so far."""
        best, is_reached = self._best()
        return cost < best.cost if is_reached and self._goal.cos is not None else cost <= self._goal.most

    def _moves(self, spared: frozenset[str]) -> Iterator[frozenset[str]]:
        """What can be added: a layer with what changes with it, or two such that follow each other."""
        for name, own in self._needs.items():
            if name in spared:
                continue
            yield own - spared
            for taker in self._costs.graph.consumers.get(name, ()):
                if taker.outputs[0] in self._needs:
                    yield (own | self._needs[taker.outputs[0]]) - spared

    def _gain(self, added: frozenset[str], spared: frozenset[str]) -> float:
        """What is won for what it costs."""
        cost = self._costs.of(spared | added) - self._costs.of(spared)
        return self._estimate.won_with(added, spared) / cost if cost > 0 else math.inf

    def _with(self, name: str, left: frozenset[str]) -> frozenset[str]:
        """A layer and those that must not be spared without it."""
        return frozenset(other for other in left if name in self._needs.get(other, ()))

    def _order(self) -> list[frozenset[str]]:
        """Choices from the locked layers to all, each with more than the one before, by what was learnt so far."""
        self._learn()
        spared = frozenset(self._needs) | self._kept
        return peeled(self._estimate, self._costs, spared, self._needs, self._kept)[::-1]

    def _learn(self) -> None:
        """Correct the estimate by what was run.

        An output counts the more, the further it is from the target in the best choice that falls short.
        """
        names, known = self._estimate.outputs, self._points.items()
        runs = [(choice, point.outcome) for choice, point in known if point.outcome.loss > 0]
        self._estimate.learn([(choice, [outcome.lost(name) for name in names]) for choice, outcome in runs])
        short = [point for point in self._points.values() if not self._is_enough(point)]
        if short:
            outcome = min(short, key=lambda point: point.outcome.loss).outcome
            lost = [outcome.lost(name) for name in self._estimate.outputs]
            most = max(lost)
            self._estimate.weigh([(one / most) ** 2 if 0 < most < math.inf else 1.0 for one in lost])

    def _tried(self, layers: frozenset[str]) -> Steps[Point]:
        """A choice, run unless it was before."""
        return (yield from self._tried_each([layers]))[0]

    def _tried_each(self, choices: Iterable[frozenset[str]]) -> Steps[list[Point]]:
        """Choices of which none depends on what another gives; those that were not run before are."""
        wanted = list(choices)
        orders = {one: self._ordered(one) for one in dict.fromkeys(wanted) if one not in self._points}
        runs = self._runs.run_each([dict.fromkeys(order, self._goal.precision) for order in orders.values()])
        outcomes = yield from changed(runs, self._counted)
        for (layers, order), outcome in zip(orders.items(), outcomes, strict=True):
            self._points[layers] = Point(order, self._costs.of(layers), outcome)
        return [self._points[layers] for layers in wanted]

    def _ordered(self, layers: frozenset[str]) -> tuple[str, ...]:
        return tuple(name for name in self._costs.graph.producers if name in layers)

    def _counted(self, event: Event) -> Event:
        if not isinstance(event, Progress) or event.stage != mixtures.STAGE or not event.total:
            return event
        done = len(self._points) + event.done
        return Progress(STAGE, done, max(self._goal.runs, done + 1))

    def _is_enough(self, point: Point) -> bool:
        return self._goal.is_enough(point)

    def _may_go_on(self) -> bool:
        return len(self._points) < self._goal.runs

    def _best(self) -> tuple[Point, bool]:
        """The cheapest point that reaches the target within the budget; else the best within it, and False."""
        allowed = [point for point in self._points.values() if point.cost <= self._goal.most]
        enough = [point for point in allowed if self._is_enough(point)]
        if enough:
            return min(enough, key=lambda point: (point.cost, point.outcome.loss)), True
        nearest = min(allowed or self._points.values(), key=lambda point: (point.outcome.loss, point.cost))
        return nearest, self._goal.cos is None and bool(allowed)

    def _found(self) -> Found:
        chosen, is_reached = self._best()
        points = front(self._points.values())
        if chosen not in points:
            points = (*points, chosen)
        full = {id(one): replace(one, conversions=self._costs.conversions(one.layers)) for one in points}
        ordered = sorted(full.values(), key=lambda point: point.cost)
        return Found(tuple(ordered), full[id(chosen)], is_reached, len(self._points))


def _locks(goal: Goal, needs: Mapping[str, frozenset[str]]) -> tuple[frozenset[str], set[str]]:
    """The layers that are spared in any case, and those that are not; refuses locks that cannot be."""
    for name, precision in goal.locked.items():
        if precision not in (INT8, goal.precision):
            raise SettingsError(
                f"{name} cannot be locked in {precision} where others are looked for in {goal.precision}.",
                f"Lock it in {goal.precision} or in int8.",
            )
        if precision != INT8 and name not in needs:
            raise SettingsError(f"{name} has no choice of its precision.", "Lock a layer that computes in integers.")
    kept = closed([name for name, precision in goal.locked.items() if precision != INT8], needs)
    held = {name for name, precision in goal.locked.items() if precision == INT8}
    if held & kept:
        raise SettingsError(
            f"{min(held & kept)} is locked, and a layer that shall be in {goal.precision} is fused to it.",
            "Lock both alike.",
        )
    return kept, held


def front(points: Iterable[Point]) -> tuple[Point, ...]:
    """The points that no other betters in both cost and error, the cheapest first."""
    found: list[Point] = []
    for point in sorted(points, key=lambda one: (one.cost, one.outcome.loss)):
        if not found or point.outcome.loss < found[-1].outcome.loss:
            found.append(point)
    return tuple(found)

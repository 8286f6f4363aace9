"""Choices as points of a plot: the error of the worst output over the cost. No Qt."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from workbench.project.mixed.searched import Searched

FLOOR = 1e-10
"""What an error of 0 is drawn at."""
MOST_TICKS = 7


@dataclass(frozen=True)
class Front:
    """Costs and errors (1 - cosine of the worst output and input) of choices, the cheapest first.

    Both axes are logarithmic. That of the cost begins with 0: a place is log2(1 + cost / unit), where `unit` is the
    smallest cost that is none.
    """

    costs: np.ndarray
    losses: np.ndarray
    chosen: int = -1
    target: float | None = None
    budget: float | None = None

    @cached_property
    def unit(self) -> float:
        """What the cost is counted in along the axis."""
        positive = self.costs[self.costs > 0]
        return float(positive.min()) if positive.size else 1.0

    @cached_property
    def places(self) -> np.ndarray:
        """Along the axis of the cost."""
        return np.log2(1 + self.costs / self.unit)

    @cached_property
    def heights(self) -> np.ndarray:
        """The powers of ten of the errors."""
        losses = np.where(np.isfinite(self.losses), self.losses, 2.0)  # an output that is no number is lost
        return np.log10(np.maximum(losses, FLOOR))

    def place(self, cost: float) -> float:
        """Where a cost is along the axis."""
        return math.log2(1 + cost / self.unit)

    def ticks(self) -> list[tuple[float, float]]:
        """Places of the axis of the cost and the costs there: 0, and 1, 2, 5 times powers of ten."""
        most = float(self.costs.max()) if self.costs.size else 0.0
        if most <= 0:
            return [(0.0, 0.0)]
        first, last = math.floor(math.log10(self.unit)), math.ceil(math.log10(most))
        found = [factor * 10.0**power for power in range(first, last + 1) for factor in (1, 2, 5)]
        within = [cost for cost in found if self.unit <= cost * (1 + 1e-9) and cost <= most * 1.001]
        step = max(1, -(-len(within) // MOST_TICKS))
        return [(0.0, 0.0), *((self.place(cost), cost) for cost in within[::step])]


def front_of(searched: "Searched | None") -> Front:
    """The choices of a search."""
    if searched is None:
        return Front(np.zeros(0), np.zeros(0))
    points = [choice.point for choice in searched.choices]
    goal = searched.wish.goal
    return Front(
        np.array([point.cost for point in points], float),
        np.array([point.outcome.loss for point in points], float),
        searched.chosen,
        None if goal.cos is None else 1 - goal.cos,
        None if math.isinf(goal.most) else goal.most,
    )


def nearest(places: Sequence[tuple[float, float]], at: tuple[float, float], reach: float) -> int:
    """The number of the place nearest to a point, all in pixels; -1 where none is within reach."""
    distances = [math.hypot(x - at[0], y - at[1]) for x, y in places]
    best = min(range(len(distances)), key=distances.__getitem__, default=-1)
    return best if best >= 0 and distances[best] <= reach else -1

"""What a choice of layers would do to the outputs, estimated from their effects: the search tries what looks best.

The errors of layers add up as they are independent. A layer that is not quantised adds nothing of its weights; a tensor
is not rounded on its way from one such layer to another. So layers that follow each other bring more than apart.
"""

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from workbench.graph.deployed import CONVERT, Deployed
from workbench.mixed.costs import Costs
from workbench.mixed.sensitivity import Effect, Sensitivity
from workbench.quantize.plan import Plan

RIDGE = 0.02
LEAST = 0.02  # of a term that runs show to be small
Layers = Collection[str]


@dataclass(frozen=True, slots=True)
class _Term:
    """A part of the loss that is gone where all of `layers` are spared; `losses` are those of each output."""

    layers: tuple[str, ...]
    losses: tuple[float, ...]


class Estimate:
    """Losses (1 - cosine) of the outputs by the layers that are spared, as sums of terms.

    What has been run corrects the terms (`learn`). `weigh` says how much outputs count, in the order of `outputs`.
    """

    def __init__(self, graph: Deployed, plan: Plan, found: Sensitivity) -> None:
        self.outputs = tuple(found.quantised)
        self._graph, self._plan = graph, plan
        terms = [term for effect in found.effects for term in self._terms_of(effect)]
        self._layers = [term.layers for term in terms]
        self._own = np.array([term.losses for term in terms]).reshape(len(terms), len(self.outputs))
        self._losses = self._own.copy()
        self._of: dict[str, list[int]] = {}
        for number, layers in enumerate(self._layers):
            for name in layers:
                self._of.setdefault(name, []).append(number)
        self._weights = np.ones(len(self.outputs))
        self._values: list[float] = []
        self.weigh(self._weights)

    def weigh(self, weights: Sequence[float] | np.ndarray) -> None:
        """Say how much each output counts from now on."""
        self._weights = np.asarray(weights, np.float64)
        self._values = (self._losses @ self._weights).tolist()

    def learn(self, runs: Sequence[tuple[Layers, Sequence[float]]]) -> None:
        """Correct the terms by the losses of runs, those with small losses most: as little as explains them.

        Ridge regression about the measured terms; no term becomes negative.
        """
        left = np.array([[not all(name in spared for name in layers) for layers in self._layers] for spared, _ in runs])
        for at in range(len(self.outputs)):
            known = np.array([losses[at] for _, losses in runs])
            is_usable = (known > 0) & np.isfinite(known)
            if not is_usable.any() or not self._layers:
                continue
            shares = left[is_usable] * self._own[:, at] / known[is_usable, None]
            distance = 1 - shares.sum(1)
            inner = shares @ shares.T + RIDGE * np.eye(len(shares))
            factors = 1 + shares.T @ np.linalg.solve(inner, distance)
            self._losses[:, at] = self._own[:, at] * np.maximum(factors, LEAST)
        self.weigh(self._weights)

    def predicted(self, spared: Layers) -> tuple[float, ...]:
        """The loss of each output."""
        left = [number for number, layers in enumerate(self._layers) if not all(name in spared for name in layers)]
        return tuple(self._losses[left].sum(0).tolist())

    def lost_without(self, dropped: Layers, spared: Layers) -> float:
        """What is lost in addition where some of the spared layers are quantised."""
        numbers = {number for name in dropped for number in self._of.get(name, ())}
        return sum(self._values[at] for at in numbers if all(name in spared for name in self._layers[at]))

    def beside(self, layer: str) -> frozenset[str]:
        """The layers that share a term with a layer."""
        return frozenset(name for number in self._of.get(layer, ()) for name in self._layers[number])

    def won_with(self, added: Layers, spared: Layers) -> float:
        """What is won where more layers are spared."""
        return self.lost_without(added, {*spared, *added})

    def _terms_of(self, effect: Effect) -> Iterator[_Term]:
        """One for each layer with constants, and one for each layer that takes the tensor."""
        layers = [self._graph.producers[name] for name in effect.layers]
        heavy = [layer for layer in layers if any(name in self._graph.constants for name in layer.inputs)] or layers
        for layer in heavy:
            yield self._term((layer.outputs[0],), effect, effect.weights / len(heavy))
        giver = layers[-1]
        from_input = giver.op == CONVERT  # a spared layer takes the network's input as it is
        own = () if from_input else (giver.outputs[0],)
        takers = self._takers(effect.tensor)
        for taker in takers:
            yield self._term((*own, taker), effect, (1 - effect.weights) / len(takers))
        if not takers and own:
            yield self._term(own, effect, 1 - effect.weights)

    def _term(self, layers: tuple[str, ...], effect: Effect, share: float) -> _Term:
        return _Term(layers, tuple(_finite(effect.only[name]) * share for name in self.outputs))

    def _takers(self, tensor: str) -> list[str]:
        """The layers that round a tensor where they are quantised."""
        takers = self._graph.consumers.get(tensor, ())
        return [one.outputs[0] for one in takers if one.op != CONVERT and self._plan.is_integer(one)]


def peeled(
    estimate: Estimate,
    costs: Costs,
    spared: Layers,
    needs: Mapping[str, frozenset[str]],
    kept: Layers = (),
) -> list[frozenset[str]]:
    """Choices from all of `spared` down to `kept`, each with less than the one before: what brings least goes first."""
    left, above = set(spared), _above(spared, needs)
    choices = [frozenset(left)]
    fixed = frozenset(kept)
    prices = {name: _price(estimate, costs, above[name], left) for name in left if not above[name] & fixed}
    while prices:
        best = min(prices, key=lambda name: prices[name])
        dropped = above[best] & left
        left -= dropped
        choices.append(frozenset(left))
        touched = {near for name in dropped for near in (*estimate.beside(name), *costs.beside(name))}
        touched |= {need for name in (*dropped, *touched) for need in needs.get(name, ())}
        prices = {name: price for name, price in prices.items() if name in left}
        prices |= {name: _price(estimate, costs, above[name] & left, left) for name in touched if name in prices}
    return choices


def _above(spared: Layers, needs: Mapping[str, frozenset[str]]) -> dict[str, set[str]]:
    """For each layer those that must go with it."""
    found: dict[str, set[str]] = {name: set() for name in spared}
    for name in spared:
        for need in needs[name]:
            found[need].add(name)
    return found


def _price(estimate: Estimate, costs: Costs, dropped: Layers, left: Layers) -> tuple[float, float]:
    """What is lost for what is saved; where nothing is lost, what saves most goes first."""
    saved = costs.saved(dropped, left)
    lost = estimate.lost_without(dropped, left)
    return (lost / saved if saved > 0 else math.inf if lost else 0.0, -saved)


def _finite(value: float) -> float:
    return value if math.isfinite(value) else 2.0

"""Where quantization does its damage: suspects, and the share of each that was measured at the spoilt outputs."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from workbench.compare.compare import SINGLE
from workbench.diagnose.case import Case
from workbench.diagnose.quant_damage import Damage, Errors, FloatRun
from workbench.diagnose.quant_study import Study, leads_out, studied
from workbench.diagnose.quant_weights import Weighted, all_constants, handed_on, weighted
from workbench.foundation.steps import Progress, Steps

STAGE = "diagnose"
MOST_TAKEN = 3
CLEAR = 0.3  # of the damage
MOST_JOINS, MOST_ROUNDED, MOST_WEIGHTED, MOST_WHOLE = 2, 6, 4, 3
NOTABLE = 2e-4  # squared relative error of a tensor by itself: with less nobody is suspected
UNEXPLAINED, MOSTLY_UNEXPLAINED = 0.1, 0.5  # of the damage: with less left, nobody else is measured
OF_WEIGHTS = 0.1  # of the damage that all weights do: below, none of them is looked at


@dataclass(frozen=True)
class Scene:
    """Shares of the damage, 0 to 1: of all `weights`, of all values that are `cut`, and by tensor.

    `rounded` is what rounding a tensor alone does, `weighed` rounding the constants of the layer that gives it, `whole`
    all that the layer adds itself.
    """

    study: Study
    layers: Mapping[str, Weighted] = field(default_factory=dict)
    weights: float = 0.0
    cut: float = 0.0
    rounded: Mapping[str, float] = field(default_factory=dict)
    weighed: Mapping[str, float] = field(default_factory=dict)
    whole: Mapping[str, float] = field(default_factory=dict)

    @property
    def case(self) -> Case:
        """Of the study."""
        return self.study.case

    def row_of(self, tensor: str) -> str:
        """The row that stands for a tensor: its own, or that of the group in which it vanishes."""
        if tensor in self.case.by_tensor:
            return tensor
        return next((row.tensor for row in self.case.rows if tensor in row.group), tensor)


def investigated(case: Case, sample: int) -> Steps[Scene]:
    """Find the suspects among what each tensor and each weight loses by itself, and measure them."""
    study = yield from studied(case, sample)
    constants = all_constants(study)
    layers = {item.tensor: item for item in weighted(study, constants)}
    rounded = _rounded(case, study, layers)
    cut = {tap.tensor: tap.held for tap in study.taps.values() if tap.is_cut}
    whole = [name for name in _worst_single(case, study) if name not in rounded][:MOST_WHOLE]
    heavy = [item for item in sorted(layers.values(), key=lambda item: -item.estimate) if item.estimate > NOTABLE / 4]
    heavy = heavy[:MOST_WEIGHTED]
    taken = {name: _taken(study, name) for name in whole}
    places = {*rounded, *whole, *(item.tensor for item in heavy), *(name for names in taken.values() for name in names)}
    damage = Damage(case, sample, places, cut)
    yield Progress(STAGE, 0, 0)
    clipped = (yield from damage.share(Errors(cut=cut))) if cut else 0.0
    left = 1.0 - clipped
    weights = (yield from damage.of_constants(constants)) if layers and left > UNEXPLAINED else 0.0
    found: tuple[dict[str, float], dict[str, float], dict[str, float]] = ({}, {}, {})
    for item in heavy:
        if left > UNEXPLAINED and weights > OF_WEIGHTS:
            yield Progress(STAGE, 0, 0, item.tensor)
            found[0][item.tensor] = yield from _share(damage, item.tensor, (yield from _weight_error(study, item)))
            left -= found[0][item.tensor]
    for name in rounded:
        if left > UNEXPLAINED:
            yield Progress(STAGE, 0, 0, name)
            found[1][name] = yield from _share(damage, name, study.rounding(name))
            left -= found[1][name]
    for name in whole:
        if left > MOSTLY_UNEXPLAINED:
            yield Progress(STAGE, 0, 0, name)
            found[2][name] = yield from _share(damage, name, _single_error(study, name))
            left -= found[2][name]
            if found[2][name] > CLEAR:  # what it takes may be at fault: what it computes of it tells small differences
                for given in taken[name]:
                    if given not in found[1]:
                        found[1][given] = yield from _share(damage, given, study.rounding(given))
    return Scene(study, layers, weights, clipped, found[1], found[0], found[2])


def _rounded(case: Case, study: Study, layers: Mapping[str, Weighted]) -> list[str]:
    """The taps whose rounding is worth a measurement: joins that lead out, and those that lose most."""
    known = handed_on(study, layers.values())
    losses = {name: known.get(name, tap.damage) for name, tap in study.taps.items()}
    joins = [name for name in study.taps if leads_out(case, name) and case.by_tensor[name].op == "Concat"]
    worst = [name for name in sorted(losses, key=lambda name: -losses[name]) if losses[name] > NOTABLE]
    return list(dict.fromkeys((*joins[:MOST_JOINS], *worst[:MOST_ROUNDED])))


def _taken(study: Study, name: str) -> tuple[str, ...]:
    """The taps that a layer takes, perhaps through tensors that are none."""
    graph = study.case.graph
    assert graph is not None
    found: list[str] = []
    for source in graph.producers[name].inputs:
        if source in study.taps:
            found.append(source)
        elif source in graph.producers:
            found += _taken(study, source)
    return tuple(dict.fromkeys(found))[:MOST_TAKEN]


def _share(damage: Damage, name: str, error: np.ndarray | None) -> Steps[float]:
    if error is None or not np.isfinite(error).all():
        return 0.0
    return (yield from damage.share(Errors({name: error})))


def _worst_single(case: Case, study: Study) -> list[str]:
    found = {}
    for row in case.rows:
        relative = case.error(row, SINGLE, "relative")
        if (
            relative is not None
            and relative**2 > NOTABLE
            and case.graph is not None
            and row.tensor in case.graph.producers
        ):
            found[row.tensor] = relative
    return sorted(found, key=lambda name: -found[name])


def _single_error(study: Study, name: str) -> np.ndarray | None:
    """All that a layer adds to its output when it is fed with golden values."""
    golden, values = study.golden(name), study.case.single(study.case.by_tensor[name], study.sample)
    if golden is None or values is None or golden.size != values.size:
        return None
    return np.asarray(values.reshape(golden.shape) - golden)


def _weight_error(study: Study, item: Weighted) -> Steps[np.ndarray | None]:
    """What rounding a layer's constants alone adds to its output."""
    graph = study.case.graph
    assert graph is not None
    plain = yield from _computed(study, item, {})
    if plain is None:
        return None
    used = yield from _computed(study, item, dict(item.constants))
    return None if used is None else used - plain


def _computed(study: Study, item: Weighted, constants: Mapping[int, np.ndarray]) -> Steps[np.ndarray | None]:
    fed = {}
    graph = study.case.graph
    assert graph is not None
    for name in item.layer.inputs:
        if name and name not in graph.constants:
            values = study.golden(name)
            if values is None:
                values = study.case.feeds_of(study.case.samples[study.sample]).get(name)
            if values is None:
                return None
            fed[name] = values
    run = FloatRun(study.case, (item.tensor,), constants={item.tensor: constants}, only=item.layer)
    return (yield from run.run(fed))[item.tensor]

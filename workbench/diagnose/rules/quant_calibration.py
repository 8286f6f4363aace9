"""Ranges that do not fit the analysed inputs: too few or untypical calibration inputs, ranges cut on purpose."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from workbench.compare.compare import ENTIRE
from workbench.diagnose.calibration_study import Texture, growth, texture
from workbench.diagnose.case import Case, Trial
from workbench.diagnose.changes import Change
from workbench.diagnose.findings import Chart, Evidence, Finding, Fix
from workbench.diagnose.fixes.settings import algorithm
from workbench.diagnose.quant_scene import Scene
from workbench.diagnose.quant_study import Tap
from workbench.foundation.steps import Steps

FEW = 3  # inputs of a calibration set that are too few to be sure of any range
CUT, WIDE = 0.2, 0.35  # share of the damage that cutting does; occupancy of a range that is much too wide
MANY = 0.35  # share of tensors: then it is the set, and not a tensor
HEALED = 0.4  # share of the damage that is gone with fitting ranges
UNTYPICAL = 0.6  # share of calibration inputs that are of another kind
MOST_DRAWN = 3  # tensors in a chart
MOST_SAMPLES = 16  # analysed inputs that are calibrated with
EXPLAINS = frozenset(("activation-saturation", "quantization", "dead-channels"))


@dataclass(frozen=True)
class Ranges:
    """How the ranges fit: the tensors that are cut, those whose range is much too wide, of how many."""

    cut: tuple[Tap, ...]
    wide: tuple[Tap, ...]
    total: int

    @property
    def misfit(self) -> float:
        """The share of tensors whose range does not fit."""
        return (len(self.cut) + len(self.wide)) / max(1, self.total)

    @property
    def worst(self) -> tuple[Tap, ...]:
        """The tensors that fit worst, the earliest of the cut ones among them."""
        by_need = sorted(self.cut, key=lambda tap: -tap.beyond) or sorted(self.wide, key=lambda tap: tap.occupancy)
        return tuple(by_need[:MOST_DRAWN])


def misfits(scene: Scene) -> Ranges:
    """Of a scene."""
    taps = tuple(scene.study.taps.values())
    return Ranges(scene.study.cut, tuple(tap for tap in taps if tap.occupancy < WIDE), len(taps))


def calibration(scene: Scene) -> Steps[tuple[Finding, ...]]:
    """What is wrong with the ranges as a whole; tried with ranges that fit."""
    case, ranges = scene.case, misfits(scene)
    is_cut = scene.cut > CUT and bool(ranges.cut)
    is_wide = len(ranges.wide) > MANY * ranges.total and max(scene.rounded.values(), default=0.0) > CUT
    if not (is_cut or is_wide) or not case.samples or case.graph is None or case.graph.is_quantized:
        return ()
    given = {name for name, _, _ in case.quant.ranges}
    named = tuple(tap for tap in ranges.cut if tap.tensor in given)
    if named:
        return (_given(scene, ranges, named),)
    if is_cut and case.quant.algorithm != "normal" and case.dataset:
        fix = algorithm(case, "normal")
        if fix is not None and fix.change is not None:
            healed = healing(case, (yield from case.trials.run(fix.change, (scene.study.sample,))), scene.study.sample)
            if healed > HEALED:
                return (_saturated(scene, ranges, healed, fix),)
    change = Change(dataset=case.samples[:MOST_SAMPLES])
    healed = healing(case, (yield from case.trials.run(change, (scene.study.sample,))), scene.study.sample)
    if healed < HEALED:
        return ()
    return (yield from _of_the_set(scene, ranges, healed))


def healing(case: Case, trial: Trial, sample: int) -> float:
    """The share of the damage that a trial is rid of."""
    after = {row.tensor: row for row in trial.rows}
    gone = []
    for hurt in case.hurt:
        row, other = case.by_tensor[hurt.tensor], after.get(hurt.tensor)
        if other is None or ENTIRE not in other.errors:
            continue
        was, now = row.errors[ENTIRE].of_sample("relative", sample), other.errors[ENTIRE].of_sample("relative", 0)
        if was and now is not None:
            gone.append(max(0.0, 1.0 - _damage(now) / _damage(was)))
    return float(np.mean(gone)) if gone else 0.0


def _damage(relative: float) -> float:
    return relative**2 / (1.0 + relative**2) if np.isfinite(relative) else 1.0


def _of_the_set(scene: Scene, ranges: Ranges, healed: float) -> Steps[tuple[Finding, ...]]:
    case = scene.case
    analysed = texture(case.feeds_of(case.samples[scene.study.sample])[case.model.graph.inputs[0].name])
    names = tuple(tap.tensor for tap in ranges.worst)
    seen = yield from growth(case, names)
    others = [number for number, item in enumerate(seen.textures) if not item.is_like(analysed)]
    kind = _kind(len(case.dataset), len(others) / max(1, len(seen.textures)), ranges)
    evidence = [_fit(ranges, scene), _healed(scene, healed)]
    if others:
        evidence.append(_unlike(scene, others, seen.textures, analysed))
    if case.dataset:
        needed = {tap.tensor: max(tap.high, 0.0) - min(tap.low, 0.0) for tap in ranges.worst}
        text = (
            f"After {len(seen.low)} calibration inputs the values of {names[0]} extend over "
            f"{seen.curve(names[0])[-1]:.4g}; the analysed input needs {needed[names[0]]:.4g}."
        )
        evidence.append(Evidence(text, names[0], scene.study.sample, "histogram", seen.chart(names, needed)))
    values = {
        "count": str(len(case.dataset)),
        "unlike": str(len(others)),
        "cut": str(len(ranges.cut)),
        "wide": str(len(ranges.wide)),
        "total": str(ranges.total),
        "tensor": names[0],
        "share": f"{healed:.0%}",
    }
    layers = tuple(dict.fromkeys(tap.tensor for tap in (*ranges.worst, *ranges.cut, *ranges.wide)))
    confidence = min(0.97, 0.55 + 0.45 * healed)
    return (Finding(kind, confidence, layers, values, tuple(evidence), _fixes(case, kind), explains=EXPLAINS),)


def _kind(count: int, unlike: float, ranges: Ranges) -> str:
    """Whether a few inputs are typical nobody can tell: that they are few is what is wrong first."""
    if 0 < count <= FEW:
        return "calibration-few"
    if unlike >= UNTYPICAL or (count and ranges.misfit > MANY):
        return "calibration-untypical"
    return "calibration-range"


def _fixes(case: Case, kind: str) -> tuple[Fix, ...]:
    more = tuple(dict.fromkeys((*case.dataset, *case.samples)))
    added = Fix("Add the analysed inputs to the calibration set.", Change(dataset=more))
    alone = Fix("Calibrate with the analysed inputs and others of their kind.", Change(dataset=case.samples))
    return (alone, added) if kind == "calibration-untypical" else (added,)


def _given(scene: Scene, ranges: Ranges, named: Sequence[Tap]) -> Finding:
    case = scene.case
    names = tuple(tap.tensor for tap in named)
    left = tuple(item for item in case.quant.ranges if item[0] not in names)
    fix = Fix("Take the calibrated ranges again.", Change(quant=replace(case.quant, ranges=left)))
    values = {"tensor": names[0], "cut": str(len(ranges.cut)), "total": str(ranges.total), "share": f"{scene.cut:.0%}"}
    confidence = 0.5 + 0.45 * scene.cut
    return Finding("calibration-range", confidence, names, values, (_fit(ranges, scene), _cutting(scene)), (fix,))


def _saturated(scene: Scene, ranges: Ranges, healed: float, fix: Fix) -> Finding:
    names = tuple(tap.tensor for tap in sorted(ranges.cut, key=lambda tap: -tap.cut_error))
    values = {"tensor": names[0], "cut": str(len(ranges.cut)), "total": str(ranges.total), "share": f"{healed:.0%}",
              "algorithm": scene.case.quant.algorithm}  # fmt: skip
    evidence = (_fit(ranges, scene), _cutting(scene))
    return Finding("activation-saturation", 0.5 + 0.45 * healed, names, values, evidence, (fix,))


def _fit(ranges: Ranges, scene: Scene) -> Evidence:
    """How many ranges fit, with the worst beside what it should hold."""
    tap = ranges.worst[0]
    low, high = tap.held
    if ranges.cut:
        text = (
            f"{len(ranges.cut)} of {ranges.total} tensors of the analysed input reach beyond their range: "
            f"{tap.tensor} holds {low:.4g} to {high:.4g} and needs {tap.low:.4g} to {tap.high:.4g}."
        )
    else:
        text = (
            f"{len(ranges.wide)} of {ranges.total} tensors of the analysed input need a small part of their range: "
            f"{tap.tensor} holds {low:.4g} to {high:.4g} and needs {tap.low:.4g} to {tap.high:.4g}."
        )
    taps = list(scene.study.taps.values())
    needed = {"needed": tuple(one.occupancy for one in taps)}
    chart = Chart("bars", "tensor", "share of its range that is needed", needed, tuple(one.tensor for one in taps))
    return Evidence(text, tap.tensor, scene.study.sample, "histogram", chart)


def _cutting(scene: Scene) -> Evidence:
    tap = max(scene.study.cut, key=lambda tap: tap.cut_error)
    text = f"Cutting off alone does {scene.cut:.0%} of the damage; {tap.cut:.2%} of the values of {tap.tensor} are cut."
    return Evidence(text, tap.tensor, scene.study.sample, "worst")


def _healed(scene: Scene, healed: float) -> Evidence:
    output = scene.case.hurt[0].tensor
    text = f"Calibrated with the analysed input itself, {healed:.0%} of the damage at {output} is gone."
    return Evidence(text, output, scene.study.sample, "scatter")


def _unlike(scene: Scene, others: Sequence[int], known: Sequence[Texture], analysed: Texture) -> Evidence:
    at, name = others[0], scene.case.dataset[others[0]].files[0].name
    text = (
        f"{len(others)} of {len(known)} calibration inputs are of another kind than the analysed one: "
        f"{name} deviates by {known[at].deviation:.3g} (analysed: {analysed.deviation:.3g}), its neighbouring values "
        f"are alike by {known[at].likeness:.2f} (analysed: {analysed.likeness:.2f})."
    )
    series = {
        "deviation": tuple(item.deviation / (analysed.deviation or 1.0) for item in known),
        "likeness of neighbours": tuple(item.likeness for item in known),
    }
    labels = tuple(item.files[0].name for item in scene.case.dataset[: len(known)])
    first = scene.case.rows[0].tensor
    return Evidence(text, first, scene.study.sample, "picture", Chart("bars", "calibration input", "", series, labels))

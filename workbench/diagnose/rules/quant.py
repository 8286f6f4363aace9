"""What goes wrong inside layers because values and weights are stored in integers. Source: rknn_facts §7."""

import math
from dataclasses import replace

import numpy as np

from workbench.compare.compare import ENTIRE, SINGLE
from workbench.diagnose.case import Case
from workbench.diagnose.findings import NOTE, Chart, Evidence, Finding
from workbench.diagnose.gate import NAN
from workbench.diagnose.part_run import PartRun
from workbench.diagnose.quant_scene import Scene, investigated
from workbench.diagnose.rules.quant_activations import activations
from workbench.diagnose.rules.quant_calibration import FEW, calibration
from workbench.diagnose.rules.quant_constants import constants
from workbench.diagnose.rules.quant_joins import noted
from workbench.diagnose.rules.quant_weights import weights
from workbench.foundation.steps import Progress, Steps

STAGE = "diagnose"
OURS = 0.5  # of a spoilt output's error that must be left when golden is what the network computes itself
MOST_NAMED = 12
EXPLAINED = 0.6  # by one cause: then the rest is not told as a cause of its own


def quantized(case: Case) -> Steps[tuple[Finding, ...]]:
    """All causes that come of integers; where no output is spoilt, what is worth knowing."""
    if not _applies(case):
        return ()
    hurts = [hurt for hurt in case.hurt if hurt.why != NAN]
    if not hurts:
        return (*noted(case, 0), *_notes(case)) if not case.hurt else ()
    sample = _sample(case)
    if not (yield from _is_ours(case, sample)):
        return ()
    scene = yield from investigated(case, sample)
    found = list((yield from calibration(scene)))
    if not found or found[0].cause == "calibration-range":
        found += weights(scene)
        found += yield from activations(scene)
    if max((one.confidence for one in found), default=0.0) < EXPLAINED:
        found += _generic(scene, found)
    if not case.has_golden_outputs:
        found = [replace(one, level=NOTE) for one in found]
    return (*found, *constants(case))


def _applies(case: Case) -> bool:
    return (
        case.graph is not None
        and case.plan is not None
        and case.model.is_onnx
        and bool(case.plan.encodings)
        and any(ENTIRE in row.errors for row in case.rows)
    )


def _sample(case: Case) -> int:
    """The sample that the first spoilt output suffers most in."""
    hurt = case.hurt[0]
    if hurt.channel is not None:
        return hurt.sample
    return case.by_tensor[hurt.tensor].errors[ENTIRE].worst_sample.get("relative", 0)


def _is_ours(case: Case, sample: int) -> Steps[bool]:
    """Whether the damage is that of integers: golden values from elsewhere may differ from the network's own."""
    if case.own_golden:
        return True
    rows = [case.by_tensor[hurt.tensor] for hurt in case.hurt]
    names = [row.golden for row in rows if row.golden in case.model.graph.tensors]
    if not names:
        return False
    yield Progress(STAGE, 0, 0)
    own = yield from PartRun(case.model, names).run(case.feeds_of(case.samples[sample]))
    for row in rows:
        golden, simulated = case.golden(row, sample), case.simulated(row, sample)
        values = own.get(row.golden)
        if golden is None or simulated is None or values is None or golden.size != values.size:
            continue
        total = float(np.linalg.norm(simulated.reshape(-1) - golden.reshape(-1)))
        if float(np.linalg.norm(values.reshape(-1) - golden.reshape(-1))) > OURS * total:
            return False
    return True


def _generic(scene: Scene, found: list[Finding]) -> tuple[Finding, ...]:
    """Nothing in particular: the layers that cost most, for mixed precision."""
    case, taken = scene.case, {name for one in found for name in one.layers}
    shares: dict[str, float] = {}
    for kind in (scene.rounded, scene.weighed, scene.whole):
        for name, share in kind.items():
            row = scene.row_of(name)
            shares[row] = max(shares.get(row, 0.0), share)
    costly = [
        name for name in sorted(shares, key=lambda name: -shares[name]) if shares[name] > 0.02 and name not in taken
    ]
    costly += [name for name in _worst_rows(case) if name not in costly and name not in taken]
    names = tuple(costly[:MOST_NAMED])
    if not names:
        return ()
    chart = Chart(
        "bars", "layer", "share of the damage", {"share": tuple(shares.get(name, 0.0) for name in names)}, names
    )
    told = sum(shares.get(name, 0.0) for name in names)
    output = case.hurt[0].tensor
    most = shares.get(names[0], 0.0)
    text = (
        f"No single cause stands out: the worst layer, {names[0]}, does {most:.0%} of the damage at {output} alone; "
        f"all weights together do {scene.weights:.0%}."
    )
    evidence = (Evidence(text, names[0], scene.study.sample, "scatter", chart),)
    values = {"tensor": names[0], "count": str(len(names)), "share": f"{min(1.0, told):.0%}"}
    return (Finding("quantization", 0.5 if not found else 0.35, names, values, evidence),)


def _worst_rows(case: Case) -> list[str]:
    """By what layers add themselves."""
    found = {
        row.tensor: value
        for row in case.rows
        if (value := case.error(row, SINGLE, "relative")) is not None
        and math.isfinite(value)
        and row.encoding is not None
    }
    return sorted(found, key=lambda name: -found[name])


def _notes(case: Case) -> tuple[Finding, ...]:
    """What is worth knowing of a run that is good as it is."""
    assert case.plan is not None
    found = list(constants(case))
    if (
        case.plan.type.calibrates
        and 0 < len(case.dataset) <= FEW
        and case.graph is not None
        and not case.graph.is_quantized
    ):
        text = f"The ranges come from {len(case.dataset)} calibration inputs; others may reach beyond them."
        values = {
            "count": str(len(case.dataset)),
            "cut": "0",
            "total": str(len(case.rows)),
            "share": "0%",
            "tensor": "",
        }
        evidence = (Evidence(text, case.rows[0].tensor, 0, "histogram"),)
        found.append(Finding("calibration-few", 0.3, (), values, evidence, level=NOTE))
    return tuple(found)


RULES = (quantized,)
"""Of everything that comes of integers."""

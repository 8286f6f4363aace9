"""Tensors that lose too much on their way into integers, by what they are: outliers, dead channels, tails, sums."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from workbench.diagnose.calibration_study import growth
from workbench.diagnose.findings import Chart, Evidence, Finding
from workbench.diagnose.fixes.settings import in_float16
from workbench.diagnose.quant_scene import Scene
from workbench.diagnose.quant_study import MOVING, Tap
from workbench.diagnose.rules.quant_joins import join_at, joined
from workbench.foundation.steps import Steps
from workbench.graph.deployed import NORM, PRODUCT, SOFTMAX
from workbench.graph.graph import Layer, Tensor

GUILTY = 0.1  # of the damage
PEAK = 6.0  # times what 99.9 % of the values do not exceed
DOMINANT = 8.0  # times the channel in the middle
FEW = 0.15  # of the channels: that few stretch the range for all
FULL = 0.7  # of a range that the analysed input needs: above, it stretches it itself
BLAMED = 0.5  # of the error of a weight that comes from one input channel
EMPTY = 0.15  # of a range that an input needs: others stretch it
DEAD = 0.1  # of the channels that are stored as zero
COARSE = 0.3  # of the channels that have a few levels only
MOST_DRAWN = 512
MOST_FIXED = 4  # layers that get another precision
TAILS = frozenset(("Sigmoid", "HardSigmoid", "Softmax", SOFTMAX, "Tanh", "Exp", "Softplus"))
SUMS = frozenset((
    NORM, "LayerNormalization", "InstanceNormalization", "Div", "Sqrt", "Pow", "Reciprocal", "LpNormalization",
    "ReduceL2", "Log",
))  # fmt: skip
REDUCTIONS = frozenset(("ReduceSum", "ReduceMean", "GlobalAveragePool", "AveragePool", "ReduceMax", "CumSum", PRODUCT))
MANY_SUMMED = 256  # values for one
Shares = Mapping[str, float]


class Suspect(NamedTuple):
    """A tap with its share of the damage."""

    tap: Tap
    share: float


def activations(scene: Scene) -> Steps[tuple[Finding, ...]]:
    """By cause, of the tensors whose rounding was measured, or all that their layers add where that explains more."""
    found: dict[str, list[Suspect]] = {}
    findings: list[Finding] = []
    for name, share in sorted(_shares(scene).items(), key=lambda item: -item[1]):
        tap = scene.study.taps.get(name)
        if tap is None or share < GUILTY:
            continue
        join = join_at(scene.case, name, scene.study.sample)
        if join is not None and join.is_unequal:
            findings.append(joined(scene.case, join, scene.study.sample, share))
            continue
        kind = kind_of(scene, tap)
        if kind:
            found.setdefault(kind, []).append(Suspect(tap, share))
    for tap, share in _shrunken(scene):
        if all(tap is not one.tap for suspects in found.values() for one in suspects):
            found.setdefault("activation-outlier", []).append(Suspect(tap, share))
    for kind, suspects in found.items():
        findings.append((yield from _finding(scene, kind, suspects)))
    return tuple(findings)


def _shrunken(scene: Scene) -> list[Suspect]:
    """Tensors with a channel so large that the weights which take it are too small for the steps of the others."""
    graph, found = scene.case.graph, []
    assert graph is not None
    for name, share in scene.weighed.items():
        item = scene.layers[name]
        tap, blamed = scene.study.taps.get(item.layer.inputs[0]), item.blamed
        if share < GUILTY or tap is None or blamed is None:
            continue
        at = int(blamed.argmax())
        if blamed[at] > BLAMED and at in tap.channels.stretching.tolist():
            found.append(Suspect(tap, share))
    return found


def kind_of(scene: Scene, tap: Tap) -> str:
    """The cause that a tensor's values and its layer speak for; "" for none in particular."""
    channels, op = tap.channels, _op(scene, tap.tensor)
    if op in TAILS:
        return "activation-tail"
    if op in SUMS:
        return "norm-sum"
    count = max(1, int(channels.alive.sum()))
    few = 0 < len(channels.stretching) <= max(2, FEW * count)
    if tap.peak >= PEAK or tap.occupancy < EMPTY or (channels.ratio >= DOMINANT and few):
        return "activation-outlier"
    if op not in REDUCTIONS and _is_depthwise(scene, tap.tensor) and len(channels.coarse) > DEAD * count:
        return "depthwise"
    if op in REDUCTIONS and _summed(scene, tap.tensor) >= MANY_SUMMED:
        return "large-reduction"
    return "dead-channels" if len(channels.lost) > DEAD * count or len(channels.coarse) > COARSE * count else ""


def _shares(scene: Scene) -> dict[str, float]:
    found = dict(scene.rounded)
    for name, share in scene.whole.items():
        if _op(scene, name) in TAILS | SUMS | REDUCTIONS:  # what they compute is at fault, not only how it is stored
            found[name] = max(found.get(name, 0.0), share)
    return found


def _is_depthwise(scene: Scene, tensor: str) -> bool:
    """Whether a depthwise convolution gives a tensor, perhaps with an activation behind it."""
    graph = scene.case.graph
    assert graph is not None
    layer = graph.producers[tensor]
    if (
        layer.op in ("Relu", "Clip", "LeakyRelu", "PRelu", "exSwish", "HardSwish")
        and layer.inputs[0] in graph.producers
    ):
        layer = graph.producers[layer.inputs[0]]
    weight = graph.constants.get(layer.inputs[1]) if layer.op == "Conv" and len(layer.inputs) > 1 else None
    return weight is not None and layer.attributes.get("group", 1) > 1 and weight.shape[1] == 1


def _op(scene: Scene, tensor: str) -> str:
    """The operator that gives a tensor; a reduction is one though the NPU computes it as convolutions."""
    graph = scene.case.graph
    assert graph is not None
    reduction = _reduction(scene, tensor)
    return graph.producers[tensor].op if reduction is None else reduction.op


def _reduction(scene: Scene, tensor: str) -> Layer | None:
    """The reduction of the user's network whose values a tensor holds, perhaps in other order."""
    graph, model = scene.case.graph, scene.case.model.graph
    assert graph is not None
    name: str | None = tensor
    while name is not None:
        layer = model.producers.get(graph.golden_of.get(name, name))
        if layer is not None:
            return layer if layer.op in REDUCTIONS else None
        takers = graph.consumers.get(name, ())
        name = takers[0].outputs[0] if len(takers) == 1 and takers[0].op in MOVING else None
    return None


def _summed(scene: Scene, tensor: str) -> float:
    """How many values go into one: by the user's network, where it is a reduction there."""
    graph, reduction = scene.case.graph, _reduction(scene, tensor)
    assert graph is not None
    layer = graph.producers[tensor]
    if layer.op == PRODUCT:
        return float((_sizes(graph.tensors, layer.inputs[0]) or (0,))[-1])
    tensors = graph.tensors if reduction is None else scene.case.model.graph.tensors
    given, made = (layer.inputs[0], tensor) if reduction is None else (reduction.inputs[0], reduction.outputs[0])
    sizes = [_sizes(tensors, name) for name in (given, made)]
    if sizes[0] is None or sizes[1] is None:
        return 0.0
    return float(np.prod(sizes[0])) / max(1.0, float(np.prod(sizes[1])))


def _sizes(tensors: Mapping[str, Tensor], name: str) -> tuple[int, ...] | None:
    return tensors[name].static_shape if name in tensors else None


def _finding(scene: Scene, kind: str, suspects: list[Suspect]) -> Steps[Finding]:
    tap, share = suspects[0].tap, min(1.0, sum(one.share for one in suspects))
    channels = tap.channels
    evidence = [_levels(scene, tap) if kind != "activation-outlier" else _outlier(scene, tap)]
    if len(channels.coarse):
        evidence.append(_coarse(scene, tap))
    if kind == "activation-outlier" and scene.case.dataset and tap.occupancy < FULL:
        evidence += yield from _stretched(scene, tap)
    evidence.append(_damage(scene, suspects[0]))
    values = {
        "tensor": tap.tensor,
        "op": _op(scene, tap.tensor),
        "count": str(len(suspects)),
        "share": f"{share:.0%}",
        "step": f"{tap.step:.4g}",
        "low": f"{tap.held[0]:.4g}",
        "high": f"{tap.held[1]:.4g}",
        "usual": f"{tap.usual:.4g}",
        "dead": str(len(channels.lost)),
        "coarse": str(len(channels.coarse)),
        "channels": str(len(channels.largest)),
        "summed": f"{_summed(scene, tap.tensor):.0f}",
    }
    names = tuple(one.tap.tensor for one in suspects)
    fix = in_float16(scene.case, names[:MOST_FIXED], through=True)
    fixes = () if fix is None else (fix,)
    return Finding(kind, min(0.97, 0.45 + 0.5 * share), names, values, tuple(evidence), fixes)


def _outlier(scene: Scene, tap: Tap) -> Evidence:
    channels = tap.channels
    stretching = channels.stretching
    if len(stretching) and channels.ratio >= DOMINANT:
        text = (
            f"Channel {int(stretching[0])} of {tap.tensor} reaches {channels.largest.max():.4g}, "
            f"{channels.ratio:.0f} times the channel in the middle; all {len(channels.largest)} channels share "
            f"steps of {tap.step:.4g}."
        )
    else:
        text = (
            f"Of the values of {tap.tensor} 99.9 % lie within ±{tap.usual:.4g}; its range is {tap.held[0]:.4g} to "
            f"{tap.held[1]:.4g}, which leaves them {2 * tap.usual / tap.step:.0f} of 256 levels or fewer."
        )
    return Evidence(text, tap.tensor, scene.study.sample, "channels", _by_channel(tap))


def _levels(scene: Scene, tap: Tap) -> Evidence:
    text = (
        f"{tap.tensor} is stored in steps of {tap.step:.4g} from {tap.held[0]:.4g} to {tap.held[1]:.4g}; "
        f"rounding is {np.sqrt(tap.rounding):.2%} of the tensor, and {np.sqrt(tap.channels.damage):.1%} of its "
        f"channels in the mean."
    )
    return Evidence(text, tap.tensor, scene.study.sample, "histogram", _by_channel(tap))


def _coarse(scene: Scene, tap: Tap) -> Evidence:
    channels = tap.channels
    text = (
        f"{len(channels.coarse)} of {len(channels.largest)} channels of {tap.tensor} vary by a few steps only, and "
        f"{len(channels.lost)} are stored as zero."
    )
    series = {
        "deviation": tuple(channels.deviation[:MOST_DRAWN].tolist()),
        "rounding": tuple(channels.error[:MOST_DRAWN].tolist()),
    }
    return Evidence(text, tap.tensor, scene.study.sample, "channels", Chart("bars", "channel", "deviation", series))


def _stretched(scene: Scene, tap: Tap) -> Steps[list[Evidence]]:
    """The calibration input that alone makes the range so wide, where one does."""
    seen = yield from growth(scene.case, (tap.tensor,))
    at = seen.stretcher(tap.tensor)
    if at is None:
        return []
    name = scene.case.dataset[at].files[0].name
    extent = seen.extents(tap.tensor)[at]
    text = f"One calibration input, {name}, stretches the range of {tap.tensor} to {extent:.4g} alone."
    needed = {tap.tensor: max(tap.high, 0.0) - min(tap.low, 0.0)}
    return [Evidence(text, tap.tensor, scene.study.sample, "histogram", seen.chart((tap.tensor,), needed))]


def _damage(scene: Scene, suspect: Suspect) -> Evidence:
    output = scene.case.hurt[0].tensor
    text = f"What is lost at {suspect.tap.tensor} alone does {suspect.share:.0%} of the damage at {output}."
    return Evidence(text, output, scene.study.sample, "scatter")


def _by_channel(tap: Tap) -> Chart:
    return Chart("bars", "channel", "largest value", {"largest": tuple(tap.channels.largest[:MOST_DRAWN].tolist())})

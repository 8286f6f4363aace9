"""Weights that their scale does not fit: channels of very different range, single weights far beyond the others."""

from workbench.diagnose.findings import Chart, Evidence, Finding, Fix
from workbench.diagnose.fixes.settings import channelwise, in_float16
from workbench.diagnose.quant_scene import Scene
from workbench.diagnose.quant_weights import Weighted

GUILTY = 0.08  # of the damage
MENDED = 0.25  # of the error that a scale for each channel leaves: then one scale for all was the fault
UNEQUAL = 4.0  # times the channel in the middle
FAR = 6.0  # times the weight that 90 % do not exceed, in the middle of the channels
MOST_DRAWN = 512  # channels in a chart
MOST_FIXED = 4  # layers that get another precision


def weights(scene: Scene) -> tuple[Finding, ...]:
    """By cause, of the layers that were measured."""
    found: dict[str, list[Weighted]] = {}
    for name, share in sorted(scene.weighed.items(), key=lambda item: -item[1]):
        kind = _kind(scene, scene.layers[name])
        if share >= GUILTY and kind:
            found.setdefault(kind, []).append(scene.layers[name])
    return tuple(_finding(scene, kind, items) for kind, items in found.items())


def _kind(scene: Scene, item: Weighted) -> str:
    plan = scene.case.plan
    assert plan is not None
    if plan.method == "layer" and item.channels.ratio >= UNEQUAL:
        each = item.estimated(item.with_method(plan, "channel"))
        if each < MENDED * item.estimate:
            return "weights-range"
    is_far = item.channels.peak >= FAR or item.channels.input_ratio >= FAR
    return "weights-outlier" if is_far else ""


def _finding(scene: Scene, kind: str, items: list[Weighted]) -> Finding:
    worst = items[0]
    share = min(1.0, sum(scene.weighed[item.tensor] for item in items))
    rows = tuple(scene.row_of(item.tensor) for item in items)
    values = {
        "tensor": rows[0],
        "count": str(len(items)),
        "ratio": f"{worst.channels.ratio if kind == 'weights-range' else worst.channels.peak:.0f}",
        "share": f"{share:.0%}",
    }
    evidence = (
        (_of_range(scene, worst), _damage(scene, worst)) if kind == "weights-range" else _of_outlier(scene, worst)
    )
    return Finding(kind, min(0.97, 0.45 + 0.5 * share), rows, values, evidence, _fixes(scene, kind, rows))


def _of_range(scene: Scene, item: Weighted) -> Evidence:
    channels = item.channels.outputs
    text = (
        f"One scale for all weights of {scene.row_of(item.tensor)}: its largest channel reaches {channels.max():.4g}, "
        f"{item.channels.ratio:.0f} times the one in the middle."
    )
    chart = Chart("bars", "output channel", "largest weight", {"weight": tuple(channels[:MOST_DRAWN].tolist())})
    return Evidence(text, scene.row_of(item.tensor), scene.study.sample, "weights", chart)


def _of_outlier(scene: Scene, item: Weighted) -> tuple[Evidence, ...]:
    row, inputs = scene.row_of(item.tensor), item.channels.inputs
    chart = Chart("bars", "input channel", "largest weight", {"weight": tuple(inputs[:MOST_DRAWN].tolist())})
    text = (
        f"In {row} the largest weight of an output channel is {item.channels.peak:.0f} times the one that 90 % of its "
        f"weights do not exceed; those of input channel {int(inputs.argmax())} reach {inputs.max():.4g}."
    )
    found = [Evidence(text, row, scene.study.sample, "weights", chart), _damage(scene, item)]
    if int(inputs.argmax()) in item.idle.tolist():
        text = f"Input channel {int(inputs.argmax())} of {row} is always zero: its weights can be zero, too."
        found.append(Evidence(text, row, scene.study.sample, "channels"))
    return tuple(found)


def _damage(scene: Scene, item: Weighted) -> Evidence:
    output = scene.case.hurt[0].tensor
    row, share = scene.row_of(item.tensor), scene.weighed[item.tensor]
    text = f"Rounding the weights of {row} alone does {share:.0%} of the damage at {output}."
    return Evidence(text, output, scene.study.sample, "scatter")


def _fixes(scene: Scene, kind: str, rows: tuple[str, ...]) -> tuple[Fix, ...]:
    fix = channelwise(scene.case) if kind == "weights-range" else in_float16(scene.case, rows[:MOST_FIXED])
    return () if fix is None else (fix,)

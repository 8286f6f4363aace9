"""`mixed`: the layers that must not be quantised for a target, at the least cost, in a file that the toolkit takes."""

import math
from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from workbench.cli.console import harmless, print_json, run, tell, write_out
from workbench.cli.options import Common
from workbench.cli.where import Where
from workbench.foundation.errors import SettingsError

if TYPE_CHECKING:
    from workbench.mixed.search import Goal, Point
    from workbench.mixed.sensitivity import Effect, Sensitivity
    from workbench.project.mixed.files import Checked
    from workbench.project.mixed.mixing import Mixing

PRECISIONS = ("float16", "int16")
COSTS = ("layers", "macs", "bytes", "time")
FORMATS = ("cfg", "toolkit1", "op_target", "script", "qdq", "plan")
USUAL = 0.999
UNITS = {"macs": "% of the multiply-accumulates", "bytes": "bytes more", "time": "µs more"}
SHOWN = 30


@dataclass(frozen=True)
class Aim:
    """What is looked for."""

    min_cos: Annotated[
        float | None,
        typer.Option("--min-cos", metavar="X", help="Every output shall reach this cosine; 0.999 where no limit is."),
    ] = None
    max_layers: Annotated[
        int | None, typer.Option("--max-layers", metavar="N", min=0, help="At most so many layers; implies their cost.")
    ] = None
    max_cost: Annotated[
        float | None, typer.Option("--max-cost", metavar="C", min=0, help="At most so much, as --cost counts.")
    ] = None
    cost: Annotated[
        str,
        typer.Option("--cost", metavar="|".join(COSTS), help="What a choice costs; time is the board's, or reckoned."),
    ] = "layers"
    precision: Annotated[
        str, typer.Option("--precision", metavar="|".join(PRECISIONS), help="What the chosen layers compute in.")
    ] = "float16"
    locked: Annotated[
        list[str] | None,
        typer.Option("--lock", metavar="TENSOR[=PRECISION]", help="Keep a layer as it is, or in a precision (repeat)."),
    ] = None
    samples: Annotated[
        int,
        typer.Option("--samples", metavar="N", min=0, help="For so many inputs, of the dataset too; 0: the analysed."),
    ] = 0
    runs: Annotated[int, typer.Option("--runs", metavar="N", min=2, help="Choices that are tried at most.")] = 120


@dataclass(frozen=True)
class Result:
    """What is written and done with it."""

    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="FILE", help="The file, as a rule X.quantization.cfg.")
    ] = None
    format: Annotated[str, typer.Option("--format", metavar="|".join(FORMATS), help="What is written.")] = "cfg"
    cfg: Annotated[
        Path | None, typer.Option("--cfg", metavar="FILE", help="The cfg of step 1 that is patched; else one is made.")
    ] = None
    point: Annotated[
        int | None, typer.Option("--point", metavar="N", min=1, help="Of the list, instead of the best one.")
    ] = None
    is_checked: Annotated[
        bool, typer.Option("--check", help="Let the toolkit do both steps and analyse: predicted beside actual.")
    ] = False
    is_applied: Annotated[bool, typer.Option("--apply", help="Make the layers part of the session, and run it.")] = (
        False
    )
    is_sensitivity: Annotated[
        bool, typer.Option("--sensitivity", help="Only say what each layer does to the outputs, quantised and spared.")
    ] = False


def mixed(
    session: Annotated[Path, typer.Argument(metavar="SESSION", help="Folder of a session.")],
    aim: Aim,
    result: Result,
    where: Where,
    common: Common,
) -> int:
    """Find the layers that must stay precise, for a target at the least cost or within a budget."""
    from workbench.project.mixed import mixing, searched
    from workbench.project.session import load_session

    _check(aim, result)
    known = load_session(session)
    with where.workers(common) if where.cluster or common.jobs > 1 else nullcontext() as pool:
        if result.is_sensitivity:
            _tell_effects(run(searched.measure_and_keep(known, session, aim.samples, pool), common.quiet), common)
            return 0
        wish = mixing.Wish(_goal(aim), aim.cost, aim.samples)
        made = run(searched.search_and_keep(known, session, wish, pool), common.quiet)
    point = _chosen(made, result.point)
    checked = _checked(made, point, session, common) if result.is_checked else None
    if result.output is not None:
        _write(made, point, result, checked, common)
    if result.is_applied:
        run(mixing.apply(known, session, made.layers(point)), common.quiet)
    if common.json:
        print_json(document(made, point, checked))
    else:
        write_out(harmless(text(made, point, checked)))
    if result.output is not None:
        tell(common, f"Written: {result.output}")
    return 0 if made.is_good(point) else 1


def document(made: "Mixing", point: "Point", checked: "Checked | None") -> dict[str, Any]:
    """The JSON document."""
    found: dict[str, Any] = {
        "schema": 1,
        "float_layers": list(point.layers),
        "precision": made.wish.goal.precision,
        "reached": made.is_good(point),
        "cost": {"kind": made.wish.cost, "value": _number(point.cost)},
        "outputs": [
            {"tensor": name, "simulator": {"entire": _numbers(point.outcome.mean(name))}}
            for name in point.outcome.outputs
        ],
        "conversions": [
            {"tensor": one.tensor, "from": one.given, "to": one.taken, "for": list(one.takers), "bytes": one.bytes}
            for one in point.conversions
        ],
        "pareto": [
            {"layers": list(one.layers), "cost": _number(one.cost), "cos": _number(one.outcome.cos)}
            for one in made.found.points
        ],
        "notes": list(made.notes_of(point)),
        "runs": made.found.runs,
        "seconds": {name: round(seconds, 3) for name, seconds in made.seconds.items()},
    }
    return found if checked is None else {**found, "check": _check_document(checked)}


def text(made: "Mixing", point: "Point", checked: "Checked | None") -> str:
    """The same for people."""
    unit = "" if made.wish.cost == "layers" else f", {point.cost:.6g} {UNITS[made.wish.cost]}"
    layers, conversions = _count(len(point.layers), "layer"), _count(len(point.conversions), "conversion")
    lines = [f"{layers} in {made.wish.goal.precision}{unit}, {conversions}:"]
    lines += [f"  {name}" for name in point.layers[:SHOWN]]
    lines += [f"  … and {len(point.layers) - SHOWN} more" for _ in (0,) if len(point.layers) > SHOWN]
    for name in point.outcome.outputs:
        before = made.found.points[0].outcome.lost(name)
        lines.append(f"{name}: cos {1 - before:.5f} -> {1 - point.outcome.lost(name):.5f}")
    lines.append("All choices worth a thought (cost, layers, cos of the worst output):")
    for number, one in enumerate(made.found.points, start=1):
        mark = " <" if one is point else ""
        lines.append(f"{number:4} {one.cost:12.6g} {len(one.layers):5} {one.outcome.cos:9.5f}{mark}")
    lines += [f"note: {note}" for note in made.notes_of(point)]
    return "\n".join([*lines, *(_check_lines(checked) if checked is not None else ())]) + "\n"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _check(aim: Aim, result: Result) -> None:
    """Refuse options that do not go together, before any work."""
    choices = (
        ("--cost", aim.cost, COSTS),
        ("--precision", aim.precision, PRECISIONS),
        ("--format", result.format, FORMATS),
    )
    for option, value, known in choices:
        if value not in known:
            raise SettingsError(f"{option} {value!r} is not known.", f"Choose one of {', '.join(known)}.")
    if aim.max_layers is not None and (aim.cost != "layers" or aim.max_cost is not None):
        raise SettingsError("--max-layers counts layers.", "Give --max-cost with another --cost, not both.")
    if aim.min_cos is not None and not -1 <= aim.min_cos <= 1:
        raise SettingsError(f"--min-cos {aim.min_cos:g} is no cosine.", "Give a number like 0.999.")
    if result.output is not None and result.output.exists() and not result.output.is_file():
        raise SettingsError(f"{result.output} is no file.", "Give a file, for example model.quantization.cfg.")


def _goal(aim: Aim) -> "Goal":
    from workbench.mixed.search import Goal

    most = aim.max_layers if aim.max_layers is not None else aim.max_cost
    target = aim.min_cos if aim.min_cos is not None or most is not None else USUAL
    locked = dict(_locked(item) for item in aim.locked or ())
    return Goal(target, math.inf if most is None else float(most), aim.precision, locked, aim.runs)


def _locked(item: str) -> tuple[str, str]:
    """A tensor and the precision that it keeps; names may hold `=`."""
    name, sign, precision = item.rpartition("=")
    return (name, precision) if sign and precision in (*PRECISIONS, "int8") else (item, "int8")


def _chosen(made: "Mixing", number: int | None) -> "Point":
    points = made.found.points
    if number is None:
        return made.found.chosen
    if number > len(points):
        raise SettingsError(f"--point {number}: there are {len(points)}.", "Run without it to see them.")
    return points[number - 1]


def _checked(made: "Mixing", point: "Point", session: Path, common: Common) -> "Checked":
    from workbench.project.mixed.files import round_trip
    from workbench.sources.toolkit.configured import toolkit_called

    toolkit = toolkit_called(made.network.session.toolkit)
    return run(round_trip(made.network, made.layers(point), point, session, toolkit), common.quiet)


def _write(made: "Mixing", point: "Point", result: Result, checked: "Checked | None", common: Common) -> None:
    from workbench.project.mixed.files import Target, write

    assert result.output is not None
    cfg = result.cfg or (checked.cfg if checked is not None else None)
    run(write(made.network, made.layers(point), Target(result.format, result.output, cfg)), common.quiet)


def _check_document(checked: "Checked") -> dict[str, Any]:
    return {
        "toolkit": checked.toolkit,
        "outputs": [
            {
                "tensor": name,
                "predicted": [_number(one.predicted) for one in each],
                "actual": [_number(one.actual) for one in each],
            }
            for name, each in checked.outputs.items()
        ],
        "furthest": _number(checked.furthest),
        "missing_conversions": list(checked.missing),
        "further_conversions": list(checked.further),
        "cfg": str(checked.cfg) if checked.cfg is not None else "",
        "snapshots": [str(path) for path in checked.snapshots],
        "seconds": {name: round(seconds, 3) for name, seconds in checked.seconds.items()},
    }


def _check_lines(checked: "Checked") -> list[str]:
    lines = [f"{checked.toolkit} (predicted, actual):"]
    for name, each in checked.outputs.items():
        lines += [f"  {name}: {one.predicted:.5f} {one.actual:.5f}" for one in each]
    lines += [f"  not converted, though predicted: {name}" for name in checked.missing]
    lines += [f"  converted besides: {name}" for name in checked.further]
    return lines


def _tell_effects(found: "Sensitivity", common: Common) -> None:
    """Every layer's effect on the worst output."""
    if common.json:
        print_json(
            {"schema": 1, "quantized": _numbers(found.quantised), "layers": [_effect(one) for one in found.effects]}
        )
        return
    lines = [f"{'only it quantised':>18} {'of it weights':>14} {'only it spared':>15}  tensor (1 - cos, worst output)"]
    for one in sorted(found.effects, key=lambda effect: -max(effect.only.values(), default=0.0)):
        spared = f"{max(one.spared.values()):15.3g}" if one.spared else " " * 15
        lines.append(f"{max(one.only.values(), default=0.0):18.3g} {one.weights:14.0%} {spared}  {one.tensor}")
    write_out(harmless("\n".join(lines) + "\n"))


def _effect(one: "Effect") -> dict[str, Any]:
    return {
        "tensor": one.tensor,
        "layers": list(one.layers),
        "only": _numbers(one.only),
        "weights": round(one.weights, 6),
        "spared": _numbers(one.spared),
    }


def _numbers(values: Mapping[str, float]) -> dict[str, float | str]:
    return {name: _number(value) for name, value in values.items()}


def _number(value: float) -> float | str:
    """What JSON has no number for is a string."""
    return value if math.isfinite(value) else str(value)

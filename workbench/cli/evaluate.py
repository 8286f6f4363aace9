"""`evaluate`: how good a session's network is on a data set, in float and quantised, and where they disagree."""

from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from workbench.cli.asking import Asked
from workbench.cli.console import harmless, print_json, run, say, tell, write_out
from workbench.cli.options import Common
from workbench.cli.where import Where
from workbench.foundation.errors import SettingsError

if TYPE_CHECKING:
    from workbench.evaluate.intervals import Difference, Value
    from workbench.project.accuracy.evaluating import Evaluation, Wanted

TITLES = {
    "top1": "top-1",
    "top5": "top-5",
    "agreement": "as float",
    "map": "mAP",
    "map50": "mAP@0.5",
    "map75": "mAP@0.75",
    "map_small": "mAP small",
    "map_medium": "mAP medium",
    "map_large": "mAP large",
    "recall": "recall",
    "recall50": "recall@0.5",
}
SHARES = frozenset(TITLES)
SHOWN = 20
BY_FLOAT = "float"


@dataclass(frozen=True)
class What:
    """The data set, and how the network's outputs are read."""

    images: Annotated[
        Path | None,
        typer.Option(
            "--images", "--dataset", metavar="PATH", help="A folder, folders of classes, dataset.txt, or MNIST's file."
        ),
    ] = None
    task: Annotated[str, typer.Option(metavar="classification|detection|outputs|score", help="What is measured.")] = (
        "classification"
    )
    labels: Annotated[
        str,
        typer.Option(metavar="FILE|float", help="What is right; `float` takes float's answers. Else folders' names."),
    ] = ""
    classes: Annotated[Path | None, typer.Option(metavar="FILE", help="The classes' names, one a line.")] = None
    first_class: Annotated[
        int, typer.Option("--first-class", metavar="N", help="What the labels call the network's first class.")
    ] = 0
    output: Annotated[str, typer.Option(metavar="NAME", help="The output with the classes' scores.")] = ""
    sources: Annotated[
        list[str] | None,
        typer.Option(
            "--with",
            metavar="SOURCE",
            help="float, simulator, toolkit, board, board@RESOURCE, or NAME:KEY=VALUE,…; by default the first two.",
        ),
    ] = None
    hook: Annotated[
        Path | None,
        typer.Option(metavar="FILE.py", help="Reads the outputs instead: classes, objects or score (outputs, image)."),
    ] = None
    hook_python: Annotated[
        str, typer.Option("--hook-python", metavar="PYTHON", help="The hook's interpreter; this one if absent.")
    ] = ""
    most: Annotated[int, typer.Option("--most", metavar="N", min=0, help="At most so many images, evenly.")] = 0


@dataclass(frozen=True)
class Detecting:
    """How objects are read from the outputs of a detector."""

    decoder: Annotated[str, typer.Option(metavar="NAME", help="The head; told by the outputs' shapes if absent.")] = ""
    confidence: Annotated[float, typer.Option(metavar="X", min=0, max=1, help="Less sure objects do not count.")] = (
        0.001
    )
    overlap: Annotated[
        float, typer.Option(metavar="X", min=0, max=1, help="Of boxes that overlap more, the surest stays.")
    ] = 0.0
    anchors: Annotated[str, typer.Option(metavar="W,H,…", help="The 9 anchors of YOLOv5, if not its own.")] = ""


@dataclass(frozen=True)
class Opening:
    """An image of the last evaluation, as a session."""

    image: Annotated[
        str, typer.Option("--open", metavar="IMAGE", help="Make a session of an image of the last evaluation, run it.")
    ] = ""
    source: Annotated[
        str, typer.Option("--source", metavar="NAME", help="With the settings of this source; not float if absent.")
    ] = ""
    out: Annotated[
        Path | None, typer.Option("-o", "--output-session", metavar="SESSION", help="Where that session goes.")
    ] = None


def evaluate(
    common: Common,
    what: What,
    detecting: Detecting,
    opening: Opening,
    where: Where,
    session: Annotated[Path, typer.Argument(metavar="SESSION", help="Folder of a session.")],
    fail_under: Annotated[
        list[str] | None,
        typer.Option("--fail-under", metavar="METRIC=X", help="Exit with 1 when a source but float is below X."),
    ] = None,
) -> int:
    """Measure accuracy on a data set: top-1 and top-5, mAP and recall, or likeness to float, with intervals of 95 %."""
    if opening.image:
        return _open(session, opening, common)
    from workbench.project.accuracy import evaluating
    from workbench.project.accuracy.document import document, save
    from workbench.project.accuracy.sources import choice_of
    from workbench.project.session import load_session

    limits = [_limit(text) for text in fail_under or ()]
    wanted = _wanted(what, detecting)
    loaded = load_session(session)
    choices = [choice_of(text, loaded) for text in what.sources or ("float", "simulator")]
    with where.workers(common) if where.cluster else nullcontext() as pool:
        means = evaluating.Means(pool, Asked())
        found = run(evaluating.evaluate(loaded, session, wanted, choices, means), common.quiet)
    told = document(found)
    save(told, session)
    if common.json:
        print_json(told)
    else:
        write_out(harmless(text(found)))
    return _check(found, limits)


def _open(folder: Path, opening: Opening, common: Common) -> int:
    """Make a session of one image, and run it."""
    from workbench.cli.analyze import show
    from workbench.project.accuracy.opening import opened
    from workbench.project.pipeline import analyze
    from workbench.project.session import load_session

    if opening.out is None:
        raise SettingsError("It is not said where the image's session goes.", "Add -o FOLDER.")
    session = opened(load_session(folder), folder, opening.image, opening.out, opening.source)
    status = show(session, run(analyze(session, opening.out), common.quiet), (), common)
    tell(common, f"Session: {opening.out}")
    return status


def text(found: "Evaluation") -> str:
    """The figures for people."""
    metrics = list(dict.fromkeys(key for score in found.scored.scores for key in score.values))
    width = max(len(score.source) for score in found.scored.scores) + 2
    lines = [f"{len(found.items)} images"]
    for key in metrics:
        lines.append(TITLES.get(key, key))
        lines += [
            f"  {score.source:<{width}}{_value(key, score.values[key])}{_apart(key, score)}"
            for score in found.scored.scores
            if key in score.values
        ]
    lines += [
        f"{score.source} gave no answer for {score.unanswered} images."
        for score in found.scored.scores
        if score.unanswered
    ]
    if found.scored.disagreements:
        lines.append(f"Images on which they disagree: {len(found.scored.disagreements)}")
        lines += [
            f"  {one.source:<{width}}{found.items[one.item].name}: {one.text}"
            for one in found.scored.disagreements[:SHOWN]
        ]
    return "\n".join(lines) + "\n"


def _value(key: str, value: "Value") -> str:
    if key in SHARES:
        return f"{value.value:7.2%}  [{value.low:.2%}, {value.high:.2%}]"
    return f"{value.value:9.5g}  [{value.low:.5g}, {value.high:.5g}]"


def _apart(key: str, score: Any) -> str:
    found: Difference | None = score.differences.get(key)
    if found is None:
        return ""
    if key in SHARES:
        return (
            f"  {100 * found.value:+.2f} points [{100 * found.low:+.2f}, {100 * found.high:+.2f}]  p {found.chance:.2g}"
        )
    return f"  {found.value:+.4g} [{found.low:+.4g}, {found.high:+.4g}]  p {found.chance:.2g}"


def _wanted(what: What, detecting: Detecting) -> "Wanted":
    from workbench.evaluate.decoders import HEADS, Decoding
    from workbench.evaluate.reading import TASKS, Reading
    from workbench.project.accuracy.evaluating import Wanted

    if what.task not in TASKS:
        raise SettingsError(f"--task {what.task!r} is not known.", f"Choose one of {', '.join(TASKS)}.")
    if detecting.decoder and detecting.decoder not in HEADS:
        raise SettingsError(f"--decoder {detecting.decoder!r} is not known.", f"Choose one of {', '.join(HEADS)}.")
    if what.images is None:
        raise SettingsError("There are no images to evaluate with.", "Give them with --images.")
    decoding = Decoding(detecting.decoder, detecting.confidence, detecting.overlap, _anchors(detecting.anchors))
    is_by_float = what.labels == BY_FLOAT
    return Wanted(
        what.images,
        Reading(what.task, what.output, decoding, what.hook, what.hook_python),
        Path(what.labels) if what.labels and not is_by_float else None,
        what.classes,
        is_by_float,
        what.first_class,
        what.most,
    )


def _anchors(text: str) -> tuple[float, ...]:
    if not text:
        return ()
    try:
        found = tuple(float(part) for part in text.split(","))
    except ValueError:
        found = ()
    if len(found) != 18:
        raise SettingsError(f"--anchors is {text!r}.", "Give the width and height of 9 anchors, 18 numbers.")
    return found


def _limit(text: str) -> tuple[str, float]:
    metric, _, number = text.partition("=")
    try:
        return metric, float(number)
    except ValueError:
        raise SettingsError(
            f"--fail-under {text}: {number!r} is not a number.", "Write --fail-under top1=0.9."
        ) from None


def _check(found: "Evaluation", limits: list[tuple[str, float]]) -> int:
    status = 0
    for metric, least in limits:
        values = {score.source: score.values.get(metric) for score in found.scored.scores}
        if not any(value is not None for value in values.values()):
            known = ", ".join(dict.fromkeys(key for score in found.scored.scores for key in score.values))
            raise SettingsError(f"--fail-under: {metric} was not measured.", f"There are {known}.")
        for source, value in values.items():
            if value is not None and source != "float" and not value.value >= least:
                say(f"Limit missed: {metric} of {source} is {value.value:.6g}, below {least:g}.")
                status = 1
    return status

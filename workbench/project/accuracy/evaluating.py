"""How good a session's network is on a data set: every source's answers, kept as they come, and the figures of them."""

from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from time import perf_counter

import numpy as np

from workbench.evaluate import labels, scoring, truths
from workbench.evaluate.answers import SUFFIX, Answer, read_answers
from workbench.evaluate.detection import Truth
from workbench.evaluate.items import Item, read_items, spread
from workbench.evaluate.reading import CLASSIFICATION, DETECTION, OUTPUTS, SCORE, Reading
from workbench.evaluate.runs import NetworkRuns, Runs
from workbench.evaluate.scoring import Scored
from workbench.evaluate.truths import Boxes
from workbench.foundation.errors import SettingsError
from workbench.foundation.steps import Log, Steps
from workbench.project.accuracy.answering import Answering, Progressing, answered_far, answered_here, far_of
from workbench.project.accuracy.boards_there import BoardThere
from workbench.project.accuracy.sources import FLOAT, Choice, feeding_of, key_of, runs_of, same_names
from workbench.project.digests import file_digest, key_of_values
from workbench.project.holding import held
from workbench.project.prepared import prepared
from workbench.project.session import Session
from workbench.project.workers.executors import Workers
from workbench.sources.board.links import Ask

FOLDER = Path("evaluations")  # in a session: the answers, a file each for all that they depend on
MOST_FILES = 60


@dataclass(frozen=True)
class Wanted:
    """What is measured. `labels` None: the folders' names, or where `by_float`, what float answers is right.

    `first` is what the labels call the first class; `most` images are taken, evenly, 0 for all.
    """

    images: Path
    reading: Reading
    labels: Path | None = None
    names: Path | None = None
    by_float: bool = False
    first: int = 0
    most: int = 0


@dataclass(frozen=True)
class Evaluation:
    """The figures, the images that they are of, and how long each source took for those that it had to compute.

    `sources` are the texts that the sources were given as, by their names.
    """

    wanted: Wanted
    items: tuple[Item, ...]
    scored: Scored
    seconds: Mapping[str, float] = field(default_factory=dict)
    computed: Mapping[str, int] = field(default_factory=dict)
    class_names: tuple[str, ...] = ()
    sources: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Means:
    """Where it is computed: by other processes, of a cluster for instance, where there is a `pool`.

    The toolkit and a board are always asked from here; `ask` answers questions of the board's link.
    """

    pool: Workers | None = None
    ask: Ask | None = None


HERE = Means()


def evaluate(
    session: Session, folder: Path, wanted: Wanted, choices: Sequence[Choice], means: Means = HERE
) -> Steps[Evaluation]:
    """Answer and score. Closing cancels; the answers so far are kept, and a later run goes on from there."""
    _check(wanted, choices)
    with held(folder):
        return (yield from _evaluated(session, folder, wanted, choices, means))


def _evaluated(
    session: Session, folder: Path, wanted: Wanted, choices: Sequence[Choice], means: Means
) -> Steps[Evaluation]:
    inputs = prepared(session.model, session.shapes, session.weights).model.graph.inputs
    every = read_items(wanted.images, len(inputs))
    names = labels.read_names(wanted.names) if wanted.names is not None else ()
    items = spread(every, wanted.most)
    truth = _truths(wanted, every, items, names)
    answers: dict[str, list[Answer]] = {}
    seconds, computed = {}, {}
    for choice in choices:
        begun = perf_counter()
        known, new = yield from _answered(choice, folder, wanted.reading, items, means)
        answers[choice.name] = known
        seconds[choice.name], computed[choice.name] = perf_counter() - begun, new
    _remove_oldest(folder / FOLDER)
    reference = next((choice.name for choice in choices if choice.kind == FLOAT), "")
    scored = yield from _scored(wanted, answers, truth, reference, names)
    names = names or (truth.names if isinstance(truth, Boxes) else ())
    sources = {choice.name: choice.text for choice in choices}
    return Evaluation(wanted, items, scored, seconds, computed, names, sources)


def _check(wanted: Wanted, choices: Sequence[Choice]) -> None:
    if twice := same_names(choices):
        raise SettingsError(f"Two sources are called {twice}.", "Give each a name of its own.")
    if not any(choice.kind == FLOAT for choice in choices) and wanted.by_float:
        raise SettingsError("Float's answers are to be right, and float is not asked.", "Add --with float.")
    if wanted.reading.task == SCORE and wanted.reading.hook is None:
        raise SettingsError("Nothing says what the score is.", "Give a --hook with a function score(outputs, image).")
    if wanted.reading.task == OUTPUTS and wanted.reading.hook is not None:
        raise SettingsError("Likeness to float needs no hook.", "Leave --hook away, or choose another --task.")
    if wanted.labels is None and not wanted.by_float and wanted.reading.task == DETECTION:
        raise SettingsError("It is not known what is on the images.", "Give --labels, or --labels float.")


def _truths(
    wanted: Wanted, every: Sequence[Item], items: Sequence[Item], names: Sequence[str]
) -> list[int] | Boxes | None:
    """What is right for `items`, which are some of the data set's: labels without names stand in the order of all."""
    if wanted.by_float or wanted.reading.task not in (CLASSIFICATION, DETECTION):
        return None
    if wanted.reading.task == CLASSIFICATION:
        classes = labels.read_classes(wanted.labels, every, names, wanted.first)
        known = dict(zip((item.name for item in every), classes, strict=True))
        return [known[item.name] for item in items]
    assert wanted.labels is not None
    return truths.read_boxes(wanted.labels, items)


def _answered(
    choice: Choice, folder: Path, reading: Reading, items: Sequence[Item], means: "Means"
) -> Steps[tuple[list[Answer], int]]:
    """The answers for all items, in their order, and how many had to be computed."""
    path = folder / FOLDER / f"{_key(choice, folder, reading)}{SUFFIX}"
    known = read_answers(path, items)
    if known:
        path.touch()  # the oldest files go
    missing = [item for item in items if item.name not in known]
    if missing:
        yield Log(f"{choice.name}: {len(missing)} of {len(items)} images")
        runs = yield from runs_of(choice, folder, means.ask)
        golden = yield from _golden(choice, folder, reading)
        told = Progressing(choice.name, len(items), len(items) - len(missing))
        feeding = feeding_of(choice)
        if means.pool is not None and isinstance(runs, NetworkRuns | BoardThere):
            far = far_of(feeding, reading, runs, golden, path.parent, path.stem)
            try:
                yield from answered_far(means.pool, far, missing, told, path)
            finally:
                far.remove()
        else:
            with closing(Answering(feeding, runs, golden, reading)) as answering:
                yield from answered_here(answering, missing, told, path)
        known = read_answers(path, items)
    return [known[item.name] for item in items], len(missing)


def _golden(choice: Choice, folder: Path, wanted: Reading) -> Steps[Runs | None]:
    """Float's outputs, where answers are measured against them."""
    if wanted.task != OUTPUTS:
        return None
    return (yield from runs_of(replace(choice, kind=FLOAT), folder))


def _scored(
    wanted: Wanted,
    answers: Mapping[str, Sequence[Answer]],
    truth: list[int] | Boxes | None,
    reference: str,
    names: Sequence[str],
) -> Steps[Scored]:
    task = wanted.reading.task
    if task == CLASSIFICATION:
        assert truth is None or isinstance(truth, list)
        return scoring.score_classes(answers, truth, reference, names)
    if task == DETECTION:
        assert truth is None or isinstance(truth, Boxes)
        known = None if truth is None else _boxes(truth, next(iter(answers.values())))
        return (yield from scoring.score_objects(answers, known, reference))
    low = scoring.LOW_COSINE if task == OUTPUTS else float("-inf")
    return (yield from scoring.score_numbers(answers, "" if task == OUTPUTS else reference, low))


def _boxes(truth: Boxes, answers: Sequence[Answer]) -> list[Truth]:
    found = list(truth.truths.values())
    if truth.ids and any(answer.get("by_id") for answer in answers):
        numbers = np.array(truth.ids, np.int64) - 1
        found = [replace(one, classes=numbers[one.classes]) for one in found]
    if not truth.is_relative:
        return found
    return [truths.in_pixels(one, *answer["size"]) for one, answer in zip(found, answers, strict=True)]


def _key(choice: Choice, folder: Path, reading: Reading) -> str:
    """The hash of what answers depend on."""
    parts = [*key_of(choice, folder), asdict(replace(reading, hook=None))]
    if reading.hook is not None:
        parts.append(file_digest(reading.hook))
    return key_of_values(parts)


def _remove_oldest(folder: Path) -> None:
    """Answers of settings that nobody has asked for in a long time."""
    files = sorted(folder.glob(f"*{SUFFIX}"), key=lambda path: path.stat().st_mtime_ns)
    for path in files[:-MOST_FILES]:
        path.unlink(missing_ok=True)

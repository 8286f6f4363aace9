"""From answers to figures: how good each source is, what it loses against float, and on which images they disagree."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np

from workbench.evaluate import intervals
from workbench.evaluate.answers import Answer
from workbench.evaluate.boxes import Objects
from workbench.evaluate.classification import TOPS, best, hits
from workbench.evaluate.detection import METRICS, MOST, Matches, Truth, disagreement
from workbench.evaluate.intervals import Difference, Value
from workbench.evaluate.reading import objects_of
from workbench.foundation.steps import Progress, Steps

STAGE = "score"
DRAWS = 200  # of the bootstrap of a mean average precision
SURE = 0.3  # the score from which on an object is looked at
LOW_COSINE = 0.99
AGREEMENT = "agreement"
Answers = Mapping[str, Sequence[Answer]]
Figure = TypeVar("Figure", Value, Difference)


@dataclass(frozen=True)
class Score:
    """A source's figures by metric, and what they differ by from float's; `lost` images it gave no answer for."""

    source: str
    values: Mapping[str, Value]
    differences: Mapping[str, Difference] = field(default_factory=dict)
    unanswered: int = 0


@dataclass(frozen=True)
class Disagreement:
    """An image on which a source and float do not agree: what each says, and how much it weighs."""

    source: str
    item: int
    text: str
    weight: float


@dataclass(frozen=True)
class Scored:
    """All figures, and the images on which a source disagrees with float, the gravest first."""

    scores: tuple[Score, ...]
    disagreements: tuple[Disagreement, ...] = ()


def score_classes(answers: Answers, truths: Sequence[int] | None, reference: str, names: Sequence[str]) -> Scored:
    """Top-1 and, where there are more classes than that, top-5; without truths the agreement with `reference`."""
    scores = []
    is_known = truths is not None
    wanted = truths if truths is not None else [best(answer) for answer in answers[reference]]
    most = max((len(answer["classes"]) for own in answers.values() for answer in own), default=0)
    tops = {AGREEMENT: 1} if not is_known else {f"top{top}": top for top in TOPS if top == 1 or most >= top}
    base = {key: hits(answers[reference], wanted, top) for key, top in tops.items()} if reference else {}
    for source, own in answers.items():
        right = {key: hits(own, wanted, top) for key, top in tops.items()}
        differences: dict[str, Difference] = {}
        if reference and source != reference and is_known:
            differences = {key: intervals.difference_of_shares(right[key], base[key]) for key in tops}
        values = {key: intervals.share(int(found.sum()), len(found)) for key, found in right.items()}
        scores.append(Score(source, values, differences, sum(not answer["classes"] for answer in own)))
    return Scored(tuple(scores), _other_classes(answers, truths, reference, names))


def score_objects(answers: Answers, truths: Sequence[Truth] | None, reference: str) -> Steps[Scored]:
    """Mean average precision and recall; without truths the objects that `reference` is sure of are the truth."""
    found = {source: [objects_of(answer) for answer in own] for source, own in answers.items()}
    wanted = truths if truths is not None else [_as_truth(objects) for objects in found[reference]]
    matches = {}
    for source, objects in found.items():
        matches[source] = yield from Matches.of(objects, wanted)
    drawn: dict[str, list[dict[str, float]]] = {source: [] for source in matches}
    for number, images in enumerate(intervals.drawings(len(wanted), DRAWS)):
        yield Progress(STAGE, number, DRAWS)
        for source, matched in matches.items():
            drawn[source].append(matched.measured(images))
    scores = []
    for source, matched in matches.items():
        values, base = matched.measured(), matches[reference].measured() if reference else {}
        samples = {key: np.array([one[key] for one in drawn[source]]) for key in METRICS}
        differences = {}
        if reference and source != reference and truths is not None:
            others = {key: np.array([one[key] for one in drawn[reference]]) for key in METRICS}
            differences = {
                key: intervals.difference(values[key] - base[key], samples[key] - others[key]) for key in METRICS
            }
        whole = {key: intervals.between(values[key], samples[key]) for key in METRICS}
        scores.append(Score(source, _known(whole), _known(differences)))
    return Scored(tuple(scores), _other_objects(found, reference))


def score_numbers(answers: Answers, reference: str, low: float = -np.inf) -> Steps[Scored]:
    """The mean of each number that answers hold, by the bootstrap; images with a number below `low` disagree."""
    scores: list[Score] = []
    disagreements: list[Disagreement] = []
    for source, own in answers.items():
        yield Progress(STAGE, 0, 0, source)
        names = list(dict.fromkeys(name for answer in own for name in answer))
        values: dict[str, Value] = {}
        differences: dict[str, Difference] = {}
        for name in names:
            there = [at for at, answer in enumerate(own) if name in answer]
            numbers = np.array([own[at][name] for at in there], np.float64)
            values[name] = intervals.mean(numbers)
            if reference and source != reference:
                differences |= _paired(own, answers[reference], name)
            disagreements += [
                Disagreement(source, at, f"{name} {number:.5f}", low - number)
                for at, number in zip(there, numbers, strict=True)
                if number < low
            ]
        missing = sum(len(answer) < len(names) for answer in own)
        scores.append(Score(source, values, differences, missing))
    return Scored(tuple(scores), _gravest(disagreements))


def _paired(own: Sequence[Answer], others: Sequence[Answer], name: str) -> dict[str, Difference]:
    pairs = [(one[name], other[name]) for one, other in zip(own, others, strict=True) if name in one and name in other]
    if not pairs:
        return {}
    apart = np.array([one - other for one, other in pairs], np.float64)
    drawn = np.array([apart[images].mean() for images in intervals.drawings(len(apart), intervals.DRAWS)])
    return {name: intervals.difference(float(apart.mean()), drawn)}


def _other_classes(
    answers: Answers, truths: Sequence[int] | None, reference: str, names: Sequence[str]
) -> tuple[Disagreement, ...]:
    """Images whose best class is another one; those that float gets right weigh more."""
    found = []
    for source, own in answers.items():
        if not reference or source == reference:
            continue
        for at, (answer, other) in enumerate(zip(own, answers[reference], strict=True)):
            mine, theirs = best(answer), best(other)
            if mine != theirs:
                text = f"{_called(theirs, names)} → {_called(mine, names)}"
                truth = None if truths is None else truths[at]
                told = "" if truth is None else f", right is {_called(truth, names)}"
                found.append(Disagreement(source, at, text + told, float(1 + (theirs == truth))))
    return _gravest(found)


def _other_objects(found: Mapping[str, Sequence[Objects]], reference: str) -> tuple[Disagreement, ...]:
    others = []
    for source, own in found.items():
        if not reference or source == reference:
            continue
        for at, (one, other) in enumerate(zip(own, found[reference], strict=True)):
            count = disagreement(one, other, SURE)
            if count:
                text = (
                    f"{len(other.surer(SURE).scores)} → {len(one.surer(SURE).scores)} objects, {count} without a match"
                )
                others.append(Disagreement(source, at, text, float(count)))
    return _gravest(others)


def _gravest(found: Sequence[Disagreement]) -> tuple[Disagreement, ...]:
    return tuple(sorted(found, key=lambda one: -one.weight))


def _called(number: int, names: Sequence[str]) -> str:
    if number < 0:
        return "no answer"
    return names[number] if number < len(names) else str(number)


def _as_truth(objects: Objects) -> Truth:
    """As many of a class as are measured at all."""
    sure = objects.surer(SURE)
    most = [sure.only(number, MOST) for number in np.unique(sure.classes)]
    boxes = np.concatenate([np.zeros((0, 4)), *(one.boxes for one in most)])
    return Truth.of(boxes, np.concatenate([np.zeros(0, np.int64), *(one.classes for one in most)]))


def _known(values: Mapping[str, Figure]) -> dict[str, Figure]:
    return {key: value for key, value in values.items() if np.isfinite(value.value)}

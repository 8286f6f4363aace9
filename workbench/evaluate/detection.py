"""Objects: mean average precision and recall as COCO defines them.

Source: cocodataset.org/#detection-eval and its program pycocotools: 10 thresholds of overlap, 101 points of recall, at
most 100 objects a class and image, crowds and objects of other areas neither right nor wrong.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from workbench.evaluate.boxes import Objects, overlaps
from workbench.foundation.steps import Progress, Steps

THRESHOLDS = np.linspace(0.5, 0.95, 10)
RECALLS = np.linspace(0, 1, 101)
MOST = 100
AREAS = {"all": (0.0, 1e10), "small": (0.0, 32.0**2), "medium": (32.0**2, 96.0**2), "large": (96.0**2, 1e10)}
METRICS = ("map", "map50", "map75", "map_small", "map_medium", "map_large", "recall", "recall50")
NEAR_ONE = 1 - 1e-10
A_YIELD = 20  # images
STAGE = "score"
NOTHING = np.full(len(THRESHOLDS), np.nan)


@dataclass(frozen=True)
class Truth:
    """What is on an image: boxes (n, 4: x1 y1 x2 y2) in its pixels, classes, areas in pixels, which are crowds."""

    boxes: np.ndarray
    classes: np.ndarray
    areas: np.ndarray
    crowds: np.ndarray

    @staticmethod
    def of(boxes: np.ndarray, classes: np.ndarray) -> "Truth":
        """Of boxes whose areas are their own, none of them a crowd."""
        sides = (boxes[:, 2:] - boxes[:, :2]).clip(0) if len(boxes) else np.zeros((0, 2))
        return Truth(boxes.reshape(-1, 4), classes, sides.prod(axis=1), np.zeros(len(boxes), np.bool_))


@dataclass(frozen=True)
class _Class:
    """All that was found of one class in one range of areas, the surest first, and how many there are on each image.

    `right` and `ignored` have a row for each threshold.
    """

    images: np.ndarray
    right: np.ndarray
    ignored: np.ndarray
    present: np.ndarray


@dataclass(frozen=True)
class _Image:
    """The objects of one image, which are right and which count neither way (areas x thresholds x objects).

    `present` is how much there is to find (areas x classes).
    """

    own: Objects
    right: np.ndarray
    ignored: np.ndarray
    present: np.ndarray


@dataclass(frozen=True)
class Matches:
    """What was found beside what is there, on every image; made once, then measured for any drawing of the images."""

    count: int
    classes: Mapping[str, tuple[_Class, ...]] = field(default_factory=dict)

    @staticmethod
    def of(found: Sequence[Objects], truths: Sequence[Truth]) -> Steps["Matches"]:
        """Objects and truth of the same images, in the same order."""
        classes = np.unique(np.concatenate([np.zeros(0, np.int64), *(truth.classes for truth in truths)]))
        images = []
        for at, (objects, truth) in enumerate(zip(found, truths, strict=True)):
            if not at % A_YIELD:
                yield Progress(STAGE, at, len(truths))
            images.append(_matched(objects, truth, classes))
        return Matches(len(truths), _by_area(images, classes))

    def measured(self, drawn: np.ndarray | None = None) -> dict[str, float]:
        """The metrics of METRICS, of images drawn by number, some perhaps twice, or of all; NaN of nothing."""
        weights = np.ones(self.count) if drawn is None else np.bincount(drawn, minlength=self.count).astype(np.float64)
        precision, recall = {}, NOTHING
        for name, classes in self.classes.items():
            curves = [found for one in classes if (found := _curves(one, weights)) is not None]
            precision[name] = np.mean([curve[0] for curve in curves], axis=0) if curves else NOTHING
            if name == "all" and curves:
                recall = np.mean([curve[1] for curve in curves], axis=0)
        return {
            "map": float(precision["all"].mean()),
            "map50": float(precision["all"][0]),
            "map75": float(precision["all"][5]),
            **{f"map_{name}": float(precision[name].mean()) for name in ("small", "medium", "large")},
            "recall": float(recall.mean()),
            "recall50": float(recall[0]),
        }


def disagreement(one: Objects, other: Objects, least: float, overlap: float = 0.5) -> int:
    """How many objects surer than `least` only one of two has: no box of the class with such an overlap in the other.

    An object that the other one is a bit less sure of is no disagreement.
    """
    unmatched = _lonely(one.surer(least), other.surer(least / 2), overlap)
    return unmatched + _lonely(other.surer(least), one.surer(least / 2), overlap)


def _lonely(wanted: Objects, others: Objects, overlap: float) -> int:
    if not len(wanted.scores):
        return 0
    same = wanted.classes[:, np.newaxis] == others.classes[np.newaxis]
    near = overlaps(wanted.boxes, others.boxes) >= overlap
    return int(np.count_nonzero(~(same & near).any(axis=1)))


def _by_area(images: Sequence[_Image], classes: np.ndarray) -> dict[str, tuple[_Class, ...]]:
    if not images:
        return dict.fromkeys(AREAS, ())
    numbers = np.concatenate([one.own.classes for one in images])
    scores = np.concatenate([one.own.scores for one in images])
    places = np.concatenate([np.full(len(one.own.scores), at) for at, one in enumerate(images)])
    right = np.concatenate([one.right for one in images], axis=2)
    ignored = np.concatenate([one.ignored for one in images], axis=2)
    present = np.stack([one.present for one in images], axis=2)
    found: dict[str, list[_Class]] = {area: [] for area in AREAS}
    for column, number in enumerate(classes):
        own = np.flatnonzero(numbers == number)
        own = own[np.argsort(-scores[own], kind="mergesort")]
        for at, area in enumerate(AREAS):
            hits = np.flatnonzero(right[at][:, own].any(axis=0))
            kept = own[: hits[-1] + 1] if len(hits) else own[:0]  # wrong ones behind the last right one cost nothing
            found[area].append(_Class(places[kept], right[at][:, kept], ignored[at][:, kept], present[at, column]))
    return {area: tuple(one) for area, one in found.items()}


def _matched(objects: Objects, truth: Truth, classes: np.ndarray) -> _Image:
    """What of an image's objects is right; those of classes that are on no image do not count."""
    own = _most(objects.at(np.isin(objects.classes, classes)))
    sides = (own.boxes[:, 2:] - own.boxes[:, :2]).prod(axis=1)
    outside = np.stack([(sides < low) | (sides > high) for low, high in AREAS.values()])
    ignored = np.repeat(outside[:, np.newaxis], len(THRESHOLDS), axis=1)
    right = np.zeros_like(ignored)
    present = np.zeros((len(AREAS), len(classes)))
    for number in np.unique(truth.classes):
        column = int(np.searchsorted(classes, number))
        which, there = np.flatnonzero(own.classes == number), np.flatnonzero(truth.classes == number)
        over = overlaps(own.boxes[which], truth.boxes[there], truth.crowds[there])
        for at, (low, high) in enumerate(AREAS.values()):
            passed = truth.crowds[there] | (truth.areas[there] < low) | (truth.areas[there] > high)
            present[at, column] = np.count_nonzero(~passed)
            hit, missed = _assigned(over, truth.crowds[there], passed, ignored[at][:, which])
            right[at][:, which], ignored[at][:, which] = hit, missed
    return _Image(own, right, ignored, present)


def _most(objects: Objects) -> Objects:
    """The surest of each class first, at most MOST."""
    ordered = objects.at(np.argsort(-objects.scores, kind="mergesort"))
    numbers, counts = np.unique(ordered.classes, return_counts=True)
    kept = np.ones(len(ordered.scores), np.bool_)
    for number in numbers[counts > MOST]:
        kept[np.flatnonzero(ordered.classes == number)[MOST:]] = False
    return ordered.at(kept)


def _assigned(
    over: np.ndarray, crowds: np.ndarray, passed: np.ndarray, ignored: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Which objects are right and which count neither way, a row for each threshold; `passed` are boxes that do not."""
    order = np.argsort(passed, kind="mergesort")  # what counts comes first
    over, crowds, passed = over[:, order], crowds[order], passed[order]
    right, ignored = np.zeros_like(ignored), ignored.copy()
    greatest = over.max(axis=1, initial=0.0)
    for row, threshold in enumerate(np.minimum(THRESHOLDS, NEAR_ONE)):
        taken = np.zeros(len(passed), np.bool_)
        for number in np.flatnonzero(greatest >= threshold):
            match = _best(over[number], taken, crowds, passed, threshold)
            if match >= 0:
                taken[match] = True
                right[row, number], ignored[row, number] = not passed[match], passed[match]
    return right, ignored


def _best(over: np.ndarray, taken: np.ndarray, crowds: np.ndarray, passed: np.ndarray, least: float) -> int:
    """The box of greatest overlap that is free (a crowd always is); those that count before the others; -1 for none.

    Of equal overlaps the last one, as in COCO's own program.
    """
    for group in (~passed, passed):
        fits = group & (crowds | ~taken) & (over >= least)
        if fits.any():
            values = np.where(fits, over, -1.0)
            return int(len(values) - 1 - np.argmax(values[::-1]))
    return -1


def _curves(one: _Class, weights: np.ndarray) -> tuple[np.ndarray, np.ndarray] | None:
    """Average precision and greatest recall at each threshold; None where nothing of the class is to be found."""
    present = float((one.present * weights).sum())
    if not present:
        return None
    weight = weights[one.images]
    right = np.cumsum(one.right * weight, axis=1)
    wrong = np.cumsum((~one.right & ~one.ignored) * weight, axis=1)
    if not right.shape[1]:
        return np.zeros(len(THRESHOLDS)), np.zeros(len(THRESHOLDS))
    recall, precision = right / present, right / np.maximum(right + wrong, np.spacing(1))
    precision = np.maximum.accumulate(precision[:, ::-1], axis=1)[:, ::-1]  # never less at a lower recall
    averages = np.zeros(len(THRESHOLDS))
    for row in range(len(THRESHOLDS)):
        places = np.searchsorted(recall[row], RECALLS, side="left")
        reached = places[places < precision.shape[1]]
        averages[row] = precision[row, reached].sum() / len(RECALLS)
    return averages, recall[:, -1]

"""Mean average precision: cases small enough to be counted by hand, and COCO's own program where it is installed."""

import contextlib
import io
import math
import warnings
from typing import Any

import numpy as np
import pytest

from workbench.evaluate.boxes import Objects, overlaps, sorted_out
from workbench.evaluate.detection import Matches, Truth, disagreement
from workbench.foundation.steps import drain

BOX = [10.0, 10.0, 60.0, 60.0]
FAR = [200.0, 200.0, 260.0, 260.0]


def objects(*rows: tuple[list[float], float, int]) -> Objects:
    boxes = np.array([row[0] for row in rows], np.float64).reshape(-1, 4)
    return Objects(boxes, np.array([row[1] for row in rows]), np.array([row[2] for row in rows], np.int64))


def truth(*rows: tuple[list[float], int]) -> Truth:
    boxes = np.array([row[0] for row in rows], np.float64).reshape(-1, 4)
    return Truth.of(boxes, np.array([row[1] for row in rows], np.int64))


def measured(found: list[Objects], truths: list[Truth]) -> dict[str, float]:
    return drain(Matches.of(found, truths)).measured()


def test_that_all_found_and_nothing_else_is_one() -> None:
    found = measured([objects((BOX, 0.9, 0), (FAR, 0.8, 1))], [truth((BOX, 0), (FAR, 1))])
    assert found["map"] == found["map50"] == found["recall"] == 1


def test_that_nothing_found_is_zero_and_nothing_there_is_no_number() -> None:
    assert measured([Objects.none()], [truth((BOX, 0))])["map"] == 0
    assert math.isnan(measured([objects((BOX, 0.9, 0))], [truth()])["map"])


def test_that_a_surer_box_of_nothing_halves_the_precision() -> None:
    """One right after one wrong: the precision is 1/2 at every recall."""
    assert measured([objects((FAR, 0.9, 0), (BOX, 0.8, 0))], [truth((BOX, 0))])["map50"] == pytest.approx(0.5)


def test_that_half_of_the_objects_reach_51_of_101_points() -> None:
    assert measured([objects((BOX, 0.9, 0))], [truth((BOX, 0), (FAR, 0))])["map50"] == pytest.approx(51 / 101)


def test_that_the_overlap_decides_at_how_many_thresholds_it_counts() -> None:
    """50 x 50 beside one moved by 10: overlap 40·50 / (2·2500 - 2000) = 2/3, so 4 of 10 thresholds."""
    moved = [20.0, 10.0, 70.0, 60.0]
    found = measured([objects((moved, 0.9, 0))], [truth((BOX, 0))])
    assert (found["map"], found["map50"], found["map75"]) == (pytest.approx(0.4), 1, 0)


def test_that_a_second_box_on_the_same_object_is_wrong() -> None:
    """Right, wrong (twice the same), right: precision 1 up to a recall of 1/2, then 2/3."""
    found = measured([objects((BOX, 0.9, 0), (BOX, 0.8, 0), (FAR, 0.7, 0))], [truth((BOX, 0), (FAR, 0))])
    assert found["map50"] == pytest.approx((51 + 50 * 2 / 3) / 101)


def test_that_a_crowd_is_neither_right_nor_wrong() -> None:
    crowd = Truth(np.array([BOX, FAR]), np.zeros(2, np.int64), np.array([2500.0, 3600.0]), np.array([False, True]))
    inside = [210.0, 210.0, 220.0, 220.0]
    found = measured([objects((inside, 0.95, 0), (inside, 0.94, 0), (BOX, 0.9, 0))], [crowd])
    assert found["map"] == 1


def test_that_areas_are_measured_by_themselves() -> None:
    small = [0.0, 0.0, 20.0, 20.0]
    found = measured([objects((BOX, 0.9, 0))], [truth((BOX, 0), (small, 0))])
    assert found["map_medium"] == 1
    assert found["map_small"] == 0
    assert math.isnan(found["map_large"])


def test_that_drawing_every_image_once_changes_nothing() -> None:
    found, truths = random_images(12)
    matches = drain(Matches.of(found, truths))
    assert matches.measured(np.arange(12)) == matches.measured()


def test_that_an_image_drawn_twice_counts_as_two_images() -> None:
    found, truths = random_images(4)
    drawn = np.array([0, 0, 1, 3])
    copies = measured([found[at] for at in drawn], [truths[at] for at in drawn])
    own = drain(Matches.of(found, truths)).measured(drawn)
    assert own["recall"] == pytest.approx(copies["recall"])
    assert own["map"] == pytest.approx(copies["map"], abs=0.02)


def test_that_it_is_what_cocos_own_program_gives() -> None:
    """Random objects, crowds, areas of all sizes, classes that are only there or only found, more than 100 boxes."""
    for seed in range(6):
        found, truths = random_images(25, seed)
        expected = coco(found, truths)
        own = measured(found, truths)
        for key, value in expected.items():
            assert own[key] == pytest.approx(value, abs=1e-9), (seed, key)


def test_that_a_box_a_bit_less_sure_is_no_disagreement() -> None:
    assert disagreement(objects((BOX, 0.31, 0)), objects((BOX, 0.29, 0)), 0.3) == 0
    assert disagreement(objects((BOX, 0.9, 0)), objects((BOX, 0.9, 1)), 0.3) == 2
    assert disagreement(objects((BOX, 0.9, 0), (FAR, 0.9, 0)), objects((BOX, 0.9, 0)), 0.3) == 1


def test_that_of_boxes_about_one_object_the_surest_stays() -> None:
    near = [12.0, 12.0, 62.0, 62.0]
    found = sorted_out(objects((near, 0.5, 0), (BOX, 0.9, 0), (near, 0.4, 1), (FAR, 0.3, 0)), 0.5)
    assert found.scores.tolist() == [0.9, 0.4, 0.3]


def test_that_a_box_without_area_overlaps_nothing() -> None:
    empty = np.array([[5.0, 5.0, 5.0, 5.0]])
    assert overlaps(empty, empty)[0, 0] == 0


def random_images(count: int, seed: int = 0) -> tuple[list[Objects], list[Truth]]:
    """Objects of five classes, of which the fifth is never there; boxes near them, and boxes about nothing."""
    random = np.random.default_rng(seed)
    found, truths = [], []
    for at in range(count):
        there = random.integers(0, 9)
        boxes, classes = random_boxes(random, there), random.integers(0, 4, there)
        sides = boxes[:, 2:] - boxes[:, :2]
        crowds = random.random(there) < 0.1
        truths.append(Truth(boxes, classes, sides.prod(axis=1) * random.uniform(0.4, 1, there), crowds))
        near = np.repeat(boxes, 3, axis=0)
        shifts = random.normal(0, 0.08, near.shape) * np.tile(np.repeat(sides, 3, axis=0), 2)
        others = random_boxes(random, 130 if at == 0 else 12)
        all_boxes = np.concatenate((near + shifts, others))
        wrong = random.random(len(near)) < 0.2
        own = np.where(wrong, 4, np.repeat(classes, 3)) if there else np.zeros(0, np.int64)
        all_classes = np.concatenate((own, np.zeros(len(others)) if at == 0 else random.integers(0, 5, len(others))))
        all_boxes[:, 2:] = np.maximum(all_boxes[:, 2:], all_boxes[:, :2] + 1)
        scores = np.round(random.random(len(all_boxes)), 2)  # some are equal
        found.append(Objects(all_boxes, scores, all_classes.astype(np.int64)))
    return found, truths


def random_boxes(random: np.random.Generator, count: int) -> np.ndarray:
    corner, side = random.uniform(0, 400, (count, 2)), np.exp(random.uniform(np.log(8), np.log(240), (count, 2)))
    return np.concatenate((corner, corner + side), axis=1)


def coco(found: list[Objects], truths: list[Truth]) -> dict[str, float]:
    """The same by pycocotools."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        api = pytest.importorskip("pycocotools.coco")
        evaluation = pytest.importorskip("pycocotools.cocoeval")
    annotations, results = [], []
    for image, (objects_, own) in enumerate(zip(found, truths, strict=True)):
        for row in range(len(own.boxes)):
            x1, y1, x2, y2 = own.boxes[row]
            crowd = int(own.crowds[row])
            annotation: dict[str, Any] = {"bbox": [x1, y1, x2 - x1, y2 - y1], "area": own.areas[row], "iscrowd": crowd}
            annotations.append(
                {**annotation, "id": len(annotations) + 1, "image_id": image, "category_id": int(own.classes[row])}
            )
        for box, score, number in zip(objects_.boxes, objects_.scores, objects_.classes, strict=True):
            x1, y1, x2, y2 = box
            results.append(
                {"image_id": image, "category_id": int(number), "bbox": [x1, y1, x2 - x1, y2 - y1], "score": score}
            )
    known = api.COCO()
    images = [{"id": image} for image in range(len(truths))]
    known.dataset = {"images": images, "annotations": annotations, "categories": [{"id": at} for at in range(5)]}
    with contextlib.redirect_stdout(io.StringIO()):
        known.createIndex()
        run = evaluation.COCOeval(known, known.loadRes(results), "bbox")
        run.evaluate()
        run.accumulate()
        run.summarize()
    names = ("map", "map50", "map75", "map_small", "map_medium", "map_large")
    return {**dict(zip(names, run.stats[:6], strict=True)), "recall": run.stats[8]}

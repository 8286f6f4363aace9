"""Figures from answers: what counts as right, what is compared with what, and which images are named."""

from typing import Any

import numpy as np
import pytest

from workbench.evaluate.classification import class_output, ranked
from workbench.evaluate.detection import Truth
from workbench.evaluate.reading import likeness
from workbench.evaluate.scoring import score_classes, score_numbers, score_objects
from workbench.foundation.errors import DatasetError
from workbench.foundation.steps import drain


def classes(*rows: list[int]) -> list[dict[str, Any]]:
    return [{"classes": row, "scores": []} for row in rows]


def boxes(*rows: list[float]) -> dict[str, Any]:
    return {
        "boxes": [row[:4] for row in rows],
        "scores": [row[4] for row in rows],
        "classes": [int(row[5]) for row in rows],
        "size": [100, 100],
    }


def test_that_the_best_class_is_the_first_of_equal_ones() -> None:
    assert ranked(np.array([[0.1, 0.5, 0.5, 0.2, 0.0, -1.0]]))["classes"] == [1, 2, 3, 0, 4]


def test_that_a_score_that_is_no_number_is_no_answer() -> None:
    answers = {"float": classes([1]), "simulator": [ranked(np.array([np.nan, 1.0]))]}
    scored = score_classes(answers, [1], "float", ())
    assert scored.scores[1].values["top1"].value == 0
    assert scored.scores[1].unanswered == 1
    assert "no answer" in scored.disagreements[0].text


def test_that_top_1_and_top_5_are_measured_against_the_truth_and_float() -> None:
    answers = {
        "float": classes([1, 2, 3, 4, 5], [2, 1, 3, 4, 5], [3, 1, 2, 4, 5]),
        "simulator": classes([1, 2, 3, 4, 5], [1, 2, 3, 4, 5], [4, 1, 2, 3, 5]),
    }
    scored = score_classes(answers, [1, 2, 0], "float", ("a", "b", "c", "d", "e"))
    base, other = scored.scores
    assert (base.values["top1"].value, other.values["top1"].value) == (pytest.approx(2 / 3), pytest.approx(1 / 3))
    assert base.values["top5"].value == other.values["top5"].value == pytest.approx(2 / 3)
    found = other.differences["top1"]
    assert (found.value, found.lost, found.won) == (pytest.approx(-1 / 3), 1, 0)
    assert [one.item for one in scored.disagreements] == [1, 2]
    assert scored.disagreements[0].text == "c → b, right is c"


def test_that_without_truth_floats_answer_is_the_right_one() -> None:
    answers = {"float": classes([1], [2]), "simulator": classes([1], [3])}
    scored = score_classes(answers, None, "float", ())
    assert scored.scores[1].values["agreement"].value == 0.5
    assert scored.scores[0].values["agreement"].value == 1


def test_that_objects_have_their_figures_intervals_and_differences() -> None:
    there = Truth.of(np.array([[10.0, 10, 50, 50]]), np.array([0]))
    right, wrong = boxes([10, 10, 50, 50, 0.9, 0]), boxes([60, 60, 90, 90, 0.9, 0])
    answers = {"float": [right] * 10, "simulator": [right] * 7 + [wrong] * 3}
    scored = drain(score_objects(answers, [there] * 10, "float"))
    base, other = scored.scores
    assert base.values["map"].value == 1
    assert other.values["recall"].value == pytest.approx(0.7)
    assert other.values["recall"].low < 0.7 < other.values["recall"].high
    assert other.differences["map"].value < 0
    assert other.differences["map"].chance < 0.1
    assert "map_small" not in other.values, "there are no small objects"
    assert [one.item for one in scored.disagreements] == [7, 8, 9]


def test_that_objects_of_float_are_the_truth_where_there_is_none() -> None:
    sure, unsure = boxes([10, 10, 50, 50, 0.9, 0]), boxes([10, 10, 50, 50, 0.1, 0])
    scored = drain(score_objects({"float": [sure, unsure], "simulator": [sure, sure]}, None, "float"))
    assert scored.scores[0].values["map50"].value == 1
    assert scored.scores[1].values["recall50"].value == 1


def test_that_numbers_have_means_and_low_ones_are_named() -> None:
    answers = {"float": [{"y": 1.0}] * 4, "simulator": [{"y": 1.0}, {"y": 0.9}, {"y": 1.0}, {}]}
    scored = drain(score_numbers(answers, "", 0.99))
    assert scored.scores[1].values["y"].value == pytest.approx(2.9 / 3)
    assert scored.scores[1].unanswered == 1
    assert [(one.source, one.item) for one in scored.disagreements] == [("simulator", 1)]


def test_that_likeness_is_the_cosine_and_absent_where_there_is_none() -> None:
    golden = {"a": np.array([[3.0, 4.0]], np.float32), "b": np.zeros((1, 2), np.float32)}
    other = {"a": np.array([[4.0, 3.0]], np.float32), "b": np.ones((1, 2), np.float32)}
    assert likeness(other, golden) == {"a": pytest.approx(24 / 25)}


def test_that_the_output_of_the_classes_is_found_or_asked_for() -> None:
    outputs = {"scores": np.zeros((1, 10)), "map": np.zeros((1, 4, 8))}
    assert class_output(outputs) == "scores"
    with pytest.raises(DatasetError, match="not clear"):
        class_output({**outputs, "others": np.zeros((1, 7, 1, 1))})
    with pytest.raises(DatasetError, match="no output 'x'"):
        class_output(outputs, "x")

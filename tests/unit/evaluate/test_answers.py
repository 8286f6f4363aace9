"""Answers on disk: what a killed run has left is used, what it began to write is not."""

import os
from pathlib import Path

from workbench.evaluate.answers import add_answers, read_answers
from workbench.evaluate.items import Item
from workbench.preprocess.dataset import Sample


def items(tmp_path: Path, count: int) -> list[Item]:
    paths = [tmp_path / f"{at}.png" for at in range(count)]
    for path in paths:
        path.write_bytes(b"picture")
    return [Item(path.name, Sample((path,))) for path in paths]


def test_that_answers_come_back_by_name(tmp_path: Path) -> None:
    known, path = items(tmp_path, 3), tmp_path / "a" / "answers.jsonl"
    add_answers(path, [(known[0], {"classes": [1]})])
    add_answers(path, [(known[2], {"classes": [2]})])
    assert read_answers(path, known) == {"0.png": {"classes": [1]}, "2.png": {"classes": [2]}}


def test_that_a_line_that_was_begun_is_left_out_and_written_over(tmp_path: Path) -> None:
    known, path = items(tmp_path, 3), tmp_path / "answers.jsonl"
    add_answers(path, [(item, {"classes": [1]}) for item in known[:2]])
    path.write_bytes(path.read_bytes()[:-9])
    assert list(read_answers(path, known)) == ["0.png"]
    add_answers(path, [(known[1], {"classes": [5]}), (known[2], {"classes": [6]})])
    found = read_answers(path, known)
    assert {name: answer["classes"] for name, answer in found.items()} == {"0.png": [1], "1.png": [5], "2.png": [6]}


def test_that_an_image_that_changed_is_asked_again(tmp_path: Path) -> None:
    known, path = items(tmp_path, 2), tmp_path / "answers.jsonl"
    add_answers(path, [(item, {}) for item in known])
    os.utime(known[0].sample.files[0], ns=(1, 1))
    assert list(read_answers(path, known)) == ["1.png"]


def test_that_what_is_no_answer_is_left_out(tmp_path: Path) -> None:
    known, path = items(tmp_path, 1), tmp_path / "answers.jsonl"
    path.write_text('[1, 2]\n{"x": 1}\n["0.png", "stamp", 3]\nnull\n\n', encoding="utf-8")
    assert read_answers(path, known) == {}
    path.write_bytes(b"\xff\xfe\x00")
    assert read_answers(path, known) == {}

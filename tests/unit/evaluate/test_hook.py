"""A user's hook: its answers, and every way in which it can fail, told in a sentence."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from workbench.evaluate.feeding import Placed
from workbench.evaluate.hook import Hook, HookError
from workbench.evaluate.items import Item
from workbench.evaluate.reading import CLASSIFICATION, DETECTION, SCORE
from workbench.foundation.steps import drain
from workbench.preprocess.dataset import Sample

OUTPUTS = {"y": np.array([[0.25, 0.5, 0.125]], np.float32), "n": np.array([7], np.int64)}
ITEM = Item("a.png", Sample((Path("a.png"),)))
PLACED = Placed(200, 100, (0.5, 0.5))


@pytest.fixture
def hooks(tmp_path: Path) -> Iterator[list[Hook]]:
    made: list[Hook] = []
    yield made
    for hook in made:
        hook.close()


def asked(hooks: list[Hook], tmp_path: Path, task: str, text: str, **further: Any) -> dict[str, Any]:
    path = tmp_path / "hook.py"
    path.write_text(text, encoding="utf-8")
    hooks.append(Hook(path, task, **further))
    return drain(hooks[-1].answer(OUTPUTS, ITEM, PLACED))


def test_that_classes_are_numbers_the_best_first(hooks: list[Hook], tmp_path: Path) -> None:
    text = "def classes(outputs, image):\n    print('hello')\n    return outputs['y'][0].argsort()[::-1]\n"
    assert asked(hooks, tmp_path, CLASSIFICATION, text)["classes"] == [1, 0, 2]


def test_that_objects_come_back_in_the_pictures_pixels(hooks: list[Hook], tmp_path: Path) -> None:
    text = "def objects(outputs, image):\n    return [[10, 10, 20, 30, 0.5, outputs['n'][0]]]\n"
    found = asked(hooks, tmp_path, DETECTION, text)
    assert found["boxes"] == [[20, 20, 40, 60]]
    assert (found["scores"], found["classes"], found["size"]) == ([0.5], [7], [200, 100])
    assert asked(hooks, tmp_path, DETECTION, "def objects(outputs, image):\n    return []\n")["boxes"] == []


def test_that_a_score_is_a_number_or_some(hooks: list[Hook], tmp_path: Path) -> None:
    text = "def score(outputs, image):\n    return outputs['y'].max()\n"
    assert asked(hooks, tmp_path, SCORE, text) == {"score": 0.5}
    text = "def score(outputs, image):\n    return {'width': image['width'], 'bad': float('nan')}\n"
    assert asked(hooks, tmp_path, SCORE, text) == {"width": 200}


def test_that_a_hook_may_import_what_lies_beside_it_and_keeps_its_state(hooks: list[Hook], tmp_path: Path) -> None:
    (tmp_path / "beside.py").write_text("start = 40\n", encoding="utf-8")
    text = "import beside\nn = beside.start\ndef score(outputs, image):\n    global n\n    n += 1\n    return n\n"
    assert asked(hooks, tmp_path, SCORE, text) == {"score": 41}
    assert drain(hooks[-1].answer(OUTPUTS, ITEM, None)) == {"score": 42}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("def score(outputs, image):\n    return 1 / 0\n", r"failed on a\.png: ZeroDivisionError"),
        ("def other(outputs, image):\n    pass\n", r"has no function score"),
        ("def score(:\n", r"SyntaxError"),
        ("def score(outputs, image):\n    return 'x'\n", r"what is no answer"),
        ("import os\ndef score(outputs, image):\n    os._exit(3)\n", r"ended"),
        ("def score(outputs, image):\n    exit(3)\n", r"SystemExit"),
    ],
)
def test_that_a_hook_that_fails_is_told_in_a_sentence(hooks: list[Hook], tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(HookError, match=says):
        asked(hooks, tmp_path, SCORE, text)


def test_that_a_hook_that_hangs_is_ended(tmp_path: Path, hooks: list[Hook]) -> None:
    text = "import time\ndef score(outputs, image):\n    time.sleep(100)\n"
    with pytest.raises(HookError, match="said nothing for 1 seconds"):
        asked(hooks, tmp_path, SCORE, text, patience=1.0)


def test_that_the_standalone_program_asks_for_an_interpreter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workbench.evaluate.hook.with_module", lambda name: None)

    with pytest.raises(HookError) as told:
        Hook(tmp_path / "hook.py", SCORE)

    assert "--hook-python" in told.value.hint


def test_that_an_interpreter_that_is_not_there_is_named(tmp_path: Path) -> None:
    with (
        closing(Hook(tmp_path / "hook.py", SCORE, "/nowhere/python")) as hook,
        pytest.raises(HookError, match="nowhere"),
    ):
        drain(hook.answer(OUTPUTS, ITEM, None))

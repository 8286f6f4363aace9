"""What lies in a session's folder and among the user's settings besides the session itself."""

import fcntl
import json
import os
import platform
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from workbench.evaluate.items import read_items
from workbench.foundation.abrupt import crashes_before
from workbench.foundation.errors import WorkbenchError
from workbench.foundation.settings import SETTINGS_VARIABLE, load_settings, remember
from workbench.project.accuracy.document import FILE as EVALUATION
from workbench.project.accuracy.opening import opened
from workbench.project.findings.standing import STEPS, TITLE, applied_fixes, history
from workbench.project.holding import FILE as LOCK
from workbench.project.holding import held
from workbench.project.session import Session
from workbench.sources.board.descriptions import Board, described_boards
from workbench.sources.board.trust import FILE as AGREED
from workbench.sources.board.trust import is_agreed
from workbench.sources.toolkit.descriptions import described as described_toolkits
from workbench.ui.reading_accuracy import read_figures

SETTINGS = {
    "recent": ["/a/b.onnx"], "theme": "dark", "language": "zh_CN", "text_size": 125, "filters": ["cos<0.9"],
}  # fmt: skip
platform.platform()  # asks the system with a program, once
CRASH = "rknn-workbench analyze\nsaid\nFatal Python error: Segmentation fault\n\nThread 0x1 (most recent call first):\n"


def settings(folder: Path) -> None:
    """The user's choices, agreed commands, boards, toolkits, and what a crashed process has left."""
    (folder / "settings.json").write_text(json.dumps(SETTINGS))
    (folder / AGREED).write_text(json.dumps(["0" * 64]))
    for name, text in (
        ("boards/a.toml", 'name = "a"\nlink = "local"\n'), ("toolkits/b.toml", 'name = "b"\npython = "/none"\n'),
        ("crashes/running-1-0.txt", CRASH),
    ):  # fmt: skip
        (folder / name).parent.mkdir()
        (folder / name).write_text(text)


def read_settings(folder: Path) -> None:
    """As the program does when it starts."""
    os.environ[SETTINGS_VARIABLE] = str(folder)
    assert load_settings().text_size is not None
    is_agreed(Board("a", "local"), "true")
    for read in (described_boards, described_toolkits, crashes_before):
        with suppress(WorkbenchError):
            read()
    remember(folder / "net.onnx")
    assert load_settings().recent[0] == str(folder / "net.onnx")


def beside_a_session(folder: Path) -> None:
    """Whose session it is, its last evaluation, the fixes that were applied to it."""
    (folder / LOCK).write_text(json.dumps({"process": 1, "parent": 0, "host": "elsewhere"}))
    (folder / STEPS / "001").mkdir(parents=True)
    (folder / STEPS / "001" / TITLE).write_text(json.dumps({"text": "did", "fields": ["quant"]}))
    figure = {"value": 0.5, "low": 0.4, "high": 0.6}
    source = {
        "source": "simulator", "with": "simulator", "values": {"top1": figure}, "unanswered": 0, "seconds": 0.1,
        "difference": {"top1": {**figure, "chance": 0.1, "lost": 1, "won": 2}}, "computed": 2,
    }  # fmt: skip
    document = {
        "schema": 1, "task": "classification", "images": 2, "dataset": "pictures", "labels": "",
        "options": {"names": "", "first": 0}, "sources": [source],
        "disagreements": [{"source": "simulator", "image": "a.png", "text": "cat", "weight": 1.0}],
    }  # fmt: skip
    (folder / EVALUATION).write_text(json.dumps(document))


def read_beside(folder: Path) -> None:
    """As another window and the accuracy page do."""
    _told(lambda: read_figures(folder))
    _told(lambda: (applied_fixes(folder), history(folder)))
    _told(lambda: opened(Session(folder / "none.onnx"), folder, "a.png", folder / "new"))
    _told(lambda: read_items(folder / "pictures", 1))
    with (folder / LOCK).open("rb") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        _told(lambda: _hold(folder))


def _hold(folder: Path) -> None:
    with held(folder):
        pass


def _told(reading: Callable[[], object]) -> None:
    with suppress(WorkbenchError):
        reading()

"""What the doctor of boards says, in a Chinese window."""

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.unit.sources.board.test_doctor import GOOD
from workbench.sources.board.advice import advice
from workbench.sources.board.checks import findings
from workbench.sources.board.probe import Folder, Probe
from workbench.sources.board.times import LayerTime, Times
from workbench.ui.models import spoken as speech
from workbench.ui.models.spoken import spoken

CHINESE = re.compile("[\u4e00-\u9fff]")
FULL = Folder("/d/中 文", False, False, "/", 5)
BARE = Folder("/d", True, True, "/", 1 << 40)


@pytest.fixture(autouse=True)
def chinese() -> Iterator[None]:
    speech.use("zh_CN")
    yield
    speech.use("en")


def test_that_every_finding_is_told_in_chinese() -> None:
    sections = {
        "user": ("1000", "u"), "memory": ("MemAvailable: 9 kB",), "variables": ("RKNN_LOG_LEVEL=5", "NN_LAYER_DUMP=1"),
        "login": ("export RKNN_DUMP_QUANT=1",),
    }  # fmt: skip
    boards = (
        replace(GOOD, described_chip="rk3566", probe=Probe(sections), driver="0.7.0", servers={}, libraries={}),
        replace(GOOD, driver="0.9.0", libraries={"/a": "1.0.0", "/b": "1.1.0"}, dumps=FULL, place=FULL),
        replace(GOOD, chip="rv1106", driver="", servers={"/c": "1.2.0"}, dumps=BARE, place=None),
        replace(GOOD, chip="", toolkit="1.0.0", link_kind="adb", probe=Probe({"python": ("3.9",)})),
        replace(
            GOOD, toolkit="2.0.0", link_kind="adb", probe=Probe({"python": ("3.9",), "devices": ("x",)}), driver=""
        ),
    )
    told = [finding.title for board in boards for finding in findings(board)]

    assert len(told) > 20
    assert [text for text in told if not CHINESE.search(spoken(text).replace("中 文", ""))] == []


def test_that_advice_about_times_is_told_in_chinese() -> None:
    layers = (LayerTime(1, "Resize", "/up/Resize", 900, "CPU"), LayerTime(2, "Conv", "c", 100, "NPU"))
    told = advice(Times(layers, {"inputs_set": 900.0, "run": 100.0, "outputs_get": 900.0}))

    assert len(told) == 3
    assert all(CHINESE.search(spoken(text)) for text in told)
    assert spoken(told[2]).startswith("CPU 上的层耗时 1 ms 中的 0.9 ms：/up/Resize。")

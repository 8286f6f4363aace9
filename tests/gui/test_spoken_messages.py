"""What the core says is told in the language of the window."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.helpers.waiting import LONG
from workbench.foundation.steps import Warn
from workbench.ui import translate
from workbench.ui.main_window import MainWindow
from workbench.ui.messages import Messages


@pytest.fixture
def chinese(qapp: QApplication) -> Iterator[None]:
    translate.install(qapp, "zh_CN")
    yield
    translate.install(qapp, "en")


def test_that_a_broken_network_is_refused_in_chinese(
    chinese: None, window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    (broken := tmp_path / "broken.onnx").write_bytes(b"\x00not a network")
    window.opener.open(broken)
    qtbot.waitUntil(lambda: bool(window.messages.entries), timeout=LONG)
    (message,) = window.messages.entries
    assert "broken.onnx" in message.text
    assert message.text.endswith("已损坏或不完整：无法作为 ONNX 读取。")
    assert message.hint == "请重新下载或导出。"


def test_that_a_warning_of_a_job_is_told_in_chinese_once(chinese: None) -> None:
    messages = Messages()
    for _ in range(2):
        messages.hear(Warn("x holds NaN or infinities for the calibration set; it stays in float."))
    assert [entry.text for entry in messages.entries] == ["x 在校准数据集上含有 NaN 或无穷值；该张量保持浮点。"]


def test_that_another_language_is_spoken_after_a_switch(chinese: None, qapp: QApplication) -> None:
    messages = Messages()
    translate.install(qapp, "en")
    messages.warn("Golden is all zero.")
    assert messages.entries[0].text == "Golden is all zero."

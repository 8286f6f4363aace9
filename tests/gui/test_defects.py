"""What escapes all else, in the window."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from tests.helpers.waiting import LONG
from workbench.foundation.crashes import crashes_folder
from workbench.ui.child import Child, EndedError
from workbench.ui.defects import telling_of_threads
from workbench.ui.main_window import MainWindow
from workbench.ui.messages import Messages
from workbench.ui.views import crash_dialog
from workbench.ui.views.crash_dialog import CrashDialog

CRASHED = """
import os
from workbench.foundation.abrupt import watched
with watched("the window: rknn-workbench"):
    os.abort()
"""


@pytest.fixture
def child() -> Iterator[Child]:
    """A process of its own."""
    result = Child()
    yield result
    result.close()


def shown(window: MainWindow, qtbot: QtBot) -> CrashDialog:
    """The report that the message bar leads to."""
    window.message_bar.report_button.click()
    qtbot.waitUntil(lambda: bool(window.findChildren(CrashDialog)), timeout=LONG)
    return window.findChildren(CrashDialog)[0]


def test_that_a_defect_leads_to_its_report(window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[Path] = []
    monkeypatch.setattr(crash_dialog, "show_folder", opened.append)
    window.messages.inform("said before")
    window.messages.fail(KeyError("lost"))
    assert window.message_bar.report_button.isVisible()
    dialog = shown(window, qtbot)
    assert "KeyError: 'lost'" in dialog.text.toPlainText()
    assert "said before" in dialog.text.toPlainText()
    dialog.copy_button.click()
    assert QGuiApplication.clipboard().text() == dialog.text.toPlainText()
    dialog.folder_button.click()
    assert [path.parent for path in opened] == [crashes_folder()]
    dialog.close()


def test_that_a_defect_without_room_for_a_report_is_told_all_the_same(user_settings_folder: Path) -> None:
    user_settings_folder.write_text("a file where a folder should be")
    messages = Messages()
    messages.fail(KeyError("lost"))
    assert messages.entries[0].report is None
    assert "Copy messages" in messages.entries[0].hint


def test_that_a_defect_of_a_thread_is_told_in_the_window(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(threading, "excepthook", telling_of_threads(window.defects))
    thread = threading.Thread(target=lambda: {}["lost"])
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: bool(window.messages.entries), timeout=LONG)
    assert "KeyError: 'lost'" in window.messages.entries[0].text
    assert window.messages.entries[0].report is not None
    assert "KeyError" in capsys.readouterr().err


def test_that_a_crash_of_the_last_start_is_told_once(window: MainWindow, qtbot: QtBot) -> None:
    subprocess.run([sys.executable, "-c", CRASHED], capture_output=True)
    window.defects.look_back()
    qtbot.waitUntil(lambda: bool(window.messages.entries), timeout=LONG)
    assert window.messages.entries[0].text.startswith("The program ended abruptly at 20")
    assert "Fatal Python error: Aborted" in shown(window, qtbot).text.toPlainText()
    window.messages.clear()
    with qtbot.assertNotEmitted(window.messages.added, wait=300):
        window.defects.look_back()


def test_that_a_crash_of_the_process_that_computes_leads_to_its_trace(child: Child) -> None:
    with pytest.raises(EndedError, match="ended unexpectedly") as caught:
        child.call(os.abort)
    assert caught.value.report is not None
    assert "in _outcome" in caught.value.report.read_text(encoding="utf-8")
    messages = Messages()
    messages.fail(caught.value)
    assert messages.entries[0].report == caught.value.report


def test_that_a_killed_process_has_no_report(child: Child) -> None:
    with pytest.raises(EndedError) as caught:
        child.call(os._exit, 3)
    assert caught.value.report is None


class StubbornError(Exception):
    """Cannot be sent from one process to another."""

    def __init__(self, one: str, two: str) -> None:
        super().__init__(one)


def stubborn() -> None:
    """A defect."""
    raise StubbornError("a", "b")


def test_that_a_defect_that_cannot_be_sent_is_a_defect_here_too(child: Child) -> None:
    messages = Messages()
    with pytest.raises(RuntimeError) as caught:
        child.call(stubborn)
    messages.fail(caught.value)
    assert "StubbornError: a" in messages.entries[0].text
    assert messages.entries[0].report is not None
    assert "in stubborn" in messages.entries[0].report.read_text(encoding="utf-8")

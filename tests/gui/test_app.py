"""The program with a window, from its arguments to its end."""

import faulthandler
import gc
import os
import signal
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from _pytest.faulthandler import fault_handler_stderr_fd_key
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.helpers.waiting import LONG
from workbench.foundation.crashes import crashes_folder
from workbench.foundation.errors import WorkbenchError
from workbench.foundation.settings import load_settings, save_settings
from workbench.ui import app, theme
from workbench.ui.collecting import Collector
from workbench.ui.defects import telling
from workbench.ui.main_window import MainWindow
from workbench.ui.messages import Messages


@pytest.fixture(autouse=True)
def hooks_as_before(
    request: pytest.FixtureRequest, qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    before = signal.getsignal(signal.SIGINT)
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    yield
    signal.signal(signal.SIGINT, before)
    faulthandler.enable(request.config.stash[fault_handler_stderr_fd_key])
    for collector in qapp.findChildren(Collector):
        collector.stop()
        collector.deleteLater()
    gc.unfreeze()


def window_of(qapp: QApplication) -> MainWindow | None:
    found = [widget for widget in qapp.topLevelWidgets() if isinstance(widget, MainWindow) and widget.isVisible()]
    return found[-1] if found else None


def close_when_open(qapp: QApplication, seen: list[str]) -> QTimer:
    """Closes the window as soon as it shows a network."""
    timer = QTimer(interval=30)

    def look() -> None:
        window = window_of(qapp)
        if window is not None and window.workspace.model is not None:
            seen.append(window.workspace.model.path.name)
            timer.stop()
            window.close()

    timer.timeout.connect(look)
    timer.start()
    return timer


def test_that_the_demo_opens_in_the_folder_that_was_named(qapp: QApplication, tmp_path: Path) -> None:
    seen: list[str] = []
    timer = close_when_open(qapp, seen)
    assert app.main(["--demo", str(tmp_path / "demo")]) == 0
    assert seen == ["demo.onnx"]
    assert not timer.isActive()


def test_that_a_session_named_on_the_command_line_opens(qapp: QApplication, demo_run: Path) -> None:
    seen: list[str] = []
    timer = close_when_open(qapp, seen)
    assert app.main([str(demo_run)]) == 0
    assert seen == ["demo.onnx"]
    assert not timer.isActive()


def test_that_a_defect_is_told_and_printed(qtbot: QtBot, capsys: pytest.CaptureFixture[str]) -> None:
    messages = Messages()
    try:
        raise KeyError("lost")
    except KeyError as error:
        telling(messages)(KeyError, error, error.__traceback__)
    assert "KeyError" in capsys.readouterr().err
    assert "Defect of the program" in messages.entries[0].text
    assert "Traceback" in messages.entries[0].detail


def test_that_a_regular_end_leaves_no_file_of_the_process(qapp: QApplication) -> None:
    own = f"running-{os.getpid()}-"
    timer = QTimer(interval=30)
    held: list[str] = []

    def look() -> None:
        if (window := window_of(qapp)) is not None:
            held.extend(path.name for path in crashes_folder().glob(f"{own}*"))
            timer.stop()
            window.close()

    timer.timeout.connect(look)
    timer.start()
    assert app.main([]) == 0
    assert len(held) == 1
    assert list(crashes_folder().glob(f"{own}*")) == []


def test_that_a_user_s_error_is_no_defect() -> None:
    messages = Messages()
    messages.fail(WorkbenchError("No room.", "Make some."))
    assert (messages.entries[0].text, messages.entries[0].hint) == ("No room.", "Make some.")


def test_that_the_same_error_again_is_told_again_and_listed_once(qtbot: QtBot) -> None:
    messages, told = Messages(), []
    messages.told.connect(told.append)
    for _ in range(2):
        messages.fail(WorkbenchError("No room."))
    assert (len(messages.entries), len(told)) == (1, 2)


def test_that_a_closed_window_leaves_no_worker(window: MainWindow, qtbot: QtBot) -> None:
    window.opener.open_demo()
    qtbot.waitUntil(lambda: window.workspace.model is not None, timeout=LONG)
    window.close()
    assert window.jobs.is_closed


def test_that_the_theme_follows_the_system_unless_one_is_chosen(
    qapp: QApplication, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = app.start(qapp)
    try:
        for chosen, shown in (("system", "dark"), ("light", "light")):
            save_settings(replace(load_settings(), theme=chosen))
            monkeypatch.setattr(theme, "_system_is_dark", lambda: False)
            theme.apply(qapp, chosen)
            monkeypatch.setattr(theme, "_system_is_dark", lambda: True)
            QGuiApplication.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Dark)
            assert theme.active().name == shown
    finally:
        window.close()


def test_that_another_language_shows_the_same_session_in_another_window(
    qapp: QApplication, qtbot: QtBot, demo_run: Path
) -> None:
    first = app.start(qapp)
    try:
        first.opener.open(demo_run)
        qtbot.waitUntil(lambda: first.workspace.results is not None, timeout=LONG)
        first.workspace.better()
        first.messages.inform("said before")
        first.details.log.appendPlainText("written before")
        first.actions_.language_chosen.emit("zh_CN")
        qtbot.waitUntil(lambda: window_of(qapp) not in (first, None), timeout=LONG)
        second = window_of(qapp)
        assert second is not None
        assert second.actions_.open.text() == "打开(&O)…"
        assert second.workspace.selected == first.workspace.selected
        assert "said before" in [message.text for message in second.messages.entries]
        assert "written before" in second.details.log.toPlainText()
        second.actions_.language_chosen.emit("en")
        qtbot.waitUntil(lambda: window_of(qapp) not in (second, None), timeout=LONG)
        third = window_of(qapp)
        assert third is not None
        assert third.actions_.open.text() == "&Open…"
    finally:
        window = window_of(qapp)
        if window is not None:
            window.close()

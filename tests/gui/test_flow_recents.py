"""What was open lately, in the menu and in the empty window."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.helpers.waiting import LONG
from workbench.foundation.settings import load_settings, remember
from workbench.ui import theme
from workbench.ui.main_window import MainWindow
from workbench.ui.models.recents import Recent
from workbench.ui.views.empty_state import EmptyState
from workbench.ui.views.recent_row import RecentRow, moment


@pytest.fixture
def lately(qtbot: QtBot, qapp: QApplication, demo_run: Path, tmp_path: Path) -> MainWindow:
    """A window of a user who has opened a session that is there and a network that is gone."""
    remember(tmp_path / "gone.onnx")
    remember(demo_run)
    theme.apply(qapp, "light")
    window = MainWindow(tmp_path / "sessions")
    qtbot.addWidget(window)
    window.show()
    entries = window.flow.recents
    qtbot.waitUntil(lambda: [entry.exists for entry in entries.entries] == [True, False], timeout=4 * LONG)
    return window


def rows(window: MainWindow) -> list[RecentRow]:
    return window.empty.findChildren(RecentRow)


def test_that_the_menu_has_numbers_and_greys_what_is_gone(lately: MainWindow, demo_run: Path) -> None:
    first, second, _, clear = lately.actions_.recents.actions()
    assert first.text().startswith(f"&1   {demo_run.name} — ")
    assert first.isEnabled()
    assert second.text().startswith("&2   gone.onnx — ")
    assert second.text().endswith("(missing)")
    assert not second.isEnabled()
    assert clear.text() == "&Clear this list"
    lately.close()


def test_that_the_empty_window_tells_network_and_worst_layer(lately: MainWindow, demo_run: Path) -> None:
    shown, gone = rows(lately)
    assert shown.entry.network == "demo.onnx"
    assert shown.entry.worst is not None
    assert f"cosine {shown.entry.worst:.5f}" in shown.accessibleName()
    assert shown.isEnabled()
    assert not gone.isEnabled()
    assert "missing" in gone.accessibleName()
    lately.close()


def test_that_a_row_opens_its_session_by_key(lately: MainWindow, demo_run: Path, qtbot: QtBot) -> None:
    row = rows(lately)[0]
    row.setFocus()
    qtbot.keyClick(row, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: lately.workspace.folder == demo_run, timeout=LONG)
    lately.close()


def test_that_the_list_can_be_cleared(lately: MainWindow, qtbot: QtBot) -> None:
    lately.flow.recents.clear()
    qtbot.waitUntil(lambda: lately.flow.recents.entries == (), timeout=LONG)
    assert load_settings().recent == ()
    assert not lately.actions_.recents.isEnabled()
    assert lately.empty._rows == []
    lately.close()


def test_that_the_focus_stays_with_its_path_when_facts_arrive(qtbot: QtBot, tmp_path: Path) -> None:
    empty = EmptyState()
    qtbot.addWidget(empty)
    empty.show()
    one, two = tmp_path / "one", tmp_path / "two"
    empty.set_recents((Recent(one, network="one"), Recent(two, network="two")))
    qtbot.waitUntil(empty._rows[1].isVisible, timeout=LONG)
    empty._rows[1].setFocus()
    empty.set_recents((Recent(one, network="a.onnx"), Recent(two, network="b.onnx", worst=0.9, when=0.0)))
    assert empty._rows[1].entry.network == "b.onnx"
    assert empty.focusWidget() is empty._rows[1]


def test_that_no_time_is_no_text() -> None:
    assert moment(None) == ""
    assert moment(0.0) != ""

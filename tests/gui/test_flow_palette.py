"""Every command by a few letters."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QMainWindow
from pytestqt.qtbot import QtBot

from workbench.foundation.settings import UserSettings
from workbench.ui import translate
from workbench.ui.actions import Actions, offer
from workbench.ui.commands import Command, commands, english_name, ranked
from workbench.ui.main_window import MainWindow
from workbench.ui.views.command_palette import CommandPalette


def titles(palette: CommandPalette) -> list[str]:
    shown = (palette.list.item(at) for at in range(palette.list.count()))
    return [item.data(Qt.ItemDataRole.UserRole).command.title for item in shown]


def command(name: str, place: str = "File") -> Command:
    action = QAction(name)
    return Command(action, name, name, place, "")


def test_that_every_action_of_the_menus_is_a_command(window: MainWindow) -> None:
    known = {item.action for item in commands(window)}
    own = [action for action in vars(window.actions_).values() if isinstance(action, QAction)]
    assert len(own) > 30
    assert [action.text() for action in own if action not in known] == []


def test_that_a_command_is_found_run_and_the_focus_returns(demo_window: MainWindow, qtbot: QtBot) -> None:
    palette, view = demo_window.flow.palette, demo_window.table.view
    view.setFocus()
    qtbot.keyClick(demo_window, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    assert palette.isVisible()
    qtbot.keyClicks(palette.edit, "log mess")
    assert titles(palette)[0] == "Log and messages"
    qtbot.keyClick(palette.edit, Qt.Key.Key_Return)
    assert demo_window.details.isVisible()
    assert not palette.isVisible()
    assert demo_window.focusWidget() is view


def test_that_escape_closes_and_gives_the_focus_back(demo_window: MainWindow, qtbot: QtBot) -> None:
    view, palette = demo_window.table.view, demo_window.flow.palette
    view.setFocus()
    demo_window.actions_.palette.trigger()
    assert demo_window.focusWidget() is palette.edit
    qtbot.keyClick(palette.edit, Qt.Key.Key_Escape)
    assert not palette.isVisible()
    assert demo_window.focusWidget() is view


def test_that_what_ran_lately_comes_first(window: MainWindow, qtbot: QtBot) -> None:
    palette = window.flow.palette
    palette.start()
    qtbot.keyClicks(palette.edit, "log mess")
    qtbot.keyClick(palette.edit, Qt.Key.Key_Return)
    palette.start()
    assert titles(palette)[0] == "Log and messages"
    palette.close_up()


def test_that_a_grey_command_says_why_and_does_nothing(window: MainWindow, qtbot: QtBot) -> None:
    palette, done = window.flow.palette, []
    window.actions_.save_as.triggered.connect(done.append)
    palette.start()
    qtbot.keyClicks(palette.edit, "save as")
    assert titles(palette)[0] == "Save as"
    assert "No network is open." in palette.list.item(0).text()
    qtbot.keyClick(palette.edit, Qt.Key.Key_Return)
    assert done == []
    assert palette.isVisible()
    palette.close_up()


def test_that_letters_that_nothing_has_say_so(window: MainWindow, qtbot: QtBot) -> None:
    palette = window.flow.palette
    palette.start()
    palette.edit.setText("qqqq")
    assert palette.none.isVisible()
    qtbot.keyClick(palette.edit, Qt.Key.Key_Return)
    assert palette.isVisible()
    palette.close_up()


def test_that_what_can_be_used_is_before_what_cannot(qapp: QApplication) -> None:
    usable, grey = command("Restore the layout"), command("Redo")
    offer(grey.action, False, "nothing to redo")
    assert [found.command for found in ranked("re", [grey, usable], ())] == [usable, grey]


def test_that_a_menu_finds_its_commands(qapp: QApplication) -> None:
    dark = command("Dark", "View › Theme")
    assert [found.command for found in ranked("theme dark", [command("Quit"), dark], ())] == [dark]


@pytest.fixture
def chinese(qapp: QApplication) -> Actions:
    """The actions of a Chinese window."""
    assert translate.install(qapp, "zh_CN") == "zh_CN"
    window = QMainWindow()
    actions = Actions(window)
    actions.fill(UserSettings(language="zh_CN"))
    actions.set_undo("data type → fp16", "")
    translate.install(qapp, "en")
    return actions


def test_that_a_chinese_window_finds_chinese_and_english_names(chinese: Actions) -> None:
    window = chinese.parent()
    assert isinstance(window, QMainWindow)
    known = commands(window)
    for query in ("保存", "save"):
        found = ranked(query, known, ())[0].command
        assert found.action is chinese.save
        assert (found.title, found.name) == ("保存", "Save")


def test_that_a_step_to_undo_has_the_english_name_of_the_action(chinese: Actions) -> None:
    assert english_name(chinese.undo) == "Undo"

"""The window is found again as it was left."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QMainWindow
from pytestqt.qtbot import QtBot

from workbench.ui.main_window import MainWindow
from workbench.ui.views.desk import THREE_COLUMNS
from workbench.ui.window_layout import (
    WindowLayout,
    divide,
    geometry_of,
    layout_file,
    load_layout,
    restore_geometry,
    save_layout,
)


def reopened(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> MainWindow:
    """Close a window and start another."""
    window.close()
    other = MainWindow(tmp_path / "sessions")
    qtbot.addWidget(other)
    other.show()
    return other


def move_columns(window: MainWindow, *places: int) -> None:
    """As a user drags the lines between the columns."""
    for number, place in reversed(list(enumerate(places, 1))):
        window.desk.across.moveSplitter(place, number)


def test_that_sizes_tabs_and_details_are_found_again(demo_window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    desk = demo_window.desk
    demo_window.resize(1500, 820)
    qtbot.wait(20)
    move_columns(demo_window, 500, 1100)
    desk.middle.setSizes([200, 500])
    desk.tabs.setCurrentIndex(1)
    demo_window.details.show()
    qtbot.wait(20)
    across, middle = desk.across.sizes(), desk.middle.sizes()
    other = reopened(demo_window, qtbot, tmp_path)
    assert other.details.isVisible()
    assert other.desk.tabs.currentIndex() == 1
    other.desk.show_session(True)
    other.resize(1500, 820)  # Qt has made it as small as the screen of the tests
    divide(other, load_layout().splitters)
    qtbot.wait(20)
    assert other.desk.is_divided
    assert other.desk.across.sizes() == pytest.approx(across, abs=2)
    assert other.desk.middle.sizes() == pytest.approx(middle, abs=2)
    other.close()


def test_that_a_window_that_never_showed_a_network_does_not_divide_the_next(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    other = reopened(window, qtbot, tmp_path)
    assert not other.desk.is_divided
    other.close()


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"geometry": 3, "splitters": [1], "tabs": {"tabs": "x"}, "commands": {"a": 1}}',
             '{"geometry": "ÄÖ", "splitters": {"across": [1, -5, "x"]}, "has_details": "yes"}'],
)  # fmt: skip
def test_that_a_damaged_layout_is_that_of_a_new_window(text: str) -> None:
    layout_file().parent.mkdir(parents=True, exist_ok=True)
    layout_file().write_text(text, encoding="utf-8")
    assert load_layout() == WindowLayout()


def test_that_a_layout_survives_the_file() -> None:
    layout = WindowLayout("QUJD", {"across": (1, 2, 3)}, {"tabs": 1}, True, ("Export", "Run"))
    save_layout(layout)
    assert load_layout() == layout


def test_that_a_window_stands_where_it_stood(qtbot: QtBot) -> None:
    first, other = QMainWindow(), QMainWindow()
    first.setGeometry(40, 60, 500, 400)
    assert restore_geometry(other, geometry_of(first))
    assert other.geometry() == first.geometry()
    assert not restore_geometry(other, "")
    assert not restore_geometry(other, "QUJD")


def test_that_a_geometry_of_a_screen_that_is_gone_is_on_the_screen(qtbot: QtBot, tmp_path: Path) -> None:
    first = MainWindow(tmp_path / "sessions")
    qtbot.addWidget(first)
    first.move(100_000, 100_000)
    first.close()
    other = MainWindow(tmp_path / "sessions")
    qtbot.addWidget(other)
    other.show()
    assert other.screen().geometry().intersects(other.geometry())
    other.close()


def test_that_the_layout_can_be_restored(demo_window: MainWindow, qtbot: QtBot) -> None:
    desk = demo_window.desk
    usual = desk.across.sizes()
    move_columns(demo_window, 600, 1000)
    demo_window.details.show()
    qtbot.wait(20)
    demo_window.actions_.restore_layout.trigger()
    qtbot.wait(20)
    assert desk.across.sizes() == pytest.approx(usual, abs=4)
    assert not demo_window.details.isVisible()


def test_that_the_inspector_is_a_tab_in_a_narrow_window_and_a_column_in_a_wide_one(
    demo_window: MainWindow, qtbot: QtBot
) -> None:
    desk, inspector = demo_window.desk, demo_window.inspector
    demo_window.resize(THREE_COLUMNS - 1, 700)
    qtbot.waitUntil(lambda: desk.is_folded)
    assert demo_window.width() < THREE_COLUMNS
    demo_window.actions_.inspector.trigger()
    assert inspector.isVisible()
    assert desk.maps.isAncestorOf(inspector)
    demo_window.resize(THREE_COLUMNS + 100, 700)
    qtbot.waitUntil(lambda: not desk.is_folded)
    assert inspector.isVisible()
    assert desk.across.widget(2) is inspector
    assert desk.maps.indexOf(inspector) == -1


def test_that_a_narrow_division_is_found_again(demo_window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    demo_window.resize(THREE_COLUMNS - 100, 600)
    qtbot.waitUntil(lambda: demo_window.desk.is_folded)
    move_columns(demo_window, 350)
    demo_window.desk.go_to_inspector()
    qtbot.wait(20)
    sizes = demo_window.desk.across.sizes()
    other = reopened(demo_window, qtbot, tmp_path)
    other.desk.show_session(True)
    assert other.desk.is_folded
    assert other.desk.maps.currentWidget() is other.inspector
    other.resize(THREE_COLUMNS - 100, 600)  # Qt has made it as small as the screen of the tests
    other.desk.set_columns(load_layout().splitters)
    qtbot.wait(20)
    assert other.desk.across.sizes() == pytest.approx(sizes, abs=2)
    other.close()


def test_that_a_narrow_window_leaves_the_columns_of_a_wide_one(
    demo_window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    demo_window.resize(1500, 820)
    qtbot.wait(20)
    move_columns(demo_window, 500, 1100)
    qtbot.wait(20)
    columns = demo_window.desk.across.sizes()
    demo_window.resize(THREE_COLUMNS - 100, 600)
    qtbot.waitUntil(lambda: demo_window.desk.is_folded)
    other = reopened(demo_window, qtbot, tmp_path)
    other.desk.show_session(True)
    other.resize(1500, 820)
    qtbot.waitUntil(lambda: not other.desk.is_folded)
    qtbot.wait(20)
    assert other.desk.across.sizes() == pytest.approx(columns, abs=2)
    other.close()

"""The tour of the demo."""

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.gui.test_window import write_network
from tests.helpers.waiting import LONG
from workbench.foundation.settings import UserSettings, load_settings, save_settings
from workbench.ui import theme
from workbench.ui.main_window import MainWindow
from workbench.ui.views.tour import Tour, beside


def tour_of(window: MainWindow, qtbot: QtBot) -> Tour:
    tour = window.flow.touring.tour
    qtbot.waitUntil(lambda: tour.is_under_way, timeout=LONG)
    return tour


def test_that_the_first_demo_begins_the_tour_and_takes_no_focus(demo_window: MainWindow, qtbot: QtBot) -> None:
    tour = tour_of(demo_window, qtbot)
    assert tour.callout.isVisible()
    assert tour.ring.isVisible()
    assert not tour.callout.isAncestorOf(demo_window.focusWidget())


def test_that_next_leads_through_all_stops_to_the_end(demo_window: MainWindow, qtbot: QtBot) -> None:
    tour, titles = tour_of(demo_window, qtbot), []
    while tour.is_under_way:
        titles.append(tour.callout.title.text())
        assert demo_window.rect().contains(tour.callout.geometry())
        qtbot.mouseClick(tour.callout.next, Qt.MouseButton.LeftButton)
    assert len(titles) == len(set(titles)) == 7
    qtbot.waitUntil(lambda: load_settings().tour_seen, timeout=LONG)


def test_that_doing_it_goes_on(done_window: MainWindow, qtbot: QtBot) -> None:
    tour = tour_of(done_window, qtbot)
    done_window.toolbar.inputs_button.menu().aboutToShow.emit()
    assert tour.callout.title.text() == "Run"
    done_window.runner.succeeded.emit()
    assert tour.callout.title.text() == "The worst layer"
    qtbot.waitUntil(done_window.isActiveWindow, timeout=LONG)
    qtbot.keyClick(done_window, Qt.Key.Key_BracketRight)
    assert tour.callout.title.text() == "Its values"


def test_that_later_ends_it_and_it_comes_again_with_the_next_program(demo_window: MainWindow, qtbot: QtBot) -> None:
    tour = tour_of(demo_window, qtbot)
    tour.callout.skip.click()
    assert not tour.is_under_way
    assert tour.callout.isHidden()
    assert not load_settings().tour_seen


def test_that_never_again_is_kept(demo_window: MainWindow, qtbot: QtBot) -> None:
    tour_of(demo_window, qtbot).callout.never.click()
    qtbot.waitUntil(lambda: load_settings().tour_seen, timeout=LONG)


def test_that_who_has_seen_it_gets_it_from_the_help_menu_only(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> None:
    theme.apply(qapp, "light")
    save_settings(UserSettings(tour_seen=True))
    window = MainWindow(tmp_path / "sessions")
    qtbot.addWidget(window)
    window.show()
    with qtbot.waitSignal(window.opener.opened, timeout=LONG):
        window.opener.open_demo()
    assert not window.flow.touring.tour.is_under_way
    window.actions_.tour.trigger()
    assert window.flow.touring.tour.is_under_way
    window.close()


def test_that_the_help_menu_opens_the_demo_first(window: MainWindow, qtbot: QtBot) -> None:
    window.actions_.tour.trigger()
    assert tour_of(window, qtbot).at == 0
    assert window.workspace.model is not None


def test_that_another_network_ends_it(demo_window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    tour = tour_of(demo_window, qtbot)
    demo_window.opener.open(write_network(tmp_path / "n.onnx", [1, 3, 8, 8]))
    qtbot.waitUntil(lambda: not tour.is_under_way, timeout=LONG)


@pytest.mark.parametrize(
    ("around", "corner"),
    [
        (QRect(400, 10, 80, 30), QPoint(290, 51)),
        (QRect(0, 100, 300, 490), QPoint(311, 280)),
        (QRect(600, 100, 200, 490), QPoint(268, 280)),
    ],
)
def test_that_a_callout_hides_nothing_of_what_it_speaks_of(around: QRect, corner: QPoint) -> None:
    place = beside(around, (320, 130), QRect(0, 0, 800, 600))
    assert not QRect(place, around.size()).isEmpty()
    assert not QRect(place.x(), place.y(), 320, 130).intersects(around)
    assert (place - corner).manhattanLength() <= 24

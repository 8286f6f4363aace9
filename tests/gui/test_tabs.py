"""Tabs where there is little room for them."""

from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from workbench.ui.views.common.tabs import Tabs

TITLES = ("Graph", "Inputs", "Runs & runs", "Blame", "Sweep", "Accuracy")
WIDE, NARROW = 1200, 320


def tabs_of(qtbot: QtBot, width: int) -> Tabs:
    tabs = Tabs()
    for title in TITLES:
        tabs.addTab(QWidget(), title)
    qtbot.addWidget(tabs)
    tabs.resize(width, 200)
    tabs.show()
    return tabs


def shown(tabs: Tabs) -> list[str]:
    return [tabs.tabText(number) for number in range(tabs.count()) if tabs.isTabVisible(number)]


def test_that_all_tabs_are_shown_where_there_is_room(qtbot: QtBot) -> None:
    tabs = tabs_of(qtbot, WIDE)
    assert shown(tabs) == list(TITLES)
    assert tabs.more.isHidden()


def test_that_no_tab_is_cut_and_the_rest_is_listed(qtbot: QtBot) -> None:
    tabs = tabs_of(qtbot, NARROW)
    found = shown(tabs)
    assert found == list(TITLES[: len(found)])
    assert tabs.more.text() == f"+{len(TITLES) - len(found)}"
    assert tabs.tabBar().tabRect(len(found) - 1).right() < tabs.more.mapTo(tabs, tabs.more.rect().topLeft()).x()

    tabs.more.menu().aboutToShow.emit()
    actions = tabs.more.menu().actions()
    assert [action.text().replace("&&", "&") for action in actions] == list(TITLES)
    actions[-1].trigger()
    assert tabs.currentIndex() == len(TITLES) - 1
    assert shown(tabs)[0] == TITLES[0]
    assert shown(tabs)[-1] == TITLES[-1]


def test_that_tabs_come_back_with_room_or_without_tools(qtbot: QtBot) -> None:
    tabs, tools = tabs_of(qtbot, WIDE), QLabel("tools")
    tools.setFixedWidth(WIDE - NARROW)
    tabs.set_tools(tools)
    qtbot.waitUntil(lambda: not tabs.more.isHidden())
    tools.hide()
    qtbot.waitUntil(lambda: tabs.more.isHidden())
    assert shown(tabs) == list(TITLES)
    tabs.resize(NARROW, 200)
    assert shown(tabs) != list(TITLES)
    tabs.resize(WIDE, 200)
    assert shown(tabs) == list(TITLES)

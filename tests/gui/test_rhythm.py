"""The rhythm of the GUI thread: garbage in pauses, one thing a turn; and the size of texts."""

import gc
import threading
import weakref
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEventLoop, QObject, Qt, QTimer
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import delete

from tests.helpers.waiting import LONG
from workbench.ui import text_size
from workbench.ui.collecting import Collector
from workbench.ui.turns import Soon, Turns
from workbench.ui.views.common.tabs import Tabs
from workbench.ui.widgets import Splitter, column


class Ring:
    """Garbage that only the collector finds."""

    def __init__(self) -> None:
        self.itself = self
        weakref.finalize(self, lambda seen: seen.append(threading.get_ident()), THREADS)


THREADS: list[int] = []


@pytest.fixture
def collector(qapp: QApplication) -> Iterator[Collector]:
    """One that is gone after the test."""
    gc.collect()
    result = Collector(qapp)
    yield result
    result.stop()
    result.deleteLater()
    gc.unfreeze()


def test_that_garbage_of_another_thread_is_collected_in_this_one(collector: Collector, qtbot: QtBot) -> None:
    THREADS.clear()

    def litter() -> None:
        for _ in range(3000):
            Ring()

    thread = threading.Thread(target=litter)
    thread.start()
    thread.join()
    assert THREADS == []
    qtbot.waitUntil(lambda: len(THREADS) == 3000, timeout=LONG)
    assert set(THREADS) == {threading.get_ident()}


def test_that_turns_come_in_order_and_apart(qtbot: QtBot) -> None:
    owner, seen = QObject(), list[str]()
    turns = Turns(owner)
    turns.add(lambda: (seen.append("first"), turns.add(lambda: seen.append("third"))), lambda: seen.append("second"))
    assert seen == []
    qtbot.waitUntil(lambda: len(seen) == 3, timeout=LONG)
    assert seen == ["first", "second", "third"]


def test_that_between_two_turns_comes_what_is_due(qtbot: QtBot) -> None:
    one, other, seen = QObject(), QObject(), list[str]()
    first, second = Turns(one), Turns(other)
    first.add(lambda: (seen.append("first"), QTimer.singleShot(0, one, lambda: seen.append("due"))))
    second.add(lambda: seen.append("second"))
    qtbot.waitUntil(lambda: len(seen) == 3, timeout=LONG)
    assert seen == ["first", "due", "second"]


def test_that_what_an_owner_leaves_behind_is_dropped(qtbot: QtBot) -> None:
    owner, other, seen = QObject(), QObject(), list[str]()
    turns, last = Turns(owner), Turns(other)
    turns.add(lambda: delete(owner), lambda: seen.append("left behind"))
    last.add(lambda: seen.append("last"))
    qtbot.waitUntil(lambda: bool(seen), timeout=LONG)
    assert seen == ["last"]


def test_that_what_is_wanted_often_is_done_once(qtbot: QtBot) -> None:
    owner, seen = QObject(), list[str]()
    soon, turns = Soon(owner, lambda: seen.append("shown")), Turns(owner)
    for _ in range(3):
        soon.want()
    turns.add(lambda: seen.append("last"))
    qtbot.waitUntil(lambda: "last" in seen, timeout=LONG)
    assert seen == ["shown", "last"]
    soon.want()
    soon.do_if_due()
    assert seen == ["shown", "last", "shown"]


def test_that_a_turn_with_an_event_loop_of_its_own_holds_nothing_up(qtbot: QtBot) -> None:
    owner, loop, seen = QObject(), QEventLoop(), list[str]()
    turns = Turns(owner)
    turns.add(lambda: (loop.exec(), seen.append("after it")), lambda: (seen.append("inside"), loop.quit()))
    qtbot.waitUntil(lambda: len(seen) == 2, timeout=LONG)
    assert seen == ["inside", "after it"]


def test_that_turns_without_acts_are_none(qtbot: QtBot) -> None:
    owner, seen = QObject(), list[int]()
    turns = Turns(owner)
    turns.add()
    turns.add_while(lambda: True)
    qtbot.wait(20)
    turns.add(lambda: seen.append(1))
    qtbot.waitUntil(lambda: seen == [1], timeout=LONG)


def test_that_the_last_turn_may_have_an_event_loop_of_its_own(qtbot: QtBot) -> None:
    owner, loop, seen = QObject(), QEventLoop(), list[str]()
    turns = Turns(owner)
    QTimer.singleShot(50, loop.quit)
    turns.add(lambda: (loop.exec(), seen.append("first")))
    qtbot.waitUntil(lambda: seen == ["first"], timeout=LONG)
    turns.add(lambda: seen.append("second"))
    qtbot.waitUntil(lambda: seen == ["first", "second"], timeout=LONG)


class Page(QWidget):
    """Counts how often all of it is painted."""

    def __init__(self) -> None:
        super().__init__()
        self.paints, self.text = 0, QLabel("a")
        self.setLayout(column(self.text, None))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        self.paints += event.rect() == self.rect()


@pytest.fixture
def page(qtbot: QtBot) -> Iterator[Page]:
    """One in tabs in a splitter, painted."""
    splitter, tabs, result = Splitter(Qt.Orientation.Horizontal), Tabs(), Page()
    tabs.addTab(result, "one")
    for part in (tabs, QLabel("beside")):
        splitter.addWidget(part)
    qtbot.addWidget(splitter)
    splitter.resize(400, 300)
    splitter.show()
    result.text.setText("b")  # what is wanted at first is known from now on
    qtbot.waitUntil(lambda: result.paints > 0, timeout=LONG)
    qtbot.wait(50)
    yield result
    splitter.close()


def test_that_a_text_that_changes_does_not_paint_the_page_around_it(page: Page, qtbot: QtBot) -> None:
    before = page.paints
    page.text.setText("c")
    qtbot.wait(50)
    assert page.paints == before


def test_that_a_page_gets_the_room_that_it_wants(page: Page, qtbot: QtBot) -> None:
    page.setMinimumWidth(320)
    qtbot.waitUntil(lambda: page.width() >= 320, timeout=LONG)
    page.setMinimumWidth(350)
    qtbot.waitUntil(lambda: page.width() >= 350, timeout=LONG)


def test_that_texts_grow(qapp: QApplication) -> None:
    try:
        text_size.apply(qapp, 100)
        height = QLabel("x").sizeHint().height()
        text_size.apply(qapp, 150)
        assert QLabel("x").sizeHint().height() > 1.3 * height
        assert text_size.pixels(24) == 36
    finally:
        text_size.apply(qapp, 100)
    assert QLabel("x").sizeHint().height() == height

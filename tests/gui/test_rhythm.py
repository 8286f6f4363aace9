"""The rhythm of the GUI thread: garbage in pauses, one thing a turn; and the size of texts."""

import gc
import threading
import weakref
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from tests.gui.conftest import LONG
from workbench.ui import text_size
from workbench.ui.collecting import Collector
from workbench.ui.turns import Turns


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

"""Names that somebody else gave are shown as they are: no text in the window is taken for markup."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QAbstractItemModel, QAbstractListModel, QModelIndex, Qt
from PySide6.QtGui import Qt as Markup
from PySide6.QtWidgets import QAbstractItemView, QLabel, QWidget
from pytestqt.qtbot import QtBot

from tests.helpers.waiting import LONG
from tests.unit.networks import node, random, write_network
from workbench.foundation.steps import drain
from workbench.preprocess.dataset import Sample
from workbench.project.pipeline import analyze
from workbench.project.session import Session
from workbench.ui.main_window import MainWindow

EVIL = "<img src=file:///dev/zero><b>evil</b>"
MOST_ROWS = 20


@pytest.fixture
def hostile_window(window: MainWindow, tmp_path: Path, qtbot: QtBot) -> MainWindow:
    """A window on a session of a network with such names, after its run; its worst layer is selected."""
    place = tmp_path / "<b>evil <i>"
    place.mkdir()
    nodes = [
        node("Conv", ["x", "w"], [f"{EVIL}1"], name=EVIL),
        node("Relu", [f"{EVIL}1"], [f"{EVIL}2"], name=f"{EVIL}b"),
        node("Add", [f"{EVIL}2", "c"], ["y"], name=f"{EVIL}c"),
    ]
    model = write_network(place / "net.onnx", nodes, {"w": random(4, 3, 3, 3), "c": 0.5}, outputs=("y",))
    np.save(place / "1.npy", random(1, 3, 6, 6))
    samples = (Sample((place / "1.npy",)),)
    notes = {f"{EVIL}2": EVIL}
    folder = tmp_path / "sessions" / "evil"
    drain(analyze(Session(model, samples=samples, dataset=samples, notes=notes, pinned=(f"{EVIL}2",)), folder))
    with qtbot.waitSignal(window.opener.opened, timeout=2 * LONG):
        window.opener.open(folder)
    window.workspace.select(f"{EVIL}2")
    window.show()
    qtbot.wait(1000)
    return window


def _shown(window: QWidget) -> Iterator[tuple[str, str]]:
    """Where a text is, and the text, of all that Qt looks for markup in."""
    for widget in window.findChildren(QWidget):
        place = f"{type(widget).__name__} {widget.objectName() or widget.accessibleName()}"
        yield f"{place}: tool-tip", widget.toolTip()
        if isinstance(widget, QLabel) and widget.textFormat() != Qt.TextFormat.PlainText:
            yield f"{place}: text", widget.text()
        if isinstance(widget, QAbstractItemView) and widget.model() is not None:
            yield from ((f"{place}: cell", text) for text in _tips(widget.model()))


def _tips(model: QAbstractItemModel, parent: QModelIndex | None = None) -> Iterator[str]:
    parent = parent or QModelIndex()
    columns = 1 if isinstance(model, QAbstractListModel) else model.columnCount(parent)
    for row in range(min(model.rowCount(parent), MOST_ROWS)):
        for column in range(columns):
            index = model.index(row, column, parent)
            yield str(index.data(Qt.ItemDataRole.ToolTipRole) or "")
            if column == 0 and not isinstance(model, QAbstractListModel) and model.rowCount(index):
                yield from _tips(model, index)


def test_that_no_name_is_taken_for_markup(hostile_window: MainWindow) -> None:
    texts = list(_shown(hostile_window))

    taken = [(place, text[:200]) for place, text in texts if "<b>evil" in text and Markup.mightBeRichText(text)]
    print(*taken, sep="\n")
    assert taken == []
    assert any("evil" in text for _, text in texts)

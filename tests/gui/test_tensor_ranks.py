"""The ranking of what other axes than the channels count: features, tokens, rows, elements of a line."""

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from tests.gui.made_views import Panes, open_panes
from tests.gui.made_workspace import made_workspace
from tests.helpers.waiting import LONG
from tests.unit.networks import random
from workbench.dump.store import DumpWriter
from workbench.ui.jobs import JobPool
from workbench.ui.views.tensors.channels_pane import ChannelsPane
from workbench.ui.views.tensors.tensor_views import CHANNELS, HEATMAPS

MATRIX, LINE = "block/b", "y"
ROW, COLUMN = 4, 17


@pytest.fixture
def ranked(tmp_path: Path, jobs: JobPool, qtbot: QtBot) -> Panes:
    """A matrix of 6 x 24 whose sources are farthest apart in one place, and the page of ranks."""
    workspace = made_workspace(tmp_path)
    golden = random(1, 6, 24)
    other = golden + random(1, 6, 24, seed=1) * np.float32(1e-3)
    other[0, ROW, COLUMN] += 2
    for source, values in (("golden", golden), ("simulator", other)):
        with DumpWriter(tmp_path / f"{source}-0.h5", {}) as writer:
            writer.add(MATRIX, values)
            writer.add(LINE, values[:, 0])
    panes, views = open_panes(workspace, jobs, qtbot, MATRIX)
    qtbot.mouseClick(panes.controls.views.button(CHANNELS), Qt.MouseButton.LeftButton)
    wait_for(views.channels, 24, qtbot)
    return panes, views


def wait_for(pane: ChannelsPane, count: int, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: pane.rows.rowCount() == count, timeout=LONG)


def choose(pane: ChannelsPane, text: str, qtbot: QtBot) -> None:
    """As the arrow keys do."""
    pane.axis.setFocus()
    while pane.axis.currentText() != text:
        before = pane.axis.currentIndex()
        qtbot.keyClick(pane.axis, Qt.Key.Key_Up)
        assert pane.axis.currentIndex() != before


def test_that_a_matrix_ranks_what_its_last_axis_counts(ranked: Panes) -> None:
    _, views = ranked

    assert [views.channels.axis.itemText(at) for at in range(2)] == ["#1 (6)", "#2 (24)"]
    assert views.channels.rows.channel(0) == COLUMN


def test_that_the_other_axis_is_ranked_when_it_is_chosen(ranked: Panes, qtbot: QtBot) -> None:
    _, views = ranked

    choose(views.channels, "#1 (6)", qtbot)

    wait_for(views.channels, 6, qtbot)
    assert views.channels.rows.channel(0) == ROW
    assert views.channels.rows.headerData(0, Qt.Orientation.Horizontal) == "#1"


def test_that_return_on_a_rank_leads_to_the_worst_element_there(ranked: Panes, qtbot: QtBot) -> None:
    panes, views = ranked
    table = views.channels.table
    table.setFocus()
    table.selectRow(0)

    qtbot.keyClick(table, Qt.Key.Key_Return)

    qtbot.waitUntil(lambda: f"[0, {ROW}, {COLUMN}]" in panes.readout.text(), timeout=LONG)
    assert views.currentIndex() == HEATMAPS


def test_that_the_worst_element_of_a_matrix_is_one_key_away(ranked: Panes, qtbot: QtBot) -> None:
    panes, _ = ranked
    qtbot.waitActive(panes)

    qtbot.keySequence(panes, "Shift+W")

    qtbot.waitUntil(lambda: f"[0, {ROW}, {COLUMN}]" in panes.readout.text(), timeout=LONG)
    assert panes.controls.worst.isVisible()


def test_that_a_chosen_axis_stays_where_there_is_such_a_one(ranked: Panes, qtbot: QtBot) -> None:
    panes, views = ranked
    choose(views.channels, "#1 (6)", qtbot)

    panes.workspace.select(LINE)
    wait_for(views.channels, 24, qtbot)
    panes.workspace.select(MATRIX)

    wait_for(views.channels, 6, qtbot)


def test_that_a_line_ranks_its_elements(ranked: Panes, qtbot: QtBot) -> None:
    panes, views = ranked
    panes.workspace.select(LINE)
    qtbot.waitUntil(lambda: views.channels.axis.currentText() == "#1 (24)", timeout=LONG)
    wait_for(views.channels, 24, qtbot)

    assert not views.channels.axis.isEnabled()  # there is no other

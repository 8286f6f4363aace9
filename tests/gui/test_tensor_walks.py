"""Going through the channels of a tensor: the next one is there before it is asked for."""

from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from tests.gui.made_views import open_panes
from tests.gui.made_workspace import WORST_CHANNEL, made_results, made_workspace
from tests.helpers.waiting import LONG
from workbench.ui.jobs import JobPool
from workbench.ui.models.tensors.planes_reader import PlanesReader
from workbench.ui.views.tensors.panes import TensorPanes

SOURCES = ("golden", "simulator", "difference")


@pytest.fixture
def panes(tmp_path: Path, jobs: JobPool, qtbot: QtBot) -> TensorPanes:
    """With a tensor of four channels, at the third."""
    result, _ = open_panes(made_workspace(tmp_path), jobs, qtbot, "block/b")
    return result


def go(panes: TensorPanes, channel: int, qtbot: QtBot) -> None:
    """Choose a channel, and wait until it is shown and all that it leaves to be read is read."""
    answers: list[None] = []
    panes.controls.channel.setValue(channel)
    qtbot.waitUntil(lambda: shown(panes) == channel, timeout=LONG)
    panes._loader.do_later(lambda: panes._jobs.ask("test", lambda: None, answers.append))
    qtbot.waitUntil(lambda: bool(answers), timeout=LONG)


def shown(panes: TensorPanes) -> int:
    assert panes._planes is not None
    return panes._planes.channel


def images(panes: TensorPanes) -> list[np.ndarray]:
    assert panes.views is not None
    return [panes.views.row.panes[source].heatmap.image.image for source in SOURCES]


def test_that_the_channel_after_the_neighbour_is_shown_at_once(panes: TensorPanes, qtbot: QtBot) -> None:
    go(panes, WORST_CHANNEL - 1, qtbot)

    panes.controls.channel.setValue(WORST_CHANNEL - 2)

    assert shown(panes) == WORST_CHANNEL - 2


def test_that_what_was_read_ahead_is_the_same_picture(panes: TensorPanes, qtbot: QtBot) -> None:
    go(panes, WORST_CHANNEL - 1, qtbot)
    panes.controls.channel.setValue(WORST_CHANNEL - 2)
    ahead = images(panes)

    fresh = PlanesReader().read(panes._loader.wanted(single=False), panes._choice)

    for source, image in zip(SOURCES, ahead, strict=True):
        np.testing.assert_array_equal(image, fresh.images[source])


def test_that_a_channel_far_away_leaves_nothing_to_be_read(panes: TensorPanes, qtbot: QtBot) -> None:
    go(panes, 0, qtbot)

    assert panes._loader._ahead is None


def test_that_nothing_is_read_past_the_last_channel(panes: TensorPanes, qtbot: QtBot) -> None:
    go(panes, WORST_CHANNEL + 1, qtbot)

    assert panes._loader._ahead is None


def test_that_another_run_shows_nothing_that_was_read_ahead_before_it(
    panes: TensorPanes, tmp_path: Path, qtbot: QtBot
) -> None:
    go(panes, WORST_CHANNEL - 1, qtbot)
    assert panes._loader._ahead is not None

    panes.workspace.set_results(made_results(tmp_path, 1, runtime=False))

    assert panes._loader._ahead is None
    assert panes._loader._last is None

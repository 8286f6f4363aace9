"""The analyses beside the planes: scatter plot, histogram, channels, elements, weights."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.gui.made_views import open_panes
from tests.gui.made_workspace import INT8, WORST_CHANNEL, golden_of, made_workspace, simulated
from tests.helpers.waiting import LONG
from workbench.dump.store import DumpWriter
from workbench.ui import theme
from workbench.ui.colours import DARK, mix
from workbench.ui.jobs import JobPool
from workbench.ui.models.tensors import scatter as tensor_scatter
from workbench.ui.models.tensors.layer_constants import ConstantFacts
from workbench.ui.models.tensors.scatter import Scatter
from workbench.ui.views.tensors.panes import TensorPanes
from workbench.ui.views.tensors.tensor_views import (
    CHANNELS,
    CONSTANTS,
    HEATMAPS,
    HISTOGRAMS,
    SCATTER,
    VALUES,
    TensorViews,
)
from workbench.ui.workspace import Workspace

TENSOR = "block/b"
Show = Callable[..., tuple[TensorPanes, TensorViews]]


@pytest.fixture
def show(tmp_path: Path, jobs: JobPool, qtbot: QtBot) -> Show:
    """Opens panes on a made workspace with a tensor selected and a view chosen."""

    def opened(view: int, tensor: str = TENSOR, **options: object) -> tuple[TensorPanes, TensorViews]:
        workspace = made_workspace(tmp_path, **options)  # type: ignore[arg-type]
        return panes_on(workspace, jobs, qtbot, view, tensor)

    return opened


def panes_on(
    workspace: Workspace, jobs: JobPool, qtbot: QtBot, view: int, tensor: str = TENSOR
) -> tuple[TensorPanes, TensorViews]:
    panes, views = open_panes(workspace, jobs, qtbot, tensor)
    qtbot.mouseClick(panes.controls.views.button(view), Qt.MouseButton.LeftButton)
    return panes, views


def scattered(views: TensorViews, qtbot: QtBot) -> Scatter:
    qtbot.waitUntil(lambda: views.scatter.scatter is not None, timeout=LONG)
    assert views.scatter.scatter is not None
    return views.scatter.scatter


def examined(views: TensorViews, qtbot: QtBot) -> ConstantFacts:
    qtbot.waitUntil(lambda: views.constants.facts is not None, timeout=LONG)
    assert views.constants.facts is not None
    return views.constants.facts


def overflowing(folder: Path) -> Workspace:
    """The simulator's first channel is cut off at the upper end of its encoding."""
    workspace = made_workspace(folder)
    values = golden_of(TENSOR)
    values[0, 0] += 10.0
    for source, stored in (("golden", values), ("simulator", INT8.quantize(values))):
        with DumpWriter(folder / f"{source}-0.h5", {}) as writer:
            writer.add(TENSOR, stored, "Conv", INT8 if source == "simulator" else None)
    return workspace


def test_that_the_scatter_plot_shows_every_element(show: Show, qtbot: QtBot) -> None:
    _, views = show(SCATTER)

    assert scattered(views, qtbot).inside == golden_of(TENSOR).size
    assert "144" in views.scatter.told.full_text


def test_that_the_scatter_plot_can_show_one_channel_alone(show: Show, qtbot: QtBot) -> None:
    panes, views = show(SCATTER)
    scattered(views, qtbot)
    panes.controls.slider.setValue(1)

    views.scatter.alone.setChecked(True)

    qtbot.waitUntil(lambda: scattered(views, qtbot).inside == 36, timeout=LONG)
    points = scattered(views, qtbot).points
    assert points is not None
    assert set(points.channel.tolist()) == {1}


def test_that_a_point_of_the_scatter_plot_leads_to_its_element(show: Show, qtbot: QtBot) -> None:
    panes, views = show(SCATTER)
    points = scattered(views, qtbot).points
    assert points is not None
    number = int(np.flatnonzero(points.channel == 3)[5])

    views.scatter.plot.chosen.emit(QPointF(points.reference[number], points.other[number]))

    qtbot.waitUntil(lambda: panes.controls.channel.value() == 3, timeout=LONG)
    assert views.currentIndex() == HEATMAPS
    assert panes.controls.views.checkedId() == HEATMAPS
    row, column = divmod(int(points.position[number]), 6)
    qtbot.waitUntil(lambda: f"h {row}\u2002w {column}" in panes.readout.text(), timeout=LONG)


def test_that_the_point_under_the_pointer_is_told(show: Show, qtbot: QtBot) -> None:
    panes, views = show(SCATTER)
    points = scattered(views, qtbot).points
    assert points is not None
    far = int(np.argmax(points.reference))

    views.scatter.plot.hovered.emit(QPointF(points.reference[far], points.other[far]))

    row, column = divmod(int(points.position[far]), 6)
    told = panes.readout.text()
    assert f"h {row}\u2002w {column}" in told
    assert f"golden {points.reference[far]:.5g}" in told


def test_that_looking_closer_asks_for_that_part_again(show: Show, qtbot: QtBot) -> None:
    _, views = show(SCATTER)
    whole = scattered(views, qtbot).inside
    qtbot.keyClick(views.scatter.plot, Qt.Key.Key_Plus)
    qtbot.keyClick(views.scatter.plot, Qt.Key.Key_Plus)

    qtbot.waitUntil(lambda: scattered(views, qtbot).inside < whole, timeout=LONG)
    qtbot.keyClick(views.scatter.plot, Qt.Key.Key_0)

    qtbot.waitUntil(lambda: scattered(views, qtbot).inside == whole, timeout=LONG)


def test_that_another_tensor_is_scattered_as_a_whole(show: Show, qtbot: QtBot) -> None:
    panes, views = show(SCATTER)
    scattered(views, qtbot)
    for _ in range(4):
        qtbot.keyClick(views.scatter.plot, Qt.Key.Key_Plus)

    panes.workspace.select("head/c")

    qtbot.waitUntil(lambda: scattered(views, qtbot).inside == 4, timeout=LONG)


def test_that_saturated_values_are_counted_and_crossed(tmp_path: Path, jobs: JobPool, qtbot: QtBot) -> None:
    _, views = panes_on(overflowing(tmp_path), jobs, qtbot, SCATTER)
    scattered(views, qtbot)

    assert "36" in views.scatter.cut_off.text()
    assert len(views.scatter.plot._crosses.data) == 36


def test_that_saturated_values_are_crossed_among_many(
    tmp_path: Path, jobs: JobPool, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tensor_scatter, "MOST_POINTS", 10)
    _, views = panes_on(overflowing(tmp_path), jobs, qtbot, SCATTER)

    found = scattered(views, qtbot)

    assert found.points is None
    assert views.scatter.plot._image.isVisible()
    assert len(views.scatter.plot._crosses.data) == np.count_nonzero(found.saturated)


def test_that_the_histogram_tells_what_is_clipped(tmp_path: Path, jobs: JobPool, qtbot: QtBot) -> None:
    _, views = panes_on(overflowing(tmp_path), jobs, qtbot, HISTOGRAMS)

    assert "0 % below, 25 % above" in views.histograms.clipped.full_text


def test_that_the_histogram_tells_that_all_fits(show: Show) -> None:
    _, views = show(HISTOGRAMS)

    assert "fits into" in views.histograms.clipped.full_text
    assert views.histograms.values._grid is not None
    assert "256 levels" in views.histograms.clipped.toolTip()


def test_that_levels_that_are_never_used_are_told(tmp_path: Path, jobs: JobPool, qtbot: QtBot) -> None:
    workspace = made_workspace(tmp_path)
    wide = replace(INT8, scale=(10.0,))
    with DumpWriter(tmp_path / "simulator-0.h5", {}) as writer:
        writer.add(TENSOR, wide.quantize(golden_of(TENSOR)), "Conv", wide)
    _, views = panes_on(workspace, jobs, qtbot, HISTOGRAMS)

    assert "▲ 1 of 256 levels used" in views.histograms.clipped.full_text


def test_that_counts_can_be_linear(show: Show) -> None:
    _, views = show(HISTOGRAMS)
    top = views.histograms.values.box.viewRange()[1][1]

    views.histograms.logarithmic.setChecked(False)

    assert views.histograms.values.box.viewRange()[1][1] > top


def test_that_channels_are_ranked_beside_the_range_of_golden(show: Show) -> None:
    _, views = show(CHANNELS)
    rows = views.channels.rows

    assert rows.channel(0) == WORST_CHANNEL
    low, high = golden_of(TENSOR)[0, WORST_CHANNEL].min(), golden_of(TENSOR)[0, WORST_CHANNEL].max()
    assert rows.index(0, 2).data() == f"{low:.4g} … {high:.4g}".replace("-", "−")


def test_that_return_on_a_channel_shows_it_in_the_planes(show: Show, qtbot: QtBot) -> None:
    panes, views = show(CHANNELS)
    table = views.channels.table
    table.setFocus()
    table.selectRow(3)
    channel = views.channels.rows.channel(3)

    qtbot.keyClick(table, Qt.Key.Key_Return)

    qtbot.waitUntil(lambda: panes.controls.channel.value() == channel, timeout=LONG)
    assert views.currentIndex() == HEATMAPS


def test_that_another_channel_is_marked_in_the_ranking(show: Show, qtbot: QtBot) -> None:
    panes, views = show(CHANNELS)

    panes.controls.slider.setValue(1)

    rows = views.channels
    qtbot.waitUntil(lambda: rows.rows.channel(rows.table.currentIndex().row()) == 1, timeout=LONG)


def test_that_elements_tell_what_is_stored_for_them(show: Show) -> None:
    _, views = show(VALUES)
    table, element = views.values.elements, views.values._shown[0]

    item = table.item(0, table.columnCount() - 1)
    assert item is not None
    assert item.text() == str(int(simulated(TENSOR)[element.index])).replace("-", "−")


def test_that_a_saturated_element_is_marked(tmp_path: Path, jobs: JobPool, qtbot: QtBot) -> None:
    _, views = panes_on(overflowing(tmp_path), jobs, qtbot, VALUES)

    item = views.values.elements.item(0, 4)
    assert item is not None
    assert item.text() == "✖ 127"


def test_that_a_chosen_element_gets_the_cross_hairs(show: Show, qtbot: QtBot) -> None:
    panes, views = show(VALUES)
    element = views.values._shown[3]

    views.values.elements.selectRow(3)

    qtbot.waitUntil(lambda: f"h {element.index[2]}\u2002w {element.index[3]}" in panes.readout.text(), timeout=LONG)
    assert views.currentIndex() == VALUES


def test_that_an_element_outside_the_part_that_is_seen_is_brought_into_sight(show: Show, qtbot: QtBot) -> None:
    panes, views = show(VALUES)
    boxes = [views.row.panes[source].heatmap.box for source in ("golden", "difference")]
    row, column = (0.0 if at >= 3 else 4.0 for at in views.values._shown[0].index[2:])  # far from it
    views.row.panes["golden"].heatmap.look_at(QRectF(column, row, 1.6, 1.6))

    views.values.elements.selectRow(0)

    at = QPointF(views.values._shown[0].index[3] + 0.5, views.values._shown[0].index[2] + 0.5)
    qtbot.waitUntil(lambda: all(box.viewRect().contains(at) for box in boxes), timeout=LONG)
    assert boxes[0].viewRect().width() < 6  # it is still a part
    assert panes.readout.text()


def test_that_return_on_an_element_shows_it_in_the_planes(show: Show, qtbot: QtBot) -> None:
    panes, views = show(VALUES)
    views.values.elements.setFocus()
    views.values.elements.selectRow(0)

    qtbot.keyClick(views.values.elements, Qt.Key.Key_Return)

    assert views.currentIndex() == HEATMAPS
    qtbot.waitUntil(lambda: panes.controls.channel.value() == WORST_CHANNEL, timeout=LONG)


def test_that_the_channels_can_be_copied(show: Show, qtbot: QtBot) -> None:
    _, views = show(CHANNELS)

    qtbot.keyClick(views.channels.table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)

    lines = QApplication.clipboard().text().splitlines()
    assert lines[0] == "channel\trms of the difference\trange of golden"
    assert lines[1].split("\t")[0] == str(WORST_CHANNEL)
    assert len(lines) == 5


def test_that_copied_numbers_are_numbers_for_a_spreadsheet(show: Show, qtbot: QtBot) -> None:
    _, views = show(VALUES)

    qtbot.keyClick(views.values.statistics, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)

    rows = [line.split("\t") for line in QApplication.clipboard().text().splitlines()]
    assert float(rows[1][1]) == pytest.approx(float(golden_of(TENSOR).min()), rel=1e-3)
    assert float(rows[1][1]) < 0


def test_that_weights_are_shown_with_their_channels(show: Show, qtbot: QtBot) -> None:
    _, views = show(CONSTANTS)
    facts = examined(views, qtbot)

    assert views.constants.list.rowCount() == 1
    assert facts.moments.low.size == 4
    assert facts.ends is not None  # the session's settings encode it
    assert "narrowest" in views.constants.told.full_text
    assert "network's own" in views.constants.which.full_text


def test_that_weights_need_no_run(tmp_path: Path, jobs: JobPool, qtbot: QtBot) -> None:
    workspace = made_workspace(tmp_path, run=False)
    panes = TensorPanes(workspace, jobs)
    qtbot.addWidget(panes)
    panes.show()
    qtbot.mouseClick(panes.controls.views.button(CONSTANTS), Qt.MouseButton.LeftButton)

    workspace.select("block/a")

    assert panes.views is not None
    assert panes.stack.currentWidget() is panes.views
    assert examined(panes.views, qtbot).values.shape == (4, 27)


def test_that_a_layer_without_weights_says_so(show: Show, qtbot: QtBot) -> None:
    panes, views = show(CONSTANTS)
    panes.workspace.select("y")

    assert "no weights" in views.constants.message.text()
    assert views.constants.message.isVisible()


def test_that_a_changed_theme_recolours_every_analysis(show: Show, qtbot: QtBot, qapp: QApplication) -> None:
    panes, views = show(SCATTER)
    scattered(views, qtbot)
    for view in (HISTOGRAMS, CHANNELS, CONSTANTS):
        qtbot.mouseClick(panes.controls.views.button(view), Qt.MouseButton.LeftButton)
    examined(views, qtbot)

    theme.apply(qapp, "dark")

    grounds = {plot.backgroundBrush().color().name() for plot in (
        views.scatter.plot, views.histograms.values, views.constants.ranges, views.constants.histogram,
    )}  # fmt: skip
    theme.apply(qapp, "light")
    assert grounds == {mix(DARK.surface, DARK.background, 0.5).name()}


def test_that_a_question_asked_again_is_answered_at_once(show: Show, qtbot: QtBot) -> None:
    panes, views = show(SCATTER, samples=2)
    first = scattered(views, qtbot)
    panes.workspace.set_sample(1)
    qtbot.waitUntil(lambda: views.scatter.scatter is not first, timeout=LONG)

    panes.workspace.set_sample(0)

    qtbot.waitUntil(lambda: views.scatter.scatter is first, timeout=LONG)

"""The ways to look at a tensor: tiles, means, what is no number, chosen axes, colours, pairs, and what is taken out."""

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QContextMenuEvent, QGuiApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.gui.made_views import open_panes
from tests.gui.made_workspace import INT8, WORST_CHANNEL, golden_of, made_workspace, simulated
from tests.helpers.waiting import LONG
from workbench.dump.store import DumpWriter
from workbench.preprocess.dataset import Sample
from workbench.ui.jobs import JobPool
from workbench.ui.models.tensors.heat_image import NAN
from workbench.ui.models.tensors.planes import CHANNEL, MEAN, STRANGE, TILES, Strange
from workbench.ui.views.tensors.colour_bar import ColourBar
from workbench.ui.views.tensors.panes import TensorPanes
from workbench.ui.views.tensors.tensor_views import TensorViews

Show = Callable[..., tuple[TensorPanes, TensorViews]]


@pytest.fixture
def show(tmp_path: Path, jobs: JobPool, qtbot: QtBot) -> Show:
    """Opens panes on a made workspace with a tensor selected, and waits until everything is there."""

    def opened(tensor: str = "block/b", **options: object) -> tuple[TensorPanes, TensorViews]:
        workspace = made_workspace(tmp_path, **options)  # type: ignore[arg-type]
        return open_panes(workspace, jobs, qtbot, tensor, (1000, 400))

    return opened


def look(panes: TensorPanes, qtbot: QtBot, key: str, way: str) -> None:
    """Press the key of a way, and wait until it is shown."""
    qtbot.waitActive(panes)
    qtbot.keySequence(panes, key)
    qtbot.waitUntil(lambda: panes._planes is not None and panes._planes.way == way, timeout=LONG)


def image(views: TensorViews, source: str) -> np.ndarray:
    found: np.ndarray = views.row.panes[source].heatmap.image.image
    return found


def test_that_a_key_shows_all_channels_and_enter_leads_to_one(show: Show, qtbot: QtBot) -> None:
    panes, views = show()
    look(panes, qtbot, "T", TILES)
    assert panes._planes is not None
    frame = panes._planes.mosaic.frame(1) if panes._planes.mosaic else None
    assert frame is not None
    heatmap = views.row.panes["simulator"].heatmap
    heatmap.mark((frame[1] + 2, frame[0] + 3))

    qtbot.keyClick(heatmap, Qt.Key.Key_Return)

    qtbot.waitUntil(lambda: panes._planes is not None and panes._planes.way == CHANNEL, timeout=LONG)
    assert panes.controls.channel.value() == 1


def test_that_a_place_in_a_tile_tells_its_channel_and_its_values(show: Show, qtbot: QtBot) -> None:
    panes, views = show()
    look(panes, qtbot, "T", TILES)
    assert panes._planes is not None
    frame = panes._planes.mosaic.frame(3) if panes._planes.mosaic else None
    assert frame is not None

    views.row.panes["golden"].pointed.emit((frame[1] + 2, frame[0] + 1))

    text = panes.readout.text()
    assert all(part in text for part in ("c 3", "h 2", "w 1"))
    assert f"{golden_of('block/b')[0, 3, 2, 1]:.5g}".replace("-", "−") in text


def test_that_the_way_stays_while_the_selection_moves(show: Show, qtbot: QtBot) -> None:
    panes, _ = show()
    look(panes, qtbot, "M", MEAN)

    panes.workspace.select("y")  # one channel only
    qtbot.waitUntil(lambda: panes._planes is not None and panes._planes.is_line, timeout=LONG)
    panes.workspace.select("block/b")

    qtbot.waitUntil(lambda: panes._planes is not None and panes._planes.way == MEAN, timeout=LONG)


def test_that_nan_is_shown_where_it_is_and_leads_to_its_channel(tmp_path: Path, jobs: JobPool, qtbot: QtBot) -> None:
    workspace = made_workspace(tmp_path)
    values = golden_of("block/b")
    values[0, 3, 4, 1] = np.nan
    with DumpWriter(tmp_path / "simulator-0.h5", {}) as writer:
        writer.add("block/b", values)
    panes = TensorPanes(workspace, jobs)
    qtbot.addWidget(panes)
    panes.show()
    workspace.select("block/b")
    qtbot.waitUntil(lambda: panes.summary is not None, timeout=LONG)
    panes.controls.channel.setValue(0)
    look(panes, qtbot, "Shift+N", STRANGE)
    assert panes.views is not None
    pane = panes.views.row.panes["simulator"]

    assert np.argwhere(image(panes.views, "simulator") == NAN).tolist() == [[4, 1]]
    assert pane.bar.strange is not None
    assert pane.bar.strange.nan == 1
    pane.pointed.emit((4, 1))
    assert "NaN in 1 of 4 channels, first in 3" in panes.readout.text()
    pane.heatmap.chosen.emit((4, 1))
    qtbot.waitUntil(lambda: panes.controls.channel.value() == 3, timeout=LONG)


def test_that_two_axes_are_chosen_and_the_others_cut(show: Show, qtbot: QtBot) -> None:
    panes, views = show()
    qtbot.waitActive(panes)
    qtbot.keyClick(panes, "A")
    axes = panes.controls.axes
    assert axes.isVisible()

    axes.rows.setCurrentIndex(axes.rows.findData(1))
    axes.rows.activated.emit(axes.rows.currentIndex())
    qtbot.waitUntil(lambda: panes._planes is not None and panes._planes.cut.plane_axes == (1, 3), timeout=LONG)
    axes.spins[2].setValue(4)
    qtbot.waitUntil(lambda: panes._planes is not None and panes._planes.channel == 4, timeout=LONG)

    assert panes._planes is not None
    np.testing.assert_array_equal(panes._planes.values["golden"], golden_of("block/b")[0, :, 4, :])
    assert image(views, "golden").shape == (4, 6)


def test_that_rows_and_columns_change_places(show: Show, qtbot: QtBot) -> None:
    panes, _ = show()
    axes = panes.controls.axes
    panes.controls.way.axes.trigger()

    axes.rows.setCurrentIndex(axes.rows.findData(3))
    axes.rows.activated.emit(axes.rows.currentIndex())

    qtbot.waitUntil(lambda: panes._planes is not None and panes._planes.cut.plane_axes == (3, 2), timeout=LONG)


def test_that_typed_ends_colour_all_panes(show: Show, qtbot: QtBot) -> None:
    panes, views = show()
    popup = panes.controls.colours.popup

    popup.low.setText("-0.25")
    popup.high.setText("0.75")
    popup.bound.setText("0.5")

    def limits(source: str) -> tuple[float, float]:
        found: tuple[float, float] = views.row.panes[source].bar.limits
        return found

    qtbot.waitUntil(lambda: limits("golden") == limits("simulator") == (-0.25, 0.75), timeout=LONG)
    qtbot.waitUntil(lambda: limits("difference") == (-0.5, 0.5), timeout=LONG)
    assert panes.controls.colours.isChecked()


def test_that_an_end_can_be_pasted_as_the_window_writes_it(show: Show, qtbot: QtBot) -> None:
    panes, views = show()
    popup = panes.controls.colours.popup
    popup.show()
    QGuiApplication.clipboard().setText("−0.25")

    qtbot.keyClick(popup.low, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)

    qtbot.waitUntil(lambda: views.row.panes["golden"].bar.limits[0] == -0.25, timeout=LONG)


def test_that_ends_that_are_no_range_are_marked_and_not_used(show: Show) -> None:
    panes, _ = show()
    popup = panes.controls.colours.popup

    popup.low.setText("2")
    popup.high.setText("1")

    assert popup.low.property("invalid")
    assert popup.colours.low is None


def test_that_a_pair_is_chosen_in_the_pane_of_the_difference(show: Show, qtbot: QtBot) -> None:
    panes, views = show(runtime=True)
    menu = views.row.panes["difference"].menu.menu()
    assert menu is not None
    texts = [action.text() for action in menu.actions()]
    assert len(texts) == 6

    menu.actions()[texts.index("runtime − simulator")].trigger()

    expected = golden_of("block/b") - INT8.dequantize(simulated("block/b"))
    qtbot.waitUntil(lambda: panes._planes is not None and panes._planes.pair == ("runtime", "simulator"), timeout=LONG)
    assert panes._planes is not None
    assert panes._planes.gap is not None
    np.testing.assert_allclose(panes._planes.gap, expected[0, panes._planes.channel], atol=1e-6)
    assert views.row.panes["difference"].title.full_text == "runtime − simulator"


def test_that_the_pair_follows_the_colouring(show: Show, qtbot: QtBot) -> None:
    panes, _ = show(runtime=True)

    panes.workspace.set_colouring("runtime.single_sim", "cos")

    qtbot.waitUntil(lambda: panes._planes is not None and panes._planes.pair == ("runtime", "simulator"), timeout=LONG)


def test_that_planes_lie_over_the_picture_that_was_fed(tmp_path: Path, jobs: JobPool, qtbot: QtBot) -> None:
    workspace = made_workspace(tmp_path)
    cv2.imwrite(str(tmp_path / "a.png"), np.full((6, 6, 3), 90, np.uint8))
    workspace.change(samples=(Sample((tmp_path / "a.png",)),))
    panes = TensorPanes(workspace, jobs)
    qtbot.addWidget(panes)
    panes.resize(900, 360)
    panes.show()
    workspace.select("block/b")
    qtbot.waitUntil(lambda: panes.summary is not None, timeout=LONG)
    qtbot.waitActive(panes)

    qtbot.keyClick(panes, "O")

    assert panes.views is not None
    heatmap = panes.views.row.panes["golden"].heatmap
    qtbot.waitUntil(heatmap.picture.isVisible, timeout=LONG)
    assert np.unique(heatmap.picture.image).tolist() == [90]
    assert 0 < heatmap.image.opacity() < 1
    assert heatmap.picture.boundingRect().width() > 0
    qtbot.keyClick(panes, "O")
    assert not heatmap.picture.isVisible()
    assert heatmap.image.opacity() == 1


def test_that_a_tensor_without_height_and_width_lies_over_nothing(show: Show) -> None:
    panes, _ = show("y")

    assert not panes.controls.colours.popup.over.isEnabled()


def test_that_a_pane_is_copied_as_numpy(show: Show, qtbot: QtBot) -> None:
    panes, views = show()
    views.row.panes["simulator"].pointed.emit((0, 0))
    qtbot.waitActive(panes)

    qtbot.keyClick(panes, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier)

    scope: dict[str, np.ndarray] = {}
    exec(QGuiApplication.clipboard().text(), scope)
    expected = INT8.dequantize(simulated("block/b"))[0, WORST_CHANNEL]
    np.testing.assert_array_equal(scope["simulator"], expected)
    assert "Copied simulator" in panes.readout.text()


@pytest.mark.parametrize("ending", ["npy", "csv", "png"])
def test_that_what_is_shown_is_saved(show: Show, tmp_path: Path, qtbot: QtBot, ending: str) -> None:
    panes, _ = show()
    assert panes.export is not None
    target = tmp_path / f"out.{ending}"

    with qtbot.waitSignal(panes.export.said, timeout=LONG) as said:
        panes.export.save_shown("golden", target)

    assert str(target) in said.args[0]
    if ending == "npy":
        np.testing.assert_array_equal(np.load(target), golden_of("block/b")[0, WORST_CHANNEL])
    assert target.stat().st_size > 0


def test_that_a_line_is_saved_as_a_picture(show: Show, tmp_path: Path, qtbot: QtBot) -> None:
    panes, views = show("y")
    assert panes.export is not None

    with qtbot.waitSignal(panes.export.said, timeout=LONG):
        panes.export.save_shown("golden", tmp_path / "line.png")

    line = views.row.panes["golden"].line
    assert cv2.imread(str(tmp_path / "line.png")).shape[:2] == (line.height(), line.width())


def test_that_the_whole_difference_is_saved(show: Show, tmp_path: Path, qtbot: QtBot) -> None:
    panes, _ = show()
    assert panes.export is not None

    with qtbot.waitSignal(panes.export.said, timeout=LONG):
        panes.export.save_whole("difference", tmp_path / "d.npy")

    expected = INT8.dequantize(simulated("block/b")) - golden_of("block/b")
    np.testing.assert_array_equal(np.load(tmp_path / "d.npy"), expected)


def test_that_a_save_that_fails_is_told(show: Show, tmp_path: Path, jobs: JobPool, qtbot: QtBot) -> None:
    panes, _ = show()
    assert panes.export is not None
    (tmp_path / "file").write_text("")

    with qtbot.waitSignal(jobs.unanswered, timeout=LONG) as told:
        panes.export.save_whole("golden", tmp_path / "file" / "d.npy")

    assert "d.npy" in str(told.args[0])


def test_that_arrows_move_the_cross_hairs_in_all_panes(show: Show, qtbot: QtBot) -> None:
    panes, views = show()
    heatmap = views.row.panes["golden"].heatmap
    heatmap.mark((2, 2))

    qtbot.keyClick(heatmap, Qt.Key.Key_Right)

    assert "h 2" in panes.readout.text()
    assert "w 3" in panes.readout.text()
    assert views.row.panes["difference"].heatmap._lines[0].value() == 3.5


def test_that_large_cells_have_numbers_and_a_frame_instead_of_cross_hairs(show: Show, qtbot: QtBot) -> None:
    _, views = show()
    heatmap = views.row.panes["golden"].heatmap
    heatmap.mark((2, 2))
    assert heatmap._lines[0].isVisible()

    heatmap.box.setRange(xRange=(1, 4), yRange=(1, 4), padding=0)
    assert not heatmap._lines[0].isVisible()
    heatmap.mark(None)
    with_numbers = heatmap.grab().toImage()
    heatmap.show_numbers(None)

    assert heatmap.grab().toImage() != with_numbers


def test_that_arrows_move_along_a_line(show: Show, qtbot: QtBot) -> None:
    panes, views = show("y")
    line = views.row.panes["golden"].line
    line.pointed.emit((1,))

    qtbot.keyClick(line, Qt.Key.Key_Right)

    assert f"{golden_of('y')[0, 2]:.5g}".replace("-", "−") in panes.readout.text()


def test_that_the_readout_stays_while_the_channel_changes(show: Show, qtbot: QtBot) -> None:
    panes, views = show()
    views.row.panes["golden"].pointed.emit((1, 2))

    panes.controls.channel.setValue(0)

    value = f"{golden_of('block/b')[0, 0, 1, 2]:.5g}".replace("-", "−")
    qtbot.waitUntil(lambda: value in panes.readout.text(), timeout=LONG)


def test_that_a_chosen_pair_stays_while_the_selection_moves(show: Show, qtbot: QtBot) -> None:
    panes, _ = show()
    panes._on_pair_chosen(("golden", "simulator"))

    panes.workspace.select("y")
    qtbot.waitUntil(lambda: panes._planes is not None and panes._planes.is_line, timeout=LONG)

    assert panes._planes is not None
    assert panes._planes.pair == ("golden", "simulator")


def test_that_plus_and_minus_zoom_and_nought_shows_everything(show: Show, qtbot: QtBot) -> None:
    _, views = show()
    heatmap = views.row.panes["golden"].heatmap
    whole = heatmap.box.viewRect().height()

    qtbot.keyClick(heatmap, Qt.Key.Key_Plus)
    assert heatmap.box.viewRect().height() < whole
    qtbot.keyClick(heatmap, Qt.Key.Key_0)

    assert heatmap.box.viewRect().height() == pytest.approx(whole)


def test_that_the_title_of_a_side_of_a_comparison_is_shown(show: Show) -> None:
    panes, views = show()
    results = panes.workspace.results
    assert results is not None
    object.__setattr__(results, "sides", {"simulator": "toolkit 2.5"})

    panes._draw()

    assert views.row.panes["simulator"].title.full_text == "B toolkit 2.5"
    assert views.row.panes["difference"].title.full_text == "B toolkit 2.5 − golden"


@pytest.mark.parametrize("width", range(40, 220, 20))
def test_that_the_labels_of_the_scale_keep_their_distance(qtbot: QtBot, width: int) -> None:
    bar = ColourBar(difference=True)
    qtbot.addWidget(bar)
    bar.resize(width, bar.height())
    bar.show_limits((-12.345, 12.345))

    low, middle, high = bar.labels()

    measure = bar.fontMetrics().horizontalAdvance
    assert measure(low) + measure(middle) + measure(high) <= width or not middle


def test_that_a_narrow_scale_tells_what_there_is_of_what_is_no_number(qtbot: QtBot) -> None:
    bar = ColourBar(difference=False)
    qtbot.addWidget(bar)
    bar.resize(400, bar.height())
    bar.show_strange(Strange(np.zeros(1), np.zeros(1), nan=0, infinite=7, negative=0))
    assert [text for _, text in bar.counts()] == ["NaN 0", "+∞ 7", "−∞ 0"]

    bar.resize(90, bar.height())

    assert [text for _, text in bar.counts()] == ["+∞ 7"]


def test_that_views_are_a_menu_where_there_is_little_room(show: Show, qtbot: QtBot) -> None:
    panes, views = show()
    panes.resize(500, 300)
    qtbot.waitUntil(panes.controls.view_menu.isVisible, timeout=LONG)
    assert not panes.controls.views.button(0).isVisible()
    assert panes.controls.minimumSizeHint().width() <= 500

    menu = panes.controls.view_menu.menu()
    assert menu is not None
    menu.actions()[2].trigger()

    assert views.currentIndex() == 2


def test_that_a_right_click_offers_what_can_be_taken_out(show: Show, qapp: QApplication) -> None:
    _, views = show()
    viewport = views.row.panes["golden"].heatmap.viewport()
    place = viewport.rect().center()

    qapp.sendEvent(viewport, QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, viewport.mapToGlobal(place)))

    menu = qapp.activePopupWidget()
    assert menu is not None
    assert any("numpy" in action.text() for action in menu.actions())
    menu.close()

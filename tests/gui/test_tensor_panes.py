"""The tensor panes: what is read, compared, enlarged and said."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.gui.made_views import open_panes
from tests.gui.made_workspace import INT8, WORST_CHANNEL, golden_of, made_workspace, simulated
from tests.helpers.waiting import LONG
from workbench.dump.store import DumpWriter
from workbench.ui import theme
from workbench.ui.jobs import JobPool
from workbench.ui.models.tensors.heat_image import INFINITE, NAN
from workbench.ui.views.common.plot_axis import PlotAxis
from workbench.ui.views.tensors.panes import TensorPanes
from workbench.ui.views.tensors.tensor_views import TensorViews
from workbench.ui.widgets import ElidedLabel
from workbench.ui.workspace import Workspace

Show = Callable[..., tuple[TensorPanes, TensorViews]]


@pytest.fixture
def show(tmp_path: Path, jobs: JobPool, qtbot: QtBot) -> Show:
    """Opens panes on a made workspace with a tensor selected, and waits until everything is there."""

    def opened(tensor: str = "block/b", **options: object) -> tuple[TensorPanes, TensorViews]:
        workspace = made_workspace(tmp_path, **options)  # type: ignore[arg-type]
        return open_panes(workspace, jobs, qtbot, tensor)

    return opened


def settled(panes: TensorPanes, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: panes.summary is not None, timeout=LONG)


def image(views: TensorViews, source: str) -> np.ndarray:
    found: np.ndarray = views.row.panes[source].heatmap.image.image
    return found


def test_that_a_selected_tensor_fills_the_panes(show: Show) -> None:
    _, views = show(runtime=True)

    for source in ("golden", "simulator", "runtime", "difference"):
        pane = views.row.panes[source]
        assert pane.stack.currentWidget() is pane.heatmap
        assert pane.numbers.full_text


def test_that_the_three_sources_share_a_range_and_the_difference_has_zero_in_its_middle(show: Show) -> None:
    _, views = show()
    limits = {source: pane.bar.limits for source, pane in views.row.panes.items()}
    sources = (golden_of("block/b"), INT8.dequantize(simulated("block/b")))
    channel = np.concatenate([values[0, WORST_CHANNEL] for values in sources])

    assert limits["golden"] == limits["simulator"] == pytest.approx((channel.min(), channel.max()))
    assert limits["difference"][0] == -limits["difference"][1]


def test_that_a_missing_runtime_leads_to_its_import(show: Show, qtbot: QtBot) -> None:
    panes, views = show()
    runtime = views.row.panes["runtime"]
    assert "import its dumps" in runtime.reason.text()

    with qtbot.waitSignal(panes.workspace.import_wanted) as asked:
        qtbot.mouseClick(runtime.offer, Qt.MouseButton.LeftButton)

    assert asked.args == ["runtime"]


def test_that_another_tensor_begins_with_its_worst_channel(show: Show) -> None:
    panes, _ = show()

    assert panes.controls.channel.value() == WORST_CHANNEL


def test_that_a_chosen_channel_stays_for_the_same_tensor(show: Show, qtbot: QtBot) -> None:
    panes, _ = show(samples=2)
    panes.controls.slider.setValue(1)
    qtbot.waitUntil(lambda: panes.controls.channel.value() == 1, timeout=LONG)

    panes.workspace.set_sample(1)
    settled(panes, qtbot)

    assert panes.controls.channel.value() == 1


def test_that_nothing_of_the_last_tensor_stays_when_there_is_nothing_to_see(show: Show) -> None:
    panes, _ = show()

    panes.workspace.set_results(None)

    assert panes.controls.channel.maximum() == 0
    assert panes.message.text()


@pytest.mark.parametrize("form", ["simulator − golden", "difference", "Δ"])
def test_that_a_narrow_pane_has_a_shorter_title(qtbot: QtBot, form: str) -> None:
    label = ElidedLabel()
    qtbot.addWidget(label)
    label.set_text("simulator − golden", shorter=("difference", "Δ"))
    label.show()

    label.resize(label.fontMetrics().horizontalAdvance(form) + 3, 20)

    assert label.text() == form
    assert label.toolTip() == ("" if form == label.full_text else label.full_text)


def test_that_the_statistics_of_a_pane_have_a_short_form(show: Show) -> None:
    _, views = show()
    numbers = views.row.panes["golden"].numbers
    numbers.resize(90, 16)
    assert " … " in numbers.text()
    assert "mean" not in numbers.text()
    assert "mean" in numbers.toolTip()


def test_that_axes_write_a_true_minus_and_few_powers_of_ten(qapp: QApplication) -> None:
    axis = PlotAxis("left")
    assert axis.tickStrings([-2.0, 1.0], 1.0, 1.0) == ["−2", "1"]
    ticks = axis.logTickValues(-0.3, 6.2, 300, [])
    assert [round(value, 3) for value in ticks[0][1]] == [0, 2, 4, 6]


def test_that_the_worst_channel_is_one_click_away(show: Show, qtbot: QtBot) -> None:
    panes, _ = show()
    panes.controls.slider.setValue(0)
    qtbot.waitUntil(lambda: panes.controls.channel.value() == 0, timeout=LONG)

    qtbot.mouseClick(panes.controls.worst, Qt.MouseButton.LeftButton)

    qtbot.waitUntil(lambda: panes.controls.channel.value() == WORST_CHANNEL, timeout=LONG)
    assert panes.controls.slider.value() == WORST_CHANNEL


def test_that_a_channel_is_shown_in_all_panes(show: Show, qtbot: QtBot) -> None:
    panes, views = show()
    before = {source: image(views, source).copy() for source in ("golden", "simulator", "difference")}

    panes.controls.slider.setValue(1)

    qtbot.waitUntil(lambda: not np.array_equal(image(views, "golden"), before["golden"]), timeout=LONG)
    assert not np.array_equal(image(views, "simulator"), before["simulator"])
    assert panes.controls.channel.value() == 1


@pytest.mark.parametrize(
    ("key", "source"), [("1", "golden"), ("2", "simulator"), ("4", "difference"), ("D", "difference")]
)
def test_that_a_key_enlarges_a_pane_and_brings_the_others_back(show: Show, qtbot: QtBot, key: str, source: str) -> None:
    panes, views = show()
    qtbot.waitActive(panes)

    qtbot.keyClick(panes, key)
    assert [name for name, pane in views.row.panes.items() if pane.isVisible()] == [source]
    qtbot.keyClick(panes, key)
    assert all(pane.isVisible() for pane in views.row.panes.values())


def test_that_escape_brings_all_panes_back(show: Show, qtbot: QtBot) -> None:
    panes, views = show()
    qtbot.waitActive(panes)
    qtbot.keyClick(panes, "4")

    qtbot.keyClick(panes, Qt.Key.Key_Escape)

    assert all(pane.isVisible() for pane in views.row.panes.values())


def test_that_what_was_zoomed_is_seen_as_large_when_the_other_panes_are_back(show: Show, qtbot: QtBot) -> None:
    panes, views = show()
    qtbot.waitActive(panes)
    qtbot.keyClick(views.row.panes["golden"].heatmap, Qt.Key.Key_Plus)
    box = views.row.panes["golden"].heatmap.box
    before = box.viewRect()

    qtbot.keyClick(panes, "4")
    qtbot.waitUntil(lambda: not box.isVisible() or views.row.panes["difference"].width() > panes.width() / 2)
    qtbot.keyClick(panes, "4")

    def is_back() -> bool:
        seen = box.viewRect()
        near = seen.center() - before.center()
        return near.manhattanLength() < 1 and seen.height() == pytest.approx(before.height(), rel=0.3)

    qtbot.waitUntil(is_back)


def test_that_zoom_in_one_pane_is_zoom_in_all(show: Show) -> None:
    _, views = show()

    views.row.panes["golden"].heatmap.box.setRange(xRange=(1, 3), yRange=(1, 3), padding=0)

    rows = [pane.heatmap.box.viewRange()[1] for name, pane in views.row.panes.items() if name != "runtime"]
    assert all(seen == pytest.approx(rows[0], abs=0.1) for seen in rows)  # columns differ where panes differ in width


def test_that_single_shows_the_values_from_golden_inputs(show: Show, qtbot: QtBot) -> None:
    panes, views = show()

    qtbot.mouseClick(panes.controls.modes.button(1), Qt.MouseButton.LeftButton)

    qtbot.waitUntil(lambda: np.array_equal(image(views, "simulator"), image(views, "golden")), timeout=LONG)


def test_that_another_input_is_read_from_its_dumps(show: Show, qtbot: QtBot) -> None:
    panes, views = show(samples=2)
    before = image(views, "golden").copy()

    panes.controls.samples.setCurrentIndex(1)

    qtbot.waitUntil(lambda: not np.array_equal(image(views, "golden"), before), timeout=LONG)
    assert panes.workspace.sample == 1


def test_that_the_value_under_the_pointer_is_told_in_every_source(show: Show, qtbot: QtBot) -> None:
    panes, views = show()
    heatmap = views.row.panes["simulator"].heatmap
    spot = heatmap.mapFromScene(heatmap.box.mapViewToScene(QPointF(3.5, 2.5)))

    qtbot.mouseMove(heatmap.viewport(), spot)

    text = panes.readout.text()
    stored = int(simulated("block/b")[0, WORST_CHANNEL, 2, 3])
    assert "h 2" in text
    assert "w 3" in text
    assert f"stored {stored}".replace("-", "−") in text
    assert f"{golden_of('block/b')[0, WORST_CHANNEL, 2, 3]:.5g}".replace("-", "−") in text
    assert "steps" in text


def test_that_nan_and_infinity_are_counted_and_have_their_own_colours(
    tmp_path: Path, jobs: JobPool, qtbot: QtBot
) -> None:
    workspace = made_workspace(tmp_path)
    values = golden_of("block/b")
    values[0, 0, 0, :2] = np.nan
    values[0, 0, 1, :3] = np.inf
    with DumpWriter(tmp_path / "simulator-0.h5", {}) as writer:
        writer.add("block/b", values)
    panes = TensorPanes(workspace, jobs)
    qtbot.addWidget(panes)
    workspace.select("block/b")
    settled(panes, qtbot)
    assert panes.views is not None
    pane = panes.views.row.panes["simulator"]

    assert "2 NaN" in pane.alarm.text()
    assert "3 ∞" in pane.alarm.text()
    assert np.count_nonzero(image(panes.views, "simulator") == NAN) == 2
    assert np.count_nonzero(image(panes.views, "simulator") == INFINITE) == 3


def test_that_a_tensor_of_one_long_axis_is_a_line(show: Show) -> None:
    panes, views = show("y")
    pane = views.row.panes["golden"]

    assert pane.stack.currentWidget() is pane.line
    np.testing.assert_array_equal(pane.line.curve.getData()[1], golden_of("y")[0])
    assert panes.controls.channel.isHidden()


def test_that_a_large_difference_leads_to_its_channel(show: Show, qtbot: QtBot) -> None:
    panes, views = show()
    qtbot.mouseClick(panes.controls.views.button(2), Qt.MouseButton.LeftButton)

    views.values.elements.selectRow(0)

    qtbot.waitUntil(lambda: panes.controls.channel.value() == WORST_CHANNEL, timeout=LONG)


def test_that_statistics_of_all_sources_stand_side_by_side(show: Show, qtbot: QtBot) -> None:
    panes, views = show(runtime=True)

    qtbot.mouseClick(panes.controls.views.button(2), Qt.MouseButton.LeftButton)

    table = views.values.statistics
    titles = [table.horizontalHeaderItem(place).text() for place in range(table.columnCount())]
    assert titles == ["golden", "simulator", "runtime", "Δ"]


@pytest.mark.parametrize("name", ["light", "dark"])
def test_that_histograms_show_every_source_in_its_colour(
    show: Show, qtbot: QtBot, qapp: QApplication, name: str
) -> None:
    theme.apply(qapp, name)
    panes, views = show(runtime=True)

    qtbot.mouseClick(panes.controls.views.button(1), Qt.MouseButton.LeftButton)

    curves = views.histograms.values.curves
    colours = [curve.opts["pen"].color().name() for curve in curves]
    assert colours == [theme.active().source(source).name() for source in ("golden", "simulator", "runtime")]
    theme.apply(qapp, "light")


def test_that_a_damaged_dump_is_told_instead_of_shown(tmp_path: Path, jobs: JobPool, qtbot: QtBot) -> None:
    workspace = made_workspace(tmp_path)
    (tmp_path / "simulator-0.h5").write_bytes(b"nothing")
    panes = TensorPanes(workspace, jobs)
    qtbot.addWidget(panes)

    workspace.select("block/b")

    qtbot.waitUntil(lambda: "simulator-0.h5" in panes.message.text(), timeout=LONG)
    assert panes.stack.currentWidget() is panes.message


def test_that_an_empty_selection_says_what_to_do(tmp_path: Path, jobs: JobPool, qtbot: QtBot) -> None:
    done, fresh = made_workspace(tmp_path / "a"), Workspace()

    for workspace, said in ((done, "Select a layer"), (fresh, "Run the analysis")):
        panes = TensorPanes(workspace, jobs)
        qtbot.addWidget(panes)
        assert said in panes.message.text()


def test_that_a_changed_theme_recolours_the_difference(show: Show, qapp: QApplication) -> None:
    _, views = show()
    before = views.row.panes["difference"].heatmap.image.lut[100].tolist()

    theme.apply(qapp, "dark")

    assert views.row.panes["difference"].heatmap.image.lut[100].tolist() != before
    theme.apply(qapp, "light")


@pytest.mark.parametrize(("view", "first", "last"), [(1, "logarithmic", "difference"), (4, "axis", "table")])
def test_that_the_tab_key_goes_through_a_page_that_was_made_later(
    tmp_path: Path, jobs: JobPool, qtbot: QtBot, view: int, first: str, last: str
) -> None:
    panes, views = open_panes(made_workspace(tmp_path), jobs, qtbot, "block/b")
    qtbot.waitActive(panes)
    panes.controls.views.button(view).click()
    page = views.histograms if view == 1 else views.channels
    qtbot.waitUntil(page.isVisible, timeout=LONG)

    panes.controls.out.setFocus()
    qtbot.keyClick(panes.controls.out, Qt.Key.Key_Tab)
    assert getattr(page, first).hasFocus()
    for _ in range(2):
        qtbot.keyClick(panes.window().focusWidget(), Qt.Key.Key_Tab)

    assert getattr(page, last).hasFocus()


def test_that_the_tab_key_goes_through_lines(tmp_path: Path, jobs: JobPool, qtbot: QtBot) -> None:
    panes, views = open_panes(made_workspace(tmp_path), jobs, qtbot, "y")
    qtbot.waitActive(panes)

    panes.controls.out.setFocus()
    qtbot.keyClick(panes.controls.out, Qt.Key.Key_Tab)

    assert views.row.panes["golden"].line.hasFocus()

"""Tensors that are no ordinary planes: long lines, single values, nothing at all, a NaN among a million elements."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.gui.made_views import Panes, open_panes
from tests.gui.made_workspace import made_workspace
from tests.helpers.waiting import LONG
from tests.unit.networks import random
from workbench.dump.store import DumpWriter
from workbench.quantize.encoding import Encoding
from workbench.ui.jobs import JobPool
from workbench.ui.models.tensors.heat_image import INFINITE_COLOUR, NAN_COLOUR, NEGATIVE_COLOUR
from workbench.ui.models.tensors.planes import Strange
from workbench.ui.views.tensors.colour_bar import ColourBar
from workbench.ui.views.tensors.line_plot import LinePlot, outline
from workbench.ui.views.tensors.tensor_views import HISTOGRAMS, VALUES

TENSOR = "block/b"
INT8 = Encoding("int8", (0.5,), (1,))
Show = Callable[..., Panes]


@pytest.fixture
def show(tmp_path: Path, jobs: JobPool, qtbot: QtBot) -> Show:
    """Opens panes on a tensor of golden and of the simulator's integers."""

    def opened(golden: np.ndarray, stored: np.ndarray | None = None) -> Panes:
        workspace = made_workspace(tmp_path)
        with DumpWriter(tmp_path / "golden-0.h5", {}) as writer:
            writer.add(TENSOR, golden)
        with DumpWriter(tmp_path / "simulator-0.h5", {}) as writer:
            writer.add(TENSOR, golden if stored is None else stored, "Conv", None if stored is None else INT8)
        return open_panes(workspace, jobs, qtbot, TENSOR, (1000, 400))

    return opened


@pytest.mark.parametrize(
    ("value", "colour"), [(np.nan, NAN_COLOUR), (np.inf, INFINITE_COLOUR), (-np.inf, NEGATIVE_COLOUR)]
)
def test_that_one_value_that_is_no_number_is_seen_in_a_large_plane(
    show: Show, value: float, colour: tuple[int, ...]
) -> None:
    values = random(1, 1, 1001, 1003)
    values[0, 0, 502, 333] = value
    _, views = show(values)

    picture = views.row.panes["golden"].heatmap.grab().toImage()

    seen = {picture.pixelColor(x, y).name() for x in range(picture.width()) for y in range(0, picture.height(), 2)}
    assert QColor(*colour).name() in seen


def test_that_a_scalar_is_a_number_and_the_integer_that_is_stored(show: Show) -> None:
    _, views = show(np.array(3.25, np.float32), np.array(7, np.int8))
    panes = views.row.panes

    assert panes["golden"].reason.text() == "3.25"
    assert panes["simulator"].reason.text() == "3\n(7)"
    assert panes["difference"].reason.text() == "−0.25"


def test_that_nothing_is_told_of_what_has_no_numbers(show: Show, qtbot: QtBot) -> None:
    panes, views = show(np.full((1, 2, 3, 3), np.nan, np.float32))
    assert views.row.panes["golden"].numbers.full_text == ""
    assert "18 NaN" in views.row.panes["golden"].alarm.text()

    qtbot.mouseClick(panes.controls.views.button(HISTOGRAMS), Qt.MouseButton.LeftButton)
    assert views.histograms.clipped.full_text == "No value is a finite number."
    qtbot.mouseClick(panes.controls.views.button(VALUES), Qt.MouseButton.LeftButton)
    item = views.values.statistics.item(0, 0)
    assert item is not None
    assert item.text() == "–"


def test_that_lines_are_zoomed_together_and_shown_whole_again(show: Show, qtbot: QtBot) -> None:
    _, views = show(random(1, 500))
    lines = [views.row.panes[source].line for source in ("golden", "simulator", "difference")]

    turn_wheel(lines[1])

    ranges = [line.box.viewRange()[0] for line in lines]
    assert ranges[0] == ranges[1] == ranges[2]
    assert ranges[0][1] - ranges[0][0] < 400
    assert lines[0].box.viewRange()[1] == lines[1].box.viewRange()[1]  # the range of values stays the common one

    qtbot.keyClick(lines[2], Qt.Key.Key_0)

    low, high = lines[0].box.viewRange()[0]
    assert low < 0
    assert high > 499


def test_that_the_mark_of_a_zoomed_line_stays_in_sight(show: Show, qtbot: QtBot) -> None:
    panes, views = show(random(1, 500))
    line = views.row.panes["golden"].line
    for _ in range(8):
        qtbot.keyClick(line, Qt.Key.Key_Plus)
    for _ in range(9):
        qtbot.keyClick(line, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)

    low, high = line.box.viewRange()[0]
    at = int(panes.readout.text().split("]")[0].split(",")[1])
    assert low < at < high


def turn_wheel(line: LinePlot) -> None:
    place = line.viewport().rect().center()
    event = QWheelEvent(
        QPointF(place), QPointF(line.viewport().mapToGlobal(place)), QPoint(), QPoint(0, 480), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(line.viewport(), event)


def test_that_a_long_line_keeps_its_peaks() -> None:
    values = np.zeros(1_000_003, np.float32)
    values[[123_456, 999_999, 1_000_002]] = 5, -7, 3

    places, heights = outline(values, 0, values.size)

    assert places.size < 10_000
    assert (heights.max(), heights.min(), heights[-1]) == (5, -7, 3)
    assert abs(places[heights.argmax()] - 123_456) < 500


def test_that_a_short_part_of_a_line_is_drawn_as_it_is() -> None:
    values = random(100_000)
    values[50_010] = np.inf

    places, heights = outline(values, 50_000, 50_100)

    assert places.tolist() == list(range(50_000, 50_100))
    assert np.isnan(heights[10])
    np.testing.assert_array_equal(np.delete(heights, 10), np.delete(values[50_000:50_100], 10))


def test_that_a_narrow_scale_counts_both_infinities_together(qtbot: QtBot) -> None:
    bar = ColourBar(difference=False)
    qtbot.addWidget(bar)
    bar.show_strange(Strange(np.zeros(1), np.zeros(1), nan=1, infinite=7, negative=2))
    bar.resize(110, bar.height())

    assert [text for _, text in bar.counts()] == ["NaN 1", "±∞ 9"]


@pytest.mark.parametrize("width", [300, 420, 1200])
def test_that_no_number_is_cut_off(show: Show, qtbot: QtBot, width: int) -> None:
    panes, views = show(random(1, 4, 6, 6) * np.float32(1e-9), np.full((1, 4, 6, 6), -128, np.int8))
    panes.resize(width, 300)
    panes.controls.views.button(VALUES).click()
    table = views.values.elements
    qtbot.waitUntil(table.isVisible, timeout=LONG)

    assert all(table.columnWidth(place) >= table.sizeHintForColumn(place) for place in range(table.columnCount()))


def test_that_what_cannot_be_shown_is_told_in_words(tmp_path: Path, jobs: JobPool, qtbot: QtBot) -> None:
    workspace = made_workspace(tmp_path)
    with DumpWriter(tmp_path / "simulator-0.h5", {}) as writer:
        writer.add(TENSOR, random(1, 4, 3, 3))
    _, views = open_panes(workspace, jobs, qtbot, TENSOR)

    reason = views.row.panes["simulator"].reason.text()
    assert "1×4×3×3" in reason
    assert "1×4×6×6" in reason

"""Sweeps in the window: what is varied, the lines and the table, a place opened and used."""

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.helpers.waiting import LONG
from workbench.compare.compare import Errors
from workbench.compare.grades import Grade
from workbench.project.session import load_session
from workbench.project.sweeps.file import save_place
from workbench.ui.main_window import MainWindow
from workbench.ui.models.sweep.lines import lines_of
from workbench.ui.reading_sweep import Wanted, plan
from workbench.ui.sweeping import Sweeping
from workbench.ui.views.sweep.page import SweepPage

TWO = {"method": ("channel", "layer"), "algorithm": ("normal",)}
SIX = {"method": ("channel", "layer"), "algorithm": ("normal", "kl_divergence", "mmse")}
COSINES = (0.99, 0.9999, 0.95, 0.7, 0.98)
"""Of the places of SIX that are known; the last one is not."""


def errors(cosine: float) -> Errors:
    return Errors({"cos": cosine, "euc": 1 - cosine}, {"cos": cosine - 0.1, "euc": 1.0}, {"cos": 0}, 2)


@pytest.fixture
def swept(done_window: MainWindow, qtbot: QtBot) -> MainWindow:
    """A window on a session of which five of six settings are known."""
    folder = done_window.workspace.folder
    assert folder is not None
    _, found = plan(load_session(folder), folder, Wanted(SIX))
    assert found.sweep is not None
    for place, cosine in zip(found.sweep.places, COSINES, strict=False):
        save_place(replace(place, outputs={"scores": errors(cosine)}, seconds=10 * cosine), folder)
    shown(done_window, SIX, qtbot)
    return done_window


def shown(window: MainWindow, axes: dict[str, tuple[str, ...]], qtbot: QtBot) -> SweepPage:
    """The page with these axes."""
    window.actions_.sweep.trigger()
    sweeping = window.studies.sweeping
    qtbot.waitUntil(lambda: bool(sweeping.planned.offers), timeout=LONG)
    sweeping.vary(axes, "embedded")
    qtbot.waitUntil(lambda: sweeping.sweep is not None and dict(sweeping.sweep.axes) == axes, timeout=LONG)
    return window.studies.sweep


def row_texts(page: SweepPage, row: int) -> list[str]:
    return [page.table.index(row, column).data() for column in range(page.table.columnCount())]


def test_that_a_session_without_inputs_is_asked_for_some(demo_window: MainWindow) -> None:
    demo_window.workspace.change(samples=())
    demo_window.actions_.sweep.trigger()
    page = demo_window.studies.sweep
    assert page.stack.currentIndex() == 0
    assert "inputs" in page.none.text()
    assert page.add_button.isVisibleTo(page)


def test_that_the_tensors_make_way_for_the_sweep(done_window: MainWindow) -> None:
    done_window.actions_.sweep.trigger()
    assert not done_window.panes.isVisible()
    done_window.desk.show_map(done_window.graph)
    assert done_window.panes.isVisible()


def test_that_only_what_the_chip_can_is_offered(done_window: MainWindow, qtbot: QtBot) -> None:
    page = shown(done_window, TWO, qtbot)
    assert tuple(page.form.lines["type"].boxes) == ("w8a8", "w16a16i_dfp", "fp16")
    assert "optimization levels" in page.form.lines["level"].none.full_text
    assert page.story.full_text == "0 of 2 known"
    assert page.begin.text() == "Compute 2"


def test_that_a_box_varies_its_axis(swept: MainWindow, qtbot: QtBot) -> None:
    page, sweeping = swept.studies.sweep, swept.studies.sweeping
    page.form.lines["algorithm"].boxes["mmse"].click()
    qtbot.waitUntil(lambda: sweeping.sweep is not None and len(sweeping.sweep.places) == 4, timeout=LONG)
    assert page.form.axes == {"method": ("channel", "layer"), "algorithm": ("normal", "kl_divergence")}


def test_that_a_number_of_calibration_inputs_can_be_typed(swept: MainWindow, qtbot: QtBot) -> None:
    page, sweeping = swept.studies.sweep, swept.studies.sweeping
    line = page.form.lines["calibration"]
    assert line.others is not None
    line.others.setFocus()
    QTest.keyClicks(line.others, "7 3")
    QTest.keyClick(line.others, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: sweeping.sweep is not None and "calibration" in sweeping.sweep.axes, timeout=LONG)
    assert sweeping.sweep is not None
    assert sweeping.sweep.axes["calibration"] == ("3", "7")


def test_that_the_best_stands_first_and_what_is_not_known_last(swept: MainWindow) -> None:
    page = swept.studies.sweep
    assert row_texts(page, 0)[:3] == ["channel", "kl_divergence", "● 0.99990"]
    assert row_texts(page, 5)[-1] == "not computed yet"
    assert page.begin.text() == "Compute 1"


@pytest.mark.parametrize("order", [Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder])
def test_that_a_column_orders_the_rows(swept: MainWindow, order: Qt.SortOrder) -> None:
    page = swept.studies.sweep
    page.view.sortByColumn(2, order)
    cosines = [page.table.place(row).value("cos") for row in range(5)]
    assert cosines == sorted(COSINES, reverse=order == Qt.SortOrder.AscendingOrder)
    assert not page.table.place(5).outputs


def test_that_a_line_is_worse_the_lower_it_crosses_the_cosine(swept: MainWindow) -> None:
    lines = lines_of(swept.studies.sweeping.sweep)
    cosine = next(axis for axis in lines.axes if axis.key == "cos")
    assert lines.grades[-1] == Grade.GOOD
    assert (cosine.at[0], cosine.at[-1]) == (0.0, 1.0)
    assert list(cosine.at) == sorted(cosine.at)
    assert [axis.key for axis in lines.axes] == ["method", "algorithm", "cos", "seconds"]


def test_that_a_brush_leaves_the_rows_within(swept: MainWindow) -> None:
    page = swept.studies.sweep
    plot, places = page.plot, page.plot._places()
    number = [axis.key for axis in plot.lines.axes].index("method")
    top, middle = places.point(number, 0.98).toPoint(), places.point(number, 0.52).toPoint()
    QTest.mousePress(plot, Qt.MouseButton.LeftButton, pos=top)
    QTest.mouseMove(plot, middle)
    QTest.mouseRelease(plot, Qt.MouseButton.LeftButton, pos=middle)
    assert {page.table.place(row).at["method"] for row in range(page.table.rowCount())} == {"channel"}
    QTest.mouseClick(plot, Qt.MouseButton.LeftButton, pos=middle)
    assert page.table.rowCount() == 6


def test_that_a_click_on_a_line_chooses_its_row(swept: MainWindow) -> None:
    page = swept.studies.sweep
    plot = page.plot
    best = len(plot.lines.names) - 1
    first, second = plot._points(plot._places(), best)[1:3]
    QTest.mouseClick(plot, Qt.MouseButton.LeftButton, pos=((first + second) / 2).toPoint())
    assert page.view.currentIndex().row() == 0
    assert page.chosen == plot.lines.names[best]


def test_that_keys_go_from_line_to_line(swept: MainWindow) -> None:
    page = swept.studies.sweep
    for _ in range(2):
        QTest.keyClick(page.plot, Qt.Key.Key_Right)
    QTest.keyClick(page.plot, Qt.Key.Key_Up)
    assert page.view.currentIndex().row() == 0
    QTest.keyClick(page.plot, Qt.Key.Key_Down)
    assert page.view.currentIndex().row() == 1
    for _ in range(9):
        QTest.keyClick(page.plot, Qt.Key.Key_Plus)
    assert page.table.rowCount() == 1
    QTest.keyClick(page.plot, Qt.Key.Key_Delete)
    assert page.table.rowCount() == 6


def test_that_using_a_place_is_one_step_of_undo(swept: MainWindow, qtbot: QtBot) -> None:
    page, workspace = swept.studies.sweep, swept.workspace
    before = workspace.session
    page.choose(page.table.place(0).name)
    with qtbot.waitSignal(workspace.edited, timeout=LONG):
        page.use_button.click()
    assert workspace.session is not None
    assert (workspace.session.quant.method, workspace.session.quant.algorithm) == ("channel", "kl_divergence")
    swept.actions_.undo.trigger()
    assert workspace.session == before


def test_that_a_sweep_is_computed_opened_and_there_again(
    done_window: MainWindow, own_processes: None, qtbot: QtBot
) -> None:
    page, sweeping = shown(done_window, TWO, qtbot), done_window.studies.sweeping
    page.begin.click()
    qtbot.waitUntil(lambda: not sweeping.is_running, timeout=8 * LONG)
    assert not sweeping.missing
    assert not page.form.isVisible()
    page.choose(page.table.place(1).name)
    page.open_button.click()
    qtbot.waitUntil(lambda: done_window.workspace.is_comparing, timeout=4 * LONG)
    results = done_window.workspace.results
    assert results is not None
    assert [title.split("-")[0] for title in results.sides.values()] == ["golden", "simulator", "w8a8"]
    again = Sweeping(done_window.workspace, done_window.jobs, done_window.messages, done_window.comparisons.comparer)
    again.look_if_due()
    qtbot.waitUntil(lambda: again.sweep is not None, timeout=LONG)
    assert again.sweep == sweeping.sweep


def test_that_a_cancelled_sweep_keeps_what_is_done(done_window: MainWindow, own_processes: None, qtbot: QtBot) -> None:
    page, sweeping = shown(done_window, SIX, qtbot), done_window.studies.sweeping
    page.begin.click()
    folder = done_window.workspace.folder
    assert folder is not None
    qtbot.waitUntil(lambda: bool(known_files(folder)), timeout=8 * LONG)
    page.stop.click()
    qtbot.waitUntil(lambda: not sweeping.is_running, timeout=2 * LONG)
    qtbot.waitUntil(lambda: 0 < len(sweeping.missing) < 6, timeout=LONG)
    assert page.begin.isVisible()


def known_files(folder: Path) -> list[Path]:
    return list((folder / "sweep").glob("w8a8-*.json"))

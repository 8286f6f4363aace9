"""Boxes that stand for several rows: what they say, and the way to each row."""

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from tests.gui.made_views import open_graph
from tests.gui.made_workspace import made_workspace
from tests.helpers.waiting import LONG
from workbench.compare.compare import LayerError, summarise
from workbench.compare.grades import grade
from workbench.ui.jobs import JobPool
from workbench.ui.views.graph.rows_menu import add_rows
from workbench.ui.views.graph.sheet import box_rect, row_rects
from workbench.ui.views.graph.tip import box_tip
from workbench.ui.views.graph.view import GraphView
from workbench.ui.workspace import Workspace

VALUES = {"block/b": 0.9999, "head/c": 0.4, "head/c_mm": 0.97, "y": 0.99999}


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """Two rows are made of one layer."""
    result = made_workspace(tmp_path)
    assert result.results is not None
    more = [replace(row, tensor="head/c_mm", golden="") for row in result.rows if row.tensor == "head/c"]
    rows = tuple(_with(row) for row in (*result.rows, *more))
    layers_of = {**result.results.layers_of, "head/c_mm": result.layers_of("head/c")}
    result.set_results(replace(result.results, rows=rows, layers_of=layers_of))
    return result


def _with(row: LayerError) -> LayerError:
    found = {"simulator.entire": summarise([{"cos": VALUES[row.tensor], "euc": 101.0}])} if row.tensor in VALUES else {}
    return replace(row, errors=found)


@pytest.fixture
def view(workspace: Workspace, jobs: JobPool, qtbot: QtBot) -> GraphView:
    return open_graph(workspace, jobs, qtbot)


def fused(view: GraphView) -> int:
    return view.diagram.index_of["head/c"]


def opened(view: GraphView, qtbot: QtBot) -> int:
    height = view.canvas.widget_rect(fused(view)).height()
    view.pane.loader.toggle(fused(view))
    qtbot.waitUntil(lambda: view.canvas.widget_rect(fused(view)).height() > height, timeout=LONG)
    return fused(view)


def test_that_a_box_of_several_rows_says_that_its_number_is_the_least(view: GraphView, workspace: Workspace) -> None:
    assert view.canvas.scenery is not None
    assert (view.canvas.scenery.colouring.texts[fused(view)], view.canvas.scenery.colouring.extreme(fused(view))) == (
        "0.40000",
        "min",
    )
    workspace.set_colouring("simulator.entire", "euc")
    assert view.canvas.scenery.colouring.extreme(fused(view)) == "max"
    assert view.canvas.scenery.colouring.extreme(view.diagram.index_of["y"]) == ""


def test_that_a_click_on_a_box_of_several_rows_selects_the_worst(
    view: GraphView, workspace: Workspace, qtbot: QtBot
) -> None:
    place = view.canvas.widget_rect(fused(view)).center().toPoint()
    qtbot.mouseClick(view.canvas, Qt.MouseButton.LeftButton, pos=place)
    assert workspace.selected == "head/c"


def test_that_the_tool_tip_lists_the_rows_with_their_numbers(view: GraphView, workspace: Workspace) -> None:
    tip = box_tip(view.diagram.boxes[fused(view)], workspace)
    assert "Worst of 2 rows" in tip
    assert tip.index("✖ 0.40000") < tip.index("▲ 0.97000")


def test_that_the_menu_goes_to_any_row_the_worst_first(view: GraphView, workspace: Workspace, qtbot: QtBot) -> None:
    menu = QMenu(view)
    menu.addAction("other")
    add_rows(menu, workspace, view.diagram.boxes[fused(view)])
    inner = menu.actions()[0].menu()
    assert isinstance(inner, QMenu)
    assert [action.text().split("  ")[0] for action in inner.actions()] == ["✖ 0.40000", "▲ 0.97000"]
    inner.actions()[1].trigger()
    assert workspace.selected == "head/c_mm"


def test_that_the_menu_of_a_box_of_one_row_has_no_list(view: GraphView, workspace: Workspace) -> None:
    menu = QMenu(view)
    menu.addAction("other")
    add_rows(menu, workspace, view.diagram.boxes[view.diagram.index_of["y"]])
    assert len(menu.actions()) == 1


def test_that_a_row_of_an_open_group_is_selected_by_a_click_on_it(
    view: GraphView, workspace: Workspace, qtbot: QtBot
) -> None:
    box = opened(view, qtbot)
    assert view.canvas.scenery is not None
    geometry = view.canvas.scenery.geometry
    view.canvas.look_at(*geometry.centre(box), 1.0)
    assert view.diagram.boxes[box].row_lines == ("head/c", "head/c_mm")
    line, corner = row_rects(view.diagram.boxes[box], box_rect(geometry, box))[1], view.canvas.visible()
    place = QPoint(round(line.center().x() - corner[0]), round(line.center().y() - corner[1]))
    qtbot.mouseClick(view.canvas, Qt.MouseButton.LeftButton, pos=place)
    assert workspace.selected == "head/c_mm"
    assert view.canvas.marks.row == "head/c_mm"


def test_that_graph_and_table_have_the_same_symbol_for_the_same_value(view: GraphView, workspace: Workspace) -> None:
    assert view.canvas.scenery is not None
    row = workspace.row("head/c")
    assert row is not None
    for metric in ("cos", "euc"):  # grades, and a ramp
        workspace.set_colouring("simulator.entire", metric)
        of_table = grade(metric, "simulator.entire", workspace.value(row))
        assert view.canvas.scenery.colouring.symbol(fused(view)) == of_table.symbol == "✖"


def test_that_an_open_group_is_painted_with_its_rows(view: GraphView, qtbot: QtBot) -> None:
    box = opened(view, qtbot)
    before = view.canvas.grab().toImage()
    view.canvas.marks.row = "head/c_mm"
    view.canvas.update()
    assert view.canvas.grab().toImage() != before
    assert view.diagram.boxes[box].is_open

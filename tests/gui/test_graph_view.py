"""The graph: what is shown, selected, found and coloured."""

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.gui.made_views import open_graph, search
from tests.gui.made_workspace import made_results, made_workspace
from tests.helpers.waiting import LONG
from tests.unit.ui.test_graph_model import graph_of
from workbench.foundation.errors import WorkbenchError
from workbench.graph.graph import Graph, Model
from workbench.project.session import Session
from workbench.ui import theme
from workbench.ui.jobs import JobPool
from workbench.ui.models.graph.links import HUB
from workbench.ui.views.graph import loader as graph_loader
from workbench.ui.views.graph.canvas import MAX_SCALE
from workbench.ui.views.graph.tip import box_tip
from workbench.ui.views.graph.view import GraphView
from workbench.ui.workspace import Workspace


def place_of(view: GraphView, tensor: str) -> QPoint:
    return view.canvas.widget_rect(view.diagram.index_of[tensor]).center().toPoint()


def wheel(view: GraphView, at: QPoint, turn: int) -> None:
    canvas = view.canvas
    event = QWheelEvent(
        QPointF(at), QPointF(canvas.mapToGlobal(at)), QPoint(), QPoint(0, turn), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(canvas, event)


def test_that_a_fused_group_is_one_box(view: GraphView) -> None:
    assert [(box.kind, box.tensor) for box in view.diagram.boxes] == [
        ("input", "x"), ("layer", "block/b"), ("layer", "head/c"), ("layer", "y"), ("output", "y"),
    ]  # fmt: skip


def test_that_a_click_selects_the_row_everywhere(view: GraphView, workspace: Workspace, qtbot: QtBot) -> None:
    qtbot.mouseClick(view.canvas, Qt.MouseButton.LeftButton, pos=place_of(view, "head/c"))

    assert workspace.selected == "head/c"
    assert view.canvas.marks.selected == view.diagram.index_of["head/c"]


def test_that_a_selection_elsewhere_is_marked_and_brought_into_sight(view: GraphView, workspace: Workspace) -> None:
    view.canvas.look_at(-5000, -5000, 1.0)

    workspace.select("y")

    assert view.canvas.marks.selected == view.diagram.index_of["y"]
    assert view.canvas.rect().contains(place_of(view, "y"))


def test_that_a_visible_selection_does_not_move_the_view(view: GraphView, workspace: Workspace) -> None:
    view.fit()
    before = view.canvas.visible()

    workspace.select("head/c")

    assert view.canvas.visible() == before


def test_that_arrows_walk_along_the_edges(view: GraphView, workspace: Workspace, qtbot: QtBot) -> None:
    workspace.select("block/b")

    qtbot.keyClick(view.canvas, Qt.Key.Key_Down)
    assert workspace.selected == "head/c"
    qtbot.keyClick(view.canvas, Qt.Key.Key_Up)
    qtbot.keyClick(view.canvas, Qt.Key.Key_Up)
    assert workspace.selected == "x"


def test_that_a_search_marks_all_matches_and_selects_the_first(
    view: GraphView, workspace: Workspace, qtbot: QtBot
) -> None:
    found = search(view, qtbot, "op:sigmoid")

    assert found == ["head/c", "y"]
    assert workspace.selected == "head/c"
    assert view.canvas.marks.found == {view.diagram.index_of[name] for name in found}


def test_that_f3_goes_to_the_next_match_and_back(view: GraphView, workspace: Workspace, qtbot: QtBot) -> None:
    search(view, qtbot, "op:sigmoid")

    qtbot.keyClick(view.canvas, Qt.Key.Key_F3)
    assert workspace.selected == "y"
    qtbot.keyClick(view.canvas, Qt.Key.Key_F3)
    assert workspace.selected == "head/c"
    qtbot.keyClick(view.canvas, Qt.Key.Key_F3, Qt.KeyboardModifier.ShiftModifier)
    assert workspace.selected == "y"


def test_that_escape_ends_the_search(view: GraphView, qtbot: QtBot) -> None:
    search(view, qtbot, "op:sigmoid")

    qtbot.keyClick(view.canvas, Qt.Key.Key_Escape)

    assert not view.canvas.marks.found


def test_that_space_switches_the_precision_of_the_selected_layer(
    view: GraphView, workspace: Workspace, qtbot: QtBot
) -> None:
    workspace.select("y")

    qtbot.keyClick(view.canvas, Qt.Key.Key_Space)

    assert workspace.session is not None
    assert workspace.session.quant.float_tensors == ("y",)


def test_that_the_wheel_zooms_around_the_pointer(view: GraphView) -> None:
    at, scale = place_of(view, "head/c"), view.canvas.scale

    wheel(view, at, 120)

    assert view.canvas.scale > scale
    assert (place_of(view, "head/c") - at).manhattanLength() <= 2


def test_that_zoom_has_an_end(view: GraphView, qtbot: QtBot) -> None:
    for _ in range(40):
        qtbot.keyClick(view.canvas, Qt.Key.Key_Plus)

    assert view.canvas.scale == MAX_SCALE


def test_that_control_0_shows_everything(view: GraphView, qtbot: QtBot) -> None:
    view.canvas.look_at(0, 0, 3.0)

    qtbot.keyClick(view.canvas, Qt.Key.Key_0, Qt.KeyboardModifier.ControlModifier)

    assert all(view.canvas.rect().contains(place_of(view, box.tensor)) for box in view.diagram.boxes)


def test_that_dragging_moves_the_graph_and_selects_nothing(view: GraphView, workspace: Workspace, qtbot: QtBot) -> None:
    start, before = place_of(view, "head/c"), view.canvas.visible()

    qtbot.mousePress(view.canvas, Qt.MouseButton.LeftButton, pos=start)
    qtbot.mouseMove(view.canvas, start + QPoint(0, 40))
    qtbot.mouseMove(view.canvas, start + QPoint(0, 80))
    qtbot.mouseRelease(view.canvas, Qt.MouseButton.LeftButton, pos=start + QPoint(0, 80))

    assert view.canvas.visible() != before
    assert workspace.selected == ""


def test_that_before_a_run_boxes_show_their_operator_and_after_it_their_error(
    tmp_path: Path, jobs: JobPool, qtbot: QtBot
) -> None:
    workspace = made_workspace(tmp_path, run=False)
    view = open_graph(workspace, jobs, qtbot)
    assert view.canvas.scenery is not None
    assert view.canvas.scenery.colouring.scale == "kinds"

    workspace.set_results(made_results(tmp_path, 1, False))
    qtbot.waitUntil(lambda: len(view.diagram.boxes) == 5, timeout=LONG)

    colouring = view.canvas.scenery.colouring
    assert colouring.scale == "grades"
    assert colouring.texts[view.diagram.index_of["y"]].startswith("0.")


def test_that_the_legend_colours_by_another_value(view: GraphView, workspace: Workspace) -> None:
    view.legend.colouring_chosen.emit("simulator.single", "euc")

    assert (workspace.column, workspace.metric) == ("simulator.single", "euc")
    assert view.canvas.scenery is not None
    assert view.canvas.scenery.colouring.scale == "ramp"


def test_that_the_tool_tip_has_the_full_names_and_values(view: GraphView, workspace: Workspace) -> None:
    tip = box_tip(view.diagram.boxes[view.diagram.index_of["block/b"]], workspace)

    assert "block/b" in tip
    assert "conv,<br>relu" in tip
    assert "simulator, entire" in tip


def test_that_another_network_replaces_the_graph(
    view: GraphView, workspace: Workspace, tmp_path: Path, qtbot: QtBot
) -> None:
    other = made_workspace(tmp_path / "other", run=False)

    workspace.set_session(other.session, other.folder, other.model)

    assert view.canvas.scenery is None
    qtbot.waitUntil(lambda: view.canvas.scenery is not None, timeout=LONG)
    assert view.diagram.boxes[1].op == "Conv"


def test_that_without_a_network_the_view_says_what_to_do(jobs: JobPool, qtbot: QtBot) -> None:
    view = open_graph(Workspace(), jobs, qtbot)

    assert "Open a network" in view.pane.message.text()
    assert view.pane.message.isVisible()


def test_that_a_graph_that_cannot_be_laid_out_says_why(
    tmp_path: Path, jobs: JobPool, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise WorkbenchError("Too many edges.")

    monkeypatch.setattr(graph_loader, "build", refuse)
    view = GraphView(made_workspace(tmp_path), jobs)
    qtbot.addWidget(view)

    qtbot.waitUntil(lambda: "Too many edges." in view.pane.message.text(), timeout=LONG)


@pytest.mark.parametrize("scale", [2.0, 0.4, 0.05])
@pytest.mark.parametrize("name", ["light", "dark"])
def test_that_every_level_of_detail_shows_the_boxes_in_their_colours(
    view: GraphView, qapp: QApplication, scale: float, name: str
) -> None:
    theme.apply(qapp, name)
    index = view.diagram.index_of["head/c"]
    assert view.canvas.scenery is not None
    view.canvas.look_at(*view.canvas.scenery.geometry.centre(index), scale)
    picture = view.canvas.grab().toImage()
    area = view.canvas.widget_rect(index)
    edge = QPoint(int(area.left()) + 3, int(area.center().y()))  # beside the text, in the strip of a labelled box

    seen = picture.pixelColor(area.center().toPoint() if scale < 0.1 else edge)

    wanted = view.canvas.scenery.colour(index)
    assert max(abs(a - b) for a, b in zip(seen.getRgb(), wanted.getRgb(), strict=True)) < 40
    theme.apply(qapp, "light")


def test_that_a_click_on_the_overview_moves_the_view(view: GraphView, qtbot: QtBot) -> None:
    view.canvas.look_at(0, -2000, 1.0)

    qtbot.mouseClick(view.pane.minimap, Qt.MouseButton.LeftButton, pos=QPoint(36, view.pane.minimap.height() - 8))

    assert view.canvas.rect().contains(place_of(view, "y"))


def test_that_the_legend_never_reaches_under_the_overview(view: GraphView) -> None:
    wide = view.legend.height()
    view.resize(400, 500)

    assert view.legend.geometry().right() <= view.canvas.width()
    assert view.legend.height() > wide


def test_that_a_click_on_a_stub_goes_to_the_hub(tmp_path: Path, jobs: JobPool, qtbot: QtBot) -> None:
    graph = hub_graph()
    workspace = Workspace()
    model = Model(tmp_path / "hub.onnx", None, graph, "")  # type: ignore[arg-type]
    workspace.set_session(Session(model.path), tmp_path, model)
    view = open_graph(workspace, jobs, qtbot)
    assert view.canvas.scenery is not None
    target, sources = next(iter(view.diagram.stub_sources.items()))
    view.canvas.look_at(*view.canvas.scenery.geometry.centre(target), 1.0)
    box = view.canvas.widget_rect(target)

    qtbot.mouseClick(view.canvas, Qt.MouseButton.LeftButton, pos=QPoint(round(box.left()) + 20, round(box.top()) - 10))

    assert view.canvas.marks.selected == sources[0]
    assert view.canvas.rect().contains(view.canvas.widget_rect(sources[0]).toRect())


def hub_graph() -> Graph:
    """One layer that very many take."""
    takers = [("Add", f"h {'h' if number == 0 else f'a{number - 1}'}", f"a{number}") for number in range(HUB + 3)]
    return graph_of([("Relu", "x", "h"), *takers], outputs=f"a{HUB + 2}")

"""Scopes and groups that fold: by key, click and menu; what is selected is always shown."""

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from tests.gui.made_views import open_graph
from tests.helpers.waiting import LONG
from workbench.compare.compare import LayerError, summarise
from workbench.graph.graph import Graph, Layer, Model, Tensor
from workbench.project.results import Results
from workbench.project.session import Session
from workbench.ui.jobs import JobPool
from workbench.ui.models.network_rows import network_rows
from workbench.ui.views.graph.sheet import box_rect, glyph_rect, hull_glyph_rect
from workbench.ui.views.graph.tip import box_tip
from workbench.ui.views.graph.view import GraphView
from workbench.ui.workspace import Workspace

NAMES = [f"/{scope}/{op}" for scope in ("stem", "body", "head") for op in ("Conv", "Relu", "Mul")]
WORST = "/body/Relu"


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """Three scopes of three layers each; in the last one Conv and Relu are one group."""
    layers = tuple(
        Layer(name, name.rsplit("/", 1)[-1], (NAMES[n - 1] if n else "x",), (name,)) for n, name in enumerate(NAMES)
    )
    ends = (Tensor("x", (1, 3, 8, 8)),), (Tensor(NAMES[-1], (1, 4, 8, 8)),)
    tensors = {name: Tensor(name, (1, 4, 8, 8)) for name in NAMES}
    graph = Graph(layers, *ends, {**tensors, "x": ends[0][0]}, frozenset())
    result = Workspace()
    result.set_session(Session(tmp_path / "made.onnx"), tmp_path, Model(tmp_path / "made.onnx", None, graph, ""))  # type: ignore[arg-type]
    groups = {name: (name,) for name in NAMES if name != "/head/Conv"} | {"/head/Relu": ("/head/Conv", "/head/Relu")}
    rows = [_row(row) for row in network_rows(result.model) if row.tensor in groups]
    result.set_results(Results(tuple(rows), layers_of=groups))
    return result


def _row(row: LayerError) -> LayerError:
    value = {"cos": 0.5 if row.tensor == WORST else 0.9999, "euc": 1.0}
    return replace(row, errors={"simulator.entire": summarise([value])})


@pytest.fixture
def view(workspace: Workspace, jobs: JobPool, qtbot: QtBot) -> GraphView:
    result = open_graph(workspace, jobs, qtbot, (900, 900))
    assert result.canvas.scenery is not None
    result.canvas.look_at(*result.canvas.scenery.geometry.centre(6), 1.0)
    return result


def labels(view: GraphView) -> list[str]:
    return [box.label if box.kind == "scope" else box.tensor for box in view.diagram.boxes]


def wait_for(view: GraphView, qtbot: QtBot, count: int) -> None:
    qtbot.waitUntil(lambda: len(view.diagram.boxes) == count, timeout=LONG)


def press(view: GraphView, qtbot: QtBot, key: Qt.Key, *modifiers: Qt.KeyboardModifier) -> None:
    view.canvas.setFocus()
    keys = Qt.KeyboardModifier.NoModifier
    for modifier in modifiers:
        keys |= modifier
    qtbot.keyClick(view.canvas, key, keys)


def fold_all(view: GraphView, qtbot: QtBot) -> None:
    view.commands.fold_all.trigger()
    wait_for(view, qtbot, 5)


def test_that_a_small_network_starts_unfolded_with_a_hull_around_each_scope(view: GraphView) -> None:
    assert labels(view) == ["x", *(name for name in NAMES if name != "/head/Conv"), NAMES[-1]]
    assert view.canvas.scenery is not None
    assert len(view.canvas.scenery.geometry.hulls.scopes) == 3


def test_that_all_scopes_fold_and_unfold(view: GraphView, qtbot: QtBot) -> None:
    fold_all(view, qtbot)
    assert labels(view) == ["x", "stem", "body", "head", NAMES[-1]]

    view.commands.unfold_all.trigger()
    wait_for(view, qtbot, 10)


def test_that_a_key_folds_what_is_around_the_selected_layer_and_unfolds_it_again(
    view: GraphView, workspace: Workspace, qtbot: QtBot
) -> None:
    workspace.select("/body/Conv")

    view.commands.toggle.trigger()
    wait_for(view, qtbot, 8)
    assert workspace.selected == "/body/Conv"
    assert view.canvas.marks.selected == labels(view).index("body")

    press(view, qtbot, Qt.Key.Key_Return)
    wait_for(view, qtbot, 10)
    assert view.diagram.boxes[view.canvas.marks.selected].tensor == "/body/Conv"


def test_that_a_folded_scope_has_its_worst_layer_s_colour_and_number(view: GraphView, qtbot: QtBot) -> None:
    fold_all(view, qtbot)

    colouring = view.canvas.scenery.colouring if view.canvas.scenery else None

    assert colouring is not None
    assert colouring.texts[labels(view).index("body")] == "0.50000"
    assert colouring.classes[labels(view).index("body")] == 3
    assert colouring.classes[labels(view).index("stem")] == 0


def test_that_a_click_on_a_folded_scope_selects_its_worst_layer_and_leaves_it_folded(
    view: GraphView, workspace: Workspace, qtbot: QtBot
) -> None:
    fold_all(view, qtbot)
    box = labels(view).index("body")

    qtbot.mouseClick(view.canvas, Qt.MouseButton.LeftButton, pos=view.canvas.widget_rect(box).center().toPoint())
    qtbot.wait(100)

    assert workspace.selected == WORST
    assert labels(view)[view.canvas.marks.selected] == "body"


def test_that_arrows_walk_over_folded_scopes(view: GraphView, workspace: Workspace, qtbot: QtBot) -> None:
    workspace.select("/stem/Conv")
    fold_all(view, qtbot)

    press(view, qtbot, Qt.Key.Key_Down)
    assert labels(view)[view.canvas.marks.selected] == "body"
    press(view, qtbot, Qt.Key.Key_Down)
    assert labels(view)[view.canvas.marks.selected] == "head"
    press(view, qtbot, Qt.Key.Key_Up)
    assert labels(view)[view.canvas.marks.selected] == "body"
    assert workspace.selected == WORST


def test_that_a_layer_selected_elsewhere_unfolds_what_it_lies_in(
    view: GraphView, workspace: Workspace, qtbot: QtBot
) -> None:
    fold_all(view, qtbot)

    workspace.select("/head/Mul")
    wait_for(view, qtbot, 6)

    assert view.diagram.boxes[view.canvas.marks.selected].tensor == "/head/Mul"
    assert labels(view)[:3] == ["x", "stem", "body"]


def test_that_a_click_on_the_sign_of_an_open_scope_folds_it_where_it_is(view: GraphView, qtbot: QtBot) -> None:
    assert view.canvas.scenery is not None
    hulls = view.canvas.scenery.geometry.hulls
    number = [view.diagram.scope_titles[scope] for scope in hulls.scopes].index("body")
    glyph = hull_glyph_rect(tuple(hulls.sides[number].tolist()), int(hulls.levels[number]))
    before = view.canvas.widget_rect(view.diagram.index_of["/body/Conv"]).center()

    qtbot.mouseClick(
        view.canvas, Qt.MouseButton.LeftButton, pos=on_widget(view, glyph.center().x(), glyph.center().y())
    )
    wait_for(view, qtbot, 8)

    after = view.canvas.widget_rect(labels(view).index("body")).center()
    assert (after - before).manhattanLength() < 2


def test_that_a_double_click_opens_a_group_and_closes_it(view: GraphView, qtbot: QtBot) -> None:
    group = labels(view).index("/head/Relu")
    height = view.canvas.widget_rect(group).height()

    qtbot.mouseDClick(view.canvas, Qt.MouseButton.LeftButton, pos=view.canvas.widget_rect(group).center().toPoint())
    qtbot.waitUntil(lambda: view.canvas.widget_rect(group).height() > height, timeout=LONG)
    assert view.diagram.boxes[group].members == (("Conv", "/head/Conv"), ("Relu", "/head/Relu"))

    assert view.canvas.scenery is not None
    glyph = glyph_rect(view.diagram.boxes[group], box_rect(view.canvas.scenery.geometry, group))
    assert glyph is not None
    qtbot.mouseClick(
        view.canvas, Qt.MouseButton.LeftButton, pos=on_widget(view, glyph.center().x(), glyph.center().y())
    )
    qtbot.waitUntil(lambda: view.canvas.widget_rect(group).height() == height, timeout=LONG)


def test_that_what_is_folded_stays_folded_after_another_run(
    view: GraphView, workspace: Workspace, qtbot: QtBot
) -> None:
    fold_all(view, qtbot)
    before = view.canvas.scenery

    assert workspace.results is not None
    workspace.set_results(replace(workspace.results))
    qtbot.waitUntil(lambda: view.canvas.scenery is not before, timeout=LONG)

    assert labels(view) == ["x", "stem", "body", "head", NAMES[-1]]


def test_that_a_screen_reader_is_told_what_is_selected(view: GraphView, workspace: Workspace, qtbot: QtBot) -> None:
    workspace.select(WORST)
    assert view.canvas.accessibleDescription() == "Relu, body/Relu, 0.50000"

    fold_all(view, qtbot)
    assert view.canvas.accessibleDescription() == "body, 3 layers, worst of 3, 0.50000"


def test_that_the_tool_tip_of_a_scope_tells_its_operators_and_its_worst_layer(
    view: GraphView, workspace: Workspace, qtbot: QtBot
) -> None:
    fold_all(view, qtbot)

    tip = box_tip(view.diagram.boxes[labels(view).index("body")], workspace)

    assert "Conv, Relu, Mul" in tip
    assert "body/Relu" in tip
    assert "0.50000" in tip


def on_widget(view: GraphView, x: float, y: float) -> QPoint:
    left, top, _, _ = view.canvas.visible()
    return QPoint(round((x - left) * view.canvas.scale), round((y - top) * view.canvas.scale))

"""What is painted of a graph that is moved is the same picture as one that is painted anew."""

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPointF
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.gui.made_views import open_graph
from tests.helpers.waiting import LONG
from workbench.graph.graph import Graph, Layer, Model, Tensor
from workbench.project.session import Session
from workbench.ui import theme
from workbench.ui.jobs import JobPool
from workbench.ui.models.network_rows import network_rows
from workbench.ui.views.graph import backing
from workbench.ui.views.graph.sheet import Sheet
from workbench.ui.views.graph.view import GraphView
from workbench.ui.workspace import Workspace

MOVES = ((0, -60), (37, 0), (-13, 22), (0, 300), (-200, -1), (3, 5))
ROUNDING = 2
"""Levels of a colour where a curve lies otherwise between the pixels by a millionth."""
SCALES = (3.0, 1.6, 1.0, 0.7, 0.4, 0.14, 0.05)


def branching(blocks: int) -> Graph:
    """Blocks of a hub with four branches of several shapes and a sum, each in scopes in a scope."""
    layers, tensors, last = list[Layer](), {"x": Tensor("x", (1, 3, 8, 8))}, "x"

    def add(scope: str, op: str, *inputs: str) -> str:
        name = f"/{scope}/{op}_{len(layers)}"
        layers.append(Layer(name, op, inputs, (name,)))
        tensors[name] = Tensor(name, (1, 4 + len(layers) % 3, 8, 8))
        return name

    for block in range(blocks):
        scope = f"stage{block // 3}/block{block}"
        ends = [add(f"{scope}/part{at}", "Relu", add(f"{scope}/part{at}", "Conv", last)) for at in range(9)]
        last = add(scope, "Add", add(scope, "Concat", *ends), last)
    return Graph(tuple(layers), (tensors["x"],), (tensors[last],), tensors, frozenset())


@pytest.fixture
def view(tmp_path: Path, jobs: JobPool, qtbot: QtBot) -> GraphView:
    workspace, graph = Workspace(), branching(12)
    model = Model(tmp_path / "made.onnx", None, graph, "")  # type: ignore[arg-type]
    workspace.set_session(Session(model.path), tmp_path, model, network_rows(model))
    result = open_graph(workspace, jobs, qtbot, (600, 500))
    qtbot.waitUntil(lambda: len(result.diagram.boxes) > 200, timeout=LONG)
    workspace.select(result.diagram.boxes[len(result.diagram.boxes) // 2].tensor)
    result.canvas.marks.spared = dict.fromkeys(range(0, 200, 2), "float16")  # which stand out of their boxes
    return result


def picture(view: GraphView) -> np.ndarray:
    image = view.canvas.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    colours = np.array(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4)
    return colours[..., :3].astype(np.int16)


@pytest.mark.parametrize(("scale", "found"), [*((scale, ()) for scale in SCALES), (1.0, range(0, 200, 3))])
def test_that_a_moved_graph_is_the_picture_that_it_is_anew(view: GraphView, scale: float, found: Iterable[int]) -> None:
    canvas = view.canvas
    canvas.marks.found = frozenset(found)
    assert canvas.scenery is not None
    x, y = canvas.scenery.geometry.centre(canvas.marks.selected)
    canvas.look_at(x + 0.137, y + 0.211, scale)  # where nothing lies in the middle between two pixels
    picture(view)
    picture(view)
    for move in MOVES:
        canvas._move_by(QPointF(*move) / canvas.scale)
        moved = picture(view)

        canvas.update()

        np.testing.assert_allclose(moved, picture(view), rtol=0, atol=ROUNDING, err_msg=f"moved by {move}")


def test_that_only_what_comes_into_sight_is_painted(view: GraphView, monkeypatch: pytest.MonkeyPatch) -> None:
    canvas, painted = view.canvas, list[Sheet]()
    assert canvas.scenery is not None
    canvas.look_at(*canvas.scenery.geometry.centre(100), 0.6)
    picture(view)
    picture(view)  # what has the same scale as the one before is kept
    monkeypatch.setattr(backing, "paint", lambda sheet, _: painted.append(sheet))

    canvas._move_by(QPointF(0, 60) / canvas.scale)
    picture(view)

    around = 2 * (backing.AROUND + backing.OVER * canvas.scale)
    assert [(sheet.rect[3] - sheet.rect[1]) * canvas.scale for sheet in painted] == [pytest.approx(60 + around)]


def test_that_another_theme_leaves_nothing_of_the_old_picture(view: GraphView, qapp: QApplication) -> None:
    light = picture(view)

    theme.apply(qapp, "dark")

    dark = picture(view)
    view.canvas.update()
    np.testing.assert_array_equal(dark, picture(view))
    assert dark.mean() < light.mean() / 2
    theme.apply(qapp, "light")


def test_that_a_move_between_two_pixels_paints_everything(view: GraphView) -> None:
    canvas = view.canvas
    canvas.look_at(*canvas._corner.toTuple(), 1.0)
    picture(view)

    canvas._move_by(QPointF(0.5, 10.25))

    moved = picture(view)
    canvas.update()
    np.testing.assert_array_equal(moved, picture(view))

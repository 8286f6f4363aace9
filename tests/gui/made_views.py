"""Views on a made workspace, shown and settled."""

from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from tests.helpers.waiting import LONG
from workbench.ui.jobs import JobPool
from workbench.ui.views.graph.view import GraphView
from workbench.ui.views.table.layer_table import LayerTable
from workbench.ui.views.tensors.panes import TensorPanes
from workbench.ui.views.tensors.tensor_views import TensorViews
from workbench.ui.workspace import Workspace

Panes = tuple[TensorPanes, TensorViews]


def open_panes(
    workspace: Workspace, jobs: JobPool, qtbot: QtBot, tensor: str, size: tuple[int, int] = (900, 360)
) -> Panes:
    """Panes with a tensor selected, when everything is there."""
    panes = TensorPanes(workspace, jobs)
    put(panes, qtbot, size)
    workspace.select(tensor)
    qtbot.waitUntil(lambda: panes.summary is not None, timeout=LONG)
    assert panes.views is not None
    return panes, panes.views


def open_table(workspace: Workspace, jobs: JobPool, qtbot: QtBot) -> LayerTable:
    """A table of a middling width."""
    table = LayerTable(workspace, jobs)
    put(table, qtbot, (700, 400))
    return table


def open_graph(workspace: Workspace, jobs: JobPool, qtbot: QtBot, size: tuple[int, int] = (700, 500)) -> GraphView:
    """A graph, placed where there is a network."""
    view = GraphView(workspace, jobs)
    put(view, qtbot, size)
    if workspace.model is not None:
        qtbot.waitUntil(lambda: view.canvas.scenery is not None, timeout=LONG)
    return view


def search(view: GraphView, qtbot: QtBot, text: str) -> list[str]:
    """Search, and wait for the answer."""
    view.searching.go(text)
    qtbot.waitUntil(lambda: not view.searching.is_looking, timeout=LONG)
    return list(view.searching.hits)


def put(view: QWidget, qtbot: QtBot, size: tuple[int, int]) -> None:
    """Show a view in a size."""
    qtbot.addWidget(view)
    view.resize(*size)
    view.show()

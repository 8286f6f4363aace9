"""Times of the board in the window: beside the errors, as a colour of the graph, for what is on the CPU."""

from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.helpers.waiting import LONG
from workbench.compare.metrics import TIME
from workbench.ui.main_window import MainWindow
from workbench.ui.models.dropped import kind_of_text
from workbench.ui.models.pasted import kind_of_paste
from workbench.ui.models.table.columns import Column
from workbench.ui.models.table.layer_texts import cell_text
from workbench.ui.workspace import Workspace

HEAD = (
    "ID   OpType             DataType Target InputShape  OutputShape  Cycles(DDR/NPU/Total)  Time(us)  MacUsage(%)  "
    "WorkLoad(0/1/2)  RW(KB)  FullName"
)
PLACES = ("NPU", "CPU")


@pytest.fixture
def timed(workspace: Workspace) -> Workspace:
    """Rows with times; the second one is computed on the CPU, the last one was not timed."""
    results = workspace.results
    assert results is not None
    rows = [
        replace(row, time_us=None if at == len(results.rows) - 1 else 10.0 * (at + 1), on="CPU" if at == 1 else "NPU")
        for at, row in enumerate(results.rows)
    ]
    workspace.set_results(replace(results, rows=tuple(rows)))
    return workspace


def test_that_the_slowest_layer_is_the_worst_by_time(timed: Workspace) -> None:
    timed.set_colouring(timed.column, TIME.key)
    order = timed.worst_first()
    times = [row.time_us or 0.0 for row in order]
    assert times == sorted(times, reverse=True)
    assert len(order) == len(timed.rows) - 1


def test_that_time_colours_only_where_it_is_known(timed: Workspace) -> None:
    assert TIME.key in timed.numbers
    timed.set_colouring(timed.column, TIME.key)
    results = timed.results
    assert results is not None
    timed.set_results(replace(results, rows=tuple(replace(row, time_us=None, on="") for row in results.rows)))
    assert timed.metric == "cos"
    assert TIME.key not in timed.numbers


def test_that_the_table_shows_time_and_place_where_they_are_known(done_window: MainWindow, qtbot: QtBot) -> None:
    workspace, model = done_window.workspace, done_window.table.model
    assert Column("time") not in model.columns
    results = workspace.own_results
    assert results is not None
    rows = tuple(replace(row, time_us=1234.5, on="CPU") for row in results.rows)
    workspace.set_results(replace(results, rows=rows))
    qtbot.waitUntil(lambda: Column("time") in model.columns, timeout=LONG)
    assert Column("on") in model.columns
    assert [cell_text(model.values, None, 0, Column(kind)) for kind in ("time", "on")] == ["1\u202f234", "CPU"]


def test_that_the_graph_is_coloured_by_time(done_window: MainWindow, qtbot: QtBot) -> None:
    workspace = done_window.workspace
    results = workspace.own_results
    assert results is not None
    rows = tuple(replace(row, time_us=float(at)) for at, row in enumerate(results.rows))
    workspace.set_results(replace(results, rows=rows))
    workspace.set_colouring(workspace.column, TIME.key)
    assert done_window.toolbar.colouring.text().strip() == "time [µs]"
    canvas = done_window.graph.canvas
    qtbot.waitUntil(lambda: canvas.scenery is not None and canvas.scenery.colouring.scale == "ramp", timeout=LONG)
    done_window.actions_.worst_first.trigger()
    assert done_window.table.model.sorting == (Column("time"), True)


def table_of(window: MainWindow) -> str:
    """What eval_perf prints for the open network: 10 µs for the first layer, 20 for the second …"""
    model = window.workspace.model
    assert model is not None
    lines = [HEAD]
    for at, layer in enumerate(model.graph.layers, 1):
        head = f"{at:<5}{layer.op:<19}INT8     {PLACES[at % 2]:<7}"
        lines.append(rf"{head}(1,3)  (1,3)  0/0/0  {10 * at}  \  0.0%/0.0%/0.0%  0  {layer.op}:{layer.name}")
    return "\n".join((*lines, "Total Operator Elapsed Per Frame Time(us): 1000", ""))


def test_that_times_that_are_pasted_or_dropped_stand_in_the_table(
    done_window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    text = table_of(done_window)
    assert kind_of_paste(text) == "times"
    path = tmp_path / "perf.txt"
    path.write_text(text, encoding="utf-8")
    done_window.flow.drop([path])
    qtbot.waitUntil(lambda: done_window.workspace.is_timed, timeout=2 * LONG)
    assert sum(row.time_us is not None for row in done_window.workspace.rows) > 20
    assert {row.on for row in done_window.workspace.rows} & {"CPU", "NPU, CPU", "CPU, NPU"}


def test_that_times_without_a_network_are_told_from_other_texts() -> None:
    assert kind_of_text(b"--> Loading model\n") == "logs"
    assert kind_of_text(b"hello") == ""

"""Reports of the toolkit that come alone: pasted or dropped, with their network, with another one, with none."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.gui.test_flow_drops import drop
from tests.helpers.waiting import LONG
from workbench.ui.main_window import MainWindow

ALONE = """\
layer_name                                simulator_error
                                        entire              single
                                    cos      euc        cos      euc
----------------------------------------------------------------------
[Input] data                     1.00000 | 0.0       1.00000 | 0.0
[Conv] conv1                     0.99997 | 4.7572    0.99998 | 4.7573
[Relu] relu1                     0.93123 | 21.939    0.99999 | 1.1046
"""
OF_DEMO = """\
layer_name                                simulator_error
                                        entire              single
                                    cos      euc        cos      euc
----------------------------------------------------------------------
[Input] image                    1.00000 | 0.0       1.00000 | 0.0
[Conv] {0}                       0.91230 | 4.7572    0.99998 | 4.7573
"""


def paste(window: MainWindow, qtbot: QtBot, text: str) -> None:
    QGuiApplication.clipboard().setText(text)
    qtbot.keyClick(window, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)


def wait_for_report(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: window.workspace.has_only_numbers, timeout=LONG)
    qtbot.waitUntil(lambda: not window.opener.is_busy, timeout=LONG)


def value(window: MainWindow, tensor: str) -> float | None:
    row = window.workspace.row(tensor)
    return None if row is None else window.workspace.value(row, "simulator.entire", "cos")


def test_that_a_pasted_report_is_a_table_and_a_graph_without_any_network(window: MainWindow, qtbot: QtBot) -> None:
    paste(window, qtbot, ALONE)
    wait_for_report(window, qtbot)
    assert [row.tensor for row in window.workspace.rows] == ["data", "conv1", "relu1"]
    assert value(window, "relu1") == 0.93123
    assert window.workspace.selected == "relu1"
    qtbot.waitUntil(lambda: window.graph.canvas.scenery is not None, timeout=LONG)
    assert "numbers of a report" in window.panes.message.text()
    assert "report" in window.toolbar.sources.buttons["simulator"].toolTip()


def test_that_a_report_of_the_open_network_lies_in_it(demo_window: MainWindow, qtbot: QtBot) -> None:
    model = demo_window.workspace.model
    assert model is not None
    tensor = model.graph.layers[0].outputs[0]
    paste(demo_window, qtbot, OF_DEMO.format(tensor))
    wait_for_report(demo_window, qtbot)
    session = demo_window.workspace.session
    assert session is not None
    assert session.model == model.path
    assert value(demo_window, tensor) == 0.9123
    assert demo_window.workspace.layers_of(tensor)[0] == model.graph.layers[0].name


def test_that_a_report_of_another_network_is_shown_alone_and_says_so(demo_window: MainWindow, qtbot: QtBot) -> None:
    paste(demo_window, qtbot, ALONE)
    wait_for_report(demo_window, qtbot)
    qtbot.waitUntil(demo_window.message_bar.isVisible, timeout=LONG)
    assert "without the network demo.onnx" in demo_window.message_bar.text.text()
    assert demo_window.workspace.session.model.name == "report.model"


def test_that_a_dropped_report_opens_in_an_empty_window(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "error_analysis.txt").write_text(ALONE)
    drop(window, tmp_path / "error_analysis.txt")
    wait_for_report(window, qtbot)
    assert value(window, "conv1") == 0.99997


def test_that_a_snapshot_without_a_network_shows_its_report(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "snapshot" / "golden").mkdir(parents=True)
    (tmp_path / "snapshot" / "error_analysis.txt").write_text(ALONE)
    drop(window, tmp_path / "snapshot")
    wait_for_report(window, qtbot)
    assert value(window, "conv1") == 0.99997


def test_that_a_report_opens_again_from_the_recent_sessions(window: MainWindow, qtbot: QtBot) -> None:
    paste(window, qtbot, ALONE)
    wait_for_report(window, qtbot)
    folder = window.workspace.folder
    assert folder is not None
    window.opener.close()
    window.opener.open(folder)
    wait_for_report(window, qtbot)
    assert value(window, "relu1") == 0.93123


@pytest.mark.parametrize("text", ["", "nothing of any use", "1 2 3\n4 5 6\n"])
def test_that_what_cannot_be_pasted_is_refused_in_a_sentence(window: MainWindow, qtbot: QtBot, text: str) -> None:
    paste(window, qtbot, text)
    qtbot.waitUntil(window.message_bar.isVisible, timeout=LONG)
    assert window.message_bar.text.text() == "What is on the clipboard cannot be used here."
    assert window.workspace.session is None


def test_that_a_text_field_takes_what_is_pasted_into_it(demo_window: MainWindow, qtbot: QtBot) -> None:
    field = demo_window.table.filter_edit
    demo_window.desk.show_layers()
    field.setFocus()
    QGuiApplication.clipboard().setText("op:Conv")
    qtbot.keyClick(field, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    QApplication.processEvents()
    assert field.text() == "op:Conv"
    assert demo_window.messages.entries == []


def test_that_rockchips_spelling_is_pasted_into_the_settings(demo_window: MainWindow, qtbot: QtBot) -> None:
    paste(demo_window, qtbot, "rknn.config(mean_values=[[1, 2, 3]], std_values=[[4, 5, 6]])")
    workspace = demo_window.workspace
    qtbot.waitUntil(lambda: workspace.session.preprocess["image"].mean == (1.0, 2.0, 3.0), timeout=LONG)


def test_that_a_report_alone_is_called_after_its_session_and_is_not_run(window: MainWindow, qtbot: QtBot) -> None:
    paste(window, qtbot, ALONE)
    wait_for_report(window, qtbot)
    assert window.windowTitle() == "report – RKNN Workbench"
    window.actions_.run.trigger()
    assert "it can be looked at, not run" in window.message_bar.text.text()
    assert not window.runner.is_running

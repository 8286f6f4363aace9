"""Which simulator a run uses: chosen in two places, with what is missing said there; networks of other frameworks."""

import os
import signal
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QComboBox
from pytestqt.qtbot import QtBot

from tests.gui.test_flow_drops import drop
from tests.helpers.waiting import LONG
from workbench.project.comparison.sides import Side
from workbench.sources.toolkit.descriptions import Toolkit, describe
from workbench.ui.child import computer
from workbench.ui.main_window import MainWindow

DARKNET = """[net]
width=8
height=8
channels=3
[convolutional]
filters=4
size=3
stride=1
pad=1
activation=leaky
"""


def choose(combo: QComboBox, name: str) -> None:
    combo.setCurrentIndex(combo.findData(name))
    combo.activated.emit(combo.currentIndex())


def without_toolkits(window: MainWindow) -> None:
    window.simulators.take_toolkits(())


def darknet(folder: Path) -> Path:
    (folder / "tiny.cfg").write_text(DARKNET)
    (folder / "tiny.weights").write_bytes(b"\0" * 1024)
    return folder / "tiny.cfg"


def test_that_the_panel_chooses_the_simulator(demo_window: MainWindow) -> None:
    panel = demo_window.settings_panel.quantization
    choose(panel.simulator, "none")
    assert demo_window.workspace.session.simulator == "none"
    assert "Simulator –" in demo_window.toolbar.sources.buttons["simulator"].text()


def test_that_the_toolbar_chooses_the_simulator(demo_window: MainWindow) -> None:
    demo_window.simulators.take_toolkits(("rknn-toolkit2 2.5.0",))
    sources = demo_window.toolbar.sources
    sources.menu.aboutToShow.emit()
    sources.choices["toolkit"].trigger()
    assert demo_window.workspace.session.simulator == "toolkit"
    panel = demo_window.settings_panel.quantization
    assert panel.simulator.currentData() == "toolkit"
    assert "rknn-toolkit2 2.5.0" in panel.story.text()


def test_that_a_missing_toolkit_is_said_where_it_is_chosen_and_leads_on(demo_window: MainWindow) -> None:
    panel = demo_window.settings_panel.quantization
    without_toolkits(demo_window)
    choose(panel.simulator, "toolkit")
    assert "not set up" in panel.story.text()
    assert not panel.setup.isHidden()
    sources = demo_window.toolbar.sources
    sources.menu.aboutToShow.emit()
    assert sources.setup.isVisible()
    assert "not set up" in sources.buttons["simulator"].toolTip()


def test_that_a_simulator_that_lacks_its_toolkit_is_grey_in_the_menu_and_says_why(demo_window: MainWindow) -> None:
    without_toolkits(demo_window)
    sources = demo_window.toolbar.sources
    sources.menu.aboutToShow.emit()
    assert not sources.choices["toolkit"].isEnabled()
    assert "not set up" in sources.choices["toolkit"].toolTip()


def test_that_what_the_toolkit_does_not_simulate_is_said(demo_window: MainWindow) -> None:
    workspace = demo_window.workspace
    demo_window.simulators.take_toolkits(("rknn-toolkit2",))
    workspace.change(simulator="toolkit", quant=replace(workspace.session.quant, dtype="fp32"))
    assert "fp32" in demo_window.settings_panel.quantization.story.text()


def test_that_networks_with_a_quantization_of_their_own_are_not_for_the_toolkit(demo_window: MainWindow) -> None:
    workspace, simulators = demo_window.workspace, demo_window.simulators
    simulators.take_toolkits(("rknn-toolkit2",))
    assert simulators.missing("toolkit") == ("", "")
    first, *rest = workspace.model.graph.layers
    graph = replace(workspace.model.graph, layers=(replace(first, op="QLinearConv"), *rest))
    workspace.model = replace(workspace.model, graph=graph)
    assert "on a board only" in simulators.missing("toolkit")[0]


def test_that_both_simulators_can_be_compared_only_where_both_are_there(done_window: MainWindow) -> None:
    assert done_window.simulators.beside() is None
    assert not done_window.actions_.beside.isEnabled()
    workspace = done_window.workspace
    dumps = {**workspace.own_results.dumps, "toolkit": workspace.own_results.dumps["simulator"]}
    workspace.set_results(replace(workspace.own_results, dumps=dumps))
    beside = done_window.simulators.beside()
    assert beside is not None
    assert beside.sides == (Side(workspace.folder, "toolkit"), Side(workspace.folder, "embedded"))
    assert done_window.actions_.beside.isEnabled()


def test_that_a_network_of_another_framework_opens_and_says_what_simulates_it(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    darknet(tmp_path)
    drop(window, tmp_path / "tiny.weights", tmp_path / "tiny.cfg")
    qtbot.waitUntil(lambda: window.workspace.model is not None, timeout=LONG)
    workspace = window.workspace
    assert workspace.model.framework == "darknet"
    assert len(workspace.rows) >= 1
    assert workspace.session.simulator != "embedded"
    workspace.change(simulator="embedded")
    assert "ONNX networks only; this one is of Darknet" in window.settings_panel.quantization.story.text()
    assert window.messages.entries == []


def test_that_the_second_file_is_taken_from_where_it_was_dropped(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    other = tmp_path / "elsewhere"
    other.mkdir()
    path = darknet(tmp_path)
    (tmp_path / "tiny.weights").rename(other / "other.weights")
    drop(window, path, other / "other.weights")
    qtbot.waitUntil(lambda: window.workspace.session is not None, timeout=LONG)
    assert window.workspace.session.weights == other / "other.weights"


def test_that_a_plan_of_the_toolkit_is_no_network(demo_window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "net.quantization.cfg").write_text("custom_quantize_layers: {}\nquantize_parameters: {}\n")
    drop(demo_window, tmp_path / "net.quantization.cfg")
    qtbot.waitUntil(lambda: demo_window.messages.entries != [], timeout=LONG)
    assert demo_window.workspace.session.model.name == "demo.onnx"


def processes_of_toolkit(folder: Path) -> list[int]:
    """Whoever runs the request of a session."""
    wanted = str(folder).encode()
    found = []
    for place in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            words = place.read_bytes().split(b"\0")
            if any(word.startswith(wanted) and word.endswith(b"request.json") for word in words):
                found.append(int(place.parent.name))
    return found


@pytest.fixture
def vendor_window(demo_window: MainWindow, toolkit_python: Path, monkeypatch: pytest.MonkeyPatch) -> MainWindow:
    """A window on the demo that the toolkit simulates."""
    monkeypatch.setenv("RKNN_TOOLKIT_PYTHON", str(toolkit_python))
    workspace = demo_window.workspace
    assert workspace.session is not None
    workspace.change(simulator="toolkit", dataset=workspace.session.samples)
    return demo_window


@pytest.mark.toolkit
def test_that_the_window_says_that_the_toolkit_was_killed_and_lives_on(vendor_window: MainWindow, qtbot: QtBot) -> None:
    folder = vendor_window.workspace.folder
    assert folder is not None
    vendor_window.actions_.run.trigger()
    qtbot.waitUntil(lambda: bool(processes_of_toolkit(folder)), timeout=4 * LONG)
    os.kill(processes_of_toolkit(folder)[0], signal.SIGKILL)
    qtbot.waitUntil(lambda: not vendor_window.runner.is_running, timeout=LONG)
    assert "The toolkit was killed" in vendor_window.message_bar.text.text()
    assert vendor_window.message_bar.hint.text() != ""
    assert vendor_window.actions_.run.isEnabled()


@pytest.mark.toolkit
def test_that_cancelling_ends_the_toolkit(vendor_window: MainWindow, qtbot: QtBot) -> None:
    folder = vendor_window.workspace.folder
    assert folder is not None
    vendor_window.actions_.run.trigger()
    qtbot.waitUntil(lambda: bool(processes_of_toolkit(folder)), timeout=4 * LONG)
    qtbot.wait(500)
    vendor_window.actions_.cancel.trigger()
    qtbot.waitUntil(lambda: not processes_of_toolkit(folder), timeout=LONG)
    qtbot.waitUntil(lambda: not vendor_window.runner.is_running, timeout=LONG)
    assert [entry.severity for entry in vendor_window.messages.entries] == ["info"]


@pytest.mark.toolkit
def test_that_a_run_with_the_toolkit_holds_both_simulators_side_by_side(
    vendor_window: MainWindow, qtbot: QtBot
) -> None:
    demo_window, workspace = vendor_window, vendor_window.workspace
    demo_window.actions_.run.trigger()
    qtbot.waitUntil(lambda: not demo_window.runner.is_running, timeout=20 * LONG)
    assert [entry.text for entry in demo_window.messages.entries if entry.severity == "error"] == []
    assert {"simulator.entire", "simulator.single"} <= {*workspace.rows[3].errors}
    demo_window.actions_.beside.trigger()
    qtbot.waitUntil(lambda: workspace.is_comparing, timeout=2 * LONG)
    assert list(workspace.sides.values()) == ["toolkit", "embedded"]


@pytest.mark.toolkit
def test_that_the_window_says_that_the_toolkit_aborted_and_why(vendor_window: MainWindow, qtbot: QtBot) -> None:
    workspace = vendor_window.workspace
    workspace.change(quant=replace(workspace.session.quant, target="rk2118"))
    vendor_window.actions_.run.trigger()
    qtbot.waitUntil(lambda: not vendor_window.runner.is_running, timeout=8 * LONG)
    assert vendor_window.message_bar.text.text() == "The toolkit crashed while it built the network (SIGABRT)."
    assert "RK2118 computes in float16 only" in vendor_window.message_bar.hint.text()
    assert vendor_window.actions_.run.isEnabled()


@pytest.mark.toolkit
def test_that_the_window_says_that_the_toolkit_hangs(
    vendor_window: MainWindow, toolkit_python: Path, qtbot: QtBot
) -> None:
    describe(Toolkit("impatient", toolkit_python, {}, 10.0))
    computer.close()  # the process that computes knows the settings' folder of the test that began it
    workspace = vendor_window.workspace
    workspace.change(toolkit="impatient")
    vendor_window.actions_.run.trigger()
    qtbot.waitUntil(lambda: bool(processes_of_toolkit(workspace.folder)), timeout=4 * LONG)
    os.kill(processes_of_toolkit(workspace.folder)[0], signal.SIGSTOP)
    qtbot.waitUntil(lambda: not vendor_window.runner.is_running, timeout=2 * LONG)
    assert "it said nothing for 10 seconds" in vendor_window.message_bar.text.text()
    assert processes_of_toolkit(workspace.folder) == []
    assert vendor_window.actions_.run.isEnabled()

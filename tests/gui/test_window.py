"""The window as a person uses it: open, run, look, cancel, save, reopen."""

import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper
from PySide6.QtCore import QCoreApplication, QEvent, QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QApplication, QDialog
from pytestqt.qtbot import QtBot

from tests.helpers.waiting import LONG, SOON
from workbench.dump.store import Dump
from workbench.foundation.settings import load_settings
from workbench.foundation.steps import Progress, Steps, drain
from workbench.project import pipeline
from workbench.project.results import Results, load_results, save_results
from workbench.project.session import ImportedDumps, load_session
from workbench.ui import app, theme
from workbench.ui.child import worker
from workbench.ui.dialogs import ShapesDialog
from workbench.ui.keys import bindings
from workbench.ui.main_window import MainWindow
from workbench.ui.opening import copy_session
from workbench.ui.views.tensors.pane import TensorPane
from workbench.ui.widgets import ElidedLabel


def write_network(path: Path, shape: list[int | str]) -> Path:
    """A network of one Relu."""
    graph = helper.make_graph(
        [helper.make_node("Relu", ["x"], ["y"], name="relu")], "g",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, shape)],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, shape)],
    )  # fmt: skip
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8), path)
    return path


def wait_for_run(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not window.runner.is_running, timeout=2 * LONG)


def errors(window: MainWindow) -> list[str]:
    return [str(entry) for entry in window.messages.entries if entry.severity != "info"]


def test_that_enter_presses_the_button_that_has_the_focus(window: MainWindow, qtbot: QtBot) -> None:
    with qtbot.waitSignal(window.empty.demo_wanted):
        qtbot.keyClick(window.empty.demo_button, Qt.Key.Key_Return)


def test_that_a_hostile_name_is_one_line_that_is_read_from_the_left() -> None:
    label = ElidedLabel("a\nb \u202egpj.exe")
    assert label.full_text == "a b \ufffdgpj.exe"


def test_that_an_empty_window_leads_to_the_demo_in_one_click(window: MainWindow, qtbot: QtBot) -> None:
    assert window.desk.stack.currentWidget() is window.empty
    qtbot.mouseClick(window.empty.demo_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.workspace.model is not None, timeout=LONG)
    assert window.desk.stack.currentWidget() is window.desk.across
    assert window.table.model.rowCount() > 25
    assert errors(window) == []


def test_that_a_run_selects_the_worst_layer_everywhere(demo_window: MainWindow, qtbot: QtBot) -> None:
    qtbot.keyClick(demo_window, Qt.Key.Key_F5)
    assert demo_window.runner.is_running
    wait_for_run(demo_window, qtbot)
    workspace, table = demo_window.workspace, demo_window.table
    worst = workspace.worst()
    assert errors(demo_window) == []
    assert worst is not None
    assert workspace.selected == worst.tensor
    assert table.model.row_at(table.view.currentIndex().row()).tensor == worst.tensor
    assert demo_window.runner.stale == ()


def test_that_all_panes_are_filled_after_a_run(demo_window: MainWindow, qtbot: QtBot) -> None:
    demo_window.actions_.run.trigger()
    wait_for_run(demo_window, qtbot)
    panes = demo_window.panes
    qtbot.waitUntil(lambda: panes.views is not None and panes.summary is not None, timeout=LONG)
    shown = {pane.source: pane.heatmap.isVisible() for pane in panes.findChildren(TensorPane)}
    assert shown == {"golden": True, "simulator": True, "runtime": False, "difference": True}
    assert demo_window.graph.canvas.marks.selected >= 0


def test_that_the_toolbar_says_which_sources_have_values(done_window: MainWindow) -> None:
    buttons = done_window.toolbar.sources.buttons
    assert "Values are there" in buttons["golden"].toolTip()
    assert "w8a8·channel·rk3588" in buttons["simulator"].text()
    assert "add…" in buttons["runtime"].text()
    assert "import" in buttons["runtime"].toolTip()


def test_that_a_cancelled_run_leaves_a_session_that_opens(demo_window: MainWindow, qtbot: QtBot) -> None:
    demo_window.actions_.run.trigger()
    job = demo_window.runner.job
    assert job is not None
    job.reported.connect(lambda event: job.cancel() if isinstance(event, Progress) else None)
    wait_for_run(demo_window, qtbot)
    folder = demo_window.workspace.folder
    assert folder is not None
    assert job.state == "cancelled"
    assert load_results(folder) is None
    assert load_session(folder) == demo_window.workspace.session
    assert demo_window.actions_.run.isEnabled()


def test_that_a_run_does_not_show_its_results_in_another_session(
    demo_window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    demo_window.actions_.run.trigger()
    folder = demo_window.workspace.folder
    assert folder is not None
    demo_window.opener.open(write_network(tmp_path / "small.onnx", [1, 3, 8, 8]))
    qtbot.waitUntil(lambda: demo_window.workspace.folder != folder, timeout=LONG)
    wait_for_run(demo_window, qtbot)
    assert demo_window.workspace.results is None
    assert load_results(folder) is not None


def test_that_warnings_of_the_last_run_are_listed_again(
    demo_run: Path, window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    folder = tmp_path / "warned"
    session, _, results = drain(copy_session(load_session(demo_run), demo_run, folder))
    assert results is not None
    save_results(replace(results, warnings=("A doubt.",)), folder)
    window.opener.open(folder)
    qtbot.waitUntil(lambda: window.workspace.results is not None, timeout=LONG)
    assert [entry.text for entry in window.messages.entries] == ["A doubt."]
    assert not window.message_bar.isVisible()
    assert session == window.workspace.session


def test_that_reopening_computes_nothing(
    demo_run: Path, window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: object) -> Steps[Results]:
        raise AssertionError("reopening must not run anything")

    monkeypatch.setattr(pipeline, "analyze", never)
    window.opener.open(demo_run)
    qtbot.waitUntil(lambda: window.workspace.results is not None, timeout=LONG)
    qtbot.wait(300)
    assert window.jobs.jobs == []
    assert window.workspace.selected
    assert window.runner.stale == ()
    assert errors(window) == []


def test_that_changed_settings_mark_only_what_they_make_stale(done_window: MainWindow, qtbot: QtBot) -> None:
    workspace = done_window.workspace
    assert workspace.session is not None
    qtbot.waitUntil(lambda: workspace.session is not None, timeout=LONG)
    quant = workspace.session.quant
    workspace.change(quant=replace(quant, method="layer"))
    qtbot.waitUntil(lambda: done_window.runner.stale == ("simulator", "compare"), timeout=LONG)
    assert done_window.stale_bar.isVisible()
    assert "before the last change" in done_window.toolbar.sources.buttons["simulator"].toolTip()
    assert "Values are there" in done_window.toolbar.sources.buttons["golden"].toolTip()
    workspace.change(quant=quant)
    qtbot.waitUntil(lambda: "simulator" not in done_window.runner.stale, timeout=LONG)


def test_that_a_network_that_cannot_be_read_is_one_message_with_a_hint(
    window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    (broken := tmp_path / "broken.onnx").write_bytes(b"\x00not a network")
    window.opener.open(broken)
    qtbot.waitUntil(lambda: bool(window.messages.entries), timeout=LONG)
    message = window.messages.entries[0]
    assert (message.severity, bool(message.hint)) == ("error", True)
    assert "broken.onnx" in message.text
    assert window.message_bar.isVisible()
    assert QApplication.activeModalWidget() is None
    assert window.workspace.model is None


@pytest.mark.parametrize("name", ["missing.onnx", "missing", "letter.doc"])
def test_that_what_is_no_network_is_refused(window: MainWindow, tmp_path: Path, qtbot: QtBot, name: str) -> None:
    (tmp_path / "letter.doc").write_text("Dear")
    window.opener.open(tmp_path / name)
    qtbot.waitUntil(lambda: bool(window.messages.entries), timeout=LONG)
    assert window.messages.entries[0].hint


def test_that_open_dimensions_are_asked_for_with_a_guess(window: MainWindow, tmp_path: Path, qtbot: QtBot) -> None:
    network = write_network(tmp_path / "open.onnx", ["n", 3, "height", "width"])
    with qtbot.waitSignal(window.opener.shapes_wanted, timeout=LONG):
        window.opener.open(network)
    dialog = next(iter(window.findChildren(QDialog, options=Qt.FindChildOption.FindDirectChildrenOnly)), None)
    dialog = next(item for item in window.findChildren(QDialog) if isinstance(item, ShapesDialog))
    assert dialog.shapes() == {"x": (1, 3, 224, 224)}
    dialog.accept()
    qtbot.waitUntil(lambda: window.workspace.model is not None, timeout=LONG)
    assert window.workspace.session is not None
    assert window.workspace.session.shapes == {"x": (1, 3, 224, 224)}


def test_that_a_network_without_inputs_asks_for_them_before_a_run(
    window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    window.opener.open(write_network(tmp_path / "small.onnx", [1, 3, 8, 8]))
    qtbot.waitUntil(lambda: window.desk.tabs.currentWidget() is window.settings_panel, timeout=LONG)
    window.actions_.run.trigger()
    assert not window.runner.is_running
    assert "No inputs are chosen." in errors(window)[0]


def test_that_a_dropped_network_opens_and_dropped_arrays_become_inputs(
    window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    network = write_network(tmp_path / "small.onnx", [1, 3, 8, 8])
    np.save(tmp_path / "x.npy", np.zeros((1, 3, 8, 8), np.float32))
    drop(window, network)
    qtbot.waitUntil(lambda: window.workspace.model is not None, timeout=LONG)
    drop(window, tmp_path / "x.npy")
    qtbot.waitUntil(lambda: window.settings_panel.inputs.list.count() == 1, timeout=LONG)


def drop(window: MainWindow, path: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    copy, button, keys = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    window.dropEvent(QDropEvent(QPointF(200, 200), copy, data, button, keys))


def test_that_dumps_of_a_folder_become_the_runtime(done_window: MainWindow, tmp_path: Path, qtbot: QtBot) -> None:
    workspace = done_window.workspace
    assert workspace.results is not None
    folder = tmp_path / "board"
    folder.mkdir()
    with Dump(workspace.results.dumps["simulator"][0]) as dump:
        for name in dump.names:
            np.save(folder / f"{''.join(c if c.isalnum() else '_' for c in name)}.npy", dump[name])
    done_window.runner.import_dumps(ImportedDumps(folder), "runtime")
    wait_for_run(done_window, qtbot)
    assert errors(done_window) == []
    assert any("runtime.entire" in row.errors for row in workspace.rows)
    assert workspace.session is not None
    assert workspace.session.imports["runtime"].path == folder


def test_that_dumps_that_are_not_there_change_nothing(done_window: MainWindow, tmp_path: Path, qtbot: QtBot) -> None:
    before = done_window.workspace.session
    done_window.runner.import_dumps(ImportedDumps(tmp_path / "nowhere"), "runtime")
    wait_for_run(done_window, qtbot)
    assert len(errors(done_window)) == 1
    assert done_window.workspace.session == before


def test_that_save_as_goes_on_in_a_copy(done_window: MainWindow, tmp_path: Path, qtbot: QtBot) -> None:
    target, selected = tmp_path / "copy", done_window.workspace.selected
    done_window.opener.save_as(target)
    qtbot.waitUntil(lambda: done_window.workspace.folder == target, timeout=LONG)
    results = load_results(target)
    assert results is not None
    assert all(path.is_relative_to(target) for path in results.dumps["golden"])
    assert done_window.workspace.selected == selected


def test_that_save_as_never_writes_into_a_folder_that_has_files(
    done_window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    (target := tmp_path / "full").mkdir()
    (target / "letter.txt").write_text("mine")
    done_window.opener.save_as(target)
    qtbot.waitUntil(lambda: bool(errors(done_window)), timeout=LONG)
    assert [path.name for path in target.iterdir()] == ["letter.txt"]


def test_that_keys_step_to_worse_and_better_layers(done_window: MainWindow, qtbot: QtBot) -> None:
    order = [row.tensor for row in done_window.workspace.worst_first()]
    qtbot.waitUntil(done_window.isActiveWindow, timeout=LONG)
    qtbot.keyClick(done_window, Qt.Key.Key_BracketRight)
    assert done_window.workspace.selected == order[1]
    qtbot.keyClick(done_window, Qt.Key.Key_BracketLeft)
    assert done_window.workspace.selected == order[0]


def test_that_a_search_selects_the_layer(done_window: MainWindow, qtbot: QtBot) -> None:
    tensor = done_window.workspace.rows[5].tensor
    qtbot.keyClicks(done_window.toolbar.search, tensor)
    qtbot.keyClick(done_window.toolbar.search, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: done_window.workspace.selected == tensor, timeout=LONG)


def test_that_a_search_marks_all_that_it_finds_in_the_graph(done_window: MainWindow, qtbot: QtBot) -> None:
    adds = {row.tensor for row in done_window.workspace.rows if row.op == "Add"}
    qtbot.waitUntil(lambda: adds <= {box.tensor for box in done_window.graph.diagram.boxes}, timeout=LONG)
    qtbot.keyClicks(done_window.toolbar.search, "op:add")
    qtbot.keyClick(done_window.toolbar.search, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(done_window.graph.canvas.marks.found), timeout=LONG)
    marked = {done_window.graph.diagram.boxes[at].tensor for at in done_window.graph.canvas.marks.found}
    assert marked == adds


def test_that_what_was_open_is_offered_again(done_window: MainWindow, qtbot: QtBot) -> None:
    folder = done_window.workspace.folder
    qtbot.waitUntil(lambda: load_settings().recent[:1] == (str(folder),), timeout=LONG)
    qtbot.waitUntil(lambda: folder in done_window.opener.recents, timeout=LONG)


def test_that_a_window_closes_while_its_process_begins(qapp: QApplication, tmp_path: Path, qtbot: QtBot) -> None:
    worker.close()
    window = MainWindow(tmp_path / "sessions")
    qtbot.addWidget(window)
    begun = time.monotonic()

    window.close()

    assert window.jobs.is_closed
    assert time.monotonic() - begun < SOON


def test_that_no_widget_outlives_its_window(qapp: QApplication, tmp_path: Path) -> None:
    before, sheet = set(qapp.allWidgets()), qapp.styleSheet()
    with theme.plain(qapp):
        window = MainWindow(tmp_path / "sessions")
    assert qapp.styleSheet() == sheet
    assert len(set(qapp.allWidgets()) - before) > 500

    window.leaving.close_at_once()
    window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)

    assert set(qapp.allWidgets()) - before == set()


def test_that_closing_a_session_leads_back_to_the_empty_window(done_window: MainWindow) -> None:
    done_window.actions_.close_session.trigger()
    assert done_window.desk.stack.currentWidget() is done_window.empty
    assert done_window.table.model.rowCount() == 0
    assert not done_window.actions_.run.isEnabled()


@pytest.fixture
def light_again(qapp: QApplication) -> Iterator[None]:
    yield
    theme.apply(qapp, "light")


@pytest.mark.usefixtures("light_again")
def test_that_a_chosen_theme_is_shown_and_remembered(window: MainWindow, qtbot: QtBot) -> None:
    window.actions_.theme_chosen.emit("dark")
    assert theme.active().name == "dark"
    qtbot.waitUntil(lambda: load_settings().theme == "dark", timeout=LONG)


def test_that_no_key_has_two_meanings_where_it_works(window: MainWindow) -> None:
    found = [(binding.place, key) for binding in bindings(window) for key in binding.keys]
    everywhere = {key for place, key in found if not place} - {"Esc"}  # it ends what is innermost
    assert [item for item, count in Counter(found).items() if count > 1] == []
    assert [(place, key) for place, key in found if place and key in everywhere] == []


def test_that_every_help_page_exists_in_every_language(window: MainWindow) -> None:
    from workbench.foundation.resources import resource
    from workbench.ui.models.help_pages import PAGES

    missing = [
        f"{language}/{page}" for language in ("en", "zh_CN") for page in PAGES
        if not resource("help", language, f"{page}.md").is_file()
    ]  # fmt: skip
    assert missing == []
    window.help.show_page(PAGES[0])
    assert len(window.help.browser.toPlainText()) > 100


@pytest.mark.parametrize(
    ("qt", "python", "refused"),
    [((6, 12, 0), (3, 11), True), ((6, 12, 0), (3, 12), False), ((6, 11, 3), (3, 11), False)],
)
def test_that_the_pair_of_versions_that_crashes_is_refused(
    qt: tuple[int, ...], python: tuple[int, ...], refused: bool
) -> None:
    assert bool(app.unusable(qt, python)) is refused


def test_that_a_message_is_shown_with_its_hint_until_another_session_is_opened(
    window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    window.opener.open(tmp_path / ("a long name " * 20 + ".onnx"))
    qtbot.waitUntil(window.message_bar.isVisible, timeout=LONG)
    assert window.message_bar.hint.isVisible()
    assert window.width() < 1400

    window.opener.open_demo()
    qtbot.waitUntil(lambda: window.workspace.model is not None, timeout=LONG)
    assert not window.message_bar.isVisible()


def test_that_the_log_is_shown_where_there_are_no_messages(demo_window: MainWindow, qtbot: QtBot) -> None:
    demo_window.actions_.details.trigger()
    assert demo_window.details.none.isVisible()
    demo_window.actions_.details.trigger()

    with qtbot.waitSignal(demo_window.runner.succeeded, timeout=LONG):
        demo_window.actions_.run.trigger()
        demo_window.actions_.details.trigger()

    assert demo_window.details.currentWidget() is demo_window.details.log

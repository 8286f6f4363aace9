"""What can be dropped on the window, and what happens with what cannot."""

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from tests.helpers.waiting import LONG
from workbench.foundation.resources import resource
from workbench.ui.dialogs import DUMP_LAYOUTS, SOURCES, ImportDialog
from workbench.ui.main_window import MainWindow


def drop(window: MainWindow, *paths: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    copy, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    window.dropEvent(QDropEvent(QPointF(50, 50), copy, data, left, none))


def arrays(folder: Path, *names: str) -> list[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        np.save(folder / name, np.zeros(3, np.float32))
    return [folder / name for name in names]


def told(window: MainWindow, qtbot: QtBot, count: int = 1) -> list[str]:
    qtbot.waitUntil(lambda: len(window.messages.entries) >= count, timeout=LONG)
    return [entry.text for entry in window.messages.entries]


def import_dialog(window: MainWindow, qtbot: QtBot) -> ImportDialog:
    qtbot.waitUntil(lambda: bool(window.findChildren(ImportDialog)), timeout=LONG)
    return window.findChildren(ImportDialog)[0]


def test_that_inputs_of_several_files_are_added_at_once(demo_window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    before = demo_window.workspace.session
    assert before is not None
    drop(demo_window, *arrays(tmp_path, "a.npy", "b.npy"))
    session = demo_window.workspace
    qtbot.waitUntil(lambda: session.session is not None and session.session.samples != before.samples, timeout=LONG)
    assert [sample.files[0].name for sample in session.session.samples[-2:]] == ["a.npy", "b.npy"]


def test_that_a_folder_of_dumps_asks_whose_they_are_with_a_guess(
    demo_window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    arrays(tmp_path / "sim_out", "x.npy")
    drop(demo_window, tmp_path / "sim_out")
    dialog = import_dialog(demo_window, qtbot)
    imported, kind, names = dialog.chosen()
    assert (imported.path, kind, names) == (tmp_path / "sim_out", "simulator", None)
    assert imported.layout == DUMP_LAYOUTS[0]
    assert kind in SOURCES
    dialog.reject()


def test_that_a_network_is_opened_and_gets_the_inputs_that_came_with_it(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    (picture,) = arrays(tmp_path, "in.npy")
    drop(window, picture, resource("demo", "demo.onnx"))
    qtbot.waitUntil(lambda: bool(window.workspace.session and window.workspace.session.samples), timeout=LONG)
    assert window.workspace.session.samples[0].files == (picture,)


def test_that_the_window_shows_that_it_takes_what_is_dragged(demo_window: MainWindow, tmp_path: Path) -> None:
    data, none = QMimeData(), Qt.KeyboardModifier.NoModifier
    data.setUrls([QUrl.fromLocalFile(str(tmp_path))])
    copy, left = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    demo_window.dragEnterEvent(QDragEnterEvent(QPoint(50, 50), copy, data, left, none))
    assert demo_window.strip.text.full_text == "Drop a network, inputs, dumps or a plan"
    demo_window.dragLeaveEvent(QDragLeaveEvent())
    assert demo_window.strip.text.full_text != "Drop a network, inputs, dumps or a plan"


def test_that_no_field_takes_a_dropped_file_for_text(window: MainWindow) -> None:
    assert [field.accessibleName() for field in window.findChildren(QLineEdit) if field.acceptDrops()] == []


def test_that_inputs_without_a_network_say_what_to_do(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    drop(window, *arrays(tmp_path, "a.npy"))
    assert told(window, qtbot) == ["There is no network yet that a.npy belongs to."]
    assert window.message_bar.hint.text() == "Open a network first, or drop it together with them."


@pytest.mark.parametrize(
    ("name", "text"),
    [("notes.docx", "notes.docx cannot be used here."), ("net.keras", "net.keras is no network that can be read.")],
)
def test_that_what_cannot_be_used_is_refused_in_a_sentence(
    window: MainWindow, qtbot: QtBot, tmp_path: Path, name: str, text: str
) -> None:
    (tmp_path / name).write_bytes(b"x")
    drop(window, tmp_path / name)
    assert told(window, qtbot) == [text]
    assert window.message_bar.isVisible()


def test_that_the_second_network_is_named_as_not_used(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "other.onnx").write_bytes(b"x")
    drop(window, resource("demo", "demo.onnx"), tmp_path / "other.onnx")
    assert told(window, qtbot)[0] == "Not used: other.onnx."
    qtbot.waitUntil(lambda: window.workspace.model is not None, timeout=LONG)


def test_that_a_plan_is_imported(done_window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    job = done_window.flow.exports.export("plan", tmp_path / "plan.json")
    assert job is not None
    qtbot.waitUntil(lambda: not job.is_running, timeout=4 * LONG)
    drop(done_window, tmp_path / "plan.json")
    workspace = done_window.workspace
    qtbot.waitUntil(lambda: workspace.session is not None and workspace.session.plan is not None, timeout=LONG)
    assert workspace.session.plan == tmp_path / "plan.json"


def test_that_what_is_dropped_twice_is_told(demo_window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    files = arrays(tmp_path, "a.npy", "b.npy")
    drop(demo_window, files[0])
    assert told(demo_window, qtbot) == ["Inputs added: 1"]
    drop(demo_window, *files)
    assert told(demo_window, qtbot, 2)[1] == "Inputs added: 1, there already: 1"


def test_that_a_picture_that_cannot_be_read_is_told_where_the_settings_are_hidden(
    demo_window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    demo_window.desk.show_layers()
    drop(demo_window, tmp_path / "gone.png")
    qtbot.waitUntil(demo_window.message_bar.isVisible, timeout=LONG)
    assert "gone.png" in demo_window.message_bar.text.text()

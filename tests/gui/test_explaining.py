"""What the toolkit says in the words of the window, and repairs of the user's files."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.foreign import OLD_PROTOTXT
from tests.gui.test_flow_drops import drop
from tests.helpers.waiting import LONG
from workbench.sources.toolkit.host import ToolkitError
from workbench.ui import translate
from workbench.ui.main_window import MainWindow
from workbench.ui.views.log_dialog import LogDialog
from workbench.ui.views.repair_dialog import RepairDialog

OLD_INPUT = "E load_caffe: Deprecated caffe input usage, please change it to input layer"
LOG = f"""I rknn-toolkit2 version: 2.5.0
--> Loading model
{OLD_INPUT}
E build: Catch exception when building RKNN model!
"""


@pytest.fixture
def chinese(qapp: QApplication) -> Iterator[None]:
    translate.install(qapp, "zh_CN")
    yield
    translate.install(qapp, "en")


@pytest.fixture
def prototxt(tmp_path: Path) -> Path:
    (path := tmp_path / "net.prototxt").write_text(OLD_PROTOTXT)
    return path


def dialog_of(window: MainWindow, qtbot: QtBot, kind: type) -> LogDialog | RepairDialog:
    qtbot.waitUntil(lambda: any(item.isVisible() for item in window.findChildren(kind)), timeout=LONG)
    return next(item for item in window.findChildren(kind) if item.isVisible())


def fail(window: MainWindow, *lines: str) -> None:
    window.messages.fail(ToolkitError("The toolkit failed while it loaded the network: it.", "Look at the log.", lines))


def test_that_an_error_of_the_toolkit_says_what_its_lines_mean(window: MainWindow) -> None:
    fail(window, OLD_INPUT)
    assert "Input layer" in window.message_bar.hint.text()
    assert window.message_bar.repair_button.isVisible()
    assert window.message_bar.lines_button.isVisible()


def test_that_an_error_that_nobody_knows_keeps_its_hint_and_offers_no_repair(window: MainWindow) -> None:
    fail(window, "E build: never seen before")
    assert window.message_bar.hint.text() == "Look at the log."
    assert not window.message_bar.repair_button.isVisible()


def test_that_other_errors_have_neither_button(window: MainWindow) -> None:
    fail(window, OLD_INPUT)
    window.messages.refuse("Something else.", "Do this.")
    assert not window.message_bar.repair_button.isVisible()
    assert not window.message_bar.lines_button.isVisible()


def test_that_an_error_is_explained_in_chinese(chinese: None, window: MainWindow) -> None:
    fail(window, OLD_INPUT)
    assert any("\u4e00" <= sign <= "\u9fff" for sign in window.message_bar.hint.text())


def test_that_a_dropped_log_is_explained_at_the_line_that_explains_most(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    (tmp_path / "build.log").write_text(LOG)
    drop(window, tmp_path / "build.log")
    dialog = dialog_of(window, qtbot, LogDialog)
    assert dialog.chosen is not None
    assert (dialog.chosen.number, dialog.chosen.line) == (3, OLD_INPUT)
    assert dialog.title.text() == dialog.chosen.title
    assert dialog.text.textCursor().blockNumber() == 2
    assert dialog.repair_button.isVisible()
    dialog.close()


def test_that_a_log_in_a_text_file_is_no_list_of_inputs(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "output.txt").write_text(LOG)
    drop(window, tmp_path / "output.txt")
    dialog_of(window, qtbot, LogDialog).close()
    assert window.messages.entries == []


def test_that_a_log_without_anything_known_says_so(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "other.log").write_text("one\ntwo\n")
    window.flow.explaining.explain(tmp_path / "other.log")
    dialog = dialog_of(window, qtbot, LogDialog)
    assert dialog.chosen is None
    assert "known" in dialog.title.text()
    dialog.close()


def test_that_of_a_long_log_the_lines_around_a_message_are_shown(window: MainWindow, qtbot: QtBot) -> None:
    lines = [f"I line {number}" for number in range(5000)]
    lines[3000] = OLD_INPUT
    window.flow.explaining.explain_lines(lines)
    dialog = dialog_of(window, qtbot, LogDialog)
    assert dialog.text.textCursor().block().text() == OLD_INPUT
    assert dialog.text.document().blockCount() < 2000
    assert dialog.where.text() == "Line 3001 of 5000"
    dialog.close()


def test_that_the_lines_of_an_error_can_be_looked_at(window: MainWindow, qtbot: QtBot) -> None:
    fail(window, "I one", OLD_INPUT)
    window.message_bar.lines_button.click()
    dialog = dialog_of(window, qtbot, LogDialog)
    assert dialog.text.toPlainText() == f"I one\n{OLD_INPUT}"
    dialog.close()


def test_that_a_repair_shows_what_changes_and_writes_a_copy(
    window: MainWindow, qtbot: QtBot, prototxt: Path, tmp_path: Path
) -> None:
    window.flow.explaining.repair_file(prototxt)
    dialog = dialog_of(window, qtbot, RepairDialog)
    assert "-input_dim: 3" in dialog.diff.toPlainText()
    assert '+  type: "Input"' in dialog.diff.toPlainText()
    dialog.open_copy.setChecked(False)
    dialog.take_target(tmp_path / "copy.prototxt")
    qtbot.waitUntil(lambda: window.messages.entries != [], timeout=LONG)
    assert 'type: "Input"' in (tmp_path / "copy.prototxt").read_text()
    assert prototxt.read_text() == OLD_PROTOTXT


def test_that_a_repair_never_writes_over_the_file(window: MainWindow, qtbot: QtBot, prototxt: Path) -> None:
    window.flow.explaining.repair_file(prototxt)
    dialog_of(window, qtbot, RepairDialog).take_target(prototxt)
    qtbot.waitUntil(lambda: window.messages.entries != [], timeout=LONG)
    assert window.messages.entries[-1].severity == "error"
    assert prototxt.read_text() == OLD_PROTOTXT


def test_that_a_file_without_anything_to_repair_is_told(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "fine.prototxt").write_text('name: "net"\n')
    window.flow.explaining.repair_file(tmp_path / "fine.prototxt")
    qtbot.waitUntil(window.message_bar.isVisible, timeout=LONG)
    assert window.message_bar.text.text() == "There is nothing to repair in fine.prototxt."


def test_that_an_entry_of_the_list_shows_its_message_again(window: MainWindow) -> None:
    fail(window, OLD_INPUT)
    window.message_bar.hide()
    window.details.list.itemActivated.emit(window.details.list.item(0))
    assert window.message_bar.isVisible()
    assert window.message_bar.repair_button.isVisible()


def test_that_a_log_without_errors_says_so(window: MainWindow, qtbot: QtBot) -> None:
    window.flow.explaining.explain_lines(["I fuse_ops done.", "I rknn buiding done."])
    assert dialog_of(window, qtbot, LogDialog).title.text().startswith("No error")


def test_that_a_log_with_an_unknown_error_says_where_to_look(window: MainWindow, qtbot: QtBot) -> None:
    window.flow.explaining.explain_lines(["I rknn building ...", "E nobody_knows: what this is"])
    assert dialog_of(window, qtbot, LogDialog).title.text() == "None of these messages is known."

"""The vendor's toolkit in the window: which there are, one is added, one is installed; scripted, without a toolkit."""

import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog, QWidget
from pytestqt.qtbot import QtBot

from tests.helpers.waiting import LONG
from workbench.foundation.steps import Log, Progress, Steps
from workbench.sources.toolkit.descriptions import Toolkit, describe, described
from workbench.sources.toolkit.host import ToolkitError, Versions
from workbench.ui import toolkit as controller
from workbench.ui.main_window import MainWindow
from workbench.ui.views.toolkit.setup_dialog import SetupDialog
from workbench.ui.views.toolkit.toolkit_list import LOADS, NAME, STATE, VERSION

GOOD, BAD = Toolkit("good", Path("/opt/good/bin/python")), Toolkit("bad", Path("/opt/bad/bin/python"))
VERSIONS = Versions("rknn-toolkit2", "2.5.0", "3.11.7", {"onnx": "1.18.0", "torch": "2.13.0", "numpy": "1.26.4"})


def looked(toolkit: Toolkit) -> Steps[Versions]:
    yield Progress("start", 0, 0)
    if "bad" in str(toolkit.python):
        raise ToolkitError("The toolkit failed while it started: no module named rknn.", "Set it up anew.")
    return VERSIONS


@pytest.fixture
def known(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Lets the given toolkits be those that are described; no interpreter is started."""

    def take(*toolkits: Toolkit) -> None:
        monkeypatch.setattr(controller, "_described", lambda: toolkits)

    monkeypatch.setattr(controller, "_look", looked)
    take()
    return take


def set_up(window: MainWindow, qtbot: QtBot) -> SetupDialog:
    window.actions_.setup_toolkit.trigger()
    dialog = window.findChild(SetupDialog)
    assert isinstance(dialog, SetupDialog)
    toolkits = window.flow.conversions.toolkits
    qtbot.waitUntil(lambda: toolkits.is_read and not toolkits.is_looking, timeout=LONG)
    return dialog


def texts(dialog: SetupDialog, row: int) -> list[str]:
    item = dialog.list.topLevelItem(row)
    assert item is not None
    return [item.text(at) for at in (NAME, STATE, VERSION, LOADS)]


def shown(widget: QWidget) -> bool:
    return not widget.isHidden()


def test_that_setting_up_needs_no_network_but_converting_does(window: MainWindow) -> None:
    actions = window.actions_
    assert actions.setup_toolkit.isEnabled()
    assert not actions.convert.isEnabled()
    assert not actions.mixed_precision.isEnabled()
    assert actions.convert.statusTip() == "No network is open."


def test_that_without_a_toolkit_the_dialog_says_how_to_get_one(
    window: MainWindow, known: Callable[..., None], qtbot: QtBot
) -> None:
    dialog = set_up(window, qtbot)
    assert shown(dialog.none)
    assert not shown(dialog.list)
    assert dialog.install.start.isEnabled()


def test_that_each_toolkit_tells_what_it_has_or_why_it_cannot_be_used(
    window: MainWindow, known: Callable[..., None], qtbot: QtBot
) -> None:
    known(GOOD, BAD)
    dialog = set_up(window, qtbot)
    qtbot.waitUntil(lambda: texts(dialog, 1)[1] == "✖ cannot be used", timeout=LONG)
    assert texts(dialog, 0) == ["good", "● ready, used", "2.5.0", "ONNX, PyTorch, Caffe, Darknet"]
    dialog.list.setCurrentItem(dialog.list.topLevelItem(1))
    assert dialog.problem.text() == "The toolkit failed while it started: no module named rknn."
    assert dialog.hint.text() == "Set it up anew."
    dialog.list.setCurrentItem(dialog.list.topLevelItem(0))
    assert not shown(dialog.problem)
    assert "/opt/good/bin/python" in dialog.detail.text()


def test_that_a_toolkit_is_added_by_its_interpreter_under_a_name_of_its_own(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    monkeypatch.setattr(controller, "_look", looked)
    monkeypatch.setattr(controller, "_described", lambda: tuple(item for item in described() if is_of_test(item)))
    describe(Toolkit("rknn-toolkit2 2.5.0", Path("/opt/other/bin/python")))
    dialog = set_up(window, qtbot)
    window.flow.conversions.toolkits.add(GOOD.python)
    qtbot.waitUntil(lambda: len(window.flow.conversions.toolkits.known) == 2, timeout=LONG)
    qtbot.waitUntil(lambda: not window.jobs.running, timeout=LONG)
    assert sorted(texts(dialog, at)[0] for at in range(2)) == ["rknn-toolkit2 2.5.0", "rknn-toolkit2 2.5.0 (2)"]


def is_of_test(toolkit: Toolkit) -> bool:
    return str(toolkit.python).startswith("/opt/")


def test_that_the_interpreter_of_an_environment_is_added_by_its_own_name(
    window: MainWindow, known: Callable[..., None], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, qtbot: QtBot
) -> None:
    added: list[Path] = []
    monkeypatch.setattr(window.flow.conversions.toolkits, "add", added.append)
    link = tmp_path / "environment" / "bin" / "python"
    link.parent.mkdir(parents=True)
    link.symlink_to(sys.executable)
    dialog = set_up(window, qtbot)
    dialog.add.click()
    chooser = dialog.findChild(QFileDialog)
    assert isinstance(chooser, QFileDialog)
    chooser.selectFile(str(link))
    qtbot.waitUntil(lambda: bool(chooser.selectedFiles()), timeout=LONG)
    chooser.done(QFileDialog.DialogCode.Accepted)
    chooser.fileSelected.emit(chooser.selectedFiles()[0])
    assert set(added) == {link}


def test_that_an_interpreter_without_the_toolkit_is_refused_with_a_sentence(
    window: MainWindow, known: Callable[..., None], qtbot: QtBot, user_settings_folder: Path
) -> None:
    dialog = set_up(window, qtbot)
    with qtbot.waitSignal(window.flow.conversions.toolkits.refused, timeout=LONG):
        window.flow.conversions.toolkits.add(BAD.python)
    assert dialog.problem.text() == "The toolkit failed while it started: no module named rknn."
    assert not list(user_settings_folder.glob("toolkits/*"))
    assert window.messages.entries[-1].severity == "error"


def test_that_forgetting_removes_the_description_alone(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    monkeypatch.setattr(controller, "_look", looked)
    monkeypatch.setattr(controller, "_described", lambda: tuple(item for item in described() if is_of_test(item)))
    path = describe(GOOD)
    dialog = set_up(window, qtbot)
    dialog.remove.click()
    qtbot.waitUntil(lambda: not window.flow.conversions.toolkits.known, timeout=LONG)
    assert not path.exists()


def test_that_one_that_is_only_named_by_a_variable_cannot_be_forgotten(
    window: MainWindow, known: Callable[..., None], qtbot: QtBot
) -> None:
    known(Toolkit("RKNN_TOOLKIT_PYTHON", GOOD.python))
    dialog = set_up(window, qtbot)
    assert not dialog.remove.isEnabled()
    assert "RKNN_TOOLKIT_PYTHON" in dialog.remove.toolTip()


def test_that_a_broken_description_is_told_beside_the_others(
    window: MainWindow, known: Callable[..., None], user_settings_folder: Path, qtbot: QtBot
) -> None:
    known(GOOD)
    (user_settings_folder / "toolkits").mkdir(parents=True)
    (user_settings_folder / "toolkits" / "torn.toml").write_text("python = 3", encoding="utf-8")
    dialog = set_up(window, qtbot)
    qtbot.waitUntil(lambda: "names no python" in dialog.problem.text(), timeout=LONG)
    assert texts(dialog, 0)[:2] == ["good", "● ready, used"]


def test_that_a_dialog_that_was_closed_hears_nothing_more(
    window: MainWindow, known: Callable[..., None], qtbot: QtBot
) -> None:
    dialog = set_up(window, qtbot)
    with qtbot.waitSignal(dialog.destroyed, timeout=LONG):
        dialog.close()
    known(GOOD)
    with qtbot.waitSignal(window.flow.conversions.toolkits.changed, timeout=LONG):
        window.flow.conversions.toolkits.refresh()
    assert window.flow.conversions.toolkits.known == (GOOD,)


def installed(folder: Path, with_tensorflow: bool) -> Steps[Toolkit]:
    yield Log(f"Installing into {folder.name}, TensorFlow: {with_tensorflow}")
    while not (folder / "go").exists():
        yield Progress("install", 0, 0)
        time.sleep(0.01)
    return GOOD


def test_that_an_installation_shows_its_log_and_what_it_installed(
    window: MainWindow, known: Callable[..., None], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, qtbot: QtBot
) -> None:
    monkeypatch.setattr(controller, "_set_up", installed)
    dialog = set_up(window, qtbot)
    part = dialog.install
    part.folder.setText(str(tmp_path))
    part.tensorflow.setChecked(True)
    part.start.click()
    qtbot.waitUntil(lambda: "TensorFlow: True" in part.log.toPlainText(), timeout=LONG)
    assert shown(part.stop)
    assert not part.start.isEnabled()
    known(GOOD)
    (tmp_path / "go").touch()
    qtbot.waitUntil(lambda: dialog.list.topLevelItemCount() == 1, timeout=LONG)
    qtbot.waitUntil(lambda: not window.jobs.running, timeout=LONG)
    assert part.state.full_text.startswith("Installed in")
    assert not shown(part.stop)


def test_that_an_installation_can_be_stopped_and_begun_anew(
    window: MainWindow, known: Callable[..., None], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, qtbot: QtBot
) -> None:
    monkeypatch.setattr(controller, "_set_up", installed)
    dialog = set_up(window, qtbot)
    dialog.install.folder.setText(str(tmp_path))
    dialog.install.start.click()
    qtbot.waitUntil(lambda: bool(dialog.install.log.toPlainText()), timeout=LONG)
    dialog.install.stop.click()
    qtbot.waitUntil(lambda: window.flow.conversions.toolkits.installing is None, timeout=LONG)
    assert dialog.install.state.full_text.startswith("Cancelled after")
    assert dialog.install.start.isEnabled()


def test_that_a_dialog_that_is_opened_later_shows_the_installation_that_goes_on(
    window: MainWindow, known: Callable[..., None], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, qtbot: QtBot
) -> None:
    monkeypatch.setattr(controller, "_set_up", installed)
    toolkits = window.flow.conversions.toolkits
    job = toolkits.install(tmp_path)
    assert job is not None
    assert toolkits.install(tmp_path) is None
    qtbot.waitUntil(lambda: bool(job.lines), timeout=LONG)
    dialog = set_up(window, qtbot)
    assert "Installing into" in dialog.install.log.toPlainText()
    job.cancel()
    qtbot.waitUntil(lambda: not job.is_running, timeout=LONG)

"""Rules of a window on a session that another program has."""

from collections.abc import Callable
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.helpers.waiting import LONG
from tests.holders import is_free, other_program
from workbench.foundation.resources import resource
from workbench.foundation.steps import drain
from workbench.project.pipeline import analyze
from workbench.project.session import load_session
from workbench.ui import holding
from workbench.ui.main_window import MainWindow
from workbench.ui.opening import copy_session
from workbench.ui.precision import set_precision
from workbench.ui.reading import read_new
from workbench.ui.views.table.layer_menu import layer_menu


@pytest.fixture(autouse=True)
def looks_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(holding, "LOOK_EVERY_MS", 50)


@pytest.fixture
def session(demo_run: Path, tmp_path: Path) -> Path:
    """The session of a demo that has run."""
    folder = tmp_path / "sessions" / "demo"
    drain(copy_session(load_session(demo_run), demo_run, folder))
    return folder


def content(folder: Path) -> dict[str, bytes]:
    """Every file of a session but the lock."""
    files = (path for path in folder.rglob("*") if path.is_file() and path.name != "session.lock")
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def open_second(window: MainWindow, folder: Path, qtbot: QtBot) -> None:
    """Open what another program has."""
    with qtbot.waitSignal(window.opener.opened, timeout=LONG):
        window.opener.open(folder)
    qtbot.waitUntil(lambda: window.workspace.access.is_read_only, timeout=LONG)


def test_that_a_window_has_its_session_until_it_closes_it(window: MainWindow, session: Path, qtbot: QtBot) -> None:
    with qtbot.waitSignal(window.opener.opened, timeout=LONG):
        window.opener.open(session)
    qtbot.waitUntil(lambda: (session / "session.lock").exists(), timeout=LONG)

    assert not is_free(session)

    window.opener.close()
    qtbot.waitUntil(lambda: not (session / "session.lock").exists(), timeout=LONG)

    assert is_free(session)


def test_that_a_session_is_free_when_its_window_is_gone(window: MainWindow, session: Path, qtbot: QtBot) -> None:
    with qtbot.waitSignal(window.opener.opened, timeout=LONG):
        window.opener.open(session)
    qtbot.waitUntil(lambda: (session / "session.lock").exists(), timeout=LONG)

    window.leaving.close_at_once()

    assert is_free(session)


def test_that_the_first_run_of_a_new_session_holds_it(demo_window: MainWindow, qtbot: QtBot) -> None:
    folder = demo_window.workspace.folder
    assert folder is not None
    with qtbot.waitSignal(demo_window.runner.succeeded, timeout=LONG):
        demo_window.runner.run()
    qtbot.waitUntil(lambda: (folder / "session.lock").exists(), timeout=LONG)

    assert not is_free(folder)


def test_that_a_new_session_has_its_name_from_the_start(window: MainWindow, tmp_path: Path, qtbot: QtBot) -> None:
    network = resource("demo") / "demo.onnx"
    with qtbot.waitSignal(window.opener.opened, timeout=LONG):
        window.opener.open(network)
    folder = window.workspace.folder
    assert folder == tmp_path / "sessions" / "demo"
    qtbot.waitUntil(lambda: (folder / "session.lock").exists(), timeout=LONG)

    assert read_new(network, {}, tmp_path / "sessions").folder.name == "demo-2"

    window.opener.close()
    qtbot.waitUntil(lambda: not folder.exists(), timeout=LONG)

    assert read_new(network, {}, tmp_path / "sessions").folder == folder


def test_that_the_second_window_says_so_in_title_and_bar(window: MainWindow, session: Path, qtbot: QtBot) -> None:
    with other_program(session) as other:
        open_second(window, session, qtbot)

        assert "(read-only)" in window.windowTitle()
        assert window.read_only_bar.isVisible()
        assert f"process {other.pid} on" in window.read_only_bar.text.toolTip()
        assert window.workspace.results is not None


def test_that_the_second_window_offers_neither_run_nor_save(window: MainWindow, session: Path, qtbot: QtBot) -> None:
    actions = window.actions_
    with other_program(session):
        open_second(window, session, qtbot)

        assert not any(action.isEnabled() for action in (actions.run, actions.save, actions.import_dumps))
        assert not window.toolbar.run_button.isEnabled()
        assert actions.save_as.isEnabled()


def offered(window: MainWindow) -> dict[str, bool]:
    """What changes a session, and whether it is offered."""
    actions, settings = window.actions_, window.settings_panel
    changing = {
        "run": actions.run, "save": actions.save, "diagnose": actions.diagnose, "inputs": actions.add_inputs,
        "dumps": actions.import_dumps, "plan": actions.import_plan, "search": actions.search_layers,
        "run button": window.toolbar.run_button, "blame": window.diagnoses.blame.measure,
        "preprocess": settings.preprocess, "types": settings.quantization, "board": settings.board,
        "precision": window.inspector.precision.buttons()[0],
    }  # fmt: skip
    return {name: part.isEnabled() for name, part in changing.items()}


def test_that_what_changes_the_session_is_grey_and_says_why(window: MainWindow, session: Path, qtbot: QtBot) -> None:
    with other_program(session):
        open_second(window, session, qtbot)

        assert [name for name, is_offered in offered(window).items() if is_offered] == []
        why = "Another program has the session open."
        assert (window.toolbar.run_button.toolTip(), window.settings_panel.quantization.toolTip()) == (why, why)
        assert (window.actions_.run.statusTip(), window.actions_.search_layers.statusTip()) == (why, why)
        qtbot.waitUntil(lambda: window.actions_.diagnose.statusTip() == why, timeout=LONG)
        row = window.workspace.rows[3].tensor
        menu = layer_menu(window, window.workspace, row)
        greyed = [action.toolTip() for action in menu.actions() if not action.isEnabled() and action.text()]
        assert greyed.count(why) >= 3
        assert menu.actions()[-1].isEnabled()  # a name may be copied

    qtbot.waitUntil(lambda: not window.workspace.access.is_read_only, timeout=LONG)
    qtbot.waitUntil(lambda: offered(window)["run"] and offered(window)["types"], timeout=LONG)
    window.workspace.select(row)
    qtbot.waitUntil(lambda: offered(window)["precision"], timeout=LONG)
    qtbot.waitUntil(lambda: all(offered(window).values()), timeout=LONG)
    assert why not in (window.toolbar.run_button.toolTip(), window.settings_panel.quantization.toolTip())


def test_that_a_state_that_changes_meanwhile_offers_nothing(window: MainWindow, session: Path, qtbot: QtBot) -> None:
    with other_program(session):
        open_second(window, session, qtbot)

        window.workspace.session_changed.emit()
        window.diagnoses.diagnosing.busy_changed.emit()

        assert [name for name, is_offered in offered(window).items() if is_offered] == []


def edit(window: MainWindow) -> None:
    row = window.workspace.worst()
    assert row is not None
    set_precision(window.workspace, row, "float16")


@pytest.mark.parametrize(
    "act",
    [
        edit,
        lambda window: window.runner.run(),
        lambda window: window.opener.save(),
        lambda window: window.mixtures.mixing.measure(),
    ],
    ids=["edit", "run", "save", "effects"],
)
def test_that_whatever_would_change_the_session_is_refused_with_a_sentence(
    act: Callable[[MainWindow], object], window: MainWindow, session: Path, qtbot: QtBot
) -> None:
    with other_program(session):
        open_second(window, session, qtbot)
        before, shown = content(session), window.workspace.session

        act(window)
        qtbot.waitUntil(lambda: any("in use by another" in item.text for item in window.messages.entries), timeout=LONG)
        window.opener.save_now()

        assert window.workspace.session == shown
        assert content(session) == before


def test_that_widgets_show_again_what_holds(window: MainWindow, session: Path, qtbot: QtBot) -> None:
    panel, precision = window.settings_panel, window.inspector.precision
    with other_program(session):
        open_second(window, session, qtbot)
        qtbot.waitUntil(lambda: precision.checkedId() >= 0, timeout=LONG)
        chosen, typed, checked = (
            panel.quantization.method.currentText(),
            panel.preprocess.mean.text(),
            precision.checkedId(),
        )

        panel.quantization.method.setCurrentText("layer")
        panel.quantization.method.activated.emit(panel.quantization.method.currentIndex())
        panel.preprocess.mean.setText("1")
        panel.preprocess.mean.textEdited.emit("1")
        precision.button(2).click()

        qtbot.waitUntil(lambda: panel.quantization.method.currentText() == chosen != "layer", timeout=LONG)
        qtbot.waitUntil(lambda: panel.preprocess.mean.text() == typed != "1", timeout=LONG)
        qtbot.waitUntil(lambda: precision.checkedId() == checked != 2, timeout=LONG)


def test_that_the_second_window_has_what_the_first_has_left(window: MainWindow, session: Path, qtbot: QtBot) -> None:
    with other_program(session):
        open_second(window, session, qtbot)
        window.workspace.select(window.workspace.rows[3].tensor)
        document = (session / "session.json").read_text(encoding="utf-8")
        (session / "session.json").write_text(document.replace('"method": "channel"', '"method": "layer"'))

    qtbot.waitUntil(lambda: not window.workspace.access.is_read_only, timeout=LONG)

    assert window.workspace.session is not None
    assert window.workspace.session.quant.method == "layer"
    assert window.workspace.selected == window.workspace.rows[3].tensor
    assert not window.read_only_bar.isVisible()
    assert "(read-only)" not in window.windowTitle()
    assert not is_free(session)


def test_that_a_copy_of_a_session_in_use_can_be_changed(
    window: MainWindow, session: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    with other_program(session):
        open_second(window, session, qtbot)
        window.opener.save_as(tmp_path / "copy")
        qtbot.waitUntil(lambda: window.workspace.folder == tmp_path / "copy", timeout=LONG)

        edit(window)

        assert not window.workspace.access.is_read_only
        assert drain(analyze(window.workspace.session, tmp_path / "copy"))

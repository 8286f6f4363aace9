"""Undo and redo of settings."""

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from tests.gui.made_workspace import made_workspace
from tests.helpers.waiting import LONG
from workbench.preprocess.preprocess import Preprocess
from workbench.project.session import ImportedDumps, Session
from workbench.ui import edits as module
from workbench.ui.edits import Edits
from workbench.ui.main_window import MainWindow
from workbench.ui.workspace import Workspace


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return made_workspace(tmp_path / "s")


def session_of(workspace: Workspace) -> Session:
    assert workspace.session is not None
    return workspace.session


def typed(workspace: Workspace, **fields: object) -> None:
    """What one letter in a field of the preprocessing does."""
    before = session_of(workspace).preprocess.get("x", Preprocess())
    workspace.change(preprocess={"x": replace(before, **fields)})


def test_that_a_step_is_taken_back_and_done_again(qtbot: QtBot, workspace: Workspace) -> None:
    edits, quant = Edits(workspace), session_of(workspace).quant
    workspace.change(quant=replace(quant, dtype="fp16"))
    edits.undo()
    assert session_of(workspace).quant == quant
    assert edits.next_undo is None
    edits.redo()
    assert session_of(workspace).quant.dtype == "fp16"
    assert edits.next_redo is None


def test_that_a_step_says_what_it_did(qtbot: QtBot, workspace: Workspace) -> None:
    edits, quant = Edits(workspace), session_of(workspace).quant
    steps = (
        ({"quant": replace(quant, dtype="fp16")}, "data type → fp16"),
        ({"quant": quant.with_layer("y", (), "float16")}, "data type → w8a8"),
        ({"quant": quant}, "precision: y"),
        ({"preprocess": {"x": Preprocess()}}, "preprocessing"),
        ({"preprocess": {"x": Preprocess(mean=(1.5, 2.0, 3.0))}}, "mean → 1.5 2 3"),
        ({"notes": {"y": "look here"}}, "note: y"),
        ({"plan": Path("a/b.cfg"), "quant": replace(quant, dtype="w8a8")}, "plan → b.cfg"),
        ({"plan": None}, "remove the plan"),
    )
    for changes, title in steps:
        workspace.change(**changes)
        assert edits.next_undo is not None
        assert edits.next_undo.title == title


def test_that_what_is_typed_into_one_field_is_one_step(qtbot: QtBot, workspace: Workspace) -> None:
    typed(workspace, mean=(0.0,))
    edits = Edits(workspace)
    for value in (1.0, 12.0, 127.0):
        typed(workspace, mean=(value,))
    typed(workspace, std=(58.0,))
    edits.undo()
    assert session_of(workspace).preprocess["x"].mean == (127.0,)
    edits.undo()
    assert session_of(workspace).preprocess["x"].mean == (0.0,)
    assert edits.next_undo is None


def test_that_typing_again_after_a_while_is_another_step(
    qtbot: QtBot, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    typed(workspace, mean=(0.0,))
    edits, now = Edits(workspace), 0.0
    monkeypatch.setattr(module.time, "monotonic", lambda: now)
    typed(workspace, mean=(1.0,))
    now += module.TOGETHER + 1
    typed(workspace, mean=(2.0,))
    edits.undo()
    assert session_of(workspace).preprocess["x"].mean == (1.0,)


def test_that_two_choices_in_a_row_are_two_steps(qtbot: QtBot, workspace: Workspace) -> None:
    edits, quant = Edits(workspace), session_of(workspace).quant
    workspace.change(quant=replace(quant, dtype="w4a16"))
    workspace.change(quant=replace(quant, dtype="fp16"))
    edits.undo()
    assert session_of(workspace).quant.dtype == "w4a16"


def test_that_an_import_is_no_step_and_stays_when_settings_are_undone(qtbot: QtBot, workspace: Workspace) -> None:
    edits, quant = Edits(workspace), session_of(workspace).quant
    workspace.change(quant=replace(quant, dtype="fp16"))
    workspace.change(imports={"runtime": ImportedDumps(Path("board"))})
    edits.undo()
    assert session_of(workspace).quant == quant
    assert list(session_of(workspace).imports) == ["runtime"]


def test_that_another_session_has_no_steps(qtbot: QtBot, workspace: Workspace, tmp_path: Path) -> None:
    edits = Edits(workspace)
    workspace.change(tensors=("y",))
    workspace.set_session(Session(Path("other.onnx")), tmp_path / "other", workspace.model)
    assert (edits.next_undo, edits.next_redo) == (None, None)


def test_that_undoing_a_what_if_computes_it_again(qtbot: QtBot, workspace: Workspace) -> None:
    edits, quant = Edits(workspace), session_of(workspace).quant
    workspace.change(quant=quant.with_layer("y", (), "float16"))
    with qtbot.waitSignal(workspace.run_wanted, timeout=100):
        edits.undo()
    workspace.change(quant=replace(quant, dtype="fp16"))
    with qtbot.assertNotEmitted(workspace.run_wanted):
        edits.undo()


def test_that_a_window_on_the_same_session_goes_on_with_the_steps(qtbot: QtBot, workspace: Workspace) -> None:
    edits = Edits(workspace)
    workspace.change(tensors=("y",))
    other = Edits(workspace)
    other.take_over(edits)
    other.undo()
    assert session_of(workspace).tensors == ()


def test_that_keys_undo_and_the_menu_says_what(demo_window: MainWindow, qtbot: QtBot) -> None:
    workspace, action = demo_window.workspace, demo_window.actions_.undo
    assert not action.isEnabled()
    workspace.change(quant=replace(session_of(workspace).quant, algorithm="mmse"))
    assert action.text() == "&Undo: algorithm → mmse"
    demo_window.table.view.setFocus()
    qtbot.keyClick(demo_window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert session_of(workspace).quant.algorithm == "normal"
    qtbot.keyClick(demo_window, Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier)
    assert session_of(workspace).quant.algorithm == "mmse"


def test_that_a_text_field_keeps_its_own_undo(demo_window: MainWindow, qtbot: QtBot) -> None:
    demo_window.desk.show_settings()
    workspace, mean = demo_window.workspace, demo_window.settings_panel.preprocess.mean
    workspace.change(quant=replace(session_of(workspace).quant, algorithm="mmse"))
    mean.setFocus()
    qtbot.waitUntil(mean.hasFocus, timeout=LONG)
    mean.selectAll()
    qtbot.keyClicks(mean, "7")
    assert mean.text() == "7"
    qtbot.keyClick(mean, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert mean.text() != "7"
    assert session_of(workspace).quant.algorithm == "mmse"


def test_that_undo_makes_results_fresh_again(done_window: MainWindow, qtbot: QtBot) -> None:
    workspace, runner = done_window.workspace, done_window.runner
    workspace.change(quant=replace(session_of(workspace).quant, algorithm="mmse"))
    qtbot.waitUntil(lambda: runner.stale != (), timeout=4 * LONG)
    done_window.actions_.undo.trigger()
    qtbot.waitUntil(lambda: runner.stale == (), timeout=4 * LONG)

"""The toolkit's options in the Settings tab: folded, what differs stands out, nothing wrong is taken."""

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from tests.helpers.waiting import LONG
from workbench.project.session import Session, load_session
from workbench.sources.toolkit.descriptions import Toolkit
from workbench.sources.toolkit.options import OPTIONS
from workbench.ui import toolkit as controller
from workbench.ui.main_window import MainWindow
from workbench.ui.views.settings.toolkit_options import ToolkitOptions
from workbench.ui.views.toolkit.convert_dialog import ConvertDialog

TOOLKITS = tuple(Toolkit(name, Path(f"/opt/{name}/bin/python")) for name in ("first", "second"))


def session_of(window: MainWindow) -> Session:
    assert window.workspace.session is not None
    return window.workspace.session


def options_of(window: MainWindow) -> dict[str, Any]:
    return dict(session_of(window).toolkit_options)


@pytest.fixture
def panel(demo_window: MainWindow, qtbot: QtBot) -> ToolkitOptions:
    """The group, unfolded."""
    return unfolded(demo_window, qtbot)


def unfolded(window: MainWindow, qtbot: QtBot) -> ToolkitOptions:
    panel = window.settings_panel.toolkit
    panel.fold.click()
    qtbot.waitUntil(lambda: len(panel.fields) == len(OPTIONS), timeout=LONG)
    return panel


def test_that_the_group_is_folded_and_makes_its_fields_when_it_is_unfolded(demo_window: MainWindow) -> None:
    panel = demo_window.settings_panel.toolkit
    assert panel.content.isHidden()
    assert panel.fields == {}
    panel.fold.click()
    assert not panel.content.isHidden()
    panel.fold.click()
    assert panel.content.isHidden()


def test_that_a_ticked_option_is_the_sessions_stands_out_and_can_be_undone(
    panel: ToolkitOptions, demo_window: MainWindow
) -> None:
    tick = panel.fields["remove_reshape"].field
    panel.fields["remove_reshape"].field.click()  # type: ignore[attr-defined]
    assert options_of(demo_window) == {"remove_reshape": True}
    assert panel.summary.full_text == "remove_reshape"
    assert tick.property("role") == ""
    assert demo_window.flow.edits.next_undo is not None
    assert demo_window.flow.edits.next_undo.title == "remove_reshape → true"
    demo_window.flow.edits.undo()
    assert options_of(demo_window) == {}
    assert panel.summary.full_text == ""
    assert tick.property("role") == "muted"


def test_that_a_typed_option_is_taken_while_it_is_typed_and_one_step(
    panel: ToolkitOptions, demo_window: MainWindow, qtbot: QtBot
) -> None:
    qtbot.keyClicks(panel.fields["disable_rules"].field, "fuse_a, fuse_b")
    assert options_of(demo_window) == {"disable_rules": ["fuse_a", "fuse_b"]}
    demo_window.flow.edits.undo()
    assert options_of(demo_window) == {}


def test_that_what_an_option_does_not_take_is_marked_and_changes_nothing(
    panel: ToolkitOptions, demo_window: MainWindow, qtbot: QtBot
) -> None:
    edit = panel.fields["op_target"].field
    qtbot.keyClicks(edit, "m:foo")
    assert options_of(demo_window) == {}
    assert edit.property("invalid") is True
    assert panel.problem.text() == 'op_target cannot be {"m": "foo"}. It takes NAME:cpu with commas between them.'
    edit.selectAll()  # type: ignore[attr-defined]
    qtbot.keyClicks(edit, "m:cpu")
    assert options_of(demo_window) == {"op_target": {"m": "cpu"}}
    assert panel.problem.isHidden()


def test_that_options_that_do_not_go_with_the_chip_are_told(panel: ToolkitOptions, demo_window: MainWindow) -> None:
    demo_window.workspace.change(toolkit_options={"single_core_mode": True})
    assert panel.problem.isHidden()
    demo_window.settings_panel.quantization.target.setCurrentText("rk3566")
    demo_window.settings_panel.quantization.target.activated.emit(0)
    assert panel.problem.text().startswith("single_core_mode is for the rk3588 only, not for the rk3566.")


def test_that_reset_brings_all_defaults_back_in_one_step(panel: ToolkitOptions, demo_window: MainWindow) -> None:
    assert panel.reset.isHidden()
    wanted = {"compress_weight": True, "custom_string": "abc"}
    demo_window.workspace.change(toolkit_options=wanted)
    assert panel.fields["custom_string"].field.text() == "abc"  # type: ignore[attr-defined]
    panel.reset.click()
    assert options_of(demo_window) == {}
    assert panel.fields["custom_string"].field.text() == ""  # type: ignore[attr-defined]
    demo_window.flow.edits.undo()
    assert options_of(demo_window) == wanted


def test_that_the_toolkit_of_the_session_is_chosen_by_name_and_proposed_by_the_dialog(
    panel: ToolkitOptions, demo_window: MainWindow, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    monkeypatch.setattr(controller, "_described", lambda: TOOLKITS)
    toolkits = demo_window.flow.conversions.toolkits
    toolkits.refresh()
    qtbot.waitUntil(lambda: demo_window.simulators.described == ("first", "second"), timeout=LONG)
    assert [panel.toolkit.itemText(at) for at in range(panel.toolkit.count())] == ["usual: first", "first", "second"]
    panel.toolkit.setCurrentIndex(2)
    panel.toolkit.activated.emit(2)
    assert session_of(demo_window).toolkit == "second"
    assert demo_window.simulators.toolkit == "second"

    demo_window.workspace.change(toolkit_options={"compress_weight": True, "op_target": {"m": "cpu"}})
    demo_window.actions_.convert.trigger()
    dialog = demo_window.findChild(ConvertDialog)
    assert isinstance(dialog, ConvertDialog)
    qtbot.waitUntil(lambda: dialog.toolkit.chosen is not None, timeout=LONG)
    assert dialog.toolkit.chosen == TOOLKITS[1]
    dialog.reject()


def test_that_every_field_has_a_name_and_says_what_it_does(panel: ToolkitOptions) -> None:
    for name, field in panel.fields.items():
        assert field.field.accessibleName() == name
        assert field.field.toolTip() == field.option.meaning
        assert field.field.focusPolicy() & Qt.FocusPolicy.TabFocus


def test_that_options_are_written_into_the_session(done_window: MainWindow, qtbot: QtBot) -> None:
    done_window.workspace.change(toolkit_options={"model_pruning": True})
    folder = done_window.workspace.folder
    assert folder is not None
    qtbot.waitUntil(lambda: load_session(folder).toolkit_options == {"model_pruning": True}, timeout=LONG)

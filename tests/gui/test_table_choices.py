"""What a user chooses in the layer table: columns, scopes, several layers, pins, notes, copies."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QItemSelectionModel, QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from tests.gui.made_views import open_table
from tests.gui.made_workspace import made_workspace
from tests.helpers.waiting import LONG
from tests.unit.ui.rows import bad_row
from workbench.foundation.settings import load_settings
from workbench.preprocess.dataset import Sample
from workbench.project.cache import calibration_key, golden_key, simulator_key
from workbench.ui.jobs import JobPool
from workbench.ui.main_window import MainWindow
from workbench.ui.models.table import layer_values
from workbench.ui.models.table.columns import Column
from workbench.ui.models.table.layer_cells import BAR_ROLE, MARKS_ROLE
from workbench.ui.views.table.layer_menu import layer_menu
from workbench.ui.views.table.layer_table import LayerTable
from workbench.ui.views.table.note_popup import NotePopup
from workbench.ui.workspace import Workspace

COS = Column("value", "simulator.entire", "cos")
SEVERAL = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return made_workspace(tmp_path)


@pytest.fixture
def table(workspace: Workspace, jobs: JobPool, qtbot: QtBot) -> Iterator[LayerTable]:
    result = open_table(workspace, jobs, qtbot)
    result.activateWindow()
    result.view.setFocus()
    qtbot.waitUntil(result.view.hasFocus)
    yield result
    result.close()


def shown(table: LayerTable) -> list[str]:
    model = table.model
    rows = ((model.row_at(at), model.heading_at(at)) for at in range(model.rowCount()))
    return [row.tensor if row else f"[{heading.path}]" for row, heading in rows if row or heading]


def select(table: LayerTable, *positions: int) -> None:
    for position in positions:
        table.view.selectionModel().select(table.model.index(position, 0), SEVERAL)


def scoped(workspace: Workspace) -> None:
    """Results in two scopes and outside."""
    assert workspace.results is not None
    rows = tuple(
        bad_row(name, 10.0 ** -(at + 1), index=at) for at, name in enumerate(("a/x", "a/y", "b/x", "b/y", "z"))
    )
    workspace.set_results(replace(workspace.results, rows=rows, layers_of={}))


def test_that_a_chosen_column_is_shown_at_once_and_told(table: LayerTable, qtbot: QtBot) -> None:
    popup = table.choose_columns()
    with qtbot.waitSignal(table.columns_chosen) as told:
        popup.boxes["shape"].click()
    assert Column("shape") in table.model.columns
    assert set(told.args[0]) >= {"shape", COS.key}
    popup.close()


def test_that_columns_without_room_are_not_ticked_and_do_not_come_with_another(table: LayerTable, qtbot: QtBot) -> None:
    euc = Column("value", "simulator.single", "euc")
    table.resize(330, 400)
    qtbot.waitUntil(lambda: table.view.isColumnHidden(table.model.columns.index(euc)))
    popup = table.choose_columns()
    assert not popup.boxes[euc.key].isChecked()
    popup.boxes["shape"].click()
    assert euc not in table.model.columns
    popup.close()


def test_that_the_defaults_come_back(table: LayerTable) -> None:
    usual = table.model.columns
    popup = table.choose_columns()
    popup.boxes["macs"].click()
    popup.defaults.click()
    assert table.model.columns == usual
    assert table.model.chosen_columns == ()
    assert not popup.boxes["macs"].isChecked()
    popup.close()


def test_that_columns_without_values_now_stay_chosen(table: LayerTable) -> None:
    table.model.set_columns([COS.key, "runtime.entire:cos"])
    popup = table.choose_columns()
    popup.boxes["jump"].click()
    assert "runtime.entire:cos" in table.model.chosen_columns
    popup.close()


def test_that_chosen_columns_are_kept_for_the_next_window(done_window: MainWindow, qtbot: QtBot) -> None:
    popup = done_window.table.choose_columns()
    popup.boxes["elements"].click()
    popup.close()
    qtbot.waitUntil(lambda: "elements" in load_settings().table_columns, timeout=LONG)


def test_that_columns_that_the_program_does_not_know_are_left_out(table: LayerTable) -> None:
    usual = table.model.columns
    table.model.set_columns(["of a later version"])
    assert table.model.columns == usual


def test_that_every_chosen_column_is_there_however_narrow_the_table_is(table: LayerTable) -> None:
    table.resize(330, 400)
    table.model.set_columns(["index", "op", COS.key, "encoding", "shape", "precision"])
    assert not any(table.view.isColumnHidden(at) for at in range(len(table.model.columns)))


def test_that_a_column_is_hidden_from_its_header_s_menu(table: LayerTable) -> None:
    section = table.model.columns.index(COS)
    table.view.header_menu_wanted.emit(section, QPoint(0, 0))
    menu = table.findChildren(QMenu)[-1]
    menu.actions()[0].trigger()
    assert COS not in table.model.columns
    menu.close()


def test_that_rows_are_grouped_by_scope_and_folded_by_keys(
    table: LayerTable, workspace: Workspace, qtbot: QtBot
) -> None:
    scoped(workspace)
    qtbot.keyClick(table.view, Qt.Key.Key_G)
    assert shown(table) == ["[a]", "a/x", "a/y", "[b]", "b/x", "b/y", "z"]
    workspace.select("a/y")
    qtbot.keyClick(table.view, Qt.Key.Key_Left)
    assert table.view.currentIndex().row() == 0
    qtbot.keyClick(table.view, Qt.Key.Key_Left)
    assert shown(table) == ["[a]", "[b]", "b/x", "b/y", "z"]
    assert table.view.currentIndex().row() == 0
    assert workspace.selected == "a/y"
    qtbot.keyClick(table.view, Qt.Key.Key_Right)
    qtbot.keyClick(table.view, Qt.Key.Key_Right)
    assert workspace.selected == "a/x"


def test_that_a_click_folds_a_scope(table: LayerTable, workspace: Workspace, qtbot: QtBot) -> None:
    scoped(workspace)
    table.model.set_grouped(True)
    at = table.view.visualRect(table.model.index(3, 2)).center()
    qtbot.mouseClick(table.view.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert shown(table) == ["[a]", "a/x", "a/y", "[b]", "z"]


def test_that_a_heading_shows_how_many_layers_and_the_worst_value(table: LayerTable, workspace: Workspace) -> None:
    scoped(workspace)
    table.model.set_grouped(True)
    texts = {item.kind: table.model.index(0, at).data() for at, item in enumerate(table.model.columns)}
    assert texts["op"] == "2 layers"
    assert table.model.index(0, table.model.columns.index(COS)).data() == "0.90000"


def test_that_the_grouped_model_keeps_qt_s_contract(table: LayerTable, workspace: Workspace) -> None:
    scoped(workspace)
    tester = QAbstractItemModelTester(table.model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    table.model.set_grouped(True)
    table.model.fold("a", True)
    table.view.sort_by(COS)
    table.filter_edit.setText("name:x")
    assert tester.model() is table.model


def test_that_a_layer_chosen_elsewhere_is_unfolded(table: LayerTable, workspace: Workspace) -> None:
    scoped(workspace)
    table.model.set_grouped(True)
    table.model.fold_all(True)
    workspace.select("b/y")
    assert shown(table) == ["[a]", "[b]", "b/x", "b/y", "z"]
    assert table.view.currentIndex().row() == 3


def test_that_several_layers_get_a_precision_in_one_step(table: LayerTable, workspace: Workspace, qtbot: QtBot) -> None:
    workspace.select("block/b")
    select(table, 1)
    edits, runs = [], []
    workspace.edited.connect(lambda before, after: edits.append(after))
    workspace.run_wanted.connect(lambda: runs.append(1))
    qtbot.keyClick(table.view, Qt.Key.Key_Space)
    assert workspace.session is not None
    assert set(workspace.session.quant.float_tensors) == {"block/b", "head/c"}
    assert (len(edits), len(runs)) == (1, 1)
    qtbot.keyClick(table.view, Qt.Key.Key_Space)
    assert workspace.session.quant.float_tensors == ()


def test_that_names_without_scopes_are_told(table: LayerTable, workspace: Workspace) -> None:
    assert workspace.results is not None
    workspace.set_results(replace(workspace.results, rows=(bad_row("652", 0.1), bad_row("653", 0.1)), layers_of={}))
    table.actions_.group.setChecked(True)
    assert shown(table) == ["652", "653"]
    assert "no scopes" in table.foot.count.full_text


def test_that_a_heading_stands_for_all_its_layers(table: LayerTable, workspace: Workspace, qtbot: QtBot) -> None:
    scoped(workspace)
    table.model.set_grouped(True)
    table.view.setCurrentIndex(table.model.index(3, 2))
    assert table.view.selected_tensors() == ["b/x", "b/y"]
    qtbot.keyClick(table.view, Qt.Key.Key_P)
    assert workspace.session is not None
    assert workspace.session.pinned == ("b/x", "b/y")


def test_that_the_menu_of_several_layers_changes_all(table: LayerTable, workspace: Workspace) -> None:
    menu = layer_menu(table, workspace, "block/b", "head/c", "y")
    action = next(item for item in menu.actions() if "int16" in item.text())
    action.trigger()
    assert workspace.session is not None
    assert set(workspace.session.quant.int16_tensors) == {"block/b", "head/c", "y"}


def test_that_the_selection_elsewhere_is_the_current_row_alone(table: LayerTable, workspace: Workspace) -> None:
    workspace.select("block/b")
    select(table, 1, 2)
    assert workspace.selected == "block/b"
    assert table.view.selected_tensors() == ["block/b", "head/c", "y"]


def test_that_pinned_rows_stand_on_top_in_any_order(table: LayerTable, workspace: Workspace, qtbot: QtBot) -> None:
    workspace.select("y")
    qtbot.keyClick(table.view, Qt.Key.Key_P)
    assert workspace.session is not None
    assert workspace.session.pinned == ("y",)
    assert shown(table)[0] == "y"
    assert workspace.selected == "y"
    table.view.sort_by(Column("tensor"))
    assert shown(table) == ["y", "block/b", "head/c"]
    qtbot.keyClick(table.view, Qt.Key.Key_P)
    assert shown(table) == ["block/b", "head/c", "y"]


def test_that_a_note_is_kept_and_shown_and_found(table: LayerTable, workspace: Workspace, qtbot: QtBot) -> None:
    workspace.select("head/c")
    qtbot.keyClick(table.view, Qt.Key.Key_N)
    popup = table.findChild(NotePopup)
    assert popup is not None
    qtbot.keyClicks(popup.edit, "ask about the mean")
    popup.close()
    assert workspace.session is not None
    assert workspace.session.notes == {"head/c": "ask about the mean"}
    index = table.model.index(1, table.model.tensor_section)
    assert index.data(MARKS_ROLE)[2]
    assert "ask about the mean" in index.data(Qt.ItemDataRole.ToolTipRole)
    table.filter_edit.setText("note:mean")
    assert shown(table) == ["head/c"]


def test_that_escape_leaves_a_note_as_it_was(table: LayerTable, workspace: Workspace, qtbot: QtBot) -> None:
    workspace.change(notes={"y": "old"})
    popup = NotePopup(table, workspace, ["y"])
    popup.show_at(QPoint(0, 0))
    popup.edit.setPlainText("new")
    qtbot.keyClick(popup, Qt.Key.Key_Escape)
    assert workspace.session is not None
    assert workspace.session.notes == {"y": "old"}


def test_that_notes_and_pins_make_nothing_stale(workspace: Workspace, tmp_path: Path) -> None:
    session, model = workspace.session, workspace.model
    assert session is not None
    assert model is not None
    marked, sample = replace(session, notes={"y": "n"}, pinned=("y",)), Sample((tmp_path / "net.onnx",))
    assert golden_key(session, model, sample) == golden_key(marked, model, sample)
    assert calibration_key(session, model) == calibration_key(marked, model)
    assert simulator_key(session, "g", "c") == simulator_key(marked, "g", "c")


def test_that_selected_rows_are_copied_as_text(table: LayerTable, workspace: Workspace, qtbot: QtBot) -> None:
    clipboard = QGuiApplication.clipboard()
    clipboard.clear()
    workspace.select("block/b")
    select(table, 2)
    qtbot.keyClick(table.view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: "block/b\t" in clipboard.text(), timeout=LONG)
    assert [line.split("\t")[2] for line in clipboard.text().splitlines()] == ["tensor", "block/b", "y"]
    both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    qtbot.keyClick(table.view, Qt.Key.Key_C, both)
    qtbot.waitUntil(lambda: clipboard.text().startswith("| # | op |"), timeout=LONG)
    assert "copied: 2" in table.foot.count.full_text


def test_that_a_jump_is_marked_with_both_numbers(table: LayerTable, workspace: Workspace, qtbot: QtBot) -> None:
    assert workspace.results is not None
    rows = (bad_row("block/b", 0.001), bad_row("head/c", 0.02, index=1), bad_row("y", 0.021, index=2))
    workspace.set_results(replace(workspace.results, rows=rows))
    index = table.model.index(1, table.model.tensor_section)
    qtbot.waitUntil(lambda: index.data(MARKS_ROLE)[0] > 0, timeout=LONG)
    assert index.data(MARKS_ROLE)[0] == pytest.approx(20)
    tip = index.data(Qt.ItemDataRole.ToolTipRole)
    assert "1 − cos is 0.02, 20 times" in tip
    assert "block/b has 0.001" in tip
    assert table.model.index(2, 2).data(MARKS_ROLE)[0] == 0


def test_that_rows_move_only_where_what_orders_them_is_found(
    table: LayerTable, workspace: Workspace, qtbot: QtBot
) -> None:
    assert workspace.results is not None
    rows = (bad_row("block/b", 0.001), bad_row("head/c", 0.02, index=1), bad_row("y", 0.021, index=2))
    workspace.set_results(replace(workspace.results, rows=rows))
    index = table.model.index(1, table.model.tensor_section)
    qtbot.waitUntil(lambda: index.data(MARKS_ROLE)[0] > 0, timeout=LONG)
    with qtbot.assertNotEmitted(table.model.layoutChanged):
        workspace.set_inputs_of({"head/c": ("block/b",), "y": ("head/c",)})
    table.model.sort_by(Column("jump"))
    assert shown(table)[0] == "head/c"
    workspace.set_inputs_of({"y": ("block/b",)})
    assert shown(table)[0] == "y"


def test_that_a_selected_row_and_a_heading_have_grounds_of_their_own(table: LayerTable, workspace: Workspace) -> None:
    scoped(workspace)
    table.actions_.group.setChecked(True)
    workspace.select("a/y")
    assert shown(table)[:3] == ["[a]", "a/x", "a/y"]
    picture = table.view.viewport().grab().toImage()
    middles = [table.view.rowViewportPosition(row) + table.view.rowHeight(row) // 2 for row in range(3)]
    grounds = [picture.pixelColor(1, middle).name() for middle in middles]
    assert len(set(grounds)) == 3


def test_that_the_worst_value_has_the_longest_bar(table: LayerTable, workspace: Workspace) -> None:
    scoped(workspace)
    section = table.model.columns.index(COS)
    lengths = [table.model.index(row, section).data(BAR_ROLE) for row in range(5)]
    assert lengths == sorted(lengths, reverse=True)
    assert lengths[0] == pytest.approx(5 / 6)


def test_that_a_screen_reader_says_what_the_marks_mean(table: LayerTable, workspace: Workspace) -> None:
    workspace.change(notes={"a/x": "mine"}, pinned=("a/x",))
    scoped(workspace)
    spoken = Qt.ItemDataRole.AccessibleTextRole
    assert "mine" in table.model.index(0, table.model.tensor_section).data(spoken)
    assert "✖ < 0.95" in table.model.index(0, table.model.columns.index(COS)).data(spoken)
    table.model.set_grouped(True)
    assert table.model.index(0, table.model.tensor_section).data(spoken) == "a, unfolded"


def test_that_the_filter_proposes_terms_and_takes_one(table: LayerTable, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: bool(table.filter_edit.terms), timeout=LONG)
    table.filter_edit.setFocus()
    qtbot.keyClicks(table.filter_edit, "op:s")
    assert table.filter_edit.popup.isVisible()
    qtbot.keyClick(table.filter_edit.popup, Qt.Key.Key_Down)
    qtbot.keyClick(table.filter_edit.popup, Qt.Key.Key_Return)
    assert table.filter_edit.text() == "op:Sigmoid "
    assert shown(table) == ["head/c", "y"]


def test_that_enter_in_the_filter_goes_to_the_table(table: LayerTable, qtbot: QtBot) -> None:
    table.focus_filter()
    qtbot.keyClick(table.filter_edit, Qt.Key.Key_Return)
    assert table.view.hasFocus()


def test_that_sorting_by_any_column_needs_no_mouse(table: LayerTable, qtbot: QtBot) -> None:
    qtbot.keyClick(table.view, Qt.Key.Key_S)
    menu = table.findChildren(QMenu)[-1]
    next(item for item in menu.actions() if item.text() == "tensor").trigger()
    assert table.model.sorting == (Column("tensor"), True)
    menu.close()


def test_that_another_window_s_table_takes_over_filter_order_and_scopes(
    table: LayerTable, workspace: Workspace, jobs: JobPool, qtbot: QtBot
) -> None:
    table.filter_edit.setText("-op:conv")
    table.view.sort_by(COS, worst_first=False)
    table.actions_.group.setChecked(True)
    other = LayerTable(workspace, jobs)
    qtbot.addWidget(other)
    other.take_over(table)
    assert other.model.sorting == (COS, False)
    assert shown(other) == shown(table)
    assert other.model.is_grouped


def test_that_the_scopes_of_very_many_rows_are_looked_up_elsewhere(
    table: LayerTable, workspace: Workspace, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(layer_values, "MOST_AT_ONCE", 3)
    scoped(workspace)
    table.actions_.group.trigger()
    assert table.group_button.isChecked()
    qtbot.waitUntil(lambda: shown(table)[0] == "[a]", timeout=LONG)

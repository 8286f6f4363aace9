"""The layer table: what it shows, filters, sorts and selects."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QAbstractItemModel, QModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from tests.gui.made_results import many_cosines, some_results
from tests.gui.made_views import open_table
from tests.gui.made_workspace import made_workspace
from workbench.compare.compare import summarise
from workbench.compare.grades import Grade
from workbench.ui.jobs import JobPool
from workbench.ui.models.qt_index import NOWHERE
from workbench.ui.models.table import filter as filters
from workbench.ui.models.table.columns import Column
from workbench.ui.models.table.layer_cells import GRADE_ROLE
from workbench.ui.models.table.layers import LayersModel
from workbench.ui.views.table.layer_table import LayerTable
from workbench.ui.workspace import Workspace

COSINES: list[float | None] = [0.99999, 0.9312, None, 0.998, 0.9312, float("nan")]
COS = Column("value", "simulator.entire", "cos")


@pytest.fixture
def workspace() -> Workspace:
    result = Workspace()
    result.set_results(some_results(COSINES))
    return result


@pytest.fixture
def model(workspace: Workspace) -> LayersModel:
    return LayersModel(workspace)


@pytest.fixture
def table(workspace: Workspace, jobs: JobPool, qtbot: QtBot) -> Iterator[LayerTable]:
    result = open_table(workspace, jobs, qtbot)
    yield result
    result.close()


def shown(model: LayersModel) -> list[int]:
    return [model.row_at(at).index for at in range(model.rowCount())]


def text(model: QAbstractItemModel, row: int, section: int) -> str:
    return str(model.index(row, section).data())


def focus(table: LayerTable, qtbot: QtBot) -> None:
    table.show()
    table.activateWindow()
    table.view.setFocus()
    qtbot.waitUntil(table.view.hasFocus)


def filtered(model: LayersModel, words: str) -> list[int]:
    model.set_filter(filters.parse(words))
    return shown(model)


def test_that_the_model_keeps_qt_s_contract(model: LayersModel) -> None:
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    model.sort_by(COS)
    model.set_filter(filters.parse("cos<0.99"))
    model.refresh()
    assert tester.model() is model


def test_that_rows_come_in_the_network_s_order(model: LayersModel) -> None:
    assert shown(model) == [0, 1, 2, 3, 4, 5]


def test_that_cos_has_five_decimals_and_nan_is_a_word(model: LayersModel) -> None:
    section = model.columns.index(COS)
    assert text(model, 0, section) == "0.99999"
    assert text(model, 5, section) == "NaN"


def test_that_a_missing_value_is_a_symbol_and_the_tool_tip_says_why(model: LayersModel) -> None:
    index = model.index(2, model.columns.index(COS))
    assert index.data() == "◌"
    assert index.data(Qt.ItemDataRole.ToolTipRole) == "range narrowed"


def test_that_worst_first_puts_nan_on_top_and_missing_values_last(model: LayersModel) -> None:
    model.sort_by(COS)
    assert shown(model) == [5, 1, 4, 3, 0, 2]


def test_that_best_first_keeps_missing_values_last(model: LayersModel) -> None:
    model.sort_by(COS, worst_first=False)
    assert shown(model)[-1] == 2


def test_that_higher_is_worse_for_distances(model: LayersModel) -> None:
    model.sort_by(Column("value", "simulator.entire", "euc"))
    assert shown(model)[-1] == 2
    assert shown(model).index(1) < shown(model).index(0)


@pytest.mark.parametrize(
    ("words", "rows"),
    [
        ("", [0, 1, 2, 3, 4, 5]),
        ("op:conv", [0, 3]),
        ("-op:conv", [1, 2, 4, 5]),
        ("tensor_4", [4]),
        ("inner_1", [1]),
        ("cos<0.99", [1, 4]),
        ("cos>=0.998 op:conv", [0, 3]),
        ("single.cos=1", [0, 1, 3, 4, 5]),
        ("entire.cos<95%", [1, 4]),
        ("relu cos<0.99", [1, 4]),
    ],
)
def test_that_the_filter_language_means_what_it_says(model: LayersModel, words: str, rows: list[int]) -> None:
    assert filtered(model, words) == rows


def test_that_the_filter_field_says_what_it_does_not_understand_and_where(table: LayerTable) -> None:
    table.filter_edit.setText("op:conv cos<abc")
    assert table.filter_edit.property("invalid") is True
    assert table.filter_edit.toolTip() == "Character 13: “abc” is no number"
    assert table.foot.unclear.isVisible()
    assert table.foot.unclear.text() == "Character 13: “abc” is no number"
    assert shown(table.model) == [0, 3]
    table.filter_edit.setText("cos<1")
    assert not table.foot.unclear.isVisible()


def test_that_a_filter_that_nothing_satisfies_says_so_and_what_may_be_meant(table: LayerTable) -> None:
    table.filter_edit.setText("ops:conv")
    assert "No layer satisfies the filter" in table.view.hint
    assert "Do you mean op:?" in table.view.hint
    table.filter_edit.clear()
    assert not table.view.hint


def test_that_the_arrow_stands_at_the_column_that_orders(table: LayerTable) -> None:
    section = table.model.columns.index(COS)
    titles = []
    for _ in range(3):
        table.view.turn_sorting(section)
        titles.append(table.model.headerData(section, Qt.Orientation.Horizontal))
    assert titles == ["entire\n▾ cos", "entire\n▴ cos", "entire\ncos"]


def test_that_the_foot_counts_what_is_shown(table: LayerTable) -> None:
    table.filter_edit.setText("op:conv")
    assert table.foot.count.full_text.startswith("Layers: 2 of 6")


def test_that_tensors_without_partner_are_counted_and_named(workspace: Workspace, table: LayerTable) -> None:
    workspace.set_results(replace(some_results(COSINES), unmatched={"runtime": ("lost", "strange")}))
    assert "no partner in runtime: 2" in table.foot.count.full_text
    assert "runtime: strange" in table.foot.count.toolTip()


def test_that_mean_and_worst_of_several_inputs_can_be_seen(workspace: Workspace, table: LayerTable) -> None:
    workspace.set_results(some_results([0.99, 0.95], samples=3))
    section = table.model.columns.index(COS)
    assert text(table.model, 0, section) == "0.98000"
    table.inputs_combo.setCurrentIndex(1)
    assert text(table.model, 0, section) == "0.97000"
    assert "input 3" in str(table.model.index(0, section).data(Qt.ItemDataRole.ToolTipRole))


def test_that_one_input_offers_no_choice_of_mean_or_worst(table: LayerTable) -> None:
    assert not table.inputs_combo.isVisible()


def test_that_a_cell_has_the_grade_of_its_value(model: LayersModel) -> None:
    section = model.columns.index(COS)
    found = [model.index(row, section).data(GRADE_ROLE) for row in range(6)]
    assert found == [Grade.GOOD, Grade.BAD, Grade.NONE, Grade.FAIR, Grade.BAD, Grade.BAD]


def test_that_a_row_chosen_in_the_table_is_chosen_everywhere(
    workspace: Workspace, table: LayerTable, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(workspace.selection_changed):
        table.view.setCurrentIndex(table.model.index(3, 2))
    assert workspace.selected == "tensor_3"


def test_that_a_layer_chosen_elsewhere_is_shown_without_telling_again(
    workspace: Workspace, table: LayerTable, qtbot: QtBot
) -> None:
    workspace.select("tensor_4")
    with qtbot.assertNotEmitted(workspace.selection_changed, wait=20):
        workspace.results_changed.emit()
    assert table.view.currentIndex().row() == 4


def test_that_the_selection_stays_on_its_layer_when_the_order_changes(workspace: Workspace, table: LayerTable) -> None:
    workspace.select("tensor_1")
    table.toggle_worst_first()
    assert workspace.selected == "tensor_1"
    assert table.model.row_at(table.view.currentIndex().row()).tensor == "tensor_1"


def test_that_a_filtered_out_selection_is_not_lost(workspace: Workspace, table: LayerTable) -> None:
    workspace.select("tensor_1")
    table.filter_edit.setText("op:conv")
    assert workspace.selected == "tensor_1"
    table.filter_edit.clear()
    assert table.view.currentIndex().row() == 1


def test_that_worse_and_better_step_through_the_order_of_errors(workspace: Workspace) -> None:
    steps = []
    for step in (workspace.better, workspace.better, workspace.better, workspace.worse):
        step()
        steps.append(workspace.selected)
    assert steps == ["tensor_5", "tensor_1", "tensor_4", "tensor_1"]


def test_that_the_walk_from_bad_to_better_follows_another_metric(workspace: Workspace) -> None:
    results = some_results([0.9, 0.8])
    first, second = (replace(row, errors={"simulator.entire": summarise([{"cos": cos, "euc": euc}])})
                     for row, cos, euc in zip(results.rows, (0.9, 0.8), (50.0, 5.0), strict=True))  # fmt: skip
    workspace.set_results(replace(results, rows=(first, second)))
    workspace.worse()
    assert workspace.selected == "tensor_1"
    workspace.select("")
    workspace.set_colouring("simulator.entire", "euc")
    workspace.worse()
    assert workspace.selected == "tensor_0"


def test_that_all_rows_are_selected_without_asking_for_each(
    workspace: Workspace, table: LayerTable, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace.set_results(some_results(many_cosines(3000)))
    asked = []
    count = table.model.rowCount
    monkeypatch.setattr(LayersModel, "rowCount", lambda self, parent=NOWHERE: asked.append(1) or count(parent))
    table.view.selectAll()
    table.grab()
    assert table.view.selected == 3000
    assert len(table.view.selected_tensors()) == 3000
    assert len(asked) < 1000


def test_that_other_columns_do_not_look_up_everything_again(model: LayersModel) -> None:
    values = model.values
    model.set_columns(["index", "jump"])
    assert model.values is values


def test_that_header_clicks_go_from_worst_to_best_to_the_network_s_order(table: LayerTable) -> None:
    section = table.model.columns.index(COS)
    orders = []
    for _ in range(3):
        table.view.horizontalHeader().sectionClicked.emit(section)
        orders.append(shown(table.model)[0])
    assert orders == [5, 0, 0]
    assert table.model.sorting is None


def test_that_the_colouring_metric_has_a_column(workspace: Workspace, model: LayersModel) -> None:
    workspace.set_colouring("simulator.entire", "sqnr_db")
    assert Column("value", "simulator.entire", "sqnr_db") in model.columns


def test_that_a_narrow_table_keeps_the_cosine_of_the_whole_run(table: LayerTable, qtbot: QtBot) -> None:
    table.resize(330, 400)
    qtbot.waitUntil(
        lambda: table.view.isColumnHidden(table.model.columns.index(Column("value", "simulator.single", "euc")))
    )
    assert not table.view.isColumnHidden(table.model.columns.index(COS))


def test_that_a_fused_row_names_its_group(model: LayersModel) -> None:
    assert "inner_1" in str(model.index(1, 2).data(Qt.ItemDataRole.ToolTipRole))


def test_that_runtime_columns_appear_with_runtime_values(workspace: Workspace, model: LayersModel) -> None:
    results = some_results([0.99])
    row = replace(results.rows[0], errors={"runtime.entire": summarise([{"cos": 0.9}])})
    workspace.set_results(replace(results, rows=(row,)))
    assert Column("value", "runtime.entire", "cos") in model.columns
    assert workspace.column == "runtime.entire"


def test_that_a_hundred_thousand_rows_are_filtered_and_sorted(workspace: Workspace, model: LayersModel) -> None:
    workspace.set_results(some_results(many_cosines(100_000)))
    model.sort_by(COS)
    model.sort_by(COS, worst_first=False)
    model.set_filter(filters.parse("cos<0.95"))
    assert 0 < model.rowCount() < 100_000
    assert np.all(np.diff([model.row_at(at).errors["simulator.entire"].mean["cos"] for at in range(100)]) <= 0)


def test_that_a_network_that_has_not_run_has_no_children_and_no_rows() -> None:
    model = LayersModel(Workspace())
    assert model.rowCount() == 0
    assert model.rowCount(QModelIndex()) == 0


def test_that_the_tool_tip_says_why_a_value_is_marked(model: LayersModel) -> None:
    section = model.columns.index(COS)
    assert "✖ < 0.95" in model.index(1, section).data(Qt.ItemDataRole.ToolTipRole)
    assert "✖" not in model.index(0, section).data(Qt.ItemDataRole.ToolTipRole)


def test_that_space_switches_the_selected_layer_s_precision(tmp_path: Path, jobs: JobPool, qtbot: QtBot) -> None:
    workspace = made_workspace(tmp_path)
    table = LayerTable(workspace, jobs)
    qtbot.addWidget(table)
    focus(table, qtbot)
    workspace.select("block/b")

    qtbot.keyClick(table.view, Qt.Key.Key_Space)

    assert workspace.session is not None
    assert workspace.session.quant.float_tensors == ("block/b",)


@pytest.mark.parametrize(("words", "tensors"), [("op:Relu", ["block/b"]), ("op:Conv", ["block/b"]), ("op:oid", [])])
def test_that_an_operator_is_found_in_a_fused_layer_by_its_beginning(
    tmp_path: Path, words: str, tensors: list[str]
) -> None:
    model = LayersModel(made_workspace(tmp_path))
    model.set_filter(filters.parse(words))
    assert [model.row_at(at).tensor for at in range(model.rowCount())] == tensors


def test_that_a_filter_of_numbers_that_no_layer_has_says_so(table: LayerTable) -> None:
    table.filter_edit.setText("runtime.cos<0.9 entire.cos<2")
    assert "No layer has a value of runtime.cos." in table.view.hint


def test_that_a_run_with_golden_only_says_why_there_are_no_errors(workspace: Workspace, table: LayerTable) -> None:
    assert "no errors" not in table.foot.count.full_text
    workspace.set_results(some_results([None, None]))
    assert "no errors: there is only golden" in table.foot.count.full_text


def test_that_a_width_that_was_dragged_stays_and_names_take_the_rest(table: LayerTable) -> None:
    table.model.set_columns(["index", "op", COS.key])
    header, at = table.view.horizontalHeader(), table.model.columns.index(COS)
    name, before = table.model.tensor_section, table.view.columnWidth(at)
    room = table.view.columnWidth(name)
    header.resizeSection(at, before + 40)
    table.model.refresh()
    assert table.view.columnWidth(at) == before + 40
    assert table.view.columnWidth(name) == room - 40
    header.sectionHandleDoubleClicked.emit(at)
    assert table.view.columnWidth(at) == before


def test_that_the_selected_row_stays_in_sight_when_the_order_is_the_network_s_again(
    workspace: Workspace, table: LayerTable
) -> None:
    workspace.set_results(some_results(many_cosines(400)))
    section = table.model.columns.index(COS)
    table.view.turn_sorting(section)
    assert table.view.rowAt(0) == 0
    workspace.select("tensor_300")
    table.view.turn_sorting(section)
    assert table.view.rowAt(0) == 0
    table.view.turn_sorting(section)
    assert table.view.viewport().rect().contains(table.view.visualRect(table.view.currentIndex()).center())
    assert table.model.row_at(table.view.currentIndex().row()).tensor == "tensor_300"

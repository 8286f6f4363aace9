"""Rules of comparing anything in the window, and of the matrices of inputs and runs."""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialogButtonBox, QWidget
from pytestqt.qtbot import QtBot

from tests.gui.made_workspace import golden_of, made_results, made_workspace
from tests.helpers.waiting import LONG
from workbench.project.comparison.sides import Side
from workbench.project.results import save_results
from workbench.project.session import save_session
from workbench.project.what_if import settings_of
from workbench.quantize.schemes import QuantSettings
from workbench.ui import theme
from workbench.ui.comparing import Comparer, Comparison
from workbench.ui.jobs import JobPool
from workbench.ui.main_window import MainWindow
from workbench.ui.messages import Messages
from workbench.ui.precision import choices
from workbench.ui.views.colouring import ColouringButton
from workbench.ui.views.compare.bar import CompareBar
from workbench.ui.views.compare.dialog import CompareDialog
from workbench.ui.views.matrix.inputs_matrix import InputsMatrix
from workbench.ui.views.matrix.runs_matrix import RunsMatrix
from workbench.ui.views.table.layer_table import LayerTable
from workbench.ui.workspace import Workspace

OK = QDialogButtonBox.StandardButton.Ok


@dataclass
class Bench:
    """An open session, another one of the same network with other settings, and what compares them."""

    workspace: Workspace
    other: Path
    jobs: JobPool
    messages: Messages
    comparer: Comparer

    @property
    def home(self) -> Path:
        assert self.workspace.folder is not None
        return self.workspace.folder


@pytest.fixture
def bench(qtbot: QtBot, qapp: QApplication, jobs: JobPool, tmp_path: Path) -> Bench:
    theme.apply(qapp, "light")
    workspace = made_workspace(tmp_path / "one", samples=3)
    assert workspace.session is not None
    assert workspace.results is not None
    (tmp_path / "two").mkdir()
    quant = {"one": QuantSettings(), "two": QuantSettings("fp16")}
    for name, results in (("one", workspace.results), ("two", made_results(tmp_path / "two", 3, False))):
        save_session(replace(workspace.session, quant=quant[name]), tmp_path / name)
        save_results(replace(results, quant=settings_of(quant[name])), tmp_path / name)
    messages = Messages()
    return Bench(workspace, tmp_path / "two", jobs, messages, Comparer(workspace, jobs, messages))


def compare(bench: Bench, qtbot: QtBot, *sides: Side, tensor: str = "") -> None:
    """Compare, and wait for the views to show it."""
    with qtbot.waitSignal(bench.comparer.changed, timeout=LONG):
        bench.comparer.compare(Comparison(sides), tensor)


def show(qtbot: QtBot, widget: QWidget) -> None:
    qtbot.addWidget(widget)
    widget.resize(900, 500)
    widget.show()


def test_that_the_own_results_come_back_as_they_were(bench: Bench, qtbot: QtBot) -> None:
    own = bench.workspace.results
    bench.workspace.select("y")
    compare(bench, qtbot, Side(bench.home, "simulator"), Side(bench.other, "simulator"))
    assert bench.workspace.is_comparing
    assert bench.workspace.source_title("runtime") == "runtime"
    assert bench.workspace.source_title("simulator") == "B two: simulator"
    assert bench.workspace.selected == "y"

    bench.comparer.back()
    assert bench.workspace.results is own
    assert (bench.workspace.selected, bench.comparer.shown) == ("y", None)


def test_that_layers_of_another_comparison_offer_no_precision(bench: Bench, qtbot: QtBot) -> None:
    row = bench.workspace.row("y")
    assert row is not None
    assert choices(bench.workspace, row)
    compare(bench, qtbot, Side(bench.home, "simulator"), Side(bench.other, "simulator"))
    assert choices(bench.workspace, row) == ()


def test_that_the_bar_tells_the_sides_and_what_differs(bench: Bench, qtbot: QtBot) -> None:
    bar = CompareBar(bench.workspace, bench.comparer)
    show(qtbot, bar)
    compare(bench, qtbot, Side(bench.home, "simulator"), Side(bench.other, "simulator"))
    assert [part.title.full_text for part in bar.parts] == ["simulator", "two: simulator", ""]
    assert bar.differences_button.text() == "Differences: 1"
    bar.back_button.click()
    assert bar.isHidden()


def test_that_the_dialog_says_at_once_what_fits_and_what_differs(bench: Bench, qtbot: QtBot) -> None:
    dialog = CompareDialog(None, bench.jobs, bench.home, [bench.other])  # type: ignore[arg-type]
    qtbot.addWidget(dialog)
    dialog.choose([Side(bench.home, "simulator"), Side(bench.other, "simulator")])
    button = dialog.buttons.button(OK)
    qtbot.waitUntil(button.isEnabled, timeout=LONG)
    assert "B: 3 tensors match, 0 have no partner." in dialog.found.text()
    assert "Inputs in common: 3." in dialog.found.text()
    cells = [dialog.table.item(0, at) for at in range(3)]
    assert [cell.text() for cell in cells if cell] == ["data type", "w8a8", "fp16"]


def test_that_the_dialog_exchanges_sides(bench: Bench, qtbot: QtBot) -> None:
    dialog = CompareDialog(None, bench.jobs, bench.home, [bench.other])  # type: ignore[arg-type]
    qtbot.addWidget(dialog)
    first, second = Side(bench.home, "golden", "nchw"), Side(bench.other, "simulator", "nchw")
    dialog.choose([first, second])
    qtbot.waitUntil(lambda: dialog.sides() == (first, second), timeout=LONG)
    assert [item.place.currentText() for item in dialog.rows] == ["This session", "two", "none"]
    dialog.swap_button.click()
    qtbot.waitUntil(lambda: dialog.sides() == (second, first), timeout=LONG)


def test_that_the_dialog_refuses_sides_without_a_common_tensor(bench: Bench, qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "strange").mkdir()
    np.save(tmp_path / "strange" / "nobody.npy", np.zeros(4))
    dialog = CompareDialog(None, bench.jobs, bench.home, [])  # type: ignore[arg-type]
    qtbot.addWidget(dialog)
    dialog.choose([Side(bench.home, "golden"), Side(tmp_path / "strange")])
    qtbot.waitUntil(lambda: dialog.found.text().startswith("strange is of another network"), timeout=LONG)
    assert not dialog.buttons.button(OK).isEnabled()


def test_that_the_dialog_asks_about_dumps_only_where_a_side_is_one(bench: Bench, qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    np.save(tmp_path / "mine" / "y.npy", golden_of("y"))
    dialog = CompareDialog(None, bench.jobs, bench.home, [])  # type: ignore[arg-type]
    show(qtbot, dialog)
    dialog.choose([Side(bench.home, "golden"), Side(bench.other, "simulator")])
    qtbot.waitUntil(dialog.buttons.button(OK).isEnabled, timeout=LONG)
    assert not dialog.layout_combo.isVisible()
    dialog.choose([Side(bench.home, "golden"), Side(tmp_path / "mine")])
    qtbot.waitUntil(dialog.layout_combo.isVisible, timeout=LONG)


def test_that_the_dialog_says_which_side_has_no_values_yet(bench: Bench, qtbot: QtBot) -> None:
    (bench.other / "results.json").unlink()
    dialog = CompareDialog(None, bench.jobs, bench.home, [bench.other])  # type: ignore[arg-type]
    qtbot.addWidget(dialog)
    dialog.choose([Side(bench.home, "golden"), Side(bench.other, "simulator")])
    qtbot.waitUntil(lambda: dialog.found.text().startswith("B has no values yet"), timeout=LONG)


def test_that_sides_of_one_other_place_are_told_with_it(bench: Bench, qtbot: QtBot) -> None:
    bar = CompareBar(bench.workspace, bench.comparer)
    show(qtbot, bar)
    compare(bench, qtbot, Side(bench.other, "golden"), Side(bench.other, "simulator"))
    assert bar.heading.text() == "Comparing in two:"
    assert [part.title.full_text for part in bar.parts] == ["golden", "simulator", ""]


def test_that_a_third_side_colours_by_its_own_name(bench: Bench, qtbot: QtBot) -> None:
    button = ColouringButton(bench.workspace)
    show(qtbot, button)
    third = Side(bench.other, "golden")
    compare(bench, qtbot, Side(bench.home, "golden"), Side(bench.home, "simulator"), third)
    assert "B – A" in button.text()
    bench.workspace.set_colouring("runtime.entire", "cos")
    assert "C – A" in button.text()
    assert button.title("runtime.entire") == "C – A  two: golden"


def test_that_other_names_of_the_reference_have_a_column(bench: Bench, qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    for number, name in enumerate(("block/b", "head/c", "y")):
        np.save(tmp_path / "mine" / f"t{number}.npy", golden_of(name))
    table = LayerTable(bench.workspace, bench.jobs)
    show(qtbot, table)
    names = {"t0": "block/b", "t1": "head/c", "t2": "y"}
    with qtbot.waitSignal(bench.comparer.changed, timeout=LONG):
        bench.comparer.compare(Comparison((Side(bench.home, "golden"), Side(tmp_path / "mine")), names))
    qtbot.waitUntil(lambda: "golden" in [column.kind for column in table.model.columns], timeout=LONG)
    at = next(number for number, column in enumerate(table.model.columns) if column.kind == "golden")
    assert table.model.headerData(at, Qt.Orientation.Horizontal) == "name in A"
    assert {table.model.index(row, at).data() for row in range(3)} == {"block/b", "head/c", "y"}


def test_that_dumps_by_hand_are_shown_beside_the_golden_values(bench: Bench, qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    np.save(tmp_path / "mine" / "y.npy", golden_of("y") + 2)
    compare(bench, qtbot, Side(bench.home, "golden"), Side(tmp_path / "mine"))
    row = bench.workspace.row("y")
    assert row is not None
    assert row.errors["simulator.entire"].mean["max_abs"] == pytest.approx(2.0)
    assert bench.workspace.layers_of("y") == ("sigmoid",)


def test_that_a_cell_of_the_inputs_opens_its_layer_with_its_input(bench: Bench, qtbot: QtBot) -> None:
    matrix = InputsMatrix(bench.workspace, bench.jobs)
    show(qtbot, matrix)
    qtbot.waitUntil(lambda: matrix.view.table.columnCount() == 3, timeout=LONG)
    number = matrix.view.table.number(1)
    tensor = matrix.view.table.row_head(2).tensor
    matrix.view.setCurrentIndex(matrix.view.table.index(2, 1))
    QTest.keyClick(matrix.view, Qt.Key.Key_Return)
    assert (bench.workspace.selected, bench.workspace.sample) == (tensor, number)
    assert matrix.view.columns.marked == number


def test_that_a_click_on_a_cell_of_the_inputs_opens_it(bench: Bench, qtbot: QtBot) -> None:
    matrix = InputsMatrix(bench.workspace, bench.jobs)
    show(qtbot, matrix)
    qtbot.waitUntil(lambda: matrix.view.table.columnCount() == 3, timeout=LONG)
    index = matrix.view.table.index(1, 2)
    QTest.mouseClick(
        matrix.view.viewport(), Qt.MouseButton.LeftButton, pos=matrix.view.visualRect(index).center()
    )  # fmt: skip
    assert bench.workspace.selected == matrix.view.table.row_head(1).tensor
    assert bench.workspace.sample == matrix.view.table.number(2)


def test_that_the_cell_of_the_layer_and_input_that_are_looked_at_is_the_current_one(bench: Bench, qtbot: QtBot) -> None:
    matrix = InputsMatrix(bench.workspace, bench.jobs)
    show(qtbot, matrix)
    qtbot.waitUntil(lambda: matrix.view.table.columnCount() == 3, timeout=LONG)
    bench.workspace.select("head/c")
    bench.workspace.set_sample(2)
    assert matrix.view.place == ("head/c", 2)


def test_that_after_ordering_the_keys_go_on_at_the_worst(bench: Bench, qtbot: QtBot) -> None:
    matrix = InputsMatrix(bench.workspace, bench.jobs)
    show(qtbot, matrix)
    qtbot.waitUntil(lambda: matrix.view.table.columnCount() == 3, timeout=LONG)
    matrix.view.setCurrentIndex(matrix.view.table.index(2, 1))
    number = matrix.view.table.number(1)
    QTest.keyClick(matrix.view, Qt.Key.Key_S)
    assert (matrix.view.currentIndex().row(), matrix.view.place[1]) == (0, number)  # type: ignore[index]
    tensor = matrix.view.place[0]  # type: ignore[index]
    QTest.keyClick(matrix.view, Qt.Key.Key_S, Qt.KeyboardModifier.ShiftModifier)
    assert (matrix.view.currentIndex().column(), matrix.view.place[0]) == (0, tensor)  # type: ignore[index]


def test_that_the_matrix_is_copied_as_it_is_shown(bench: Bench, qtbot: QtBot) -> None:
    matrix = InputsMatrix(bench.workspace, bench.jobs)
    show(qtbot, matrix)
    qtbot.waitUntil(lambda: matrix.view.table.columnCount() == 3, timeout=LONG)
    with qtbot.waitSignal(matrix.view.copied, timeout=LONG):
        QTest.keyClick(matrix.view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert matrix.told.full_text == "Rows copied: 3"
    lines = [line.split("\t") for line in QApplication.clipboard().text().splitlines()]
    assert lines[0] == ["op", "tensor", *(matrix.view.table.head(at).title for at in range(3))]
    assert [len(line) for line in lines] == [5, 5, 5, 5]
    assert lines[1][2] == matrix.view.table.text(0, 0)


def test_that_a_layer_orders_the_inputs_and_one_key_shows_its_worst(bench: Bench, qtbot: QtBot) -> None:
    matrix = InputsMatrix(bench.workspace, bench.jobs)
    show(qtbot, matrix)
    qtbot.waitUntil(lambda: matrix.view.table.columnCount() == 3, timeout=LONG)
    row = matrix.view.table.shown_row("y")
    assert row is not None
    matrix.view.setCurrentIndex(matrix.view.table.index(row, 0))
    QTest.keyClick(matrix.view, Qt.Key.Key_S, Qt.KeyboardModifier.ShiftModifier)
    cells = [float(matrix.view.table.text(row, at)) for at in range(3)]
    assert cells == sorted(cells)

    bench.workspace.select("y")
    bench.workspace.set_sample(matrix.view.table.number(2))
    bench.workspace.look_at_worst_input()
    assert bench.workspace.sample == matrix.view.table.number(0)


def test_that_the_inputs_of_one_input_lead_to_more(bench: Bench, qtbot: QtBot) -> None:
    assert bench.workspace.results is not None
    one = {source: paths[:1] for source, paths in bench.workspace.results.dumps.items()}
    bench.workspace.set_results(replace(bench.workspace.results, dumps=one))
    matrix = InputsMatrix(bench.workspace, bench.jobs)
    show(qtbot, matrix)
    assert "Add more" in matrix.story.text()
    with qtbot.waitSignal(matrix.add_wanted):
        matrix.add_button.click()


def _runs(bench: Bench, qtbot: QtBot) -> RunsMatrix:
    matrix = RunsMatrix(bench.workspace, bench.jobs, bench.messages, bench.comparer, lambda: [bench.other])
    show(qtbot, matrix)
    matrix.recent_button.click()
    qtbot.waitUntil(lambda: matrix.view.table.columnCount() == 2, timeout=LONG)
    return matrix


def test_that_recent_sessions_of_the_network_become_runs_that_the_session_remembers(bench: Bench, qtbot: QtBot) -> None:
    matrix = _runs(bench, qtbot)
    assert bench.workspace.session is not None
    assert bench.workspace.session.runs == (bench.other,)
    assert matrix.view.table.head(1).lines == ("fp16",)
    assert [matrix.view.table.row_head(at).tensor for at in range(3)] == ["block/b", "head/c", "y"]


def test_that_a_cell_of_a_run_opens_its_comparison_on_its_layer(bench: Bench, qtbot: QtBot) -> None:
    matrix = _runs(bench, qtbot)
    with qtbot.waitSignal(bench.comparer.changed, timeout=LONG):
        matrix.view.opened.emit("block/b", 1)
    assert bench.workspace.selected == "block/b"
    assert bench.comparer.shown is not None
    assert bench.comparer.shown.sides == (Side(bench.other, "golden"), Side(bench.other, "simulator"))

    matrix.view.opened.emit("y", 0)
    assert (bench.workspace.is_comparing, bench.workspace.selected) == (False, "y")


def test_that_a_run_without_values_says_why_above_the_matrix(bench: Bench, qtbot: QtBot, tmp_path: Path) -> None:
    matrix = _runs(bench, qtbot)
    matrix.add([tmp_path / "gone"])
    qtbot.waitUntil(lambda: matrix.view.table.columnCount() == 3, timeout=LONG)
    assert matrix.problems.text().startswith(f"There is no {tmp_path / 'gone'}.")
    assert matrix.view.table.head(2).lines == ("✖ no values",)
    matrix.view.opened.emit("y", 2)
    assert bench.comparer.job is None


def test_that_a_run_is_removed_by_its_column(bench: Bench, qtbot: QtBot) -> None:
    matrix = _runs(bench, qtbot)
    matrix.view.setCurrentIndex(matrix.view.table.index(0, 1))
    QTest.keyClick(matrix.view, Qt.Key.Key_Delete)
    assert bench.workspace.session is not None
    assert bench.workspace.session.runs == ()
    assert "Add runs" in matrix.story.text()


def test_that_a_column_orders_the_layers_and_the_same_key_ends_it(bench: Bench, qtbot: QtBot) -> None:
    matrix = InputsMatrix(bench.workspace, bench.jobs)
    show(qtbot, matrix)
    qtbot.waitUntil(lambda: matrix.view.table.columnCount() == 3, timeout=LONG)
    matrix.view.setCurrentIndex(matrix.view.table.index(0, 2))
    QTest.keyClick(matrix.view, Qt.Key.Key_S)
    assert matrix.view.table.by == matrix.view.table.number(2)
    values = matrix.view.table.matrix.values[:, matrix.view.table.number(2)]
    shown = [matrix.view.table.text(at, 2) for at in range(3)]
    assert shown == [f"{value:.5f}" for value in sorted(values)]
    QTest.keyClick(matrix.view, Qt.Key.Key_S)
    assert matrix.view.table.by < 0


def test_that_escape_leads_back_and_nothing_is_stale(done_window: MainWindow, qtbot: QtBot) -> None:
    own = done_window.workspace.results
    done_window.actions_.compare.trigger()
    dialog = done_window.findChild(CompareDialog)
    assert isinstance(dialog, CompareDialog)
    qtbot.waitUntil(dialog.buttons.button(OK).isEnabled, timeout=LONG)
    dialog.buttons.button(OK).click()
    qtbot.waitUntil(lambda: done_window.workspace.is_comparing, timeout=LONG)
    assert done_window.comparisons.bar.isVisible()
    qtbot.wait(400)
    assert done_window.runner.stale == ()

    QTest.keyClick(done_window, Qt.Key.Key_Escape)
    assert done_window.workspace.results is own
    assert done_window.comparisons.bar.isHidden()

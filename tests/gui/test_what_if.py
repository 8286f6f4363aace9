"""Rules of a what-if in the window: it runs at once, the views stay where they are, old values stand beside new."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QContextMenuEvent
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from tests.helpers.waiting import LONG
from workbench.project.results import load_results
from workbench.ui.main_window import MainWindow
from workbench.ui.models.table.columns import Column
from workbench.ui.models.table.layer_cells import CHANGE_ROLE
from workbench.ui.precision import FLOAT16, INT8, choices, precision_of, set_precision
from workbench.ui.text_size import row_height
from workbench.ui.views.table.layer_menu import layer_menu
from workbench.ui.views.table.range_dialog import ask_range

TENSOR = "/Concat_output_0"
ENTIRE = Column("value", "simulator.entire", "cos")


@pytest.fixture
def what_if(done_window: MainWindow, qtbot: QtBot) -> MainWindow:
    """A window on a demo whose Concat is in float16."""
    change(done_window, TENSOR, FLOAT16, qtbot)
    return done_window


def change(window: MainWindow, tensor: str, precision: str, qtbot: QtBot) -> None:
    """Choose another precision and wait for the new table."""
    before, row = window.workspace.results, window.workspace.row(tensor)
    assert row is not None
    assert set_precision(window.workspace, row, precision)
    wait(window, before, qtbot)


def wait(window: MainWindow, before: object, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: window.workspace.results is not before and not window.runner.is_running, timeout=LONG)
    qtbot.wait(50)


def entry(menu: QMenu, text: str) -> QAction:
    return next(action for action in menu.actions() if action.text() == text)


def test_that_a_choice_in_the_menu_is_computed_at_once(done_window: MainWindow, qtbot: QtBot) -> None:
    before = done_window.workspace.results
    menu = layer_menu(done_window, done_window.workspace, TENSOR)
    assert entry(menu, f"Compute in {INT8}").isChecked()

    entry(menu, f"Compute in {FLOAT16}").trigger()
    wait(done_window, before, qtbot)

    results = done_window.workspace.results
    assert results is not None
    assert results.before is not None
    assert TENSOR in results.before.rows


def test_that_selection_and_scroll_position_stay(done_window: MainWindow, qtbot: QtBot) -> None:
    view, canvas = done_window.table.view, done_window.graph.canvas
    done_window.workspace.select(TENSOR)
    qtbot.waitUntil(lambda: canvas.scenery is not None, timeout=LONG)
    view.scrollToBottom()
    canvas.look_at(10, 20, 1.5)
    top = view.indexAt(QPoint(4, 4)).row()
    assert top > 0

    change(done_window, TENSOR, FLOAT16, qtbot)
    first = view.indexAt(QPoint(4, 4)).row()
    change(done_window, TENSOR, INT8, qtbot)

    assert (first, view.indexAt(QPoint(4, 4)).row()) == (top, top)
    left, upper, right, lower = canvas.visible()
    assert ((left + right) / 2, (upper + lower) / 2) == pytest.approx((10, 20), abs=1)
    assert done_window.workspace.selected == TENSOR


def test_that_the_bar_does_not_push_the_layer_out_of_sight(done_window: MainWindow, qtbot: QtBot) -> None:
    view = done_window.table.view
    last = view.indexAt(view.viewport().rect().bottomLeft() - QPoint(0, row_height()))
    tensor = done_window.table.model.row_at(last.row()).tensor
    done_window.workspace.select(tensor)

    change(done_window, tensor, FLOAT16, qtbot)

    assert done_window.what_if_bar.isVisible()
    assert view.viewport().rect().contains(view.visualRect(view.currentIndex()))


def test_that_the_old_value_stands_beside_the_new_one(what_if: MainWindow) -> None:
    model, results = what_if.table.model, what_if.workspace.results
    assert results is not None
    assert results.before is not None
    position, old = model.position(TENSOR), results.before.rows[TENSOR].errors["simulator.entire"].mean["cos"]
    assert position is not None

    index = model.index(position, model.columns.index(ENTIRE))

    assert index.data(CHANGE_ROLE) == (f"{old:.5f}", "better")
    assert f"better than before: {old:.5f}" in index.data(Qt.ItemDataRole.ToolTipRole)
    assert model.index(0, model.columns.index(ENTIRE)).data(CHANGE_ROLE) is None


def test_that_the_inspector_shows_the_old_values_and_type(what_if: MainWindow) -> None:
    what_if.workspace.select(TENSOR)

    texts = what_if.inspector.simulator.texts()
    assert any(line[0].strip() == "before" for line in texts)
    assert ["Type", "float16, before int8"] in what_if.inspector.stored.texts()


def test_that_undo_brings_the_old_values_back(what_if: MainWindow, qtbot: QtBot) -> None:
    before = what_if.workspace.results
    assert what_if.what_if_bar.isVisible()

    what_if.what_if_bar.undo_button.click()
    wait(what_if, before, qtbot)

    row, session = what_if.workspace.row(TENSOR), what_if.workspace.session
    assert row is not None
    assert session is not None
    assert before is not None
    assert before.before is not None
    assert row.errors == before.before.rows[TENSOR].errors
    assert precision_of(session, row) == INT8
    assert not what_if.what_if_bar.isVisible()


def test_that_what_is_kept_is_no_longer_compared(what_if: MainWindow, qtbot: QtBot) -> None:
    before, folder = what_if.workspace.results, what_if.workspace.folder
    assert folder is not None

    what_if.what_if_bar.keep_button.click()
    wait(what_if, before, qtbot)

    kept, row = load_results(folder), what_if.workspace.row(TENSOR)
    assert kept is not None
    assert kept.before is None
    assert row is not None
    assert row.note == FLOAT16
    assert not what_if.what_if_bar.isVisible()


def test_that_choices_during_a_run_are_computed_after_it(done_window: MainWindow, qtbot: QtBot) -> None:
    workspace = done_window.workspace
    for tensor in (TENSOR, "/block4/Add_output_0"):
        row = workspace.row(tensor)
        assert row is not None
        assert set_precision(workspace, row, FLOAT16)

    qtbot.waitUntil(
        lambda: (
            workspace.results is not None
            and set(workspace.results.quant["float_tensors"]) == {TENSOR, "/block4/Add_output_0"}
        ),
        timeout=LONG,
    )
    qtbot.waitUntil(lambda: not done_window.runner.is_running, timeout=LONG)


def test_that_a_convert_has_no_precision_to_choose(done_window: MainWindow) -> None:
    convert = done_window.workspace.row("image_int8")
    assert convert is not None

    assert choices(done_window.workspace, convert) == ()
    menu = layer_menu(done_window, done_window.workspace, "image_int8")
    assert not menu.actions()[0].isEnabled()


def test_that_table_and_graph_open_the_menu_of_the_layer_under_the_mouse(done_window: MainWindow, qtbot: QtBot) -> None:
    view, canvas = done_window.table.view, done_window.graph.canvas
    qtbot.waitUntil(lambda: canvas.scenery is not None, timeout=LONG)
    at = view.visualRect(done_window.table.model.index(1, 2)).center()
    places = ((view.viewport(), lambda: at), (canvas, lambda: canvas.widget_rect(2).center().toPoint()))

    for widget, position in places:  # the second only then: the graph follows the selection
        event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, position(), widget.mapToGlobal(position()))
        QApplication.sendEvent(widget, event)
        shown = [menu for menu in done_window.findChildren(QMenu) if menu.isVisible()]
        assert len(shown) == 1
        assert entry(shown[0], f"Compute in {FLOAT16}")
        shown[0].close()


def test_that_an_edited_range_is_computed_and_can_be_taken_back(done_window: MainWindow, qtbot: QtBot) -> None:
    workspace = done_window.workspace
    before, row = workspace.results, workspace.row(TENSOR)
    assert row is not None
    assert row.encoding is not None
    dialog = ask_range(done_window, workspace, row)
    dialog.low.setText("5")
    dialog.high.setText("-5")
    assert not dialog.compute.isEnabled()

    dialog.low.setText("-0.5")
    dialog.high.setText("12,75")
    dialog.compute.click()
    wait(done_window, before, qtbot)

    changed = workspace.row(TENSOR)
    assert changed is not None
    assert changed.encoding is not None
    assert changed.encoding.scale == pytest.approx((13.25 / 255,))
    before = workspace.results
    ask_range(done_window, workspace, changed).calibrated.click()
    wait(done_window, before, qtbot)
    restored = workspace.row(TENSOR)
    assert restored is not None
    assert restored.encoding == row.encoding

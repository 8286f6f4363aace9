"""Runs on a board from the window: chosen at the runtime's button, shown before they begin, cancelled, cleaned up."""

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QDialogButtonBox, QLabel
from pytestqt.qtbot import QtBot

from tests.helpers.boards import PlayedBoard
from tests.helpers.waiting import LONG
from workbench.dump.store import Dump
from workbench.project.results import load_results
from workbench.project.session import BoardChoice, ImportedDumps
from workbench.project.table import SINGLE_SIM
from workbench.sources.board.descriptions import describe_board
from workbench.ui.main_window import MainWindow
from workbench.ui.runtimes import BOARD, DUMPS, NONE
from workbench.ui.views.board.boards_dialog import BoardsDialog
from workbench.ui.views.board.run_dialog import RunDialog

OK = QDialogButtonBox.StandardButton.Ok
PROGRAM = Path(__file__).parents[1] / "board_program.py"


@pytest.fixture
def board_window(done_window: MainWindow, local_board: PlayedBoard, own_processes: None, qtbot: QtBot) -> MainWindow:
    """A demo that has run, and a board on which the simulator's values play what the NPU gives."""
    describe_board(local_board.board)
    boards = done_window.boarding.boards
    boards.refresh()
    qtbot.waitUntil(lambda: bool(boards.known), timeout=LONG)
    done_window.boarding.runtimes.choose_board(local_board.board.name)
    command = f"{sys.executable} {PROGRAM} {{model}} {{inputs}}"
    choice = BoardChoice(local_board.board.name, "command", command, played_network(done_window, local_board.folder))
    done_window.boarding.runtimes.edit(choice)
    return done_window


def played_network(window: MainWindow, folder: Path) -> Path:
    assert window.workspace.folder is not None
    results = load_results(window.workspace.folder)
    assert results is not None
    with Dump(results.dumps["simulator"][0]) as dump:
        arrays = {row.tensor: dump[row.tensor] for row in results.rows if row.tensor in dump}
    path = folder / "played.rknn"
    with path.open("wb") as file:
        np.savez(file, **arrays)  # type: ignore[arg-type]
    return path


def asked(window: MainWindow, qtbot: QtBot) -> RunDialog:
    window.runner.run()
    qtbot.waitUntil(lambda: window.findChild(RunDialog) is not None, timeout=LONG)
    dialog = window.findChild(RunDialog)
    assert isinstance(dialog, RunDialog)
    return dialog


def run(window: MainWindow, qtbot: QtBot) -> None:
    asked(window, qtbot).buttons.button(OK).click()
    qtbot.waitUntil(lambda: window.runner.is_running, timeout=LONG)
    qtbot.waitUntil(lambda: not window.runner.is_running, timeout=4 * LONG)


def test_that_the_button_offers_the_boards_dumps_and_nothing(board_window: MainWindow) -> None:
    menu = board_window.toolbar.sources.runtime
    menu._fill()
    assert [(action.text(), action.isChecked()) for action in menu.boards] == [("local-board", True)]
    assert not menu.none.isChecked()
    menu.none.trigger()
    menu._fill()
    assert menu.none.isChecked()
    assert board_window.workspace.session is not None
    assert board_window.workspace.session.board is None


def test_that_a_board_takes_the_place_of_dumps_and_can_be_undone(done_window: MainWindow) -> None:
    runtimes, workspace = done_window.boarding.runtimes, done_window.workspace
    workspace.change(imports={"runtime": ImportedDumps(Path("/dumps"))})
    assert runtimes.kind == DUMPS
    runtimes.choose_board("local")
    assert runtimes.kind == BOARD
    assert done_window.actions_.undo.text() == "&Undo: board → local"
    done_window.actions_.undo.trigger()
    assert runtimes.kind == NONE


def test_that_what_runs_is_shown_before_it_runs_and_cancel_runs_nothing(
    board_window: MainWindow, local_board: PlayedBoard, qtbot: QtBot
) -> None:
    dialog = asked(board_window, qtbot)
    text = dialog.text.toPlainText()
    assert "RKNN_LOG_LEVEL=5" in text
    assert str(PROGRAM) in text
    dialog.buttons.button(QDialogButtonBox.StandardButton.Cancel).click()
    assert not board_window.runner.is_running
    assert list(local_board.userdata.iterdir()) == []


def test_that_a_run_fills_the_runtime_and_leaves_the_board_clean(
    board_window: MainWindow, local_board: PlayedBoard, qtbot: QtBot
) -> None:
    run(board_window, qtbot)
    results = board_window.workspace.own_results
    assert results is not None
    assert results.dumps.get("runtime"), [str(entry) for entry in board_window.messages.entries]
    worst = board_window.workspace.worst()
    assert worst is not None
    assert abs(worst.errors["runtime.entire"].mean["cos"] - worst.errors["simulator.entire"].mean["cos"]) < 1e-5
    assert list(local_board.userdata.iterdir()) == []
    button = board_window.toolbar.sources.buttons["runtime"]
    qtbot.waitUntil(lambda: "Values are there" in button.toolTip(), timeout=LONG)  # what is stale is asked for after it


def test_that_the_same_lines_are_agreed_to_once(board_window: MainWindow, qtbot: QtBot) -> None:
    run(board_window, qtbot)
    assert board_window.findChild(RunDialog) is None
    board_window.runner.run()
    qtbot.waitUntil(lambda: board_window.runner.is_running, timeout=LONG)
    qtbot.waitUntil(lambda: not board_window.runner.is_running, timeout=4 * LONG)
    assert board_window.findChild(RunDialog) is None


def test_that_a_program_that_fails_is_told_with_its_last_words(
    board_window: MainWindow, local_board: PlayedBoard, qtbot: QtBot
) -> None:
    board = board_window.boarding.runtimes.board
    assert board is not None
    board_window.boarding.runtimes.edit(
        BoardChoice(board.name, "command", f"FAIL=7 {board.command}", board.rknn, is_timed=False)
    )
    run(board_window, qtbot)
    error = board_window.messages.entries[-1]
    assert error.severity == "error"
    assert "exit code 7" in error.text
    assert list(local_board.userdata.iterdir()) == []
    assert board_window.workspace.own_results is not None
    assert not board_window.workspace.own_results.dumps.get("runtime")


def test_that_a_cancelled_run_leaves_nothing_on_the_board(
    board_window: MainWindow, local_board: PlayedBoard, qtbot: QtBot
) -> None:
    board = board_window.boarding.runtimes.board
    assert board is not None
    board_window.boarding.runtimes.edit(BoardChoice(board.name, "command", f"SLOW=5 {board.command}", board.rknn))
    asked(board_window, qtbot).buttons.button(OK).click()
    qtbot.waitUntil(lambda: any(local_board.userdata.iterdir()), timeout=4 * LONG)
    board_window.actions_.cancel.trigger()
    qtbot.waitUntil(lambda: not board_window.runner.is_running, timeout=4 * LONG)
    qtbot.waitUntil(lambda: list(local_board.userdata.iterdir()) == [], timeout=LONG)


def test_that_the_settings_show_the_lines_and_why_there_are_none(board_window: MainWindow, qtbot: QtBot) -> None:
    options = board_window.settings_panel.board
    board_window.toolbar.sources.board_wanted.emit()
    qtbot.waitUntil(lambda: str(PROGRAM) in options.lines.toPlainText(), timeout=LONG)
    options.command.setText("run {nothing}")
    options.command.editingFinished.emit()
    qtbot.waitUntil(lambda: "{nothing}" in options.problem.text(), timeout=LONG)
    assert options.lines.toPlainText() == ""


def test_that_the_list_of_boards_chooses_the_one_to_run_on(
    done_window: MainWindow, local_board: PlayedBoard, qtbot: QtBot
) -> None:
    describe_board(local_board.board)
    done_window.actions_.boards.trigger()
    dialog = done_window.findChild(BoardsDialog)
    assert isinstance(dialog, BoardsDialog)
    qtbot.waitUntil(lambda: dialog.use.isEnabled(), timeout=LONG)
    dialog.use.click()
    assert done_window.boarding.runtimes.board == BoardChoice(local_board.board.name)


def test_that_the_bar_says_that_the_board_has_not_run(board_window: MainWindow, qtbot: QtBot) -> None:
    bar = board_window.stale_bar
    qtbot.waitUntil(lambda: board_window.runner.stale == ("board", "compare"), timeout=LONG)
    assert "has not run on the board" in bar.text.toolTip() or "has not run on the board" in bar.text.text()
    run(board_window, qtbot)
    qtbot.waitUntil(lambda: board_window.runner.stale == (), timeout=LONG)
    assert not bar.isVisible()


def test_that_the_pane_of_a_board_that_has_not_run_offers_the_run(board_window: MainWindow, qtbot: QtBot) -> None:
    worst = board_window.workspace.worst()
    assert worst is not None
    board_window.workspace.select(worst.tensor)
    qtbot.waitUntil(
        lambda: board_window.panes.views is not None and board_window.panes.summary is not None, timeout=LONG
    )
    assert board_window.panes.views is not None
    pane = board_window.panes.views.row.panes["runtime"]
    assert "local-board" in pane.reason.text()
    pane.offer.click()
    qtbot.waitUntil(lambda: board_window.findChild(RunDialog) is not None, timeout=LONG)

    board_window.boarding.runtimes.choose_none()
    assert "import its dumps" in pane.reason.text()


def test_that_imported_dumps_are_not_asked_for(done_window: MainWindow) -> None:
    done_window.workspace.change(imports={"runtime": ImportedDumps(Path("/dumps"))})
    tip = done_window.toolbar.sources.buttons["runtime"].toolTip()
    assert "/dumps" in tip
    assert "Connect a board" not in tip


def test_that_the_simulators_pane_says_when_its_inputs_are_the_boards(board_window: MainWindow, qtbot: QtBot) -> None:
    run(board_window, qtbot)
    panes, workspace = board_window.panes, board_window.workspace
    qtbot.waitUntil(lambda: panes.views is not None and panes.summary is not None, timeout=LONG)
    assert panes.views is not None
    title = panes.views.row.panes["simulator"].title
    assert title.full_text == "simulator"
    workspace.set_colouring(SINGLE_SIM, "cos")
    qtbot.waitUntil(lambda: title.full_text == "simulator on the board's inputs", timeout=LONG)
    workspace.set_colouring("runtime.entire", "cos")
    qtbot.waitUntil(lambda: title.full_text == "simulator", timeout=LONG)


def test_that_another_command_of_the_board_makes_its_values_stale(
    board_window: MainWindow, local_board: PlayedBoard, qtbot: QtBot
) -> None:
    run(board_window, qtbot)
    qtbot.waitUntil(lambda: board_window.runner.stale == (), timeout=LONG)
    describe_board(replace(local_board.board, environment={**local_board.board.environment, "NEW": "1"}))
    board_window.boarding.boards.refresh()
    qtbot.waitUntil(lambda: board_window.runner.stale == ("board", "compare"), timeout=LONG)


def test_that_the_toolkits_calls_are_not_told_as_commands(window: MainWindow) -> None:
    dialog = RunDialog(window, "bench", ("rknn.accuracy_analysis(…)",), is_toolkits=True)
    assert any("vendor's toolkit" in item.text() for item in dialog.findChildren(QLabel))

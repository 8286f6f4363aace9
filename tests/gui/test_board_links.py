"""A board by adb and one by ssh in the real window, from the form to the three-way table; and what goes wrong there."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialogButtonBox, QWidget
from pytestqt.qtbot import QtBot

from tests.gui.test_board_runs import played_network
from tests.gui.test_boards import no_adb_server_is_started
from tests.helpers.boards import PlayedBoard, all_below
from tests.helpers.waiting import LONG
from workbench.compare.metrics import TIME
from workbench.project.table import SINGLE_SIM
from workbench.ui.main_window import MainWindow
from workbench.ui.views.board.board_dialog import KINDS, BoardDialog
from workbench.ui.views.board.boards_dialog import BoardsDialog
from workbench.ui.views.board.run_dialog import RunDialog

Dialog = TypeVar("Dialog", bound=QWidget)
OK = QDialogButtonBox.StandardButton.Ok
PROGRAM = Path(__file__).parents[1] / "board_program.py"


__all__ = ["no_adb_server_is_started"]


@pytest.fixture
def user(done_window: MainWindow, cabled_board: PlayedBoard, own_processes: None, qtbot: QtBot) -> "BoardUser":
    """Somebody before a demo that has run."""
    return BoardUser(done_window, cabled_board, qtbot)


class BoardUser:
    """Does with mouse and keys what a user does with a board."""

    def __init__(self, window: MainWindow, played: PlayedBoard, qtbot: QtBot) -> None:
        self.window, self.played, self._qtbot = window, played, qtbot

    def add(self) -> BoardsDialog:
        """Describe the board in the form."""
        dialog = self._opened(self.window.actions_.boards.trigger, BoardsDialog)
        form = self._opened(lambda: self._click(dialog.add), BoardDialog)
        kind, _, address = self.played.board.link.partition(":")
        self._type(form.name, "bench")
        form.kind.setCurrentIndex(KINDS.index(kind))
        form.address.lineEdit().selectAll()  # type: ignore[union-attr]
        self._type(form.address.lineEdit(), address)  # type: ignore[arg-type]
        self._type(form.folder, str(self.played.userdata))
        self._click(form.buttons.button(OK))
        self._qtbot.waitUntil(lambda: dialog.list.chosen == "bench", timeout=LONG)
        return dialog

    def ask(self, dialog: BoardsDialog, button: QWidget) -> str:
        """Click a button of the list and wait; gives the state of the board."""
        self._click(button)
        self._qtbot.waitUntil(lambda: not self.window.boarding.boards.jobs, timeout=2 * LONG)
        return dialog.list.topLevelItem(0).text(2)  # type: ignore[union-attr]

    def choose(self, dialog: BoardsDialog, program: str = "") -> None:
        """Run on it from now on: a program that gives the simulator's values."""
        self._click(dialog.use)
        panel = self.window.settings_panel
        self.window.toolbar.sources.board_wanted.emit()
        self._qtbot.waitUntil(lambda: panel.board.runner.isVisible(), timeout=LONG)
        options = panel.board
        options.runner.setCurrentIndex(options.runner.findData("command"))
        options.runner.activated.emit(options.runner.currentIndex())
        for edit, text in (
            (options.rknn.edit, str(played_network(self.window, self.played.folder))),
            (options.command, f"{program}{sys.executable} {PROGRAM} {{model}} {{inputs}}"),
        ):
            edit.setFocus()
            edit.clear()
            self._type(edit, text)
            self._qtbot.keyClick(edit, Qt.Key.Key_Return)
        self._qtbot.waitUntil(lambda: str(PROGRAM) in options.lines.toPlainText(), timeout=LONG)

    def say_instead(self, words: str, others: str) -> None:
        """Other words in the command."""
        board, line = self.window.boarding.runtimes.board, self.window.settings_panel.board.command
        assert board is not None
        line.setText(board.command.replace(words, others))
        line.editingFinished.emit()

    @property
    def values(self) -> tuple[Path, ...]:
        """The dumps of the board that the session has."""
        results = self.window.workspace.own_results
        assert results is not None
        return results.dumps.get("runtime", ())

    def begin(self) -> str:
        """Run, and agree to what is shown; gives that."""
        dialog = self._opened(self.window.actions_.run.trigger, RunDialog)
        text = dialog.text.toPlainText()
        self._click(dialog.buttons.button(OK))
        self._qtbot.waitUntil(lambda: self.window.runner.is_running, timeout=LONG)
        return text

    def wait(self) -> None:
        """Until the run has ended."""
        self._qtbot.waitUntil(lambda: not self.window.runner.is_running, timeout=4 * LONG)

    def wait_for(self, file: str) -> None:
        """Until a file is on the board."""
        self._qtbot.waitUntil(lambda: any(file in name for name in all_below(self.played.userdata)), timeout=4 * LONG)

    def wait_clean(self) -> None:
        """Until nothing is left on the board."""
        self._qtbot.waitUntil(lambda: all_below(self.played.userdata) == [], timeout=LONG)

    def _click(self, button: QWidget) -> None:
        self._qtbot.waitUntil(button.isEnabled, timeout=LONG)
        self._qtbot.mouseClick(button, Qt.MouseButton.LeftButton)

    def _type(self, edit: QWidget, text: str) -> None:
        self._qtbot.keyClicks(edit, text)

    def _opened(self, act: Callable[[], object], kind: type[Dialog]) -> Dialog:
        act()

        def found() -> list[Dialog]:
            return [item for item in QApplication.topLevelWidgets() if isinstance(item, kind) and item.isVisible()]

        self._qtbot.waitUntil(lambda: bool(found()), timeout=LONG)
        return found()[-1]


def test_that_a_board_is_added_and_fills_the_third_column_and_a_run_that_ends_early_leaves_nothing(
    user: BoardUser, qtbot: QtBot
) -> None:
    """One window does it all, board by board: to open one takes as long as everything else."""
    dialog = user.add()
    assert user.ask(dialog, dialog.test) == "● answers", dialog.problem.text()
    assert user.ask(dialog, dialog.examine).startswith("▲ findings: ")
    user.choose(dialog, "SLOW=5 ")
    cancel_a_run(user)
    user.say_instead("SLOW=5 ", "SLOW=.2 ")
    pull_the_cable(user)
    user.say_instead("SLOW=.2 ", "")
    run_to_the_end(user, qtbot)


def cancel_a_run(user: BoardUser) -> None:
    """The board is clean then, and there are no values of it."""
    user.begin()
    user.wait_for("model.rknn")
    user.window.actions_.cancel.trigger()
    user.wait()
    user.wait_clean()
    assert not user.values


def pull_the_cable(user: BoardUser) -> None:
    """It is told; what is left on the board is up to the next run."""
    user.begin()
    user.wait_for("dumps0/000_")
    assert user.played.cable is not None
    user.played.cable.pull()
    user.wait()
    error = user.window.messages.entries[-1]
    assert error.severity == "error"
    assert "lost" in error.text or "cannot be reached" in error.text or "cannot reach" in error.text
    assert not user.values


def run_to_the_end(user: BoardUser, qtbot: QtBot) -> None:
    """Values and times of the board are in the table and in the graph's colours; what an earlier run left is gone."""
    assert "RKNN_LOG_LEVEL=5" in user.begin()
    user.wait()
    workspace, canvas = user.window.workspace, user.window.graph.canvas
    worst = workspace.worst()
    assert user.values, [str(entry) for entry in user.window.messages.entries]
    assert worst is not None
    assert abs(worst.errors["runtime.entire"].mean["cos"] - worst.errors["simulator.entire"].mean["cos"]) < 1e-5
    assert worst.errors[SINGLE_SIM].mean["cos"] > 0.99999
    assert workspace.is_timed
    workspace.set_colouring(workspace.column, TIME.key)
    qtbot.waitUntil(lambda: canvas.scenery is not None and canvas.scenery.colouring.scale == "ramp", timeout=LONG)
    user.wait_clean()

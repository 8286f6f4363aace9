"""Boards in the window: added, tested, examined, forgotten; questions of their links; real links to boards of ours."""

import threading
from pathlib import Path

import pytest
from PySide6.QtWidgets import QDialogButtonBox
from pytestqt.qtbot import QtBot

from tests.helpers.boards import PlayedBoard
from tests.helpers.waiting import LONG
from workbench.foundation.errors import WorkbenchError
from workbench.foundation.steps import Progress, Steps
from workbench.sources.board.descriptions import Board, describe_board, described_boards
from workbench.ui import boards as controller
from workbench.ui.main_window import MainWindow
from workbench.ui.models.board.answers import Answers, Questions
from workbench.ui.views.board.board_dialog import BoardDialog
from workbench.ui.views.board.board_list import LINK, NAME, STATE
from workbench.ui.views.board.boards_dialog import BoardsDialog
from workbench.ui.views.board.question_dialog import QuestionDialog

OK = QDialogButtonBox.StandardButton.Ok
BENCH = Board("bench", "ssh:root@bench", chip="rk3588")


@pytest.fixture(autouse=True)
def no_adb_server_is_started(monkeypatch: pytest.MonkeyPatch) -> None:
    """The form asks the machine's own adb; its server would stay."""
    monkeypatch.setattr(controller, "_devices", tuple)


def opened(window: MainWindow, qtbot: QtBot) -> BoardsDialog:
    window.actions_.boards.trigger()
    dialog = window.findChild(BoardsDialog)
    assert isinstance(dialog, BoardsDialog)
    boards = window.boarding.boards
    qtbot.waitUntil(lambda: boards.is_read and len(boards.known) == len(described_boards()), timeout=LONG)
    return dialog


def at_rest(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not window.boarding.boards.jobs, timeout=2 * LONG)


def state(dialog: BoardsDialog, row: int = 0) -> str:
    item = dialog.list.topLevelItem(row)
    assert item is not None
    return item.text(STATE)


def test_that_without_a_board_the_dialog_says_how_to_get_one(window: MainWindow, qtbot: QtBot) -> None:
    dialog = opened(window, qtbot)
    assert not dialog.none.isHidden()
    assert dialog.list.isHidden()
    assert not dialog.test.isEnabled()


def test_that_a_board_is_added_by_what_is_typed(window: MainWindow, qtbot: QtBot) -> None:
    dialog = opened(window, qtbot)
    form = dialog._ask(is_new=True)
    form.name.setText("bench")
    form.kind.setCurrentIndex(1)
    form.address.setEditText("root@192.168.1.20:2222")
    form.environment.setPlainText("LD_LIBRARY_PATH=/userdata/lib")
    form.folder.setText("/userdata/x")
    form.buttons.button(OK).click()
    qtbot.waitUntil(lambda: bool(described_boards()), timeout=LONG)
    expected = Board("bench", "ssh:root@192.168.1.20:2222", "", "/userdata/x", {"LD_LIBRARY_PATH": "/userdata/lib"})
    assert described_boards() == (expected,)
    qtbot.waitUntil(lambda: dialog.list.chosen == "bench", timeout=LONG)
    item = dialog.list.topLevelItem(0)
    assert item is not None
    assert (item.text(NAME), item.text(LINK)) == ("bench", "ssh:root@192.168.1.20:2222")


@pytest.mark.parametrize("address", ["root@-oProxyCommand=x", "a b", "host;reboot", "x\ny", "host:999999"])
def test_that_an_address_that_could_be_a_command_is_refused(window: MainWindow, qtbot: QtBot, address: str) -> None:
    form = opened(window, qtbot)._ask(is_new=True)
    form.name.setText("bad")
    form.kind.setCurrentIndex(1)
    form.address.setEditText(address)
    assert not form.buttons.button(OK).isEnabled()
    assert "no link" in form.problem.text()


def test_that_a_name_is_taken_once(window: MainWindow, qtbot: QtBot) -> None:
    describe_board(BENCH)
    form = opened(window, qtbot)._ask(is_new=True)
    form.name.setText("bench")
    form.kind.setCurrentIndex(2)
    assert form.problem.text() == "There is a board of this name already."
    assert not form.buttons.button(OK).isEnabled()


def test_that_a_board_that_is_renamed_is_not_there_twice(window: MainWindow, qtbot: QtBot) -> None:
    describe_board(BENCH)
    form = opened(window, qtbot)._ask(is_new=False)
    assert (form.name.text(), form.address.currentText(), form.chip.currentText()) == ("bench", "root@bench", "rk3588")
    form.name.setText("desk")
    form.buttons.button(OK).click()
    qtbot.waitUntil(lambda: [board.name for board in described_boards()] == ["desk"], timeout=LONG)
    assert described_boards()[0].link == BENCH.link


def test_that_forgetting_removes_the_description(window: MainWindow, qtbot: QtBot) -> None:
    describe_board(BENCH)
    dialog = opened(window, qtbot)
    dialog.remove.click()
    qtbot.waitUntil(lambda: not window.boarding.boards.known, timeout=LONG)
    assert described_boards() == ()


def test_that_a_broken_description_is_told_beside_the_others(
    window: MainWindow, qtbot: QtBot, user_settings_folder: Path
) -> None:
    describe_board(BENCH)
    (user_settings_folder / "boards" / "torn.toml").write_text("link = 3", encoding="utf-8")
    dialog = opened(window, qtbot)
    qtbot.waitUntil(lambda: "torn.toml" in dialog.problem.text(), timeout=LONG)
    assert state(dialog) == "◌ not tried"


def test_that_a_board_that_answers_says_where_it_may_be_written(
    window: MainWindow, qtbot: QtBot, any_board: PlayedBoard
) -> None:
    describe_board(any_board.board)
    dialog = opened(window, qtbot)
    dialog.test.click()
    at_rest(window, qtbot)
    assert state(dialog) == "● answers", dialog.problem.text()
    assert str(any_board.userdata) in dialog.found.facts.values()


def test_that_what_is_found_on_a_board_stands_with_the_command_that_mends_it(
    window: MainWindow, qtbot: QtBot, local_board: PlayedBoard
) -> None:
    describe_board(local_board.board)
    dialog = opened(window, qtbot)
    dialog.examine.click()
    at_rest(window, qtbot)
    assert state(dialog).startswith("▲ findings: ")
    told = [item for item in dialog.found.shown if item.is_serious]
    assert told
    assert any(item.command for item in told)


def test_that_a_board_that_is_not_reached_says_why(window: MainWindow, qtbot: QtBot) -> None:
    describe_board(Board("gone", "ssh:root@127.0.0.1:9"))
    dialog = opened(window, qtbot)
    dialog.test.click()
    at_rest(window, qtbot)
    assert state(dialog) == "✖ not reached"
    assert "127.0.0.1" in dialog.problem.text()
    assert dialog.hint.text()


def waiting(board: Board, ask: Questions) -> Steps[object]:
    while True:
        yield Progress("connect", 0, 0)
        threading.Event().wait(0.01)


def test_that_a_test_that_takes_long_is_cancelled(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(controller, "_reach", waiting)
    describe_board(BENCH)
    dialog = opened(window, qtbot)
    dialog.test.click()
    assert not dialog.stop.isHidden()
    dialog.stop.click()
    at_rest(window, qtbot)
    assert state(dialog) == "◌ not tried"


def asked(window: MainWindow, qtbot: QtBot) -> tuple[BoardsDialog, QuestionDialog]:
    """The bench is tested, and its link asks something."""
    describe_board(BENCH)
    dialog = opened(window, qtbot)
    dialog.test.click()
    qtbot.waitUntil(lambda: window.findChild(QuestionDialog) is not None, timeout=LONG)
    question = window.findChild(QuestionDialog)
    assert isinstance(question, QuestionDialog)
    return dialog, question


def asking(board: Board, ask: Questions) -> Steps[object]:
    yield Progress("connect", 0, 0)
    assert board.name == "bench"
    if ask("Password of root@bench:") != "secret":
        raise WorkbenchError("bench wants a password.", "Type it.")
    return reached()


def reached() -> object:
    from workbench.sources.board.doctor import Reached

    return Reached("bench aarch64", 0.01, "/userdata", 1 << 30)


def test_that_a_password_is_asked_for_unseen_and_written_nowhere(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, user_settings_folder: Path
) -> None:
    monkeypatch.setattr(controller, "_reach", asking)
    dialog, question = asked(window, qtbot)
    assert question.edit.echoMode() == question.edit.EchoMode.Password
    assert not question.buttons.button(OK).isEnabled()
    question.edit.setText("secret")
    question.buttons.button(OK).click()
    at_rest(window, qtbot)
    assert state(dialog) == "● answers"
    assert window.boarding.boards.answers == {"Password of root@bench:": "secret"}
    assert not any(b"secret" in path.read_bytes() for path in user_settings_folder.rglob("*") if path.is_file())


def test_that_a_refused_password_is_no_answer(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(controller, "_reach", asking)
    dialog, question = asked(window, qtbot)
    question.reject()
    at_rest(window, qtbot)
    assert dialog.problem.text() == "bench wants a password."
    assert window.boarding.boards.answers == {}


def test_that_a_window_that_goes_refuses_what_is_asked(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(controller, "_reach", asking)
    asked(window, qtbot)
    window.leaving.close_at_once()
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("job")]


def test_that_a_key_is_trusted_by_a_click_and_not_by_enter(window: MainWindow, qtbot: QtBot) -> None:
    dialog = QuestionDialog(window, "The key of bench is not known: SHA256:abc. Is this your board (yes/no)?")
    assert dialog.edit.isHidden()
    assert dialog.buttons.button(QDialogButtonBox.StandardButton.Cancel).isDefault()
    dialog.buttons.button(OK).click()
    assert dialog.answer() == "yes"


def test_that_answers_in_another_process_refuse_what_they_were_not_told() -> None:
    answers = Answers({"Password of a@b:": "x"})
    assert (answers("Password of a@b:"), answers("Password of other@b:")) == ("x", "")
    assert "x" not in repr(answers).replace("known", "")


def test_that_a_board_is_proposed_as_adb_sees_it(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(controller, "_devices", lambda: (("0123ABC", "device"), ("4567", "unauthorized")))
    form = opened(window, qtbot)._ask(is_new=True)
    assert isinstance(form, BoardDialog)
    qtbot.waitUntil(lambda: form.address.count() == 2, timeout=LONG)
    assert form.address.currentText() == "0123ABC"
    assert "4567 (unauthorized)" in form.told.text()


@pytest.mark.parametrize(
    ("question", "title", "is_secret"),
    [
        ("Password of root@bench:", "Password of the board", True),
        ("Passphrase of the key /home/me/.ssh/id_rsa:", "Password of the board", True),
        ("The key of password-server is not known: x. Is this your board (yes/no)?", "Unknown board", False),
        ("The session wants to run this on bench: ./passphrase. Do you want that (yes/no)?", "A command for", False),
    ],
)
def test_that_each_question_is_shown_as_what_it_is(
    window: MainWindow, question: str, title: str, is_secret: bool
) -> None:
    dialog = QuestionDialog(window, question)
    assert dialog.windowTitle().startswith(title)
    assert dialog.edit.isVisibleTo(dialog) is is_secret
    assert "yes/no" not in dialog.text.text()


@pytest.mark.parametrize("folder", ["relative", "/a/../b"])
def test_that_a_folder_that_is_no_path_of_the_board_is_told_in_the_form(
    window: MainWindow, qtbot: QtBot, folder: str
) -> None:
    form = opened(window, qtbot)._ask(is_new=True)
    form.name.setText("bench")
    form.kind.setCurrentIndex(2)
    form.folder.setText(folder)
    assert folder in form.problem.text()
    assert not form.buttons.button(OK).isEnabled()

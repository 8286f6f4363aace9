"""Boards on the command line."""

import json
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.helpers.boards import PlayedBoard
from tests.unit.project.made_sessions import ONES, made_session
from workbench.cli.app import main
from workbench.sources.board.descriptions import describe_board, described_boards

Read = Callable[..., Any]


@pytest.fixture
def answer(capsys: pytest.CaptureFixture[str]) -> Read:
    """Run a command that has to end well (or with `status`), and give its JSON document."""

    def run(*words: str, status: int = 0) -> Any:
        assert main([*words, "--json", "--quiet"]) == status
        return json.loads(capsys.readouterr().out)

    return run


@pytest.fixture(autouse=True)
def no_adb(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """No server of the user's is asked, nor started; a test that wants one has its own."""
    if "adb_board" not in request.fixturenames:
        monkeypatch.setattr("workbench.cli.board._seen", dict)


def test_that_a_board_is_described_listed_and_forgotten(answer: Read) -> None:
    answer("board", "add", "desk", "ssh:root@10.0.0.2", "--chip", "rk3588", "--set", "A=b=c")
    (listed,) = answer("board", "list")["boards"]
    assert (listed["name"], listed["link"], listed["chip"]) == ("desk", "ssh:root@10.0.0.2", "rk3588")
    assert listed["environment"] == {"A": "b=c"}

    answer("board", "remove", "desk")
    assert described_boards() == ()


def test_that_a_described_board_is_a_line_of_the_list(capsys: pytest.CaptureFixture[str]) -> None:
    main(["board", "add", "desk", "adb:10.0.0.2:5555"])
    assert main(["board", "list"]) == 0
    assert capsys.readouterr().out.split()[:2] == ["desk", "adb:10.0.0.2:5555"]


def test_that_a_name_with_quotes_is_proposed_as_one_word(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["board", "add", "a 'b'; c", "local"]) == 0
    proposed = capsys.readouterr().err.strip().rpartition("rknn-workbench board test ")[2]
    assert shlex.split(proposed) == ["a 'b'; c"]


def test_that_what_adb_sees_is_listed_too(answer: Read, adb_board: PlayedBoard) -> None:
    answer("board", "test", adb_board.board.link)
    assert {"link": adb_board.board.link, "state": "device"} in answer("board", "list")["seen"]

    describe_board(adb_board.board)
    document = answer("board", "list")
    assert [board["link"] for board in document["boards"]] == [adb_board.board.link]
    assert adb_board.board.link not in [seen["link"] for seen in document["seen"]]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("add", "desk", "telnet:10.0.0.2"), "adb:SERIAL"),
        (("add", "desk", "local", "--set", "A"), "NAME=VALUE"),
        (("remove", "desk"), "board list"),
        (("test", "desk"), "adb:SERIAL"),
        (("doctor", "desk", "--toolkit", "none"), "adb:SERIAL"),
    ],
)
def test_that_what_cannot_be_used_is_refused_with_what_can(answer: Read, words: tuple[str, ...], said: str) -> None:
    error = answer("board", *words, status=2)["error"]
    assert said in error["hint"]


def test_that_a_board_that_answers_tells_where_it_can_be_written(answer: Read, local_board: PlayedBoard) -> None:
    describe_board(local_board.board)
    document = answer("board", "test", "local-board")
    assert document["folder"] == str(local_board.userdata)
    assert document["free"] > 0


def test_that_a_link_needs_no_description(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["board", "test", "local"]) == 0
    assert "local answers in" in capsys.readouterr().out


def test_that_the_doctor_tells_facts_and_findings(answer: Read, local_board: PlayedBoard) -> None:
    describe_board(local_board.board)
    document = answer("board", "doctor", "local-board", "--toolkit", "2.3.2")
    assert document["facts"]["toolkit"] == "2.3.2"
    assert document["findings"][0]["level"] == "warning"
    assert set(document["findings"][0]) == {"title", "command", "level", "is_here", "line"}


def test_that_findings_are_written_with_their_commands(
    capsys: pytest.CaptureFixture[str], local_board: PlayedBoard
) -> None:
    describe_board(local_board.board)
    assert main(["board", "doctor", "local-board", "--toolkit", "none"]) == 0
    out = capsys.readouterr().out
    assert "▲ No chip with an NPU that is known was found" in out
    assert "there: tr '\\0' '\\n' < /proc/device-tree/compatible" in out


def test_that_a_board_that_is_not_there_is_a_sentence(answer: Read) -> None:
    error = answer("board", "test", "ssh:nobody@127.0.0.1:1", status=2)["error"]
    assert error["message"]
    assert error["hint"]


def test_that_times_are_laid_upon_the_rows(answer: Read, tmp_path: Path) -> None:
    folder = made_session(tmp_path / "s", {"golden": [{"a": ONES}]}, {"a": "a"})
    log = tmp_path / "log.txt"
    log.write_text("4   Conv   INT8   CPU   (1,4)   (1,4)   0/0/0   1190   Conv:a\n", "utf-8")
    document = answer("board", "times", str(folder), str(log))
    assert (document["layers"][0]["time_us"], document["layers"][0]["on"]) == (1190, "CPU")
    assert document["board_us"]["layers"] == 1190


def test_that_a_log_without_times_is_refused(answer: Read, tmp_path: Path) -> None:
    folder = made_session(tmp_path / "s", {"golden": [{"a": ONES}]}, {"a": "a"})
    log = tmp_path / "log.txt"
    log.write_text("nothing\n", "utf-8")
    assert "eval_perf" in answer("board", "times", str(folder), str(log), status=2)["error"]["hint"]


def test_that_times_are_in_the_printed_table(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    folder = made_session(tmp_path / "s", {"golden": [{"a": ONES}]}, {"a": "a"})
    log = tmp_path / "log.txt"
    log.write_text("4   Conv   INT8   CPU   (1,4)   (1,4)   0/0/0   1190   Conv:a\n", "utf-8")
    assert main(["board", "times", str(folder), str(log), "--quiet"]) == 0
    out = capsys.readouterr().out
    assert "1190 µs CPU" in out
    assert "board   converting inputs 0.00 ms, converting outputs 0.00 ms, all layers 1.19 ms" in out

"""Boards that stop answering while nothing breaks: no end of the connection comes, and the user is told."""

import os
import signal
import socket
import struct
import threading
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from tests.helpers.boards import PlayedBoard, all_below, running
from tests.helpers.sshd import Sshd
from tests.helpers.waiting import until
from workbench.foundation.steps import Progress, drain
from workbench.sources.board import adb_server, ssh, talking, wire
from workbench.sources.board.descriptions import Board
from workbench.sources.board.links import Link, LinkError, connect

BIG = 3_000_000
SHORT = 3.0  # a busy machine needs some time to connect, too
SECONDS = "4321.25"
MOST = 40.0  # seconds until the sentence, with such limits


@pytest.fixture(autouse=True)
def short_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    for module, name in (
        (talking, "SILENCE"), (talking, "ANSWERING"), (talking, "PATIENCE"), (talking, "KILLING"), (wire, "SILENCE"),
        (ssh, "PATIENCE"),
    ):  # fmt: skip
        monkeypatch.setattr(module, name, SHORT)
    monkeypatch.setattr("workbench.sources.board.adb.PATIENCE", SHORT)


@contextmanager
def frozen(board: PlayedBoard) -> Iterator[None]:
    """All that answers for the board stands still; what is sent to it is taken by the system, as on a hung board."""
    assert board.cable is not None
    stopped = board.daemon.sessions() if isinstance(board.daemon, Sshd) else []
    for number in stopped:
        with suppress(ProcessLookupError):  # the one that asked for the key ends when it has been given
            os.kill(number, signal.SIGSTOP)
    board.cable.is_still = not stopped
    try:
        yield
    finally:
        board.cable.is_still = False
        for number in stopped:
            with suppress(ProcessLookupError):  # it may have ended with its connection
                os.kill(number, signal.SIGCONT)


def sentence(steps: Generator[Any, None, Any]) -> LinkError:
    """What a board is told of that stands still; it comes in time."""
    begun = time.monotonic()
    with pytest.raises(LinkError) as caught:
        drain(steps)
    assert time.monotonic() - begun < MOST
    assert caught.value.hint
    return caught.value


def test_that_a_run_on_a_board_that_stops_answering_ends(cabled_board: PlayedBoard) -> None:
    with connect(cabled_board.board) as link:
        steps = link.run(["sleep", SECONDS])
        next(steps)
        until(lambda: running(SECONDS), "it runs")
        with frozen(cabled_board):
            error = sentence(steps)
            assert error.message == f"{cabled_board.board.name} stopped answering while sleep ran there."
    until(lambda: not running(SECONDS), "the board has ended it")


def test_that_a_program_that_says_nothing_for_long_is_let_alone(any_board: PlayedBoard) -> None:
    with connect(any_board.board) as link:
        assert drain(link.run(["sh", "-c", "sleep 8; echo done"])).lines == ("done",)


def test_that_a_push_to_a_board_that_stops_answering_ends(cabled_board: PlayedBoard, tmp_path: Path) -> None:
    (tmp_path / "model").write_bytes(bytes(BIG))
    assert cabled_board.cable is not None
    cabled_board.cable.rate = 1_000_000
    with connect(cabled_board.board) as link:
        steps = link.push(tmp_path / "model", f"{cabled_board.userdata}/model")
        next(event for event in steps if isinstance(event, Progress) and event.done)
        with frozen(cabled_board):
            sentence(steps)
        cabled_board.cable.rate = 0
    until(lambda: all_below(cabled_board.userdata) == [], "the part is gone")


def test_that_a_pull_from_a_board_that_stops_answering_ends(cabled_board: PlayedBoard, tmp_path: Path) -> None:
    for number in range(3):
        (cabled_board.userdata / f"{number}.npy").write_bytes(bytes(BIG))
    assert cabled_board.cable is not None
    cabled_board.cable.rate = 1_000_000
    with connect(cabled_board.board) as link:
        steps = link.pull(str(cabled_board.userdata), tmp_path / "out")
        next(event for event in steps if isinstance(event, Progress) and event.done)
        with frozen(cabled_board):
            sentence(steps)
    assert not (tmp_path / "out").exists()
    assert not list(tmp_path.glob(".*"))


QUESTIONS: dict[str, Callable[[Link, str], object]] = {
    "listing": lambda link, place: link.listing(place),
    "space": lambda link, place: link.space(place),
    "make_folder": lambda link, place: link.make_folder(f"{place}/new"),
    "has": lambda link, place: link.has(place),
}


@pytest.mark.parametrize("question", QUESTIONS)
def test_that_a_question_to_a_board_that_does_not_answer_ends(cabled_board: PlayedBoard, question: str) -> None:
    with connect(cabled_board.board) as link, frozen(cabled_board):
        begun = time.monotonic()
        with pytest.raises(LinkError):
            QUESTIONS[question](link, str(cabled_board.userdata))
        assert time.monotonic() - begun < MOST


@pytest.mark.parametrize("kind", ["adb", "ssh"])
def test_that_a_port_that_takes_the_call_and_says_nothing_is_a_sentence(
    adb_board: PlayedBoard, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(adb_server, "PATIENCE", SHORT)
    monkeypatch.setattr(adb_server, "WAKING", SHORT)
    with socket.create_server(("127.0.0.1", 0)) as door:
        threading.Thread(target=_take, args=(door,), daemon=True).start()
        begun = time.monotonic()
        with pytest.raises(LinkError) as caught:
            connect(Board("dumb", f"{kind}:127.0.0.1:{door.getsockname()[1]}"))
        assert time.monotonic() - begun < MOST
    assert caught.value.hint


def _take(door: socket.socket) -> None:
    held = []
    try:
        while True:
            held.append(door.accept()[0])
    except OSError:
        for channel in held:
            channel.close()


def test_that_a_port_that_cuts_the_call_off_is_not_told_as_a_program_of_the_board() -> None:
    """rknn_facts §6.1 has "Connection reset by peer" for rknn_server; of a link it says nothing about that."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        threading.Thread(target=_cut_off, args=(door,), daemon=True).start()
        with pytest.raises(LinkError) as caught:
            connect(Board("cut", f"ssh:root@127.0.0.1:{door.getsockname()[1]}"))
    assert "ssh" in caught.value.hint
    assert "rknn_server" not in caught.value.hint


def _cut_off(door: socket.socket) -> None:
    with suppress(OSError):
        while True:
            with door.accept()[0] as channel:
                channel.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

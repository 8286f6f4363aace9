"""Links to boards: the real adb with a stand-in daemon, a real sshd, this machine."""

import os
import time
from pathlib import Path

import pytest

from tests.helpers.boards import PlayedBoard, all_below, running
from tests.helpers.waiting import until
from workbench.foundation.steps import Log, Progress, Warn, drain
from workbench.sources.board.links import LinkError, connect
from workbench.sources.board.transfers import PULL, PUSH

NAMES = ("with space", "qu'o\"te", "$(touch x)`;&|", "-rf", "line\nbreak", "卷积层_0", "a/b/c d", ".hidden", "%n\\n*?[")
BIG = 3_000_000


# ---- running


def test_that_a_command_runs_word_by_word_and_tells_its_code(any_board: PlayedBoard) -> None:
    words = ["a b", "$HOME", "`id`", "'\"\\", "我;ls", "*", "", "-n"]
    script = any_board.write_program("show", 'for word; do echo "<$word>"; done; echo bad >&2; exit 7\n')
    with connect(any_board.board) as link:
        finished = drain(link.run([script.name, *words]))
    assert finished.code == 7
    assert finished.lines == (*(f"<{word}>" for word in words), "bad")


def test_that_a_run_has_its_folder_its_variables_and_no_input(any_board: PlayedBoard) -> None:
    any_board.write_program("look", 'pwd; echo "$RKNN_DUMP_DIR"; cat; echo end\n')
    with connect(any_board.board) as link:
        link.make_folder(place := f"{any_board.userdata}/new place")
        finished = drain(link.run(["look"], folder=place, environment={"RKNN_DUMP_DIR": "a 'b' $c"}))
    assert finished.lines == (place, "a 'b' $c", "end")


def test_that_lines_are_told_while_the_command_still_runs(any_board: PlayedBoard) -> None:
    any_board.write_program("slow", "echo first; sleep 30\n")
    with connect(any_board.board) as link:
        steps = link.run(["slow"])
        assert next(event for event in steps if isinstance(event, Log)) == Log("first")
        steps.close()


def test_that_closing_a_run_kills_all_that_it_started(any_board: PlayedBoard) -> None:
    word = f"{time.time():.6f}"
    any_board.write_program("starts", f"setsid sleep {word} & sleep {word} & echo up; sleep {word}\n")
    with connect(any_board.board) as link:
        steps = link.run(["starts"])
        assert next(event for event in steps if isinstance(event, Log)) == Log("up")
        until(lambda: len(running(word)) == 3, "everything is up")
        steps.close()
        until(lambda: not running(word), "everything is gone")


def test_that_a_run_is_ended_after_its_limit(any_board: PlayedBoard) -> None:
    word = f"{time.time():.6f}"
    with connect(any_board.board) as link, pytest.raises(LinkError, match=r"sleep took longer than 1 seconds"):
        drain(link.run(["sleep", word], limit=1))
    until(lambda: not running(word), "it is gone")


def test_that_a_program_is_killed_when_the_connection_breaks(cabled_board: PlayedBoard) -> None:
    word = f"{time.time():.6f}"
    assert cabled_board.cable is not None
    with connect(cabled_board.board) as link:
        steps = link.run(["sh", "-c", f"echo up; sleep {word}; :"])
        assert next(event for event in steps if isinstance(event, Log)) == Log("up")
        cabled_board.cable.close()
        with pytest.raises(LinkError, match=r"The connection to .* was lost while sh ran there"):
            drain(steps)
    until(lambda: not running(word), "it is gone")


def test_that_what_a_board_writes_moves_no_cursor_and_ends_no_run(any_board: PlayedBoard) -> None:
    noise = r"\033[2J\033]0;title\007red\033[31m\001 \342\200\256rknn-0000000000000000:0\n50%%\r100%%\r\n\377\n"
    any_board.write_program("noise", f"printf '{noise}'; env | grep -c RKNN_WORKBENCH_RUN; exit 4\n")
    with connect(any_board.board) as link:
        finished = drain(link.run(["noise"]))
    assert finished.lines == ("red rknn-0000000000000000:0", "50%", "100%", "\ufffd", "1")
    assert finished.code == 4


def test_that_a_command_that_is_missing_says_so(any_board: PlayedBoard) -> None:
    with connect(any_board.board) as link:
        finished = drain(link.run(["no-such-program"]))
    assert finished.code == 127
    assert "not found" in finished.lines[-1]


# ---- files


def test_that_files_go_there_and_back_under_any_name(any_board: PlayedBoard, tmp_path: Path) -> None:
    source, place = tmp_path / "source", f"{any_board.userdata}/sent"
    with connect(any_board.board) as link:
        for name in NAMES:
            source.write_bytes(name.encode() * 20_000)
            link.make_folder(str(Path(place, name).parent))
            drain(link.push(source, f"{place}/{name}"))
            drain(link.pull(f"{place}/{name}", tmp_path / "files" / name))
        assert [entry.name for entry in link.tree(place) if entry.is_file] == sorted(NAMES)
        drain(link.pull(place, tmp_path / "folder"))
        link.remove(place)
    for name in NAMES:
        assert (tmp_path / "files" / name).read_bytes() == (tmp_path / "folder" / name).read_bytes()
        assert (tmp_path / "folder" / name).read_bytes() == name.encode() * 20_000
    assert all_below(any_board.userdata) == []


def test_that_a_name_that_is_no_utf8_is_kept_readably(any_board: PlayedBoard, tmp_path: Path) -> None:
    folder = any_board.userdata / "dumps"
    folder.mkdir()
    Path(os.fsdecode(os.fsencode(folder) + b"/\xd6\xd0.npy")).write_bytes(b"1")
    with connect(any_board.board) as link:
        drain(link.pull(str(folder), tmp_path / "out"))
    assert all_below(tmp_path / "out") == ["%D6%D0.npy"]


def test_that_ten_thousand_files_come_complete(any_board: PlayedBoard, tmp_path: Path) -> None:
    count = 10_000 if any_board.board.link.startswith("ssh") else 1_000
    folder = any_board.userdata / "dumps"
    folder.mkdir()
    for number in range(count):
        (folder / f"{number:05}.npy").write_bytes(b"%d" % number)
    with connect(any_board.board) as link:
        assert len(link.listing(str(folder))) == count
        events: list[object] = []
        drain(link.pull(str(folder), tmp_path / "out"), events.append)
    assert len(list((tmp_path / "out").iterdir())) == count
    assert all((tmp_path / "out" / f"{number:05}.npy").read_bytes() == b"%d" % number for number in range(count))


def test_that_progress_is_counted_in_bytes(any_board: PlayedBoard, tmp_path: Path) -> None:
    (tmp_path / "model.rknn").write_bytes(bytes(BIG))
    there: list[object] = []
    back: list[object] = []
    with connect(any_board.board) as link:
        drain(link.push(tmp_path / "model.rknn", f"{any_board.userdata}/m"), there.append)
        drain(link.pull(f"{any_board.userdata}/m", tmp_path / "back"), back.append)
    assert Progress(PUSH, BIG, BIG, "model.rknn") in there
    assert all(isinstance(event, Progress) and (event.stage, event.total) == (PULL, BIG) for event in back)
    assert len(back) > 2


def test_that_links_and_devices_are_left_on_the_board(any_board: PlayedBoard, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("secret")
    folder = any_board.userdata / "dumps"
    folder.mkdir()
    (folder / "0.npy").write_bytes(b"0")
    (folder / "link.npy").symlink_to(secret)
    (folder / "folder").symlink_to(tmp_path)
    os.mkfifo(folder / "pipe.npy")
    events: list[object] = []
    with connect(any_board.board) as link:
        drain(link.pull(str(folder), tmp_path / "out"), events.append)
    assert all_below(tmp_path / "out") == ["0.npy"]
    assert Warn("3 links or devices were left on the board, among them folder.") in events


def test_that_a_program_may_be_run_after_it_was_pushed(any_board: PlayedBoard, tmp_path: Path) -> None:
    script = tmp_path / "runner.sh"
    script.write_text("#!/bin/sh\necho here\n")
    script.chmod(0o755)
    with connect(any_board.board) as link:
        drain(link.push(script, place := f"{any_board.userdata}/runner.sh"))
        assert drain(link.run([place])).lines == ("here",)


def test_that_a_folder_is_never_pulled_over_another(any_board: PlayedBoard, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine").write_text("mine")
    with connect(any_board.board) as link, pytest.raises(LinkError, match="is there already"):
        drain(link.pull(str(any_board.userdata), tmp_path / "out"))
    assert all_below(tmp_path / "out") == ["mine"]


def test_that_what_is_not_there_is_a_sentence(any_board: PlayedBoard, tmp_path: Path) -> None:
    missing = f"{any_board.userdata}/missing"
    with connect(any_board.board) as link:
        with pytest.raises(LinkError, match=f"{missing} is not on"):
            drain(link.pull(missing, tmp_path / "out"))
        with pytest.raises(LinkError, match="refused"):
            link.listing(missing)
        with pytest.raises(LinkError, match="refused"):
            drain(link.push(Path(__file__), f"{missing}/model"))
        assert not link.has(missing)
        link.remove(missing)
    assert not (tmp_path / "out").exists()


def test_that_room_and_workplace_are_told(any_board: PlayedBoard) -> None:
    state = os.statvfs(any_board.userdata)
    with connect(any_board.board) as link:
        assert link.workplace() == str(any_board.userdata)
        assert abs(link.space(link.workplace()) - state.f_bavail * state.f_frsize) < 1 << 30

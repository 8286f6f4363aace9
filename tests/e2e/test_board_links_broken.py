"""Links that are cancelled, break, fill up or lead to a hostile board."""

import os
import resource
import signal
import socket
import subprocess
import time
from pathlib import Path

import pytest

from tests.helpers.adbd import Adbd
from tests.helpers.boards import PlayedBoard, all_below
from tests.helpers.sshd import Sshd
from tests.helpers.waiting import SOON, until
from workbench.foundation.errors import WorkbenchError
from workbench.foundation.steps import Progress, drain
from workbench.sources.board.adb import adb_boards
from workbench.sources.board.descriptions import Board
from workbench.sources.board.links import LinkError, connect

BIG = 3_000_000


# ---- what goes wrong in the middle


def test_that_a_cancelled_transfer_leaves_nothing(any_board: PlayedBoard, tmp_path: Path) -> None:
    (tmp_path / "model").write_bytes(bytes(BIG))
    (any_board.userdata / "dump").write_bytes(bytes(BIG))
    with connect(any_board.board) as link:
        if any_board.cable is not None:
            any_board.cable.rate = 400_000
        pushing = link.push(tmp_path / "model", f"{any_board.userdata}/model")
        next(event for event in pushing if isinstance(event, Progress) and event.done)
        pushing.close()
        if any_board.cable is not None:
            any_board.cable.rate = 100_000  # all of it would take half a minute
        pulling = link.pull(f"{any_board.userdata}/dump", tmp_path / "out")
        next(event for event in pulling if isinstance(event, Progress) and event.done)
        begun = time.monotonic()
        pulling.close()
        assert time.monotonic() - begun < SOON / 2
    assert all_below(any_board.folder) == ["bin", "userdata", "userdata/dump"]
    assert not (tmp_path / "out").exists()
    assert not list(tmp_path.glob(".*"))


def test_that_a_pull_cut_in_the_middle_leaves_nothing(cabled_board: PlayedBoard, tmp_path: Path) -> None:
    for number in range(5):
        (cabled_board.userdata / f"{number}.npy").write_bytes(bytes(BIG))
    assert cabled_board.cable is not None
    with connect(cabled_board.board) as link:
        cabled_board.cable.cut_after = 7_000_000
        with pytest.raises(LinkError, match="was lost"):
            drain(link.pull(str(cabled_board.userdata), tmp_path / "out"))
    assert not (tmp_path / "out").exists()
    assert not list(tmp_path.glob(".*"))


def test_that_a_push_cut_in_the_middle_leaves_a_clean_board(cabled_board: PlayedBoard, tmp_path: Path) -> None:
    (tmp_path / "model").write_bytes(bytes(BIG))
    (cabled_board.userdata / "model").write_bytes(b"the old one")
    assert cabled_board.cable is not None
    with connect(cabled_board.board) as link:
        cabled_board.cable.cut_after = 1_000_000
        with pytest.raises(LinkError, match=r"lost|cannot reach"):
            drain(link.push(tmp_path / "model", f"{cabled_board.userdata}/model"))
    until(lambda: all_below(cabled_board.userdata) == ["model"], "the part is gone")
    assert (cabled_board.userdata / "model").read_bytes() == b"the old one"


def test_that_a_board_can_be_used_again_after_the_cable_was_pulled(cabled_board: PlayedBoard, tmp_path: Path) -> None:
    assert cabled_board.cable is not None
    with connect(cabled_board.board) as link:
        steps = link.run(["sleep", "30"])
        next(steps)
        cabled_board.cable.pull()
        with pytest.raises(LinkError):
            drain(steps)
    with connect(cabled_board.board) as link:
        assert drain(link.run(["echo", "again"])).lines == ("again",)


def test_that_a_full_disk_is_told_and_left_clean(cabled_board: PlayedBoard, tmp_path: Path) -> None:
    (tmp_path / "model").write_bytes(bytes(BIG))
    if isinstance(cabled_board.daemon, Adbd):
        cabled_board.daemon.room = 1_000_000
    else:
        text = "head -c 1000000; cat >/dev/null; echo 'cat: write error: No space left on device' >&2; exit 1\n"
        cabled_board.write_program("cat", text.replace("cat >", "/bin/cat >"))
    with connect(cabled_board.board) as link, pytest.raises(LinkError, match="No space left on device") as caught:
        drain(link.push(tmp_path / "model", f"{cabled_board.userdata}/model"))
    assert "Free some room on the board" in caught.value.hint
    assert all_below(cabled_board.userdata) == []


def test_that_a_full_disk_of_this_machine_leaves_nothing(
    local_board: PlayedBoard, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Full in the middle, as when something else fills it meanwhile."""
    (local_board.userdata / "dump").write_bytes(bytes(BIG))
    monkeypatch.setattr("workbench.sources.board.transfers._check_room", lambda local, size: None)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, limits[1]))
    try:
        with connect(local_board.board) as link, pytest.raises(WorkbenchError, match=r"Cannot write .*/out"):
            drain(link.pull(str(local_board.userdata), tmp_path / "out"))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, before)
    assert not (tmp_path / "out").exists()
    assert not list(tmp_path.glob(".*"))


def test_that_a_slow_link_gets_there_and_can_be_followed(adb_board: PlayedBoard, tmp_path: Path) -> None:
    (adb_board.userdata / "dump").write_bytes(content := os.urandom(300_000))
    assert adb_board.cable is not None
    with connect(adb_board.board) as link:
        adb_board.cable.rate = 300_000
        events = list(link.pull(str(adb_board.userdata / "dump"), tmp_path / "out"))
    assert (tmp_path / "out").read_bytes() == content
    assert len({event.done for event in events if isinstance(event, Progress)}) > 3


def test_that_a_file_still_being_written_is_not_taken(adb_board: PlayedBoard, tmp_path: Path) -> None:
    """The size is asked first; the file is longer when it comes."""
    adb_board.write_program("wc", "echo 10\n")
    (adb_board.userdata / "dump").write_bytes(bytes(1000))
    with connect(adb_board.board) as link, pytest.raises(LinkError, match="is longer than"):
        drain(link.pull(str(adb_board.userdata / "dump"), tmp_path / "out"))
    assert not (tmp_path / "out").exists()


# ---- hostile boards


@pytest.mark.parametrize("name", ["../escaped", "/etc/escaped", "a/../../escaped", "./../escaped", "a//b"])
def test_that_a_name_that_leads_out_of_its_folder_is_refused(
    cabled_board: PlayedBoard, name: str, tmp_path: Path
) -> None:
    cabled_board.write_program(
        "find",
        f"""for word; do case "$word" in rknn-*) m=${{word%% *}};; esac; done
printf '%s 81a4 3 ./ok\\n%s 81a4 3 %s\\n' "$m" "$m" '{name}'\n""",
    )
    with connect(cabled_board.board) as link, pytest.raises(LinkError, match="would lie outside its folder"):
        drain(link.pull(str(cabled_board.userdata), tmp_path / "out"))
    assert not (tmp_path / "out").exists()
    assert not list(tmp_path.rglob("escaped"))


def test_that_an_archive_cannot_write_beside_what_was_listed(ssh_board: PlayedBoard, tmp_path: Path) -> None:
    (ssh_board.userdata / "dump.npy").write_bytes(b"123")
    (tmp_path / "evil").write_bytes(b"evil")
    ssh_board.write_program(
        "tar",
        f"""cd {tmp_path}; ln -s /etc link; cp {ssh_board.userdata}/dump.npy .
/bin/tar -cf - -P --transform='s,^evil,../../escaped,' evil link ./dump.npy\n""",
    )
    with connect(ssh_board.board) as link:
        drain(link.pull(str(ssh_board.userdata), tmp_path / "out"))
    assert all_below(tmp_path / "out") == ["dump.npy"]
    assert not list(tmp_path.rglob("escaped"))


def test_that_a_board_that_claims_more_than_fits_is_refused_before_it_sends(
    adb_board: PlayedBoard, tmp_path: Path
) -> None:
    adb_board.write_program("wc", "echo 99999999999999999\n")
    (adb_board.userdata / "dump").write_bytes(b"1")
    with connect(adb_board.board) as link, pytest.raises(LinkError, match="are free"):
        drain(link.pull(str(adb_board.userdata / "dump"), tmp_path / "out"))


@pytest.mark.parametrize("path", ["relative", "/userdata/../etc", "/a\0b", "", "~"])
def test_that_only_paths_from_the_root_are_used(local_board: PlayedBoard, path: str) -> None:
    with connect(local_board.board) as link:
        for call in (link.listing, link.make_folder, link.remove, link.space, link.has):
            with pytest.raises(LinkError, match="is no path that may be used"):
                call(path)


@pytest.mark.parametrize("path", ["/", "//", "/etc", "/userdata/", "/./usr"])
def test_that_folders_of_the_system_are_never_removed(local_board: PlayedBoard, path: str) -> None:
    with connect(local_board.board) as link, pytest.raises(LinkError, match="may belong to the board's system"):
        link.remove(path)


# ---- reaching it


def test_that_adb_names_what_it_knows(adb_board: PlayedBoard) -> None:
    address = adb_board.board.link.removeprefix("adb:")
    with connect(adb_board.board):
        assert (address, "device") in adb_boards()
    with pytest.raises(LinkError, match="adb knows no board 0123ABCD") as caught:
        connect(Board("other", "adb:0123ABCD"))
    assert address in caught.value.hint


def test_that_a_board_that_does_not_answer_is_a_sentence(adb_board: PlayedBoard, ssh_board: PlayedBoard) -> None:
    with socket.create_server(("127.0.0.1", 0)) as door:
        port = door.getsockname()[1]
    for link in (f"adb:127.0.0.1:{port}", f"ssh:root@127.0.0.1:{port}"):
        with pytest.raises(LinkError, match=r"(?i)connection refused"):
            connect(Board("gone", link))


def test_that_a_daemon_that_falls_over_is_a_sentence(adb_board: PlayedBoard, tmp_path: Path) -> None:
    assert isinstance(adb_board.daemon, Adbd)
    (adb_board.userdata / "dump").write_bytes(b"1")
    with connect(adb_board.board) as link:
        adb_board.daemon.dies_in = "sync"
        with pytest.raises(LinkError):
            drain(link.pull(str(adb_board.userdata / "dump"), tmp_path / "out"))
    assert not (tmp_path / "out").exists()


def test_that_a_real_sshd_can_be_cut(ssh_board: PlayedBoard) -> None:
    assert isinstance(ssh_board.daemon, Sshd)
    with connect(ssh_board.board) as link:
        steps = link.run(["sleep", "30"])
        next(steps)
        ssh_board.daemon.cut()
        with pytest.raises(LinkError, match="was lost"):
            drain(steps)


def test_that_a_file_that_comes_shorter_than_said_is_not_taken(cabled_board: PlayedBoard, tmp_path: Path) -> None:
    cabled_board.write_program("wc", "echo 10\n")
    (cabled_board.userdata / "dump").write_bytes(b"123")
    with connect(cabled_board.board) as link, pytest.raises(LinkError, match="dump came with 3 of its 10 bytes"):
        drain(link.pull(str(cabled_board.userdata / "dump"), tmp_path / "out"))
    assert not (tmp_path / "out").exists()
    assert not list(tmp_path.glob(".*"))


def test_that_a_file_that_vanished_is_told(ssh_board: PlayedBoard, tmp_path: Path) -> None:
    for number in range(3):
        (ssh_board.userdata / f"{number}.npy").write_bytes(b"1")
    ssh_board.write_program("tar", f'rm {ssh_board.userdata}/1.npy; exec /bin/tar "$@"\n')
    with connect(ssh_board.board) as link, pytest.raises(LinkError, match=r"1\.npy did not come"):
        drain(link.pull(str(ssh_board.userdata), tmp_path / "out"))
    assert not (tmp_path / "out").exists()


def test_that_a_board_that_stands_still_can_be_cancelled_at_once(cabled_board: PlayedBoard, tmp_path: Path) -> None:
    (tmp_path / "model").write_bytes(bytes(BIG))
    assert cabled_board.cable is not None
    with connect(cabled_board.board) as link:
        steps = link.push(tmp_path / "model", f"{cabled_board.userdata}/model")
        next(steps)
        cabled_board.cable.is_still = True
        begun = time.monotonic()
        for _ in range(20):
            next(steps)
        assert time.monotonic() - begun < SOON
        cabled_board.cable.is_still = False
        steps.close()
    assert all_below(cabled_board.userdata) == []


def test_that_adbs_server_is_started_where_none_runs_and_writes_on_no_terminal(
    adb_port: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as door:
        port = door.getsockname()[1]
    assert port != adb_port
    for name, text in (("HOME", str(tmp_path)), ("TMPDIR", str(tmp_path)), ("ANDROID_ADB_SERVER_PORT", str(port))):
        monkeypatch.setenv(name, text)
    try:
        assert adb_boards() == ()
        assert capfd.readouterr() == ("", "")
    finally:
        subprocess.run(["adb", "kill-server"], check=True, capture_output=True)


def test_that_a_machine_without_adb_is_told_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    from adbutils import AdbError

    def missing() -> str:
        raise AdbError("No adb exe could be found. Install adb on your system")

    with socket.create_server(("127.0.0.1", 0)) as door:
        monkeypatch.setenv("ANDROID_ADB_SERVER_PORT", str(door.getsockname()[1]))
    monkeypatch.setattr("adbutils.adb_path", missing)
    with pytest.raises(LinkError, match="There is no adb on this machine") as caught:
        adb_boards()
    assert "apt install adb" in caught.value.hint

"""ssh as the user has set it up: keys, agent, password, known hosts, aliases and jumps, with a real sshd."""

import logging
import os
import shutil
import subprocess
import time
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.fuzz import seeds
from tests.helpers.boards import PlayedBoard, running
from tests.helpers.password_host import PasswordHost
from tests.helpers.sshd import Sshd, make_key
from tests.helpers.waiting import until
from workbench.foundation.crashes import report_defect
from workbench.foundation.settings import SETTINGS_VARIABLE
from workbench.foundation.steps import Log, drain
from workbench.preprocess.dataset import Sample
from workbench.project.pipeline import analyze
from workbench.project.session import BoardChoice, Session, save_session
from workbench.project.toolkit.bundling import bundle
from workbench.sources.board.descriptions import Board, describe_board
from workbench.sources.board.links import LinkError, connect
from workbench.sources.board.ssh_config import host_of

SECRET = "open-sesame"


@pytest.fixture
def ssh_folder(ssh_board: PlayedBoard) -> Path:
    return Path(os.environ["HOME"]) / ".ssh"


@pytest.fixture(params=("password", "keyboard-interactive"))
def password_host(request: pytest.FixtureRequest, ssh_folder: Path, tmp_path: Path) -> Iterator[PasswordHost]:
    make_key(tmp_path / "door_key")
    host = PasswordHost(tmp_path / "door_key", SECRET, request.param)
    with (ssh_folder / "known_hosts").open("a") as known:
        known.write(host.host_line)
    yield host
    host.close()


def echo(link: str, ask: object = None) -> tuple[str, ...]:
    """What a board answers that can be reached."""
    with connect(Board("b", link), ask) as board:  # type: ignore[arg-type]
        return drain(board.run(["echo", "here"])).lines


def daemon(played: PlayedBoard) -> Sshd:
    assert isinstance(played.daemon, Sshd)
    return played.daemon


# ---- keys and passwords


def test_that_a_key_file_lets_in(ssh_board: PlayedBoard) -> None:
    assert echo("ssh:board") == ("here",)


def test_that_a_key_of_the_agent_lets_in(
    ssh_board: PlayedBoard, ssh_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = ssh_folder / "config"
    config.write_text(config.read_text().replace(str(daemon(ssh_board).key), "/nowhere"))
    monkeypatch.setenv("SSH_AUTH_SOCK", str(tmp_path / "agent"))
    with subprocess.Popen(["ssh-agent", "-D", "-a", str(tmp_path / "agent")], stdout=subprocess.DEVNULL) as agent:
        try:
            with pytest.raises(LinkError, match="does not let"):
                echo("ssh:board")
            subprocess.run(["ssh-add", "-q", str(daemon(ssh_board).key)], check=True)
            assert echo("ssh:board") == ("here",)
        finally:
            agent.terminate()


def test_that_a_locked_key_asks_for_its_passphrase(ssh_board: PlayedBoard) -> None:
    key = daemon(ssh_board).key
    subprocess.run(["ssh-keygen", "-q", "-p", "-N", SECRET, "-f", str(key)], check=True, stdout=subprocess.DEVNULL)
    questions: list[str] = []

    def ask(question: str) -> str:
        questions.append(question)
        return SECRET if len(questions) > 1 else "wrong"

    assert echo("ssh:board", ask) == ("here",)
    assert questions == [f"Passphrase of the key {key}:"] * 2
    with pytest.raises(LinkError, match="does not let"):
        echo("ssh:board")


def test_that_a_password_is_asked_for_until_it_fits(password_host: PasswordHost) -> None:
    answers = iter(["wrong", SECRET])
    questions: list[str] = []

    def ask(question: str) -> str:
        questions.append(question)
        return next(answers)

    with connect(Board("b", f"ssh:me@127.0.0.1:{password_host.port}"), ask):
        assert password_host.asked == ["wrong", SECRET]
    assert questions == ["Password of me@127.0.0.1:"] * 2


def test_that_no_password_is_ever_stored(password_host: PasswordHost, tmp_path: Path) -> None:
    board = Board("b", f"ssh:me@127.0.0.1:{password_host.port}")
    describe_board(board)
    connect(board, lambda question: SECRET).close()
    kept = [path for path in tmp_path.rglob("*") if path.is_file() and SECRET.encode() in path.read_bytes()]
    assert kept == []


def test_that_neither_session_nor_bundle_nor_crash_report_holds_a_password(
    password_host: PasswordHost, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(SETTINGS_VARIABLE, str(tmp_path / "settings"))
    link = f"ssh:me@127.0.0.1:{password_host.port}"
    seeds.network_with_input(tmp_path)
    samples = (Sample((tmp_path / "in.npy",)),)
    session = Session(tmp_path / "net.onnx", samples=samples, dataset=samples)
    drain(analyze(session, tmp_path / "session"))
    save_session(replace(session, board=BoardChoice(link)), tmp_path / "session")

    with pytest.raises(ZeroDivisionError) as caught, connect(Board("b", link), lambda question: SECRET):
        1 / 0  # noqa: B018 - a defect while the board is there
    report = report_defect(caught.value, f"rknn-workbench analyze --board ssh:me:{SECRET}@127.0.0.1", [link])
    drain(bundle(tmp_path / "session", tmp_path / "bundle.zip"))

    assert password_host.asked == [SECRET]
    assert report is not None
    with zipfile.ZipFile(tmp_path / "bundle.zip") as archive:
        archive.extractall(tmp_path / "unpacked")
    kept = [path for path in tmp_path.rglob("*") if path.is_file() and SECRET.encode() in path.read_bytes()]
    assert kept == []


def test_that_without_somebody_to_ask_a_password_is_a_sentence(password_host: PasswordHost) -> None:
    with pytest.raises(LinkError, match="does not let me in") as caught:
        connect(Board("b", f"ssh:me@127.0.0.1:{password_host.port}"))
    assert "ssh-copy-id" in caught.value.hint


@pytest.mark.parametrize(("answers", "tried"), [("abcd", ["a", "b", "c"]), ("aaaa", ["a"])])
def test_that_a_wrong_password_is_given_up(password_host: PasswordHost, answers: str, tried: list[str]) -> None:
    left = iter(answers)
    with pytest.raises(LinkError, match="does not let me in"):
        connect(Board("b", f"ssh:me@127.0.0.1:{password_host.port}"), lambda question: next(left))
    assert password_host.asked == tried


# ---- boards with little on them


def test_that_busybox_is_enough(ssh_board: PlayedBoard, tmp_path: Path) -> None:
    """No file service, no bash, no GNU tools: its own sh, find, stat, tar, cat, wc, df, grep."""
    busybox = shutil.which("busybox")
    if busybox is None:
        pytest.skip("needs busybox (Debian: apt install busybox)")
    subprocess.run([busybox, "--install", "-s", str(ssh_board.programs)], check=True)
    word, dumps = f"{time.time():.6f}", ssh_board.userdata / "dumps"
    dumps.mkdir()
    for name in ("a b'c.npy", "我\n.npy", "-x"):
        (dumps / name).write_bytes(name.encode() * 1000)
    with connect(ssh_board.board) as link:
        assert "BusyBox" in drain(link.run(["find", "--help"])).lines[0]
        drain(link.push(dumps / "-x", f"{dumps}/more"))
        assert len(link.listing(str(dumps))) == 4
        drain(link.pull(str(dumps), tmp_path / "out"))
        assert link.space(str(dumps)) > 0
        steps = link.run(["sh", "-c", f"setsid sleep {word} & echo up; sleep {word}; :"])
        assert next(event for event in steps if isinstance(event, Log)) == Log("up")
        steps.close()
        until(lambda: not running(word), "everything is gone")
    assert {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()} == {
        path.name: path.read_bytes() for path in dumps.iterdir()
    }


# ---- known hosts


def test_that_an_unknown_host_is_asked_about_with_its_fingerprint(ssh_board: PlayedBoard, ssh_folder: Path) -> None:
    known = ssh_folder / "known_hosts"
    line = known.read_text()
    known.write_text("# mine, without an end")
    key = daemon(ssh_board).folder / "host_key.pub"
    told = subprocess.run(["ssh-keygen", "-lf", str(key)], check=True, capture_output=True, text=True).stdout.split()[1]
    questions: list[str] = []

    def ask(question: str) -> str:
        questions.append(question)
        return "yes"

    assert echo("ssh:board", ask) == ("here",)
    assert told in questions[0]
    assert known.read_text() == f"# mine, without an end\n{line}"
    assert echo("ssh:board") == ("here",)


@pytest.mark.parametrize("answer", ["no", "", None])
def test_that_an_unknown_host_gets_nothing_without_a_yes(
    ssh_board: PlayedBoard, ssh_folder: Path, answer: str | None
) -> None:
    (ssh_folder / "known_hosts").write_text("")
    with pytest.raises(LinkError, match="is not known: ssh-ed25519 SHA256:"):
        echo("ssh:board", None if answer is None else lambda question: answer)
    assert (ssh_folder / "known_hosts").read_text() == ""


@pytest.mark.parametrize("mark", ["", "@revoked "])
def test_that_a_host_with_another_key_is_refused_whatever_is_said(
    ssh_board: PlayedBoard, ssh_folder: Path, tmp_path: Path, mark: str
) -> None:
    known = ssh_folder / "known_hosts"
    name, kind, own = known.read_text().split()
    make_key(tmp_path / "other")
    other = (tmp_path / "other.pub").read_text().split()[1]
    known.write_text(f"{name} {kind} {other}\n" if not mark else f"{name} {kind} {own}\n{mark}{name} {kind} {own}\n")
    with pytest.raises(LinkError, match="is not the one that is known") as caught:
        echo("ssh:board", lambda question: "yes")
    assert f"ssh-keygen -R '{name}'" in caught.value.hint


def test_that_hashed_names_are_known(ssh_board: PlayedBoard, ssh_folder: Path) -> None:
    quiet = subprocess.DEVNULL
    subprocess.run(
        ["ssh-keygen", "-q", "-H", "-f", str(ssh_folder / "known_hosts")], check=True, stdout=quiet, stderr=quiet
    )
    assert "127.0.0.1" not in (ssh_folder / "known_hosts").read_text()
    assert echo("ssh:board") == ("here",)


def test_that_accept_new_takes_a_new_host_and_still_no_changed_one(
    ssh_board: PlayedBoard, ssh_folder: Path, tmp_path: Path
) -> None:
    known, config = ssh_folder / "known_hosts", ssh_folder / "config"
    config.write_text(config.read_text() + "  StrictHostKeyChecking accept-new\n")
    line = known.read_text()
    known.write_text("")
    assert echo("ssh:board") == ("here",)
    assert known.read_text() == line
    make_key(tmp_path / "other")
    known.write_text(" ".join([*line.split()[:2], (tmp_path / "other.pub").read_text().split()[1]]))
    with pytest.raises(LinkError, match="is not the one that is known"):
        echo("ssh:board")


# ---- the configuration


def test_that_a_host_behind_another_is_reached_through_it(ssh_board: PlayedBoard, ssh_folder: Path) -> None:
    inner = daemon(ssh_board)
    config = ssh_folder / "config"
    user = f"  User root\n  IdentityFile {inner.key}\n" if os.geteuid() == 0 else f"  IdentityFile {inner.key}\n"
    config.write_text(
        f"{config.read_text()}Host inner\n  HostName 127.0.0.1\n  Port {inner.port}\n{user}  ProxyJump board\n"
    )
    with (ssh_folder / "known_hosts").open("a") as known:
        known.write(inner.host_line)
    assert ssh_board.cable is not None
    assert echo("ssh:inner") == ("here",)
    ssh_board.cable.close()
    with pytest.raises(LinkError, match="board cannot be reached"):
        echo("ssh:inner")


def test_that_a_command_can_be_the_way(ssh_board: PlayedBoard, ssh_folder: Path, tmp_path: Path) -> None:
    script = tmp_path / "way.py"
    script.write_text(
        "import socket, sys, threading, os\n"
        "s = socket.create_connection((sys.argv[1], int(sys.argv[2])))\n"
        "def back():\n    while d := s.recv(65536): os.write(1, d)\n    os._exit(0)\n"
        "threading.Thread(target=back).start()\n"
        "while d := os.read(0, 65536): s.sendall(d)\nos._exit(0)\n"
    )
    config = ssh_folder / "config"
    config.write_text(f"{config.read_text()}  ProxyCommand python3 {script} %h %p\n")
    assert echo("ssh:board") == ("here",)


def test_that_what_is_included_counts_in_its_scope(ssh_folder: Path) -> None:
    (ssh_folder / "conf.d").mkdir()
    (ssh_folder / "conf.d" / "a").write_text("Host one\n  Port 1001\n  User first\n")
    (ssh_folder / "conf.d" / "b").write_text("Host two\n  Port 1002\n")
    (ssh_folder / "config").write_text("Include conf.d/*\nUser everyone\nHost two\n  HostName second.example\n")
    one, two, three = map(host_of, ("one", "two", "three"))
    assert (one.address, one.port, one.user) == ("one", 1001, "first")
    assert (two.address, two.port, two.user) == ("second.example", 1002, "everyone")
    assert (three.port, three.user) == (22, "everyone")


def test_that_what_a_link_says_comes_before_the_configuration(ssh_folder: Path) -> None:
    (ssh_folder / "config").write_text("Host b\n  Port 1001\n  User first\n  ProxyCommand way %r %h %p\n")
    host = host_of("me@b:2002")
    assert (host.user, host.port, host.proxy) == ("me", 2002, "way me b 2002")


def test_that_paramiko_says_nothing_in_the_log(ssh_board: PlayedBoard, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        connection = connect(ssh_board.board)
        assert ssh_board.cable is not None
        ssh_board.cable.pull()
        with pytest.raises(LinkError):
            drain(connection.run(["true"]))
        connection.close()
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []

"""What every test has: settings of its own, Qt offscreen, and a failure when something unexpected was logged."""

import logging
import os
import shutil
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.helpers.adbd import Adbd
from tests.helpers.boards import PlayedBoard, adb_server, played_folder, write_ssh_home
from tests.helpers.cable import Cable
from tests.helpers.sshd import Sshd, sshd_path
from workbench.sources.board.descriptions import Board

ROOT = Path(__file__).resolve().parent.parent

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of test networks, pictures and vendor files that lies beside the project, not in it."""
    folder = Path(os.environ.get("RKNN_WORKBENCH_SHARED", ROOT.parent / "shared"))
    if not (folder / "models").is_dir():
        pytest.skip(f"needs the test material, which is not at {folder} (RKNN_WORKBENCH_SHARED names another place)")
    return folder


@pytest.fixture(scope="session")
def toolkit_python() -> Path:
    """The interpreter that has the vendor's toolkit."""
    python = Path(os.environ.get("RKNN_TOOLKIT_PYTHON", ROOT / ".venv-toolkit" / "bin" / "python"))
    if not python.is_file():
        problem = os.environ.get("RKNN_TOOLKIT_PROBLEM", "run packaging/setup_toolkit.sh or set RKNN_TOOLKIT_PYTHON")
        pytest.skip(f"needs the vendor's toolkit: {problem}")
    return python


@pytest.fixture(autouse=True)
def user_settings_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A fresh folder for the user's settings, so that no test reads or changes the developer's own."""
    folder = tmp_path / "user-settings"
    monkeypatch.setenv("RKNN_WORKBENCH_SETTINGS", str(folder))
    return folder


@pytest.fixture(scope="session")
def adb_port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of a real adb server that only the tests use."""
    if shutil.which("adb") is None:
        pytest.skip("needs adb (Debian: apt install adb)")
    with adb_server(tmp_path_factory.mktemp("adb")) as port:
        yield port


@pytest.fixture
def adb_board(adb_port: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[PlayedBoard]:
    """A board at the real adb: a stand-in for its daemon, on TCP, behind a cable that can be pulled."""
    monkeypatch.setenv("ANDROID_ADB_SERVER_PORT", str(adb_port))
    folder = tmp_path / "adb-board"
    daemon = Adbd({**os.environ, **played_folder(folder)})
    cable = Cable(daemon.port)
    board = Board("adb-board", f"adb:127.0.0.1:{cable.port}", folder=str(folder / "userdata"))
    yield PlayedBoard(board, folder, cable, daemon)
    cable.close()
    daemon.close()


@pytest.fixture
def ssh_board(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[PlayedBoard]:
    """A board at ssh: a real sshd on loopback behind a cable, in ~/.ssh/config as `board`, its key known."""
    if sshd_path() is None:
        pytest.skip("needs sshd (Debian: apt install openssh-server)")
    folder, home = tmp_path / "ssh-board", tmp_path / "home"
    daemon = Sshd(tmp_path / "sshd", played_folder(folder))
    cable = Cable(daemon.port)
    write_ssh_home(home, daemon, cable.port)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.delenv("SSH_AUTH_SOCK", raising=False)
    yield PlayedBoard(Board("ssh-board", "ssh:board", folder=str(folder / "userdata")), folder, cable, daemon)
    cable.close()
    daemon.close()


@pytest.fixture
def local_board(tmp_path: Path) -> PlayedBoard:
    """This machine as the board."""
    folder = tmp_path / "local-board"
    environment = played_folder(folder)
    return PlayedBoard(Board("local-board", "local", folder=str(folder / "userdata"), environment=environment), folder)


@pytest.fixture(params=("adb", "ssh", "local"))
def any_board(request: pytest.FixtureRequest) -> PlayedBoard:
    """A board by each kind of link in turn."""
    played: PlayedBoard = request.getfixturevalue(f"{request.param}_board")
    return played


@pytest.fixture(params=("adb", "ssh"))
def cabled_board(request: pytest.FixtureRequest) -> PlayedBoard:
    """A board on a cable, by each kind of link in turn."""
    board: PlayedBoard = request.getfixturevalue(f"{request.param}_board")
    return board


@pytest.fixture(autouse=True)
def no_unexpected_log_lines(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Fails the test on a log line at WARNING or above, unless it asked for such lines with `caplog.at_level(…)`."""
    handler = _UnexpectedLines(caplog)
    root = logging.getLogger()
    root.addHandler(handler)
    yield
    root.removeHandler(handler)
    if handler.lines:
        pytest.fail("unexpected log lines:\n" + "\n".join(handler.lines), pytrace=False)


@pytest.fixture(autouse=True)
def no_stray_threads() -> Iterator[None]:
    """Fails the test when a thread it started, one that would keep the program alive, still runs two seconds later."""
    before = set(threading.enumerate())
    yield
    limit = time.monotonic() + 2
    while (stray := _started_since(before)) and time.monotonic() < limit:
        time.sleep(0.01)
    if stray:
        pytest.fail(f"threads still running: {', '.join(thread.name for thread in stray)}", pytrace=False)


class _UnexpectedLines(logging.Handler):
    def __init__(self, caplog: pytest.LogCaptureFixture) -> None:
        super().__init__(logging.WARNING)
        self.caplog = caplog
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        expected = 0 < self.caplog.handler.level <= record.levelno  # the handler's level is 0 until a test sets it
        if not expected:
            self.lines.append(f"{record.levelname} {record.name}: {record.getMessage()}")


def _started_since(before: set[threading.Thread]) -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread not in before and not thread.daemon]

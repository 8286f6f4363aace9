"""Boards that tests can have: a folder of this machine that plays one, reached by each kind of link."""

import os
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.helpers.adbd import Adbd
from tests.helpers.cable import Cable
from tests.helpers.sshd import Sshd
from workbench.sources.board.descriptions import Board


@dataclass(frozen=True)
class PlayedBoard:
    """`board` is what a user would describe. Its commands run on this machine, by root paths of this machine.

    `userdata`: where it may be written (the description's folder). `programs`: the first folder of its PATH, for
    scripts that play programs of a board (`write_program`). `cable`: what it hangs on; `daemon`: what answers there.
    """

    board: Board
    folder: Path
    cable: Cable | None = None
    daemon: Adbd | Sshd | None = None

    @property
    def userdata(self) -> Path:
        return self.folder / "userdata"

    @property
    def programs(self) -> Path:
        return self.folder / "bin"

    def write_program(self, name: str, script: str) -> Path:
        """A shell script that plays a program of the board."""
        path = self.programs / name
        path.write_text("#!/bin/sh\n" + script)
        path.chmod(0o755)
        return path


def played_folder(folder: Path) -> dict[str, str]:
    """Make the folders of a board; gives the PATH of what runs there."""
    for name in ("userdata", "bin"):
        (folder / name).mkdir(parents=True)
    return {"PATH": f"{folder / 'bin'}:{os.environ['PATH']}"}


@contextmanager
def adb_server(folder: Path) -> Iterator[int]:
    """A real adb server on a port of its own, with a home of its own; gives the port."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        port: int = door.getsockname()[1]
    environment = {**os.environ, "HOME": str(folder), "TMPDIR": str(folder), "ANDROID_ADB_SERVER_PORT": str(port)}
    quiet = subprocess.DEVNULL
    subprocess.run(["adb", "start-server"], env=environment, stdin=quiet, stdout=quiet, stderr=quiet, check=True)
    try:
        yield port
    finally:
        subprocess.run(["adb", "kill-server"], env=environment, stdin=quiet, stdout=quiet, stderr=quiet, check=False)


def write_ssh_home(home: Path, daemon: Sshd, port: int) -> None:
    """A user's ~/.ssh with an alias `board` for a daemon behind a port, whose key is known."""
    folder = home / ".ssh"
    folder.mkdir(parents=True, mode=0o700)
    (folder / "known_hosts").write_text(daemon.host_line.replace(str(daemon.port), str(port), 1))
    (folder / "config").write_text(
        f"Host board\n  HostName 127.0.0.1\n  Port {port}\n  User {_user()}\n  IdentityFile {daemon.key}\n"
    )


def running(word: str) -> list[int]:
    """The processes of this machine with a word in their command line."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            found += [int(path.parent.name)] if word.encode() in path.read_bytes() else []
        except OSError:
            continue
    return found


def all_below(folder: Path) -> list[str]:
    """The names of all that is in a folder and below."""
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


def _user() -> str:
    import pwd  # POSIX has it; every test, on Windows too, imports this module

    return pwd.getpwuid(os.geteuid()).pw_name

"""A real sshd on loopback as a board, with keys and a configuration of its own."""

import os
import shutil
import signal
import socket
import subprocess
import time
from contextlib import suppress
from pathlib import Path

from tests.helpers.waiting import SOON

CONFIG = """
Port {port}
ListenAddress 127.0.0.1
HostKey {folder}/host_key
AuthorizedKeysFile {folder}/authorized_keys
PidFile none
StrictModes no
UsePAM no
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin yes
UseDNS no
AllowTcpForwarding yes
MaxStartups 100:30:200
{environment}
"""
TRIES = 5


def sshd_path() -> str | None:
    """Where sshd is, or None; it wants its whole path."""
    return shutil.which("sshd") or next((path for path in ("/usr/sbin/sshd",) if Path(path).is_file()), None)


class Sshd:
    """A daemon on a port of its own, and what a user needs to log in: `key`, and `host_line` for the known hosts.

    `environment`: what its commands see, PATH for example.
    """

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder, self.key = folder, folder / "user_key"
        for name in ("host_key", "user_key"):
            make_key(folder / name)
        shutil.copy(folder / "user_key.pub", folder / "authorized_keys")
        environment = {**environment, "SHLVL": "5"}  # else bash reads ~/.bashrc for every command that comes by ssh
        pairs = " ".join(f'"{name}={text}"' for name, text in environment.items())
        if os.geteuid() == 0:  # where the service was never started, its folder is missing
            Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)
        self._log = (folder / "log").open("wb")
        for _ in range(TRIES):
            self.port = _free_port()
            config = CONFIG.format(port=self.port, folder=folder, environment=f"SetEnv {pairs}")
            (folder / "sshd_config").write_text(config)
            if self._begins():
                return
        raise RuntimeError(f"sshd did not start: {(folder / 'log').read_text()}")

    @property
    def host_line(self) -> str:
        """Its line in a file of known hosts."""
        kind, text = (self.folder / "host_key.pub").read_text().split()[:2]
        return f"[127.0.0.1]:{self.port} {kind} {text}\n"

    def sessions(self) -> list[int]:
        """The processes of its open connections."""
        return _below(self._child.pid)

    def cut(self) -> None:
        """End all connections; what they run is left to itself, as when a cable is pulled."""
        for number in self.sessions():
            with suppress(OSError):  # it may have ended just now
                if Path(f"/proc/{number}/comm").read_text().startswith("sshd"):
                    os.kill(number, signal.SIGKILL)

    def close(self) -> None:
        self.cut()
        self._child.terminate()
        self._child.wait()
        self._log.close()

    def _begins(self) -> bool:
        """Start it; False where somebody else has taken its port meanwhile."""
        program = sshd_path()
        assert program is not None
        self._child = subprocess.Popen(
            [program, "-D", "-e", "-f", str(self.folder / "sshd_config")], stderr=self._log, stdin=subprocess.DEVNULL
        )
        end = time.monotonic() + SOON
        while self._child.poll() is None and time.monotonic() < end:
            with suppress(OSError):
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                return True
            time.sleep(0.02)
        self._child.kill()
        self._child.wait()
        return False


def make_key(path: Path, passphrase: str = "", kind: str = "ed25519") -> None:
    """A new pair of keys."""
    subprocess.run(["ssh-keygen", "-q", "-t", kind, "-N", passphrase, "-C", "test", "-f", str(path)], check=True)


def _below(number: int) -> list[int]:
    try:
        below = [int(text) for text in Path(f"/proc/{number}/task/{number}/children").read_text().split()]
    except OSError:
        return []
    return [deeper for child in below for deeper in (child, *_below(child))]


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as door:
        port: int = door.getsockname()[1]
        return port

"""An ssh host that lets in whoever knows a password: a real sshd would ask for one of this machine's users."""

import socket
import threading
from contextlib import suppress
from pathlib import Path

import paramiko


class PasswordHost:
    """On a port of its own; `asked`: the passwords that were tried. `kind`: how it asks."""

    def __init__(self, key: Path, password: str, kind: str = "password") -> None:
        self.password, self.kind = password, kind
        self.asked: list[str] = []
        self._key = paramiko.PKey.from_path(key)
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._door.getsockname()[1]
        self._open: list[paramiko.Transport] = []
        threading.Thread(target=self._admit, daemon=True).start()

    @property
    def host_line(self) -> str:
        return f"[127.0.0.1]:{self.port} {self._key.get_name()} {self._key.get_base64()}\n"

    def close(self) -> None:
        with suppress(OSError):
            self._door.shutdown(socket.SHUT_RDWR)
        self._door.close()
        for transport in self._open:
            transport.close()

    def _admit(self) -> None:
        with suppress(OSError):
            while True:
                channel, _address = self._door.accept()
                transport = paramiko.Transport(channel)
                transport.add_server_key(self._key)
                self._open.append(transport)
                with suppress(paramiko.SSHException, EOFError):
                    transport.start_server(server=_Door(self))


class _Door(paramiko.ServerInterface):
    def __init__(self, host: PasswordHost) -> None:
        self.host = host

    def get_allowed_auths(self, username: str) -> str:
        return self.host.kind

    def check_auth_password(self, username: str, password: str) -> int:
        self.host.asked.append(password)
        return paramiko.AUTH_SUCCESSFUL if password == self.host.password else paramiko.AUTH_FAILED

    def check_auth_interactive(self, username: str, submethods: object) -> paramiko.InteractiveQuery:
        return paramiko.InteractiveQuery("", "", ("Password: ", False))

    def check_auth_interactive_response(self, responses: list[str]) -> int:
        return self.check_auth_password("", responses[0])

"""Boards at ssh: paramiko with the keys, hosts and jumps of the user's own ssh; files go through `cat` and `tar`."""

import logging
import shlex
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from typing import Any, BinaryIO

from workbench.foundation.variables import for_others
from workbench.sources.board.paths import shown
from workbench.sources.board.piped import (
    fetch_many,
    fetch_one,
    packing_line,
    reading_line,
    receiving_line,
    send_through,
)
from workbench.sources.board.ssh_config import Host, host_of
from workbench.sources.board.ssh_hosts import check_key, known_types
from workbench.sources.board.ssh_login import log_in
from workbench.sources.board.talking import what_reaches
from workbench.sources.board.wire import CHUNK, Arrival, Bytes, LinkError, lost

Ask = Callable[[str], str]
PATIENCE = 20.0  # seconds for an answer while connecting
ALIVE = 5  # seconds between signs of life; a host that answers none of them is gone after GONE
GONE = 20_000  # ms
MOST_JUMPS = 4


def ssh_wire(name: str, target: str, ask: Ask | None) -> "SshWire":
    """The connection to `USER@HOST:PORT` or an alias of ~/.ssh/config, with its jumps."""
    with ExitStack() as opened:
        host = host_of(target)
        transport = _reached(host, _way(host, ask, opened, 0), ask, opened)
        return SshWire(name, transport, opened.pop_all())


class SshWire:
    """One connection; each line is a channel of it."""

    def __init__(self, name: str, transport: Any, opened: ExitStack) -> None:
        self.name = name
        self._transport, self._opened = transport, opened

    def shell(self, text: str) -> "SshChannel":
        return self._channel(text, is_mixed=True)

    def send(self, source: BinaryIO, size: int, remote: str) -> Bytes:
        yield from send_through(self.shell(receiving_line(remote, size)), source, self.name)

    def fetch(self, folder: str, wanted: Mapping[str, Arrival]) -> Bytes:
        if len(wanted) == 1:
            (name, arrival), *_others = wanted.items()
            line = reading_line(f"{folder}/{name}")
            yield from fetch_one(self._channel(line, is_mixed=False), arrival, self.name)
        elif wanted:
            yield from fetch_many(self._channel(packing_line(folder), is_mixed=False), wanted, self.name)

    def close(self) -> None:
        self._opened.close()

    def _channel(self, text: str, *, is_mixed: bool) -> "SshChannel":
        from paramiko import SSHException

        try:
            channel = self._transport.open_session(timeout=PATIENCE)
            channel.set_combine_stderr(is_mixed)
            with _closing_late(channel):  # the login's own shell may be any
                channel.exec_command(f"exec sh -c {shlex.quote(text)}".encode("utf-8", "surrogateescape"))
        except (SSHException, OSError, EOFError) as error:
            raise lost(self.name, "it was asked") from error
        return SshChannel(channel, self.name)


class SshChannel:
    """A line that runs on the host."""

    def __init__(self, channel: Any, name: str) -> None:
        self._channel, self._name = channel, name

    def read(self, patience: float) -> bytes | None:
        self._channel.settimeout(patience)
        try:
            return bytes(self._channel.recv(CHUNK))
        except TimeoutError:
            return None
        except (OSError, EOFError):
            return b""

    def write(self, data: memoryview, patience: float) -> int:
        self._channel.settimeout(patience)
        try:
            return int(self._channel.send(data))
        except TimeoutError:
            return 0
        except (OSError, EOFError) as error:
            if self._channel.get_transport().is_active():
                return len(data)  # the line has ended; its words say why
            raise lost(self._name) from error

    def end_input(self) -> None:
        with suppress(OSError, EOFError):
            self._channel.shutdown_write()

    def code(self) -> int | None:
        """-1 is paramiko's word for a connection that ended before."""
        if not self._channel.status_event.wait(PATIENCE):
            return None
        status = self._channel.recv_exit_status()
        return None if status < 0 else int(status)

    def close(self) -> None:
        with suppress(OSError, EOFError):
            self._channel.close()


@contextmanager
def _closing_late(channel: Any) -> Iterator[None]:
    """Close the channel when the block takes too long: paramiko waits for ever there."""
    timer = threading.Timer(PATIENCE, channel.close)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _way(host: Host, ask: Ask | None, opened: ExitStack, depth: int) -> Any:
    """A socket that leads to a host: straight, through a command, or through its jumps."""
    if host.proxy and not host.jumps:
        return _command_socket(host, opened)
    if not host.jumps:
        return _plain_socket(host)
    if depth >= MOST_JUMPS:
        raise LinkError(
            f"The way to {host.name} leads through more than {MOST_JUMPS} hosts.", "Check ProxyJump in ~/.ssh/config."
        )
    transport = None
    for jump in map(host_of, host.jumps):
        way = _way(jump, ask, opened, depth + 1) if transport is None else _tunnel(transport, jump)
        transport = _reached(jump, way, ask, opened)
    return _tunnel(transport, host)


def _plain_socket(host: Host) -> socket.socket:
    try:
        way = socket.create_connection((host.address, host.port), timeout=PATIENCE)
    except OSError as error:
        raise LinkError(
            f"{host.name} cannot be reached at {host.address}, port {host.port}: {error.strerror or error}.",
            "Check the address, the network, and that the board runs an ssh daemon.",
        ) from error
    if hasattr(socket, "TCP_USER_TIMEOUT"):  # what is not acknowledged for so long ends the connection
        way.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, GONE)
    return way


def _command_socket(host: Host, opened: ExitStack) -> socket.socket:
    """The command of the user's own configuration, in their shell, as ssh runs it."""
    ours, theirs = socket.socketpair()
    with theirs:
        child = subprocess.Popen(
            ["/bin/sh", "-c", f"exec {host.proxy}"], stdin=theirs.fileno(), stdout=theirs.fileno(),
            stderr=subprocess.DEVNULL, start_new_session=True, env=for_others(),
        )  # fmt: skip
    opened.callback(_end, child)
    return ours


def _end(child: subprocess.Popen[bytes]) -> None:
    child.terminate()
    try:
        child.wait(2)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


def _tunnel(transport: Any, host: Host) -> Any:
    from paramiko import SSHException

    try:
        return transport.open_channel("direct-tcpip", (host.address, host.port), ("127.0.0.1", 0), timeout=PATIENCE)
    except (SSHException, OSError, EOFError) as error:
        raise LinkError(
            f"{host.name} cannot be reached from the host before it: {error}.", "Check ProxyJump in ~/.ssh/config."
        ) from error


def _reached(host: Host, way: Any, ask: Ask | None, opened: ExitStack) -> Any:
    """A connection that is logged in; closed with the others."""
    from paramiko import Transport

    with _told(host):
        transport = Transport(way)
        transport.set_log_channel(_quiet())
        opened.callback(transport.close)
        transport.banner_timeout = transport.auth_timeout = transport.handshake_timeout = PATIENCE
        _prefer(transport, known_types(host))
        transport.start_client(timeout=PATIENCE)
        check_key(host, transport.get_remote_server_key(), ask)
        log_in(transport, host, ask)
        transport.set_keepalive(ALIVE)
        return transport


def _prefer(transport: Any, types: tuple[str, ...]) -> None:
    """Ask for a key of a type that is known of the host: another of its keys would look like a stranger's."""
    options = transport.get_security_options()
    signed = {"ssh-rsa": ("rsa-sha2-512", "rsa-sha2-256")}
    first = [kind for known in types for kind in signed.get(known, (known,)) if kind in options.key_types]
    options.key_types = tuple(dict.fromkeys([*first, *options.key_types]))


def _quiet() -> str:
    """paramiko logs what it also raises; the user is told once."""
    name = "workbench.paramiko"
    logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    return name


@contextmanager
def _told(host: Host) -> Iterator[None]:
    from paramiko import SSHException

    begun = time.monotonic()
    try:
        yield
    except (SSHException, OSError, EOFError) as error:
        seconds = time.monotonic() - begun
        words = shown(str(error)).strip(" .") or f"it hung up after {seconds:.0f} seconds"
        raise LinkError(f"{host.name} cannot be spoken with: {words}.", what_reaches(words, "sshd")) from error

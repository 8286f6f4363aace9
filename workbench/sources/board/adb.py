"""Boards at the Android debug bridge, by USB or TCP, through adbutils and the machine's own adb server."""

import socket
from collections.abc import Mapping
from contextlib import closing
from typing import Any, BinaryIO

from workbench.sources.board.adb_server import PATIENCE, adb_boards, opened_board, told
from workbench.sources.board.adb_sync import Sync
from workbench.sources.board.paths import shown
from workbench.sources.board.wire import CHUNK, Arrival, Bytes, LinkError, is_readable

AHEAD = 16  # files that are asked for before they come, so that the way there and back costs no time for each
__all__ = ["AdbWire", "adb_boards", "adb_wire"]


def adb_wire(name: str, address: str) -> "AdbWire":
    """The connection to a board by its serial number or `host:port`."""
    return AdbWire(name, *opened_board(address))


class AdbWire:
    """A board at adb's server; each line and each transfer has a socket of its own."""

    def __init__(self, name: str, client: Any, serial: str) -> None:
        self.name = name
        self._client, self._serial = client, serial

    def shell(self, text: str) -> "AdbChannel":
        return AdbChannel(self._opened(b"shell:" + text.encode("utf-8", "surrogateescape")))

    def send(self, source: BinaryIO, size: int, remote: str) -> Bytes:
        with closing(Sync(self._opened(b"sync:"), self.name)) as sync:
            yield from sync.sent(source, remote)

    def fetch(self, folder: str, wanted: Mapping[str, Arrival]) -> Bytes:
        done, names = 0, iter(wanted)
        with closing(Sync(self._opened(b"sync:"), self.name)) as sync:
            for _ahead, name in zip(range(AHEAD), names, strict=False):
                yield from (done for _wait in sync.asked(f"{folder}/{name}"))
            for name, arrival in wanted.items():
                for count in self._received(sync, name, arrival):
                    done += count
                    yield done
                if (following := next(names, None)) is not None:
                    yield from (done for _wait in sync.asked(f"{folder}/{following}"))

    def close(self) -> None:
        """Nothing is held. A board that was connected by `host:port` stays so: others may be using it."""

    def _received(self, sync: Sync, name: str, arrival: Arrival) -> Bytes:
        """How much came of a file each time."""
        left = arrival.size
        with arrival.path.open("wb") as out:
            for chunk in sync.received():
                left -= len(chunk)
                if left < 0:
                    words = f"{shown(name)} is longer than {self.name} said."
                    raise LinkError(words, "Pull it again when nothing there writes it any more.")
                yield out.write(chunk)

    def _opened(self, service: bytes) -> socket.socket:
        """A socket on which a service of the board speaks; it does not block."""
        with told(self.name):
            connection = self._client.make_connection(timeout=PATIENCE)
            channel: socket.socket = connection.conn
            try:
                for request in (b"host:transport:" + self._serial.encode(), service):
                    channel.sendall(b"%04x" % len(request) + request)
                    connection.check_okay()
            except BaseException:
                channel.close()
                raise
            channel.setblocking(False)
            return channel


class AdbChannel:
    """A shell's line; adb knows its exit code only from newer boards, so it is part of what the line writes."""

    def __init__(self, channel: socket.socket) -> None:
        self._channel = channel

    def read(self, patience: float) -> bytes | None:
        try:
            return self._channel.recv(CHUNK) if is_readable(self._channel.fileno(), patience) else None
        except BlockingIOError:
            return None
        except OSError:
            return b""

    def close(self) -> None:
        self._channel.close()

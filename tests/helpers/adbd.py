"""A stand-in for adbd: a board for the real adb, on TCP, whose commands run on this machine.

It speaks the transport protocol of the Android sources (packages/modules/adb: protocol.txt, SERVICES.TXT, SYNC.TXT):
CNXN, OPEN, OKAY, WRTE, CLSE without authentication, and the services `shell:` and `sync:` as in adbd of Android 9.
As there, a shell's line runs without a terminal, its input ends when the connection does, and a file that did not
come completely is removed.
"""

import os
import socket
import stat
import struct
import subprocess
import threading
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

VERSION, MOST_DATA = 0x01000001, 256 * 1024  # 0x01000001: without check sums
BANNER = b"device::ro.product.name=standin;ro.product.model=Stand-in;ro.product.device=standin;features=cmd\0"
HEAD = struct.Struct("<4s5I")
SYNC_CHUNK = 64 * 1024


class Adbd:
    """A daemon on a port of its own. `environment`: of all that it runs.

    `room`: bytes that files sent to it may have until its disk is full, None: as many as there really is room for.
    `dies_in`: a service at which it falls over.
    """

    def __init__(self, environment: Mapping[str, str], *, room: int | None = None, dies_in: str = "") -> None:
        self.environment, self.room, self.dies_in = dict(environment), room, dies_in
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._door.getsockname()[1]
        self._connections: set[_Connection] = set()
        threading.Thread(target=self._admit, daemon=True).start()

    @property
    def streams(self) -> int:
        """How many services are open."""
        return sum(len(connection.streams) for connection in self._connections)

    def close(self) -> None:
        """Power off."""
        with suppress(OSError):
            self._door.shutdown(socket.SHUT_RDWR)
        self._door.close()
        for connection in tuple(self._connections):
            connection.close()

    def _admit(self) -> None:
        with suppress(OSError):
            while True:
                channel, _address = self._door.accept()
                channel.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                connection = _Connection(self, channel)
                self._connections.add(connection)
                threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: "_Connection") -> None:
        try:
            with suppress(OSError, EOFError):
                connection.serve()
        finally:
            connection.close()
            self._connections.discard(connection)


class _Connection:
    """One adb server that has connected."""

    def __init__(self, daemon: Adbd, channel: socket.socket) -> None:
        self.daemon, self.channel = daemon, channel
        self.streams: dict[int, _Stream] = {}
        self._lock = threading.Lock()
        self._next = 1

    def serve(self) -> None:
        while True:
            command, first, second, size, _sum, _magic = HEAD.unpack(_exactly(self.channel, HEAD.size))
            data = _exactly(self.channel, size)
            stream = self.streams.get(second)
            match command:
                case b"CNXN":
                    self.put(b"CNXN", VERSION, MOST_DATA, BANNER)
                case b"OPEN":
                    self._open(first, data.rstrip(b"\0"))
                case b"OKAY" if stream is not None:
                    stream.acknowledged.release()
                case b"WRTE" if stream is not None:
                    stream.take(data)
                case b"CLSE" if stream is not None:
                    stream.close()

    def put(self, command: bytes, first: int, second: int, data: bytes = b"") -> None:
        magic = struct.unpack("<I", command)[0] ^ 0xFFFFFFFF
        with self._lock:
            self.channel.sendall(HEAD.pack(command, first, second, len(data), 0, magic) + data)

    def close(self) -> None:
        with suppress(OSError):
            self.channel.shutdown(socket.SHUT_RDWR)
        self.channel.close()
        for stream in tuple(self.streams.values()):
            stream.close()

    def _open(self, theirs: int, service: bytes) -> None:
        kind, _, rest = service.partition(b":")
        if self.daemon.dies_in and kind.decode() == self.daemon.dies_in:
            raise EOFError
        work = {b"shell": _shell, b"exec": _shell, b"sync": _sync}.get(kind)
        if work is None:
            self.put(b"CLSE", 0, theirs)
            return
        stream = _Stream(self, self._next, theirs)
        self.streams[self._next] = stream
        self._next += 1
        try:
            self.put(b"OKAY", stream.ours, theirs)
        except OSError:  # the connection has just been cut
            stream.far.close()
            raise
        threading.Thread(target=_worked, args=(work, stream, rest), daemon=True).start()


class _Stream:
    """One open service: a socket pair whose other end the service reads and writes."""

    def __init__(self, connection: _Connection, ours: int, theirs: int) -> None:
        self.connection, self.ours, self.theirs = connection, ours, theirs
        self.acknowledged = threading.Semaphore(0)
        self._near, self.far = socket.socketpair()
        self.is_closed = False
        threading.Thread(target=self._send, daemon=True).start()

    def take(self, data: bytes) -> None:
        threading.Thread(target=self._given, args=(data,), daemon=True).start()

    def close(self) -> None:
        if self.is_closed:
            return
        self.is_closed = True
        self.connection.streams.pop(self.ours, None)
        self.acknowledged.release()
        with suppress(OSError):
            self._near.shutdown(socket.SHUT_RDWR)
        self._near.close()
        with suppress(OSError):
            self.connection.put(b"CLSE", self.ours, self.theirs)

    def _given(self, data: bytes) -> None:
        """To the service, then OKAY; the next does not come before it, so there is one at a time."""
        with suppress(OSError):
            self._near.sendall(data)
            self.connection.put(b"OKAY", self.ours, self.theirs)

    def _send(self) -> None:
        with suppress(OSError):
            while data := self._near.recv(SYNC_CHUNK):
                self.connection.put(b"WRTE", self.ours, self.theirs, data)
                self.acknowledged.acquire()
        self.close()


def _worked(work: object, stream: _Stream, rest: bytes) -> None:
    try:
        with suppress(OSError, EOFError):
            work(stream, rest)  # type: ignore[operator]
    finally:
        with suppress(OSError):
            stream.far.shutdown(socket.SHUT_RDWR)
        stream.far.close()


def _shell(stream: _Stream, line: bytes) -> None:
    """As adbd's raw subprocess: input, output and errors are one socket."""
    child = subprocess.Popen(
        [b"/bin/sh", b"-c", line], stdin=stream.far, stdout=stream.far, stderr=stream.far,
        env=stream.connection.daemon.environment, start_new_session=True,
    )  # fmt: skip
    stream.far.close()  # the stream ends when all that the line started has let go of it
    child.wait()


def _sync(stream: _Stream, _rest: bytes) -> None:
    channel = stream.far
    while True:
        kind, size = struct.unpack("<4sI", _exactly(channel, 8))
        path = _exactly(channel, size)
        match kind:
            case b"STAT":
                channel.sendall(b"STAT" + struct.pack("<III", *_state(path)))
            case b"LIST":
                _list(channel, path)
            case b"SEND":
                _take_file(stream, path)
            case b"RECV":
                _give_file(channel, path)
            case _:
                return


def _state(path: bytes) -> tuple[int, int, int]:
    try:
        found = os.lstat(path)
    except OSError:
        return 0, 0, 0
    return found.st_mode, found.st_size & 0xFFFFFFFF, int(found.st_mtime)


def _list(channel: socket.socket, folder: bytes) -> None:
    with suppress(OSError):
        for path in Path(os.fsdecode(folder)).iterdir():
            name = os.fsencode(path.name)
            channel.sendall(b"DENT" + struct.pack("<IIII", *_state(os.fsencode(path)), len(name)) + name)
    channel.sendall(b"DONE" + bytes(16))


def _take_file(stream: _Stream, request: bytes) -> None:
    """Until DONE; on an error FAIL at once, and what is still on its way is read and forgotten."""
    channel, daemon = stream.far, stream.connection.daemon
    name, _, mode = request.rpartition(b",")
    path, problem, done, is_complete = Path(os.fsdecode(name)), "", 0, False
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as out:
            while True:
                kind, size = struct.unpack("<4sI", _exactly(channel, 8))
                if kind == b"DONE":
                    break
                data = _exactly(channel, size)
                done += len(data)
                if daemon.room is not None and done > daemon.room:
                    raise OSError(28, "No space left on device")
                out.write(data)
        path.chmod(stat.S_IMODE(int(mode)))
        is_complete = True
        channel.sendall(b"OKAY" + bytes(4))
    except OSError as error:
        problem = f"couldn't write file: {error.strerror}"
    finally:
        if not is_complete:
            path.unlink(missing_ok=True)
    if problem:
        channel.sendall(b"FAIL" + struct.pack("<I", len(problem)) + problem.encode())
        with suppress(OSError, EOFError):
            while struct.unpack("<4sI", head := _exactly(channel, 8))[0] != b"DONE":
                _exactly(channel, struct.unpack("<4sI", head)[1])


def _give_file(channel: socket.socket, path: bytes) -> None:
    try:
        with Path(os.fsdecode(path)).open("rb") as content:
            while data := content.read(SYNC_CHUNK):
                channel.sendall(b"DATA" + struct.pack("<I", len(data)) + data)
        channel.sendall(b"DONE" + bytes(4))
    except OSError as error:
        words = f"open failed: {error.strerror}".encode()
        channel.sendall(b"FAIL" + struct.pack("<I", len(words)) + words)


def _exactly(channel: socket.socket, size: int) -> bytes:
    parts, left = [], size
    while left:
        chunk = channel.recv(left)
        if not chunk:
            raise EOFError
        parts.append(chunk)
        left -= len(chunk)
    return b"".join(parts)

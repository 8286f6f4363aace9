"""adb's file service ("sync", see SYNC.TXT of the Android sources), with transfers that can be counted and given up.

adbutils' own transfers wait for ever for a board that says nothing, and cannot be cancelled.
"""

import socket
import struct
import time
from collections.abc import Generator
from typing import Any, BinaryIO

from workbench.sources.board.paths import shown
from workbench.sources.board.talking import what_helps
from workbench.sources.board.wire import BEAT, CHUNK, Bytes, LinkError, Patience, is_readable, is_writable, lost

FILE_MODE = 0o100644
HEAD = struct.Struct("<4sI")
Pieces = Generator[bytes, None, None]


class Sync:
    """The service on a socket of its own, which does not block. b"" and a count again are signs of life."""

    def __init__(self, channel: socket.socket, name: str) -> None:
        self._channel, self._name, self._buffer = channel, name, bytearray()

    def close(self) -> None:
        """End the service; the board removes a file that it has not got completely."""
        self._channel.close()

    def sent(self, source: BinaryIO, remote: str) -> Bytes:
        """SEND, DATA …, DONE; the board answers OKAY at the end, or FAIL as soon as it cannot write."""
        done = 0
        yield from _counts(self._put(b"SEND", remote.encode("utf-8", "surrogateescape") + b",%d" % FILE_MODE), done)
        while chunk := source.read(CHUNK):
            if is_readable(self._channel.fileno(), 0):
                break  # it speaks before its turn: it has failed
            yield from _counts(self._put(b"DATA", chunk), done)
            done += len(chunk)
            yield done
        else:
            yield from _counts(self._write(HEAD.pack(b"DONE", int(time.time()))), done)
        kind, size = yield from _counts(self._message(), done)
        if kind == b"FAIL" and size <= CHUNK:
            raise self._refused((yield from _counts(self._exactly(size), done)))
        if kind != b"OKAY":
            raise self._strange()

    def asked(self, remote: str) -> Pieces:
        """RECV; several files may be asked for ahead, they come in this order."""
        yield from self._put(b"RECV", remote.encode("utf-8", "surrogateescape"))

    def received(self) -> Pieces:
        """What comes of one file, until DONE."""
        while True:
            kind, size = yield from self._message()
            if kind == b"DONE":
                return
            if kind not in (b"DATA", b"FAIL") or size > CHUNK:
                raise self._strange()
            content = yield from self._exactly(size)
            if kind == b"FAIL":
                raise self._refused(content)
            yield content

    def _put(self, kind: bytes, content: bytes) -> Pieces:
        yield from self._write(HEAD.pack(kind, len(content)) + content)

    def _write(self, data: bytes) -> Pieces:
        left, patience = memoryview(data), Patience(self._name)
        while left:
            count = self._sent_now(left) if is_writable(self._channel.fileno(), BEAT) else 0
            left = left[count:]
            patience.moved(count)
            if not count:
                yield b""

    def _sent_now(self, data: memoryview) -> int:
        try:
            return self._channel.send(data)
        except BlockingIOError:
            return 0
        except OSError as error:
            raise lost(self._name) from error

    def _message(self) -> Generator[bytes, None, tuple[bytes, int]]:
        kind, size = HEAD.unpack((yield from self._exactly(HEAD.size)))
        return kind, size

    def _exactly(self, size: int) -> Generator[bytes, None, bytes]:
        patience = Patience(self._name)
        while len(self._buffer) < size:
            chunk = self._read_now() if is_readable(self._channel.fileno(), BEAT) else b""
            self._buffer += chunk
            patience.moved(len(chunk))
            if not chunk:
                yield b""
        content = bytes(self._buffer[:size])
        del self._buffer[:size]
        return content

    def _read_now(self) -> bytes:
        try:
            chunk = self._channel.recv(2 * CHUNK)
        except BlockingIOError:
            return b""
        except OSError as error:
            raise lost(self._name) from error
        if not chunk:
            raise lost(self._name)
        return chunk

    def _refused(self, words: bytes) -> LinkError:
        text = shown(words.decode("utf-8", "replace")).strip(" .")
        return LinkError(f"{self._name} refused: {text}.", what_helps(text))

    def _strange(self) -> LinkError:
        return LinkError(f"{self._name} does not speak adb's file service.", "Update adbd on the board, or use ssh.")


def _counts(steps: Generator[bytes, None, Any], done: int) -> Generator[int, None, Any]:
    """The same signs of life as a count."""
    try:
        while True:
            next(steps)
            yield done
    except StopIteration as stop:
        return stop.value

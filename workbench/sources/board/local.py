"""This machine as the board: the workbench runs on it."""

import os
import signal
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from workbench.foundation.variables import for_others
from workbench.sources.board.paths import shown
from workbench.sources.board.piped import receiving_line, send_through
from workbench.sources.board.wire import CHUNK, Arrival, Bytes, LinkError, is_readable, is_writable

SHELL = "sh"


class LocalWire:
    """Lines of a shell as child processes."""

    def __init__(self, name: str) -> None:
        if not hasattr(os, "killpg"):
            raise LinkError("This machine cannot be the board: it runs Windows.", "Reach the board with adb or ssh.")
        self.name = name

    def shell(self, text: str) -> "LocalChannel":
        return LocalChannel(text)

    def send(self, source: BinaryIO, size: int, remote: str) -> Bytes:
        yield from send_through(self.shell(receiving_line(remote, size)), source, self.name)

    def fetch(self, folder: str, wanted: Mapping[str, Arrival]) -> Bytes:
        done = 0
        for name, arrival in wanted.items():
            with _opened(Path(folder, name)) as content, arrival.path.open("wb") as out:
                while chunk := content.read(1 << 20):
                    done += out.write(chunk)
                    yield done

    def close(self) -> None:
        """Nothing is held."""


class LocalChannel:
    """A line that runs as a child in a process group of its own."""

    def __init__(self, text: str) -> None:
        pipe = subprocess.PIPE
        try:
            self._child = subprocess.Popen(
                [SHELL, "-c", text],
                stdin=pipe,
                stdout=pipe,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                env=for_others(),
            )
        except OSError as error:
            raise LinkError(f"{SHELL} cannot be started: {error.strerror}.", "Install a POSIX shell.") from error
        assert self._child.stdin is not None
        assert self._child.stdout is not None
        self._input, self._output = self._child.stdin, self._child.stdout
        os.set_blocking(self._input.fileno(), False)

    def read(self, patience: float) -> bytes | None:
        handle = self._output.fileno()
        return os.read(handle, CHUNK) if is_readable(handle, patience) else None

    def write(self, data: memoryview, patience: float) -> int:
        handle = self._input.fileno()
        try:
            return os.write(handle, data) if is_writable(handle, patience) else 0
        except BlockingIOError:
            return 0
        except BrokenPipeError:  # it has ended; its words say why
            return len(data)

    def end_input(self) -> None:
        with suppress(OSError):
            self._input.close()

    def code(self) -> int | None:
        return self._child.wait()

    def close(self) -> None:
        """Its end, if it has not ended; whatever left its group is found by its mark."""
        self.end_input()
        if self._child.poll() is None:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self._child.pid, signal.SIGKILL)
        self._child.wait()
        self._output.close()


def _opened(path: Path) -> BinaryIO:
    try:
        return path.open("rb")
    except OSError as error:
        raise LinkError(f"{shown(path.name)} cannot be read: {error.strerror}.", "Check its rights.") from error

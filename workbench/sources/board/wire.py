"""What a link stands on: something that runs a line of a shell on a board and moves bytes there and back.

Long work is a generator of counts of bytes; the same count again is a sign of life. Closing it stops the work.
"""

import selectors
import time
from collections.abc import Generator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

from workbench.foundation.errors import WorkbenchError

BEAT = 0.1  # seconds that are waited without a yield
CHUNK = 1 << 16
SILENCE = 60.0  # seconds after which a transfer in which nothing moves is given up
LOST = "Check cable, power and network of the board, then try again; nothing that is incomplete was kept."

Bytes = Generator[int, None, None]


class LinkError(WorkbenchError):
    """A board that cannot be reached, refuses something, or went away."""


@dataclass(frozen=True)
class Arrival:
    """A file that shall come from a board: where it comes to lie, in a folder that exists, and its size in bytes."""

    path: Path
    size: int


class Channel(Protocol):
    """A shell's line that runs on a board; whoever closes it ends its standard input."""

    def read(self, patience: float) -> bytes | None:
        """What it wrote; None when nothing came in `patience` seconds, nothing (b"") after its end."""

    def close(self) -> None:
        """Let go of it."""


class Wire(Protocol):
    """The bare connection to a board. `name` is for sentences. Every call raises LinkError when the board is gone."""

    name: str

    def shell(self, text: str) -> Channel:
        """Run `text` with the board's POSIX shell; what it writes on both streams comes as one."""

    def send(self, source: BinaryIO, size: int, remote: str) -> Bytes:
        """Write `size` bytes into the file `remote`; a file that did not come completely is removed there."""

    def fetch(self, folder: str, wanted: Mapping[str, Arrival]) -> Bytes:
        """Bring regular files, named by their paths below `folder`, never more than their size."""

    def close(self) -> None:
        """Let go of the board."""


class Patience:
    """Ends a transfer in which nothing has moved for long."""

    def __init__(self, name: str) -> None:
        self._name, self._since = name, time.monotonic()

    def moved(self, count: int) -> None:
        """So many bytes have moved just now; raises LinkError when it were none for too long."""
        now = time.monotonic()
        if count:
            self._since = now
        elif now - self._since > SILENCE:
            raise LinkError(f"{self._name} said nothing for {SILENCE:.0f} seconds while a file was moved.", LOST)


def lost(name: str, doing: str = "a file was moved") -> LinkError:
    """The sentence for a connection that broke."""
    return LinkError(f"The connection to {name} was lost while {doing}.", LOST)


def is_readable(handle: int, patience: float) -> bool:
    """Whether a file descriptor has something to read, or its end, within `patience` seconds."""
    return _is_ready(handle, selectors.EVENT_READ, patience)


def is_writable(handle: int, patience: float) -> bool:
    """Whether a file descriptor takes something within `patience` seconds."""
    return _is_ready(handle, selectors.EVENT_WRITE, patience)


def _is_ready(handle: int, event: int, patience: float) -> bool:
    with selectors.DefaultSelector() as selector:
        selector.register(handle, event)
        return bool(selector.select(patience))

"""Arrays are written by a thread while their maker computes the next: the system copies without Python's lock."""

import os
from collections import deque
from concurrent.futures import Future
from pathlib import Path

import numpy as np

from workbench.dump.room import Room
from workbench.foundation.threads import threads

AT_ONCE = 1 << 20  # bytes; waking the thread costs as much as writing a small array
MOST_WAITING = 1 << 26  # bytes that are not yet written
Batch = list[tuple[int, np.ndarray]]


class Behind:
    """Writes arrays to their places in a file that exists, in order. Used by one thread.

    Nobody else writes to the file meanwhile: the system lets one writer at a time at a file, the other would wait.
    """

    def __init__(self, path: Path) -> None:
        self._file = os.fdopen(os.open(path, os.O_RDWR | getattr(os, "O_BINARY", 0)), "r+b", buffering=0)
        self.room = Room(self._file.fileno())
        self._pool = threads(1, "dump")
        self._batch: Batch = []
        self._collected = 0
        self._waiting: deque[tuple[int, Future[None]]] = deque()
        self._bytes = 0

    def put(self, offset: int, array: np.ndarray) -> None:
        """Have a contiguous array written, which must not change until `finish`; raises what failed before."""
        self._batch.append((offset, array))
        self._collected += array.nbytes
        if self._collected >= AT_ONCE:
            self._start()
        while self._waiting and (self._bytes > MOST_WAITING or self._waiting[0][1].done()):
            self._settle()

    def finish(self) -> None:
        """Wait until everything is written; raises what failed."""
        self._start()
        while self._waiting:
            self._settle()

    def close(self) -> None:
        """Write nothing more and let go of the file; may be called twice."""
        self._pool.shutdown(cancel_futures=True)
        self._file.close()

    def _start(self) -> None:
        self._waiting.append((self._collected, self._pool.submit(self._write, self._batch)))
        self._bytes += self._collected
        self._batch, self._collected = [], 0

    def _settle(self) -> None:
        size, written = self._waiting.popleft()
        self._bytes -= size
        written.result()

    def _write(self, batch: Batch) -> None:
        for offset, array in batch:
            rest = array.reshape(-1).view(np.uint8).data
            self._file.seek(offset)
            while rest:  # the system may take less than it is given
                rest = rest[self._file.write(rest) :]

"""Readers that break each rule: what a run of broken files must notice."""

import ctypes
import signal
import socket
import subprocess
from pathlib import Path

import numpy as np

from tests.fuzz import seeds
from tests.fuzz.readers import Reader

held: list[np.ndarray] = []


def _escapes(folder: Path) -> None:
    _ = 1 / len([path for path in folder.iterdir() if path.suffix == ".none"])


def _writes(folder: Path) -> None:
    (folder.parent / "elsewhere").write_text("")


def _runs(folder: Path) -> None:
    subprocess.run(["true"], check=True, cwd=folder)


def _asks(folder: Path) -> None:
    socket.create_connection(("127.0.0.1", 9), 0.1)


def _hangs(folder: Path) -> None:
    signal.setitimer(signal.ITIMER_PROF, 0.2)  # instead of all the time that it has
    while folder:
        pass


def _fills(folder: Path) -> None:
    while folder:
        held.append(np.empty(1 << 26, np.uint8))


def _dies(folder: Path) -> None:
    ctypes.string_at(len(folder.name) * 0)


BROKEN = {
    (name := f"broken-{read.__name__[1:]}"): Reader(name, read, (seeds.writing("{}.txt", "text"),))
    for read in (_escapes, _writes, _runs, _asks, _hangs, _fills, _dies)
}

"""When the machine itself stood still: on each core a process that only sleeps, and notes when it is woken too late.

A virtual machine loses its cores to others for tens of ms; Linux does not tell all of it. A sleeper is woken at once
beside a busy process, so what its core did to it, it does to every program.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

SLEEP_S, LATE_S = 0.002, 0.008
Stall = tuple[float, float]
"""From when to when, by time.perf_counter(): the same clock in every process of the machine."""


@contextmanager
def watching() -> Iterator[list[Stall]]:
    """Watch during the body; afterwards the list holds the stalls of all cores, without overlaps."""
    found: list[Stall] = []
    with tempfile.TemporaryDirectory(prefix="bench-stalls-") as folder:
        files = {core: Path(folder) / str(core) for core in os.sched_getaffinity(0)}
        watchers = [
            subprocess.Popen([sys.executable, __file__, str(core), str(file)], stdin=subprocess.PIPE)
            for core, file in files.items()
        ]
        try:
            yield found
        finally:
            for watcher in watchers:
                watcher.communicate()  # the end of its input ends it
            lines = [line.split() for file in files.values() for line in file.read_text().splitlines()]
            found.extend(_joined((float(begin), float(end)) for begin, end in lines))


def within(stalls: list[Stall], begin: float, end: float) -> float:
    """Seconds of the stalls that lie between two times."""
    return sum(max(0.0, min(end, last) - max(begin, first)) for first, last in stalls)


def _joined(stalls: Iterator[Stall]) -> Iterator[Stall]:
    """The same time, each moment once."""
    last: Stall | None = None
    for begin, end in sorted(stalls):
        if last is None or begin > last[1]:
            if last is not None:
                yield last
            last = begin, end
        else:
            last = last[0], max(last[1], end)
    if last is not None:
        yield last


def _watch(core: int, out: TextIO) -> None:
    os.sched_setaffinity(0, {core})
    due = time.perf_counter() + SLEEP_S
    while True:
        time.sleep(SLEEP_S)
        now = time.perf_counter()
        if now - due > LATE_S:
            out.write(f"{due} {now}\n")
            out.flush()
        due = now + SLEEP_S


def _main() -> None:
    import threading

    with Path(sys.argv[2]).open("w", encoding="ascii") as out:
        threading.Thread(target=_watch, args=(int(sys.argv[1]), out), daemon=True).start()
        sys.stdin.read()


if __name__ == "__main__":
    _main()

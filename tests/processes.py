"""Processes of this machine that tests and benchmarks look for."""

from collections.abc import Iterator
from pathlib import Path

from workbench.sources.toolkit.host import WORKER


def workers(folder: Path) -> Iterator[int]:
    """The processes of the toolkit that work in a folder; the dead ones have no command any more."""
    for process in Path("/proc").glob("[0-9]*"):
        try:
            command = (process / "cmdline").read_bytes()
        except OSError:
            continue
        if str(WORKER).encode() in command and str(folder).encode() in command:
            yield int(process.name)


def is_alive(number: int) -> bool:
    """Whether a process runs; one that has ended and was not waited for does not."""
    try:
        return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False

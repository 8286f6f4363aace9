"""What workers do in tests: functions of a module, which a process can import."""

import os
import signal
import sys
import time
from pathlib import Path
from typing import Any

from workbench.foundation import cores
from workbench.foundation.errors import SettingsError
from workbench.foundation.steps import Progress, Steps, Warn, drain
from workbench.project.workers.executors import Outcome, Task, completed, scratch, workers


def imported(module: str) -> bool:
    return module in sys.modules


def slept(seconds: float, value: object) -> object:
    time.sleep(seconds)
    return value


def dies() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def dies_once(mark: Path) -> str:
    if not mark.exists():
        mark.touch()
        dies()
    return "alive"


def long_steps(seconds: float, beat: float = 0.05, mark: Path | None = None, started: Path | None = None) -> Steps[str]:
    """Leaves `started` when it begins, and `mark` when it is closed before its end."""
    limit = time.monotonic() + seconds
    try:
        if started is not None:
            started.touch()
        while time.monotonic() < limit:
            yield Progress("wait", 0, 0)
            time.sleep(beat)
    except GeneratorExit:
        if mark is not None:
            mark.touch()
        raise
    return "done"


def refuses(text: str) -> None:
    raise SettingsError(text, "Do something else.")


def fails() -> None:
    raise ZeroDivisionError("a defect")


def warns(text: str) -> Steps[int]:
    yield Warn(text)
    return 1


def read(path: Path) -> str:
    return path.read_text()


def where() -> tuple[int, str]:
    return os.getpid(), str(scratch())


def holds(mark: Path, seconds: float) -> bool:
    """Whether nobody else had the mark while this ran."""
    try:
        mark.touch(exist_ok=False)
    except FileExistsError:
        return False
    time.sleep(seconds)
    mark.unlink()
    return True


def cores_to_use() -> int:
    return cores.count()


def with_a_pool() -> tuple[str, int]:
    """What a worker of this process gives, and the number of this process."""
    found: list[Outcome] = []
    with workers(1) as pool:
        drain(completed(pool, [Task(slept, (0, "done"))], found.append))
    return found[0].value, os.getpid()


def looked_into(holder: Any) -> tuple[str, str, str]:
    """The text of the first of two files, how the second lies beside it, and where."""
    first, second = holder.inside
    assert second.read_bytes() == b""
    return first.read_text(), second.relative_to(first.parent).as_posix(), str(first)


def looked_at(path: Path) -> tuple[int, str, int]:
    """Size, place and time of a file."""
    return path.stat().st_size, str(path), path.stat().st_mtime_ns

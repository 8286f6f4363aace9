"""What a worker does with a task: at home in a process of this machine, on a cluster in one of another."""

import importlib
import os
import shutil
import threading
import time
import traceback
from collections.abc import Callable, Generator, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, TypeVar

from workbench.foundation import cores
from workbench.foundation.children import begin_child
from workbench.foundation.errors import refusal_of
from workbench.foundation.steps import Steps, Warn

Unwanted = Callable[[], bool]


class Closable(Protocol):
    """What has to be closed when it is not used any more."""

    def close(self) -> None:
        """Let go of everything."""


T = TypeVar("T", bound=Closable)


@dataclass(frozen=True)
class Done:
    """What became of a task where it ran.

    `error` are message and hint of a `WorkbenchError`, `defect` is the trace of anything else. Nothing was done where
    the worker `refused`, and why, or where files are `missing`, by their digests.
    """

    value: Any = None
    error: tuple[str, str] | None = None
    defect: str = ""
    warnings: tuple[str, ...] = ()
    seconds: float = 0.0
    worker: str = ""
    missing: tuple[str, ...] = ()
    refused: str = ""


class UnwantedError(Exception):
    """Nobody waits for the task any more."""


_here = threading.local()


def scratch() -> Path:
    """Inside a task: a folder of this worker, which lives as long as the worker does."""
    folder: Path = _here.folder
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def lasting(key: str, make: Callable[[], Steps[T]]) -> Steps[T]:
    """Inside a task: what this worker made for the last task with that key, or makes now; it keeps one such thing."""
    if getattr(_here, "key", "") != key:
        _here.key, old = "", _here.__dict__.pop("kept", None)
        if old is not None:
            old.close()
        _here.kept, _here.key = (yield from make()), key
    found: T = _here.kept
    return found


def begin(is_unwanted: Unwanted, count: int, folder: Path) -> None:
    """Make this process a worker at home, with so many cores and a place in `folder`; it ends with who started it."""
    own = folder / f"worker-{os.getpid()}"
    begin_child(lambda: _remove(own))
    cores.share(count)
    _here.folder, _here.name, _here.is_unwanted = own, own.name, is_unwanted


def load(modules: Iterable[str]) -> None:
    """Import what tasks will need."""
    for name in modules:
        importlib.import_module(name)


def work_at_home(function: Callable[..., Any], arguments: tuple[Any, ...]) -> Done:
    """A task in a process that `begin` has made a worker."""
    return work(function, arguments, _here.name, _here.is_unwanted)


def work_in(
    folder: Path, name: str, is_unwanted: Unwanted, function: Callable[..., Any], arguments: tuple[Any, ...]
) -> Done:
    """A task in a thread of a process that somebody else has made a worker."""
    _here.folder = folder
    return work(function, arguments, name, is_unwanted)


def work(function: Callable[..., Any], arguments: tuple[Any, ...], name: str, is_unwanted: Unwanted) -> Done:
    """Call the function; steps are taken to their end, or closed when nobody wants the result any more."""
    warnings: list[str] = []
    start = time.perf_counter()
    value, error, defect = None, None, ""
    try:
        value = function(*arguments)
        if isinstance(value, Generator):
            value = _taken(value, warnings, is_unwanted)
    except UnwantedError:
        value = None
    except Exception as escaped:  # noqa: BLE001 - told, a defect with its trace, by who asked for the task
        value, refused = None, refusal_of(escaped)
        if refused is None:
            defect = traceback.format_exc()
        else:
            error = (refused.message, refused.hint)
    return Done(value, error, defect, tuple(dict.fromkeys(warnings)), time.perf_counter() - start, name)


def _taken(steps: Steps[Any], warnings: list[str], is_unwanted: Unwanted) -> Any:
    try:
        while not is_unwanted():
            event = next(steps)
            if isinstance(event, Warn):
                warnings.append(event.text)
    except StopIteration as stop:
        return stop.value
    finally:
        steps.close()
    raise UnwantedError


def _remove(folder: Path) -> None:
    """What a worker leaves where its home is gone; the last one also removes the folder of them all."""
    shutil.rmtree(folder, ignore_errors=True)
    try:
        folder.parent.rmdir()
    except OSError:
        return  # others are still in it

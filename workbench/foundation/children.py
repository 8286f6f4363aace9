"""Processes that are started to compute: without the program's main module, and never longer than who started them."""

import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.context import SpawnContext, SpawnProcess
from types import ModuleType

from workbench.foundation.variables import forget_libraries


class Children(SpawnContext):
    """A way to start processes that remembers them; for whoever takes a context of `multiprocessing`."""

    def __init__(self) -> None:
        super().__init__()
        self._started: list[SpawnProcess] = []

    def Process(self, *args: object, **options: object) -> SpawnProcess:  # type: ignore[override]  # noqa: N802
        """A process that is not started yet."""
        process = _Process(*args, **options)  # type: ignore[arg-type]
        self._started.append(process)
        return process

    def kill(self) -> None:
        """End them all, whatever they do."""
        for process in self._started:
            if process.pid is not None:
                process.kill()

    def forget(self) -> None:
        """They have ended."""
        self._started.clear()


class _Process(SpawnProcess):
    def start(self) -> None:
        with without_main(), _allowed():
            super().start()


def begin_child(clean: Callable[[], None] = lambda: None) -> None:
    """Leave Ctrl+C to who started this process, and end when that ends, however it happens; `clean` is done then."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, args=(clean,), daemon=True).start()


@contextmanager
def without_main() -> Iterator[None]:
    """Hide the program's main module: a process that is started imports it anew, and with it a whole face."""
    forget_libraries(os.environ)
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


@contextmanager
def _allowed() -> Iterator[None]:
    """Let a daemon, as the window's process that computes is one, have children: they end with it all the same."""
    own = multiprocessing.current_process()
    is_daemon = own.daemon
    if not is_daemon:
        yield
        return
    own.daemon = False
    try:
        yield
    finally:
        own.daemon = True


def _end_with_parent(clean: Callable[[], None]) -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        clean()
        os._exit(0)

"""Slow parts of the window are made before they are needed, in steps that nobody notices."""

import importlib
from collections.abc import Callable, Iterable

from PySide6.QtCore import QObject, QTimer

from workbench.ui.jobs import JobPool

PAUSE_MS = 50


def make_ready(owner: QObject, jobs: JobPool, module: str, steps: Iterable[Callable[[], object]]) -> None:
    """Import a module in the reading thread, then take the steps, each of which lasts some 20 ms, one after another."""
    jobs.ask(f"library {module}", lambda: importlib.import_module(module), lambda _: _take(owner, steps))


def _take(owner: QObject, steps: Iterable[Callable[[], object]]) -> None:
    for number, step in enumerate(steps, 1):
        QTimer.singleShot(number * PAUSE_MS, owner, step)

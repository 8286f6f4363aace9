"""What a command writes: its answer on standard output, everything else on standard error."""

import json
import os
import re
import sys
import time
from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Any, TypeVar

from workbench.cli.options import Common
from workbench.foundation.errors import WorkbenchError
from workbench.foundation.steps import Event, Log, Progress, Steps, Warn, drain

if TYPE_CHECKING:
    from rich.progress import Progress as Bar

T = TypeVar("T")
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
ERRORS = 2  # the number of standard error, the last of the three
SPARSE = 5.0  # seconds between two lines of the same stage where nobody watches


def run(steps: Steps[T], quiet: bool) -> T:
    """Run long work to its end and show how it gets on; an interrupt cancels it."""
    reporter = _Quiet() if quiet else _Bars() if sys.stderr.isatty() else _Lines()
    with reporter.shown():
        return drain(steps, reporter.on_event)


def print_json(document: Mapping[str, Any]) -> None:
    """The one document on standard output; pure ASCII, so that no terminal's encoding can break it."""
    write_out(json.dumps(document, indent=1, allow_nan=False) + "\n")


def write_out(text: str) -> None:
    """Write to standard output; a reader that went away (`| head`) is no error."""
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except OSError as error:
        # what is still buffered must not fail again when the interpreter ends
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if not isinstance(error, BrokenPipeError):
            message = f"The answer cannot be written to standard output: {error.strerror}."
            raise WorkbenchError(message, "Free some room or write it elsewhere, then try again.") from error


def replace_closed_streams() -> None:
    """Let nothing take the place of streams that whoever started the program has closed: libraries write there."""
    while (free := os.open(os.devnull, os.O_RDWR)) <= ERRORS:
        os.set_inheritable(free, True)
    os.close(free)
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115, PTH123 - as long as we live


def say(text: str) -> None:
    """A line for the user on standard error."""
    print(harmless(text), file=sys.stderr, flush=True)


def harmless(text: str) -> str:
    """The text with every control character but line ends and tabs written out: names must not steer a terminal."""
    return CONTROL.sub(lambda found: repr(found[0])[1:-1], text)


def tell(common: Common, text: str) -> None:
    """A line for the user on standard error, unless they want quiet."""
    if not common.quiet:
        say(text)


class _Quiet:
    """Only warnings."""

    def on_event(self, event: Event) -> None:
        if isinstance(event, Warn):
            say(f"warning: {event.text}")

    def shown(self) -> AbstractContextManager[object]:
        return nullcontext()


class _Lines(_Quiet):
    """A line when a stage begins, and now and then while it goes on."""

    def __init__(self) -> None:
        self._stage = self._count = ""
        self._last = 0.0

    def on_event(self, event: Event) -> None:
        if isinstance(event, Progress):
            self._show(event)
        elif isinstance(event, Log):
            say(event.text)
        else:
            super().on_event(event)

    def _show(self, event: Progress) -> None:
        if event.stage != self._stage:
            self._stage, self._count, self._last = event.stage, "", time.monotonic()
            say(f"{event.stage} …")
        elif event.total:  # without a total it is only a sign of life
            self._count = f" {event.done} of {event.total}"
        if time.monotonic() - self._last >= SPARSE:
            self._last = time.monotonic()
            say(f"{self._stage}{self._count} …")


class _Bars(_Quiet):
    """A bar a stage; it vanishes when the work is done."""

    def __init__(self) -> None:
        self._bar: Bar | None = None
        self._tasks: dict[str, Any] = {}

    def shown(self) -> AbstractContextManager[object]:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
        from rich.progress import Progress as Bar

        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
                   TextColumn("{task.fields[text]}", style="dim", markup=False))  # fmt: skip
        self._bar = Bar(*columns, console=Console(stderr=True), transient=True, refresh_per_second=8)
        return self._bar

    def on_event(self, event: Event) -> None:
        assert self._bar is not None
        if isinstance(event, Progress):
            if event.stage not in self._tasks:
                self._tasks[event.stage] = self._bar.add_task(event.stage, total=None, text="")
            if event.total:  # without a total it is only a sign of life
                self._bar.update(
                    self._tasks[event.stage], completed=event.done, total=event.total, text=event.text[-48:]
                )
        else:
            prefix = "warning: " if isinstance(event, Warn) else ""
            self._bar.console.print(harmless(f"{prefix}{event.text}"), markup=False, highlight=False)

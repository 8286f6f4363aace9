"""Processes that work for the window: for what holds the interpreter's lock longer than painting can wait.

`worker` answers short questions (reading networks, layouts); `computer` takes the steps of runs and exports.
"""

import io
import multiprocessing
import os
import pickle
import threading
import time
import traceback
from collections.abc import Callable, Generator
from contextlib import suppress
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from workbench.foundation.abrupt import crashes_before, watched
from workbench.foundation.children import begin_child, without_main
from workbench.foundation.errors import WorkbenchError
from workbench.foundation.steps import Progress, Steps, T

PATIENCE = 5  # seconds that a cancelled process has to remove its half-written files
BEAT = 0.2  # seconds after which a silent process is not waited for any longer without asking
KILLED = -9  # the exit code of who was killed
NICE = 5  # painting goes first where all cores are busy
SLICE = 1 << 16
"""Bytes that are unpickled, in a millisecond or two, before other threads may go on."""


class EndedError(WorkbenchError):
    """A process ended unexpectedly; `report` says where, if it could still write that."""

    report: Path | None = None


class UnsendableError(RuntimeError):
    """A defect in another process whose own exception cannot be sent from there."""


class Child:
    """A process that lives on and does one thing at a time; it is started when it is needed, and anew when it died."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: BaseProcess | None = None
        self._pipe: Connection | None = None

    def call(self, function: Callable[..., T], *args: Any) -> T:
        """`function(*args)`, computed there; waits for what is computed there already."""
        steps: Steps[T] = self._steps(function, args)
        try:
            while True:
                next(steps)
        except StopIteration as stop:
            result: T = stop.value
            return result

    def steps(self, function: Callable[..., Steps[T]], *args: Any) -> Steps[T]:
        """The steps of `function(*args)`; closing them stops it there. While it is busy another process takes them.

        While it says nothing its last progress is said again, so that whoever takes the steps can end them soon.
        """
        if not self._lock.locked():
            return (yield from self._steps(function, args))
        other = Child()
        try:
            return (yield from other._steps(function, args))
        finally:
            other.close()

    def abort(self, grace: float = 0) -> None:
        """End what is computed there, if anything is after `grace` seconds; whoever waits for it gets an error."""
        if self._lock.acquire(timeout=grace):
            self._lock.release()
        limit = time.monotonic() + PATIENCE
        while self._lock.locked() and time.monotonic() < limit:
            if (process := self._process) is not None:
                process.kill()
                process.join(PATIENCE)
                return
            time.sleep(0.005)  # it is being started

    def close(self) -> None:
        """End the process, whatever it does."""
        self.abort()
        is_free = self._lock.acquire(timeout=1)  # steps that nobody takes any more may hold it for ever
        try:
            self._end()
        finally:
            if is_free:
                self._lock.release()

    def _steps(self, function: Callable[..., Any], args: tuple[Any, ...]) -> Generator[Any, None, Any]:
        with self._lock:
            request = pickle.dumps(("call", function, args))
            pipe, kind, said = self._connected(), "", Progress("prepare", 0, 0)
            try:
                pipe.send_bytes(request)
                while kind not in ("result", "error"):
                    while not pipe.poll(BEAT):
                        yield said
                    kind, value = _received(pipe)
                    if kind == "event":
                        said = value if isinstance(value, Progress) else said
                        yield value
            except (EOFError, OSError) as error:
                raise self._death() from error
            finally:
                if kind not in ("result", "error"):
                    self._stop(pipe)
            if kind == "error":
                raise value
            return value

    def _death(self) -> EndedError:
        """What is to be told when the process is gone."""
        from PySide6.QtCore import QCoreApplication  # the processes that import this module do without Qt

        process, hint = self._process, QCoreApplication.translate("Jobs", "Try again.")
        report = None
        if process is not None:
            process.join(PATIENCE)
            report = next((crash.report for crash in crashes_before(process.pid or 0)), None)
            if process.exitcode == KILLED:
                hint = QCoreApplication.translate(
                    "Jobs", "It was killed. Where memory ran out, close other programs or choose fewer inputs."
                )
        error = EndedError(QCoreApplication.translate("Jobs", "The process that computes ended unexpectedly."), hint)
        error.report = report
        return error

    def _connected(self) -> Connection:
        if self._process is None or self._pipe is None or not self._process.is_alive():
            self._end()
            context = multiprocessing.get_context("spawn")
            ours, theirs = context.Pipe()
            process = context.Process(target=_serve, args=(theirs,), daemon=True)
            with without_main():
                process.start()
            theirs.close()
            self._process, self._pipe = process, ours
        return self._pipe

    def _stop(self, pipe: Connection) -> None:
        """Let it close its steps; a process that does not is ended."""
        limit = time.monotonic() + PATIENCE
        with suppress(EOFError, OSError):
            pipe.send(("stop",))
            while pipe.poll(max(0.0, limit - time.monotonic())):
                if _received(pipe)[0] != "event":
                    return
        self._end()

    def _end(self) -> None:
        pipe, process = self._pipe, self._process
        self._pipe = self._process = None
        if pipe is not None:
            pipe.close()
        if process is not None:
            process.kill()
            process.join(PATIENCE)


worker, computer = Child(), Child()


class _Slices(io.RawIOBase):
    """Bytes that are read in slices, so that the other threads are not kept waiting for all of them."""

    def __init__(self, data: bytes) -> None:
        self._data, self._at = memoryview(data), 0

    def read(self, size: int = -1) -> bytes:
        time.sleep(0)
        end = len(self._data) if size < 0 else self._at + size
        part = bytes(self._data[self._at : end])
        self._at += len(part)
        return part

    def readinto(self, buffer: Any) -> int:
        part = self.read(len(buffer))  # the contents of an array, in one piece
        buffer[: len(part)] = part
        return len(part)

    def readline(self, size: int | None = -1) -> bytes:
        raise NotImplementedError("protocol 0 is not used")


def _received(pipe: Connection) -> tuple[str, Any]:
    data = pipe.recv_bytes()
    if len(data) < SLICE:
        return pickle.loads(data)  # type: ignore[no-any-return]  # it comes from our own process
    return pickle.Unpickler(_Slices(data)).load()  # type: ignore[no-any-return]


def _serve(pipe: Connection) -> None:
    begin_child()
    if hasattr(os, "nice"):
        os.nice(NICE)
    with suppress(EOFError, ConnectionError), watched("the window's process that computes"):
        while True:
            kind, *call = pipe.recv()
            if kind == "call":  # a "stop" may come when all is done
                pipe.send_bytes(pickle.dumps(_outcome(pipe, *call)))


def _outcome(pipe: Connection, function: Callable[..., Any], args: tuple[Any, ...]) -> tuple[str, Any]:
    try:
        value = function(*args)
        return ("result", _taken(pipe, value) if isinstance(value, Generator) else value)
    except ConnectionError:  # nobody is interested any more
        raise
    except BaseException as error:  # noqa: BLE001 - told by the process that asked
        error.add_note("".join(traceback.format_tb(error.__traceback__)))
        return "error", error if _can_travel(error) else _told(error)


def _taken(pipe: Connection, steps: Steps[Any]) -> Any:
    """All steps, until the window asks to stop."""
    try:
        while not pipe.poll():
            pipe.send(("event", next(steps)))
    except StopIteration as stop:
        return stop.value
    finally:
        steps.close()
    return None


def _told(error: BaseException) -> UnsendableError:
    result = UnsendableError(f"{type(error).__name__}: {error}")
    for note in error.__notes__:
        result.add_note(note)
    return result


def _can_travel(error: BaseException) -> bool:
    try:
        pickle.loads(pickle.dumps(error))
    except Exception:  # noqa: BLE001 - whatever a class of another library does
        return False
    return True

"""Steps in a process of their own: for what holds the interpreter's lock longer than the window can wait."""

import multiprocessing
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import Any

from workbench.foundation.errors import WorkbenchError
from workbench.foundation.steps import Steps, T
from workbench.ui.reading import begin_worker, without_main

PATIENCE = 5  # seconds that a cancelled process has to remove its half-written files


def in_child(function: Callable[..., Steps[T]], *args: Any) -> Steps[T]:
    """The steps of `function(*args)`, which another process takes; closing them ends it."""
    context = multiprocessing.get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_run, args=(sender, function, args), daemon=True)
    with without_main():
        process.start()
    sender.close()
    try:
        while True:
            kind, value = receiver.recv()
            if kind == "error":
                raise value
            if kind == "result":
                return value  # type: ignore[no-any-return]
            yield value
    except EOFError as error:
        raise WorkbenchError("The process that computes ended unexpectedly.", "Run again.") from error
    finally:
        receiver.close()  # a process that still computes fails at its next event, and closes its steps
        process.join(PATIENCE)
        process.kill()


def _run(sender: Connection, function: Callable[..., Steps[Any]], args: tuple[Any, ...]) -> None:
    begin_worker()
    steps = function(*args)
    with suppress(BrokenPipeError):  # cancelled
        try:
            while True:
                sender.send(("event", next(steps)))
        except StopIteration as stop:
            sender.send(("result", stop.value))
        except BrokenPipeError:
            steps.close()
        except BaseException as error:  # noqa: BLE001 - told by the process that asked
            sender.send(("error", error))

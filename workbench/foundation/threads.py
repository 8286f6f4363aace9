"""Threads for what is done beside something else, where there is a core for them."""

from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from typing import ParamSpec, TypeVar

from workbench.foundation import cores
from workbench.foundation.steps import Progress, Steps

P = ParamSpec("P")
T = TypeVar("T")


class _AtOnce(Executor):
    """Does what it is given at once, in the thread that asks."""

    def submit(self, function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> "Future[T]":
        """The future is done."""
        future: Future[T] = Future()
        try:
            future.set_result(function(*args, **kwargs))
        except BaseException as error:  # noqa: BLE001 - raised to who asks for the result, as from a thread
            future.set_exception(error)
        return future


def threads(count: int, name: str) -> Executor:
    """So many threads of this name; none in one of several processes that have a core each.

    A thread that is woken there waits for a core that another process has.
    """
    return _AtOnce() if cores.has_one_of_several() else ThreadPoolExecutor(count, thread_name_prefix=name)


def in_thread(
    function: Callable[[], T],
    stage: str,
    on_close: Callable[[], None] = lambda: None,
    meanwhile: Callable[[], None] = lambda: None,
) -> Steps[T]:
    """Wait for `function` in a thread, with an event ten times a second so that the caller can cancel."""
    with threads(1, stage) as pool:
        future = pool.submit(function)
        try:
            meanwhile()
            return (yield from awaited(future, stage))
        finally:
            on_close()


def awaited(future: "Future[T]", stage: str) -> Steps[T]:
    """Wait, with an event ten times a second so that the caller can cancel."""
    while True:
        try:
            return future.result(timeout=0.1)
        except NotYet:
            yield Progress(stage, 0, 0)

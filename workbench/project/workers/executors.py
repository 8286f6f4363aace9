"""Many tasks for the processes of this machine or of a cluster; who asks for them does not know which.

Both go through a `concurrent.futures.Executor`. Tasks are started as workers are free, so that a thousand of them take
no more memory than a few; a worker that dies loses nothing.
"""

import time
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from contextlib import contextmanager
from typing import Protocol

from workbench.foundation import cores
from workbench.foundation.errors import WorkbenchError
from workbench.foundation.steps import Progress, Steps, Warn
from workbench.project.workers.home import Home
from workbench.project.workers.tasks import Outcome, Task, TaskDefectError, Together
from workbench.project.workers.worker import Done, scratch

__all__ = ["Outcome", "Task", "TaskDefectError", "Workers", "completed", "scratch", "workers"]

BEAT = 0.1  # seconds without a yield
MISSING = "A cluster needs the Python package distributed, which is not here."
INSTALL = "Install it into the environment of the program: pip install 'rknn-workbench[cluster]'."
MOST_HELD = 64  # tasks that are read while others wait for a board or for files
Take = Callable[[Outcome], Iterable[Task] | None]


class Workers(Protocol):
    """Processes that take tasks, at home or on a cluster. Used by one thread."""

    @property
    def count(self) -> int:
        """How many tasks are done at a time."""
        ...

    def begin(self, *modules: str) -> None:
        """Start what takes its time, once: soon there will be tasks, of these modules. Returns at once."""
        ...

    def announce(self, files: Collection[Together]) -> None:
        """Soon there will be tasks that read these files. Returns at once."""
        ...

    def opening(self) -> Future[None] | None:
        """What has to be waited for before the first task."""
        ...

    def has_room(self, running: int) -> bool:
        """Whether to start another task, where so many run."""
        ...

    def accepts(self, task: Task, running: Collection[Task]) -> bool:
        """Whether this one may be started now, beside those that run."""
        ...

    def start(self, task: Task) -> "Future[Done]":
        """Have a worker do it."""
        ...

    def settled(self, task: Task, future: "Future[Done]") -> Done | None:
        """What became of a task; None where it has to be done again."""
        ...

    def notice(self) -> str:
        """What the user should know now and has not been told; "" mostly."""
        ...

    def cancel(self, futures: "Collection[Future[Done]]") -> None:
        """Stop what runs."""
        ...

    def close(self) -> None:
        """End what was started; may be called twice."""
        ...


@contextmanager
def workers(jobs: int = 0, cluster: str = "") -> Iterator[Workers]:
    """So many processes of this machine (0: as there are cores to use), or those of a cluster with this address.

    Nothing is started or connected before `begin` or the first task; all ends with the block.
    """
    found = _cluster(cluster) if cluster else Home(jobs or cores.count())
    try:
        yield found
    finally:
        found.close()


def completed(pool: Workers, tasks: Iterable[Task], take: Take, stage: str = "tasks", total: int = 0) -> Steps[None]:
    """Have all tasks done; `take` is called in this thread for each that is, in any order, and may give further ones.

    `tasks` is read as far as workers are free. Closing the steps starts nothing more and stops what runs.
    """
    queue, running, done = _Queue(tasks), dict[Future[Done], Task](), 0
    try:
        yield Progress(stage, 0, total)
        yield from _opened(pool, stage, total)
        while True:
            while pool.has_room(len(running)) and (ready := queue.next(pool, running.values())) is not None:
                running[pool.start(ready)] = ready
            if not running and not queue:
                return
            for future in _finished(running):
                task = running.pop(future)
                found = pool.settled(task, future)
                if found is None:
                    queue.again(task)
                    continue
                done += 1
                queue.add(take(_outcome(task, found)) or ())
                yield Progress(stage, done, max(total, done), task.name)
            if notice := pool.notice():
                yield Warn(notice)
            yield Progress(stage, done, max(total, done))
    finally:
        if running:
            pool.cancel(running)


class _Queue:
    """Tasks that wait: first those that came back or came of others, then those that are still to be read."""

    def __init__(self, tasks: Iterable[Task]) -> None:
        self._unread = iter(tasks)
        self._waiting: deque[Task] = deque()

    def next(self, pool: Workers, running: Collection[Task]) -> Task | None:
        """The first task that is accepted; None where none is, or none is left."""
        for number, task in enumerate(self._waiting):
            if pool.accepts(task, running):
                del self._waiting[number]
                return task
        while len(self._waiting) < MOST_HELD and (unread := next(self._unread, None)) is not None:
            if pool.accepts(unread, running):
                return unread
            self._waiting.append(unread)
        return None

    def __len__(self) -> int:
        return len(self._waiting)

    def again(self, task: Task) -> None:
        """It comes next."""
        self._waiting.appendleft(task)

    def add(self, tasks: Iterable[Task]) -> None:
        """They come before what is still to be read."""
        self._waiting.extend(tasks)


def _finished(running: "Collection[Future[Done]]") -> "Collection[Future[Done]]":
    """Those that are done in the next tenth of a second."""
    if not running:
        time.sleep(BEAT)
        return ()
    return wait(running, BEAT, FIRST_COMPLETED).done


def _opened(pool: Workers, stage: str, total: int) -> Steps[None]:
    future = pool.opening()
    while future is not None:
        if wait((future,), BEAT).done:
            return future.result()
        yield Progress(stage, 0, total)
    return None


def _outcome(task: Task, done: Done) -> Outcome:
    if done.defect:
        raise TaskDefectError(f"{task.name or task.function.__name__}: {done.defect}")
    error = None if done.error is None else WorkbenchError(*done.error)
    return Outcome(task, done.value, error, done.warnings, done.seconds, done.worker)


def _cluster(address: str) -> Workers:
    with needs_extra():
        from workbench.project.workers.cluster import Cluster  # an extra, and slow to import
    return Cluster(address)


@contextmanager
def needs_extra() -> Iterator[None]:
    """Say how to install what a cluster needs, where an import inside misses it."""
    try:
        yield
    except ModuleNotFoundError as error:
        raise WorkbenchError(MISSING, INSTALL) from error
